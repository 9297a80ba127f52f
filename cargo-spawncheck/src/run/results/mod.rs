//! Which test ended how, from what its harness writes to the log file as it happens.
//!
//! The log file is out of reach of what tests print. A result counts only if it names the very test whose turn it is; the
//! first line that does not ends all trust in what follows.

mod any_order;
mod libtest;
mod mimic;

pub(super) use any_order::AnyOrder;

use crate::finding::Verdict;
use crate::suite::Dialect;
use std::collections::VecDeque;

/// How much is kept of what follows the last result (libtest-mimic's failure messages).
const MAX_TRAILER: usize = 256 << 10;

/// A result.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) test: usize,
    pub(super) verdict: Verdict,
}

/// What the beginning of the unread text is.
enum Parsed {
    /// A result for the expected test, in so many bytes.
    Result(Verdict, usize),
    /// Something to pass over.
    Skip(usize),
    /// Too short to tell.
    Incomplete,
    /// Not what must come here.
    Garbled,
}

/// Follows one log.
#[derive(Debug)]
pub(super) struct Results {
    dialect: Dialect,
    expected: VecDeque<(usize, String)>,
    unread: Vec<u8>,
    /// Within the reason of an ignored test, which may go on for lines of any content.
    in_reason: bool,
    garbled: bool,
}

impl Results {
    /// `expected` are the tests that the process will run, in order, with their names. Ignored ones that it will not run it may
    /// report on as well.
    pub(super) fn new(dialect: Dialect, expected: impl IntoIterator<Item = (usize, String)>) -> Self {
        let expected = expected.into_iter().collect();
        Self { dialect, expected, unread: Vec::new(), in_reason: false, garbled: false }
    }

    /// Takes the next piece of the log, and passes on the results that it completes.
    pub(super) fn push(&mut self, bytes: &[u8], found: &mut dyn FnMut(Record)) {
        self.unread.extend_from_slice(bytes);
        let mut at = 0;
        while let Some((test, name)) = self.expected.front() {
            if self.garbled {
                break;
            }
            match self.parse(&self.unread[at..], name) {
                Parsed::Result(verdict, length) => {
                    self.in_reason = false;
                    found(Record { test: *test, verdict });
                    self.expected.pop_front();
                    at += length;
                }
                Parsed::Skip(length) => {
                    self.in_reason = self.unread[at..].starts_with(b"ignored: ");
                    at += length;
                }
                Parsed::Incomplete => break,
                Parsed::Garbled if self.in_reason => {
                    match self.unread[at..].iter().position(|byte| *byte == b'\n') {
                        Some(end) => at += end + 1,
                        None => break,
                    }
                }
                Parsed::Garbled => self.garbled = true,
            }
        }
        self.unread.drain(..at);
        self.unread.truncate(MAX_TRAILER);
    }

    /// Reads one result for `name` from the beginning of `text`.
    fn parse(&self, text: &[u8], name: &str) -> Parsed {
        match self.dialect {
            Dialect::Libtest => libtest::parse(text, name),
            Dialect::Mimic => mimic::parse(text, name),
        }
    }

    /// The first test that has no result.
    pub(super) fn pending(&self) -> Option<usize> {
        self.expected.front().map(|(test, _)| *test)
    }

    /// Whether something came that is no result for the test whose turn it was.
    pub(super) fn is_garbled(&self) -> bool {
        self.garbled
    }

    /// Whether that was the result of a test whose turn would have come later.
    pub(super) fn is_out_of_order(&self) -> bool {
        let is_result = |name: &str| matches!(self.parse(&self.unread, name), Parsed::Result(..));
        self.garbled && self.expected.iter().skip(1).any(|(_, name)| is_result(name))
    }

    /// What `name` printed or left to say about its failure, given what its process printed.
    pub(super) fn output_of(&self, name: &str, stdout: &str, stderr: &str) -> String {
        section_of_failure(self.dialect, &self.unread, name, stdout, stderr)
    }
}

/// What `name` left to say about its failure: in what its process printed, or in what follows the last result.
fn section_of_failure(dialect: Dialect, trailer: &[u8], name: &str, stdout: &str, stderr: &str) -> String {
    match dialect {
        Dialect::Libtest => libtest::failure_text(stdout, name),
        Dialect::Mimic => mimic::failure_text(&String::from_utf8_lossy(trailer), name, stderr),
    }
}

/// The text between a line `start` and the next line that `ends`.
fn section<'a>(text: &'a str, start: &str, ends: impl Fn(&str) -> bool) -> Option<&'a str> {
    let from = text.find(start)? + start.len();
    let mut to = from;
    for line in text[from..].split_inclusive('\n') {
        if ends(line.trim_end()) {
            break;
        }
        to += line.len();
    }
    Some(text[from..to].trim_matches('\n'))
}

#[cfg(test)]
mod tests;
