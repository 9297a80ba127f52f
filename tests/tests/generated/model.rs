//! What the tool must find in suites, without any process.

use crate::interpreter::binary;
use crate::suite::{Op, PLACES, Suite};
use spawncheck_tests::{Kind, Report, TestId, Verdict, Verdicts};

/// What each place holds.
type State = [u8; PLACES.len()];

/// The report of a run with these suites in it.
pub(crate) fn predict(suites: &[Suite]) -> Report {
    let mut report = Report::default();
    for (index, suite) in suites.iter().enumerate() {
        let binary = binary(index);
        // In-process, a test starts from what those before it left; spawned, from nothing.
        let mut inherited = State::default();
        for (test, ops) in suite.0.iter().enumerate() {
            let in_process = perform(ops, &mut inherited);
            let spawned = perform(ops, &mut State::default());
            judge(&mut report, TestId::new(&binary, Suite::test_name(test)), in_process, spawned);
        }
    }
    // A denied finding wins over an ordinary failure.
    report.exit_code = match (report.findings.is_empty(), report.failures.is_empty()) {
        (false, _) => 120,
        (true, false) => 100,
        (true, true) => 0,
    };
    report
}

/// A failed assertion ends the test and keeps what it did before. An exit takes the whole state with it: the tests
/// after it go on in a new process.
fn perform(ops: &[Op], state: &mut State) -> Verdict {
    for op in ops {
        match *op {
            Op::Set(place, value) => state[place] = value,
            Op::Assert(place, value) if state[place] != value => return Verdict::Failed,
            Op::Assert(..) => {}
            Op::Exit => {
                *state = State::default();
                return Verdict::Crashed;
            }
        }
    }
    Verdict::Passed
}

/// Whether a test depends on these ones: they turn its verdict, and without any one of them it is the old one again.
pub(crate) fn is_smallest(suite: &Suite, culprits: &[usize], test: usize) -> bool {
    let verdict_after = |tests: &[usize]| {
        let mut state = State::default();
        for test in tests {
            perform(&suite.0[*test], &mut state);
        }
        perform(&suite.0[test], &mut state)
    };
    let is_fresh = |tests: &[usize]| {
        (verdict_after(tests) == Verdict::Passed) == (verdict_after(&[]) == Verdict::Passed)
    };
    let without = |index: usize| [&culprits[..index], &culprits[index + 1..]].concat();
    culprits.is_sorted()
        && culprits.iter().all(|culprit| *culprit < test)
        && !is_fresh(culprits)
        && (0..culprits.len()).all(|index| is_fresh(&without(index)))
}

fn judge(report: &mut Report, id: TestId, in_process: Verdict, spawned: Verdict) {
    report.verdicts.insert(id.clone(), Verdicts { in_process: Some(in_process), spawned: Some(spawned) });
    match (in_process == Verdict::Passed, spawned == Verdict::Passed) {
        (true, true) => {}
        (true, false) => drop(report.findings.insert(id, Kind::Brittle)),
        (false, true) => drop(report.findings.insert(id, Kind::Victim)),
        (false, false) => drop(report.failures.insert(id)),
    }
}
