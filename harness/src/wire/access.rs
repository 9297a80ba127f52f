//! The items of sequences, maps, structs and variants on their way from tokens.

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::Error;
use super::reader::Reader;
use super::token::tag;

/// The elements of a sequence.
#[derive(Debug)]
pub(super) struct Elements<'a, 'de> {
    reader: &'a mut Reader<'de>,
    index: usize,
}

impl<'de> Elements<'_, 'de> {
    /// Up to and with the end.
    pub(super) fn visit<V: Visitor<'de>>(reader: &mut Reader<'de>, visitor: V) -> Result<V::Value, Error> {
        let value = visitor.visit_seq(Elements { reader, index: 0 })?;
        reader.close()?;
        Ok(value)
    }
}

impl<'de> SeqAccess<'de> for Elements<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        if self.reader.at(tag::END) {
            return Ok(None);
        }
        let element = seed.deserialize(&mut *self.reader).map_err(|error| error.at_index(self.index))?;
        self.index += 1;
        Ok(Some(element))
    }
}

/// The entries of a map or struct.
#[derive(Debug)]
pub(super) struct Entries<'a, 'de> {
    reader: &'a mut Reader<'de>,
    /// The encoding of the current entry's key.
    key: &'de [u8],
}

impl<'de> Entries<'_, 'de> {
    /// Up to and with the end.
    pub(super) fn visit<V: Visitor<'de>>(reader: &mut Reader<'de>, visitor: V) -> Result<V::Value, Error> {
        let value = visitor.visit_map(Entries { reader, key: &[] })?;
        reader.close()?;
        Ok(value)
    }
}

impl<'de> MapAccess<'de> for Entries<'_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        if self.reader.at(tag::END) {
            return Ok(None);
        }
        let before = self.reader.rest;
        let key = seed.deserialize(&mut *self.reader)?;
        self.key = &before[..before.len() - self.reader.rest.len()];
        Ok(Some(key))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(&mut *self.reader).map_err(|error| error.at_key(self.key))
    }
}

/// A variant that has content.
#[derive(Debug)]
pub(super) struct Payload<'a, 'de> {
    name: &'de str,
    reader: &'a mut Reader<'de>,
    unread: Unread,
}

/// What of a variant a visitor of maps has not asked for yet.
#[derive(Debug, PartialEq)]
enum Unread {
    Both,
    Content,
    Nothing,
}

impl<'a, 'de> Payload<'a, 'de> {
    pub(super) fn new(name: &'de str, reader: &'a mut Reader<'de>) -> Self {
        Self { name, reader, unread: Unread::Both }
    }

    /// As a map of one entry.
    pub(super) fn visit<V: Visitor<'de>>(
        name: &'de str,
        reader: &'a mut Reader<'de>,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let mut payload = Self::new(name, reader);
        let value = visitor.visit_map(&mut payload)?;
        match payload.unread {
            Unread::Nothing => Ok(value),
            _ => Err(Error::new(format!("the type takes no content of the variant `{name}`"))),
        }
    }

    fn content<T>(self, read: impl FnOnce(&mut Reader<'de>) -> Result<T, Error>) -> Result<T, Error> {
        read(self.reader).map_err(|error| error.at_name(self.name))
    }
}

impl<'de> MapAccess<'de> for Payload<'_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        if self.unread != Unread::Both {
            return Ok(None);
        }
        self.unread = Unread::Content;
        seed.deserialize(BorrowedStrDeserializer::new(self.name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        self.unread = Unread::Nothing;
        seed.deserialize(&mut *self.reader).map_err(|error| error.at_name(self.name))
    }
}

impl<'de> EnumAccess<'de> for Payload<'_, 'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let name = seed.deserialize(BorrowedStrDeserializer::<Error>::new(self.name))?;
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for Payload<'_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        self.content(|reader| Deserialize::deserialize(reader))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        self.content(|reader| seed.deserialize(reader))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _count: usize, visitor: V) -> Result<V::Value, Error> {
        self.content(|reader| reader.deserialize_any(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.content(|reader| reader.deserialize_any(visitor))
    }
}
