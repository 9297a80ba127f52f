//! What a worker did with one input.

use crate::Exit;
use crate::normalize::normalize;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The end of one call. A value is its `Debug` rendering.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome<V = String> {
    /// It returned.
    Value(V),
    /// It panicked.
    Panicked {
        /// The text of the panic.
        message: String,
        /// File, line and column, where they are known.
        location: Option<String>,
    },
    /// Its process exited with this code, or was ended by a signal.
    Ended(Exit),
    /// It did not end in the time that [`Config::timeout`](crate::Config::timeout) gives.
    TimedOut,
    /// The input or the output did not go through serialization; the text says which, and why.
    Unserializable(String),
    /// It disturbed the channel to its parent; the text says how.
    Broken(String),
}

impl<V> Outcome<V> {
    /// The same with another value.
    pub(crate) fn map<W>(&self, with: impl FnOnce(&V) -> W) -> Outcome<W> {
        match self {
            Self::Value(value) => Outcome::Value(with(value)),
            Self::Panicked { message, location } => {
                Outcome::Panicked { message: message.clone(), location: location.clone() }
            }
            Self::Ended(exit) => Outcome::Ended(*exit),
            Self::TimedOut => Outcome::TimedOut,
            Self::Unserializable(why) => Outcome::Unserializable(why.clone()),
            Self::Broken(how) => Outcome::Broken(how.clone()),
        }
    }

    /// Whether two calls came to the same: values by `same`, panics by their message without addresses and paths.
    pub(crate) fn agrees(&self, other: &Self, same: impl FnOnce(&V, &V) -> bool) -> bool {
        match (self, other) {
            (Self::Value(left), Self::Value(right)) => same(left, right),
            (Self::Panicked { message: left, .. }, Self::Panicked { message: right, .. }) => {
                normalize(left) == normalize(right)
            }
            (Self::Ended(left), Self::Ended(right)) => left == right,
            (Self::TimedOut, Self::TimedOut) => true,
            (Self::Unserializable(left), Self::Unserializable(right)) => left == right,
            (Self::Broken(left), Self::Broken(right)) => left == right,
            _ => false,
        }
    }
}

/// The value, or `panicked: MESSAGE`, `exited: CODE`, `killed: SIGNAL`, `timed out`, …
impl<V: fmt::Display> fmt::Display for Outcome<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::Panicked { message, .. } => write!(f, "panicked: {message}"),
            Self::Ended(exit) => exit.fmt(f),
            Self::TimedOut => f.write_str("timed out"),
            Self::Unserializable(why) => write!(f, "cannot cross: {why}"),
            Self::Broken(how) => write!(f, "broke the channel: {how}"),
        }
    }
}
