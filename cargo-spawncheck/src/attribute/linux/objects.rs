//! What is loaded in a process: the executable and shared objects, with their statics.

use super::variables;
use crate::image::{Image, Static, Words, is_panic_hook};
use crate::trace::Stopped;
use std::collections::{BTreeMap, HashMap};
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
}

impl Images {
    pub(super) fn open(&self, path: &Path) -> Option<Arc<Known>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let read = || {
            let image = Image::open(path, &variables::is_function).ok()?;
            Some(Arc::new(Known { words: Words::of(&image), image }))
        };
        known.entry(path.to_owned()).or_insert_with(read).clone()
    }
}

/// How many bytes of a static are looked at to say what it holds.
const MAX_VALUE: usize = 1 << 20;

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

    /// Where its statics are in the process.
    pub(super) fn ranges(&self) -> impl Iterator<Item = Range<u64>> {
        self.file.image.writable.iter().map(|range| range.start + self.base..range.end + self.base)
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
            let mut bytes = vec![0; length.min(MAX_VALUE)];
            stopped.read(address, &mut bytes).ok()?;
            Some(bytes)
        };
        let bytes = memory(self.base + known.address, known.size as usize)?;
        let function = |address| function_at(objects, address);
        Some((self.file.words.value(known, &bytes, &memory, &function), bytes))
    }

    /// Where the panic hook of the standard library is in the process, and its size.
    pub(super) fn panic_hook(&self) -> Option<(u64, u64)> {
        let known = self.file.image.statics().iter().find(|known| is_panic_hook(&known.symbol))?;
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

/// The mappings of a process.
#[derive(Debug)]
pub(super) struct Mappings(Vec<Mapping>);

#[derive(Debug)]
struct Mapping {
    range: Range<u64>,
    writable: bool,
    offset: u64,
    /// Empty for memory of no file.
    path: PathBuf,
}

impl Mappings {
    pub(super) fn of(pid: i32) -> std::io::Result<Self> {
        Ok(Self(std::fs::read_to_string(format!("/proc/{pid}/maps"))?.lines().filter_map(mapping).collect()))
    }

    /// The executable first, then the objects that have statics, with what their files say of them.
    pub(super) fn objects(&self, stopped: &Stopped<'_>, images: &Images) -> Vec<Loaded> {
        let executable = std::fs::read_link(format!("/proc/{}/exe", stopped.pid())).unwrap_or_default();
        let mut starts: BTreeMap<&Path, (u64, bool)> = BTreeMap::new();
        for mapping in self.0.iter().filter(|mapping| mapping.path.is_absolute()) {
            let (start, writable) = starts.entry(&mapping.path).or_insert((u64::MAX, false));
            *writable |= mapping.writable;
            if mapping.offset == 0 {
                *start = mapping.range.start.min(*start);
            }
        }
        let others = starts
            .into_iter()
            .filter(|(path, (start, writable))| *writable && *start != u64::MAX && *path != executable)
            .map(|(path, (start, _))| (path, start));
        [(executable.as_path(), stopped.base())]
            .into_iter()
            .chain(others)
            .filter_map(|(path, base)| Some(Loaded { file: images.open(path)?, base }))
            .collect()
    }

    /// Whether any of a range is what a file has there, as long as nobody has written to it.
    pub(super) fn is_of_file(&self, range: &Range<u64>) -> bool {
        self.0.iter().any(|mapping| {
            mapping.path.is_absolute() && mapping.range.start < range.end && range.start < mapping.range.end
        })
    }

    /// Whether a value that means something in one process may mean nothing in another: an address on the heap or a stack.
    pub(super) fn is_private(&self, address: u64) -> bool {
        self.0.iter().any(|mapping| {
            mapping.range.contains(&address) && mapping.writable && !mapping.path.is_absolute()
        })
    }
}

/// `START-END PERMISSIONS OFFSET DEVICE INODE PATH`, where the path may be missing or no path.
fn mapping(line: &str) -> Option<Mapping> {
    let mut fields = line.splitn(6, ' ');
    let (start, end) = fields.next()?.split_once('-')?;
    let hexadecimal = |text| u64::from_str_radix(text, 16).ok();
    let permissions = fields.next()?;
    let offset = hexadecimal(fields.next()?)?;
    let path = fields.nth(2).unwrap_or_default().trim_start();
    Some(Mapping {
        range: hexadecimal(start)?..hexadecimal(end)?,
        writable: permissions.starts_with("rw"),
        offset,
        path: path.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::mapping;

    #[test]
    fn lines_of_maps() {
        let with_path =
            mapping("7f00-7f80 rw-p 00001000 fe:00 1234                       /a path/with spaces").unwrap();
        assert_eq!((with_path.range, with_path.writable, with_path.offset), (0x7f00..0x7f80, true, 0x1000));
        assert_eq!(with_path.path.to_str(), Some("/a path/with spaces"));
        let anonymous = mapping("10-20 r--p 00000000 00:00 0 ").unwrap();
        assert_eq!((anonymous.writable, anonymous.path.to_str()), (false, Some("")));
        assert!(mapping("nonsense").is_none());
    }
}
