//! libtest-mimic's `--logfile`: what libtest would print, `test NAME ... ok`, with kinds and padding.

use super::Parsed;
use crate::finding::Verdict;

/// Reads one result for `name` (with its `[kind] ` if it has one) from the beginning of `text`.
pub(super) fn parse(text: &[u8], name: &str) -> Parsed {
    let Some(length) = text.iter().position(|byte| *byte == b'\n').map(|at| at + 1) else {
        return Parsed::Incomplete;
    };
    let line = String::from_utf8_lossy(&text[..length - 1]);
    let Some(line) = line.strip_prefix("test ") else {
        // The title. Anything else is said only after the last result.
        return if line.is_empty() || line.starts_with("running ") {
            Parsed::Skip(length)
        } else {
            Parsed::Garbled
        };
    };
    match line.rsplit_once(" ... ") {
        // Nobody asked for it.
        Some((_, "ignored")) => Parsed::Skip(length),
        // Kind and name are padded into columns.
        Some((padded, result)) if padded.split_whitespace().eq(name.split_whitespace()) => match result {
            "ok" => Parsed::Result(Verdict::Passed, length),
            "FAILED" => Parsed::Result(Verdict::Failed, length),
            _ if result.starts_with("bench: ") => Parsed::Result(Verdict::Passed, length),
            _ => Parsed::Garbled,
        },
        _ => Parsed::Garbled,
    }
}

/// The test's message in the list of failures, else what its process wrote: nothing is captured here.
pub(super) fn failure_text(trailer: &str, name: &str, stderr: &str) -> String {
    // The list of failures has names without kinds.
    let bare = match name.split_once("] ") {
        Some((kind, bare)) if kind.starts_with('[') => bare,
        _ => name,
    };
    let is_next = |line: &str| line == "failures:" || (line.starts_with("---- ") && line.ends_with(" ----"));
    match super::section(trailer, &format!("---- {bare} ----\n"), is_next) {
        Some(text) if !text.is_empty() => text.to_owned(),
        _ => stderr.trim().to_owned(),
    }
}
