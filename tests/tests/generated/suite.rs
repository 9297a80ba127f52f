//! Random suites for the interpreter fixture.

use proptest::collection::vec;
use proptest::prelude::*;
use std::fmt;

/// What an operation reads or writes. Each holds 0 in a new process, whatever that means for it.
pub(crate) const PLACES: [&str; 4] = ["a", "b", "$A", "dir"];

/// Most tests in one suite.
pub(crate) const MAX_TESTS: usize = 12;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Op {
    /// Stores a value in the place with this index.
    Set(usize, u8),
    /// Ends the test as failed unless the place holds this value.
    Assert(usize, u8),
    /// Ends the process, with success.
    Exit,
}

/// The tests of one binary in the order in which they run, each a list of operations.
#[derive(Debug, Clone)]
pub(crate) struct Suite(pub(crate) Vec<Vec<Op>>);

impl Suite {
    /// The name of the test with this index. It is not the alphabetical order in which tests run, and one name is the
    /// beginning of others: both have to be told apart from what they look like.
    pub(crate) fn test_name(index: usize) -> String {
        format!("t{}", index * 7 % MAX_TESTS)
    }

    /// The index of a test with this name.
    pub(crate) fn index(&self, name: &str) -> Option<usize> {
        (0..self.0.len()).find(|index| Self::test_name(*index) == name)
    }
}

/// The text that the interpreter reads.
impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, ops) in self.0.iter().enumerate() {
            let ops: Vec<_> = ops.iter().map(Op::to_string).collect();
            writeln!(f, "{}: {}", Self::test_name(index), ops.join("; "))?;
        }
        Ok(())
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Set(place, value) => write!(f, "set {} {value}", PLACES[place]),
            Self::Assert(place, value) => write!(f, "assert {} {value}", PLACES[place]),
            Self::Exit => f.write_str("exit"),
        }
    }
}

/// Suites of 1 to `max_tests` tests with up to 4 operations each.
pub(crate) fn suites(max_tests: usize) -> impl Strategy<Value = Suite> {
    vec(vec(op(), 1..=4), 1..=max_tests).prop_map(Suite)
}

/// The weights are such that all four pairs of verdicts are common: what is asserted in a new process is mostly true, what
/// is set mostly differs from that, and few processes end early.
fn op() -> impl Strategy<Value = Op> {
    let place = 0..PLACES.len();
    let set = (place.clone(), prop_oneof![1 => Just(0), 3 => Just(1), 1 => Just(2)]);
    let assert = (place, prop_oneof![4 => Just(0), 3 => Just(1)]);
    prop_oneof![
        20 => set.prop_map(|(place, value)| Op::Set(place, value)),
        15 => assert.prop_map(|(place, value)| Op::Assert(place, value)),
        1 => Just(Op::Exit),
    ]
}
