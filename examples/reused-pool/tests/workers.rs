//! One finding, for the test that is called `second_call`. No setup is needed to show it.

use reused_pool::{label, repaired};
use spawncheck::{any, check};

#[test]
fn second_call() {
    check(label).inputs(any::<u32>()).run();
}

#[test]
fn second_call_of_the_repaired_worker() {
    check(repaired).inputs(any::<u32>()).run();
}
