//! The tests of a suite, dealt out to shards. Pure.

use super::Scheme;
use std::cmp::Reverse;
use twox_hash::XxHash64;

/// A test that is to be dealt out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate<'a> {
    pub(super) name: &'a str,
    /// Else it is reported as ignored, which costs nothing.
    pub(super) runs: bool,
}

/// A binary's ID and its tests, in the order in which they run.
pub(super) type Shape<'a> = (&'a str, Vec<Candidate<'a>>);

/// For each binary, the shard of each of its tests.
pub(super) fn assign(scheme: Scheme, shards: usize, binaries: &[Shape<'_>]) -> Vec<Vec<usize>> {
    match scheme {
        Scheme::Slice => slice(shards, binaries),
        Scheme::Hash => hash(shards, binaries),
    }
}

/// The largest goes first, each to the shard that has least: no shard gets more than two fair shares, and mostly one.
fn slice(shards: usize, binaries: &[Shape<'_>]) -> Vec<Vec<usize>> {
    let total: usize = binaries.iter().map(|(_, tests)| weight(tests)).sum();
    let fair = total.div_ceil(shards).max(1);
    let mut cut: Vec<Vec<usize>> = binaries.iter().map(|(_, tests)| pieces(tests, fair)).collect();
    let mut sizes = Vec::new();
    for (binary, pieces) in cut.iter().enumerate() {
        for piece in 0..pieces.last().map_or(0, |last| last + 1) {
            let own = pieces.iter().zip(&binaries[binary].1);
            sizes.push((own.filter(|(at, test)| **at == piece && test.runs).count(), binary, piece));
        }
    }
    sizes.sort_by_key(|(size, binary, piece)| (Reverse(*size), *binary, *piece));
    let mut loads = vec![0; shards];
    let mut shard_of = std::collections::HashMap::new();
    for (size, binary, piece) in sizes {
        let least = (0..shards).min_by_key(|shard| loads[*shard]).unwrap_or(0);
        loads[least] += size;
        shard_of.insert((binary, piece), least);
    }
    for (binary, pieces) in cut.iter_mut().enumerate() {
        pieces.iter_mut().for_each(|piece| *piece = shard_of[&(binary, *piece)]);
    }
    cut
}

/// The number of the piece of each test: runs of neighbours, as few as possible with no more than `fair` tests that run in each.
fn pieces(tests: &[Candidate<'_>], fair: usize) -> Vec<usize> {
    let (weight, mut before) = (weight(tests), 0);
    let number = weight.div_ceil(fair);
    tests
        .iter()
        .map(|test| {
            // An ignored one goes with its neighbour.
            let at = before.min(weight.saturating_sub(1));
            before += usize::from(test.runs);
            (at * number).checked_div(weight).unwrap_or(0)
        })
        .collect()
}

/// What is a fair share changes with every test that is added anywhere; the next power of two above the total does not.
fn hash(shards: usize, binaries: &[Shape<'_>]) -> Vec<Vec<usize>> {
    let total: usize = binaries.iter().map(|(_, tests)| weight(tests)).sum();
    let most = total.next_power_of_two().div_ceil(shards);
    binaries
        .iter()
        .map(|(id, tests)| match weight(tests) > most {
            true => tests.iter().map(|test| number(shards, &[id, test.name])).collect(),
            false => vec![number(shards, &[id]); tests.len()],
        })
        .collect()
}

fn weight(tests: &[Candidate<'_>]) -> usize {
    tests.iter().filter(|test| test.runs).count()
}

/// The same on every machine and in every version: shards of one run may have been started by different ones.
fn number(shards: usize, words: &[&str]) -> usize {
    let hash = XxHash64::oneshot(0, words.join("\0").as_bytes());
    usize::try_from(hash % shards as u64).unwrap_or(0)
}
