//! A variable's type, and those that it is made of, as [`Types`].

use super::Slice;
use super::attributes::{Entry, count, number, primitive, reference, target};
use super::scopes::Scopes;
use crate::image::types::{Field, Id, Shape, Type, Types, Variant};
use gimli::{Dwarf, EntriesTreeNode, Unit, UnitOffset, constants};
use std::collections::{HashMap, VecDeque};

/// Nearest first: what is further away than this is deeper than any value that is shown.
const MOST_TYPES: usize = 1_500;
const MOST_FIELDS: usize = 512;
/// Of a type that is not read, or only declared: not zero, or it would count as one that has nothing in it.
const UNKNOWN_SIZE: u64 = u64::MAX;

struct Builder<'b, 'a> {
    dwarf: &'b Dwarf<Slice<'a>>,
    unit: &'b Unit<Slice<'a>>,
    scopes: &'b Scopes<'a>,
    types: Types,
    ids: HashMap<UnitOffset, Id>,
    waiting: VecDeque<(UnitOffset, Id)>,
}

pub(super) fn types<'a>(
    dwarf: &Dwarf<Slice<'a>>,
    unit: &Unit<Slice<'a>>,
    scopes: &Scopes<'a>,
    root: UnitOffset,
) -> (Types, Id) {
    let (types, ids, waiting) = (Types::default(), HashMap::new(), VecDeque::new());
    let mut builder = Builder { dwarf, unit, scopes, types, ids, waiting };
    let root = builder.id(root);
    while let Some((offset, id)) = builder.waiting.pop_front() {
        if builder.types.all.len() > MOST_TYPES {
            break;
        }
        if let Some(built) = builder.build(offset) {
            builder.types.all[id] = built;
        }
    }
    builder.complete_arrays();
    (builder.types, root)
}

impl<'a> Builder<'_, 'a> {
    fn id(&mut self, offset: UnitOffset) -> Id {
        *self.ids.entry(offset).or_insert_with(|| {
            self.types.all.push(Type { size: UNKNOWN_SIZE, ..Type::default() });
            self.waiting.push_back((offset, self.types.all.len() - 1));
            self.types.all.len() - 1
        })
    }

    fn build(&mut self, offset: UnitOffset) -> Option<Type> {
        let unit = self.unit;
        let offset = self.without_names(offset)?;
        let mut tree = unit.entries_tree(Some(offset)).ok()?;
        let node = tree.root().ok()?;
        let entry = node.entry().clone();
        let path = self.path(offset, &entry);
        let mut built = Type {
            path,
            size: number(&entry, constants::DW_AT_byte_size).unwrap_or(UNKNOWN_SIZE),
            ..Type::default()
        };
        match entry.tag() {
            constants::DW_TAG_base_type => built.shape = primitive(&entry),
            constants::DW_TAG_pointer_type => {
                built.size = u64::from(self.unit.encoding().address_size);
                built.shape = if self.is_function(&entry) {
                    Shape::Function
                } else {
                    Shape::Pointer(target(&entry).map(|target| self.id(target)))
                };
            }
            constants::DW_TAG_structure_type => self.structure(node, &mut built),
            constants::DW_TAG_union_type => {
                self.structure(node, &mut built);
                built.shape = Shape::Union(built.fields().to_vec());
            }
            constants::DW_TAG_enumeration_type => built.shape = Shape::Choice(self.names(node)),
            constants::DW_TAG_array_type => {
                let element = self.id(target(&entry)?);
                built.shape = Shape::Array { element, count: count(node)? };
            }
            _ => {}
        }
        Some(built)
    }

    /// Primitive types and pointers are in no module, whatever is around them in the file.
    fn path(&self, offset: UnitOffset, entry: &Entry<'a>) -> String {
        let name = self.name(entry);
        let is_declared = matches!(
            entry.tag(),
            constants::DW_TAG_structure_type
                | constants::DW_TAG_union_type
                | constants::DW_TAG_enumeration_type
        );
        if !is_declared || name.starts_with(['&', '(', '[', '*']) {
            return name;
        }
        self.scopes.path(self.scopes.of(offset.0), &name)
    }

    fn structure(&mut self, node: EntriesTreeNode<Slice<'a>>, into: &mut Type) {
        let mut fields = Vec::new();
        let mut variants = None;
        let mut children = node.children();
        while let Ok(Some(child)) = children.next() {
            let entry = child.entry().clone();
            match entry.tag() {
                constants::DW_TAG_member if fields.len() < MOST_FIELDS => fields.extend(self.field(&entry)),
                constants::DW_TAG_template_type_parameter => {
                    if let Some(target) = target(&entry) {
                        let parameter = (self.name(&entry), self.id(target));
                        into.parameters.push(parameter);
                    }
                }
                constants::DW_TAG_variant_part => variants = Some(self.variants(child)),
                _ => {}
            }
        }
        into.shape = variants.unwrap_or(Shape::Struct(fields));
    }

    fn variants(&mut self, part: EntriesTreeNode<Slice<'a>>) -> Shape {
        let tag_at = reference(part.entry().attr_value(constants::DW_AT_discr));
        let (mut tag, mut variants) = (None, Vec::new());
        let mut children = part.children();
        while let Ok(Some(child)) = children.next() {
            let entry = child.entry().clone();
            if entry.tag() == constants::DW_TAG_member && Some(entry.offset()) == tag_at {
                tag = self.field(&entry);
            }
            if entry.tag() != constants::DW_TAG_variant {
                continue;
            }
            let value = number(&entry, constants::DW_AT_discr_value);
            // With a variant missing, its tag would be taken for another one's.
            let readable = value.is_some() || !entry.has_attr(constants::DW_AT_discr_value);
            if !readable || variants.len() >= MOST_FIELDS {
                return Shape::Unknown;
            }
            let mut members = child.children();
            while let Ok(Some(member)) = members.next() {
                if member.entry().tag() == constants::DW_TAG_member {
                    let field = self.field(&member.entry().clone());
                    variants.extend(field.map(|field| Variant { tag: value, field }));
                }
            }
        }
        Shape::Enum { tag, variants }
    }

    fn names(&self, node: EntriesTreeNode<Slice<'a>>) -> Vec<(u64, String)> {
        let mut names = Vec::new();
        let mut children = node.children();
        while let Ok(Some(child)) = children.next() {
            let value = number(child.entry(), constants::DW_AT_const_value);
            if names.len() < MOST_FIELDS {
                names.extend(value.map(|value| (value, self.name(child.entry()))));
            }
        }
        names
    }

    fn field(&mut self, entry: &Entry<'a>) -> Option<Field> {
        let id = self.id(target(entry)?);
        let offset = number(entry, constants::DW_AT_data_member_location)?;
        Some(Field { name: self.name(entry), offset, id })
    }

    fn name(&self, entry: &Entry<'a>) -> String {
        let name = entry
            .attr_value(constants::DW_AT_name)
            .and_then(|name| self.dwarf.attr_string(self.unit, name).ok());
        name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// What C's `typedef`, `const` and `volatile` are written for.
    fn without_names(&self, mut offset: UnitOffset) -> Option<UnitOffset> {
        for _ in 0..16 {
            let entry = self.unit.entry(offset).ok()?;
            match entry.tag() {
                constants::DW_TAG_typedef
                | constants::DW_TAG_const_type
                | constants::DW_TAG_volatile_type => {
                    offset = target(&entry)?;
                }
                _ => return Some(offset),
            }
        }
        None
    }

    fn is_function(&self, pointer: &Entry<'a>) -> bool {
        target(pointer)
            .and_then(|target| self.unit.entry(target).ok())
            .is_some_and(|target| target.tag() == constants::DW_TAG_subroutine_type)
    }

    /// They have no size and no name of their own. The elements' types mostly come later, so from the last to the
    /// first; once more for each array in an array that does not.
    fn complete_arrays(&mut self) {
        let all = self.types.all.len();
        for id in (0..3 * all).rev().map(|step| step % all) {
            if let Shape::Array { element, count } = self.types.all[id].shape {
                let Type { path, size, .. } = &self.types.all[element];
                let (path, size) = (format!("[{path}; {count}]"), size.saturating_mul(count));
                let array = &mut self.types.all[id];
                (array.path, array.size) = (path, size);
            }
        }
    }
}
