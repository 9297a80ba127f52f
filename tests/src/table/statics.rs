//! State in statics.

use super::explained::Cause;
use super::row::{Case, Row, brittle, case, failing, ignored, passing, victim};
use crate::Verdict::Crashed;

const LIB: &str = "statics";
const COMBINED: &str = "statics::combined";
const CRASH: &str = "statics::crash";
#[cfg(target_os = "linux")]
const LOADED: &str = "statics::loaded";
#[cfg(target_os = "linux")]
const LONG_LIVED: &str = "statics::long_lived";

const fn state(name: &'static str) -> Cause {
    Cause::new("static", name)
}

const RATE: &[Cause] = &[state("statics::atomic::RATE").at("src/atomic.rs:5").values("1", "2")];
const DEPTH: &[Cause] = &[state("statics::cell::DEPTH").at("src/cell.rs:5").typed("i32").values("3", "-7")];
const PORT: &[Cause] = &[state("statics::cell::PORT").at("src/cell.rs:12")];
const LEVEL: &[Cause] = &[state("dependency::LEVEL").at("dependency/src/lib.rs:5").values("1", "4")];
const COUNTER: &[Cause] =
    &[state("statics::in_function::next_id::COUNTER").at("src/in_function.rs:6").values("100", "101")];
const PAGES: &[Cause] = &[state("statics::large::PAGES").at("src/large.rs:7")];
const FIELD: &[Cause] = &[state("statics::large::FIELD").at("src/large.rs:13").values(
    "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 at byte 3145728 of 4194304",
    "01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 at byte 3145728 of 4194304",
)];
const CODECS: &[Cause] = &[state("statics::lazy_map::CODECS")
    .at("src/lazy_map.rs:6")
    .typed("LazyLock<Mutex<BTreeMap<String, u32>>>")];
const SESSIONS: &[Cause] = &[state("statics::macro_made::SESSIONS")];
const BANNER: &[Cause] = &[state("statics::once::BANNER").at("src/once.rs:5").typed("Once")];
const REGION: &[Cause] =
    &[state("statics::once_lock::REGION").at("src/once_lock.rs:5").typed("OnceLock<String>")];
const CONVERT: &[Cause] = &[state("statics::pointer::CONVERT")
    .at("src/pointer.rs:7")
    .values("fn statics::pointer::metric", "fn statics::pointer::imperial")];
const NAME: &[Cause] = &[state("statics::pointer::NAME").at("src/pointer.rs:5")];
const JOURNAL: &[Cause] = &[state("statics::poison::JOURNAL").at("src/poison.rs:5").typed("Mutex<Vec<u32>>")];
const ARMED: &[Cause] = &[state("crash::ARMED").at("tests/crash.rs:6").values("false", "true")];

pub const STATICS: Case = Case {
    exit: 120,
    rows: &[
        passing(LIB, "atomic::tests::a_configures"),
        brittle(LIB, "atomic::tests::b_needs_the_rate")
            .culprits(&["atomic::tests::a_configures"])
            .causes(RATE),
        victim(LIB, "atomic::tests::c_needs_the_default")
            .culprits(&["atomic::tests::a_configures"])
            .causes(RATE),
        passing(LIB, "cell::tests::a_sets_the_depth"),
        passing(LIB, "cell::tests::a_sets_the_port"),
        brittle(LIB, "cell::tests::b_needs_the_depth")
            .culprits(&["cell::tests::a_sets_the_depth"])
            .causes(DEPTH),
        brittle(LIB, "cell::tests::b_needs_the_port")
            .culprits(&["cell::tests::a_sets_the_port"])
            .causes(PORT),
        victim(LIB, "cell::tests::c_needs_another_depth")
            .culprits(&["cell::tests::a_sets_the_depth"])
            .causes(DEPTH),
        victim(LIB, "cell::tests::c_needs_no_port").culprits(&["cell::tests::a_sets_the_port"]).causes(PORT),
        passing(LIB, "in_dependency::tests::a_sets_the_level"),
        brittle(LIB, "in_dependency::tests::b_needs_the_level")
            .culprits(&["in_dependency::tests::a_sets_the_level"])
            .causes(LEVEL),
        victim(LIB, "in_dependency::tests::c_needs_the_default")
            .culprits(&["in_dependency::tests::a_sets_the_level"])
            .causes(LEVEL),
        passing(LIB, "in_function::tests::a_takes_an_id"),
        brittle(LIB, "in_function::tests::b_takes_another_one")
            .culprits(&["in_function::tests::a_takes_an_id"])
            .causes(COUNTER),
        passing(LIB, "large::tests::a_marks"),
        brittle(LIB, "large::tests::b_needs_the_mark").culprits(&["large::tests::a_marks"]).causes(PAGES),
        victim(LIB, "large::tests::c_needs_no_mark").culprits(&["large::tests::a_marks"]).causes(PAGES),
        passing(LIB, "large::tests::d_marks_far_off"),
        brittle(LIB, "large::tests::e_needs_the_far_mark")
            .culprits(&["large::tests::d_marks_far_off"])
            .causes(FIELD),
        passing(LIB, "lazy_map::tests::a_registers"),
        brittle(LIB, "lazy_map::tests::b_needs_the_codec")
            .culprits(&["lazy_map::tests::a_registers"])
            .causes(CODECS),
        victim(LIB, "lazy_map::tests::c_needs_an_empty_registry")
            .culprits(&["lazy_map::tests::a_registers"])
            .causes(CODECS),
        passing(LIB, "macro_made::tests::a_opens_a_session"),
        brittle(LIB, "macro_made::tests::b_needs_a_session")
            .culprits(&["macro_made::tests::a_opens_a_session"])
            .causes(SESSIONS),
        victim(LIB, "macro_made::tests::c_needs_none")
            .culprits(&["macro_made::tests::a_opens_a_session"])
            .causes(SESSIONS),
        passing(LIB, "once::tests::a_greets"),
        brittle(LIB, "once::tests::b_needs_to_be_known").culprits(&["once::tests::a_greets"]).causes(BANNER),
        victim(LIB, "once::tests::c_needs_to_be_first").culprits(&["once::tests::a_greets"]).causes(BANNER),
        passing(LIB, "once_lock::tests::a_sets_the_region"),
        brittle(LIB, "once_lock::tests::b_needs_a_region")
            .culprits(&["once_lock::tests::a_sets_the_region"])
            .causes(REGION),
        victim(LIB, "once_lock::tests::c_sets_another_region")
            .culprits(&["once_lock::tests::a_sets_the_region"])
            .causes(REGION),
        passing(LIB, "pointer::tests::a_goes_imperial"),
        passing(LIB, "pointer::tests::a_renames"),
        brittle(LIB, "pointer::tests::b_needs_imperial")
            .culprits(&["pointer::tests::a_goes_imperial"])
            .causes(CONVERT),
        brittle(LIB, "pointer::tests::b_needs_the_name")
            .culprits(&["pointer::tests::a_renames"])
            .causes(NAME),
        victim(LIB, "pointer::tests::c_needs_metric")
            .culprits(&["pointer::tests::a_goes_imperial"])
            .causes(CONVERT),
        victim(LIB, "pointer::tests::c_needs_no_name").culprits(&["pointer::tests::a_renames"]).causes(NAME),
        failing(LIB, "poison::tests::a_fails_and_poisons"),
        victim(LIB, "poison::tests::b_needs_the_lock")
            .culprits(&["poison::tests::a_fails_and_poisons"])
            .causes(JOURNAL),
        passing(LIB, "thread_local::tests::a_enters"),
        passing(LIB, "thread_local::tests::b_enters_afresh"),
        passing(COMBINED, "alternatives::a_sees"),
        passing(COMBINED, "alternatives::b_sees"),
        victim(COMBINED, "alternatives::c_needs_the_unseen")
            .culprits_one_of(&[&["alternatives::a_sees"], &["alternatives::b_sees"]])
            .causes(&[state("combined::alternatives::SEEN").values("false", "true")]),
        passing(COMBINED, "chain::a_arms"),
        passing(COMBINED, "chain::b_fires_if_armed"),
        // `ARMED` differs too, and does not matter any more.
        victim(COMBINED, "chain::c_needs_quiet")
            .culprits(&["chain::a_arms", "chain::b_fires_if_armed"])
            .causes(&[state("combined::chain::FIRED").values("false", "true")]),
        passing(COMBINED, "cleaner::a_litters"),
        passing(COMBINED, "cleaner::b_cleans"),
        passing(COMBINED, "cleaner::c_litters"),
        passing(COMBINED, "cleaner::d_cleans_a_little"),
        victim(COMBINED, "cleaner::e_needs_a_clean_place")
            .culprits_one_of(&[&["cleaner::a_litters"], &["cleaner::c_litters"]])
            .causes(&[state("combined::cleaner::DIRT")]),
        brittle(COMBINED, "cleaner::f_needs_this_very_dirt")
            .culprits(&["cleaner::c_litters"])
            .causes(&[state("combined::cleaner::DIRT").values("0", "2")]),
        passing(COMBINED, "either::a_sets_both"),
        victim(COMBINED, "either::b_needs_neither").culprits(&["either::a_sets_both"]).causes(EITHER),
        brittle(COMBINED, "either::c_needs_one").culprits(&["either::a_sets_both"]).causes(EITHER),
        passing(COMBINED, "joint::a_sets_the_left"),
        passing(COMBINED, "joint::b_sets_the_right"),
        victim(COMBINED, "joint::c_needs_one_of_them_unset").culprits(JOINT_CULPRITS).causes_any_of(JOINT),
        brittle(COMBINED, "joint::d_needs_both").culprits(JOINT_CULPRITS).causes_any_of(JOINT),
        passing(COMBINED, "marked::a_panics_as_it_should"),
        ignored(COMBINED, "marked::b_is_ignored"),
        AFTER_A_PANIC,
        passing(COMBINED, "marked::d_needs_ten_panics_at_most"),
        passing(CRASH, "a_arms"),
        brittle(CRASH, "b_aborts_unless_armed").spawned(Crashed).culprits(&["a_arms"]).causes(ARMED),
        victim(CRASH, "c_aborts_when_armed").in_process(Crashed).culprits(&["a_arms"]).causes(ARMED),
        passing(CRASH, "d_comes_after_the_crash"),
        #[cfg(target_os = "linux")]
        passing(LOADED, "early::a_sets_the_gain"),
        #[cfg(target_os = "linux")]
        brittle(LOADED, "early::b_needs_the_gain").culprits(&["early::a_sets_the_gain"]).causes(GAIN),
        #[cfg(target_os = "linux")]
        victim(LOADED, "early::c_needs_the_default").culprits(&["early::a_sets_the_gain"]).causes(GAIN),
        // A fresh process has no library yet when the test begins, so no value that could be written back.
        #[cfg(target_os = "linux")]
        passing(LOADED, "late::a_sets_the_gain"),
        #[cfg(target_os = "linux")]
        brittle(LOADED, "late::b_needs_the_gain").culprits(&["late::a_sets_the_gain"]).causes_at_most(GAIN),
        #[cfg(target_os = "linux")]
        victim(LOADED, "late::c_needs_the_default").culprits(&["late::a_sets_the_gain"]).causes_at_most(GAIN),
        #[cfg(target_os = "linux")]
        passing(LONG_LIVED, "a_is_served"),
        #[cfg(target_os = "linux")]
        brittle(LONG_LIVED, "b_needs_an_old_hand").culprits(&["a_is_served"]).causes(&[]).notes(&["thread"]),
        #[cfg(target_os = "linux")]
        victim(LONG_LIVED, "c_needs_a_novice").culprits(&["a_is_served"]).causes(&[]).notes(&["thread"]),
    ],
    ..case("statics")
};

const EITHER: &[Cause] = &[
    state("combined::either::LEFT").values("false", "true"),
    state("combined::either::RIGHT").values("false", "true"),
];

const JOINT: &[Cause] = &[
    state("combined::joint::LEFT").values("false", "true"),
    state("combined::joint::RIGHT").values("false", "true"),
];

const JOINT_CULPRITS: &[&str] = &["joint::a_sets_the_left", "joint::b_sets_the_right"];

#[cfg(target_os = "linux")]
const GAIN: &[Cause] = &[state("plugin::GAIN").at("plugin/src/lib.rs:5").values("10", "20")];

const AFTER_A_PANIC: Row = brittle(COMBINED, "marked::c_panics_after_a_panic")
    .culprits(&["marked::a_panics_as_it_should"])
    .causes(&[state("combined::marked::PANICS").values("0", "1")]);

/// What the caller sets for libtest must not reach the legs: they have to be serial, and captured alike.
pub const STATICS_LIBTEST_ENV: Case = Case {
    name: "statics, with libtest's variables",
    env: &[("RUST_TEST_THREADS", "8"), ("RUST_TEST_NOCAPTURE", "1"), ("RUST_BACKTRACE", "full")],
    ..STATICS
};

/// An ignored test can be a culprit like any other.
pub const STATICS_IGNORED: Case = Case {
    name: "statics, also the ignored test",
    args: &["--run-ignored", "all", "marked"],
    exit: 120,
    rows: &[
        passing(COMBINED, "marked::a_panics_as_it_should"),
        passing(COMBINED, "marked::b_is_ignored"),
        AFTER_A_PANIC,
        victim(COMBINED, "marked::d_needs_ten_panics_at_most")
            .culprits(&["marked::b_is_ignored"])
            .causes(&[state("combined::marked::PANICS").values("0", "10")]),
    ],
    ..case("statics")
};
