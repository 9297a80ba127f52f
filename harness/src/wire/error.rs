//! What went wrong, and where in the value.

use std::fmt;

#[cfg(feature = "check")]
use {super::to_json, serde_json::Value};

/// How many characters of a path to keep: a value that is nested too deeply would otherwise fill the screen.
#[cfg(feature = "check")]
const PATH_LIMIT: usize = 200;

/// Why a value could not be encoded or decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Error {
    /// From the outermost value to the one at fault, such as `items[2].note`; empty for the outermost itself. It ends
    /// at a value that serde buffers (`flatten`, `untagged`): serde does not say where in it.
    pub(crate) path: String,
    /// A lowercase fragment.
    pub(crate) message: String,
}

impl Error {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { path: String::new(), message: message.into() }
    }
}

#[cfg(feature = "check")]
impl Error {
    /// It happened in the element `index` of a sequence.
    pub(super) fn at_index(self, index: usize) -> Self {
        self.inside(&format!("[{index}]"))
    }

    /// It happened in the field or variant `name`.
    pub(super) fn at_name(self, name: &str) -> Self {
        let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-$".contains(c));
        if plain { self.inside(name) } else { self.inside(&format!("[{name:?}]")) }
    }

    /// It happened in the value of the map's entry with this encoded key.
    pub(super) fn at_key(self, key: &[u8]) -> Self {
        match to_json(key) {
            Ok(Value::String(name)) => self.at_name(&name),
            Ok(other) => self.inside(&format!("[{other}]")),
            Err(_) => self.inside("[…]"),
        }
    }

    fn inside(mut self, segment: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{segment}{dot}{}", self.path);
        if let Some((cut, _)) = self.path.char_indices().nth(PATH_LIMIT) {
            self.path.truncate(cut);
            self.path.push('…');
        }
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "`{}`: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

#[cfg(feature = "check")]
impl serde::ser::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }
}

#[cfg(feature = "check")]
impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }
}
