//! From tokens to a value.
//!
//! The tokens decide what a visitor gets to see, not what the type asks for: serde's visitors convert between widths,
//! and between text and bytes, where that loses nothing. Types only matter where one token stands for two things.

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::Error;
use super::access::{Elements, Entries, Payload};
use super::reader::{Reader, truncated};
use super::token::{Token, tag};
use super::values::HUMAN_READABLE;

impl Reader<'_> {
    /// The end of a container must be next.
    pub(super) fn close(&mut self) -> Result<(), Error> {
        match self.rest.first() {
            Some(&tag::END) => self.bytes(1).map(drop),
            Some(_) => Err(Error::new("more elements than the type takes")),
            None => Err(truncated()),
        }
    }

    /// Steps over each `Some` that says nothing: where its content is a value, who reads a value need not know of it.
    /// In front of `None` and `()` it does matter: serde's buffers read both as `None`.
    pub(super) fn skip_somes(&mut self) {
        let somes = self.rest.iter().take_while(|&&tag| tag == tag::SOME).count();
        if !matches!(self.rest.get(somes), Some(&(tag::NONE | tag::UNIT))) {
            self.rest = &self.rest[somes..];
        }
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Error;

    fn is_human_readable(&self) -> bool {
        HUMAN_READABLE
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.skip_somes();
        match self.token()? {
            Token::Unit => visitor.visit_unit(),
            Token::None => visitor.visit_none(),
            Token::Some => self.nested(|inside| visitor.visit_some(inside)),
            Token::Bool(value) => visitor.visit_bool(value),
            Token::I8(value) => visitor.visit_i8(value),
            Token::I16(value) => visitor.visit_i16(value),
            Token::I32(value) => visitor.visit_i32(value),
            Token::I64(value) => visitor.visit_i64(value),
            Token::I128(value) => visitor.visit_i128(value),
            Token::U8(value) => visitor.visit_u8(value),
            Token::U16(value) => visitor.visit_u16(value),
            Token::U32(value) => visitor.visit_u32(value),
            Token::U64(value) => visitor.visit_u64(value),
            Token::U128(value) => visitor.visit_u128(value),
            Token::F32(value) => visitor.visit_f32(value),
            Token::F64(value) => visitor.visit_f64(value),
            Token::Char(value) => visitor.visit_char(value),
            // What serde buffers must look like JSON: a variant is its name, or a map from its name to its content.
            Token::Str(value) | Token::UnitVariant(value) => visitor.visit_borrowed_str(value),
            Token::Bytes(value) => visitor.visit_borrowed_bytes(value),
            Token::Seq => self.nested(|inside| Elements::visit(inside, visitor)),
            Token::Map | Token::Struct => self.nested(|inside| Entries::visit(inside, visitor)),
            Token::Variant(name) => self.nested(|inside| Payload::visit(name, inside, visitor)),
            Token::End => Err(Error::new("value missing at the end of a container")),
        }
    }

    /// A shortcut: most of what is large is a `Vec<u8>`.
    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let [tag::U8, value, rest @ ..] = self.rest else { return self.deserialize_any(visitor) };
        self.rest = rest;
        visitor.visit_u8(*value)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.at(tag::NONE) || self.at(tag::UNIT) {
            return self.deserialize_any(visitor);
        }
        self.take(tag::SOME);
        // One level also without a token: `struct Chain(Option<Box<Chain>>)` would read a number forever.
        self.nested(|inside| visitor.visit_some(inside))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.nested(|inside| visitor.visit_newtype_struct(inside))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.skip_somes();
        let before = self.rest;
        match self.token()? {
            Token::Str(name) | Token::UnitVariant(name) => {
                visitor.visit_enum(BorrowedStrDeserializer::new(name))
            }
            Token::Variant(name) => self.nested(|inside| visitor.visit_enum(Payload::new(name, inside))),
            Token::Map | Token::Struct => self.nested(|inside| {
                let (Token::Str(name) | Token::UnitVariant(name)) = inside.token()? else {
                    return Err(Error::new("expected a map from a variant's name to its content"));
                };
                let value = visitor.visit_enum(Payload::new(name, inside))?;
                inside.close()?;
                Ok(value)
            }),
            // No visitor of an enum takes it; the visitor knows best how to say so.
            _ => {
                self.rest = before;
                self.deserialize_any(visitor)
            }
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map struct identifier ignored_any
    }
}
