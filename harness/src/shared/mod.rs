//! A large input that many processes read, and none copies.
//!
//! What is sent to a worker goes through a pipe, so N workers hold N copies of it, each made anew for every
//! call. A [`Shared`] slice lies in a file instead: its creator writes it once, what is sent is the file's
//! path and length, and each process maps the file, so that all of them read the same pages of the system's
//! cache.
//!
//! The file has a path because a child is a new program that inherits nothing: an anonymous one (`memfd`, a
//! section without a name) would need an inherited descriptor or handle, which [`child`](crate::child) keeps
//! from it. Shared memory objects (`shm_open`) have names too, but only a file is the same on all systems,
//! may exceed the memory, and can be checked for its kind and length before it is mapped.
//!
//! It is filled with plain writes, not through a writable mapping: a full disk is then an error, where a
//! mapping would end the process with a signal.

mod file;
mod form;
mod plain;
#[cfg(test)]
mod tests;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::fmt;
use std::io::{self, Write};
use std::marker::PhantomData;
use std::ops::Deref;
use std::slice;
use std::sync::Arc;

use file::{Mapping, unfit};
pub use plain::Plain;

/// How many bytes of items [`Shared::collect`] gathers before it writes them.
const CHUNK: usize = 64 << 10;
/// Up to this length `Debug` shows a slice whole; of a longer one it shows the first `FEW` items.
const WHOLE: usize = 16;
const FEW: usize = 3;

/// A slice `[T]` in a file that other processes map and read without a copy.
///
/// Use it for the large part of a worker's input. It reads like the slice that it is; a clone is another
/// reference to the same mapping.
///
/// ```
/// use spawncheck::Shared;
///
/// fn sum(samples: Shared<u32>) -> u64 {
///     samples.iter().map(|&sample| u64::from(sample)).sum()
/// }
///
/// // A million numbers that were never in memory together.
/// let samples = Shared::collect(0..1_000_000)?;
/// assert_eq!(samples[7], 7);
/// assert_eq!(format!("{samples:?}"), "Shared([0, 1, 2, …], 1000000 items)");
/// assert_eq!(sum(samples.clone()), 499_999_500_000);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Cost
/// One file below [`std::env::temp_dir`] and one copy in the system's page cache, however many workers read
/// it; sending it costs its path. Where that folder lies in memory (`tmpfs`), the file is that one copy.
///
/// # What is sent, what is kept
/// Between a parent and its own children it is serialized as a handle: path, number and type of the items. A
/// handle found anywhere else is refused, so no document makes a program open a file. Everywhere else it is
/// serialized by content, as `Vec<T>` is, and read back into a new file.
///
/// # How long the file lives
/// Until the last clone in the process that created it is dropped, so hold one while workers may still open
/// it. A worker that has opened it can read on after that. It stays behind if its creator is killed or ends
/// without dropping it (in a `static`, by [`exit`](std::process::exit)). Not so on Windows, where the system
/// deletes it as soon as nobody has it open: also after a kill, but not while a worker still maps it.
///
/// # Who may touch the file
/// On Unix nobody but the user can open it, or list the folder that is made for it; on Windows the rights of
/// the temporary folder apply, and each user has one of their own. Its name is random, and after its creation
/// it is not written again. Like any mapped file it has to stay as it is: should another program of the same
/// user seek it out and truncate it, then reading beyond its new end ends the reader (`SIGBUS`; an in-page
/// error on Windows). That is accepted, since such a program could as well end the reader directly.
#[derive(Clone)]
pub struct Shared<T: Plain> {
    mapping: Arc<Mapping>,
    items: usize,
    of: PhantomData<T>,
}

impl<T: Plain> Shared<T> {
    /// Puts a copy of `items` into a new file.
    ///
    /// # Errors
    /// The file cannot be made, written or mapped; the error names it.
    pub fn new(items: &[T]) -> io::Result<Self> {
        let (mapping, ()) = Mapping::create(|mut file| file.write_all(plain::bytes(items)))?;
        Self::over(mapping, items.len())
    }

    /// Puts what `items` yields into a new file, with no more than a few of them in memory at a time.
    ///
    /// # Errors
    /// The file cannot be made, written or mapped; the error names it.
    pub fn collect(items: impl IntoIterator<Item = T>) -> io::Result<Self> {
        let mut items = items.into_iter().fuse();
        let at_once = (CHUNK / size_of::<T>().max(1)).max(1);
        let (mapping, count) = Mapping::create(|mut file| {
            let mut count = 0;
            let mut chunk = Vec::with_capacity(at_once);
            loop {
                chunk.extend(items.by_ref().take(at_once));
                if chunk.is_empty() {
                    return Ok(count);
                }
                file.write_all(plain::bytes(&chunk))?;
                count += chunk.len();
                chunk.clear();
            }
        })?;
        Self::over(mapping, count)
    }

    /// The only way to make one: `mapping` holds exactly as many items, and lies where they may lie.
    fn over(mapping: Mapping, items: usize) -> io::Result<Self> {
        let bytes = mapping.bytes();
        if items.checked_mul(size_of::<T>()) != Some(bytes.len()) || !bytes.as_ptr().cast::<T>().is_aligned()
        {
            let why = format!("{} bytes at {:p} do not hold {items} items", bytes.len(), bytes);
            return Err(unfit(mapping.path(), why));
        }
        Ok(Self { mapping: Arc::new(mapping), items, of: PhantomData })
    }
}

impl<T: Plain> Deref for Shared<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // SAFETY: `over` has checked that the mapping is as long as so many items and aligned for them. It
        // lives as long as `self`, nothing writes to it (see `file`), and any bytes are a value of a plain
        // type.
        unsafe { slice::from_raw_parts(self.mapping.bytes().as_ptr().cast(), self.items) }
    }
}

/// Up to 16 items in full, of more the first three, and how many there are.
impl<T: Plain> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = if self.items <= WHOLE { self.items } else { FEW };
        let mut text: Vec<_> = self[..shown].iter().map(|item| format!("{item:?}")).collect();
        if shown < self.items {
            text.push("…".into());
        }
        let plural = if self.items == 1 { "" } else { "s" };
        write!(f, "Shared([{}], {} item{plural})", text.join(", "), self.items)
    }
}

/// Equal if every bit is: unlike with `==` of floats, a NaN is equal to itself, and `0.0` is not `-0.0`.
///
/// Only so are a slice and its copy in another process equal whatever is in them.
impl<T: Plain> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        let same = Arc::ptr_eq(&self.mapping, &other.mapping);
        self.items == other.items && (same || self.mapping.bytes() == other.mapping.bytes())
    }
}

impl<T: Plain> Eq for Shared<T> {}
