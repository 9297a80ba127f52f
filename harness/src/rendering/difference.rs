//! The first difference of two trees.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

use super::tree::{Bracket, Group, Value};

/// So many characters of a value are shown, and of a map's key within a path.
const SHOWN: usize = 120;
const SHOWN_KEY: usize = 40;

/// How much of what two long texts have in common is shown before they part.
const CONTEXT: usize = 40;

/// A place where two values differ.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// From the value to the place: `items[2].note`, `prices["tea"]`, `1.name` in a tuple; empty for the value itself.
    /// The content of `Some(…)`, or of anything else that has a name and one unnamed field, adds nothing.
    pub(crate) path: String,
    /// What was there, as `{:?}` prints it, shortened; `(missing)` for what only the other value has.
    pub(crate) before: String,
    /// What is there now, likewise.
    pub(crate) after: String,
}

impl Difference {
    /// These two renderings differ, as a whole.
    fn here(before: &str, after: &str) -> Self {
        // Two long texts may differ late, and must not read the same here.
        let same = before.chars().zip(after.chars()).take_while(|(before, after)| before == after).count();
        let fits = [before, after].iter().all(|text| text.chars().nth(SHOWN).is_none());
        let skip = if fits { 0 } else { same.saturating_sub(CONTEXT) };
        Self { path: String::new(), before: excerpt(before, skip, SHOWN), after: excerpt(after, skip, SHOWN) }
    }

    fn within(self, step: &str) -> Self {
        Self { path: format!("{step}{}", self.path), ..self }
    }
}

pub(super) fn between(before: &Value, after: &Value) -> Option<Difference> {
    let found = compare(Some(before), Some(after))?;
    Some(Difference { path: found.path.strip_prefix('.').unwrap_or(&found.path).into(), ..found })
}

fn compare(before: Option<&Value>, after: Option<&Value>) -> Option<Difference> {
    match (before, after) {
        (Some(before), Some(after)) if before.is_like(after) => {
            let mut groups = before.groups.iter().zip(&after.groups);
            groups.find_map(|(before, after)| match before.bracket {
                Bracket::Curly => compare_by_key(before, after),
                Bracket::Round | Bracket::Square => compare_in_order(before, after),
            })
        }
        _ => Some(Difference::here(&rendering(before), &rendering(after))),
    }
}

impl Value<'_> {
    /// Whether they differ within their groups only.
    fn is_like(&self, other: &Self) -> bool {
        let frames =
            |value: &Self| value.groups.iter().map(|group| (group.bracket, group.tail)).collect::<Vec<_>>();
        self.head == other.head && frames(self) == frames(other)
    }
}

fn rendering(value: Option<&Value>) -> String {
    value.map_or_else(|| "(missing)".into(), Value::to_string)
}

fn compare_in_order(before: &Group, after: &Group) -> Option<Difference> {
    let longest = before.entries.len().max(after.entries.len());
    let step = |index| match before.bracket {
        Bracket::Square => format!("[{index}]"),
        _ if before.named && longest == 1 => String::new(),
        _ => format!(".{index}"),
    };
    (0..longest).find_map(|index| {
        let [before, after] = [before, after].map(|group| group.entries.get(index).map(|entry| &entry.value));
        compare(before, after).map(|found| found.within(&step(index)))
    })
}

/// Entries in curly brackets may come in any order. Those that share a key (in a multimap) are paired in theirs.
fn compare_by_key(before: &Group, after: &Group) -> Option<Difference> {
    let mut partners = BTreeMap::<_, VecDeque<_>>::new();
    for entry in &after.entries {
        partners.entry(entry.name()).or_default().push_back(&entry.value);
    }
    let mut entries = Vec::from_iter(before.entries.iter().map(|entry| (entry.name(), &entry.value)));
    if !before.named {
        // The order of a `HashMap` must not decide which of several differences is shown.
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    }
    let step = |key: Cow<str>| match before.named && is_identifier(&key) {
        true => format!(".{key}"),
        false => format!("[{}]", excerpt(&key, 0, SHOWN_KEY)),
    };
    for (key, value) in entries {
        let partner = partners.get_mut(&key).and_then(VecDeque::pop_front);
        if let Some(found) = compare(Some(value), partner) {
            return Some(found.within(&step(key)));
        }
    }
    let (key, rest) = partners.into_iter().find(|(_, rest)| !rest.is_empty())?;
    compare(None, rest.front().copied()).map(|found| found.within(&step(key)))
}

fn is_identifier(key: &str) -> bool {
    !key.starts_with(|first: char| first.is_numeric())
        && key.chars().all(|char| char.is_alphanumeric() || char == '_')
}

/// `limit` characters of the text after the first `skip`, with `…` where something is left out.
fn excerpt(text: &str, skip: usize, limit: usize) -> String {
    let mut chars = text.chars().skip(skip);
    let shown = String::from_iter(chars.by_ref().take(limit));
    let [before, after] = [skip > 0, chars.next().is_some()].map(|more| if more { "…" } else { "" });
    format!("{before}{shown}{after}")
}
