//! Whether two encodings mean the same.
//!
//! Types under test need no `PartialEq`, and a derived one would find `NaN` different from itself. So encodings are
//! compared, after each is brought into one form: one `NaN`, one zero, and maps in the order of their keys. Comparing
//! the trees directly would mean to look for each entry of one map among all of the other.

use super::Error;
use super::reader::Reader;
use super::token::{Token, tag};

/// Whether `a` and `b` encode the same value, up to the order of entries and the kind of zero or `NaN`. What is no
/// encoding is the same as nothing.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    let Ok(one) = canonical(a) else { return false };
    a == b || canonical(b).is_ok_and(|other| one == other)
}

fn canonical(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut reader = Reader::new(bytes);
    let mut out = Vec::new();
    copy(&mut reader, &mut out)?;
    reader.finish()?;
    Ok(out)
}

fn copy(reader: &mut Reader<'_>, out: &mut Vec<u8>) -> Result<(), Error> {
    let token = reader.token()?;
    match token {
        Token::F32(value) if value.is_nan() => Token::F32(f32::NAN).write(out),
        Token::F64(value) if value.is_nan() => Token::F64(f64::NAN).write(out),
        // The sum of the two zeros is the positive one; for all else, zero changes nothing.
        Token::F32(value) => Token::F32(value + 0.0).write(out),
        Token::F64(value) => Token::F64(value + 0.0).write(out),
        Token::End => return Err(Error::new("value missing at the end of a container")),
        _ => token.write(out),
    }
    match token {
        Token::Some | Token::Variant(_) => reader.nested(|inside| copy(inside, out)),
        Token::Seq => reader.nested(|inside| copy_elements(inside, out)),
        Token::Map | Token::Struct => reader.nested(|inside| copy_entries(inside, out)),
        _ => Ok(()),
    }
}

fn copy_elements(reader: &mut Reader<'_>, out: &mut Vec<u8>) -> Result<(), Error> {
    while !reader.take(tag::END) {
        copy(reader, out)?;
    }
    Token::End.write(out);
    Ok(())
}

fn copy_entries(reader: &mut Reader<'_>, out: &mut Vec<u8>) -> Result<(), Error> {
    let mut start = out.len();
    let (first, mut entries) = (start, Vec::new());
    while !reader.take(tag::END) {
        copy(reader, out)?;
        copy(reader, out)?;
        entries.push(start..out.len());
        start = out.len();
    }
    // No entry is the beginning of another, hence their bytes compare as key first.
    entries.sort_unstable_by(|a, b| out[a.clone()].cmp(&out[b.clone()]));
    let sorted: Vec<u8> = entries.into_iter().flat_map(|entry| &out[entry]).copied().collect();
    out.truncate(first);
    out.extend(sorted);
    Token::End.write(out);
    Ok(())
}
