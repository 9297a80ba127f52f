//! Which findings are one story: the same kind, left by the same tests, carried by the same things.
//!
//! One culprit easily breaks twenty tests, and twenty blocks that differ in one name hide that.

use super::event::FindingEvent;
use crate::explanation::{Cause, Channel};
use crate::finding::{Kind, Level};
use crate::matrix::Story;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;

/// The findings in groups; a group stands where its first member stood.
pub(super) fn groups<'a>(
    findings: impl IntoIterator<Item = &'a FindingEvent<'a>>,
) -> Vec<Vec<&'a FindingEvent<'a>>> {
    by_key(findings, |finding| {
        let culprits = finding.culprits.as_ref().filter(|_| finding.accepted.is_none())?;
        let minimal = finding.search.map(|search| search.minimal);
        let what = What {
            kind: finding.kind,
            level: finding.level,
            package: finding.name.package,
            binary: finding.name.binary,
            culprits: culprits.clone(),
            causes: finding.causes.iter().map(claim).collect(),
        };
        Some((what, minimal))
    })
}

/// The same for stories of several reports. What is said of one is said of all: where it shows, and what is noted.
pub(super) fn groups_of_stories(stories: &[Story]) -> Vec<Vec<&Story>> {
    by_key(stories, |story| {
        let culprits = story.culprits.as_ref().filter(|culprits| !culprits.is_empty())?;
        let what = What {
            kind: story.kind.filter(|_| story.accepted.is_none() && story.worker.is_none())?,
            level: story.level,
            package: &story.name.package,
            binary: &story.name.binary,
            culprits: culprits.iter().map(String::as_str).collect(),
            causes: story.causes.iter().map(claim).collect(),
        };
        Some((what, &story.platforms, story.spread, &story.notes))
    })
}

/// What the findings of a group have in common.
///
/// A finding without culprits is a group of its own: that two tests inherit the same static does not yet say that they do so from the same
/// test. So is an accepted one: it has a reason of its own.
#[derive(PartialEq, Eq, Hash)]
struct What<'a> {
    kind: Kind,
    level: Level,
    package: &'a str,
    binary: &'a str,
    culprits: Vec<&'a str>,
    causes: Vec<Claim<'a>>,
}

/// What is claimed of a cause. The values may differ: a counter goes on counting.
#[derive(PartialEq, Eq, Hash)]
struct Claim<'a> {
    channel: Channel,
    name: &'a str,
    type_name: Option<&'a str>,
    location: Option<&'a str>,
    confirmed: bool,
    sufficient: Option<bool>,
    together_with: &'a [String],
}

fn claim(cause: &Cause) -> Claim<'_> {
    let Cause { carrier, confirmed, together_with, sufficient } = cause;
    Claim {
        channel: carrier.channel,
        name: &carrier.name,
        type_name: carrier.type_name.as_deref(),
        location: carrier.location.as_deref(),
        confirmed: *confirmed,
        sufficient: *sufficient,
        together_with,
    }
}

/// Without a key, an item is a group of its own. Reports may have a hundred thousand: each is looked at once.
fn by_key<'a, T, K: Eq + Hash>(
    items: impl IntoIterator<Item = &'a T>,
    key: impl Fn(&'a T) -> Option<K>,
) -> Vec<Vec<&'a T>> {
    let mut groups: Vec<Vec<&T>> = Vec::new();
    let mut known: HashMap<K, usize> = HashMap::new();
    for item in items {
        match key(item).map(|key| known.entry(key)) {
            Some(Entry::Occupied(group)) => groups[*group.get()].push(item),
            Some(Entry::Vacant(group)) => {
                group.insert(groups.len());
                groups.push(vec![item]);
            }
            None => groups.push(vec![item]),
        }
    }
    groups
}
