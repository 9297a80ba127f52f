//! The bytes of all statics at one moment, so that two moments can be compared.
//!
//! A program may have hundreds of megabytes of statics, most of which nobody ever touched: pages of zeros that are not
//! there are not read, pages of zeros not kept, and beyond a limit only a page's hash is.

use crate::trace::Stopped;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;

pub(super) const PAGE: u64 = 4096;

/// How much is read at a time.
const CHUNK: u64 = 1 << 20;

/// How many bytes of pages a snapshot keeps.
const KEEP: usize = 16 << 20;

/// What a process has in memory at one moment.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// By address; pages of zeros are left out.
    pages: BTreeMap<u64, Page>,
    kept: usize,
}

#[derive(Debug, PartialEq, Eq)]
enum Page {
    Kept(Box<[u8]>),
    Hashed(u64),
}

/// What is in a range of memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Zeros(u64),
    Bytes(Vec<u8>),
}

impl Content {
    /// Writes it to a process.
    pub(super) fn write(&self, stopped: &Stopped<'_>, address: u64) -> io::Result<()> {
        match self {
            Self::Bytes(bytes) => stopped.write(address, bytes),
            Self::Zeros(length) => {
                let zeros = vec![0; (*length).min(CHUNK) as usize];
                (address..address + length).step_by(CHUNK as usize).try_for_each(|at| {
                    stopped.write(at, &zeros[..zeros.len().min((address + length - at) as usize)])
                })
            }
        }
    }
}

impl Memory {
    /// Reads the pages of `ranges`. `is_of_file`: whether some of it has what a file has, and not zeros, before it is touched.
    pub(super) fn of(
        stopped: &Stopped<'_>,
        ranges: impl Iterator<Item = Range<u64>>,
        is_of_file: impl Fn(&Range<u64>) -> bool,
    ) -> io::Result<Self> {
        let present = File::open(format!("/proc/{}/pagemap", stopped.pid())).ok();
        let mut memory = Self::default();
        let mut buffer = vec![0; CHUNK as usize];
        for range in ranges {
            let end = range.end.next_multiple_of(PAGE);
            let mut start = range.start / PAGE * PAGE;
            while start < end {
                let chunk = start..end.min(start + CHUNK);
                let bytes = &mut buffer[..(chunk.end - chunk.start) as usize];
                // To ask costs more than to read what is small.
                let large = range.end - range.start > CHUNK;
                if !large || any_present(present.as_ref(), &chunk) || is_of_file(&chunk) {
                    stopped.read(chunk.start, bytes)?;
                    memory.add(chunk.start, bytes);
                }
                start = chunk.end;
            }
        }
        Ok(memory)
    }

    fn add(&mut self, start: u64, bytes: &[u8]) {
        for (page, address) in bytes.chunks(PAGE as usize).zip((start..).step_by(PAGE as usize)) {
            if page.iter().all(|byte| *byte == 0) {
                continue;
            }
            let page = if self.kept < KEEP { Page::Kept(page.into()) } else { Page::Hashed(hash(page)) };
            self.kept += PAGE as usize;
            self.pages.insert(address, page);
        }
    }

    /// The pages that are not the same in both.
    pub(super) fn differing(&self, other: &Self) -> Vec<Range<u64>> {
        let addresses: BTreeSet<u64> = self.pages.keys().chain(other.pages.keys()).copied().collect();
        let differs = |address: &u64| match (self.pages.get(address), other.pages.get(address)) {
            (Some(Page::Kept(kept)), Some(Page::Hashed(hashed)))
            | (Some(Page::Hashed(hashed)), Some(Page::Kept(kept))) => hash(kept) != *hashed,
            (one, another) => one != another,
        };
        addresses.into_iter().filter(differs).map(|address| address..address + PAGE).collect()
    }

    /// What is in a range that was read; `None` if only a hash of it was kept.
    pub(super) fn content(&self, range: &Range<u64>) -> Option<Content> {
        let first = range.start / PAGE * PAGE;
        match self.pages.range(first..range.end).next() {
            None => Some(Content::Zeros(range.end - range.start)),
            Some(_) => self.bytes(range).map(Content::Bytes),
        }
    }

    /// The bytes of a range that was read; `None` if only their hash was kept.
    pub(super) fn bytes(&self, range: &Range<u64>) -> Option<Vec<u8>> {
        let mut result = Vec::with_capacity((range.end - range.start) as usize);
        let mut at = range.start;
        while at < range.end {
            let page = at / PAGE * PAGE;
            let end = range.end.min(page + PAGE);
            match self.pages.get(&page) {
                None => result.resize(result.len() + (end - at) as usize, 0),
                Some(Page::Kept(bytes)) => {
                    result.extend_from_slice(bytes.get((at - page) as usize..(end - page) as usize)?);
                }
                Some(Page::Hashed(_)) => return None,
            }
            at = end;
        }
        Some(result)
    }
}

fn hash(page: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    page.hash(&mut hasher);
    hasher.finish()
}

/// Whether any page of a range is in memory or swapped out; where that cannot be told, it may be.
fn any_present(pagemap: Option<&File>, range: &Range<u64>) -> bool {
    let Some(pagemap) = pagemap else { return true };
    let mut entries = vec![0; ((range.end - range.start) / PAGE * 8) as usize];
    if pagemap.read_exact_at(&mut entries, range.start / PAGE * 8).is_err() {
        return true;
    }
    // The two highest bits of each entry.
    entries.chunks_exact(8).any(|entry| entry[if cfg!(target_endian = "little") { 7 } else { 0 }] & 0xc0 != 0)
}

#[cfg(test)]
mod tests {
    use super::{KEEP, Memory, PAGE};

    fn memory(pages: &[(u64, u8)]) -> Memory {
        let mut memory = Memory::default();
        for (number, byte) in pages {
            memory.add(number * PAGE, &[*byte; PAGE as usize]);
        }
        memory
    }

    #[test]
    fn only_what_differs() {
        let (one, other) = (memory(&[(1, 7), (2, 7), (3, 0)]), memory(&[(1, 7), (2, 8), (4, 1)]));
        assert_eq!(one.differing(&other), [2 * PAGE..3 * PAGE, 4 * PAGE..5 * PAGE]);
        assert_eq!(one.bytes(&(2 * PAGE - 2..2 * PAGE + 1)), Some(vec![7, 7, 7]));
        assert_eq!(one.bytes(&(3 * PAGE - 1..3 * PAGE + 2)), Some(vec![7, 0, 0]));
    }

    #[test]
    fn beyond_the_limit_a_hash_is_enough_to_compare() {
        let many = KEEP as u64 / PAGE + 2;
        let pages: Vec<_> = (0..many).map(|number| (number, 1)).collect();
        let one = memory(&pages);
        let mut changed = pages.clone();
        changed[many as usize - 1].1 = 2;
        let other = memory(&changed);
        let last = (many - 1) * PAGE..many * PAGE;
        assert_eq!(one.differing(&other), std::slice::from_ref(&last));
        assert_eq!(one.bytes(&last), None);
        // Kept in one and hashed in the other.
        assert_eq!(memory(&[(many - 1, 1)]).differing(&memory(&[(many - 1, 1)])), []);
        assert_eq!(memory(&pages[many as usize - 1..]).differing(&one).len(), many as usize - 1);
    }
}
