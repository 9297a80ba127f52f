//! What a finished run of the tool leaves.

use crate::{Report, schema};
use std::process::ExitStatus;

/// Exit status and output.
#[derive(Debug)]
pub struct Outcome {
    status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    pub(crate) fn new(status: ExitStatus, stdout: String, stderr: String) -> Self {
        Self { status, stdout, stderr }
    }

    /// # Panics
    /// The exit code is another one, or the tool itself panicked.
    #[track_caller]
    pub fn assert_exit(&self, code: i32) -> &Self {
        assert_eq!(self.status.code(), Some(code), "{} instead of exit code {code}{self}", self.status);
        assert!(!self.stderr.contains("panicked at"), "the tool panicked{self}");
        self
    }

    /// # Panics
    /// Standard error does not contain `text`.
    #[track_caller]
    pub fn assert_stderr(&self, text: &str) -> &Self {
        assert!(self.stderr.contains(text), "no `{text}` on stderr{self}");
        self
    }

    /// # Panics
    /// Standard output is not what the schema says.
    #[track_caller]
    pub fn assert_schema(&self) {
        schema::check(&self.stdout).unwrap_or_else(|error| panic!("{error}{self}"));
    }

    /// # Panics
    /// Standard output does not contain one of `texts`.
    #[track_caller]
    pub fn assert_stdout(&self, texts: &[&str]) -> &Self {
        for text in texts {
            assert!(self.stdout.contains(text), "no `{text}` on stdout{self}");
        }
        self
    }

    /// The JSON events of any command.
    ///
    /// # Panics
    /// They are not what the schema says.
    #[must_use]
    #[track_caller]
    pub fn events(&self) -> Vec<serde_json::Value> {
        self.assert_schema();
        let parse = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}{self}"));
        self.stdout.lines().map(parse).collect()
    }

    /// The JSON events.
    ///
    /// # Panics
    /// They are not what a whole run writes, or say another exit code than the process had.
    #[must_use]
    #[track_caller]
    pub fn report(&self) -> Report {
        self.assert_schema();
        let report = Report::parse(&self.stdout).unwrap_or_else(|error| panic!("{error}{self}"));
        assert_eq!(self.status.code(), Some(report.exit_code), "the last event says another exit code{self}");
        report
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\n--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr)
    }
}
