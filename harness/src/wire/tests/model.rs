//! A type of all shapes.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Model {
    Unit,
    Bool(bool),
    Signed(i8, i16, i32, i64),
    Unsigned(u8, u16, u32, u64),
    Huge(i128, u128),
    Floats { narrow: f32, wide: f64 },
    Char(char),
    Text(String),
    Bytes(Bytes),
    Nothing(()),
    Options(Option<Option<Option<u8>>>),
    Void(Option<()>),
    Option(Option<Box<Model>>),
    Seq(Vec<Model>),
    Pair(Box<(Model, Model)>),
    ByText(BTreeMap<String, Model>),
    ByNumber(BTreeMap<i32, Model>),
    ByKey(BTreeMap<Key, Model>),
    ByTuple(BTreeMap<(bool, char), Model>),
    Ordered(Ordered),
    Flat(Box<Flat>),
    Untagged(Box<Untagged>),
    Internal(Box<Internal>),
    Adjacent(Box<Adjacent>),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Key {
    B,
    A,
    Of(u8),
    #[serde(rename = "$named")]
    Named {
        x: u8,
    },
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Flat {
    pub(super) a: u8,
    #[serde(flatten)]
    pub(super) inner: Inner,
    #[serde(flatten)]
    pub(super) rest: BTreeMap<String, Model>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Inner {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) x: Option<Box<Model>>,
    pub(super) y: char,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Untagged {
    Void,
    Number(u8),
    Char(char),
    Option(Option<Option<bool>>),
    Model { model: Model, to: Option<f32> },
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub(super) enum Internal {
    Unit,
    Newtype(Inner),
    Struct { model: Model },
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", content = "of")]
pub(super) enum Adjacent {
    Unit,
    Newtype(Model),
    Tuple(u8, Model),
}

/// Bytes that serde sees as such.
#[derive(Clone, Debug)]
pub(super) struct Bytes(pub(super) Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AsBytes;
        impl Visitor<'_> for AsBytes {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_vec()))
            }
        }
        deserializer.deserialize_bytes(AsBytes)
    }
}

/// A map whose order counts, and that may have a key twice.
#[derive(Clone, Debug)]
pub(super) struct Ordered(pub(super) Vec<(String, Model)>);

impl Serialize for Ordered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AsMap;
        impl<'de> Visitor<'de> for AsMap {
            type Value = Ordered;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ordered, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Ordered(entries))
            }
        }
        deserializer.deserialize_map(AsMap)
    }
}
