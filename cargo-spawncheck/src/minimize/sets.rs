//! Smaller sets from larger ones.

use super::ledger::Ledger;
use super::{Answer, Why};

/// A dirty set from `tests`, which are taken to be dirty together.
pub(super) fn grow(ledger: &mut Ledger<'_>, tests: &[usize]) -> Result<Vec<usize>, Why> {
    let mut kept: Vec<usize> = Vec::new();
    // After what was kept, it takes no more than this.
    let mut rest = tests;
    while !ledger.is_dirty(&kept)? {
        // That all of them are dirty has not been seen here yet.
        if !kept.is_empty() && kept.len() + rest.len() == tests.len() {
            match ledger.ask(tests)? {
                Answer::Dirty => {}
                Answer::Clean => return Err(Why::Flaky(tests.to_vec())),
                Answer::Unknown | Answer::Impossible => return reduce(ledger, tests.to_vec()),
            }
        }
        match bisect(ledger, &kept, rest)? {
            Bisected::At(first) => {
                kept.push(rest[first]);
                rest = &rest[first + 1..];
            }
            Bisected::Not(first) => return reduce(ledger, [&kept, &rest[first..]].concat()),
        }
    }
    Ok(kept)
}

/// Where a list was divided.
enum Bisected {
    /// From this test on it is dirty, and from the next one on it is not.
    At(usize),
    /// There is no telling, but from this test on it is dirty.
    Not(usize),
}

/// Finds a test that matters: what was kept is dirty with all from it on, and not with all after it. An early end is as good
/// as clean, since the test that makes the difference then is one that is needed to get there.
fn bisect(ledger: &mut Ledger<'_>, kept: &[usize], rest: &[usize]) -> Result<Bisected, Why> {
    let (mut dirty, mut clean) = (0, rest.len());
    while clean - dirty > 1 {
        let middle = dirty.midpoint(clean);
        match ledger.ask(&[kept, &rest[middle..]].concat())? {
            Answer::Dirty => dirty = middle,
            Answer::Clean | Answer::Unknown => clean = middle,
            Answer::Impossible => return Ok(Bisected::Not(dirty)),
        }
    }
    Ok(Bisected::At(dirty))
}

/// Delta debugging (Zeller and Hildebrandt, 2002): asks about ever smaller parts and what is left without them. What cannot
/// be answered is as good as clean.
fn reduce(ledger: &mut Ledger<'_>, mut tests: Vec<usize>) -> Result<Vec<usize>, Why> {
    let mut parts = 2;
    while tests.len() > 1 {
        let size = tests.len().div_ceil(parts);
        if let Some(part) = first_dirty(ledger, tests.chunks(size).map(<[usize]>::to_vec))? {
            (tests, parts) = (part, 2);
            continue;
        }
        let ranges = (0..tests.len()).step_by(size).map(|start| start..tests.len().min(start + size));
        match first_dirty(ledger, ranges.map(|range| leave_out(&tests, range)))? {
            Some(rest) => (tests, parts) = (rest, (parts - 1).max(2)),
            None if size == 1 => break,
            None => parts = (parts * 2).min(tests.len()),
        }
    }
    match ledger.ask(&tests)? {
        Answer::Dirty => Ok(tests),
        Answer::Clean => Err(Why::Flaky(tests)),
        Answer::Unknown | Answer::Impossible => Err(Why::CannotRun),
    }
}

fn first_dirty(
    ledger: &mut Ledger<'_>,
    sets: impl Iterator<Item = Vec<usize>>,
) -> Result<Option<Vec<usize>>, Why> {
    for set in sets {
        if ledger.is_dirty(&set)? {
            return Ok(Some(set));
        }
    }
    Ok(None)
}

/// Leaves out one test at a time for as long as that stays dirty; what was found first is the likeliest to be needed no more.
pub(super) fn shrink(ledger: &mut Ledger<'_>, mut set: Vec<usize>) -> Result<Vec<usize>, Why> {
    let smaller = |ledger: &mut Ledger<'_>, set: &[usize]| {
        first_dirty(ledger, (0..set.len()).rev().map(|index| leave_out(set, index..index + 1)))
    };
    while let Some(less) = smaller(ledger, &set)? {
        set = less;
    }
    Ok(set)
}

pub(super) fn leave_out(tests: &[usize], range: std::ops::Range<usize>) -> Vec<usize> {
    [&tests[..range.start], &tests[range.end..]].concat()
}
