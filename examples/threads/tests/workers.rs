//! No finding.

use spawncheck::{any, check};
use std::sync::atomic::Ordering;
use threads::{RATE, map, quote, total};

/// What fails in a spawned process and is right in a forked one is right on threads, on every system.
#[test]
fn threads_see_what_was_set_before() {
    RATE.store(2, Ordering::Relaxed);
    assert_eq!(map(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], quote), [0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
}

/// A pool of threads inside a worker is as good in a child as in its parent.
#[test]
fn a_pool_inside_a_worker() {
    check(total).setup(|| RATE.store(2, Ordering::Relaxed)).inputs(any::<(u64, Vec<u32>)>()).run();
}
