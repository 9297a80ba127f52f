//! Sets that were culprits of one finding may be those of the next.

use std::sync::{Mutex, PoisonError};

/// How many to try: all together cost a run where none is right.
const MOST: usize = 4;

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Hints(Mutex<Vec<Hint>>);

#[derive(Debug)]
struct Hint {
    binary: usize,
    tests: Vec<usize>,
    /// For how many findings it was the answer.
    uses: usize,
}

impl Hints {
    /// The sets that were the answer most often in this binary, those first.
    pub(super) fn get(&self, binary: usize) -> Vec<Vec<usize>> {
        let hints = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut known: Vec<_> = hints.iter().filter(|hint| hint.binary == binary).collect();
        known.sort_by_key(|hint| std::cmp::Reverse(hint.uses));
        known.into_iter().take(MOST).map(|hint| hint.tests.clone()).collect()
    }

    pub(super) fn add(&self, binary: usize, tests: &[usize]) {
        let mut hints = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match hints.iter_mut().find(|hint| hint.binary == binary && hint.tests == tests) {
            Some(hint) => hint.uses += 1,
            None => hints.push(Hint { binary, tests: tests.to_vec(), uses: 1 }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Hints;

    #[test]
    fn the_most_useful_come_first_and_not_all_of_them() {
        let hints = Hints::default();
        (0..9).for_each(|test| hints.add(1, &[test]));
        (0..2).for_each(|_| hints.add(1, &[7]));
        hints.add(1, &[8]);
        hints.add(2, &[3, 4]);
        assert_eq!(hints.get(1), [[7], [8], [0], [1]]);
        assert_eq!(hints.get(2), [[3, 4]]);
        assert_eq!(hints.get(0), [[0; 0]; 0]);
    }
}
