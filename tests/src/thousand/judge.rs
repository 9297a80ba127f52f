//! Whether what is said of an instance is right.

use super::Instance;
use super::program::State;

impl Instance {
    fn state_after(&self, tests: &[usize]) -> State {
        let mut state = State::fresh();
        for test in tests {
            state.run(&self.programs[*test]);
        }
        state
    }

    pub(super) fn passes_after(&self, tests: &[usize], test: usize) -> bool {
        self.state_after(tests).run(&self.programs[test])
    }

    /// Whether a test depends on these ones: they make the difference, and without any one of them it is gone.
    #[must_use]
    pub fn is_smallest(&self, culprits: &[usize], test: usize) -> bool {
        let fresh = self.passes_after(&[], test);
        let without = |index: usize| {
            let rest: Vec<usize> = [&culprits[..index], &culprits[index + 1..]].concat();
            self.passes_after(&rest, test)
        };
        let ordered = culprits.is_sorted() && culprits.iter().all(|culprit| *culprit < test);
        ordered
            && self.passes_after(culprits, test) != fresh
            && (0..culprits.len()).all(|index| without(index) == fresh)
    }

    /// Whether these statics carry the state: each differs, the test looks at each, and all of them fresh again flip its
    /// verdict.
    #[must_use]
    pub fn carries(&self, slots: &[usize], culprits: &[usize], test: usize) -> bool {
        let dirty = self.state_after(culprits);
        let passes_without = |slots: &[usize]| {
            let mut state = dirty.clone();
            slots.iter().for_each(|slot| state.reset(*slot));
            state.run(&self.programs[test])
        };
        let fresh = self.passes_after(&[], test);
        let touched = |slot: usize| self.programs[test].iter().any(|op| op.reads(slot));
        slots.iter().all(|slot| !dirty.is_fresh(*slot) && touched(*slot)) && passes_without(slots) == fresh
    }
}

#[cfg(test)]
mod tests {
    use super::super::Op;
    use super::*;

    #[test]
    fn culprits_and_statics_are_judged() {
        let mut instance = Instance::random(0, 0);
        instance.programs[3] = vec![Op::Set(0, 1), Op::Set(9, 1)];
        instance.programs[5] = vec![Op::Set(1, 1)];
        instance.programs[8] = vec![Op::NotAll(vec![0, 1])];
        assert!(instance.is_smallest(&[3, 5], 8));
        assert!(!instance.is_smallest(&[3], 8));
        assert!(!instance.is_smallest(&[5, 3], 8));
        assert!(!instance.is_smallest(&[3, 4, 5], 8));
        assert!(instance.carries(&[0], &[3, 5], 8));
        assert!(!instance.carries(&[9], &[3, 5], 8));
        assert!(!instance.carries(&[0, 9], &[3, 5], 8));
        assert!(!instance.carries(&[], &[3, 5], 8));
    }
}
