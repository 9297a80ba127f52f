//! libtest's `--logfile`: `RESULT NAME` in a line for each test, where a result may have a text that spans lines.

use super::Parsed;
use crate::finding::Verdict;

/// Reads one result for `name` from the beginning of `text`.
pub(super) fn parse(text: &[u8], name: &str) -> Parsed {
    // An ignored test, which nobody asked for; its reason may go on in further lines.
    if text.starts_with(b"ignored") {
        return match find(text, b"\n") {
            Some(end) => Parsed::Skip(end),
            None => Parsed::Incomplete,
        };
    }
    for (word, verdict) in [("ok", Verdict::Passed), ("failed", Verdict::Failed)] {
        let line = format!("{word} {name}\n");
        if text.starts_with(line.as_bytes()) {
            return Parsed::Result(verdict, line.len());
        }
    }
    // A failed `should_panic` says why.
    if text.starts_with(b"failed: ") {
        return match find(text, format!(" {name}\n").as_bytes()) {
            Some(end) => Parsed::Result(Verdict::Failed, end),
            None => Parsed::Incomplete,
        };
    }
    // Half a line so far, or half a word.
    let lines = [format!("ok {name}\n"), format!("failed {name}\n"), "failed: ".into(), "ignored".into()];
    match lines.iter().any(|line| line.as_bytes().starts_with(text)) {
        true => Parsed::Incomplete,
        false => Parsed::Garbled,
    }
}

/// Where `text` goes on after the first `end` in it.
fn find(text: &[u8], end: &[u8]) -> Option<usize> {
    text.windows(end.len()).position(|window| window == end).map(|at| at + end.len())
}

/// What libtest captured of a test: its section in the list of failures, or of successes.
pub(super) fn failure_text(stdout: &str, name: &str) -> String {
    let is_next = |line: &str| {
        line == "failures:"
            || line == "successes:"
            || (line.starts_with("---- ") && line.ends_with(" stdout ----"))
    };
    super::section(stdout, &format!("---- {name} stdout ----\n"), is_next).unwrap_or_default().to_owned()
}
