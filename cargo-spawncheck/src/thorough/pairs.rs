//! Two tests beside each other that use the same thing: from the same moment on, or one when the other has changed a variable.
//!
//! When all tests run on threads, most are over before the next one has begun, so that two which disturb each other for a moment seldom
//! meet. Which two could do so, footprints tell: one changes what the other changes or looks at. A test never runs beside a copy
//! of itself: nobody else would run it so.

use super::decide::{FAILURES, lead, pair_again, passes_needed};
use super::threads::{Seen, note};
use super::{Explorer, Known, Lost};
use crate::error::Result;
use crate::explanation::Channel;
use crate::finding::Verdict;
use crate::footprint::Footprint;
use crate::run::Schedule;
use crate::suite::TestId;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::time::Instant;

/// How many pairs of a binary's tests to run.
const MOST: usize = 100;

/// How many processes of a pair may end before both tests have a result.
const BROKEN: u32 = 3;

impl Explorer<'_> {
    /// Adds to what was `seen` of tests that failed too rarely, or not at all, what pairs of them show.
    pub(super) fn in_pairs(
        &self,
        schedule: &Schedule,
        until: Instant,
        seen: &mut Seen,
        known: &mut Known<'_>,
    ) -> Result<()> {
        let Some(footprints) = known.footprints.get(&schedule.binary) else { return Ok(()) };
        let there: HashSet<usize> = schedule.tests.iter().copied().collect();
        let footprints: Vec<_> =
            footprints.iter().filter(|footprint| there.contains(&footprint.test)).collect();
        let leads: BTreeMap<usize, Range<usize>> = footprints
            .iter()
            .map(|footprint| (footprint.test, footprint.variables.after_change.clone()))
            .collect();
        let mut left_out = HashSet::new();
        for pair in pairs(&footprints, &in_question(seen), MOST) {
            if self.is_late() || Instant::now() >= until {
                break;
            }
            if pair.iter().any(|test| left_out.contains(test))
                || !pair.iter().any(|test| is_open(seen, *test))
            {
                continue;
            }
            let before = seen.clone();
            let failed = self.pair(schedule, pair, &leads, seen, known)?;
            if failed.is_empty() {
                continue;
            }
            for (test, times) in failed {
                if !self.passes_held(schedule, test, leads.get(&test), times)? {
                    left_out.insert(test);
                    seen.extend(before.get(&test).map(|before| (test, before.clone())));
                }
            }
            // What shows one after the other needs no threads.
            let [one, other] = pair;
            let orders = [[one, other], [other, one]];
            let order = |tests: [usize; 2]| Schedule { tests: tests.into(), ..schedule.clone() };
            self.look(orders.map(order).into(), known)?;
            let settled = known.settled();
            seen.retain(|test, _| !settled.contains(&TestId { binary: schedule.binary, test: *test }));
        }
        Ok(())
    }

    /// Runs two tests beside each other until that says enough. Returns those in question that failed, and how often each has to pass
    /// without the other.
    fn pair(
        &self,
        schedule: &Schedule,
        [one, other]: [usize; 2],
        leads: &BTreeMap<usize, Range<usize>>,
        seen: &mut Seen,
        known: &mut Known<'_>,
    ) -> Result<Vec<(usize, u32)>> {
        let count =
            |seen: &Seen| [one, other].map(|test| seen.get(&test).map_or(0, |(beside, _)| beside.failed));
        let before = count(seen);
        let failed = |seen: &Seen| {
            let now = count(seen);
            [now[0] - before[0], now[1] - before[1]]
        };
        let (mut turns, mut broken, mut end) = (0_u32, 0, None);
        while pair_again(turns, failed(seen), self.extent.thread_runs) && broken < BROKEN && !self.is_late() {
            // Each comes first by turns.
            let tests = if turns.is_multiple_of(2) { vec![one, other] } else { vec![other, one] };
            let lead = leads.get(&tests[0]).map_or(0, |after_change| lead(turns, after_change));
            turns += 1;
            let found = (self.together)(&Schedule { tests, ..schedule.clone() }, lead)?;
            known.effort.processes += 1;
            known.effort.tests += found.observations.len();
            if found.end.is_none() && found.observations.is_empty() {
                break;
            }
            broken += u32::from(found.end.is_some());
            end = found.end.or(end);
            note(seen, found.observations);
        }
        if let Some(end) = end
            && self.passes_held(schedule, one, leads.get(&one), BROKEN)?
            && self.passes_held(schedule, other, leads.get(&other), BROKEN)?
        {
            known.lose(schedule.binary, Lost::Threads(end));
        }
        let failed = [one, other].into_iter().zip(failed(seen)).filter(|(_, failed)| *failed > 0);
        Ok(failed.map(|(test, failed)| (test, passes_needed(failed, turns))).collect())
    }

    /// Whether a test passes with nothing beside it where all else is as for a pair: with a tracer, which some tests mind.
    fn passes_held(
        &self,
        schedule: &Schedule,
        test: usize,
        after_change: Option<&Range<usize>>,
        times: u32,
    ) -> Result<bool> {
        for turn in 0..times {
            if self.is_late() {
                return Ok(false);
            }
            let lead = after_change.map_or(0, |after_change| lead(turn, after_change));
            let found = (self.together)(&Schedule { tests: vec![test], ..schedule.clone() }, lead)?;
            if !found.observations.iter().all(|seen| seen.verdict == Verdict::Passed) || found.end.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Whether too little is known of a test to say anything, or that there is nothing to say.
fn is_open(seen: &Seen, test: usize) -> bool {
    seen.get(&test).is_some_and(|(beside, _)| beside.failed < FAILURES)
}

/// The tests of which not enough is known, those that failed once first.
fn in_question(seen: &Seen) -> Vec<usize> {
    let failed = |failed: u32| {
        seen.iter().filter(move |(_, (beside, _))| beside.failed == failed).map(|(test, _)| *test)
    };
    (1..FAILURES).chain([0]).flat_map(failed).collect()
}

/// Up to `most` pairs of tests of which one is `open`, and one changes what the other one changes or looks at. Each open test gets one
/// before any gets two. Pure.
fn pairs(footprints: &[&Footprint], open: &[usize], most: usize) -> Vec<[usize; 2]> {
    let mut writers: HashMap<(Channel, &str), Vec<usize>> = HashMap::new();
    let mut users = writers.clone();
    for footprint in footprints {
        footprint.writes().for_each(|(thing, _)| writers.entry(thing).or_default().push(footprint.test));
        footprint.uses().for_each(|(thing, _)| users.entry(thing).or_default().push(footprint.test));
    }
    let by_test: HashMap<usize, &&Footprint> =
        footprints.iter().map(|footprint| (footprint.test, footprint)).collect();
    let partners = |test: &usize| {
        let own = by_test.get(test)?;
        let written = own.writes().filter_map(|(thing, _)| users.get(&thing));
        let used = own.uses().filter_map(|(thing, _)| writers.get(&thing));
        let all: BTreeSet<usize> = written.chain(used).flatten().copied().collect();
        // From its own place on, so that few pairs have many tests in them.
        let others: Vec<usize> = all.range(test + 1..).chain(all.range(..test)).copied().collect();
        (!others.is_empty()).then_some((*test, others))
    };
    let partners: Vec<(usize, Vec<usize>)> = open.iter().filter_map(partners).take(most).collect();
    let rounds = partners.iter().map(|(_, partners)| partners.len()).max().unwrap_or(0);
    let mut found: Vec<[usize; 2]> = Vec::new();
    for round in 0..rounds {
        for (test, other) in partners.iter().filter_map(|(test, all)| Some((*test, *all.get(round)?))) {
            let pair = [test.min(other), test.max(other)];
            if found.len() < most && !found.contains(&pair) {
                found.push(pair);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::pairs;
    use crate::explanation::Channel::Static;
    use crate::footprint::Footprint;
    use crate::footprint::tests::{footprint, using};

    #[track_caller]
    fn check(footprints: &[Footprint], open: &[usize], expected: &[[usize; 2]]) {
        assert_eq!(pairs(&footprints.iter().collect::<Vec<_>>(), open, 4), expected);
    }

    #[test]
    fn which_two_use_the_same() {
        let uses = [
            using(0, &["MODE"], &["MODE"]),
            using(1, &["MODE"], &[]),
            using(2, &["MODE", "HOME"], &[]),
            using(3, &["HOME"], &["LANG"]),
            footprint(4, &[(Static, "A")]),
            footprint(5, &[(Static, "A")]),
        ];
        // What two only look at is no matter.
        check(&uses, &[0, 1, 2, 3, 4, 5], &[[0, 1], [0, 2], [4, 5]]);
        // One of the two is in question at least.
        check(&uses, &[2, 5], &[[0, 2], [4, 5]]);
        check(&uses, &[3], &[]);
        // Of what was not looked at nothing is known.
        check(&uses, &[7], &[]);
    }

    #[test]
    fn few_pairs_have_many_tests() {
        let same: Vec<_> = (0..6).map(|test| footprint(test, &[(Static, "A")])).collect();
        check(&same, &[0, 1, 2, 3, 4, 5], &[[0, 1], [1, 2], [2, 3], [3, 4]]);
        check(&same, &[5, 2], &[[0, 5], [2, 3], [1, 5], [2, 4]]);
        check(&same, &[3], &[[3, 4], [3, 5], [0, 3], [1, 3]]);
    }
}
