//! What is loaded in a process: the executable and shared objects, with their statics.

use super::variables;
use crate::image::{Image, Static, Words, is_panic_hook};
use crate::trace::Stopped;
use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Opened files, shared by all findings of a run. `None`: nothing can be read from it.
#[derive(Debug, Default)]
pub(crate) struct Images(Mutex<HashMap<PathBuf, Option<Arc<Known>>>>);

/// What a file says of its statics, and how to say it.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) image: Image,
    pub(super) words: Words,
    /// The panic hook of the standard library.
    hook: Option<Static>,
}

impl Images {
    pub(super) fn open(&self, path: &Path) -> Option<Arc<Known>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let read = || {
            let image = Image::open(path, &variables::is_function).ok()?;
            let hook = image.statics().iter().find(|known| is_panic_hook(&known.symbol)).cloned();
            Some(Arc::new(Known { words: Words::of(&image), hook, image }))
        };
        known.entry(path.to_owned()).or_insert_with(read).clone()
    }
}

/// How many bytes of a static are looked at to say what it holds.
pub(super) const MAX_VALUE: u64 = 1 << 20;

/// An object in a process.
#[derive(Clone, Debug)]
pub(super) struct Loaded {
    pub(super) file: Arc<Known>,
    /// What to add to addresses in its file.
    pub(super) base: u64,
}

impl Loaded {
    /// Whether it is the same object at the same place.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.base == other.base && self.file.image.path == other.file.image.path
    }

    /// A range of addresses in its file, as they are in the process: as far as there can be any.
    fn moved(&self, range: &Range<u64>) -> Range<u64> {
        range.start.saturating_add(self.base)..range.end.saturating_add(self.base)
    }

    /// Where its statics are in the process.
    pub(super) fn ranges(&self) -> impl Iterator<Item = Range<u64>> {
        self.file.image.writable.iter().map(|range| self.moved(range))
    }

    /// What its file has in the process, and the memory that goes with it.
    pub(super) fn segments(&self) -> impl Iterator<Item = Range<u64>> {
        let segments = self.file.image.segments.iter();
        segments.map(|segment| self.moved(&segment.memory))
    }

    /// The statics that have bytes in a range of the process.
    pub(super) fn statics_in(&self, range: Range<u64>) -> &[Static] {
        self.file.image.statics_in(range.start.saturating_sub(self.base)..range.end.saturating_sub(self.base))
    }

    /// The value of a static as a person reads it, and its bytes. `objects` are all that are loaded: their functions are named.
    pub(super) fn value(
        &self,
        known: &Static,
        stopped: &Stopped<'_>,
        objects: &[Self],
    ) -> Option<(String, Vec<u8>)> {
        let memory = |address: u64, length: usize| {
            let mut bytes = vec![0; length.min(MAX_VALUE as usize)];
            stopped.read(address, &mut bytes).ok()?;
            Some(bytes)
        };
        let bytes = memory(self.base + known.address, known.size as usize)?;
        let function = |address| function_at(objects, address);
        Some((self.file.words.value(known, &bytes, &memory, &function), bytes))
    }

    /// Where the panic hook of the standard library is in the process, and its size.
    pub(super) fn panic_hook(&self) -> Option<(u64, u64)> {
        let known = self.file.hook.as_ref()?;
        Some((known.address + self.base, known.size))
    }

    /// Where a function that uses variables is in the process.
    pub(super) fn function(&self, name: &str) -> Option<u64> {
        self.file.image.functions(|known| known == name).first().map(|address| address + self.base)
    }

    /// Where a symbol is in the process.
    pub(super) fn address_of(&self, symbol: &str) -> Option<u64> {
        self.file.image.symbol(symbol).map(|known| known.address + self.base)
    }
}

/// What the function is called that begins at an address in a process, as `fn PATH`.
pub(super) fn function_at(objects: &[Loaded], address: u64) -> Option<String> {
    // Objects do not overlap, so no other one has a function there.
    let known = |object: &Loaded| object.file.words.function(address.checked_sub(object.base)?);
    objects.iter().find_map(known)
}
