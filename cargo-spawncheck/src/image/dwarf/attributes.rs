//! Single attributes of entries.

use super::Slice;
use crate::image::types::Shape;
use gimli::{
    Attribute, AttributeValue, DebuggingInformationEntry, Dwarf, EntriesTreeNode, Reader, Unit, UnitOffset,
    constants,
};

pub(super) type Entry<'a> = DebuggingInformationEntry<Slice<'a>>;

pub(super) fn primitive(entry: &Entry) -> Shape {
    match entry.attr_value(constants::DW_AT_encoding) {
        Some(AttributeValue::Encoding(constants::DW_ATE_boolean)) => Shape::Bool,
        Some(AttributeValue::Encoding(constants::DW_ATE_UTF)) => Shape::Char,
        Some(AttributeValue::Encoding(constants::DW_ATE_float)) => Shape::Float,
        Some(AttributeValue::Encoding(constants::DW_ATE_signed | constants::DW_ATE_signed_char)) => {
            Shape::Signed
        }
        Some(AttributeValue::Encoding(constants::DW_ATE_unsigned | constants::DW_ATE_unsigned_char)) => {
            Shape::Unsigned
        }
        _ => Shape::Unknown,
    }
}

pub(super) fn target(entry: &Entry) -> Option<UnitOffset> {
    reference(entry.attr_value(constants::DW_AT_type))
}

/// Negative ones as they are in memory.
pub(super) fn number(entry: &Entry, name: constants::DwAt) -> Option<u64> {
    let value = entry.attr_value(name)?;
    value.udata_value().or_else(|| value.sdata_value().map(|value| value as u64))
}

/// How many elements an array has; C's arrays can have several dimensions.
pub(super) fn count(array: EntriesTreeNode<Slice>) -> Option<u64> {
    let mut all: Option<u64> = None;
    let mut children = array.children();
    while let Ok(Some(child)) = children.next() {
        let entry = child.entry();
        if entry.tag() == constants::DW_TAG_subrange_type {
            let bound = number(entry, constants::DW_AT_upper_bound).and_then(|last| last.checked_add(1));
            let count = number(entry, constants::DW_AT_count).or(bound)?;
            all = Some(all.unwrap_or(1).checked_mul(count)?);
        }
    }
    all
}

pub(super) fn value<'a>(
    attributes: &[Attribute<Slice<'a>>],
    name: constants::DwAt,
) -> Option<AttributeValue<Slice<'a>>> {
    attributes.iter().find(|attribute| attribute.name() == name).map(Attribute::value)
}

pub(super) fn string<'a>(
    dwarf: &Dwarf<Slice<'a>>,
    unit: &Unit<Slice<'a>>,
    attributes: &[Attribute<Slice<'a>>],
    name: constants::DwAt,
) -> Option<Slice<'a>> {
    dwarf.attr_string(unit, value(attributes, name)?).ok()
}

/// An entry in the same unit. In another one there are types only after link-time optimization: they are not followed.
pub(super) fn reference<R: Reader<Offset = usize>>(value: Option<AttributeValue<R>>) -> Option<UnitOffset> {
    match value? {
        AttributeValue::UnitRef(offset) => Some(offset),
        _ => None,
    }
}
