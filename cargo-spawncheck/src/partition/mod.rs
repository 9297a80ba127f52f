//! `--partition`: which tests of a run are this shard's.
//!
//! A binary is one process in the in-process leg, so it stays whole unless it alone is more than a shard's fair share. Where it is
//! split, each of its shards still runs all of its tests in-process, as the past of its own ones, and judges those alone: a
//! culprit is never in another shard, and what the shards find adds up to what the whole run finds. To cut the leg itself was
//! rejected: it would change what each test inherits.

mod assign;
#[cfg(test)]
mod tests;

use crate::suite::{RunIgnored, Suite, TestId};
use assign::{Candidate, assign};
use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

/// More machines than that are a typing error.
const MAX_SHARDS: usize = 10_000;

/// One shard of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Partition {
    scheme: Scheme,
    /// From 0.
    shard: usize,
    shards: usize,
}

/// How tests are dealt out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    /// Evenly, by position.
    Slice,
    /// By name, so that most tests stay where they are when others come and go.
    Hash,
}

impl Scheme {
    const ALL: [(Self, &str); 2] = [(Self::Slice, "slice"), (Self::Hash, "hash")];
}

impl FromStr for Partition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || format!("`{text}` is no partition (hint: write slice:1/4 or hash:1/4)");
        let (scheme, fraction) = text.split_once(':').ok_or_else(form)?;
        let (scheme, _) = Scheme::ALL.into_iter().find(|(_, name)| *name == scheme).ok_or_else(form)?;
        let (shard, shards) = fraction.split_once('/').ok_or_else(form)?;
        let number = |digits: &str| digits.parse::<usize>().map_err(|_| form());
        let (shard, shards) = (number(shard)?, number(shards)?);
        if shards > MAX_SHARDS {
            return Err(format!("`{text}` has more than {MAX_SHARDS} shards"));
        }
        if shard == 0 || shard > shards {
            let last = shards.max(1);
            return Err(format!("`{text}` has no shard {shard} (hint: shards are counted from 1 to {last})"));
        }
        Ok(Self { scheme, shard: shard - 1, shards })
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Scheme::ALL.into_iter().find(|(scheme, _)| *scheme == self.scheme).map(|(_, name)| name);
        write!(f, "{}:{}/{}", name.unwrap_or_default(), self.shard + 1, self.shards)
    }
}

/// What is judged, of what runs. Without a partition that is everything.
#[derive(Debug, Default)]
pub(crate) struct Share {
    /// As it was given.
    pub(crate) partition: Option<String>,
    /// How many tests the whole run has.
    pub(crate) whole: usize,
    /// Tests that the filters select, and that are another shard's.
    others: HashSet<TestId>,
}

impl Share {
    /// Deals out the selected tests of `suite`. Binaries with none of this shard's are no longer selected.
    pub(crate) fn take(partition: Option<Partition>, suite: &mut Suite, mode: RunIgnored) -> Self {
        let runs = |id: &TestId| mode.runs(suite.test(*id));
        let whole = suite.selected().filter(runs).count();
        let Some(partition) = partition else { return Self { whole, ..Self::default() } };
        let mut others = HashSet::new();
        for (binary, shards) in partition.deal(suite, mode).into_iter().enumerate() {
            let tests: Vec<usize> = suite.binaries[binary].selected().collect();
            if !shards.contains(&partition.shard) {
                tests.iter().for_each(|test| suite.binaries[binary].tests[*test].selected = false);
            }
            let elsewhere = tests.into_iter().zip(shards).filter(|(_, shard)| *shard != partition.shard);
            others.extend(elsewhere.map(|(test, _)| TestId { binary, test }));
        }
        Self { partition: Some(partition.to_string()), whole, others }
    }

    /// Whether this shard judges a test.
    pub(crate) fn owns(&self, id: TestId) -> bool {
        !self.others.contains(&id)
    }

    /// Deselects what is another shard's, where nothing is going to run.
    pub(crate) fn deselect_others(&self, suite: &mut Suite) {
        for id in &self.others {
            suite.binaries[id.binary].tests[id.test].selected = false;
        }
    }
}

impl Partition {
    /// For each binary, the shard of each selected test.
    fn deal(self, suite: &Suite, mode: RunIgnored) -> Vec<Vec<usize>> {
        let binaries: Vec<_> = suite
            .binaries
            .iter()
            .map(|binary| {
                let candidate = |index: usize| {
                    let test = &binary.tests[index];
                    Candidate { name: &test.name, runs: mode.runs(test) }
                };
                (binary.id.as_str(), binary.selected().map(candidate).collect())
            })
            .collect();
        assign(self.scheme, self.shards, &binaries)
    }
}
