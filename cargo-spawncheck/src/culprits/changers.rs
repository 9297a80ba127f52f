//! Which tests of a long list leave anything changed: only those can be culprits, and often they are few.
//!
//! One process runs all of them, and is looked at where each begins. Not all that a test can leave is seen so, a file for
//! example: what comes of it is a hint, which costs a question if it is wrong. If it is right, the search runs a few tests
//! each time and not up to all of them.

use crate::error::Result;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// In a shorter list, the search takes no longer than this.
const MANY: usize = 100;

/// What is known of the binaries with long lists.
#[derive(Debug, Default)]
pub(super) struct Changers(HashMap<usize, Long>);

#[derive(Debug)]
struct Long {
    /// The tests that come into question.
    tests: Vec<usize>,
    /// Those that change something, once that was looked at.
    changers: Mutex<Option<Vec<usize>>>,
}

/// Tests that may be the culprits.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Looked {
    pub(super) changers: Vec<usize>,
    /// How many processes that took: none where it was known.
    pub(super) runs: usize,
}

impl Changers {
    /// From the lists of candidates, each with its binary. Of one binary, the longest stands for all: the others begin at the same test, but
    /// for those of findings in other orders, which have nearly all tests in them.
    pub(super) fn of<'a>(lists: impl Iterator<Item = (usize, &'a Vec<usize>)>) -> Self {
        let mut longest: HashMap<usize, &Vec<usize>> = HashMap::new();
        for (binary, list) in lists.filter(|(_, list)| list.len() >= MANY) {
            let known = longest.entry(binary).or_insert(list);
            *known = if list.len() > known.len() { list } else { known };
        }
        let long = |tests: &Vec<usize>| Long { tests: tests.clone(), changers: Mutex::new(None) };
        Self(longest.into_iter().map(|(binary, tests)| (binary, long(tests))).collect())
    }

    /// Those of a binary, as far as they are known.
    pub(super) fn known(&self, binary: usize) -> Vec<usize> {
        let changers = |long: &Long| long.changers.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.0.get(&binary).and_then(changers).unwrap_or_default()
    }

    /// The same, after a `look` if nobody has had one. That returns `None` where there is nothing to see.
    ///
    /// # Errors
    /// Those of `look`.
    pub(super) fn look(
        &self,
        binary: usize,
        look: impl FnOnce(&[usize]) -> Result<Option<Vec<usize>>>,
    ) -> Result<Looked> {
        let Some(long) = self.0.get(&binary) else { return Ok(Looked::default()) };
        // Whoever comes second waits for the first: to look twice would take no less.
        let mut changers = long.changers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*changers {
            return Ok(Looked { changers: known.clone(), runs: 0 });
        }
        let seen = look(&long.tests)?;
        let runs = usize::from(seen.is_some());
        Ok(Looked { changers: changers.insert(seen.unwrap_or_default()).clone(), runs })
    }
}

#[cfg(test)]
mod tests {
    use super::{Changers, Looked, MANY};
    use crate::error::Error;
    use crate::exit::ExitCode;

    #[test]
    fn each_binary_is_looked_at_once() {
        let lists: Vec<Vec<usize>> =
            [MANY, MANY + 5, MANY + 1, MANY - 1].map(|end| (0..end).collect()).into();
        let changers = Changers::of([0, 0, 0, 1].into_iter().zip(&lists));
        let failed = || Error::already_reported(ExitCode::Interrupted);
        assert!(changers.look(0, |_| Err(failed())).is_err());
        assert_eq!(changers.known(0), [0; 0]);
        let look = |tests: &[usize]| {
            assert_eq!(tests, lists[1]);
            Ok(Some(vec![2, 7]))
        };
        assert_eq!(changers.look(0, look).unwrap(), Looked { changers: vec![2, 7], runs: 1 });
        assert_eq!(changers.look(0, |_| Err(failed())).unwrap(), Looked { changers: vec![2, 7], runs: 0 });
        assert_eq!(changers.known(0), [2, 7]);
        // Not worth it.
        assert_eq!(changers.look(1, |_| Err(failed())).unwrap(), Looked::default());
    }

    #[test]
    fn nothing_to_see() {
        let list: Vec<usize> = (0..MANY).collect();
        let changers = Changers::of([(0, &list)].into_iter());
        assert_eq!(changers.look(0, |_| Ok(None)).unwrap(), Looked::default());
        assert_eq!(changers.look(0, |_| panic!("again")).unwrap(), Looked::default());
    }
}
