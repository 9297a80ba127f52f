//! A value in words, from its bytes and its type.
//!
//! The bytes may be anything: a value that was never initialized, one that another thread was just writing, or one that
//! a test broke. So nothing in them is believed (a length, a pointer, a tag), the work for one value is bounded, and
//! `None` stands for everything that is not certainly what its type says.

mod lazy;
mod library;
mod lists;
mod plain;

use super::text::{self, MORE};
use super::types::{Field, Id, Shape, Type, Types, Variant};

/// How many values within a value are looked at, how deep, and through how many pointers.
const MOST_STEPS: usize = 400;
const DEEPEST: usize = 24;
const MOST_HOPS: usize = 3;
/// What is read elsewhere in memory for one value, at once and in all.
const LARGEST_READ: u64 = 4_096;
const MOST_READS: usize = 32;
const MOST_FIELDS: usize = 8;
/// How many parts of one of the library's types are gone through for a field.
const MOST_WITHIN: usize = 64;

/// The process that a value is from: its memory, as far as it can be read, and what begins at an address.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) memory: &'a dyn Fn(u64, usize) -> Option<Vec<u8>>,
    pub(super) function: &'a dyn Fn(u64) -> Option<String>,
}

/// `initial` are the bytes that the static has in the file.
pub(super) fn read(
    types: &Types,
    root: Id,
    bytes: &[u8],
    initial: Option<&[u8]>,
    around: Around<'_>,
) -> Option<String> {
    // Where the sizes differ, the type is not this static's, or not all of it.
    types.all.get(root).filter(|root| root.size == bytes.len() as u64)?;
    let mut reader =
        Reader { types, around, steps: MOST_STEPS, reads: MOST_READS, hops: MOST_HOPS, scheme: None };
    reader.show(Place { id: root, bytes, initial }, 0).map(text::clipped)
}

struct Reader<'a> {
    types: &'a Types,
    around: Around<'a>,
    steps: usize,
    reads: usize,
    hops: usize,
    scheme: Option<lazy::Scheme>,
}

/// Some of a value's bytes, and the type that they have.
#[derive(Clone, Copy)]
struct Place<'p> {
    id: Id,
    bytes: &'p [u8],
    /// Only where these bytes have held a value of this type from the start.
    initial: Option<&'p [u8]>,
}

impl<'a> Reader<'a> {
    fn show(&mut self, place: Place, depth: usize) -> Option<String> {
        self.steps = self.steps.checked_sub(1)?;
        if depth > DEEPEST {
            return None;
        }
        let known = self.kind(place);
        match &known.shape {
            Shape::Unsigned | Shape::Signed | Shape::Bool | Shape::Char | Shape::Float => {
                plain::show(&known.shape, place.bytes)
            }
            Shape::Choice(names) => {
                let value = plain::number(place.bytes)?;
                let mask = plain::mask(place.bytes.len());
                names.iter().find(|(known, _)| known & mask == value).map(|(_, name)| name.clone())
            }
            Shape::Struct(fields) => {
                self.library(place, depth).unwrap_or_else(|| self.structure(place, known, fields, depth))
            }
            Shape::Enum { tag, variants } => self.variant(place, tag.as_ref(), variants, depth),
            Shape::Array { element, count } => {
                let size = self.types.all[*element].size;
                self.elements(*element, place.bytes, size, *count, depth)
            }
            Shape::Pointer(target) => self.pointer(place, &known.path, *target, depth),
            Shape::Function => {
                let address = plain::number(place.bytes)?;
                Some(self.function_at(address).unwrap_or_else(|| "a function".to_owned()))
            }
            // Which of a union's fields is meant is known to whoever has it.
            Shape::Union(_) | Shape::Unknown => None,
        }
    }

    fn kind(&self, place: Place) -> &'a Type {
        &self.types.all[place.id]
    }

    /// A part of a value that has been there from the start if the whole has.
    fn part<'p>(&self, place: Place<'p>, field: &Field) -> Option<Place<'p>> {
        let start = usize::try_from(field.offset).ok()?;
        let size = usize::try_from(self.types.all[field.id].size).ok()?;
        let end = start.checked_add(size)?;
        let initial = place.initial.and_then(|initial| initial.get(start..end));
        Some(Place { id: field.id, bytes: place.bytes.get(start..end)?, initial })
    }

    fn field<'p>(&self, place: Place<'p>, name: &str) -> Option<Place<'p>> {
        let field = self.kind(place).fields().iter().find(|field| field.name == name)?;
        self.part(place, field)
    }

    fn structure(&mut self, place: Place, known: &Type, fields: &[Field], depth: usize) -> Option<String> {
        let sized = || fields.iter().filter(|field| self.types.all[field.id].size > 0);
        if known.is_of_std() && sized().count() == 1 {
            // Cells, atomics, and so on: their value is what is in them.
            let inner = self.part(place, sized().next()?)?;
            return self.show(inner, depth + 1);
        }
        let name = if known.path.starts_with('(') { "" } else { plain::last_segment(known.base()) };
        self.fields(place, name, fields, depth)
    }

    /// `Name { a: 1, b: 2 }`, `Name(1, 2)`, `(1, 2)` or `Name`.
    fn fields(&mut self, place: Place, name: &str, fields: &[Field], depth: usize) -> Option<String> {
        let (mut shown, mut known) = (Vec::new(), fields.is_empty());
        let tuple = fields.first().is_some_and(|field| field.name == "__0");
        for field in fields.iter().take(MOST_FIELDS) {
            let value = self.part(place, field).and_then(|part| self.show(part, depth + 1));
            known |= value.is_some();
            let value = value.unwrap_or_else(|| MORE.to_owned());
            shown.push(if tuple { value } else { format!("{}: {value}", field.name) });
        }
        if fields.len() > MOST_FIELDS {
            shown.push(MORE.to_owned());
        }
        let shown = shown.join(", ");
        known.then(|| match (fields.is_empty(), tuple) {
            (true, _) if name.is_empty() => "()".to_owned(),
            (true, _) => name.to_owned(),
            (false, true) => format!("{name}({shown})"),
            (false, false) if name.is_empty() => format!("{{ {shown} }}"),
            (false, false) => format!("{name} {{ {shown} }}"),
        })
    }

    fn variant(
        &mut self,
        place: Place,
        tag: Option<&Field>,
        variants: &[Variant],
        depth: usize,
    ) -> Option<String> {
        let meant = self.meant(place, tag, variants)?;
        // Its fields are not there as long as another variant is.
        let inside = self.part(Place { initial: None, ..place }, &meant.field)?;
        let fields = self.kind(inside).fields();
        // That it is this variant is known, whatever is in it.
        let shown = self.fields(inside, &meant.field.name, fields, depth + 1);
        Some(shown.unwrap_or_else(|| format!("{}({MORE})", meant.field.name)))
    }

    fn meant<'t>(&self, place: Place, tag: Option<&Field>, variants: &'t [Variant]) -> Option<&'t Variant> {
        let Some(tag) = tag else { return variants.first().filter(|_| variants.len() == 1) };
        let bytes = self.part(place, tag)?.bytes;
        let value = self.scalar(Place { id: tag.id, bytes, initial: None }, 0)?;
        let mask = plain::mask(bytes.len());
        variants
            .iter()
            .find(|variant| variant.tag.is_some_and(|tag| tag & mask == value))
            .or_else(|| variants.iter().find(|variant| variant.tag.is_none()))
    }

    /// Follows what owns or borrows its target. A raw pointer may point to anything.
    fn pointer(&mut self, place: Place, path: &str, target: Option<Id>, depth: usize) -> Option<String> {
        let address = plain::number(place.bytes)?;
        let follows = path.starts_with("alloc::boxed::Box<") || path.starts_with('&');
        let shown = target.filter(|_| follows).and_then(|target| self.follow(address, target, depth));
        Some(shown.or_else(|| self.function_at(address)).unwrap_or_else(|| "a pointer".to_owned()))
    }

    /// What an address is called if it is a function's; `null` for none.
    fn function_at(&mut self, address: u64) -> Option<String> {
        if address == 0 {
            return Some("null".to_owned());
        }
        self.reads = self.reads.checked_sub(1)?;
        (self.around.function)(address)
    }

    fn follow(&mut self, address: u64, target: Id, depth: usize) -> Option<String> {
        let bytes = self.bytes_at(address, self.types.all[target].size)?;
        self.hops = self.hops.checked_sub(1)?;
        let shown = self.show(Place { id: target, bytes: &bytes, initial: None }, depth + 1);
        self.hops += 1;
        shown
    }

    fn bytes_at(&mut self, address: u64, size: u64) -> Option<Vec<u8>> {
        if size == 0 {
            return Some(Vec::new());
        }
        let size = usize::try_from(size).ok().filter(|_| size <= LARGEST_READ)?;
        self.reads = self.reads.checked_sub(1)?;
        (self.around.memory)(address, size).filter(|bytes| bytes.len() == size)
    }

    /// The number that a value is, or begins with.
    fn scalar(&self, place: Place, depth: usize) -> Option<u64> {
        match &self.kind(place).shape {
            Shape::Struct(fields) if depth <= DEEPEST => {
                let first = fields.iter().find(|field| self.types.all[field.id].size > 0)?;
                self.scalar(self.part(place, first)?, depth + 1)
            }
            Shape::Unknown | Shape::Struct(_) | Shape::Enum { .. } | Shape::Array { .. } => None,
            _ => plain::number(place.bytes),
        }
    }

    /// The field of that name, as near as there is one in the library's types.
    fn within<'p>(&self, place: Place<'p>, name: &str) -> Option<Place<'p>> {
        let mut places = vec![place];
        let mut next = 0;
        while let Some(place) = places.get(next).copied().filter(|_| next < MOST_WITHIN) {
            next += 1;
            if let Shape::Struct(fields) = &self.kind(place).shape {
                let parts = fields.iter().take(MOST_WITHIN).map(|field| (field, self.part(place, field)));
                for (field, part) in parts {
                    match part {
                        Some(part) if field.name == name => return Some(part),
                        part => places.extend(part),
                    }
                }
            }
        }
        None
    }
}
