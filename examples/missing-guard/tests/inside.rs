//! A worker that hands out work itself: one finding.

use missing_guard::subtotal;
use spawncheck::{any, check};

/// Splits its input and hands out the halves, by the same means by which it was handed out itself.
fn divided(amounts: Vec<u32>) -> u64 {
    check(subtotal).inputs(any::<Vec<u32>>()).run();
    subtotal(amounts)
}

#[test]
fn work_is_handed_out_by_a_worker() {
    check(divided).inputs(any::<Vec<u32>>()).run();
}
