//! What arrives as it was.

use super::{back_and_forth, losses};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::num::{NonZeroU8, Wrapping};
use std::ops::Range;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

macro_rules! crosses {
    ($($name:ident: $value:expr;)*) => {$(
        #[test]
        fn $name() {
            let report = back_and_forth($value).unwrap();
            assert_eq!(losses(&report), [""; 0]);
            assert_eq!(report.cases, 2);
        }
    )*};
}

crosses! {
    nothing: ();
    integers: (i8::MIN, i16::MIN, i32::MIN, i64::MIN, u8::MAX, u16::MAX, u32::MAX, u64::MAX);
    wide_integers: (u128::MAX, i128::MIN, 0_u128);
    floats: (0.1_f32, f32::MIN_POSITIVE, -0.0_f32, 1e308_f64, f64::EPSILON, f64::INFINITY);
    nan: (f32::NAN, f64::NAN, -f64::NAN);
    chars: vec!['a', '\0', 'ß', '\u{10ffff}', '"'];
    strings: vec!["", "a\0b", "\u{1b}[0m", "\"\\\n", "👩‍👩‍👧"].into_iter().map(String::from).collect::<Vec<_>>();
    bytes: Bytes(vec![0, 255, 10, 34]);
    options: vec![None, Some(None), Some(Some(None)), Some(Some(Some(0_u8)))];
    options_of_nothing: (Some(()), None::<()>, Some(Some(())), Some(None::<()>), Some(Empty));
    results: vec![Ok(1_u8), Err("no".to_owned())];
    tuples: ((1_u8,), (1_u8, "a".to_owned()), [[0_u16; 3]; 2], [(); 0]);
    lists: (VecDeque::from([1, 2]), BTreeSet::from(["a".to_owned()]), Box::new(1_u8), Wrapping(255_u8));
    sets_in_any_order: (0..100).collect::<HashSet<u32>>();
    maps_by_integer: BTreeMap::from([(-1_i64, 'a'), (1 << 60, 'b')]);
    maps_by_tuple: HashMap::from([((1_u8, 'a'), true), ((2, 'b'), false)]);
    maps_by_enum: BTreeMap::from([(Shape::Point, 1_u8), (Shape::Circle(2), 2), (Shape::Square { side: 3 }, 3)]);
    maps_by_option: BTreeMap::from([(None, 1_u8), (Some(None), 2), (Some(Some(true)), 3)]);
    maps_by_bool_and_char: (BTreeMap::from([(true, 1_u8)]), BTreeMap::from([('"', 1_u8)]));
    maps_with_nan: HashMap::from([("a".to_owned(), f64::NAN), ("b".to_owned(), 1.0)]);
    enums: vec![Shape::Point, Shape::Circle(1), Shape::Box(1, 2), Shape::Square { side: 3 }];
    internally_tagged: vec![Internal::Unit, Internal::Struct { a: 1, b: None }, Internal::Newtype(Plain { a: 2 })];
    adjacently_tagged: vec![Adjacent::Unit, Adjacent::Newtype(1), Adjacent::Tuple(1, 'a'), Adjacent::Struct { a: 2 }];
    untagged: vec![Untagged::Unit, Untagged::Number(-1), Untagged::Float(0.5), Untagged::Text("1".into()),
        Untagged::List(vec![Untagged::Unit]), Untagged::Struct { a: 1 }];
    flattened: Flat { id: 1, inner: Plain { a: 2 }, rest: BTreeMap::from([("x".into(), -1)]) };
    skipped_if_empty: vec![Sparse { note: None, tags: vec![] }, Sparse { note: Some(String::new()), tags: vec![0] }];
    defaulted: Defaulted { rate: 0 };
    renamed: Renamed { some_field: 1, other_field: 2 };
    converted: vec![Celsius(0), Celsius(-273)];
    timestamps: Event { at: UNIX_EPOCH + Duration::new(1_700_000_000, 123_456_789) };
    times: (SystemTime::UNIX_EPOCH + Duration::from_nanos(1), Duration::MAX);
    addresses: (IpAddr::from([127, 0, 0, 1]), SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], 80)));
    paths: (PathBuf::from("a/b c"), Cow::Borrowed("a"), Range { start: 1_u8, end: 0 }, NonZeroU8::MAX);
    recursive: Tree(vec![Tree(vec![]), Tree(vec![Tree(vec![])])]);
    never_equal: Unequal(7);
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Shape {
    Point,
    Circle(u8),
    Box(u8, u8),
    Square { side: u8 },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Plain {
    a: u8,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Empty;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
enum Internal {
    Unit,
    Struct { a: u64, b: Option<i8> },
    Newtype(Plain),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value")]
enum Adjacent {
    Unit,
    Newtype(u64),
    Tuple(u8, char),
    Struct { a: u8 },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Unit,
    Number(i64),
    Float(f64),
    Text(String),
    List(Vec<Self>),
    Struct { a: u8 },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Flat {
    id: u64,
    #[serde(flatten)]
    inner: Plain,
    #[serde(flatten)]
    rest: BTreeMap<String, i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Sparse {
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Defaulted {
    #[serde(default = "one")]
    rate: u64,
}

fn one() -> u64 {
    1
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Renamed {
    some_field: u8,
    #[serde(rename = "type", alias = "kind")]
    other_field: u8,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Celsius(i32);

impl From<Celsius> for String {
    fn from(celsius: Celsius) -> Self {
        format!("{} °C", celsius.0)
    }
}

impl TryFrom<String> for Celsius {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let number = text.strip_suffix(" °C").and_then(|number| number.parse().ok());
        number.map(Self).ok_or_else(|| format!("`{text}` is no temperature"))
    }
}

/// As text, in the way of libraries for dates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Event {
    #[serde(with = "seconds_as_text")]
    at: SystemTime,
}

mod seconds_as_text {
    use super::*;

    pub(super) fn serialize<S: Serializer>(at: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
        let since = at.duration_since(UNIX_EPOCH).map_err(serde::ser::Error::custom)?;
        serializer.collect_str(&format_args!("{}.{:09}", since.as_secs(), since.subsec_nanos()))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SystemTime, D::Error> {
        // Borrowed where the format can lend it.
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        let parts = text.split_once('.').and_then(|(s, n)| Some((s.parse().ok()?, n.parse().ok()?)));
        let (seconds, nanos) = parts.ok_or_else(|| serde::de::Error::custom("no time"))?;
        Ok(UNIX_EPOCH + Duration::new(seconds, nanos))
    }
}

/// Writes itself as bytes, and reads them in whichever way they come.
#[derive(Clone, Debug, PartialEq)]
struct Bytes(Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Bytes;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.into()))
            }
        }
        deserializer.deserialize_bytes(Visitor)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Tree(Vec<Self>);

/// Not even to itself, as a NaN; but it reads the same before and after.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Unequal(u8);

impl PartialEq for Unequal {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}
