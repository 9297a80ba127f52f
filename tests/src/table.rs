//! What must come out of each fixture: one row for each of its tests.

mod apart;
mod check;
mod explained;
mod orders;
mod process_state;
mod row;
mod statics;
mod unexplained;

pub use apart::APART;
pub use explained::{Cause, Causes, Culprits, Expected, HAS_CAUSES, Suspect};
pub use orders::{ORDERS, ORDERS_PREDICTED, ORDERS_THOROUGH};
pub use process_state::PROCESS_STATE;
#[cfg(unix)]
use row::leaking;
pub use row::{Case, Row};
use row::{brittle, case, crashing, failing, hanging, ignored, passing, unsteady, victim};

pub use statics::{STATICS, STATICS_IGNORED, STATICS_LIBTEST_ENV};
pub use unexplained::UNEXPLAINED;

use crate::Kind::{Contention, Environment, Flaky};
use crate::Verdict::{Failed, TimedOut};

/// All cases, to see that no fixture is without one.
pub const ALL: &[Case] = &[
    APART,
    CALLER_ENV,
    CALLER_ENV_INHERITED,
    CALLER_ENV_PASSED,
    CONTENTION,
    ENDINGS,
    FLAKY,
    HANGING,
    LEAKS,
    MIMIC,
    MIMIC_THOROUGH,
    NO_PROTOCOL,
    OUTPUT,
    ORDERS,
    ORDERS_PREDICTED,
    ORDERS_THOROUGH,
    OUTPUT_GIBIBYTE,
    PLAIN,
    PROCESS_STATE,
    STATICS,
    STATICS_IGNORED,
    STATICS_LIBTEST_ENV,
    UNEXPLAINED,
    VERDICTS,
    VERDICTS_ALL,
    VERDICTS_ONLY_IGNORED,
    WORKSPACE,
];

pub const CALLER_ENV: Case = Case {
    env: TOKEN,
    rows: &[
        passing("caller-env", "tests::has_a_path"),
        passing("caller-env", "tests::needs_the_token").spawned(Failed).kind(Environment),
        passing("caller-env", "tests::refuses_the_token").in_process(Failed).kind(Environment),
    ],
    ..case("caller-env")
};

pub const CALLER_ENV_PASSED: Case = Case {
    name: "caller-env, with the variable passed on",
    args: &["--pass-env", "FIXTURE_TOKEN"],
    env: TOKEN,
    exit: 100,
    rows: CALLER_ENV_SEEN,
    ..case("caller-env")
};

pub const CALLER_ENV_INHERITED: Case =
    Case { name: "caller-env, with everything passed on", args: &["--env", "inherit"], ..CALLER_ENV_PASSED };

const TOKEN: &[(&str, &str)] = &[("FIXTURE_TOKEN", "from the caller")];

const CALLER_ENV_SEEN: &[Row] = &[
    passing("caller-env", "tests::has_a_path"),
    passing("caller-env", "tests::needs_the_token"),
    failing("caller-env", "tests::refuses_the_token"),
];

pub const CONTENTION: Case = Case {
    // With a single job nothing would be beside anything.
    args: &["--test-jobs", "2"],
    rows: &[
        unsteady("contention::exclusive", "a_works_alone", Contention),
        unsteady("contention::exclusive", "b_works_alone", Contention),
        passing("contention::exclusive", "c_works_anywhere"),
    ],
    ..case("contention")
};

pub const FLAKY: Case = Case {
    rows: &[
        passing("flaky::counter", "a_is_steady"),
        unsteady("flaky::counter", "b_changes_its_mind", Flaky),
    ],
    ..case("flaky")
};

pub const PLAIN: Case = Case {
    rows: &[passing("plain", "tests::doubles_nothing"), passing("plain", "tests::doubles_one")],
    ..case("plain")
};

pub const VERDICTS: Case = Case {
    exit: 100,
    rows: &[
        failing("verdicts", "failing::asserts"),
        failing("verdicts", "failing::returns_an_error"),
        failing("verdicts", "failing::returns_an_exit_code"),
        passing("verdicts", "failing::returns_success"),
        passing("verdicts", "failing::survives_a_panicking_thread"),
        ignored("verdicts", "ignored::fails_without_reason"),
        ignored("verdicts", "ignored::passes_with_reason"),
        ignored("verdicts", "ignored::should_panic_too"),
        passing("verdicts", "names::prefix"),
        failing("verdicts", "names::prefix::inner"),
        failing("verdicts", "names::prefix_of_another"),
        passing("verdicts", "names::r#match"),
        passing("verdicts", "names::ünïcode"),
        passing("verdicts", "panicking::as_it_should"),
        failing("verdicts", "panicking::does_not"),
        failing("verdicts", "panicking::with_another_message"),
        passing("verdicts", "panicking::with_the_expected_message"),
    ],
    ..case("verdicts")
};

pub const VERDICTS_ONLY_IGNORED: Case = Case {
    name: "verdicts, only the ignored tests",
    args: &["--run-ignored", "only"],
    exit: 100,
    rows: &[
        failing("verdicts", "ignored::fails_without_reason"),
        passing("verdicts", "ignored::passes_with_reason"),
        passing("verdicts", "ignored::should_panic_too"),
    ],
    ..case("verdicts")
};

/// The ignored tests run together with others. The filter leaves out what the other cases show.
pub const VERDICTS_ALL: Case = Case {
    name: "verdicts, also the ignored tests",
    args: &["--run-ignored", "all", "ignored", "names", "--skip", "prefix"],
    exit: 100,
    rows: &[
        failing("verdicts", "ignored::fails_without_reason"),
        passing("verdicts", "ignored::passes_with_reason"),
        passing("verdicts", "ignored::should_panic_too"),
        passing("verdicts", "names::r#match"),
        passing("verdicts", "names::ünïcode"),
    ],
    ..case("verdicts")
};

pub const ENDINGS: Case = Case {
    exit: 100,
    rows: &[
        passing("endings", "tests::a_passes"),
        crashing("endings", "tests::b_exits_with_zero"),
        crashing("endings", "tests::c_exits_with_three"),
        crashing("endings", "tests::d_aborts"),
        crashing("endings", "tests::e_overflows_its_stack"),
        crashing("endings", "tests::f_panics_while_panicking"),
        passing("endings", "tests::g_passes"),
        failing("endings", "tests::h_fails"),
        crashing("endings", "tests::i_exits_like_libtest"),
        #[cfg(unix)]
        crashing("endings::at_exit", "crashes_at_exit"),
    ],
    ..case("endings")
};

pub const HANGING: Case = Case {
    args: &["--timeout", "2s"],
    exit: 120,
    rows: &[
        passing("hanging", "tests::a_gets_ready"),
        brittle("hanging", "tests::b_waits_until_ready")
            .spawned(TimedOut)
            .culprits(&["tests::a_gets_ready"])
            .causes(&[Cause::new("static", "hanging::tests::READY").values("false", "true")]),
        passing("hanging", "tests::c_keeps_the_lock"),
        victim("hanging", "tests::d_waits_for_the_lock")
            .in_process(TimedOut)
            .culprits(&["tests::c_keeps_the_lock"])
            .causes(&[Cause::new("static", "hanging::tests::LOCK")]),
        hanging("hanging", "tests::e_sleeps_for_ever"),
        passing("hanging", "tests::f_passes"),
        #[cfg(unix)]
        hanging("hanging::grandchild", "waits_for_its_child"),
        #[cfg(target_os = "linux")]
        hanging("hanging::grandchild", "waits_for_its_session"),
    ],
    ..case("hanging")
};

pub const LEAKS: Case = Case {
    rows: &[
        #[cfg(unix)]
        leaking("leaks", "tests::a_leaves_a_child_with_the_pipe"),
        #[cfg(unix)]
        leaking("leaks", "tests::b_leaves_a_silent_child"),
        #[cfg(unix)]
        passing("leaks", "tests::c_ends_its_child"),
        #[cfg(unix)]
        passing("leaks", "tests::d_has_no_child"),
        #[cfg(target_os = "linux")]
        passing("leaks", "tests::e_leaves_a_daemon"),
    ],
    ..case("leaks")
};

pub const OUTPUT: Case = Case {
    exit: 100,
    rows: &[
        passing("output", "tests::flood_of_64_mebibytes"),
        ignored("output", "tests::flood_of_a_gibibyte"),
        passing("output", "tests::flood_on_stderr"),
        passing("output", "tests::flood_without_newline"),
        passing("output", "tests::imitates_a_failure_then_passes"),
        failing("output", "tests::imitates_a_pass_then_fails"),
        passing("output", "tests::imitates_an_event"),
        passing("output", "tests::imitates_another_test"),
        passing("output", "tests::is_no_text"),
        failing("output", "tests::is_no_text_and_fails"),
        passing("output", "tests::leaves_its_line_open"),
        failing("output", "tests::z_fails"),
        passing("output", "tests::z_passes"),
        #[cfg(unix)]
        passing("output::closed", "a_closes_stdout"),
        #[cfg(unix)]
        passing("output::closed", "b_comes_after_stdout"),
        #[cfg(unix)]
        failing("output::closed", "c_fails_after_stdout"),
        #[cfg(unix)]
        passing("output::closed", "d_closes_stderr"),
        #[cfg(unix)]
        passing("output::closed", "e_opens_a_file"),
        #[cfg(unix)]
        failing("output::closed", "f_fails_at_last"),
    ],
    ..case("output")
};

pub const OUTPUT_GIBIBYTE: Case = Case {
    name: "output, a gibibyte",
    args: &["--run-ignored", "only", "gibibyte"],
    rows: &[passing("output", "tests::flood_of_a_gibibyte")],
    ..case("output")
};

/// What is lost where tests cannot be steered: causes, and with `--thorough` other orders as well.
pub const MIMIC_THOROUGH: Case = Case {
    name: "mimic, thoroughly",
    args: &["--thorough", "--test", "trials", "needs_", "sets_"],
    exit: 120,
    limited: &[
        (
            "mimic::trials",
            "its tests run in its own order only (it does not have the standard test harness): what shows in another order, or when \
             a test runs twice, is not seen",
        ),
        ("mimic::trials", NO_CAUSE),
    ],
    rows: &[passing("mimic::trials", "[unit] a_sets_the_level"), NEEDS_THE_LEVEL, NEEDS_NO_LEVEL],
    ..case("mimic")
};

/// Not the standard harness, so nobody knows where a test begins.
const NEEDS_THE_LEVEL: Row = brittle("mimic::trials", "[unit] b_needs_the_level")
    .culprits(&["[unit] a_sets_the_level"])
    .causes_at_most(&[Cause::new("static", "mimic::LEVEL")]);
const NEEDS_NO_LEVEL: Row = victim("mimic::trials", "c_needs_no_level")
    .culprits(&["[unit] a_sets_the_level"])
    .causes_at_most(&[Cause::new("static", "mimic::LEVEL")]);

const NO_CAUSE: &str =
    "no cause is looked for: it does not have the standard test harness (culprits are named all the same)";

pub const MIMIC: Case = Case {
    exit: 120,
    limited: &[("mimic::trials", NO_CAUSE)],
    rows: &[
        passing("mimic::imitating", "a_other_results"),
        failing("mimic::imitating", "b_own_pass_then_fails"),
        passing("mimic::imitating", "c_own_failure_then_passes"),
        failing("mimic::imitating", "d_open_line_then_fails"),
        crashing("mimic::imitating", "e_own_pass_then_exits"),
        crashing("mimic::imitating", "f_own_pass_then_aborts"),
        failing("mimic::imitating", "z_fails"),
        passing("mimic::imitating", "z_passes"),
        passing("mimic::names", "--help"),
        failing("mimic::names", "-x fails"),
        passing("mimic::names", "a: test"),
        passing("mimic::names", "b: bench"),
        passing("mimic::names", " leading"),
        passing("mimic::names", "trailing "),
        passing("mimic::names", "ok c ... FAILED"),
        failing("mimic::names", "d fails ... ok"),
        passing("mimic::names", "same"),
        passing("mimic::names", "[kind] same"),
        passing("mimic::names", "bench"),
        passing("mimic::trials", "[unit] a_sets_the_level"),
        NEEDS_THE_LEVEL,
        NEEDS_NO_LEVEL,
        failing("mimic::trials", "[unit] d_fails"),
        ignored("mimic::trials", "e_is_ignored"),
        ignored("mimic::trials", "[unit] e_is_ignored_too"),
        failing("mimic::trials", "f_panics"),
        passing("mimic::trials", "[ui test] g has spaces: and/colons"),
        passing("mimic::trials", "h_passes"),
    ],
    ..case("mimic")
};

pub const NO_PROTOCOL: Case = Case {
    // Listing has no longer than a test.
    args: &["--timeout", "5s"],
    skipped: &[
        "no-protocol::hangs",
        "no-protocol::ignores_its_arguments",
        "no-protocol::prints_junk",
        "no-protocol::refuses",
    ],
    rows: &[passing("no-protocol", "tests::passes")],
    ..case("no-protocol")
};

pub const WORKSPACE: Case = Case {
    exit: 120,
    rows: &[
        passing("alpha", "tests::configuration_sets_variables"),
        passing("alpha", "tests::directory_is_the_package"),
        passing("alpha", "tests::generated_at_build_time"),
        passing("alpha", "tests::generated_at_run_time"),
        passing("alpha", "tests::variables_describe_the_package"),
        passing("beta", "tests::directory_is_the_package"),
        passing("beta", "tests::has_no_out_dir"),
        passing("beta", "tests::links_the_others"),
        victim("beta", "tests::links_the_others_twice")
            .culprits(&["tests::links_the_others"])
            .causes(&[Cause::new("static", "gamma::CALLS").at("gamma/src/lib.rs:5").values("0", "1")]),
        passing("beta::bin/beta-tool", "tests::in_a_binary"),
        passing("beta::cli", "finds_the_binary"),
        passing("beta::cli", "finds_the_data"),
        passing("beta::example/demo", "tests::in_an_example"),
        passing("delta", "tests::outside_of_the_compiler"),
        passing("gamma", "tests::counts"),
    ],
    ..case("workspace")
};
