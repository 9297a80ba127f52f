use super::super::results::Results;
use super::Observed;
use crate::finding::Verdict::{self, Crashed, Failed, Passed, TimedOut};
use crate::suite::Dialect::Libtest;
use crate::suite::tests::binary;
use spawncheck::Exit::{self, Code, Signal};
use spawncheck::child::{Captured, Ended, Killed};
use std::time::{Duration, Instant};

/// What a process showed of its tests, `a` and `c`: each verdict, and how it ended if badly.
fn showed(log: &str, exit: Exit, killed: Option<Killed>) -> Vec<(Verdict, Option<String>)> {
    let tests: &[usize] = if log.contains(" a\n") { &[0, 1] } else { &[1] };
    let binary = binary("p", Libtest, &["a", "c"]);
    let mut results =
        Results::new(Libtest, tests.iter().map(|test| (*test, binary.tests[*test].name.clone())));
    let mut observed = Observed::new(tests);
    results.push(log.as_bytes(), &mut |record| observed.note(record, Instant::now(), &mut |_| {}));
    let (stdout, stderr) = (Captured::default(), Captured::default());
    let ended = Ended { exit, killed, stdout, stderr, leak: None, duration: Duration::ZERO };
    let observations = observed.finish(&binary, &results, &ended, false);
    observations.into_iter().map(|observation| (observation.verdict, observation.bad_end)).collect()
}

#[track_caller]
fn check(log: &str, exit: Exit, verdicts: &[Verdict], bad_ends: &[Option<&str>]) {
    let showed = showed(log, exit, None);
    assert!(showed.iter().map(|(verdict, _)| verdict).eq(verdicts), "{showed:?}");
    assert!(showed.iter().map(|(_, bad_end)| bad_end.as_deref()).eq(bad_ends.iter().copied()), "{showed:?}");
}

#[test]
fn a_good_end() {
    check("ok a\nok c\n", Code(0), &[Passed, Passed], &[None, None]);
    check("failed a\nok c\n", Code(101), &[Failed, Passed], &[None, None]);
    check("failed c\n", Code(101), &[Failed], &[None]);
}

/// A process of its own would have ended in the same way: what others did beside it makes no difference.
#[test]
fn a_bad_end_beside_a_failure() {
    check("ok c\n", Code(3), &[Crashed], &[Some("exited: 3")]);
    check("ok a\nok c\n", Code(3), &[Passed, Passed], &[Some("exited: 3"); 2]);
    check("failed a\nok c\n", Code(3), &[Failed, Passed], &[None, Some("exited: 3")]);
    // Not every system has a name for it.
    let killed = Signal(11).to_string();
    check("failed a\nok c\n", Signal(11), &[Failed, Passed], &[None, Some(&killed)]);
    // As after a failure, but there was none.
    check("ok c\n", Code(101), &[Crashed], &[Some("exited: 101")]);
    // It has failed, which is what there is to say.
    check("failed c\n", Code(3), &[Failed], &[None]);
    let hangs = showed("failed a\nok c\n", Signal(9), Some(Killed::TimedOut));
    assert_eq!(hangs[1], (Passed, Some("no end in the time given".into())));
    assert_eq!(showed("ok c\n", Signal(9), Some(Killed::TimedOut))[0].0, TimedOut);
}
