//! What an executable or a shared object says about itself: where its functions and statics are.

use object::read::{File, ReadCache};
use object::{Architecture, Object, ObjectSection, ObjectSymbol, SymbolKind};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// One ELF file.
#[derive(Debug)]
pub(crate) struct Image {
    pub(crate) path: PathBuf,
    pub(crate) architecture: Architecture,
    /// Where the program begins.
    pub(crate) entry: u64,
    /// The sections that hold statics, by address in the file.
    pub(crate) writable: Vec<Range<u64>>,
    /// By address, without overlaps.
    statics: Vec<Static>,
    /// Functions that [`function`](Self::function) was told to keep, demangled.
    functions: Vec<(String, u64)>,
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

impl Image {
    /// Reads the symbol table; functions are kept where `keep` says so of their mangled name.
    ///
    /// # Errors
    /// The reason, for a person to read.
    pub(crate) fn open(path: &Path, keep: &dyn Fn(&str) -> bool) -> Result<Self, String> {
        let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
        // Only the parts that are asked for are read: test binaries can be large.
        let cache = ReadCache::new(std::io::BufReader::new(file));
        let file = File::parse(&cache).map_err(|error| error.to_string())?;
        let writable: Vec<_> = file
            .sections()
            .filter(|section| matches!(section.name(), Ok(".data" | ".bss")))
            .map(|section| section.address()..section.address() + section.size())
            .collect();
        let (mut statics, mut functions) = (Vec::new(), Vec::new());
        for symbol in file.symbols().filter(ObjectSymbol::is_definition) {
            let Ok(name) = symbol.name() else { continue };
            let (address, size) = (symbol.address(), symbol.size());
            if symbol.kind() == SymbolKind::Text && keep(name) {
                functions.push((demangle(name), address));
            } else if size > 0 && writable.iter().any(|section| section.contains(&address)) {
                statics.push(Static { address, size, symbol: name.to_owned() });
            }
        }
        statics.sort_by(|a, b| (a.address, b.size).cmp(&(b.address, a.size)));
        statics.dedup_by(|next, previous| next.address < previous.address + previous.size);
        Ok(Self {
            path: path.into(),
            architecture: file.architecture(),
            entry: file.entry(),
            writable,
            statics,
            functions,
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

    /// The static that an address in the file belongs to.
    pub(crate) fn static_at(&self, address: u64) -> Option<&Static> {
        let next = self.statics.partition_point(|known| known.address <= address);
        self.statics[..next].last().filter(|known| address < known.address + known.size)
    }
}

/// A path as it is written in Rust, without the hash.
pub(crate) fn demangle(symbol: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(symbol))
}
