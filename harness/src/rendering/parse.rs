//! From a `{:#?}` rendering to a tree.
//!
//! The standard library's pretty printer puts every entry on lines of its own, four spaces deeper than the lines of its
//! brackets, and ends it with a comma. So brackets count at the end and at the beginning of a line only, and whatever
//! else stands in a line is text, be it a string full of braces or what a hand-written `Debug` printed.

use std::borrow::Cow;
use std::mem;

use super::tree::{Bracket, Entry, Group, Value};

const INDENT: usize = 4;

/// Groups within so many others stay text: values are compared and dropped by recursion.
const MAX_DEPTH: usize = 128;

/// `None` if brackets and indentation do not fit together.
pub(super) fn parse(text: &str) -> Option<Value<'_>> {
    let mut parser = Parser { text, outer: Vec::new(), entries: Vec::new(), entry: None };
    let mut at = 0;
    for line in text.split('\n') {
        parser.read(at, line)?;
        at += line.len() + 1;
    }
    let complete = parser.outer.is_empty();
    parser.entry.filter(|_| complete).map(|entry| entry.finish(text, text.len()).value)
}

struct Parser<'a> {
    text: &'a str,
    /// The groups around the current place.
    outer: Vec<Opened<'a>>,
    /// The finished entries of the innermost one.
    entries: Vec<Entry<'a>>,
    /// Its unfinished entry.
    entry: Option<Unfinished<'a>>,
}

/// A group without its end, and what there is of the group around it.
struct Opened<'a> {
    bracket: Bracket,
    named: bool,
    entries: Vec<Entry<'a>>,
    entry: Unfinished<'a>,
}

struct Unfinished<'a> {
    key: Option<Cow<'a, str>>,
    value: Value<'a>,
    /// Where the text begins that is not in `value` yet.
    from: usize,
}

impl<'a> Parser<'a> {
    /// Reads the line that begins at `at`; `None` if it cannot stand there.
    fn read(&mut self, at: usize, line: &'a str) -> Option<()> {
        let end = at + line.len();
        let indent = INDENT * self.outer.len();
        let (mut entry, inside) = match self.close(at, line) {
            Some(entry) => (entry, false),
            None => {
                let own = after_spaces(line, indent)?;
                let entry = self.entry.take().unwrap_or_else(|| self.begin(at + indent, own));
                (entry, own.starts_with(' '))
            }
        };
        let opening = Bracket::ALL.into_iter().find(|bracket| line.ends_with(bracket.opening()));
        match opening {
            // Within something that is text to us, such as a hand-written `Debug` of several lines.
            _ if inside => self.entry = Some(entry),
            Some(bracket) if self.outer.len() < MAX_DEPTH => {
                let named = !entry.cut(self.text, end - 1).is_empty();
                self.outer.push(Opened { bracket, named, entries: mem::take(&mut self.entries), entry });
            }
            _ if line.ends_with(',') && !self.outer.is_empty() => {
                self.entries.push(entry.finish(self.text, end - 1))
            }
            _ => self.entry = Some(entry),
        }
        Some(())
    }

    /// Starts an entry with the line whose text begins at `from`.
    fn begin(&self, from: usize, line: &'a str) -> Unfinished<'a> {
        let key = if self.has_keys() { find_key(line) } else { None };
        let from = key.map_or(from, |key| from + key.len() + ": ".len());
        Unfinished { key: key.map(Cow::Borrowed), value: Value::default(), from }
    }

    /// If the line begins with the end of the innermost group: the entry which that group is a part of.
    fn close(&mut self, at: usize, line: &'a str) -> Option<Unfinished<'a>> {
        let indent = INDENT * self.outer.len().checked_sub(1)?;
        let group = self.outer.pop_if(|group| {
            after_spaces(line, indent).is_some_and(|own| own.starts_with(group.bracket.closing()))
        })?;
        let last = self.entry.take().map(|entry| entry.finish(self.text, at - 1));
        let mut entries = mem::replace(&mut self.entries, group.entries);
        entries.extend(last);

        let Unfinished { key, mut value, .. } = group.entry;
        value.groups.push(Group { bracket: group.bracket, named: group.named, entries, tail: "" });
        let from = at + indent + 1;
        if key.is_none() && self.has_keys() && self.text[from..].starts_with(": ") {
            let key = Some(Cow::Owned(value.to_string()));
            return Some(Unfinished { key, value: Value::default(), from: from + ": ".len() });
        }
        Some(Unfinished { key, value, from })
    }

    fn has_keys(&self) -> bool {
        self.outer.last().is_some_and(|group| group.bracket == Bracket::Curly)
    }
}

impl<'a> Unfinished<'a> {
    /// Moves the text up to `end` into the value.
    fn cut(&mut self, text: &'a str, end: usize) -> &'a str {
        let text = &text[self.from..end];
        match self.value.groups.last_mut() {
            Some(group) => group.tail = text,
            None => self.value.head = text,
        }
        text
    }

    fn finish(mut self, text: &'a str, end: usize) -> Entry<'a> {
        self.cut(text, end);
        if self.value.groups.is_empty() {
            self.value = Value::plain(self.value.head);
        }
        Entry { key: self.key, value: self.value }
    }
}

/// The line without its first `count` characters, if those are spaces.
fn after_spaces(line: &str, count: usize) -> Option<&str> {
    let (spaces, rest) = line.split_at_checked(count)?;
    spaces.bytes().all(|byte| byte == b' ').then_some(rest)
}

/// What precedes the first `: ` outside of quotes.
fn find_key(line: &str) -> Option<&str> {
    let mut quoted = false;
    let mut bytes = line.bytes().enumerate();
    while let Some((index, byte)) = bytes.next() {
        match byte {
            b'\\' if quoted => _ = bytes.next(),
            // Not in the character `'"'`.
            b'"' if quoted || !line[..index].ends_with('\'') => quoted = !quoted,
            b':' if !quoted && line[index..].starts_with(": ") => return Some(&line[..index]),
            _ => {}
        }
    }
    None
}
