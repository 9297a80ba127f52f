//! Types of the standard library, and of crates that do the same, by what they mean.

use super::lists::counted;
use super::{Place, Reader, plain};
use crate::image::types::Shape;
use std::time::Duration;

impl Reader<'_> {
    /// `None` for a type that has no meaning of its own.
    pub(super) fn library(&mut self, place: Place, depth: usize) -> Option<Option<String>> {
        let known = self.kind(place);
        let next = depth + 1;
        Some(match known.base() {
            "alloc::string::String" | "std::path::PathBuf" | "std::ffi::os_str::OsString" => {
                self.vector(place, true, next)
            }
            "alloc::vec::Vec" => self.vector(place, false, next),
            "std::collections::hash::map::HashMap" | "hashbrown::map::HashMap" => {
                self.hashed(place, "entry", "entries")
            }
            "std::collections::hash::set::HashSet" | "hashbrown::set::HashSet" => {
                self.hashed(place, "element", "elements")
            }
            "alloc::collections::btree::map::BTreeMap" => self.counted(place, "length", "entry", "entries"),
            "alloc::collections::btree::set::BTreeSet" => {
                self.counted(place, "length", "element", "elements")
            }
            "alloc::collections::vec_deque::VecDeque" | "alloc::collections::linked_list::LinkedList" => {
                self.counted(place, "len", "element", "elements")
            }
            "alloc::rc::Rc" | "alloc::sync::Arc" => self.shared(place, next),
            "core::sync::atomic::AtomicBool" => plain::show(&Shape::Bool, place.bytes),
            "core::sync::atomic::Atomic" if known.path.ends_with("Atomic<bool>") => {
                plain::show(&Shape::Bool, place.bytes)
            }
            "core::time::Duration" => self.duration(place),
            "core::cell::RefCell" => self.borrowed(place, next),
            "std::sync::mutex::Mutex"
            | "std::sync::rwlock::RwLock"
            | "std::sync::poison::mutex::Mutex"
            | "std::sync::poison::rwlock::RwLock"
            | "std::sync::nonpoison::mutex::Mutex"
            | "std::sync::nonpoison::rwlock::RwLock" => self.lock(place, next),
            "lock_api::mutex::Mutex" | "lock_api::rwlock::RwLock" => {
                self.field(place, "data").and_then(|data| self.show(data, next))
            }
            "std::sync::once::Once" | "std::sync::poison::once::Once" => {
                self.once(place).map(|state| state.words().to_owned())
            }
            "std::sync::once_lock::OnceLock" => self.lazy(place, "once", "value", next),
            "std::sync::lazy_lock::LazyLock" => self.lazy(place, "once", "data", next),
            "core::cell::once::OnceCell" | "once_cell::unsync::OnceCell" => {
                self.optional(place, "inner", next)
            }
            "once_cell::imp::OnceCell" => self.optional(place, "value", next),
            // An `Option`, or since 1.5.1 bare memory; a `Once` beside it.
            "lazy_static::lazy::Lazy" => {
                self.optional(place, "__0", next).or_else(|| self.lazy(place, "__1", "__0", next))
            }
            "once_cell::sync::OnceCell" => self.field(place, "__0").and_then(|cell| self.show(cell, next)),
            "once_cell::sync::Lazy" | "once_cell::unsync::Lazy" => {
                self.field(place, "cell").and_then(|cell| self.show(cell, next))
            }
            _ if self.field(place, "data_ptr").is_some() => self.slice(place, next),
            _ if self.field(place, "vtable").is_some() => Some("a pointer".to_owned()),
            _ => return None,
        })
    }

    fn hashed(&self, place: Place, one: &str, many: &str) -> Option<String> {
        let table = self.within(place, "table")?;
        let items = plain::number(self.within(table, "items")?.bytes)?;
        let mask = plain::number(self.within(table, "bucket_mask")?.bytes)?;
        (items <= mask).then(|| counted(items, one, many))
    }

    fn counted(&self, place: Place, field: &str, one: &str, many: &str) -> Option<String> {
        let length = plain::number(self.within(place, field)?.bytes)?;
        (length < 1 << 47).then(|| counted(length, one, many))
    }

    fn shared(&mut self, place: Place, depth: usize) -> Option<String> {
        let pointer = self.field(self.field(place, "ptr")?, "pointer")?;
        let Shape::Pointer(Some(target)) = self.kind(pointer).shape else {
            return Some("a pointer".to_owned());
        };
        let address = plain::number(pointer.bytes)?;
        let shown = self.bytes_at(address, self.types.all[target].size).and_then(|bytes| {
            let counts_and_data = Place { id: target, bytes: &bytes, initial: None };
            let data =
                self.field(counts_and_data, "data").or_else(|| self.field(counts_and_data, "value"))?;
            self.hops = self.hops.checked_sub(1)?;
            let shown = self.show(data, depth);
            self.hops += 1;
            shown
        });
        Some(shown.unwrap_or_else(|| "a pointer".to_owned()))
    }

    fn duration(&self, place: Place) -> Option<String> {
        let seconds = plain::number(self.field(place, "secs")?.bytes)?;
        let nanos = u32::try_from(self.scalar(self.field(place, "nanos")?, 0)?).ok()?;
        (nanos < 1_000_000_000).then(|| format!("{:?}", Duration::new(seconds, nanos)))
    }

    fn borrowed(&mut self, place: Place, depth: usize) -> Option<String> {
        let borrows = self.scalar(self.field(place, "borrow")?, 0)?;
        let value = self.show(self.field(place, "value")?, depth)?;
        Some(if borrows == 0 { value } else { format!("{value} (borrowed)") })
    }

    /// The value that it guards, and what is unusual about the lock.
    fn lock(&mut self, place: Place, depth: usize) -> Option<String> {
        let value = self.show(self.field(place, "data")?, depth);
        let poisoned = self.field(place, "poison").and_then(|flag| self.scalar(flag, 0)) == Some(1);
        let locked = self.field(place, "inner").is_some_and(|inner| {
            // The upper two bits of a `RwLock` say that somebody waits.
            self.kind(inner).path.contains("::futex::")
                && self.scalar(inner, 0).is_some_and(|state| state & 0x3fff_ffff != 0)
        });
        let notes: Vec<_> = [(poisoned, "poisoned"), (locked, "locked")]
            .iter()
            .filter(|(is, _)| *is)
            .map(|(_, note)| *note)
            .collect();
        match (value, notes.is_empty()) {
            (value, true) => value,
            (Some(value), false) => Some(format!("{value} ({})", notes.join(", "))),
            (None, false) => Some(notes.join(", ")),
        }
    }
}
