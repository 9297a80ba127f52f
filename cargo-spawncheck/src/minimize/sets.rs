//! Smaller sets from larger ones.

use super::ledger::Ledger;
use super::{Answer, Why};
use std::ops::Range;

/// How much of a list is looked for first: one part of so many.
const PARTS: usize = 8;

/// A part of so many tests takes about as long as it takes to start a process.
const FEW: usize = 32;

/// A dirty set from `tests`, which are taken to be dirty together; `spare`: one question more may be asked than bisections take.
pub(super) fn grow(ledger: &mut Ledger<'_>, tests: &[usize], spare: bool) -> Result<Vec<usize>, Why> {
    Growing { ledger, all: tests.len(), spare }.narrow(&[], tests, &[])
}

struct Growing<'a, 'b> {
    ledger: &'a mut Ledger<'b>,
    /// How many tests there are.
    all: usize,
    spare: bool,
}

/// Where a list was divided.
enum Bisected {
    /// From its beginning on it is dirty, and from its end on it is not.
    At(Range<usize>),
    /// There is no telling, but from this test on it is dirty.
    Not(usize),
}

impl Growing<'_, '_> {
    /// What it takes of `tests`, which are taken to be dirty between `before` and `after`.
    fn narrow(&mut self, before: &[usize], mut tests: &[usize], after: &[usize]) -> Result<Vec<usize>, Why> {
        let around = |tests: &[usize]| [before, tests, after].concat();
        loop {
            let found = match self.bisect(tests, self.enough(before, tests), &around)? {
                Bisected::At(found) => found,
                Bisected::Not(first) => return reduce(self.ledger, &tests[first..], &around),
            };
            let (part, rest) = (&tests[found.clone()], &tests[found.end..]);
            match (self.ledger.is_dirty(&around(part))?, part) {
                (true, [_]) => return Ok(part.to_vec()),
                (true, _) => tests = part,
                (false, _) => {
                    // That all of them are dirty has not been seen here yet. After a first part, that comes with the rest.
                    if found.start == 0 && (part.len() == 1 || !before.is_empty()) {
                        match self.ledger.ask(&around(tests))? {
                            Answer::Dirty => {}
                            Answer::Clean => return Err(Why::Flaky(around(tests))),
                            Answer::Unknown | Answer::Impossible => {
                                return reduce(self.ledger, tests, &around);
                            }
                        }
                    }
                    return self.both(before, part, rest, after);
                }
            }
        }
    }

    /// What it takes of a part, and of the rest behind it: that first, while all of the part is there.
    fn both(
        &mut self,
        before: &[usize],
        part: &[usize],
        rest: &[usize],
        after: &[usize],
    ) -> Result<Vec<usize>, Why> {
        let others = self.narrow(&[before, part].concat(), rest, after)?;
        if let [_] = part {
            return Ok([part, &others].concat());
        }
        let after = [&others, after].concat();
        // Of two, that is a question that has to be asked anyway.
        if self.ledger.is_dirty(&[before, &after].concat())? {
            return Ok(others);
        }
        Ok([self.narrow(before, part, &after)?, others].concat())
    }

    /// How exactly to look for a test that matters: up to a part, where that is worth a question and there is one to spare. There is
    /// where a rest is so short that to bisect it takes one question less.
    fn enough(&self, before: &[usize], tests: &[usize]) -> usize {
        let part = (self.all / PARTS).max(FEW);
        let is_long = tests.len() > part + part / 2;
        let is_spare = self.spare && (before.is_empty() || tests.len() <= self.all / 2);
        if is_long && is_spare { part } else { 1 }
    }

    /// Finds so few tests that one of them matters: all from their beginning on are dirty, and all from their end on are not. An
    /// early end is as good as clean, since the test that makes the difference then is one that is needed to get there.
    fn bisect(
        &mut self,
        tests: &[usize],
        enough: usize,
        around: &dyn Fn(&[usize]) -> Vec<usize>,
    ) -> Result<Bisected, Why> {
        let (mut dirty, mut clean) = (0, tests.len());
        while clean - dirty > enough {
            let middle = dirty.midpoint(clean);
            match self.ledger.ask(&around(&tests[middle..]))? {
                Answer::Dirty => dirty = middle,
                Answer::Clean | Answer::Unknown => clean = middle,
                Answer::Impossible => return Ok(Bisected::Not(dirty)),
            }
        }
        Ok(Bisected::At(dirty..clean))
    }
}

/// Delta debugging (Zeller and Hildebrandt, 2002): asks about ever smaller parts and what is left without them. What cannot
/// be answered is as good as clean.
fn reduce(
    ledger: &mut Ledger<'_>,
    tests: &[usize],
    around: &dyn Fn(&[usize]) -> Vec<usize>,
) -> Result<Vec<usize>, Why> {
    let (mut tests, mut parts) = (tests.to_vec(), 2);
    while tests.len() > 1 {
        let size = tests.len().div_ceil(parts);
        if let Some(part) = first_dirty(ledger, tests.chunks(size).map(<[usize]>::to_vec), around)? {
            (tests, parts) = (part, 2);
            continue;
        }
        let ranges = (0..tests.len()).step_by(size).map(|start| start..tests.len().min(start + size));
        match first_dirty(ledger, ranges.map(|range| leave_out(&tests, range)), around)? {
            Some(rest) => (tests, parts) = (rest, (parts - 1).max(2)),
            None if size == 1 => break,
            None => parts = (parts * 2).min(tests.len()),
        }
    }
    match ledger.ask(&around(&tests))? {
        Answer::Dirty => Ok(tests),
        Answer::Clean => Err(Why::Flaky(around(&tests))),
        Answer::Unknown | Answer::Impossible => Err(Why::CannotRun),
    }
}

fn first_dirty(
    ledger: &mut Ledger<'_>,
    sets: impl Iterator<Item = Vec<usize>>,
    around: &dyn Fn(&[usize]) -> Vec<usize>,
) -> Result<Option<Vec<usize>>, Why> {
    for set in sets {
        if ledger.is_dirty(&around(&set))? {
            return Ok(Some(set));
        }
    }
    Ok(None)
}

/// Leaves out one test at a time for as long as that stays dirty; what was found first is the likeliest to be needed no more.
pub(super) fn shrink(ledger: &mut Ledger<'_>, mut set: Vec<usize>) -> Result<Vec<usize>, Why> {
    let smaller = |ledger: &mut Ledger<'_>, set: &[usize]| {
        first_dirty(
            ledger,
            (0..set.len()).rev().map(|index| leave_out(set, index..index + 1)),
            &<[usize]>::to_vec,
        )
    };
    while let Some(less) = smaller(ledger, &set)? {
        set = less;
    }
    Ok(set)
}

pub(super) fn leave_out(tests: &[usize], range: Range<usize>) -> Vec<usize> {
    [&tests[..range.start], &tests[range.end..]].concat()
}
