//! What both forms of a value have to keep.

mod depth;
mod errors;
mod hostile;
mod json;
mod model;
mod random;
mod same;
mod shapes;
mod transit;

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{decode, encode, from_json, to_json};

/// The value comes back from its encoding and from its text form. Its `Debug` must be the same, and so must its
/// encoding: the former does not show what kind of `NaN` it is, the latter is under test.
#[track_caller]
fn check<T: Serialize + DeserializeOwned + Debug>(value: T) {
    let bytes = encode(&value).unwrap();
    let json = to_json(&bytes).unwrap().to_string();
    let from_text = from_json(&serde_json::from_str(&json).unwrap()).unwrap();
    for encoding in [&bytes, &from_text] {
        let again: T = decode(encoding).unwrap();
        assert_eq!(format!("{again:?}"), format!("{value:?}"), "{json}");
        assert_eq!(encode(&again).unwrap(), bytes, "{json}");
    }
}
