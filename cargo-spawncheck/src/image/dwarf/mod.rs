//! Debug information about one static: its type and where it is declared.
//!
//! Only the unit is read that `.debug_aranges` gives for the static's address: rustc lists its statics there. C
//! compilers list none, or have no such table: their units are gone through once. What cannot be read is left unsaid:
//! the information may be absent, cut down to line tables, or in a file of its own that is gone or of another build.
//!
//! Rejected: addr2line, which is for code, and `.debug_names`, which rustc writes for DWARF 5 only.

mod attributes;
mod build;
mod scan;
mod scopes;
mod source;
mod split;
mod walk;

pub(super) use scan::Index;

use super::types::{Id, Types};
use gimli::{Dwarf, EndianSlice, RunTimeEndian, SectionId, Unit};
use object::read::File;
use object::{CompressionFormat, Object, ObjectSection};
use std::path::Path;

type Slice<'a> = EndianSlice<'a, RunTimeEndian>;

/// What is known of a static.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) types: Types,
    pub(super) root: Id,
    /// Its path by the source, however its symbol is called.
    pub(super) path: String,
    /// `FILE:LINE`
    pub(super) location: Option<String>,
}

/// Looks a static up by its address in the file. `index` is of this file, too.
pub(super) fn find(bytes: &[u8], executable: &Path, address: u64, index: &Index) -> Option<Found> {
    let file = File::parse(bytes).ok()?;
    let dwarf = load(&file, |id| Some(id.name()));
    index.units_of(&dwarf, address).into_iter().find_map(|offset| {
        let unit = dwarf.unit(dwarf.unit_header(offset).ok()?).ok()?;
        if !split::is_skeleton(&unit) {
            return read(&dwarf, &unit, (&dwarf, &unit), address);
        }
        split::with(executable, &dwarf, &unit, |own, split| read(own, split, (&dwarf, &unit), address))
    })
}

/// `lines` is the unit whose line table names the files: the skeleton, where a unit is in a file of its own.
fn read(
    dwarf: &Dwarf<Slice>,
    unit: &Unit<Slice>,
    lines: (&Dwarf<Slice>, &Unit<Slice>),
    address: u64,
) -> Option<Found> {
    let walk = walk::Walk::through(dwarf, unit, address)?;
    let variable = walk.found?;
    let (types, root) = build::types(dwarf, unit, &walk.scopes, variable.type_at?);
    let path = walk.scopes.path(variable.scope, &variable.name);
    let location = source::location(lines.0, lines.1, variable.file, variable.line);
    Some(Found { types, root, path, location })
}

/// Sections that are missing, or packed in a way that is not understood, count as empty.
fn load<'a>(file: &File<'a>, name: impl Fn(SectionId) -> Option<&'static str>) -> Dwarf<Slice<'a>> {
    let load = |id| Ok::<_, std::convert::Infallible>(section(file, name(id)));
    match Dwarf::load(load) {
        Ok(dwarf) => dwarf,
        Err(never) => match never {},
    }
}

fn section<'a>(file: &File<'a>, name: Option<&str>) -> Slice<'a> {
    let endian = if file.is_little_endian() { RunTimeEndian::Little } else { RunTimeEndian::Big };
    let bytes = name
        .and_then(|name| file.section_by_name(name))
        .and_then(|section| section.compressed_data().ok())
        .filter(|data| data.format == CompressionFormat::None)
        .map_or(&[][..], |data| data.data);
    EndianSlice::new(bytes, endian)
}
