//! How values cross from one process to another: a lossless, self-describing binary format for serde.
//!
//! What a format loses by itself would be blamed on the type under test, and every format at hand loses something.
//! postcard and bincode do not describe themselves, which breaks `flatten`, `untagged` and `skip_serializing_if`; CBOR
//! and MessagePack read `Some(None)` as `None`; JSON has no `NaN`, no bytes and no keys but strings. So this one: a tag
//! byte for each kind of value that a `Deserialize` can tell apart ([`token`]), written by [`encode`] and read by
//! [`decode`]. The rest works on encodings: [`same`] compares two, [`json`] is the text form that people read and edit.
//!
//! What serde itself cannot do stays an error: its buffers behind `flatten` and `untagged` refuse 128-bit integers.

mod access;
mod compound;
mod decode;
mod encode;
mod error;
mod json;
mod reader;
mod same;
#[cfg(test)]
mod tests;
mod token;
pub(crate) mod transit;

use serde::Serialize;
use serde::de::DeserializeOwned;

use encode::Encoder;
use reader::Reader;
use transit::Transit;

pub(crate) use error::Error;
pub(crate) use json::{from_json, to_json};
pub(crate) use same::same;
pub(crate) use transit::in_transit;

/// How deeply values may nest, in both directions. Every container, variant, `Some` and newtype is one level.
///
/// Measured without optimization, that many take 0.5 MiB of stack for a list of pairs, and 1.1 MiB for the worst type
/// of our tests, an enum of 24 variants that serde buffers at every level. The thread of a test has 2 MiB.
const MAX_DEPTH: usize = 192;

/// Whether types write and read themselves as text where they have the choice, such as network addresses. serde's own
/// buffers, behind `untagged` and `flatten`, say yes whatever a format says: with no, such a type would write itself in one
/// way there and want to be read in the other.
const HUMAN_READABLE: bool = true;

/// The encoding of `value`, for another process of this run.
pub(crate) fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    let _transit = Transit::set(true);
    Encoder::encode(value)
}

/// As [`encode`], but for later runs as well: [`in_transit`] is false.
pub(crate) fn encode_for_keeps<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    let _transit = Transit::set(false);
    Encoder::encode(value)
}

/// The value that `bytes` encode; nothing may follow it.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let _transit = Transit::set(true);
    read(bytes)
}

/// As [`decode`], for what comes from a file that anybody may have written: [`in_transit`] is false, so a handle in it
/// opens nothing.
pub(crate) fn decode_kept<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let _transit = Transit::set(false);
    read(bytes)
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let mut reader = Reader::new(bytes);
    let value = T::deserialize(&mut reader)?;
    reader.finish()?;
    Ok(value)
}

/// One level below `depth`, if there may be one.
fn deeper(depth: usize) -> Result<usize, Error> {
    if depth < MAX_DEPTH {
        Ok(depth + 1)
    } else {
        Err(Error::new(format!("nested more than {MAX_DEPTH} levels deep")))
    }
}
