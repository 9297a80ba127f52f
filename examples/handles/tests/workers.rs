//! The repaired workers, without a finding.

use handles::{addend, count, sum};
use spawncheck::proptest::sample::select;
use spawncheck::{any, check};
use std::path::Path;

#[test]
fn a_path_instead_of_a_file() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    assert_eq!(count(data.join("lines.txt")), Ok(3));
    check(count).inputs(select(vec![data.join("lines.txt"), data.join("missing.txt")])).run();
}

#[test]
fn an_addend_instead_of_a_lock() {
    check(addend).inputs(any::<u64>()).run();
}

#[test]
fn a_value_instead_of_a_pointer() {
    check(sum).inputs(any::<Vec<u64>>()).run();
}
