//! Text from outside, made fit for a terminal.

use anstyle::Style;
use std::io::{self, Write};

/// `text` without escape sequences and other control characters, so that a test's output or name cannot move the cursor,
/// change colours or imitate the report. Line ends and tabs stay.
pub(crate) fn printable(text: &str) -> String {
    let plain = anstream::adapter::strip_str(text).to_string();
    plain
        .chars()
        .filter_map(|c| match c {
            '\n' | '\t' => Some(c),
            '\r' => None,
            // Direction marks can make a name read as another one; two characters are none, and no XML file may have them.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => Some('\u{fffd}'),
            c if c.is_control() => Some('\u{fffd}'),
            c => Some(c),
        })
        .collect()
}

/// The same on one line.
pub(crate) fn on_one_line(text: &str) -> String {
    printable(text).replace(['\n', '\t'], " ")
}

/// Lines are not longer than this, except where a command is.
pub(super) const WIDTH: usize = 80;

/// Where a line's text begins, as in cargo's own output.
pub(super) const INDENT: usize = 12;

/// Room for the text of a labelled line.
pub(super) const TEXT_WIDTH: usize = WIDTH - INDENT - 2;

/// Writes a label, and text in the column for text.
pub(super) fn labelled(out: &mut dyn Write, label: &str, style: Style, text: &str) -> io::Result<()> {
    match label {
        "" => writeln!(out, "{}", format!("{:INDENT$}  {text}", "").trim_end()),
        _ => writeln!(out, "{style}{label:>INDENT$}{style:#}  {text}"),
    }
}

/// `text` in lines of at most `width` characters, broken at spaces. A word that is longer by itself, such as the name of a type, is broken
/// where one of its parts ends.
pub(super) fn wrap_words(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').flat_map(|word| parts(word, width)) {
        let (word, glued) = word;
        let Some(line) = lines.last_mut() else { break };
        let gap = usize::from(!glued && !line.is_empty());
        if line.chars().count() + gap + word.chars().count() > width && !line.is_empty() {
            lines.push(word);
        } else {
            line.push_str(&" ".repeat(gap));
            line.push_str(&word);
        }
    }
    lines.iter_mut().for_each(|line| line.truncate(line.trim_end().len()));
    lines
}

/// A word that fits, or its parts; and whether each continues the one before.
fn parts(word: &str, width: usize) -> Vec<(String, bool)> {
    if word.chars().count() <= width {
        return vec![(word.to_owned(), false)];
    }
    let mut parts: Vec<(String, bool)> = Vec::new();
    let mut part = String::new();
    for c in word.chars() {
        part.push(c);
        let ends = part.ends_with("::") || [',', '<', '(', ' ', '/', '_'].contains(&c);
        if ends || part.chars().count() == width {
            parts.push((std::mem::take(&mut part), !parts.is_empty()));
        }
    }
    if !part.is_empty() {
        parts.push((part, !parts.is_empty()));
    }
    parts
}

/// What the standard library says below the first panic of a process.
const BACKTRACE_ADVICE: &str = "note: run with `RUST_BACKTRACE=1`";

/// The first `lines` lines that are not blank at the start, wrapped at `width` characters. A stack backtrace is left out: it
/// hides the few lines that matter, and has no room here.
pub(super) fn excerpt(text: &str, lines: usize, width: usize) -> Vec<String> {
    let text = printable(text);
    let said = text.lines().map(str::trim_end).take_while(|line| *line != "stack backtrace:");
    let said = said.filter(|line| !line.starts_with(BACKTRACE_ADVICE));
    let all: Vec<String> =
        said.skip_while(|line| line.is_empty()).flat_map(|line| wrap(without_thread(line), width)).collect();
    let mut result = all[..lines.min(all.len())].to_vec();
    while result.last().is_some_and(String::is_empty) {
        result.pop();
    }
    if all.len() > lines {
        result.push(format!("… {} more lines", all.len() - lines));
    }
    result
}

/// A panic message without its beginning, `thread 'NAME' (ID) `: the name of a test's thread is the test's.
fn without_thread(line: &str) -> &str {
    match (line.strip_prefix("thread '"), line.find("panicked at ")) {
        (Some(_), Some(at)) => &line[at..],
        _ => line,
    }
}

fn wrap(line: &str, width: usize) -> Vec<String> {
    let chars: Vec<char> = line.chars().collect();
    match chars.is_empty() {
        // An empty line is a line.
        true => vec![String::new()],
        false => chars.chunks(width.max(1)).map(String::from_iter).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{excerpt, printable, wrap_words};

    #[test]
    fn nothing_that_steers_a_terminal() {
        assert_eq!(printable("\u{1b}[31mred\u{1b}[0m\r\n\ttab\u{7}"), "red\n\ttab");
        assert_eq!(printable("\u{1b}]0;title\u{7}x"), "x");
        assert_eq!(printable("a\u{202e}b\u{9b}c"), "a\u{fffd}b\u{fffd}c");
        assert_eq!(printable("\u{fffe}\u{ffff}\u{10ffff}"), "\u{fffd}\u{fffd}\u{10ffff}");
    }

    #[test]
    fn words_are_wrapped() {
        assert_eq!(wrap_words("", 9), [""]);
        assert_eq!(wrap_words("one two three", 9), ["one two", "three"]);
        assert_eq!(wrap_words("a  b", 9), ["a  b"]);
        assert_eq!(wrap_words("x LazyLock<Mutex<u32>>", 16), ["x LazyLock<", "Mutex<u32>>"]);
        assert_eq!(wrap_words("abcdefgh", 3), ["abc", "def", "gh"]);
    }

    #[test]
    fn excerpts() {
        assert_eq!(excerpt("a\nstack backtrace:\n  0: main\n", 2, 80), ["a"]);
        assert_eq!(
            excerpt("a\nnote: run with `RUST_BACKTRACE=1` environment variable to see\nb\n", 3, 80),
            ["a", "b"]
        );
        assert_eq!(excerpt("\n\na\nb\n\nc\n", 2, 80), ["a", "b", "… 2 more lines"]);
        assert_eq!(excerpt("abcdef", 2, 4), ["abcd", "ef"]);
        assert_eq!(
            excerpt("thread 'a::b' (12) panicked at src/lib.rs:1:2:", 2, 80),
            ["panicked at src/lib.rs:1:2:"]
        );
        assert!(excerpt("\n", 2, 4).is_empty());
    }
}
