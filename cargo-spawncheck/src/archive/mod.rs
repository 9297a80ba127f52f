//! Test binaries that were built on one machine and run on another, where there is no cargo.
//!
//! An archive is a zstd-compressed tar: first the manifest, then the files. It holds what cargo made and what cargo would give to the
//! binaries, not the sources: those are checked out, where tests find their data. Of the environment it holds only what cargo
//! sets; the rest is the other machine's own, and what is secret here stays here.
//!
//! Paths stay as they were recorded, and are mapped when it is used: each folder of the build machine that files were taken from is
//! a root with a folder of its own in the archive. To make them relative was rejected: they occur in variables as well, and
//! a target directory may be anywhere.

mod collect;
mod launch;
mod manifest;
mod needed;
mod pack;
mod paths;
mod read;
mod start;
#[cfg(test)]
mod tests;
mod unpack;
mod write;

pub(crate) use read::Extracted;
pub(crate) use write::create;

/// How much an archive may take when it is unpacked, unless told otherwise.
pub(crate) const LIMIT: u64 = 20 << 30;
