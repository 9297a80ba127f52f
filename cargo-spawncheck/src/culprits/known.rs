//! Sets that were culprits of one finding may be those of the next.

use std::sync::{Mutex, PoisonError};

/// How many to try: all together cost a run where none is right. Which one it is takes few more.
const MOST: usize = 4;

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Known(Mutex<Vec<Set>>);

#[derive(Debug)]
struct Set {
    binary: usize,
    tests: Vec<usize>,
    /// For how many findings it was the answer.
    uses: usize,
}

impl Known {
    /// The tests of the sets that were the answer most often in this binary, of those that are all among `candidates`.
    pub(super) fn get(&self, binary: usize, candidates: &[usize]) -> Vec<usize> {
        let sets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let possible = |set: &&Set| set.tests.iter().all(|test| candidates.contains(test));
        let mut known: Vec<_> = sets.iter().filter(|set| set.binary == binary).filter(possible).collect();
        known.sort_by_key(|set| std::cmp::Reverse(set.uses));
        known.into_iter().take(MOST).flat_map(|set| set.tests.clone()).collect()
    }

    pub(super) fn add(&self, binary: usize, tests: &[usize]) {
        let mut sets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match sets.iter_mut().find(|set| set.binary == binary && set.tests == tests) {
            Some(set) => set.uses += 1,
            None => sets.push(Set { binary, tests: tests.to_vec(), uses: 1 }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Known;

    #[test]
    fn the_most_useful_come_first_and_not_all_of_them() {
        let sets = Known::default();
        (0..9).for_each(|test| sets.add(1, &[test]));
        (0..2).for_each(|_| sets.add(1, &[7]));
        sets.add(1, &[8]);
        sets.add(2, &[3, 4]);
        let all: Vec<usize> = (0..9).collect();
        assert_eq!(sets.get(1, &all), [7, 8, 0, 1]);
        assert_eq!(sets.get(2, &all), [3, 4]);
        // A part of a set is none.
        assert_eq!(sets.get(2, &[4]), [0; 0]);
        assert_eq!(sets.get(0, &all), [0; 0]);
    }
}
