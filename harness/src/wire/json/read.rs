//! From JSON to an encoding. People edit the text, hence errors name the place.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::IgnoredAny;
use serde_json::{Map, Number, Value};

use crate::wire::encode::Encoder;
use crate::wire::token::Token;
use crate::wire::{Error, decode};

/// The encoding of a value in its text form.
pub(crate) fn from_json(json: &Value) -> Result<Vec<u8>, Error> {
    let mut encoder = Encoder::default();
    value(&mut encoder, json)?;
    Ok(encoder.out)
}

fn value(encoder: &mut Encoder, json: &Value) -> Result<(), Error> {
    match json {
        Value::Null => encoder.put(Token::None),
        Value::Bool(value) => encoder.put(Token::Bool(*value)),
        Value::Number(value) => number(encoder, value),
        Value::String(value) => encoder.put(Token::Str(value)),
        Value::Array(items) => container(encoder, Token::Seq, |inside| {
            items
                .iter()
                .enumerate()
                .try_for_each(|(index, item)| value(inside, item).map_err(|error| error.at_index(index)))
        }),
        Value::Object(object) => match object.keys().find(|key| is_escape(key)) {
            Some(name) => escape(encoder, name, object).map_err(|error| error.at_name(name)),
            None => container(encoder, Token::Map, |inside| entries(inside, object)),
        },
    }
}

fn container(
    encoder: &mut Encoder,
    token: Token<'_>,
    items: impl FnOnce(&mut Encoder) -> Result<(), Error>,
) -> Result<(), Error> {
    encoder.open(token)?;
    items(encoder)?;
    encoder.depth -= 1;
    encoder.put(Token::End)
}

fn is_escape(key: &str) -> bool {
    key.starts_with('$') && !key.starts_with("$$")
}

fn entries(encoder: &mut Encoder, object: &Map<String, Value>) -> Result<(), Error> {
    for (key, content) in object {
        let name = if key.starts_with("$$") { &key[1..] } else { key };
        encoder.put(Token::Str(name))?;
        value(encoder, content).map_err(|error| error.at_name(name))?;
    }
    Ok(())
}

fn number(encoder: &mut Encoder, number: &Number) -> Result<(), Error> {
    if let Some(value) = number.as_u64() {
        encoder.put(Token::U64(value))
    } else if let Some(value) = number.as_i64() {
        encoder.put(Token::I64(value))
    } else if let Some(value) = number.as_f64() {
        encoder.put(Token::F64(value))
    } else {
        Err(Error::new(format!("number out of range: `{number}`")))
    }
}

fn escape(encoder: &mut Encoder, name: &str, object: &Map<String, Value>) -> Result<(), Error> {
    if object.len() != 1 {
        let hint =
            format!("`{name}` must be alone in its object (hint: write `${name}` for a key of that name)");
        return Err(Error::new(hint));
    }
    let content = &object[name];
    match name {
        "$unit" => encoder.put(Token::Unit),
        "$some" => {
            encoder.open(Token::Some)?;
            value(encoder, content)?;
            encoder.depth -= 1;
            Ok(())
        }
        "$char" => encoder.put(Token::Char(parse(text(content)?)?)),
        "$bytes" => encoder.put(Token::Bytes(&bytes(text(content)?)?)),
        "$i128" => encoder.put(Token::I128(parse(text(content)?)?)),
        "$u128" => encoder.put(Token::U128(parse(text(content)?)?)),
        "$f32" => encoder.put(Token::F32(f32(text(content)?)?)),
        "$f64" => encoder.put(Token::F64(f64(text(content)?)?)),
        "$map" => container(encoder, Token::Map, |inside| pairs(inside, content)),
        "$wire" => {
            let bytes = bytes(text(content)?)?;
            decode::<IgnoredAny>(&bytes)?;
            encoder.out.extend(bytes);
            Ok(())
        }
        _ => Err(Error::new(format!("unknown escape (hint: write `${name}` for a key of that name)"))),
    }
}

fn pairs(encoder: &mut Encoder, content: &Value) -> Result<(), Error> {
    let pairs = content.as_array().ok_or_else(|| Error::new("expected an array of pairs"))?;
    for (index, pair) in pairs.iter().enumerate() {
        let [key, content] = pair.as_array().map(Vec::as_slice).unwrap_or_default() else {
            return Err(Error::new("expected a pair of key and value").at_index(index));
        };
        value(encoder, key).and_then(|()| value(encoder, content)).map_err(|error| error.at_index(index))?;
    }
    Ok(())
}

fn text(content: &Value) -> Result<&str, Error> {
    content.as_str().ok_or_else(|| Error::new("expected a string"))
}

fn parse<T: FromStr<Err: Display>>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|error| wrong(text, error))
}

fn wrong(text: &str, error: impl Display) -> Error {
    Error::new(format!("`{text}`: {error}"))
}

/// A number, or the bits of a certain `NaN`.
fn f32(text: &str) -> Result<f32, Error> {
    match text.strip_prefix("NaN:") {
        Some(bits) => u32::from_str_radix(bits, 16).map(f32::from_bits).map_err(|error| wrong(text, error)),
        None => parse(text),
    }
}

/// As [`f32`].
fn f64(text: &str) -> Result<f64, Error> {
    match text.strip_prefix("NaN:") {
        Some(bits) => u64::from_str_radix(bits, 16).map(f64::from_bits).map_err(|error| wrong(text, error)),
        None => parse(text),
    }
}

fn bytes(text: &str) -> Result<Vec<u8>, Error> {
    let bytes = text.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from((digit(*high)? << 4) | digit(*low)?).ok(),
        _ => None,
    });
    bytes.collect::<Option<_>>().ok_or_else(|| Error::new("expected two hexadecimal digits for each byte"))
}

fn digit(byte: u8) -> Option<u32> {
    char::from(byte).to_digit(16)
}
