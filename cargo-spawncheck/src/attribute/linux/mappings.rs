//! The memory of a process as the kernel lists it: what is loaded where, and which addresses are its own.

use super::objects::{Images, Loaded};
use crate::image::Segment;
use crate::trace::Stopped;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The mappings of a process, by address.
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
        Ok(Self::parse(&std::fs::read_to_string(format!("/proc/{pid}/maps"))?))
    }

    fn parse(text: &str) -> Self {
        Self(text.lines().filter_map(mapping).collect())
    }

    /// The executable first, then the objects that have statics, with what their files say of them.
    pub(super) fn objects(&self, stopped: &Stopped<'_>, images: &Images) -> Vec<Loaded> {
        let executable = std::fs::read_link(format!("/proc/{}/exe", stopped.pid())).unwrap_or_default();
        let of_others =
            || self.0.iter().filter(|mapping| mapping.path.is_absolute() && mapping.path != executable);
        let written: BTreeSet<&Path> =
            of_others().filter(|mapping| mapping.writable).map(|mapping| &*mapping.path).collect();
        let begins = |mapping: &&Mapping| mapping.offset == 0 && written.contains(&*mapping.path);
        let load = |mapping: &Mapping| {
            let file = images.open(&mapping.path)?;
            let base = self.base(&file.image.segments, mapping)?;
            Some(Loaded { file, base })
        };
        let mut others: Vec<Loaded> = of_others().filter(begins).filter_map(load).collect();
        others.sort_by(|one, other| one.file.image.path.cmp(&other.file.image.path));
        let executable = images.open(&executable).map(|file| Loaded { file, base: stopped.base() });
        executable.into_iter().chain(others).collect()
    }

    /// What to add to the addresses of a file whose beginning is mapped at `first`; `None` if it is not loaded there, but mapped as
    /// any file may be: all of it in the same way, to be written to or not.
    fn base(&self, segments: &[Segment], first: &Mapping) -> Option<u64> {
        let start = segments.iter().find(|segment| segment.offset == 0)?.memory.start;
        let base = first.range.start.checked_sub(start)?;
        let (mut all_there, mut any_written) = (true, false);
        for segment in segments.iter().filter(|segment| segment.in_file > 0) {
            let start = segment.memory.start.wrapping_add(base);
            let is_there = self.at(start).is_some_and(|mapping| {
                mapping.path == first.path && mapping.offset + (start - mapping.range.start) == segment.offset
            });
            let mut parts = self.touching(start..start.saturating_add(segment.in_file));
            let is_written = parts.any(|mapping| mapping.writable && mapping.path == first.path);
            // The loader takes the right to write from parts of what can be written to, even from a whole segment.
            all_there &= is_there && (segment.writable || !is_written);
            any_written |= is_written;
        }
        (all_there && any_written).then_some(base)
    }

    fn at(&self, address: u64) -> Option<&Mapping> {
        let next = self.0.partition_point(|mapping| mapping.range.end <= address);
        self.0.get(next).filter(|mapping| mapping.range.start <= address)
    }

    fn touching(&self, range: Range<u64>) -> impl Iterator<Item = &Mapping> {
        let first = self.0.partition_point(|mapping| mapping.range.end <= range.start);
        self.0[first..].iter().take_while(move |mapping| mapping.range.start < range.end)
    }

    /// The parts of a range that are there and can be written to: a file may say anything of its sections.
    pub(super) fn writable(&self, range: Range<u64>) -> impl Iterator<Item = Range<u64>> {
        self.touching(range.clone())
            .filter(|mapping| mapping.writable)
            .map(move |mapping| mapping.range.start.max(range.start)..mapping.range.end.min(range.end))
    }

    /// Whether any of a range is what a file has there, as long as nobody has written to it.
    pub(super) fn is_of_file(&self, range: &Range<u64>) -> bool {
        self.touching(range.clone()).any(|mapping| mapping.path.is_absolute())
    }

    /// The addresses that mean something in this process only, given where objects are loaded.
    pub(super) fn private(&self, loaded: impl Iterator<Item = Range<u64>>) -> Private {
        let writable = self.0.iter().filter(|mapping| mapping.writable).map(|mapping| mapping.range.clone());
        let (writable, mut loaded): (_, Vec<_>) = (writable.collect(), loaded.collect());
        loaded.sort_by_key(|segment| segment.start);
        Private { writable, loaded }
    }
}

/// Whether a value that means something in one process may mean nothing in another: an address on the heap, on a stack, or in
/// memory that a test has shared or mapped. What an object brings with it is at the same place in each process.
#[derive(Debug)]
pub(super) struct Private {
    writable: Vec<Range<u64>>,
    loaded: Vec<Range<u64>>,
}

impl Private {
    pub(super) fn contains(&self, address: u64) -> bool {
        is_within(&self.writable, address) && !is_within(&self.loaded, address)
    }
}

/// `ranges` are in order, and do not overlap.
fn is_within(ranges: &[Range<u64>], address: u64) -> bool {
    let next = ranges.partition_point(|range| range.end <= address);
    ranges.get(next).is_some_and(|range| range.start <= address)
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
mod tests;
