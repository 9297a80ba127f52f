//! `cargo spawncheck footprint`: what each test leaves changed when it ends, whether or not another test minds.
//!
//! One pass over each binary in its own order, stopped where each test begins. A change that is taken back before the test ends
//! does not show, nor does one behind a pointer that stays the same. Tests that run beside each other mind what is taken back, too: for
//! their sake, the variables of the environment that each uses can be noted besides.

mod session;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use session::Session;

use crate::explanation::{Channel, Suspect};
use crate::finding::Verdict;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What one test leaves changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Footprint {
    /// Index of the test in its binary.
    pub(crate) test: usize,
    pub(crate) verdict: Verdict,
    pub(crate) changes: Vec<Change>,
    /// How many statics of the standard library and the C library besides.
    pub(crate) library: usize,
    /// Empty unless it was asked for.
    pub(crate) variables: Variables,
}

/// The variables of the environment that a test uses while it runs, by name, whether or not it puts them back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Variables {
    pub(crate) read: BTreeSet<String>,
    pub(crate) written: BTreeSet<String>,
    /// The uses, counted from 1, that come after the first change.
    pub(crate) after_change: Range<usize>,
}

/// Something that is not as it was before the test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Change {
    pub(crate) channel: Channel,
    pub(crate) name: String,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(crate) type_name: Option<String>,
    /// `FILE:LINE` of its declaration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) location: Option<String>,
    /// Empty for a static: nobody knew yet that it would change.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) before: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) after: String,
}

impl Change {
    /// What was changed, whatever its new value is.
    pub(crate) fn carrier(&self) -> (Channel, &str) {
        match self.channel {
            // There is one of each; the name is its value.
            Channel::Cwd | Channel::Umask => (self.channel, ""),
            channel => (channel, &self.name),
        }
    }
}

impl Footprint {
    /// What it changes, for a while or for good, with the names for people.
    pub(crate) fn writes(&self) -> impl Iterator<Item = ((Channel, &str), &str)> {
        let changes = self.changes.iter().map(|change| (change.carrier(), &*change.name));
        changes.chain(self.variables.written.iter().map(|name| variable(name)))
    }

    /// The same, and what it looks at.
    pub(crate) fn uses(&self) -> impl Iterator<Item = ((Channel, &str), &str)> {
        self.writes().chain(self.variables.read.iter().map(|name| variable(name)))
    }
}

fn variable(name: &str) -> ((Channel, &str), &str) {
    ((Channel::Env, name), name)
}

/// What one test uses and others change.
pub(crate) fn shared(footprints: &[Footprint], own: &Footprint) -> Vec<Suspect> {
    let mut writers: BTreeMap<(Channel, &str), BTreeSet<usize>> = BTreeMap::new();
    for footprint in footprints.iter().filter(|footprint| footprint.test != own.test) {
        for (carrier, _) in footprint.writes() {
            writers.entry(carrier).or_default().insert(footprint.test);
        }
    }
    // Each of them once: what was told is taken away.
    own.uses()
        .filter_map(|(carrier, name)| {
            let tests = writers.remove(&carrier)?.into_iter().collect();
            Some(Suspect { channel: carrier.0, name: name.to_owned(), tests })
        })
        .collect()
}
