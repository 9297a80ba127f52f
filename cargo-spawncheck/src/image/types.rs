//! What a type looks like in memory, freed of the format that said so.

/// Types that refer to each other by index: they may be recursive.
#[derive(Debug, Default)]
pub(super) struct Types {
    pub(super) all: Vec<Type>,
}

pub(super) type Id = usize;

#[derive(Clone, Debug, Default)]
pub(super) struct Type {
    /// With its modules and parameters.
    pub(super) path: String,
    pub(super) size: u64,
    pub(super) shape: Shape,
    /// Type parameters by name.
    pub(super) parameters: Vec<(String, Id)>,
}

#[derive(Clone, Debug, Default)]
pub(super) enum Shape {
    #[default]
    Unknown,
    Unsigned,
    Signed,
    Bool,
    Char,
    Float,
    Struct(Vec<Field>),
    Union(Vec<Field>),
    /// Without fields.
    Choice(Vec<(u64, String)>),
    Enum {
        tag: Option<Field>,
        variants: Vec<Variant>,
    },
    Array {
        element: Id,
        count: u64,
    },
    Pointer(Option<Id>),
    Function,
}

#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) offset: u64,
    pub(super) id: Id,
}

#[derive(Clone, Debug)]
pub(super) struct Variant {
    /// `None` for the one that is meant by all other tags.
    pub(super) tag: Option<u64>,
    pub(super) field: Field,
}

impl Type {
    /// The path without parameters.
    pub(super) fn base(&self) -> &str {
        match self.path.find('<') {
            Some(open) if open > 0 => &self.path[..open],
            _ => &self.path,
        }
    }

    pub(super) fn is_of_std(&self) -> bool {
        ["core::", "alloc::", "std::"].iter().any(|prefix| self.path.starts_with(prefix))
    }

    pub(super) fn fields(&self) -> &[Field] {
        match &self.shape {
            Shape::Struct(fields) | Shape::Union(fields) => fields,
            _ => &[],
        }
    }
}
