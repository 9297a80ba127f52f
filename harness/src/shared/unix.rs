//! A file in a folder of its own, both closed to other users.
//!
//! One folder per file, because one per process has no owner whose end would remove it.

use nix::fcntl::OFlag;
use std::fs::{DirBuilder, File, OpenOptions, remove_dir, remove_file};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Deletes the file and its folder at the end. Whoever has the file mapped can read on.
pub(super) struct Created {
    folder: PathBuf,
    path: PathBuf,
}

/// Makes a file below `stem`, which must not exist.
pub(super) fn create(stem: &Path) -> io::Result<(PathBuf, File, Created)> {
    DirBuilder::new().mode(0o700).create(stem)?;
    let path = stem.join("items");
    let created = Created { folder: stem.into(), path: path.clone() };
    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
    Ok((path, file, created))
}

/// Opens for reading what is at `path` itself: no link is followed, and no FIFO waited for.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let flags = OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK;
    OpenOptions::new().read(true).custom_flags(flags.bits()).open(path)
}

impl Drop for Created {
    fn drop(&mut self) {
        // What is left over in a temporary folder harms nobody.
        let _ = remove_file(&self.path);
        let _ = remove_dir(&self.folder);
    }
}
