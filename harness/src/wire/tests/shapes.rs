//! One line for each thing that some format loses, or some kind of derive.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::check;
use super::model::{Adjacent, Bytes, Flat, Inner, Internal, Key, Model, Ordered, Untagged};

#[derive(Debug, Serialize, Deserialize)]
struct Marker;

#[derive(Debug, Serialize, Deserialize)]
struct Skipping {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    first: Option<u8>,
    #[serde(rename = "2nd")]
    second: u8,
    #[serde(skip)]
    #[expect(dead_code, reason = "only its absence matters")]
    third: u8,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Nothing {
    Unit,
    Option(Option<()>),
    Options(Option<Option<u8>>),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Text {
    Bytes(Bytes),
    String(String),
    Char(char),
    Numbers(Vec<u8>),
}

#[test]
fn integers() {
    check((i8::MIN, i16::MIN, i32::MIN, i64::MIN, i128::MIN));
    check((u8::MAX, u16::MAX, u32::MAX, u64::MAX, u128::MAX));
    check((i128::MAX, i128::from(u64::MAX), i128::from(i64::MIN), u128::from(u64::MAX) + 1));
}

#[test]
fn floats() {
    check((0.0, -0.0, 1.0, 1e300, f64::MIN_POSITIVE, 5e-324, f64::INFINITY, f64::NEG_INFINITY, 0.1 + 0.2));
    check((0.0f32, -0.0f32, 1.0f32, 0.1f32, f32::MAX, f32::MIN_POSITIVE, f32::INFINITY, f32::NEG_INFINITY));
    check((f64::NAN, -f64::NAN, f64::from_bits(0x7ff0_0000_0000_0001), f64::from_bits(u64::MAX)));
    check((f32::NAN, -f32::NAN, f32::from_bits(0x7f80_0001), f32::from_bits(u32::MAX)));
}

#[test]
fn text_and_bytes() {
    check(('a', '\u{10ffff}', "a".to_owned(), String::new(), "\0\"\\\u{2028}".to_owned()));
    check((Bytes(vec![0, 255]), Bytes(vec![]), vec![0u8, 255], "x".repeat(300)));
    check([Text::String("a".into()), Text::Char('a'), Text::Bytes(Bytes(vec![1])), Text::Numbers(vec![1])]);
}

#[test]
fn nothing_in_all_its_forms() {
    check(((), Marker, None::<u8>, Some(()), None::<()>, Some(Marker)));
    check([None, Some(None), Some(Some(None)), Some(Some(Some(5)))]);
    check([None, Some(None), Some(Some(()))]);
    check([
        Nothing::Unit,
        Nothing::Option(Some(())),
        Nothing::Options(Some(None)),
        Nothing::Options(Some(Some(1))),
    ]);
    check([Some(json!(null)), None, Some(json!({"a": [null, 1, -1, 1.5, "x", true]}))]);
}

#[test]
fn maps() {
    check(BTreeMap::from([(1, 'a'), (-1, 'b')]));
    check(BTreeMap::from([((1, "a".to_owned()), 1), ((1, String::new()), 2)]));
    check(BTreeMap::from([(true, 1), (false, 2)]));
    check(BTreeMap::from([(None, 1), (Some("a".to_owned()), 2)]));
    check(BTreeMap::from([(Some("b".to_owned()), 1), (Some("a".to_owned()), 2)]));
    check(BTreeMap::from([(Key::B, 1), (Key::A, 2), (Key::Of(3), 4), (Key::Named { x: 5 }, 6)]));
    check(BTreeMap::from([
        ("$a".to_owned(), 1),
        ("$$".to_owned(), 2),
        ("$some".to_owned(), 3),
        (String::new(), 4),
    ]));
    check(BTreeMap::from([('a', 1), ('b', 2)]));
    check(BTreeMap::from([((), BTreeMap::<String, ()>::new())]));
    check(HashMap::from([("a".to_owned(), 1)]));
    check(Ordered(vec![("b".into(), Model::Unit), ("a".into(), Model::Unit), ("b".into(), Model::Unit)]));
}

#[test]
fn structs() {
    check([Skipping { first: None, second: 1, third: 0 }, Skipping { first: Some(1), second: 2, third: 0 }]);
    check(Inner { x: Some(Box::new(Model::Unit)), y: 'y' });
    check((
        Duration::MAX,
        IpAddr::V4(Ipv4Addr::LOCALHOST),
        Ok::<u8, String>(1),
        Err::<u8, _>("no".to_owned()),
    ));
}

#[test]
fn buffered() {
    let rest = BTreeMap::from([("$z".to_owned(), Model::Options(Some(Some(None))))]);
    check(Flat { a: 1, inner: Inner { x: None, y: 'y' }, rest });
    check([Untagged::Number(1), Untagged::Char('a'), Untagged::Option(Some(None)), Untagged::Void]);
    check(Untagged::Model { model: Model::Void(Some(())), to: Some(0.1) });
    check([
        Internal::Unit,
        Internal::Newtype(Inner { x: None, y: 'x' }),
        Internal::Struct { model: Model::Unit },
    ]);
    check([Adjacent::Unit, Adjacent::Newtype(Model::Char('x')), Adjacent::Tuple(1, Model::Nothing(()))]);
}

/// serde's buffers say that they are human-readable whatever the format says.
#[test]
fn network_addresses_pass_a_buffer() {
    #[derive(Debug, Serialize, Deserialize)]
    #[serde(untagged)]
    enum Host {
        Address(IpAddr),
    }
    check(Host::Address(Ipv4Addr::LOCALHOST.into()));
}
