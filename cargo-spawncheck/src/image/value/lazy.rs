//! Values that are made when they are first needed.

use super::{Place, Reader, plain};
use crate::image::types::Shape;

/// How the numbers of a `Once` are to be read: the library has turned them round so that "complete" is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    IncompleteIsZero,
    CompleteIsZero,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Once {
    Incomplete,
    Poisoned,
    Running,
    Complete,
}

impl Once {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Incomplete => "not initialized",
            Self::Poisoned => "poisoned",
            Self::Running => "being initialized",
            Self::Complete => "initialized",
        }
    }
}

impl Reader<'_> {
    pub(super) fn once(&mut self, place: Place) -> Option<Once> {
        let inner =
            self.field(place, "inner").filter(|inner| self.kind(*inner).path.contains("::futex::"))?;
        // What it begins with is "incomplete", whatever number that is.
        let began = inner.initial.and_then(plain::number);
        let scheme = match began {
            Some(0) => Some(Scheme::IncompleteIsZero),
            Some(3) => Some(Scheme::CompleteIsZero),
            Some(_) => None,
            None => self.scheme,
        }?;
        self.scheme = Some(scheme);
        match (scheme, plain::number(inner.bytes)?) {
            (Scheme::IncompleteIsZero, 0) | (Scheme::CompleteIsZero, 3) => Some(Once::Incomplete),
            (Scheme::IncompleteIsZero, 1) | (Scheme::CompleteIsZero, 2) => Some(Once::Poisoned),
            (Scheme::IncompleteIsZero, 2) | (Scheme::CompleteIsZero, 1) => Some(Once::Running),
            // Three was "running, and others wait" for a while, before it was "complete".
            (Scheme::IncompleteIsZero, 4) | (Scheme::CompleteIsZero, 0) => Some(Once::Complete),
            (Scheme::IncompleteIsZero, 3) => Some(Once::Complete),
            _ => None,
        }
    }

    /// A `Once`, and a value that is there when it is complete.
    pub(super) fn lazy(&mut self, place: Place, once: &str, field: &str, depth: usize) -> Option<String> {
        let state = self.once(self.field(place, once)?)?;
        let value = || {
            let id = self.kind(place).parameters.iter().find(|(name, _)| name == "T")?.1;
            let size = usize::try_from(self.types.all[id].size).ok()?;
            let bytes = self.field(place, field)?.bytes.get(..size)?;
            Some(Place { id, bytes, initial: None })
        };
        let value = if state == Once::Complete { value() } else { None };
        let value = value.and_then(|value| self.show(value, depth));
        Some(value.map_or(state.words().to_owned(), |value| format!("{} ({value})", state.words())))
    }

    /// An `Option` that is `Some` once the value is there.
    pub(super) fn optional(&mut self, place: Place, field: &str, depth: usize) -> Option<String> {
        let mut cell = self.field(place, field)?;
        while let Shape::Struct(fields) = &self.kind(cell).shape {
            cell = self.part(cell, fields.iter().find(|field| self.types.all[field.id].size > 0)?)?;
        }
        let Shape::Enum { tag, variants } = &self.kind(cell).shape else { return None };
        let meant = self.meant(cell, tag.as_ref(), variants)?;
        if meant.field.name == "None" {
            return Some(Once::Incomplete.words().to_owned());
        }
        let inside = self.part(Place { initial: None, ..cell }, &meant.field)?;
        let value = self.field(inside, "__0").and_then(|value| self.show(value, depth));
        let words = Once::Complete.words();
        Some(value.map_or(words.to_owned(), |value| format!("{words} ({value})")))
    }
}
