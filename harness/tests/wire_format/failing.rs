//! What cannot cross: an error that names the worker, the value's field and the reason, and no finding.

use super::{back_and_forth, config};
use serde::{Deserialize, Serialize, Serializer};
use spawncheck::{Error, ErrorKind, Portable, any, check};
use std::collections::BTreeMap;

macro_rules! fails {
    ($($name:ident: $value:expr => $message:expr;)*) => {$(
        #[test]
        fn $name() {
            let error = back_and_forth($value).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Serialization, "{error}");
            let name = concat!(module_path!(), "::", stringify!($name)).split_once("::").unwrap().1;
            assert_eq!(error.to_string(), format!("an input of worker `{name}` cannot be serialized: {}", $message));
        }
    )*};
}

fails! {
    skipped_without_default: Half { a: 1, b: 2 } => "missing field `b`";
    skipped_further_in: vec![Half { a: 1, b: 2 }] => "`[0]`: missing field `b`";
    renamed_one_way: OneWay { a: 1 } => "missing field `a`";
    unknown_field_is_denied: Strict { a: 1 } => "unknown field `b`, expected `a`";
    wide_integer_in_flatten: Flat { inner: Wide { a: 1 } }
        => "`a`: invalid type: integer `1` as u128, expected any value";
    wide_integer_in_untagged: Untagged::Number(1)
        => "invalid type: integer `1` as u128, expected any value";
    refuses_to_be_written: Picky(13) => "13 is bad luck";
    refuses_to_be_read: Even(3) => "3 is not even";
    unreadable_key: BTreeMap::from([(Even(3), 0_u8)]) => "3 is not even";
    tag_in_a_number: Tagged::Number(1) => "cannot serialize tagged newtype variant Tagged::Number containing an integer";
}

#[cfg(unix)]
fails! {
    path_that_is_no_text: std::path::PathBuf::from(std::ffi::OsString::from_vec(vec![255]))
        => "path contains invalid UTF-8 characters";
}

#[cfg(unix)]
use std::os::unix::ffi::OsStringExt as _;

#[test]
fn nested_too_deeply() {
    let error = back_and_forth(deep(1000)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Serialization);
    assert!(error.to_string().ends_with("…`: nested more than 192 levels deep"), "{error}");
}

/// Of a worker that makes what cannot cross.
fn output_of<R: Portable>(worker: impl Fn(u8) -> R + Send + Sync + Copy + 'static) -> Error {
    check(worker).inputs(any::<u8>()).config(config()).try_run().unwrap_err()
}

#[test]
fn output_that_cannot_be_written() {
    let error = output_of(|_| Picky(13));
    assert_eq!(error.kind(), ErrorKind::Serialization);
    assert!(error.to_string().ends_with("the output cannot be written: 13 is bad luck"), "{error}");
}

#[test]
fn output_that_cannot_be_read_back() {
    let error = output_of(|n| Half { a: n, b: n });
    assert_eq!(error.kind(), ErrorKind::Serialization);
    let reason = "the output cannot be written: it cannot be read back: missing field `b`";
    assert!(error.to_string().ends_with(reason), "{error}");
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Half {
    a: u8,
    #[serde(skip_serializing)]
    b: u8,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct OneWay {
    #[serde(rename(serialize = "A"))]
    a: u8,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Strict {
    #[serde(rename(serialize = "b"))]
    a: u8,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Flat {
    #[serde(flatten)]
    inner: Wide,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Wide {
    a: u128,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Number(u128),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
enum Tagged {
    Number(u8),
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Picky(u8);

impl Serialize for Picky {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            13 => Err(serde::ser::Error::custom("13 is bad luck")),
            number => serializer.serialize_u8(number),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8")]
struct Even(u8);

impl TryFrom<u8> for Even {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        if number.is_multiple_of(2) { Ok(Self(number)) } else { Err(format!("{number} is not even")) }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Tree(Vec<Self>);

fn deep(levels: u32) -> Tree {
    (0..levels).fold(Tree(vec![]), |tree, _| Tree(vec![tree]))
}
