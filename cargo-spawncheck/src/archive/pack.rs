//! The archive's bytes: the manifest, then folders and files.

use super::collect::Collection;
use super::manifest::{self, Manifest};
use spawncheck::child::Interrupt;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};

/// Beyond that, it takes much longer for little.
const LEVEL: i32 = 3;

pub(super) fn pack(
    file: &File,
    manifest: &Manifest,
    files: &Collection,
    interrupt: &Interrupt,
) -> io::Result<()> {
    let mut encoder = zstd::Encoder::new(BufWriter::new(file), LEVEL)?;
    encoder.include_checksum(true)?;
    let mut tar = tar::Builder::new(encoder);
    let text = serde_json::to_vec_pretty(manifest)?;
    tar.append_data(&mut header(text.len() as u64, 0o644), manifest::PATH, &*text)?;
    for folder in &files.folders {
        let mut header = header(0, 0o755);
        header.set_entry_type(tar::EntryType::Directory);
        tar.append_data(&mut header, folder, io::empty())?;
    }
    for (place, path) in &files.files {
        if interrupt.is_raised() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        let mut exact = Exact { rest: metadata.len(), inner: file };
        tar.append_data(&mut header(metadata.len(), mode(&metadata)), place, &mut exact)?;
    }
    tar.into_inner()?.finish()?.flush()
}

/// The same for the same files, whenever and by whomever it is written.
fn header(size: u64, mode: u32) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    header.set_mode(mode);
    header.set_mtime(0);
    header
}

#[cfg(unix)]
fn mode(metadata: &std::fs::Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    if metadata.permissions().mode() & 0o111 == 0 { 0o644 } else { 0o755 }
}

#[cfg(not(unix))]
fn mode(_: &std::fs::Metadata) -> u32 {
    0o755
}

/// As many bytes as the header says: one more or less, and everything after it would be read wrongly.
struct Exact {
    rest: u64,
    inner: File,
}

impl Read for Exact {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = usize::try_from(self.rest).map_or(buffer.len(), |rest| rest.min(buffer.len()));
        let read = self.inner.read(&mut buffer[..wanted])?;
        if read == 0 && wanted > 0 {
            return Err(io::Error::other("a file has become shorter: is something else building?"));
        }
        self.rest -= read as u64;
        Ok(read)
    }
}
