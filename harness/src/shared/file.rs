//! The file under a shared slice: made and filled by one process, mapped read-only by many.
//!
//! A mapping is as sound as the file is constant. It is: only its creator has ever opened it for writing, and
//! every mapping is made after the last write; no other user gets at it; its name cannot be guessed; and
//! which file we open, only our own parent tells us (see `form`).

use memmap2::{Mmap, MmapOptions};
use std::collections::hash_map::RandomState;
use std::fs::File;
use std::hash::{BuildHasher, Hasher};
use std::io;
use std::path::{Path, PathBuf};

#[cfg(unix)]
use super::unix as os;
#[cfg(windows)]
use super::windows as os;

/// A whole file, mapped read-only.
pub(super) struct Mapping {
    // Dropped before `_created`, because Windows deletes no file that is mapped.
    map: Mmap,
    path: PathBuf,
    /// In the process that made the file: deletes it.
    _created: Option<os::Created>,
}

impl Mapping {
    /// Makes a file, has `fill` write it, and maps it; with what `fill` returned.
    pub(super) fn create<R>(fill: impl FnOnce(&File) -> io::Result<R>) -> io::Result<(Self, R)> {
        // Absolute, because a child may have another working directory.
        let stem = std::path::absolute(std::env::temp_dir())?.join(format!("spawncheck-{}", unguessable()));
        let (path, file, created) = os::create(&stem).map_err(|error| about(&stem, error))?;
        let fill_and_map = || {
            let filled = fill(&file)?;
            Ok((map(&file, file.metadata()?.len())?, filled))
        };
        let (map, filled) = fill_and_map().map_err(|error| about(&path, error))?;
        Ok((Self { map, path, _created: Some(created) }, filled))
    }

    /// Maps the file at `path` that another process made, which must be `len` bytes long.
    pub(super) fn open(path: PathBuf, len: u64) -> io::Result<Self> {
        let check_and_map = || {
            let file = os::open(&path)?;
            let found = file.metadata()?;
            if !found.is_file() {
                return Err(invalid("not a regular file"));
            }
            if found.len() != len {
                return Err(invalid(format!("{} bytes long instead of {len}", found.len())));
            }
            map(&file, len)
        };
        let map = check_and_map().map_err(|error| about(&path, error))?;
        Ok(Self { map, path, _created: None })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.map
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// That the file at `path` is not what is wanted, for the reason `why`.
pub(super) fn unfit(path: &Path, why: String) -> io::Error {
    about(path, invalid(why))
}

fn map(file: &File, len: u64) -> io::Result<Mmap> {
    let len = usize::try_from(len).map_err(|_| invalid("larger than the address space"))?;
    // SAFETY: nobody writes to the file from now on, see the module's text.
    unsafe { MmapOptions::new().len(len).map(file) }
}

/// 128 bits from the keys that the standard library gets from the system for its hash maps.
fn unguessable() -> String {
    let [high, low] = [(); 2].map(|()| RandomState::new().build_hasher().finish());
    format!("{high:016x}{low:016x}")
}

fn invalid(why: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.into())
}

fn about(path: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("shared file `{}`: {error}", path.display()))
}
