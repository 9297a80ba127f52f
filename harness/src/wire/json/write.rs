//! From an encoding to JSON.

use std::collections::HashSet;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Number, Value};

use crate::wire::Error;
use crate::wire::reader::Reader;
use crate::wire::token::{Token, tag};

/// How many levels of arrays and objects stay readable; serde_json parses no more than 127.
const READABLE_LEVELS: usize = 100;

/// How many levels the entries of a map may take: `{"$map": [[key, value]]}`.
const MAP_LEVELS: usize = 3;

type Entries = Vec<(Value, Value)>;

/// The text form of the encoded value.
pub(crate) fn to_json(bytes: &[u8]) -> Result<Value, Error> {
    let mut reader = Reader::new(bytes);
    let value = value(&mut reader, 0)?;
    reader.finish()?;
    Ok(value)
}

fn value(reader: &mut Reader<'_>, level: usize) -> Result<Value, Error> {
    reader.skip_somes();
    let before = reader.rest;
    Ok(match reader.token()? {
        Token::None => Value::Null,
        Token::Unit => escape("$unit", Value::Null),
        Token::Bool(value) => value.into(),
        Token::I8(value) => value.into(),
        Token::I16(value) => value.into(),
        Token::I32(value) => value.into(),
        Token::I64(value) => value.into(),
        Token::I128(value) => i128(value),
        Token::U8(value) => value.into(),
        Token::U16(value) => value.into(),
        Token::U32(value) => value.into(),
        Token::U64(value) => value.into(),
        Token::U128(value) => u64::try_from(value).map_or_else(|_| text("$u128", value), Value::from),
        Token::F32(value) => f32(value),
        Token::F64(value) => f64(value),
        Token::Char(value) => text("$char", value),
        Token::Str(value) | Token::UnitVariant(value) => value.into(),
        Token::Bytes(value) => text("$bytes", hex(value)),
        Token::Seq | Token::Map | Token::Struct | Token::Some | Token::Variant(_)
            if level > READABLE_LEVELS =>
        {
            reader.rest = before;
            IgnoredAny::deserialize(&mut *reader)?;
            text("$wire", hex(&before[..before.len() - reader.rest.len()]))
        }
        Token::Some => escape("$some", reader.nested(|inside| value(inside, level + 1))?),
        Token::Seq => reader.nested(|inside| elements(inside, level + 1))?,
        Token::Map => map(reader.nested(|inside| entries(inside, level + MAP_LEVELS))?),
        Token::Struct => structure(reader.nested(|inside| entries(inside, level + 1))?),
        Token::Variant(name) => object([escaped(name)], [reader.nested(|inside| value(inside, level + 1))?]),
        Token::End => return Err(Error::new("value missing at the end of a container")),
    })
}

fn elements(reader: &mut Reader<'_>, level: usize) -> Result<Value, Error> {
    let mut elements = Vec::new();
    while !reader.take(tag::END) {
        elements.push(value(reader, level)?);
    }
    Ok(elements.into())
}

fn entries(reader: &mut Reader<'_>, level: usize) -> Result<Entries, Error> {
    let mut entries = Vec::new();
    while !reader.take(tag::END) {
        entries.push((value(reader, level)?, value(reader, level)?));
    }
    Ok(entries)
}

/// An object only with its keys in order: serde_json sorts them, and to some maps their order means something.
fn map(entries: Entries) -> Value {
    match names(&entries) {
        Some(names) if names.is_sorted_by(|a, b| a < b) => object(names, values(entries)),
        _ => pairs(entries),
    }
}

/// An object whatever the order, but with each key once.
fn structure(entries: Entries) -> Value {
    match names(&entries) {
        Some(names) if names.iter().collect::<HashSet<_>>().len() == names.len() => {
            object(names, values(entries))
        }
        _ => pairs(entries),
    }
}

fn names(entries: &Entries) -> Option<Vec<String>> {
    entries.iter().map(|(key, _)| key.as_str().map(escaped)).collect()
}

fn values(entries: Entries) -> impl Iterator<Item = Value> {
    entries.into_iter().map(|(_, value)| value)
}

fn object(names: impl IntoIterator<Item = String>, values: impl IntoIterator<Item = Value>) -> Value {
    Value::Object(names.into_iter().zip(values).collect())
}

fn pairs(entries: Entries) -> Value {
    escape("$map", entries.into_iter().map(|(key, value)| Value::from(vec![key, value])).collect())
}

fn escaped(name: &str) -> String {
    if name.starts_with('$') { format!("${name}") } else { name.to_owned() }
}

fn escape(name: &str, content: Value) -> Value {
    object([name.to_owned()], [content])
}

fn text(name: &str, content: impl ToString) -> Value {
    escape(name, content.to_string().into())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn i128(value: i128) -> Value {
    let short = i64::try_from(value).map(Value::from).or_else(|_| u64::try_from(value).map(Value::from));
    short.unwrap_or_else(|_| text("$i128", value))
}

/// A number where it reads the same in both widths, since the reader takes it for an `f64`.
fn f32(value: f32) -> Value {
    match plain(value.into()) {
        Some(number) if value.to_string() == f64::from(value).to_string() => number.into(),
        None if value.is_nan() && value.to_bits() != f32::NAN.to_bits() => {
            text("$f32", format!("NaN:{:x}", value.to_bits()))
        }
        _ => text("$f32", value),
    }
}

fn f64(value: f64) -> Value {
    match plain(value) {
        Some(number) => number.into(),
        None if value.is_nan() && value.to_bits() != f64::NAN.to_bits() => {
            text("$f64", format!("NaN:{:x}", value.to_bits()))
        }
        None => text("$f64", value),
    }
}

/// The number, if serde_json reads back from its text what it wrote: without `float_roundtrip` it rounds twice.
fn plain(value: f64) -> Option<Number> {
    let number = Number::from_f64(value)?;
    let back: f64 = serde_json::from_str(&number.to_string()).ok()?;
    (back.to_bits() == value.to_bits()).then_some(number)
}
