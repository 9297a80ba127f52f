//! Test binaries built with `panic = "abort"` start a process for each test by themselves.

use object::read::{File, ReadCache};
use object::{Object, ObjectSymbol};
use std::path::Path;

/// Whether the executable's `main` is the one that does so. A stripped or unreadable file says no.
pub(super) fn runs_each_test_in_a_process(executable: &Path) -> bool {
    let Ok(file) = std::fs::File::open(executable) else { return false };
    // Only the parts that are asked for are read: test binaries can be large.
    let cache = ReadCache::new(std::io::BufReader::new(file));
    let Ok(file) = File::parse(&cache) else { return false };
    // The linker keeps this function only where `main` calls it.
    file.symbols().any(|symbol| {
        symbol.is_definition() && symbol.name().is_ok_and(|name| name.contains("test_main_static_abort"))
    })
}
