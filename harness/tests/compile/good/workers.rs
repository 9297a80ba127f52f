//! Workers that compile. The checks are not run: they are built and dropped.

use serde::{Deserialize, Serialize};
use spawncheck::proptest::collection::vec;
use spawncheck::proptest::strategy::{Just, Strategy};
use spawncheck::{Check, Portable, Suite, any, check};
use std::collections::HashMap;

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
struct Order {
    items: Vec<(String, u64)>,
    note: Option<String>,
}

impl Order {
    fn total(self) -> u64 {
        self.items.iter().map(|(_, price)| price).sum()
    }

    fn with_note(note: String) -> Self {
        Self { items: Vec::new(), note: Some(note) }
    }
}

fn orders() -> impl Strategy<Value = Order> {
    (vec(any::<(String, u64)>(), 0..4), any::<Option<String>>()).prop_map(|(items, note)| Order { items, note })
}

fn twice<T: Clone>(value: T) -> (T, T) {
    (value.clone(), value)
}

fn nothing((): ()) {}

fn fails(n: u8) -> Result<u8, String> {
    n.checked_add(1).ok_or_else(|| "too large".into())
}

const RATE: u64 = 2;

fn built<T: Portable, R: Portable>(_: Check<T, R>) {}

fn main() {
    fn nested(n: u64) -> u64 {
        n
    }
    let bound = |n: u64| n * RATE;
    built(check(nested).inputs(any::<u64>()));
    built(check(bound).inputs(0_u64..10));
    built(check(|(a, b): (u8, String)| (b, a)).inputs(any::<(u8, String)>()));
    built(check(|_: f32| HashMap::<String, f64>::new()).inputs(any::<f32>()));
    built(check(twice::<i32>).inputs(any::<i32>()));
    built(check(Order::total).inputs(orders()));
    built(check(Order::with_note).inputs(any::<String>()));
    built(check(u64::count_ones).inputs(any::<u64>()));
    built(check(nothing).inputs(Just(())));
    built(check(fails).inputs(any::<u8>()));
    let _ = Suite::new("all")
        .setup(|| ())
        .worker("nested", nested, any::<u64>())
        .worker("closure", |n: u64| n + RATE, any::<u64>())
        .check("compared", check(twice::<f32>).inputs(any::<f32>()).compare(|a, b| a.0 == b.0));
}
