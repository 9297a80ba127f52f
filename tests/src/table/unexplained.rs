//! Tests that are in the way of whoever watches them.

use super::explained::Cause;
use super::row::{Case, brittle, case, passing, unsteady, victim};
use crate::Kind::Flaky;
use crate::Verdict::Crashed;

const LIB: &str = "unexplained";
const FORKS: &str = "unexplained::forks";
const SIGNALS: &str = "unexplained::signals";
const MAPPED: &str = "unexplained::mapped";
const THREADS: &str = "unexplained::threads";
const TRACING: &str = "unexplained::tracing";

const fn state(name: &'static str) -> Cause {
    Cause::new("static", name)
}

const RATE: &[Cause] = &[state("unexplained::RATE").at("src/lib.rs:5").values("1", "2")];
const LEVEL: &[Cause] = &[state("forks::LEVEL").values("0", "1")];
const COPIES: &[Cause] = &[state("mapped::COPIES").values("0", "1")];
const COUNT: &[Cause] = &[state("threads::COUNT").values("0", "200")];
const TRACED: &[Cause] = &[state("tracing::TRACED").values("0", "2")];

pub const UNEXPLAINED: Case = Case {
    exit: 120,
    rows: &[
        passing(LIB, "tests::a_configures"),
        brittle(LIB, "tests::b_needs_the_rate").culprits(&["tests::a_configures"]).causes(RATE),
        victim(LIB, "tests::c_needs_the_default").culprits(&["tests::a_configures"]).causes(RATE),
        passing("unexplained::by_turns", "a_unsettles"),
        unsteady("unexplained::by_turns", "b_changes_its_mind", Flaky),
        passing(FORKS, "a_sets_the_level"),
        brittle(FORKS, "b_needs_the_level").culprits(&["a_sets_the_level"]).causes(LEVEL),
        victim(FORKS, "c_needs_no_level").culprits(&["a_sets_the_level"]).causes(LEVEL),
        victim(FORKS, "d_is_replaced_at_a_level")
            .in_process(Crashed)
            .culprits(&["a_sets_the_level"])
            .causes(LEVEL),
        passing("unexplained::hardly_ever", "a_passes"),
        passing("unexplained::hardly_ever", "b_unsettles"),
        passing("unexplained::hardly_ever", "c_passes"),
        victim("unexplained::hardly_ever", "d_fails_mostly")
            .culprits_at_most(&["b_unsettles"])
            .causes_at_most(&[state("hardly_ever::UNSTEADY")]),
        passing(MAPPED, "a_copies_a_library"),
        brittle(MAPPED, "b_needs_a_copy").culprits(&["a_copies_a_library"]).causes(COPIES),
        passing(SIGNALS, "a_installs_a_handler"),
        brittle(SIGNALS, "b_needs_the_handler")
            .spawned(Crashed)
            .culprits(&["a_installs_a_handler"])
            .causes_at_most(&[Cause::new("signal", "SIGTRAP")])
            .notes(&["signal"]),
        victim(SIGNALS, "c_needs_to_be_the_first")
            .culprits(&["a_installs_a_handler"])
            .causes(&[state("signals::CAUGHT").values("0", "1")]),
        passing(THREADS, "a_counts_threads"),
        brittle(THREADS, "b_needs_the_count").culprits(&["a_counts_threads"]).causes(COUNT),
        victim(THREADS, "c_needs_no_count").culprits(&["a_counts_threads"]).causes(COUNT),
        passing(TRACING, "a_traces"),
        brittle(TRACING, "b_needs_a_trace").culprits(&["a_traces"]).causes(TRACED),
        victim(TRACING, "c_needs_no_trace").culprits(&["a_traces"]).causes(TRACED),
        passing("unexplained::watched", "a_litters"),
        // Only a tracer that lets go of it before the test sees it fail.
        victim("unexplained::watched", "b_fails_unwatched")
            .culprits(&["a_litters"])
            .causes_at_most(&[state("watched::DIRTY").values("false", "true")]),
    ],
    ..case("unexplained")
};
