//! libtest's `--logfile`: `RESULT NAME` in a line for each test, where a result may have a text that spans lines.

use super::Parsed;
use crate::finding::Verdict;

/// Reads one result for `name` from the beginning of `text`.
pub(super) fn parse(text: &[u8], name: &str) -> Parsed {
    for (word, verdict) in
        [("ok", Verdict::Passed), ("failed", Verdict::Failed), ("ignored", Verdict::Ignored)]
    {
        let plain = format!("{word} {name}\n");
        if text.starts_with(plain.as_bytes()) {
            return Parsed::Result(verdict, plain.len());
        }
        // A failed `should_panic` and an `#[ignore = "…"]` say why.
        if text.starts_with(format!("{word}: ").as_bytes()) {
            return match find(text, format!(" {name}\n").as_bytes()) {
                Some(end) => Parsed::Result(verdict, end),
                None => Parsed::Incomplete,
            };
        }
        // Half a line so far, or half a word.
        if plain.as_bytes().starts_with(text) || format!("{word}: ").as_bytes().starts_with(text) {
            return Parsed::Incomplete;
        }
    }
    Parsed::Garbled
}

fn find(text: &[u8], end: &[u8]) -> Option<usize> {
    text.windows(end.len()).position(|window| window == end).map(|at| at + end.len())
}

/// What libtest captured of a failed test: its section in the list of failures.
pub(super) fn failure_text(stdout: &str, name: &str) -> String {
    let is_next =
        |line: &str| line == "failures:" || (line.starts_with("---- ") && line.ends_with(" stdout ----"));
    super::section(stdout, &format!("---- {name} stdout ----\n"), is_next).unwrap_or_default().to_owned()
}
