//! One unit from its first entry to its last: the variable at an address, and the modules that things are in.

use super::Slice;
use super::attributes::{reference, string, value};
use super::scopes::{Scope, Scopes};
use gimli::{
    Attribute, AttributeSpecification, AttributeValue, Dwarf, EntriesRaw, Operation, Unit, UnitOffset,
    constants,
};

/// What was found on the way.
pub(super) struct Walk<'a> {
    pub(super) scopes: Scopes<'a>,
    pub(super) found: Option<Variable>,
}

pub(super) struct Variable {
    pub(super) name: String,
    pub(super) scope: Option<usize>,
    pub(super) type_at: Option<UnitOffset>,
    pub(super) file: Option<u64>,
    pub(super) line: Option<u64>,
}

impl<'a> Walk<'a> {
    pub(super) fn through(dwarf: &Dwarf<Slice<'a>>, unit: &Unit<Slice<'a>>, address: u64) -> Option<Self> {
        let mut walk = Self { scopes: Scopes::default(), found: None };
        let mut open = None;
        let mut entries = unit.entries_raw(None).ok()?;
        let mut attributes = Vec::new();
        while !entries.is_empty() {
            let (offset, depth) = (entries.next_offset().0, entries.next_depth());
            let Ok(abbreviation) = entries.read_abbreviation() else { break };
            open = walk.scopes.leave(open, offset, depth);
            let Some(abbreviation) = abbreviation else { continue };
            let wanted =
                matches!(abbreviation.tag(), constants::DW_TAG_namespace | constants::DW_TAG_variable);
            if read(&mut entries, abbreviation.attributes(), wanted, &mut attributes).is_none() {
                break;
            }
            if abbreviation.tag() == constants::DW_TAG_namespace {
                let name = string(dwarf, unit, &attributes, constants::DW_AT_name).unwrap_or_default();
                open = Some(walk.scopes.enter(Scope {
                    name,
                    parent: open,
                    start: offset,
                    end: usize::MAX,
                    depth,
                }));
            } else if wanted && address_of(dwarf, unit, &attributes) == Some(address) {
                // The same variable may be declared again: what has a type says more.
                let variable = Variable::of(dwarf, unit, &attributes, open);
                if walk.found.as_ref().is_none_or(|known| known.type_at.is_none()) {
                    walk.found = Some(variable);
                }
            }
        }
        Some(walk)
    }
}

impl Variable {
    fn of<'a>(
        dwarf: &Dwarf<Slice<'a>>,
        unit: &Unit<Slice<'a>>,
        all: &[Attribute<Slice<'a>>],
        scope: Option<usize>,
    ) -> Self {
        let number = |name| value(all, name).and_then(|value| value.udata_value());
        let file = match value(all, constants::DW_AT_decl_file) {
            Some(AttributeValue::FileIndex(index)) => Some(index),
            other => other.and_then(|value| value.udata_value()),
        };
        let name = string(dwarf, unit, all, constants::DW_AT_name).unwrap_or_default();
        Self {
            name: name.to_string_lossy().into_owned(),
            scope,
            type_at: reference(value(all, constants::DW_AT_type)),
            file,
            line: number(constants::DW_AT_decl_line).filter(|line| *line > 0),
        }
    }
}

/// The addresses of all variables of a unit.
pub(super) fn statics(dwarf: &Dwarf<Slice>, unit: &Unit<Slice>) -> Vec<u64> {
    let (mut addresses, mut attributes) = (Vec::new(), Vec::new());
    let Ok(mut entries) = unit.entries_raw(None) else { return addresses };
    while !entries.is_empty() {
        let Ok(abbreviation) = entries.read_abbreviation() else { break };
        let Some(abbreviation) = abbreviation else { continue };
        let wanted = abbreviation.tag() == constants::DW_TAG_variable;
        if read(&mut entries, abbreviation.attributes(), wanted, &mut attributes).is_none() {
            break;
        }
        if wanted {
            addresses.extend(address_of(dwarf, unit, &attributes));
        }
    }
    addresses
}

/// Reads an entry's attributes, or only steps over them.
fn read<'a>(
    entries: &mut EntriesRaw<'_, Slice<'a>>,
    specifications: &[AttributeSpecification],
    wanted: bool,
    into: &mut Vec<Attribute<Slice<'a>>>,
) -> Option<()> {
    if wanted {
        entries.read_attributes(specifications, into).ok()
    } else {
        entries.skip_attributes(specifications).ok()
    }
}

/// Where a variable is that is nowhere else, and nothing but itself.
fn address_of(dwarf: &Dwarf<Slice>, unit: &Unit<Slice>, attributes: &[Attribute<Slice>]) -> Option<u64> {
    let expression = value(attributes, constants::DW_AT_location)?.exprloc_value()?;
    let mut operations = expression.operations(unit.encoding());
    let address = match operations.next().ok()?? {
        Operation::Address { address } => address,
        Operation::AddressIndex { index } => dwarf.address(unit, index).ok()?,
        _ => return None,
    };
    // The optimizer may have left a part of it only, or a bool that stands for it.
    operations.next().ok()?.is_none().then_some(address)
}
