//! The items of sequences, maps, structs and variants on their way to tokens.

use std::ops::Range;

use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};

use super::Error;
use super::encode::Encoder;
use super::token::Token;

/// A container that is open.
#[derive(Debug)]
pub(super) struct Compound<'a> {
    encoder: &'a mut Encoder,
    /// The depth to go back to.
    outer: usize,
    /// The variant whose content this is.
    variant: Option<&'static str>,
    /// How many elements there are so far.
    index: usize,
    /// Where in the output the current entry's key stands.
    key: Range<usize>,
}

impl<'a> Compound<'a> {
    pub(super) fn new(encoder: &'a mut Encoder, outer: usize, variant: Option<&'static str>) -> Self {
        Self { encoder, outer, variant, index: 0, key: 0..0 }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut *self.encoder).map_err(|error| self.locate(error.at_index(self.index)))?;
        self.index += 1;
        Ok(())
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        self.encoder.put(Token::Str(name))?;
        value.serialize(&mut *self.encoder).map_err(|error| self.locate(error.at_name(name)))
    }

    fn close(self) -> Result<(), Error> {
        self.encoder.depth = self.outer;
        self.encoder.put(Token::End)
    }

    fn locate(&self, error: Error) -> Error {
        match self.variant {
            Some(name) => error.at_name(name),
            None => error,
        }
    }
}

impl SerializeSeq for Compound<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.element(value)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

impl SerializeTuple for Compound<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.element(value)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

impl SerializeTupleStruct for Compound<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.element(value)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

impl SerializeTupleVariant for Compound<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.element(value)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

impl SerializeMap for Compound<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let start = self.encoder.out.len();
        key.serialize(&mut *self.encoder)?;
        self.key = start..self.encoder.out.len();
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut *self.encoder).map_err(|error| error.at_key(&self.encoder.out[self.key.clone()]))
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

impl SerializeStruct for Compound<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        self.field(name, value)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

impl SerializeStructVariant for Compound<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        self.field(name, value)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}
