//! Copies of fixtures and examples, for tests that change them.

use std::fs::File;
use std::path::Path;
use std::{fs, io};

/// What earlier runs left in a project, and is no part of it.
const LEFT: [&str; 2] = ["spawncheck-regressions", "target"];

/// Copies a directory with everything in it; `to` exists already.
///
/// Files are as old as what they are copies of: cargo builds what is younger than what it has built.
pub(crate) fn copy_directory(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if !entry.file_type()?.is_dir() {
            fs::copy(entry.path(), &target)?;
            File::options().write(true).open(target)?.set_modified(entry.metadata()?.modified()?)?;
        } else if LEFT.iter().all(|left| entry.file_name() != *left) {
            fs::create_dir(&target)?;
            copy_directory(&entry.path(), &target)?;
        }
    }
    Ok(())
}

/// Removes what a directory holds, but not the directory.
pub(crate) fn clear_directory(directory: &Path) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
