//! A file's bytes without reading all of them: a test binary with debug information can have hundreds of megabytes, of
//! which a few pages are looked at.
//!
//! Rejected: `object::ReadCache`. It keeps all that was ever asked for on the heap, believes the sizes that a corrupt
//! file gives, and reads a symbol's name with a system call of its own.

use memmap2::Mmap;
use std::fs::File;
use std::path::Path;

/// Maps a regular file. Others are refused before they are opened: opening a fifo would wait for its other end.
pub(super) fn map(path: &Path) -> Result<Mmap, String> {
    let metadata = std::fs::metadata(path).map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("not a regular file".to_owned());
    }
    let file = File::open(path).map_err(|error| error.to_string())?;
    // SAFETY: the mapping is private and read only. Its bytes change only if somebody writes to the file in place;
    // linkers and cargo make new files, and a program that runs cannot be written to. Nothing that is read from it is
    // believed: each offset and size is checked when it is used.
    unsafe { Mmap::map(&file) }.map_err(|error| error.to_string())
}
