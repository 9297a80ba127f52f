//! Which dynamic libraries an executable asks for, from the file itself.

use object::Object;
use object::read::{File, ReadCache};
use std::collections::BTreeSet;
use std::io::{BufReader, Error, Result};
use std::path::Path;

/// Their names.
pub(super) fn needed(path: &Path) -> Result<BTreeSet<String>> {
    let cache = ReadCache::new(BufReader::new(std::fs::File::open(path)?));
    let file = File::parse(&cache).map_err(Error::other)?;
    let mut names = BTreeSet::new();
    for library in file.import_libraries().map_err(Error::other)? {
        let name = String::from_utf8_lossy(library.map_err(Error::other)?.name()).into_owned();
        // Those of macOS are paths.
        names.insert(name.rsplit('/').next().unwrap_or(&name).to_owned());
    }
    Ok(names)
}
