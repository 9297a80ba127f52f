//! Values to encodings and back.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Error;
use super::encode::Encoder;
use super::reader::Reader;
use super::transit::Transit;

/// Whether types write and read themselves as text where they have the choice, such as network addresses. serde's own
/// buffers, behind `untagged` and `flatten`, say yes whatever a format says: with no, such a type would write itself in one
/// way there and want to be read in the other.
pub(super) const HUMAN_READABLE: bool = true;

/// The encoding of `value`, for another process of this run.
pub(crate) fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    let _transit = Transit::set(true);
    Encoder::encode(value)
}

/// As [`encode`], but for later runs as well: [`in_transit`](super::in_transit) is false.
pub(crate) fn encode_for_keeps<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    let _transit = Transit::set(false);
    Encoder::encode(value)
}

/// The value that `bytes` encode; nothing may follow it.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let _transit = Transit::set(true);
    read(bytes)
}

/// As [`decode`], for what comes from a file that anybody may have written: [`in_transit`](super::in_transit) is false, so a handle in it
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
