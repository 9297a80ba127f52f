//! From a value to tokens.

use serde::{Serialize, Serializer};

use super::compound::Compound;
use super::token::Token;
use super::values::HUMAN_READABLE;
use super::{Error, deeper};

/// The encoding so far.
#[derive(Debug, Default)]
pub(super) struct Encoder {
    pub(super) out: Vec<u8>,
    pub(super) depth: usize,
}

impl Encoder {
    pub(super) fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
        let mut encoder = Self::default();
        value.serialize(&mut encoder)?;
        Ok(encoder.out)
    }

    pub(super) fn put(&mut self, token: Token<'_>) -> Result<(), Error> {
        token.write(&mut self.out);
        Ok(())
    }

    /// Opens what is one level deeper. Whoever opened it puts back the depth.
    pub(super) fn open(&mut self, token: Token<'_>) -> Result<(), Error> {
        self.depth = deeper(self.depth)?;
        self.put(token)
    }

    /// Writes what is one level deeper, without a token of its own.
    fn nest<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.depth = deeper(self.depth)?;
        value.serialize(&mut *self)?;
        self.depth -= 1;
        Ok(())
    }

    fn compound<'a>(
        &'a mut self,
        variant: Option<&'static str>,
        token: Token<'_>,
    ) -> Result<Compound<'a>, Error> {
        let outer = self.depth;
        if let Some(name) = variant {
            self.open(Token::Variant(name))?;
        }
        self.open(token)?;
        Ok(Compound::new(self, outer, variant))
    }
}

/// The methods that write the token of their argument.
macro_rules! leaves {
    ($($method:ident($value:ty) $token:ident,)*) => {$(
        fn $method(self, value: $value) -> Result<(), Error> {
            self.put(Token::$token(value))
        }
    )*};
}

impl<'a> Serializer for &'a mut Encoder {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Compound<'a>;
    type SerializeTuple = Compound<'a>;
    type SerializeTupleStruct = Compound<'a>;
    type SerializeTupleVariant = Compound<'a>;
    type SerializeMap = Compound<'a>;
    type SerializeStruct = Compound<'a>;
    type SerializeStructVariant = Compound<'a>;

    fn is_human_readable(&self) -> bool {
        HUMAN_READABLE
    }

    leaves! {
        serialize_bool(bool) Bool,
        serialize_i8(i8) I8,
        serialize_i16(i16) I16,
        serialize_i32(i32) I32,
        serialize_i64(i64) I64,
        serialize_i128(i128) I128,
        serialize_u8(u8) U8,
        serialize_u16(u16) U16,
        serialize_u32(u32) U32,
        serialize_u64(u64) U64,
        serialize_u128(u128) U128,
        serialize_f32(f32) F32,
        serialize_f64(f64) F64,
        serialize_char(char) Char,
        serialize_str(&str) Str,
        serialize_bytes(&[u8]) Bytes,
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.put(Token::None)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        self.put(Token::Some)?;
        self.nest(value)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.put(Token::Unit)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Error> {
        self.put(Token::Unit)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.put(Token::UnitVariant(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.nest(value)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.put(Token::Variant(variant))?;
        self.nest(value).map_err(|error| error.at_name(variant))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Compound<'a>, Error> {
        self.compound(None, Token::Seq)
    }

    fn serialize_tuple(self, _: usize) -> Result<Compound<'a>, Error> {
        self.compound(None, Token::Seq)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Compound<'a>, Error> {
        self.compound(None, Token::Seq)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Compound<'a>, Error> {
        self.compound(Some(variant), Token::Seq)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Compound<'a>, Error> {
        self.compound(None, Token::Map)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Compound<'a>, Error> {
        self.compound(None, Token::Struct)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Compound<'a>, Error> {
        self.compound(Some(variant), Token::Struct)
    }
}
