//! All of these are workers, without a finding.

use nested_functions::at_the_top;
use spawncheck::{any, check};

#[test]
fn a_function_of_a_module() {
    check(at_the_top).inputs(any::<u64>()).run();
}

#[test]
fn a_function_inside_another() {
    fn nested(n: u64) -> u64 {
        n.rotate_left(7)
    }
    check(nested).inputs(any::<u64>()).run();
}

#[test]
fn a_closure_that_captures_nothing() {
    check(|n: u64| n.count_ones()).inputs(any::<u64>()).run();
}

/// What a closure would have captured is part of the input.
#[test]
fn a_closure_with_its_surroundings_as_input() {
    check(|(n, factor): (u64, u64)| n.wrapping_mul(factor)).inputs(any::<(u64, u64)>()).run();
}
