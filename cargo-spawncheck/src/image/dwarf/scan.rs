//! Which unit describes a static.

use super::Slice;
use gimli::{DebugInfoOffset, Dwarf, Section, UnitHeader, constants};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

/// Debug information beyond this is not gone through from one end to the other: it would take seconds.
const MOST_BYTES: usize = 128 << 20;
/// More than any program has statics; only a corrupt table has more entries for them.
const MOST_LISTED: usize = 1 << 18;

/// Units by the statics in them. Each half is made when it is first needed.
#[derive(Debug)]
pub(crate) struct Index {
    /// All statics are in here.
    writable: Range<u64>,
    listed: OnceLock<Vec<(Range<u64>, usize)>>,
    unlisted: OnceLock<HashMap<u64, usize>>,
}

impl Index {
    /// For the statics of these sections.
    pub(crate) fn of(sections: &[Range<u64>]) -> Self {
        let start = sections.iter().map(|section| section.start).min().unwrap_or(0);
        let end = sections.iter().map(|section| section.end).max().unwrap_or(0);
        Self { writable: start..end, listed: OnceLock::new(), unlisted: OnceLock::new() }
    }

    /// The units that may describe the static at an address: one, except in corrupt files.
    pub(super) fn units_of(&self, dwarf: &Dwarf<Slice>, address: u64) -> Vec<DebugInfoOffset> {
        let listed = self.listed.get_or_init(|| listed(dwarf, &self.writable));
        let mut units: Vec<_> =
            listed.iter().filter(|(range, _)| range.contains(&address)).map(|(_, unit)| *unit).collect();
        units.truncate(4);
        if units.is_empty() {
            units.extend(self.unlisted.get_or_init(|| unlisted(dwarf)).get(&address));
        }
        units.into_iter().map(DebugInfoOffset).collect()
    }
}

fn listed(dwarf: &Dwarf<Slice>, writable: &Range<u64>) -> Vec<(Range<u64>, usize)> {
    let mut listed = Vec::new();
    let mut headers = dwarf.debug_aranges.headers();
    while let Ok(Some(header)) = headers.next() {
        let mut entries = header.entries();
        while let Ok(Some(entry)) = entries.next() {
            if writable.contains(&entry.range().begin) && listed.len() < MOST_LISTED {
                listed.push((entry.range().begin..entry.range().end, header.debug_info_offset().0));
            }
        }
    }
    listed
}

fn unlisted(dwarf: &Dwarf<Slice>) -> HashMap<u64, usize> {
    let mut known = HashMap::new();
    if dwarf.debug_info.reader().len() > MOST_BYTES {
        return known;
    }
    let has_tables = !dwarf.debug_aranges.reader().is_empty();
    let mut units = dwarf.units();
    while let Ok(Some(header)) = units.next() {
        let Some(offset) = header.debug_info_offset() else { continue };
        if !(has_tables && is_listed(dwarf, &header)) {
            let addresses = dwarf.unit(header).ok().map(|unit| super::walk::statics(dwarf, &unit));
            known.extend(addresses.into_iter().flatten().map(|address| (address, offset.0)));
        }
    }
    known
}

/// Where there are tables, rustc's are complete.
fn is_listed(dwarf: &Dwarf<Slice>, header: &UnitHeader<Slice>) -> bool {
    let language = || {
        let abbreviations = dwarf.abbreviations(header).ok()?;
        let mut entries = header.entries(&abbreviations);
        entries.next_dfs().ok()??.attr_value(constants::DW_AT_language)
    };
    match language() {
        Some(gimli::AttributeValue::Language(language)) => language == constants::DW_LANG_Rust,
        // A skeleton has no language, and its variables are not here.
        _ => true,
    }
}
