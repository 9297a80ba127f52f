//! How deeply values may nest: as far as the limit says in both forms, on the stack of a usual thread, without
//! optimization.

use std::collections::BTreeMap;
use std::thread;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::model::{Adjacent, Model};
use crate::wire::{MAX_DEPTH, decode, encode, from_json, same, to_json};

#[derive(Serialize, Deserialize)]
enum List {
    End,
    Node(u32, Box<List>),
}

#[derive(Serialize, Deserialize)]
struct Options(Option<Box<Options>>);

#[derive(Serialize, Deserialize)]
struct Tree(BTreeMap<u8, Tree>);

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    End(u32),
    Node { next: Box<Untagged> },
}

/// `count` nodes around the end survive; one more is refused.
#[track_caller]
fn check<T: Serialize + DeserializeOwned + 'static>(end: fn() -> T, node: fn(T) -> T, count: usize) {
    let work = move || {
        let value = (0..count).fold(end(), |inner, _| node(inner));
        let bytes = encode(&value).unwrap();
        let json = to_json(&bytes).unwrap().to_string();
        let json: Value = serde_json::from_str(&json).unwrap();
        for encoding in [&bytes, &from_json(&json).unwrap()] {
            let again = encode(&decode::<T>(encoding).unwrap()).unwrap();
            assert!(same(&again, &bytes));
        }
        let error = encode(&node(value)).unwrap_err();
        assert_eq!(error.message, "nested more than 192 levels deep");
    };
    thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap();
}

#[test]
fn two_levels_a_node() {
    check(|| List::End, |next| List::Node(1, Box::new(next)), MAX_DEPTH / 2);
    check(|| Options(None), |next| Options(Some(Box::new(next))), MAX_DEPTH / 2 - 1);
    check(|| Tree(BTreeMap::new()), |next| Tree(BTreeMap::from([(1, next)])), MAX_DEPTH / 2 - 1);
    check(|| Model::Unit, |next| Model::Pair(Box::new((Model::Unit, next))), MAX_DEPTH / 2);
    check(|| Model::Unit, |next| Model::Adjacent(Box::new(Adjacent::Newtype(next))), MAX_DEPTH / 2);
}

#[test]
fn one_level_a_node() {
    check(|| Untagged::End(1), |next| Untagged::Node { next: Box::new(next) }, MAX_DEPTH);
}
