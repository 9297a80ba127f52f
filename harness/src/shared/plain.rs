//! Which items may lie in a shared file: those that are nothing but their bytes.
//!
//! The trait is sealed. An open one had to be `unsafe`, and a worker's author would have to prove what holds
//! for numbers by definition; a structure of numbers fits into an array, or into one slice per field. `bool`
//! and `char` are left out because some bytes are no value of theirs, `usize` and `isize` because kept
//! content would not read the same everywhere.

use serde::de::{Error, SeqAccess, Visitor};
use serde::ser::SerializeTuple;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;
use std::slice;

/// A type whose values are plain bytes: integers of a fixed size, floats, and arrays of such types.
///
/// It cannot be implemented outside of this crate.
pub trait Plain: Element + Copy + fmt::Debug + Send + Sync + 'static {}

/// The seal, and what arrays need: serde serializes only those of up to 32 items.
///
/// # Safety
/// The type has no padding, and any bytes of its size are a value.
pub unsafe trait Element: Sized {
    const ZERO: Self;

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

macro_rules! numbers {
    ($($number:ident)*) => {$(
        impl Plain for $number {}

        // SAFETY: integers and floats use all of their bits, and any bits are a value.
        unsafe impl Element for $number {
            const ZERO: Self = 0 as Self;

            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.serialize(serializer)
            }

            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::deserialize(deserializer)
            }
        }
    )*};
}

numbers! { u8 u16 u32 u64 u128 i8 i16 i32 i64 i128 f32 f64 }

impl<P: Plain, const N: usize> Plain for [P; N] {}

// SAFETY: the items of an array follow each other without padding, and it consists of nothing else.
unsafe impl<P: Plain, const N: usize> Element for [P; N] {
    const ZERO: Self = [P::ZERO; N];

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(N)?;
        for item in self {
            tuple.serialize_element(&Content(*item))?;
        }
        tuple.end()
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_tuple(N, Array(PhantomData))
    }
}

struct Array<P, const N: usize>(PhantomData<P>);

impl<'de, P: Plain, const N: usize> Visitor<'de> for Array<P, N> {
    type Value = [P; N];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an array of {N} items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<[P; N], A::Error> {
        let mut array = [P::ZERO; N];
        for (index, item) in array.iter_mut().enumerate() {
            let Content(read) = seq.next_element()?.ok_or_else(|| A::Error::invalid_length(index, &self))?;
            *item = read;
        }
        Ok(array)
    }
}

/// An item for serde, as [`Element`] says.
pub(super) struct Content<P>(pub(super) P);

impl<P: Plain> Serialize for Content<P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

impl<'de, P: Plain> Deserialize<'de> for Content<P> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        P::read(deserializer).map(Self)
    }
}

/// The same memory as bytes.
pub(super) fn bytes<T: Plain>(items: &[T]) -> &[u8] {
    // SAFETY: without padding each byte is initialized; bytes lie anywhere; the result borrows `items`.
    unsafe { slice::from_raw_parts(items.as_ptr().cast(), size_of_val(items)) }
}
