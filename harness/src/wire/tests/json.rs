//! What people get to see and may write.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use super::model::{Bytes, Flat, Inner, Key, Model, Ordered};
use crate::wire::{decode, encode, from_json, to_json};

#[track_caller]
fn reads<T: Serialize>(value: T, expected: &str) {
    assert_eq!(to_json(&encode(&value).unwrap()).unwrap().to_string(), expected);
}

#[test]
fn looks_like_json() {
    reads(
        (true, -1, u64::MAX, 1.0, 0.1, 1.5f32, "a", None::<u8>, Some(1)),
        r#"[true,-1,18446744073709551615,1.0,0.1,1.5,"a",null,1]"#,
    );
    reads(BTreeMap::from([("a", vec![1]), ("b", vec![])]), r#"{"a":[1],"b":[]}"#);
    reads([Key::A, Key::Of(1)], r#"["A",{"Of":1}]"#);
    reads([Model::Floats { narrow: 0.5, wide: 2.0 }], r#"[{"Floats":{"narrow":0.5,"wide":2.0}}]"#);
    reads([Model::Unsigned(1, 2, 3, 4)], r#"[{"Unsigned":[1,2,3,4]}]"#);
    reads((1u128, -1i128), "[1,-1]");
}

#[test]
fn escapes_the_rest() {
    reads(((), Some(()), Some(None::<u8>)), r#"[{"$unit":null},{"$some":{"$unit":null}},{"$some":null}]"#);
    reads(('a', Bytes(vec![0, 255])), r#"[{"$char":"a"},{"$bytes":"00ff"}]"#);
    reads(
        (u128::MAX, i128::from(i64::MIN) - 1),
        r#"[{"$u128":"340282366920938463463374607431768211455"},{"$i128":"-9223372036854775809"}]"#,
    );
    reads((f64::INFINITY, f64::NAN, 0.1f32), r#"[{"$f64":"inf"},{"$f64":"NaN"},{"$f32":"0.1"}]"#);
    reads((-f32::NAN, -f64::NAN), r#"[{"$f32":"NaN:ffc00000"},{"$f64":"NaN:fff8000000000000"}]"#);
    reads(BTreeMap::from([(1, 'a')]), r#"{"$map":[[1,{"$char":"a"}]]}"#);
    reads(
        Ordered(vec![("b".into(), Model::Unit), ("a".into(), Model::Unit)]),
        r#"{"$map":[["b","Unit"],["a","Unit"]]}"#,
    );
    reads(Key::Named { x: 1 }, r#"{"$$named":{"x":1}}"#);
    reads(
        Flat { a: 1, inner: Inner { x: None, y: 'y' }, rest: BTreeMap::new() },
        r#"{"a":1,"y":{"$char":"y"}}"#,
    );
}

#[test]
fn takes_what_people_write() {
    let read = |json| decode::<(f64, f32, char, Option<u128>)>(&from_json(&json).unwrap()).unwrap();
    assert_eq!(read(json!([1, 0.1, "x", 5])), (1.0, 0.1, 'x', Some(5)));
    assert_eq!(read(json!([{"$f64": "1e3"}, 2, {"$char": "x"}, null])), (1000.0, 2.0, 'x', None));
}

#[track_caller]
fn refuses(json: serde_json::Value, expected: &str) {
    assert_eq!(from_json(&json).unwrap_err().to_string(), expected);
}

#[test]
fn says_what_is_wrong_and_where() {
    refuses(
        json!({"a": [1, {"$ref": 1}]}),
        "`a[1].$ref`: unknown escape (hint: write `$$ref` for a key of that name)",
    );
    refuses(
        json!([{"$char": "x", "b": 1}]),
        "`[0].$char`: `$char` must be alone in its object (hint: write `$$char` for a key of that name)",
    );
    refuses(json!({"$char": 1}), "`$char`: expected a string");
    refuses(json!({"$char": "xy"}), "`$char`: `xy`: too many characters in string");
    refuses(json!({"$u128": "-1"}), "`$u128`: `-1`: invalid digit found in string");
    refuses(json!({"$f64": "NaN:x"}), "`$f64`: `NaN:x`: invalid digit found in string");
    refuses(json!({"$bytes": "0"}), "`$bytes`: expected two hexadecimal digits for each byte");
    refuses(json!({"$bytes": "+1"}), "`$bytes`: expected two hexadecimal digits for each byte");
    refuses(json!({"$map": {}}), "`$map`: expected an array of pairs");
    refuses(json!({"$map": [[1, 2], [3]]}), "`$map[1]`: expected a pair of key and value");
    refuses(json!({"$wire": "09"}), "`$wire`: unexpected end of input");
}
