//! The one error type: what was attempted, why it failed, the way out, and the exit code that follows.

use crate::exit::ExitCode;
use std::error::Error as StdError;
use std::fmt;

pub(crate) type Result<T> = std::result::Result<T, Error>;

/// An error that ends the run.
///
/// Messages are lowercase fragments that name their subject in backticks.
#[derive(Debug)]
pub(crate) struct Error {
    code: ExitCode,
    message: String,
    hint: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(code: ExitCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: None, source: None }
    }

    /// Cargo already said what is wrong; only the exit code is ours.
    pub(crate) fn already_reported(code: ExitCode) -> Self {
        Self::new(code, "")
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    pub(crate) fn code(&self) -> ExitCode {
        self.code
    }

    /// Whether there is nothing left to print.
    pub(crate) fn is_silent(&self) -> bool {
        self.message.is_empty()
    }
}

/// `message: cause: cause (hint: …)`.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        let mut source = StdError::source(self);
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        match &self.hint {
            Some(hint) => write!(f, "\n  (hint: {hint})"),
            None => Ok(()),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
