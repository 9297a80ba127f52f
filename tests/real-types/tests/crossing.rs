//! Values of public crates' types cross unchanged: `cargo test --manifest-path tests/real-types/Cargo.toml`.

use serde::{Deserialize, Serialize};
use spawncheck::proptest::strategy::Just;
use spawncheck::{Config, Kind, Portable, Report, check};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::time::{Duration, SystemTime};

/// What comes of a worker that returns its input, in all contexts.
fn echo<T: Portable + Clone>(value: T) -> Report {
    let config = Config { cases: 2, regressions: None, ..Config::default() };
    check(|value: T| value).inputs(Just(value)).config(config).try_run().unwrap()
}

#[track_caller]
fn crosses<T: Portable + Clone>(value: T) {
    let report = echo(value);
    assert!(report.findings.is_empty() && !report.fails(), "{report}");
}

/// One test for each type, as each check starts its test again.
macro_rules! crossing {
    ($($name:ident: $value:expr;)*) => {
        $(#[test]
        fn $name() {
            crosses($value);
        })*
    };
}

crossing! {
    serde_json_value: serde_json::json!({"a": [1, 2.5, null, {"b": "c"}], "$x": -1, "big": u64::MAX});
    toml_table: "a = 1\nb = [1.5, 2]\n[c]\nd = 2020-01-01T00:00:00Z".parse::<toml::Table>().unwrap();
    geojson: geojson::GeoJson::from(geojson::Geometry::new(geojson::Value::Point(vec![1.5, 2.0])));
    chrono_utc: chrono::DateTime::from_timestamp_nanos(1_234_567_890_123_456_789);
    chrono_naive: chrono::DateTime::from_timestamp_nanos(1_234_567_890_123_456_789).naive_utc();
    chrono_fixed: chrono::DateTime::parse_from_rfc3339("2020-01-02T03:04:05.678+09:30").unwrap();
    time_offset: time::OffsetDateTime::from_unix_timestamp(1_234_567_890).unwrap();
    jiff_timestamp: jiff::Timestamp::from_second(1_234_567_890).unwrap();
    jiff_zoned: jiff::Timestamp::from_second(1_234_567_890).unwrap().to_zoned(jiff::tz::TimeZone::UTC);
    uuid: uuid::Uuid::from_u128(77);
    url: url::Url::parse("https://a.b/c?d=e#f").unwrap();
    decimal: "12345678901234567890.12345".parse::<rust_decimal::Decimal>().unwrap();
    big_decimal: "12345678901234567890.12345".parse::<bigdecimal::BigDecimal>().unwrap();
    big_int: num_bigint::BigInt::from(-5_i64).pow(99);
    ordered_nan: ordered_float::OrderedFloat(f64::NAN);
    semver_version: semver::Version::parse("1.2.3-a.1+b").unwrap();
    semver_requirement: semver::VersionReq::parse(">=1, <3").unwrap();
    index_map: indexmap::IndexMap::from([("z".to_owned(), 1), ("a".to_owned(), 2)]);
    small_vec: smallvec::SmallVec::<[u8; 4]>::from_slice(&[1, 2, 3, 4, 5]);
    compact_string: compact_str::CompactString::from("long enough to be on the heap, that is more than 24 bytes");
    either: either::Either::<u8, String>::Right("x".into());
    bytes: bytes::Bytes::from_static(b"\0\xff");
    serde_bytes: serde_bytes::ByteBuf::from(vec![0, 255]);
    serde_with: With { number: 5, map: BTreeMap::from([("k".into(), 1)]), bytes: vec![1, 2, 3], time: Duration::from_secs(9) };
    flattened: Flattened { id: 1, rest: HashMap::from([("x".into(), serde_json::json!([1, {"y": 2}]))]) };
    std_times: (Duration::MAX, SystemTime::UNIX_EPOCH + Duration::new(1_234_567_890, 123_456_789));
    std_net: ("[::1]:80".parse::<std::net::SocketAddr>().unwrap(), std::net::Ipv4Addr::LOCALHOST);
    std_paths: (std::path::PathBuf::from("/a/b"), std::ffi::OsString::from("x"), std::ffi::CString::new("y").unwrap());
    std_ranges: (1..5_u8, 1..=5_i64, std::ops::Bound::Included(3));
    std_results: (Ok::<u8, String>(1), Err::<u8, String>("e".into()));
    std_collections: (BTreeSet::from([1, 2]), HashSet::from(["a".to_owned(), "b".into()]), VecDeque::from([1]));
    std_numbers: (std::num::Wrapping(5_u8), std::num::NonZeroU64::MAX, std::cmp::Reverse(1));
    std_cells: (std::cell::Cell::new(5), std::cell::RefCell::new("x".to_owned()));
}

#[serde_with::serde_as]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct With {
    #[serde_as(as = "serde_with::DisplayFromStr")]
    number: u64,
    #[serde_as(as = "Vec<(_, _)>")]
    map: BTreeMap<String, u8>,
    #[serde_as(as = "serde_with::base64::Base64")]
    bytes: Vec<u8>,
    #[serde_as(as = "serde_with::DurationSeconds<u64>")]
    time: Duration,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Flattened {
    id: u64,
    #[serde(flatten)]
    rest: HashMap<String, serde_json::Value>,
}

/// A limit: where a type takes a value of any kind, `Some` of a value reads as that value. ron's values keep the two apart; JSON's,
/// TOML's and all that serde buffers do not.
#[test]
fn some_of_a_value_of_any_kind() {
    let report = echo(ron::from_str::<ron::Value>("(a: 1, b: Some('c'))").unwrap());
    let [finding] = &report.findings[..] else { panic!("{report}") };
    assert_eq!(finding.kind, Kind::Lossy);
    assert_eq!(finding.loss.as_ref().unwrap().after, "Char('c')");
}
