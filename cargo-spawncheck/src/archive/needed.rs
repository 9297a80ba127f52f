//! What an executable runs on, and which dynamic libraries it asks for, from the file itself.

use super::manifest::Platform;
use object::read::{File, ReadCache, ReadRef};
use object::{Architecture, BinaryFormat, Object};
use std::collections::BTreeSet;
use std::io::{BufReader, Error, Result};
use std::path::Path;

/// Its platform, and the names of the libraries.
pub(super) fn needed(path: &Path) -> Result<(Platform, BTreeSet<String>)> {
    let cache = ReadCache::new(BufReader::new(std::fs::File::open(path)?));
    let file = File::parse(&cache).map_err(Error::other)?;
    let mut names = BTreeSet::new();
    for library in file.import_libraries().map_err(Error::other)? {
        let name = String::from_utf8_lossy(library.map_err(Error::other)?.name()).into_owned();
        // Those of macOS are paths.
        names.insert(name.rsplit('/').next().unwrap_or(&name).to_owned());
    }
    Ok((platform(&file), names))
}

fn platform<'data, R: ReadRef<'data>>(file: &File<'data, R>) -> Platform {
    let os = match file.format() {
        BinaryFormat::Pe => "windows",
        BinaryFormat::MachO => "macos",
        // The format is that of several systems: built for another one than this, it is for Linux.
        _ if cfg!(any(windows, target_os = "macos")) => "linux",
        _ => std::env::consts::OS,
    };
    let arch = match file.architecture() {
        Architecture::X86_64 => "x86_64".to_owned(),
        Architecture::I386 => "x86".to_owned(),
        other => format!("{other:?}").to_lowercase(),
    };
    Platform { os: os.into(), arch }
}
