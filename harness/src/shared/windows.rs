//! A file that the system deletes when nobody has it open any more.
//!
//! A file cannot be removed by name while another process has it mapped, so our own attempt at the end could
//! come too early for a slow child. A file opened to be deleted on close also goes when its creator is
//! killed. It needs no folder of its own: the temporary folder is the user's.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::windows::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use windows_sys::Win32::Storage::FileSystem::{
    FILE_ATTRIBUTE_TEMPORARY, FILE_FLAG_DELETE_ON_CLOSE, FILE_FLAG_OPEN_REPARSE_POINT, FILE_SHARE_DELETE,
    FILE_SHARE_READ, FILE_SHARE_WRITE,
};

/// Keeps the file open, and with it in existence.
pub(super) struct Created {
    _file: File,
}

/// Makes a file at `stem`, which must not exist.
pub(super) fn create(stem: &Path) -> io::Result<(PathBuf, File, Created)> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        // Nobody else gets to write it.
        .share_mode(FILE_SHARE_READ | FILE_SHARE_DELETE)
        // Kept in memory where there is room, rather than written to the disk.
        .attributes(FILE_ATTRIBUTE_TEMPORARY)
        .custom_flags(FILE_FLAG_DELETE_ON_CLOSE)
        .open(stem)?;
    let created = Created { _file: file.try_clone()? };
    Ok((stem.into(), file, created))
}

/// Opens for reading what is at `path` itself: no link is followed.
pub(super) fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        // We have to allow what its creator already does: write and delete it.
        .share_mode(FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)
        .custom_flags(FILE_FLAG_OPEN_REPARSE_POINT)
        .open(path)
}
