//! Evidence in, claim out, for what only other schedules show. Pure.

use crate::finding::{Kind, Verdict};
use crate::run::Observation;
use std::ops::Range;

/// How often a test that failed when it ran twice has to do so again.
const TWICE: usize = 5;

/// The same for one that takes long, or hangs.
const TWICE_SLOW: usize = 2;

/// How often to run tests on threads for the sake of one that failed there once.
pub(super) const MOST_THREAD_RUNS: u32 = 40;

/// A single failure on threads may have any reason.
pub(super) const FAILURES: u32 = 2;

/// How likely at most it may be that a test which fails as often as it did on threads has passed each time without them.
const CHANCE: f64 = 0.01;

/// Whether a verdict in some order is worth a second look, beside the fresh one.
///
/// `fails_both_ways`: it is known not to pass in either leg.
pub(super) fn is_suspicious(fresh: &Observation, now: &Observation, fails_both_ways: bool) -> bool {
    // Where its own process ends badly after its result, that of others doing so too is no news.
    let ends_alike = fresh.bad_end.is_some() && now.bad_end.is_some();
    let comparable = !fresh.verdict.is_bad() || fails_both_ways;
    comparable && !ends_alike && fresh.verdict.is_bad() != now.verdict.is_bad()
}

/// What a test that ran twice in one process, several times, comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Twice {
    /// Not enough was seen.
    Again,
    Finding(Kind),
    /// Alone it passes both times: something before it made it fail.
    Nothing,
}

/// Each pair is the first verdict of a process and its second one.
pub(super) fn twice(seen: &[(Verdict, Verdict)], slow: bool) -> Twice {
    let good_bad = |(first, second): &(Verdict, Verdict)| !first.is_bad() && second.is_bad();
    let Some(first) = seen.first() else { return Twice::Again };
    if seen.iter().any(|pair| (pair.0.is_bad(), pair.1.is_bad()) != (first.0.is_bad(), first.1.is_bad())) {
        return Twice::Finding(Kind::Flaky);
    }
    if seen.len() < if slow { TWICE_SLOW } else { TWICE } {
        return Twice::Again;
    }
    if good_bad(first) { Twice::Finding(Kind::Repeat) } else { Twice::Nothing }
}

/// What was seen of a test on threads, and without.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Beside {
    /// Runs on threads in which it had a result, and failed.
    pub(super) runs: u32,
    pub(super) failed: u32,
    /// Runs in which nothing ran beside it.
    pub(super) passed_alone: u32,
    pub(super) failed_alone: u32,
}

/// What that comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Threads {
    Nothing,
    /// More runs on threads.
    Again,
    /// It failed too rarely.
    Rare,
    /// So many more runs with nothing beside it.
    Alone(u32),
    Finding(Kind),
}

/// `at_least`: how often to run on threads in any case.
pub(super) fn threads(seen: &Beside, at_least: u32) -> Threads {
    if seen.failed_alone > 0 {
        return Threads::Finding(Kind::Flaky);
    }
    match (seen.failed, seen.runs) {
        (0, runs) if runs < at_least => Threads::Again,
        (0, _) => Threads::Nothing,
        (..FAILURES, runs) if runs < MOST_THREAD_RUNS.max(at_least) => Threads::Again,
        (..FAILURES, _) => Threads::Rare,
        _ => match passes_needed(seen.failed, seen.runs).saturating_sub(seen.passed_alone) {
            0 => Threads::Finding(Kind::Racy),
            more => Threads::Alone(more),
        },
    }
}

/// Whether to run two tests beside each other once more, after so many `turns` in which each of them failed so often. Both orders
/// have as many turns as all tests together had runs, or more, if that makes something of a single failure.
pub(super) fn pair_again(turns: u32, failed: [u32; 2], at_least: u32) -> bool {
    let at_least = at_least.saturating_mul(2);
    let is_single = failed.iter().any(|failed| (1..FAILURES).contains(failed));
    turns < if is_single { MOST_THREAD_RUNS.max(at_least) } else { at_least }
}

/// How many uses of variables the first of two tests is ahead in such a turn: at first none, then as many as follow its first change, one
/// more each time; and now and then none, for what else the two share.
pub(super) fn lead(turn: u32, after_change: &Range<usize>) -> usize {
    // Both orders are as far.
    let turn = turn as usize / 2;
    match (turn % 3, after_change.len()) {
        (0, _) | (_, 0) => 0,
        (_, uses) => after_change.start + (turn - 1 - turn / 3) % uses,
    }
}

/// How many passes in a row say that company made the difference, and not chance.
pub(super) fn passes_needed(failed: u32, runs: u32) -> u32 {
    let rate = f64::from(failed) / f64::from(runs);
    // At least a few, however often it failed; a test that always fails has a logarithm of minus infinity.
    (CHANCE.ln() / (1.0 - rate).ln()).ceil().max(5.0) as u32
}

#[cfg(test)]
mod tests {
    use super::{Beside, Threads, Twice, lead, pair_again, threads, twice};
    use crate::finding::Kind::{Flaky, Racy, Repeat};
    use crate::finding::Verdict::{Crashed, Failed, NotRun, Passed};

    #[test]
    fn a_test_twice() {
        let repeat = (Passed, Failed);
        assert_eq!(twice(&[], false), Twice::Again);
        assert_eq!(twice(&[repeat; 4], false), Twice::Again);
        assert_eq!(twice(&[repeat; 5], false), Twice::Finding(Repeat));
        assert_eq!(twice(&[repeat; 2], true), Twice::Finding(Repeat));
        assert_eq!(twice(&[repeat, (Passed, Crashed)], true), Twice::Finding(Repeat));
        assert_eq!(twice(&[repeat, (Passed, Passed)], false), Twice::Finding(Flaky));
        assert_eq!(twice(&[repeat, (Failed, Failed)], false), Twice::Finding(Flaky));
        assert_eq!(twice(&[(Passed, Passed); 5], false), Twice::Nothing);
        assert_eq!(twice(&[(Crashed, NotRun); 5], false), Twice::Nothing);
    }

    #[track_caller]
    fn check(runs: u32, failed: u32, passed_alone: u32, failed_alone: u32, expected: Threads) {
        assert_eq!(threads(&Beside { runs, failed, passed_alone, failed_alone }, 5), expected);
    }

    #[test]
    fn tests_on_threads() {
        check(3, 0, 0, 0, Threads::Again);
        check(5, 0, 0, 0, Threads::Nothing);
        check(5, 1, 0, 0, Threads::Again);
        check(40, 1, 0, 0, Threads::Rare);
        // The rarer the failures, the more passes it takes.
        check(5, 5, 0, 0, Threads::Alone(5));
        check(5, 2, 0, 0, Threads::Alone(10));
        check(40, 2, 0, 0, Threads::Alone(90));
        check(40, 2, 80, 0, Threads::Alone(10));
        check(40, 2, 90, 0, Threads::Finding(Racy));
        check(5, 5, 5, 0, Threads::Finding(Racy));
        // One failure with nothing beside it, and company is not the reason.
        check(5, 5, 5, 1, Threads::Finding(Flaky));
    }

    #[test]
    fn two_tests_beside_each_other() {
        assert!(pair_again(9, [0, 0], 5));
        assert!(!pair_again(10, [0, 0], 5));
        assert!(pair_again(10, [1, 3], 5));
        assert!(!pair_again(10, [2, 3], 5));
        assert!(!pair_again(40, [1, 0], 5));
        assert!(pair_again(199, [0, 0], 100));
        assert!(!pair_again(200, [1, 0], 100));
    }

    #[test]
    fn how_far_one_is_ahead() {
        let leads =
            |after_change| (0..18).step_by(2).map(|turn| lead(turn, &after_change)).collect::<Vec<_>>();
        assert_eq!(leads(6..10), [0, 6, 7, 0, 8, 9, 0, 6, 7]);
        assert_eq!(leads(2..3), [0, 2, 2, 0, 2, 2, 0, 2, 2]);
        assert_eq!(leads(0..0), [0; 9]);
        assert_eq!(lead(2, &(6..10)), lead(3, &(6..10)));
    }
}
