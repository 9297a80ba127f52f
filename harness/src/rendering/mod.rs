//! Where two values differ, found by what their derived `{:#?}` prints.
//!
//! An input that is sent to another process may arrive changed, and its owner wants to know which part did. The
//! serialized forms cannot tell: a field under `#[serde(skip)]` is in neither of them. `PartialEq` could say that
//! something changed, but not what, and `NaN` would count as a change. So we read the Debug output of both values.
//!
//! Rejected: reading `{:?}`, where a comma or bracket of a hand-written `Debug` cannot be told from a structural
//! one (in `{:#?}` structure follows the lines); and a line diff, which knows neither paths nor that the order of a
//! `HashMap` means nothing.

mod difference;
mod parse;
#[cfg(test)]
mod tests;
mod tree;

pub(crate) use difference::Difference;

/// The first place where two values differ, given their `{:#?}` renderings; `None` where the trees are equal.
///
/// Fields, elements and tuples are compared in order, maps and sets by key. Text that cannot be read as a tree is
/// compared as a whole.
pub(crate) fn first_difference(before: &str, after: &str) -> Option<Difference> {
    let [before, after] =
        [before, after].map(|text| parse::parse(text).unwrap_or_else(|| tree::Value::plain(text)));
    difference::between(&before, &after)
}
