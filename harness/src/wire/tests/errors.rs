//! What errors say, and where they say it is.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::ser::Error as _;
use serde::{Deserialize, Serialize, Serializer};

use crate::wire::{Error, decode, encode};

#[derive(Debug, Serialize, Deserialize)]
struct Order<T> {
    items: Vec<Item<T>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Item<T> {
    note: Option<T>,
}

#[derive(Debug, Serialize, Deserialize)]
enum Shape<T> {
    Circle { radius: T },
    Line(u8, T),
    Point(T),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Either<T> {
    One(T),
}

#[derive(Debug, Serialize, Deserialize)]
struct Flat<T> {
    #[serde(flatten)]
    inner: Item<T>,
}

struct Refusing;

impl Serialize for Refusing {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("refused"))
    }
}

fn order<T>(note: T) -> Order<T> {
    Order { items: vec![Item { note: None }, Item { note: Some(note) }] }
}

#[track_caller]
fn decodes<T: DeserializeOwned + Debug>(value: impl Serialize, expected: &str) {
    let bytes = encode(&value).unwrap();
    assert_eq!(decode::<T>(&bytes).unwrap_err().to_string(), expected);
}

#[track_caller]
fn encodes(value: impl Serialize, expected: &str) {
    assert_eq!(encode(&value).unwrap_err().to_string(), expected);
}

#[test]
fn decoding_names_the_place() {
    decodes::<u8>("x", "invalid type: string \"x\", expected u8");
    decodes::<u8>(300, "invalid value: integer `300`, expected u8");
    decodes::<Order<String>>(order(1), "`items[1].note`: invalid type: integer `1`, expected a string");
    decodes::<Shape<u8>>(
        Shape::Circle { radius: "x" },
        "`Circle.radius`: invalid type: string \"x\", expected u8",
    );
    decodes::<Shape<u8>>(Shape::Line(1, "x"), "`Line[1]`: invalid type: string \"x\", expected u8");
    decodes::<Shape<u8>>(Shape::Point("x"), "`Point`: invalid type: string \"x\", expected u8");
    decodes::<BTreeMap<i32, u8>>(
        BTreeMap::from([(-1, "x")]),
        "`[-1]`: invalid type: string \"x\", expected u8",
    );
    decodes::<BTreeMap<String, u8>>(
        BTreeMap::from([("a b", "x")]),
        "`[\"a b\"]`: invalid type: string \"x\", expected u8",
    );
    decodes::<(u8, u8)>([1, 2, 3], "more elements than the type takes");
    decodes::<(u8, u8)>([1], "invalid length 1, expected a tuple of size 2");
    decodes::<Shape<u8>>(1, "invalid type: integer `1`, expected enum Shape");
    decodes::<Shape<u8>>(BTreeMap::from([("Point", 1), ("Z", 1)]), "more elements than the type takes");
    decodes::<Shape<u8>>("Point", "invalid type: unit variant, expected newtype variant");
}

#[test]
fn encoding_names_the_place() {
    encodes(order(Refusing), "`items[1].note`: refused");
    encodes(Shape::Circle { radius: Refusing }, "`Circle.radius`: refused");
    encodes(Shape::Line(1, Refusing), "`Line[1]`: refused");
    encodes(Shape::Point(Refusing), "`Point`: refused");
    encodes(BTreeMap::from([(-1, Refusing)]), "`[-1]`: refused");
    let error = encode(&order(Refusing)).unwrap_err();
    assert_eq!(error, Error { path: "items[1].note".into(), message: "refused".into() });
}

/// serde's buffers have no place for them. It is the one shape that we must refuse, and never silently.
#[test]
fn serde_buffers_no_128_bit_integers() {
    decodes::<Flat<u128>>(
        Flat { inner: Item { note: Some(1u128) } },
        "`note`: invalid type: integer `1` as u128, expected any value",
    );
    decodes::<Either<i128>>(Either::One(-1i128), "invalid type: integer `-1` as i128, expected any value");
}
