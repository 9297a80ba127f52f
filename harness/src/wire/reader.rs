//! Takes an encoding apart into tokens. Its bytes may be garbage: nothing is believed before it was checked.

use super::token::{Token, tag};
use super::{Error, deeper};

/// Where in an encoding we are.
#[derive(Debug)]
pub(super) struct Reader<'de> {
    pub(super) rest: &'de [u8],
    depth: usize,
}

impl<'de> Reader<'de> {
    pub(super) fn new(bytes: &'de [u8]) -> Self {
        Self { rest: bytes, depth: 0 }
    }

    /// Nothing may follow.
    pub(super) fn finish(self) -> Result<(), Error> {
        match self.rest.len() {
            0 => Ok(()),
            surplus => Err(Error::new(format!("surplus bytes after the value: {surplus}"))),
        }
    }

    /// Reads what is one level deeper.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        self.depth = deeper(self.depth)?;
        let result = read(self);
        self.depth -= 1;
        result
    }

    pub(super) fn at(&self, tag: u8) -> bool {
        self.rest.first() == Some(&tag)
    }

    /// Steps over `tag`, if it is next and has no content.
    pub(super) fn take(&mut self, tag: u8) -> bool {
        let at = self.at(tag);
        if at {
            self.rest = &self.rest[1..];
        }
        at
    }

    pub(super) fn token(&mut self) -> Result<Token<'de>, Error> {
        let [tag] = self.array()?;
        Ok(match tag {
            tag::UNIT => Token::Unit,
            tag::NONE => Token::None,
            tag::SOME => Token::Some,
            tag::BOOL => Token::Bool(self.bool()?),
            tag::I8 => Token::I8(i8::from_le_bytes(self.array()?)),
            tag::I16 => Token::I16(i16::from_le_bytes(self.array()?)),
            tag::I32 => Token::I32(i32::from_le_bytes(self.array()?)),
            tag::I64 => Token::I64(i64::from_le_bytes(self.array()?)),
            tag::I128 => Token::I128(i128::from_le_bytes(self.array()?)),
            tag::U8 => Token::U8(u8::from_le_bytes(self.array()?)),
            tag::U16 => Token::U16(u16::from_le_bytes(self.array()?)),
            tag::U32 => Token::U32(u32::from_le_bytes(self.array()?)),
            tag::U64 => Token::U64(u64::from_le_bytes(self.array()?)),
            tag::U128 => Token::U128(u128::from_le_bytes(self.array()?)),
            tag::F32 => Token::F32(f32::from_le_bytes(self.array()?)),
            tag::F64 => Token::F64(f64::from_le_bytes(self.array()?)),
            tag::CHAR => Token::Char(self.char()?),
            tag::STR => Token::Str(self.text()?),
            tag::BYTES => Token::Bytes(self.counted()?),
            tag::SEQ => Token::Seq,
            tag::MAP => Token::Map,
            tag::STRUCT => Token::Struct,
            tag::UNIT_VARIANT => Token::UnitVariant(self.text()?),
            tag::VARIANT => Token::Variant(self.text()?),
            tag::END => Token::End,
            unknown => return Err(Error::new(format!("unknown tag {unknown:#04x}"))),
        })
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let (&array, rest) = self.rest.split_first_chunk().ok_or_else(truncated)?;
        self.rest = rest;
        Ok(array)
    }

    pub(super) fn bytes(&mut self, count: usize) -> Result<&'de [u8], Error> {
        let (bytes, rest) = self.rest.split_at_checked(count).ok_or_else(truncated)?;
        self.rest = rest;
        Ok(bytes)
    }

    fn counted(&mut self) -> Result<&'de [u8], Error> {
        let mut count = 0;
        for shift in (0..usize::BITS).step_by(7) {
            let [byte] = self.array()?;
            count |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return self.bytes(count);
            }
        }
        Err(Error::new("length out of range"))
    }

    fn text(&mut self) -> Result<&'de str, Error> {
        str::from_utf8(self.counted()?).map_err(|error| Error::new(error.to_string()))
    }

    fn bool(&mut self) -> Result<bool, Error> {
        match self.array()? {
            [0] => Ok(false),
            [1] => Ok(true),
            [other] => Err(Error::new(format!("neither true nor false: {other:#04x}"))),
        }
    }

    fn char(&mut self) -> Result<char, Error> {
        let code = u32::from_le_bytes(self.array()?);
        char::from_u32(code).ok_or_else(|| Error::new(format!("not a character: {code:#x}")))
    }
}

pub(super) fn truncated() -> Error {
    Error::new("unexpected end of input")
}
