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
    let (mut unwinding, mut aborting) = (false, false);
    let (mut has_runtime, mut can_unwind) = (false, false);
    for symbol in file.symbols().filter(ObjectSymbol::is_definition) {
        let Ok(name) = symbol.name() else { continue };
        // The name with its length in front: no part of a longer one.
        unwinding |= name.contains("16test_main_static");
        aborting |= name.contains("22test_main_static_abort");
        has_runtime |= name.contains("rust_start_panic");
        can_unwind |= name.contains("12panic_unwind");
    }
    match (unwinding, aborting) {
        (false, false) => Harness::Unknown,
        // Most linkers keep only what is called; on Windows both are there, and the runtime for panics has to tell, if it is not in
        // a library of its own.
        (true, true) if has_runtime && !can_unwind => Harness::LibtestAborting,
        (true, _) => Harness::Libtest,
        (false, true) => Harness::LibtestAborting,
    }
}
