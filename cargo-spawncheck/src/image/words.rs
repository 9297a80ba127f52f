//! How a person calls the statics of an image and reads their bytes.

use super::dwarf::{self, Found};
use super::{Image, Static, elf, mapped, readable, short, text, value};
use memmap2::Mmap;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Reads debug information when it is first asked for, and keeps what it found. Can be shared by threads.
#[derive(Debug)]
pub(crate) struct Words {
    path: PathBuf,
    file: OnceLock<Option<Mmap>>,
    index: dwarf::Index,
    found: Mutex<HashMap<u64, Option<Arc<Known>>>>,
}

/// What a report says of a static, whatever its value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Description {
    /// Its path.
    pub(crate) name: String,
    /// Without modules and default parameters.
    pub(crate) type_name: Option<String>,
    /// `FILE:LINE` of its declaration.
    pub(crate) location: Option<String>,
}

#[derive(Debug)]
struct Known {
    found: Found,
    /// Its bytes before the program began.
    initial: Option<Vec<u8>>,
}

impl Words {
    pub(crate) fn of(image: &Image) -> Self {
        let (file, index) = (OnceLock::new(), dwarf::Index::of(&image.writable));
        Self { path: image.path.clone(), file, index, found: Mutex::default() }
    }

    pub(crate) fn describe(&self, known: &Static) -> Description {
        let mut name = readable(&known.symbol);
        let Some(words) = self.find(known) else {
            return Description { name, type_name: None, location: None };
        };
        // `#[no_mangle]` hides the modules that it is in.
        if name == known.symbol && words.found.path.ends_with(&name) {
            name.clone_from(&words.found.path);
        }
        let type_name = words.found.types.all.get(words.found.root).and_then(|root| short::short(&root.path));
        let type_name = type_name.filter(|name| !name.is_empty());
        Description { name, type_name, location: words.found.location.clone() }
    }

    /// A static's bytes in words. `memory` reads the process that they are from, as far as it can be read, and `function` names the
    /// function that begins at an address there.
    ///
    /// Two values can differ and read the same, when the difference is in padding or further away than what is shown.
    pub(crate) fn value(
        &self,
        known: &Static,
        bytes: &[u8],
        memory: &dyn Fn(u64, usize) -> Option<Vec<u8>>,
        function: &dyn Fn(u64) -> Option<String>,
    ) -> String {
        let words = self.find(known).and_then(|words| {
            let initial = words.initial.as_deref().filter(|initial| initial.len() == bytes.len());
            let around = value::Around { memory, function };
            value::read(&words.found.types, words.found.root, bytes, initial, around)
        });
        words.unwrap_or_else(|| text::raw(bytes))
    }

    /// A static's bytes before the program began, as the file has them: without what the loader adds to pointers.
    pub(crate) fn initial(&self, known: &Static) -> Option<Vec<u8>> {
        elf::initial(self.file()?, known)
    }

    /// What the function is called that begins at an address in the file. Not what an address within one belongs to: a number that
    /// only looks like one would be taken for it.
    pub(crate) fn function(&self, address: u64) -> Option<String> {
        let mut names: Vec<_> =
            elf::functions_at(self.file()?, address).iter().map(|symbol| readable(symbol)).collect();
        // What looks least like an internal alias comes first.
        names.sort_by_cached_key(|name| (name.starts_with('_'), name.clone()));
        names.dedup();
        let more = match names.len() {
            0 | 1 => String::new(),
            all => format!(" (or {} more of the same code)", all - 1),
        };
        names.first().map(|name| format!("fn {name}{more}"))
    }

    fn file(&self) -> Option<&Mmap> {
        self.file.get_or_init(|| mapped::map(&self.path).ok()).as_ref()
    }

    fn find(&self, known: &Static) -> Option<Arc<Known>> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.entry(known.address).or_insert_with(|| self.look_up(known).map(Arc::new)).clone()
    }

    fn look_up(&self, known: &Static) -> Option<Known> {
        let file = self.file()?;
        let found = dwarf::find(file, &self.path, known.address, &self.index)?;
        Some(Known { found, initial: elf::initial(file, known) })
    }
}
