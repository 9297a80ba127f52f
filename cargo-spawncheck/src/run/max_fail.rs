//! When enough tests have failed to stop.
//!
//! A test counts once it has failed in both legs: what fails in one leg only is a finding, known and accepted perhaps, and no reason
//! to see less of the others. Processes that run are not ended for it, since that would cost tests that nothing is known against.

use crate::finding::Verdict;
use crate::suite::TestId;
use serde::{Deserialize, Deserializer};
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

/// After how many failing tests to start no new process; `None`: never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MaxFail(Option<NonZeroUsize>);

impl MaxFail {
    pub(crate) const ALL: Self = Self(None);
    pub(crate) const FIRST: Self = Self(NonZeroUsize::new(1));
}

impl FromStr for MaxFail {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self::ALL),
            // nextest's word for what is done here in any case.
            number => number
                .strip_suffix(":wait")
                .unwrap_or(number)
                .parse()
                .map(|number| Self(Some(number)))
                .map_err(|_| {
                    format!("`{text}` is no number above zero (hint: `all` runs all tests, whatever fails)")
                }),
        }
    }
}

impl<'de> Deserialize<'de> for MaxFail {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected a number, or \"all\"")]
        enum Either {
            Number(i64),
            Text(String),
        }
        let text = match Either::deserialize(deserializer)? {
            Either::Number(number) => number.to_string(),
            Either::Text(text) => text,
        };
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Counts the tests that have failed in both legs.
pub(super) struct Failures {
    max: MaxFail,
    counted: Mutex<Counted>,
}

#[derive(Default)]
struct Counted {
    /// In how many legs a test has failed.
    legs: HashMap<TestId, u8>,
    both_ways: usize,
}

impl Failures {
    pub(super) fn new(max: MaxFail) -> Self {
        Self { max, counted: Mutex::default() }
    }

    /// Takes in what one leg showed.
    pub(super) fn add(&self, id: TestId, verdict: Verdict) {
        if self.max == MaxFail::ALL || !verdict.is_bad() {
            return;
        }
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let legs = counted.legs.entry(id).or_default();
        *legs += 1;
        if *legs == 2 {
            counted.both_ways += 1;
        }
    }

    /// Whether no new process is to be started.
    pub(super) fn are_enough(&self) -> bool {
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        self.max.0.is_some_and(|max| counted.both_ways >= max.get())
    }
}

#[cfg(test)]
mod tests {
    use super::{Failures, MaxFail};
    use crate::finding::Verdict::{Crashed, Failed, Passed};
    use crate::suite::TestId;

    #[test]
    fn both_legs_of_one_test() {
        let failures = Failures::new("2".parse().unwrap());
        let [a, b, c] = [0, 1, 2].map(|test| TestId { binary: 0, test });
        for (id, verdict) in [(a, Failed), (b, Crashed), (c, Failed), (a, Passed), (b, Failed)] {
            failures.add(id, verdict);
            assert!(!failures.are_enough());
        }
        failures.add(c, Crashed);
        assert!(failures.are_enough());
    }

    #[test]
    fn no_number_is_enough() {
        let failures = Failures::new(MaxFail::ALL);
        let id = TestId { binary: 0, test: 0 };
        failures.add(id, Failed);
        failures.add(id, Failed);
        assert!(!failures.are_enough());
    }
}
