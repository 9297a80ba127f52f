//! Why a check could not be done, or not to its end.

use crate::printable::printable;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Why a check could not be done. The message names the worker, the cause and, where one is known, the way out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    #[serde(skip)]
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// What an [`Error`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A suite or check is put together in a way that cannot work: no cases, two workers of one name, a check outside a
    /// `#[test]`.
    Usage,
    /// The strategy rejects what it generates.
    Strategy,
    /// An input cannot be serialized.
    Serialization,
    /// A child could not be started, or ended or misbehaved before it could serve.
    Child,
    /// The executable was replaced while the test ran.
    Replaced,
    /// Setup panicked, exited or hung.
    Setup,
    /// A file of kept counterexamples cannot be read, understood or written.
    Regressions,
    /// The events could not be written.
    Events,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    pub(crate) fn with_source(self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self { source: Some(Arc::new(source)), ..self }
    }

    /// What it is about.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

/// What it quotes from others is made fit for a terminal, and indented, so that it cannot pass for a message of ours.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.message.clone();
        if let Some(source) = &self.source {
            text.push_str(&format!(": {source}"));
        }
        f.write_str(&printable(&text).replace('\n', "\n  "))
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, ErrorKind};
    use std::error::Error as _;

    #[test]
    fn what_is_quoted_does_not_steer_the_terminal() {
        let source = std::io::Error::other("\u{9b}2J");
        let error = Error::new(ErrorKind::Child, "it wrote:\n\u{1b}[0m").with_source(source);
        assert_eq!(error.to_string(), "it wrote:\n  \u{fffd}[0m: \u{fffd}2J");
    }

    #[test]
    fn the_source_is_told_and_kept() {
        let source = std::io::Error::other("disk full");
        let error = Error::new(ErrorKind::Regressions, "cannot write `x.json`").with_source(source);
        assert_eq!(error.to_string(), "cannot write `x.json`: disk full");
        assert_eq!(error.source().unwrap().to_string(), "disk full");
        assert_eq!(error.kind(), ErrorKind::Regressions);
    }
}
