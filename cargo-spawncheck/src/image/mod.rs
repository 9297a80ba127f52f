//! What an executable or a shared object says about itself: where its functions and statics are ([`Image`]), and how a
//! person calls them and reads their bytes ([`Words`]).

mod dwarf;
mod elf;
mod mapped;
mod name;
mod short;
mod text;
mod types;
mod value;
mod words;

#[cfg(test)]
mod tests;

pub(crate) use name::{Origin, demangle, is_panic_hook, origin, readable};
pub(crate) use words::Words;

use object::{Architecture, BinaryFormat};
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// One ELF file.
#[derive(Debug)]
pub(crate) struct Image {
    pub(crate) path: PathBuf,
    pub(crate) architecture: Architecture,
    /// Where the program begins.
    pub(crate) entry: u64,
    /// What the loader puts into memory.
    pub(crate) segments: Vec<Segment>,
    /// The sections that hold statics, by address in the file.
    pub(crate) writable: Vec<Range<u64>>,
    /// By address, without overlaps.
    statics: Vec<Static>,
    /// Of each thread; their addresses are offsets in its block.
    thread_locals: Vec<Static>,
    /// Functions that [`open`](Self::open) was told to keep, demangled.
    functions: Vec<(String, u64)>,
}

/// A part of a file that is loaded as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    /// The addresses that it has in the file, with memory that is not in the file at its end.
    pub(crate) memory: Range<u64>,
    /// Where it begins in the file.
    pub(crate) offset: u64,
    /// How many bytes of it are in the file.
    pub(crate) in_file: u64,
    pub(crate) writable: bool,
}

/// A static variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Static {
    /// In the file; where the object is loaded, its base comes on top.
    pub(crate) address: u64,
    pub(crate) size: u64,
    /// As in the symbol table.
    pub(crate) symbol: String,
}

/// Why nothing is known of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// It is for another system, where programs have this format.
    Foreign(BinaryFormat),
    /// For a person to read.
    Broken(String),
}

impl From<String> for Unreadable {
    fn from(reason: String) -> Self {
        Self::Broken(reason)
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let system = match self {
            Self::Foreign(BinaryFormat::Pe | BinaryFormat::Coff) => "Windows",
            Self::Foreign(BinaryFormat::MachO) => "macOS",
            Self::Foreign(_) => "another kind of system",
            Self::Broken(reason) => return write!(f, "its symbols cannot be read: {reason}"),
        };
        write!(f, "it is built for {system}, and only processes of Linux can be looked into")
    }
}

impl Image {
    /// Reads the symbol table; functions are kept where `keep` says so of their mangled name.
    ///
    /// # Errors
    /// It is no ELF file, or not a whole one.
    pub(crate) fn open(path: &Path, keep: &dyn Fn(&str) -> bool) -> Result<Self, Unreadable> {
        let bytes = mapped::map(path)?;
        let tables = elf::Tables::read(&bytes, keep)?;
        Ok(Self {
            path: path.into(),
            architecture: tables.architecture,
            entry: tables.entry,
            segments: tables.segments,
            writable: tables.writable,
            statics: tables.statics,
            thread_locals: tables.thread_locals,
            functions: tables.functions.into_iter().map(|(name, at)| (demangle(&name), at)).collect(),
        })
    }

    /// The addresses in the file of the kept functions whose path `is`.
    pub(crate) fn functions(&self, is: impl Fn(&str) -> bool) -> Vec<u64> {
        self.functions.iter().filter(|(name, _)| is(name)).map(|(_, address)| *address).collect()
    }

    /// The statics that have bytes in a range of addresses in the file.
    pub(crate) fn statics_in(&self, range: Range<u64>) -> &[Static] {
        let first = self.statics.partition_point(|known| known.address + known.size <= range.start);
        let end = self.statics.partition_point(|known| known.address < range.end);
        &self.statics[first.min(end)..end]
    }

    /// A static by the name that it has in the symbol table.
    pub(crate) fn symbol(&self, name: &str) -> Option<&Static> {
        self.statics.iter().find(|known| known.symbol == name)
    }

    /// By address.
    pub(crate) fn statics(&self) -> &[Static] {
        &self.statics
    }

    /// The variables of which each thread has its own.
    pub(crate) fn thread_locals(&self) -> &[Static] {
        &self.thread_locals
    }

    /// The static that an address in the file belongs to.
    #[cfg(test)]
    pub(crate) fn static_at(&self, address: u64) -> Option<&Static> {
        let next = self.statics.partition_point(|known| known.address <= address);
        self.statics[..next].last().filter(|known| address - known.address < known.size)
    }
}
