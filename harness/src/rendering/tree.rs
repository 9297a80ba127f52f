//! What a rendering consists of, and how it reads on one line.

use std::borrow::Cow;
use std::fmt;

/// An atom (`head` alone, any text), or `head` followed by groups: `Name { … }`, `[…]`, and in a range of structs
/// `Name { … }..Name { … }`.
#[derive(Default)]
pub(super) struct Value<'a> {
    pub(super) head: &'a str,
    pub(super) groups: Vec<Group<'a>>,
}

pub(super) struct Group<'a> {
    pub(super) bracket: Bracket,
    /// Whether text precedes the bracket: it tells `Name { field: … }` from a map, and `Name(…)` from a tuple.
    pub(super) named: bool,
    pub(super) entries: Vec<Entry<'a>>,
    /// What follows the closing bracket, mostly nothing.
    pub(super) tail: &'a str,
}

pub(super) struct Entry<'a> {
    /// The name of a field or the rendering of a map's key; elements of sets have none.
    pub(super) key: Option<Cow<'a, str>>,
    pub(super) value: Value<'a>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    Round,
    Square,
    Curly,
}

impl Bracket {
    pub(super) const ALL: [Self; 3] = [Self::Round, Self::Square, Self::Curly];

    pub(super) fn opening(self) -> char {
        match self {
            Self::Round => '(',
            Self::Square => '[',
            Self::Curly => '{',
        }
    }

    pub(super) fn closing(self) -> char {
        match self {
            Self::Round => ')',
            Self::Square => ']',
            Self::Curly => '}',
        }
    }
}

impl<'a> Value<'a> {
    /// A value without entries. An empty collection is no atom, though: it has a group, like others of its type.
    pub(super) fn plain(text: &'a str) -> Self {
        let empty = |head: &'a str, bracket| {
            let group = Group { bracket, named: !head.is_empty(), entries: Vec::new(), tail: "" };
            Self { head, groups: vec![group] }
        };
        if let Some(head) = text.strip_suffix("[]") {
            empty(head, Bracket::Square)
        } else if let Some(head) = text.strip_suffix("{}") {
            empty(head, Bracket::Curly)
        } else {
            Self { head: text, groups: Vec::new() }
        }
    }
}

impl Entry<'_> {
    /// What it is found by in the other value.
    pub(super) fn name(&self) -> Cow<'_, str> {
        match &self.key {
            Some(key) => Cow::Borrowed(key),
            None => Cow::Owned(self.value.to_string()),
        }
    }
}

/// As `{:?}` would print it.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_text(f, self.head)?;
        self.groups.iter().try_for_each(|group| write!(f, "{group}"))
    }
}

impl fmt::Display for Group<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let padding =
            if self.named && self.bracket == Bracket::Curly && !self.entries.is_empty() { " " } else { "" };
        write!(f, "{}{padding}", self.bracket.opening())?;
        for (index, entry) in self.entries.iter().enumerate() {
            f.write_str(if index > 0 { ", " } else { "" })?;
            if let Some(key) = &entry.key {
                write!(f, "{key}: ")?;
            }
            write!(f, "{}", entry.value)?;
        }
        if self.bracket == Bracket::Round && !self.named && self.entries.len() == 1 {
            f.write_str(",")?;
        }
        write!(f, "{padding}{}", self.bracket.closing())?;
        write_text(f, self.tail)
    }
}

/// Text of a hand-written `Debug` may span lines.
fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let mut lines = text.split('\n');
    f.write_str(lines.next().unwrap_or_default())?;
    lines.try_for_each(|line| write!(f, " {}", line.trim_start()))
}
