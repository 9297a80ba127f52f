//! How the statics of two states differ.

use super::compare::Difference;
use super::memory::Content;
use super::repair::Repair;
use super::state::{ENVIRON, State};
use crate::explanation::Channel;
use crate::image::{Origin, Static, is_panic_hook, origin, readable};
use std::collections::BTreeSet;
use std::ops::Range;

/// Statics up to this size are put back as a whole, larger ones where they differ.
const WHOLE: u64 = 64 << 10;

/// Of larger statics the inherited value is not kept, to be put into a fresh process.
const MOST_MOVED: u64 = 4 << 20;

pub(super) fn statics(fresh: &State, inherited: &State) -> Vec<Difference> {
    let mut seen = BTreeSet::new();
    let mut result = Vec::new();
    let pages = fresh.memory.differing(&inherited.memory);
    for (index, object) in inherited.objects.iter().enumerate() {
        let is_loaded = fresh.objects.iter().any(|other| other.is(object));
        for page in &pages {
            for known in object.statics_in(page.clone()) {
                let at = known.address + object.base..known.address + known.size + object.base;
                let within = at.start.max(page.start)..at.end.min(page.end);
                let same = fresh.memory.bytes(&within) == inherited.memory.bytes(&within)
                    && fresh.memory.bytes(&within).is_some();
                if same || ENVIRON.contains(&known.symbol.as_str()) || !seen.insert(at.start) {
                    continue;
                }
                match is_loaded {
                    true => result.push(static_difference(fresh, inherited, index, known, at, &pages)),
                    false => result.extend(not_loaded(inherited, index, known, at)),
                }
            }
        }
    }
    result
}

/// A static of an object that a fresh process has not loaded, if it is not as it would be there.
fn not_loaded(inherited: &State, object: usize, known: &Static, at: Range<u64>) -> Option<Difference> {
    let initial = inherited.objects[object].file.words.initial(known)?;
    let now = inherited.memory.bytes(&at)?;
    // What the loader has put in place of a pointer is no difference.
    let differs = initial != now && !has_pointer(inherited, &now);
    differs.then(|| Difference {
        to_fresh: Some(Repair::Memory(vec![(at.start, Content::Bytes(initial.clone()))])),
        initial: Some(initial),
        ..of_static(object, known)
    })
}

fn of_static(object: usize, known: &Static) -> Difference {
    let name = readable(&known.symbol);
    Difference {
        foreign: !matches!(origin(&known.symbol), Origin::Crate(_)),
        place: Some((object, known.clone())),
        ..Difference::new(Channel::Static, name, String::new(), String::new())
    }
}

fn static_difference(
    fresh: &State,
    inherited: &State,
    object: usize,
    known: &Static,
    at: Range<u64>,
    pages: &[Range<u64>],
) -> Difference {
    let areas: Vec<Range<u64>> = if known.size <= WHOLE {
        vec![at]
    } else {
        let touching = pages.iter().filter(|page| page.start < at.end && at.start < page.end);
        touching.map(|page| page.start.max(at.start)..page.end.min(at.end)).collect()
    };
    let contents = |state: &State| -> Option<Vec<(u64, Content)>> {
        areas.iter().map(|area| Some((area.start, state.memory.content(area)?))).collect()
    };
    let mut difference = of_static(object, known);
    let Some(before) = contents(fresh) else { return difference };
    if known.size <= MOST_MOVED
        && let Some(after) = contents(inherited)
    {
        let portable = |contents: &[(u64, Content)]| {
            !contents.iter().any(|(_, content)| match content {
                Content::Zeros(_) => false,
                Content::Bytes(bytes) => has_pointer(inherited, bytes),
            })
        };
        difference.to_inherited = (portable(&before) && portable(&after)).then_some(Repair::Memory(after));
    }
    difference.to_fresh = Some(match &fresh.hook {
        Some(hook) if is_panic_hook(&known.symbol) => hook.clone(),
        _ => Repair::Memory(before),
    });
    difference
}

/// Whether any aligned word may be a pointer that means something in its own process only.
fn has_pointer(state: &State, bytes: &[u8]) -> bool {
    let words = bytes.chunks_exact(8).map(|word| word.try_into().map_or(0, u64::from_ne_bytes));
    words.filter(|word| *word > 0xffff).any(|word| state.private.contains(word))
}
