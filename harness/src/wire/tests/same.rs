//! What counts as the same value.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::model::{Model, Ordered};
use crate::wire::{encode, same};

#[track_caller]
fn compare<A: Serialize, B: Serialize>(a: A, b: B, expected: bool) {
    let (a, b) = (encode(&a).unwrap(), encode(&b).unwrap());
    assert_eq!(same(&a, &b), expected);
    assert_eq!(same(&b, &a), expected);
}

#[test]
fn floats_by_value() {
    compare((f64::NAN, f32::NAN), (-f64::NAN, f32::from_bits(u32::MAX)), true);
    compare((0.0, 0.0f32), (-0.0, -0.0f32), true);
    compare(BTreeMap::from([(1, [0.0])]), BTreeMap::from([(1, [-0.0])]), true);
    compare(1.0, 1.0 + f64::EPSILON, false);
    compare(f64::NAN, 0.0, false);
}

#[test]
fn maps_in_any_order() {
    let entry = |key: &str, value| (key.to_owned(), Model::Text(value));
    let ordered = |keys: [&str; 3]| Ordered(keys.map(|key| entry(key, key.to_owned())).into());
    compare(ordered(["a", "b", "c"]), ordered(["c", "a", "b"]), true);
    compare(ordered(["a", "b", "b"]), ordered(["b", "a", "b"]), true);
    compare(ordered(["a", "a", "b"]), ordered(["a", "b", "b"]), false);
    compare([1, 2], [2, 1], false);
    let many = || (0..100_000).map(|number| (number, [number])).collect::<HashMap<_, _>>();
    compare(many(), many(), true);
}

#[test]
fn all_else_exactly() {
    compare(1u8, 1u16, false);
    compare("a", 'a', false);
    compare(None::<u8>, (), false);
    compare(Some(1), 1, false);
    compare(Model::Unit, "Unit", false);
    assert!(!same(&[], &[]));
    assert!(!same(&[99], &[99]));
}
