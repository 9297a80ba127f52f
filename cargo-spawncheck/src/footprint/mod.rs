//! `cargo spawncheck footprint`: what each test leaves changed when it ends, whether or not another test minds.
//!
//! One pass over each binary in its own order, stopped where each test begins. A change that is taken back before the test ends
//! does not show, nor does one behind a pointer that stays the same.

mod session;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use session::Session;

use crate::explanation::Channel;
use crate::finding::Verdict;
use serde::Serialize;
use std::collections::BTreeMap;

/// What one test leaves changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Footprint {
    /// Index of the test in its binary.
    pub(crate) test: usize,
    pub(crate) verdict: Verdict,
    pub(crate) changes: Vec<Change>,
    /// How many statics of the standard library and the C library besides.
    pub(crate) library: usize,
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

/// Who else changes what one test changes.
pub(crate) fn shared(footprints: &[Footprint], own: &Footprint) -> Vec<(Change, Vec<usize>)> {
    let mut by_carrier: BTreeMap<(Channel, &str), Vec<usize>> = BTreeMap::new();
    for footprint in footprints {
        for change in &footprint.changes {
            by_carrier.entry(change.carrier()).or_default().push(footprint.test);
        }
    }
    own.changes
        .iter()
        .filter_map(|change| {
            let all = by_carrier.get(&change.carrier())?;
            let others: Vec<usize> = all.iter().copied().filter(|other| *other != own.test).collect();
            (!others.is_empty()).then(|| (change.clone(), others))
        })
        .collect()
}
