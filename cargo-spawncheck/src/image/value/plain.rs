//! Numbers, characters and the like.

use crate::image::types::Shape;

pub(super) fn show(shape: &Shape, bytes: &[u8]) -> Option<String> {
    match (shape, bytes.len()) {
        // `()` counts as a number without bytes.
        (Shape::Unsigned, 0) => Some("()".to_owned()),
        (Shape::Bool, 1) => match bytes[0] {
            0 => Some("false".to_owned()),
            1 => Some("true".to_owned()),
            _ => None,
        },
        (Shape::Char, 4) => {
            let c = char::from_u32(u32::try_from(number(bytes)?).ok()?)?;
            Some(format!("{c:?}"))
        }
        (Shape::Float, 4) => Some(format!("{:?}", f32::from_le_bytes(bytes.try_into().ok()?))),
        (Shape::Float, 8) => Some(format!("{:?}", f64::from_le_bytes(bytes.try_into().ok()?))),
        (Shape::Unsigned, 16) => Some(u128::from_le_bytes(bytes.try_into().ok()?).to_string()),
        (Shape::Signed, 16) => Some(i128::from_le_bytes(bytes.try_into().ok()?).to_string()),
        (Shape::Unsigned, _) => number(bytes).map(|number| number.to_string()),
        (Shape::Signed, 1 | 2 | 4 | 8) => {
            let unused = 64 - 8 * u32::try_from(bytes.len()).ok()?;
            Some((((number(bytes)? << unused) as i64) >> unused).to_string())
        }
        _ => None,
    }
}

/// Little endian, as every platform is that statics are read on.
pub(super) fn number(bytes: &[u8]) -> Option<u64> {
    matches!(bytes.len(), 1 | 2 | 4 | 8)
        .then(|| bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// The bits that a number of so many bytes has.
pub(super) fn mask(size: usize) -> u64 {
    if size >= 8 { u64::MAX } else { (1 << (8 * size)) - 1 }
}

pub(super) fn last_segment(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}
