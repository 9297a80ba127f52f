//! Text from outside, made fit for a page.

use crate::report::printable;

/// Names longer than this are cut: nobody reads on, and ten thousand of them would not fit.
const NAME: usize = 240;

/// The same for a value, an outcome or a note.
const VALUE: usize = 2_000;

pub(super) fn name(text: &str) -> String {
    cut(text, NAME).replace(['\n', '\t'], " ")
}

pub(super) fn value(text: &str) -> String {
    cut(text, VALUE)
}

/// The first `limit` characters of `text`, and how many there are besides. Without escape sequences, control characters and direction marks.
pub(super) fn cut(text: &str, limit: usize) -> String {
    let first = start(text, limit);
    match text[first.len()..].chars().count() {
        0 => printable(first),
        more => format!("{}… ({} more)", printable(first), count(more, "character")),
    }
}

/// The first characters of `text`.
pub(super) fn start(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(at, _)| &text[..at])
}

/// `1 test`, `1,200 tests`.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// With a comma at the thousands.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{count, cut, name};

    #[test]
    fn nothing_but_text() {
        assert_eq!(name("a\u{1b}[31mb\u{0}c\nd\u{202e}e"), "abc d\u{fffd}e");
    }

    #[test]
    fn cut_between_characters() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöü", 1), "ä… (2 characters more)");
    }

    #[test]
    fn numbers() {
        assert_eq!(count(1, "test"), "1 test");
        assert_eq!(count(0, "test"), "0 tests");
        assert_eq!(count(999, "test"), "999 tests");
        assert_eq!(count(1_234_567, "test"), "1,234,567 tests");
    }
}
