//! How values cross from one process to another: a lossless, self-describing binary format for serde.
//!
//! What a format loses by itself would be blamed on the type under test, and every format at hand loses something.
//! postcard and bincode do not describe themselves, which breaks `flatten`, `untagged` and `skip_serializing_if`; CBOR
//! and MessagePack read `Some(None)` as `None`; JSON has no `NaN`, no bytes and no keys but strings. So this one: a tag
//! byte for each kind of value that a `Deserialize` can tell apart ([`token`]), written by [`encode`] and read by
//! [`decode`]. The rest works on encodings: [`same`] compares two, [`json`] is the text form that people read and edit.
//!
//! What serde itself cannot do stays an error: its buffers behind `flatten` and `untagged` refuse 128-bit integers.

#[cfg(feature = "check")]
mod access;
#[cfg(feature = "check")]
mod compound;
#[cfg(feature = "check")]
mod decode;
#[cfg(feature = "check")]
mod encode;
mod error;
#[cfg(feature = "check")]
mod json;
mod reader;
mod same;
#[cfg(test)]
#[cfg(feature = "check")]
mod tests;
mod token;
#[cfg(feature = "check")]
pub(crate) mod transit;
#[cfg(feature = "check")]
mod values;

pub(crate) use error::Error;
pub(crate) use same::same;
#[cfg(feature = "check")]
pub(crate) use {
    json::{from_json, to_json},
    transit::in_transit,
    values::{decode, decode_kept, encode, encode_for_keeps},
};

/// How deeply values may nest, in both directions. Every container, variant, `Some` and newtype is one level.
///
/// Measured without optimization, that many take 0.5 MiB of stack for a list of pairs, and 1.1 MiB for the worst type
/// of our tests, an enum of 24 variants that serde buffers at every level. The thread of a test has 2 MiB.
const MAX_DEPTH: usize = 192;

/// One level below `depth`, if there may be one.
fn deeper(depth: usize) -> Result<usize, Error> {
    if depth < MAX_DEPTH {
        Ok(depth + 1)
    } else {
        Err(Error::new(format!("nested more than {MAX_DEPTH} levels deep")))
    }
}
