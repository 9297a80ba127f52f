//! The functions of the C library through which a process uses variables of the environment, and what was seen there.
//!
//! `clearenv` is not among them: it names no variable, and whoever puts the others back names them. Rust's `std::env::vars` reads
//! the list itself.

use super::objects::Loaded;
use crate::footprint::Variables;
use crate::trace::Access::{self, Read, Write};
use crate::trace::Noted;

const FUNCTIONS: [(&str, Access); 4] =
    [("getenv", Read), ("setenv", Write), ("unsetenv", Write), ("putenv", Write)];

/// Whether a symbol is the name of one.
pub(super) fn is_function(symbol: &str) -> bool {
    FUNCTIONS.iter().any(|(name, _)| *name == symbol)
}

/// Where they are in a process. The executable comes first: a static one has its own.
pub(super) fn functions(objects: &[Loaded]) -> Vec<(u64, Access)> {
    let at = |name: &str| objects.iter().find_map(|object| object.function(name));
    FUNCTIONS.iter().filter_map(|(name, access)| Some((at(name)?, *access))).collect()
}

pub(super) fn variables(noted: &Noted) -> Variables {
    let names = |wanted: Access| {
        let noted = noted.uses.iter().filter(|(access, _)| *access == wanted);
        noted.map(|(_, name)| String::from_utf8_lossy(name).into_owned()).collect()
    };
    let after_change = noted.first_write.map_or(0..0, |first| first + 2..noted.calls + 1);
    Variables { read: names(Read), written: names(Write), after_change }
}
