//! What arrives changed: the field is named, with what it was and what it has become.

use super::{back_and_forth, config, losses};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use spawncheck::proptest::strategy::{Just, Strategy};
use spawncheck::{Portable, any, check};
use std::collections::BTreeMap;
use std::time::Duration;

macro_rules! loses {
    ($($name:ident: $value:expr => $loss:expr;)*) => {$(
        #[test]
        fn $name() {
            let report = back_and_forth($value).unwrap();
            assert_eq!(losses(&report), [concat!("input ", $loss)]);
            assert!(report.fails());
        }
    )*};
}

loses! {
    skipped: item() => "note: Some(\"x\") → None";
    skipped_further_in: BTreeMap::from([("tea".to_owned(), (1_u8, vec![Item::default(), item()]))])
        => "[\"tea\"].1[1].note: Some(\"x\") → None";
    skipped_when_read: WriteOnly { a: 1, b: 2 } => "b: 2 → 0";
    skipped_variant_data: Job::Run { name: "a".into(), cached: Some(7) } => "cached: Some(7) → None";
    rounded: Timer { every: Duration::from_millis(1500) } => "every: 1.5s → 1s";
    narrowed: Narrow { value: 0.1 } => "value: 0.1 → 0.10000000149011612";
    sorted: Sorted(vec![2, 1]) => "[0]: 2 → 1";
    another_variant: Ambiguous::Wide(1) => ": Wide(1) → Narrow(1)";
    nested_option_as_text: Lenient { value: Some(None) } => "value: Some(None) → None";
    not_shown: Secret { shown: 1, hidden: 2 }
        => ": Secret { shown: 1 } → Secret { shown: 1 } (differs in what `Debug` does not show)";
}

/// The worker makes what changes; the input does not.
fn output_of<R: Portable>(worker: impl Fn(u8) -> R + Send + Sync + Copy + 'static) -> Vec<String> {
    losses(&check(worker).inputs(any::<u8>()).config(config()).try_run().unwrap())
}

#[test]
fn in_an_output() {
    assert_eq!(output_of(|n| (n, item())), ["output 1.note: Some(\"x\") → None"]);
}

/// Only some of its inputs have what is lost: one of them is found, and the smallest is reported.
#[test]
fn the_smallest_input_that_changes() {
    let config = spawncheck::Config { cases: 64, seed: Some(7), ..config() };
    let report = check(|capped: Capped| capped)
        .inputs((0..1000_u32).prop_map(Capped))
        .config(config)
        .try_run()
        .unwrap();
    assert_eq!(losses(&report), ["input : 11 → 10"]);
    assert_eq!(report.findings[0].input.as_deref(), Some("Capped(11)"));
    assert_eq!(report.cases, 64);
}

/// Input and output are each reported once.
#[test]
fn both_ways() {
    let worker = |_: Item| item();
    let report = check(worker).inputs(Just(item())).config(config()).try_run().unwrap();
    let both = ["input note: Some(\"x\") → None", "output note: Some(\"x\") → None"];
    assert_eq!(losses(&report), both);
}

#[derive(Clone, Default, Debug, PartialEq, Serialize, Deserialize)]
struct Item {
    price: u64,
    #[serde(skip)]
    note: Option<String>,
}

fn item() -> Item {
    Item { price: 1, note: Some("x".into()) }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct WriteOnly {
    a: u8,
    #[serde(skip_deserializing)]
    b: u8,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Job {
    Run {
        name: String,
        #[serde(skip)]
        cached: Option<u8>,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Timer {
    #[serde(serialize_with = "write_seconds", deserialize_with = "read_seconds")]
    every: Duration,
}

fn write_seconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(duration.as_secs())
}

fn read_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_secs)
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Narrow {
    #[serde(serialize_with = "write_narrow")]
    value: f64,
}

fn write_narrow<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f32(*value as f32)
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Sorted(#[serde(deserialize_with = "read_sorted")] Vec<u8>);

fn read_sorted<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let mut list = Vec::deserialize(deserializer)?;
    list.sort_unstable();
    Ok(list)
}

/// The first variant that fits is taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Ambiguous {
    Narrow(u8),
    Wide(u64),
}

/// What is inside of the option decides alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Lenient {
    #[serde(serialize_with = "write_flat", deserialize_with = "read_flat")]
    value: Option<Option<u8>>,
}

fn write_flat<S: Serializer>(value: &Option<Option<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
    value.flatten().serialize(serializer)
}

fn read_flat<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<u8>>, D::Error> {
    Ok(Option::deserialize(deserializer)?.map(Some))
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Secret {
    shown: u8,
    #[serde(skip)]
    hidden: u8,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secret").field("shown", &self.shown).finish()
    }
}

/// Loses what it has above ten.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Capped(#[serde(serialize_with = "write_capped")] u32);

fn write_capped<S: Serializer>(value: &u32, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u32((*value).min(10))
}
