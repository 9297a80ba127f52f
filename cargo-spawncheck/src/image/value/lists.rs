//! Strings, vectors and slices, which are reached through one pointer.

use super::{Place, Reader, plain};
use crate::image::text::{self, MORE, STRING_BYTES};
use crate::image::types::{Id, Shape};

/// How many elements are shown; a list of so many is shown whole.
const SHOWN: u64 = 4;
/// No allocation is larger.
const LARGEST: u64 = 1 << 47;

impl Reader<'_> {
    /// A `Vec`, or what has one alone inside: a `String`, a path.
    pub(super) fn vector(&mut self, place: Place, is_text: bool, depth: usize) -> Option<String> {
        let (address, length, element) = self.parts(place, 0)?;
        if is_text { self.string(address, length) } else { self.list(element, address, length, depth) }
    }

    /// Address, length and the elements' type of a `Vec`.
    fn parts(&self, place: Place, depth: usize) -> Option<(u64, u64, Id)> {
        let known = self.kind(place);
        if known.base() != "alloc::vec::Vec" {
            let fields = known.fields();
            let inner =
                fields.iter().find(|field| self.types.all[field.id].size > 0).filter(|_| depth < 8)?;
            return self.parts(self.part(place, inner)?, depth + 1);
        }
        let element = known.parameters.iter().find(|(name, _)| name == "T")?.1;
        let length = plain::number(self.field(place, "len")?.bytes)?;
        let buffer = self.field(place, "buf")?;
        let capacity = self.scalar(self.within(buffer, "cap")?, 0)?;
        let address = self.scalar(self.within(buffer, "ptr")?, 0)?;
        let size = self.types.all[element].size;
        (size == 0 || length <= capacity).then_some((address, length, element))
    }

    /// What has an address and a length: `&str`, `&[T]` and boxes of them.
    pub(super) fn slice(&mut self, place: Place, depth: usize) -> Option<String> {
        let path = &self.kind(place).path;
        let target = path.strip_prefix("alloc::boxed::Box<").or_else(|| path.strip_prefix('&'))?;
        let is_text = target.trim_start_matches("mut ").starts_with("str");
        let start = self.field(place, "data_ptr")?;
        let length = plain::number(self.field(place, "length")?.bytes)?;
        let address = plain::number(start.bytes)?;
        match self.kind(start).shape {
            Shape::Pointer(_) if is_text => self.string(address, length),
            Shape::Pointer(Some(element)) => self.list(element, address, length, depth),
            _ => None,
        }
    }

    fn string(&mut self, address: u64, length: u64) -> Option<String> {
        if length >= LARGEST || (address == 0 && length > 0) {
            return None;
        }
        match self.bytes_at(address, length.min(STRING_BYTES as u64)) {
            Some(bytes) => text::quoted(&bytes, length),
            None => Some(format!("a string of {}", counted(length, "byte", "bytes"))),
        }
    }

    fn list(&mut self, element: Id, address: u64, length: u64, depth: usize) -> Option<String> {
        let size = self.types.all[element].size;
        if address == 0 || length.checked_mul(size).is_none_or(|all| all >= LARGEST) {
            return None;
        }
        let shown = size.checked_mul(length.min(SHOWN))?;
        let bytes = self.hops.checked_sub(1).and_then(|_| self.bytes_at(address, shown));
        let values = bytes.and_then(|bytes| {
            self.hops -= 1;
            let values = self.elements(element, &bytes, size, length, depth);
            self.hops += 1;
            values
        });
        Some(values.unwrap_or_else(|| counted(length, "element", "elements")))
    }

    /// `[1, 2]`, or `5 elements: [1, 2, 3, 4, ...]`; `bytes` may end after those that are shown.
    pub(super) fn elements(
        &mut self,
        element: Id,
        bytes: &[u8],
        size: u64,
        length: u64,
        depth: usize,
    ) -> Option<String> {
        let size = usize::try_from(size).ok()?;
        let mut values = Vec::new();
        for index in 0..usize::try_from(length.min(SHOWN)).ok()? {
            let start = index.checked_mul(size)?;
            let bytes = bytes.get(start..start.checked_add(size)?)?;
            values.push(self.show(Place { id: element, bytes, initial: None }, depth + 1)?);
        }
        if length <= SHOWN {
            return Some(format!("[{}]", values.join(", ")));
        }
        Some(format!("{}: [{}, {MORE}]", counted(length, "element", "elements"), values.join(", ")))
    }
}

pub(super) fn counted(count: u64, one: &str, many: &str) -> String {
    match count {
        0 => "empty".to_owned(),
        1 => format!("1 {one}"),
        _ => format!("{count} {many}"),
    }
}
