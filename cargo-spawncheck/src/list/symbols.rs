//! Which `main` a test binary has, from its symbols.

use object::read::{File, ReadCache};
use object::{Object, ObjectSymbol};
use std::path::Path;

/// What the symbols tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Harness {
    /// The standard one.
    Libtest,
    /// The standard one built with `panic = "abort"`: it starts a process for each test by itself.
    LibtestAborting,
    /// Another one, or there are no symbols.
    Unknown,
}

pub(super) fn harness(executable: &Path) -> Harness {
    let Ok(file) = std::fs::File::open(executable) else { return Harness::Unknown };
    // Only the parts that are asked for are read: test binaries can be large.
    let cache = ReadCache::new(std::io::BufReader::new(file));
    let Ok(file) = File::parse(&cache) else { return Harness::Unknown };
    let mut result = Harness::Unknown;
    for symbol in file.symbols().filter(ObjectSymbol::is_definition) {
        // The linker keeps either function only where `main` calls it.
        match symbol.name() {
            Ok(name) if name.contains("test_main_static_abort") => return Harness::LibtestAborting,
            Ok(name) if name.contains("16test_main_static") => result = Harness::Libtest,
            _ => {}
        }
    }
    result
}
