//! The alphabet of the format.
//!
//! An encoding is a row of tokens, each a tag byte and its fixed-width (little-endian) or counted content. A container
//! is its opening token, its items and [`Token::End`]: it needs no count, so that there is none to distrust. Kinds that
//! no `Deserialize` can tell apart share a token: a newtype is what it wraps, a tuple a sequence. A struct is not a map
//! only because the order of a map's entries may mean something.

/// One token; text and bytes are borrowed from where they stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// `()` and unit structs.
    Unit,
    None,
    /// Its content follows.
    Some,
    Bool(bool),
    I8(i8),
    I16(i16),
    I32(i32),
    I64(i64),
    I128(i128),
    U8(u8),
    U16(u16),
    U32(u32),
    U64(u64),
    U128(u128),
    F32(f32),
    F64(f64),
    Char(char),
    Str(&'a str),
    Bytes(&'a [u8]),
    /// Elements follow, then the end.
    Seq,
    /// Keys and values follow in turn, then the end.
    Map,
    /// As a map whose keys are field names.
    Struct,
    /// A variant without content.
    UnitVariant(&'a str),
    /// Its content follows: any value, a sequence, or a struct.
    Variant(&'a str),
    End,
}

/// The first byte of each token.
pub(super) mod tag {
    pub(in crate::wire) const UNIT: u8 = 0;
    pub(in crate::wire) const NONE: u8 = 1;
    pub(in crate::wire) const SOME: u8 = 2;
    pub(in crate::wire) const BOOL: u8 = 3;
    pub(in crate::wire) const I8: u8 = 4;
    pub(in crate::wire) const I16: u8 = 5;
    pub(in crate::wire) const I32: u8 = 6;
    pub(in crate::wire) const I64: u8 = 7;
    pub(in crate::wire) const I128: u8 = 8;
    pub(in crate::wire) const U8: u8 = 9;
    pub(in crate::wire) const U16: u8 = 10;
    pub(in crate::wire) const U32: u8 = 11;
    pub(in crate::wire) const U64: u8 = 12;
    pub(in crate::wire) const U128: u8 = 13;
    pub(in crate::wire) const F32: u8 = 14;
    pub(in crate::wire) const F64: u8 = 15;
    pub(in crate::wire) const CHAR: u8 = 16;
    pub(in crate::wire) const STR: u8 = 17;
    pub(in crate::wire) const BYTES: u8 = 18;
    pub(in crate::wire) const SEQ: u8 = 19;
    pub(in crate::wire) const MAP: u8 = 20;
    pub(in crate::wire) const STRUCT: u8 = 21;
    pub(in crate::wire) const UNIT_VARIANT: u8 = 22;
    pub(in crate::wire) const VARIANT: u8 = 23;
    pub(in crate::wire) const END: u8 = 24;
}

impl Token<'_> {
    /// Appends the token to `out`.
    pub(super) fn write(self, out: &mut Vec<u8>) {
        match self {
            Self::Unit => out.push(tag::UNIT),
            Self::None => out.push(tag::NONE),
            Self::Some => out.push(tag::SOME),
            Self::Bool(value) => fixed(out, tag::BOOL, [value.into()]),
            Self::I8(value) => fixed(out, tag::I8, value.to_le_bytes()),
            Self::I16(value) => fixed(out, tag::I16, value.to_le_bytes()),
            Self::I32(value) => fixed(out, tag::I32, value.to_le_bytes()),
            Self::I64(value) => fixed(out, tag::I64, value.to_le_bytes()),
            Self::I128(value) => fixed(out, tag::I128, value.to_le_bytes()),
            Self::U8(value) => fixed(out, tag::U8, [value]),
            Self::U16(value) => fixed(out, tag::U16, value.to_le_bytes()),
            Self::U32(value) => fixed(out, tag::U32, value.to_le_bytes()),
            Self::U64(value) => fixed(out, tag::U64, value.to_le_bytes()),
            Self::U128(value) => fixed(out, tag::U128, value.to_le_bytes()),
            Self::F32(value) => fixed(out, tag::F32, value.to_le_bytes()),
            Self::F64(value) => fixed(out, tag::F64, value.to_le_bytes()),
            Self::Char(value) => fixed(out, tag::CHAR, u32::from(value).to_le_bytes()),
            Self::Str(value) => counted(out, tag::STR, value.as_bytes()),
            Self::Bytes(value) => counted(out, tag::BYTES, value),
            Self::Seq => out.push(tag::SEQ),
            Self::Map => out.push(tag::MAP),
            Self::Struct => out.push(tag::STRUCT),
            Self::UnitVariant(name) => counted(out, tag::UNIT_VARIANT, name.as_bytes()),
            Self::Variant(name) => counted(out, tag::VARIANT, name.as_bytes()),
            Self::End => out.push(tag::END),
        }
    }
}

fn fixed<const N: usize>(out: &mut Vec<u8>, tag: u8, content: [u8; N]) {
    out.push(tag);
    out.extend_from_slice(&content);
}

/// The count has seven bits a byte, lowest first; the eighth says that more follow. Field names would double in size
/// with a count of fixed width.
fn counted(out: &mut Vec<u8>, tag: u8, content: &[u8]) {
    out.push(tag);
    let mut count = content.len();
    while count >= 0x80 {
        out.push(count as u8 | 0x80);
        count >>= 7;
    }
    out.push(count as u8);
    out.extend_from_slice(content);
}
