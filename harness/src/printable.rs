//! Text from outside, made fit for a terminal: values and panics hold what a worker was given, which may be hostile.
//!
//! Escape sequences are made visible and not cut out: what is shown as the smallest input should not read as another one.

use std::borrow::Cow;

/// `text` with a replacement for each character that would move the cursor, change colours or the direction of writing, or
/// imitate a new line. Line ends stay; a tab is a space.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| c != '\n' && is_hostile(c)) {
        return Cow::Borrowed(text);
    }
    let clean = |c| match c {
        '\n' => '\n',
        '\t' => ' ',
        c if is_hostile(c) => '\u{fffd}',
        c => c,
    };
    text.replace("\r\n", "\n").chars().map(clean).collect()
}

/// The same in one line.
pub(crate) fn on_one_line(text: &str) -> String {
    printable(text).replace('\n', "\u{fffd}")
}

/// Control characters, the old ones and those above 0x7f, marks and brackets of the direction of writing, and the line ends that only
/// some programs know.
fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::{on_one_line, printable};

    #[test]
    fn nothing_that_steers_a_terminal() {
        assert_eq!(printable("\u{1b}[31mred\u{1b}]0;title\u{7}"), "\u{fffd}[31mred\u{fffd}]0;title\u{fffd}");
        assert_eq!(printable("a\u{9b}2J\u{7f}\u{85}b"), "a\u{fffd}2J\u{fffd}\u{fffd}b");
        assert_eq!(printable("a\u{202e}b\u{2066}c\u{200f}d\u{61c}"), "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}");
        assert_eq!(
            printable("one\r\ntwo\rthree\n\tfour\u{2028}five"),
            "one\ntwo\u{fffd}three\n four\u{fffd}five"
        );
    }

    #[test]
    fn other_text_stays() {
        for text in ["", "a\nb", "ü 漢字 👩‍👩‍👧 שלום", "\"\\u{1b}[0m\""] {
            assert_eq!(printable(text), text);
        }
    }

    #[test]
    fn names_have_one_line() {
        assert_eq!(on_one_line("a\nerror: b"), "a\u{fffd}error: b");
    }
}
