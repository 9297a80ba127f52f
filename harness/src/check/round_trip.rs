//! Whether a value comes back from serialization as it went in.

use crate::finding::Loss;
use crate::portable::Portable;
use crate::rendering::first_difference;
use crate::wire;

/// Decodes what `value` was encoded to, and says where the result differs.
///
/// # Errors
/// It cannot be decoded.
pub(crate) fn loss<V: Portable>(
    value: &V,
    encoded: &[u8],
    output: bool,
) -> Result<Option<Loss>, wire::Error> {
    let back: V = wire::decode(encoded)?;
    if back == *value {
        return Ok(None);
    }
    // What is not equal to itself has a NaN somewhere: then its encoding tells, and what a person would see.
    #[expect(clippy::eq_op, reason = "a NaN is not equal to itself")]
    let strange = *value != *value;
    let difference = first_difference(&format!("{value:#?}"), &format!("{back:#?}"));
    match difference {
        None if strange && wire::encode_for_keeps(&back).is_ok_and(|again| wire::same(&again, encoded)) => {
            Ok(None)
        }
        None => {
            let text = format!("{value:?}");
            let after = format!("{text} (differs in what `Debug` does not show)");
            Ok(Some(Loss { output, field: String::new(), before: text, after }))
        }
        Some(difference) => Ok(Some(Loss {
            output,
            field: difference.path,
            before: difference.before,
            after: difference.after,
        })),
    }
}
