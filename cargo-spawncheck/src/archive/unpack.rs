//! The files of an archive, which anybody may have made.
//!
//! Only files and folders are made, below the folders that the manifest names, each once, and never over anything that is there.
//! All that is read has a limit: of what is not a file's content, next to nothing is let through.

use super::manifest::{self, Manifest};
use super::paths::components;
use super::read::Wrong;
use spawncheck::child::Interrupt;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// What a file takes at least, so that many small ones have an end as well.
const BLOCK: u64 = 4096;

/// Room for what is between two files: headers, long names and padding.
const BETWEEN: u64 = 1 << 20;

/// No system has longer paths; one of a mebibyte may name a folder for every second letter.
const LONGEST: usize = 4096;

/// What may be unpacked.
pub(super) struct Limits<'a> {
    pub(super) bytes: u64,
    /// How much room there is.
    pub(super) free: u64,
    pub(super) interrupt: &'a Interrupt,
}

/// Lets through as much as is allowed at the moment.
struct Metered {
    inner: zstd::Decoder<'static, BufReader<File>>,
    allowance: Rc<Cell<u64>>,
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let allowed = usize::try_from(self.allowance.get()).unwrap_or(usize::MAX).min(buffer.len());
        if allowed == 0 && !buffer.is_empty() {
            return Err(io::Error::other("there is too much between its files"));
        }
        let read = self.inner.read(&mut buffer[..allowed])?;
        self.allowance.set(self.allowance.get() - read as u64);
        Ok(read)
    }
}

/// The compressed file, and how much of its content is let through.
fn open(file: &Path) -> Result<(tar::Archive<Metered>, Rc<Cell<u64>>), Wrong> {
    let file = File::open(file).map_err(|error| {
        Wrong::new(error.to_string(), "`cargo spawncheck archive --archive-file FILE` makes one")
    })?;
    let allowance = Rc::new(Cell::new(BETWEEN));
    let inner = zstd::Decoder::new(file).map_err(Wrong::damaged)?;
    Ok((tar::Archive::new(Metered { inner, allowance: Rc::clone(&allowance) }), allowance))
}

/// The text of the manifest.
pub(super) fn manifest(file: &Path) -> Result<Vec<u8>, Wrong> {
    let (mut tar, allowance) = open(file)?;
    let mut entries = tar.entries().map_err(Wrong::damaged)?;
    let first = entries.next().ok_or_else(|| Wrong::damaged("there is nothing in it"))?;
    let mut first = first.map_err(Wrong::damaged)?;
    if path(&first)? != manifest::PATH {
        return Err(Wrong::new(
            format!("it does not begin with `{}`", manifest::PATH),
            "`cargo spawncheck archive --archive-file FILE` makes one that does",
        ));
    }
    if first.size() > manifest::MAX_BYTES {
        return Err(Wrong::foreign(format!("its manifest has {} bytes", first.size())));
    }
    allowance.set(first.size() + BETWEEN);
    let mut bytes = Vec::new();
    first.read_to_end(&mut bytes).map_err(Wrong::damaged)?;
    Ok(bytes)
}

/// Unpacks into `folder`, which is empty.
pub(super) fn unpack(
    file: &Path,
    folder: &Path,
    manifest: &Manifest,
    limits: &Limits<'_>,
) -> Result<(), Wrong> {
    let needs = |bytes: u64| {
        let mebibytes = bytes.div_ceil(1 << 20);
        match bytes > limits.bytes {
            true => Some(Wrong::new(
                format!("it takes {mebibytes} MiB or more, and {} are allowed", limits.bytes >> 20),
                "if you trust it, --extract-limit allows more, e.g. 50GiB",
            )),
            false => (bytes > limits.free).then(|| {
                Wrong::new(
                    format!(
                        "it takes {mebibytes} MiB, and there are {} free in `{}`",
                        limits.free >> 20,
                        folder.display()
                    ),
                    "--extract-to names another folder",
                )
            }),
        }
    };
    needs(manifest.bytes).map_or(Ok(()), Err)?;
    let (mut tar, allowance) = open(file)?;
    allowance.set(manifest::MAX_BYTES + BETWEEN);
    let mut taken = 0_u64;
    for entry in tar.entries().map_err(Wrong::damaged)?.skip(1) {
        let mut entry = entry.map_err(Wrong::damaged)?;
        if limits.interrupt.is_raised() {
            return Err(Wrong::damaged("interrupted"));
        }
        let name = path(&entry)?;
        let target = folder.join(place(&name, manifest)?);
        taken = taken.saturating_add(entry.size().max(BLOCK)).saturating_add(BLOCK * missing(&target));
        needs(taken).map_or(Ok(()), Err)?;
        allowance.set(entry.size().saturating_add(BETWEEN));
        one(&mut entry, &name, &target)?;
        allowance.set(BETWEEN);
    }
    // What follows the last file has to be there as well: at its end is what tells that nothing is missing.
    io::copy(&mut tar.into_inner(), &mut io::sink()).map_err(Wrong::damaged)?;
    Ok(())
}

/// Where an entry goes, below the folder of the archive.
fn place(name: &str, manifest: &Manifest) -> Result<PathBuf, Wrong> {
    if name.len() > LONGEST {
        return Err(Wrong::foreign(format!("a path in it has {} bytes", name.len())));
    }
    let parts =
        components(name).ok_or_else(|| Wrong::foreign(format!("the path `{name}` leads out of it")))?;
    if !manifest.roots.iter().any(|root| root.folder == parts[0]) {
        return Err(Wrong::foreign(format!("`{name}` is in no folder that its manifest knows")));
    }
    Ok(parts.iter().collect())
}

/// How many folders have to be made for a file: they take room as well.
fn missing(target: &Path) -> u64 {
    target.ancestors().skip(1).take_while(|folder| !folder.exists()).count() as u64
}

fn one(entry: &mut tar::Entry<'_, Metered>, name: &str, target: &Path) -> Result<(), Wrong> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => Wrong::foreign(format!("`{name}` is there twice")),
        _ => Wrong::new(format!("`{name}`: {error}"), "is there room, and is the archive whole?"),
    };
    match entry.header().entry_type() {
        tar::EntryType::Directory => std::fs::create_dir_all(target).map_err(failed),
        tar::EntryType::Regular => {
            std::fs::create_dir_all(target.parent().unwrap_or(target)).map_err(failed)?;
            let mut file = create(target, entry.header().mode().unwrap_or(0)).map_err(failed)?;
            let written = io::copy(entry, &mut file).map_err(failed)?;
            match written == entry.size() {
                true => Ok(()),
                false => Err(Wrong::damaged(format!("`{name}` is cut off"))),
            }
        }
        other => Err(Wrong::foreign(format!("`{name}` is neither file nor folder ({other:?})"))),
    }
}

fn path(entry: &tar::Entry<'_, Metered>) -> Result<String, Wrong> {
    let bytes = entry.path_bytes().into_owned();
    // What writes folders may put a separator at the end.
    let name = String::from_utf8(bytes).map_err(|error| {
        let name = String::from_utf8_lossy(error.as_bytes()).into_owned();
        Wrong::foreign(format!("the path `{name}` is no Unicode"))
    })?;
    match entry.header().entry_type() {
        tar::EntryType::Directory => Ok(name.trim_end_matches('/').to_owned()),
        _ => Ok(name),
    }
}

/// A new file; of its permissions, only the one to execute it is taken over.
#[cfg(unix)]
fn create(path: &Path, mode: u32) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let mode = if mode & 0o111 == 0 { 0o644 } else { 0o755 };
    File::options().write(true).create_new(true).mode(mode).open(path)
}

#[cfg(not(unix))]
fn create(path: &Path, _mode: u32) -> io::Result<File> {
    File::create_new(path)
}
