//! Tests that set and clear flags, and a victim that minds some combinations of them.

use super::super::{Answer, Halt, Oracle};

/// What a test does to one of the flags.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Does {
    Set(u8),
    Clear(u8),
    /// Ends the process unless this flag is set.
    Needs(u8),
}

/// What each test does, and the sets of flags of which any one makes the victim dirty.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) tests: Vec<Vec<Does>>,
    pub(super) minded: Vec<Vec<u8>>,
}

impl Model {
    pub(super) fn answer(&self, tests: &[usize]) -> Answer {
        let mut flags = 0_u32;
        for does in tests.iter().flat_map(|test| &self.tests[*test]) {
            match does {
                Does::Set(flag) => flags |= 1 << flag,
                Does::Clear(flag) => flags &= !(1 << flag),
                Does::Needs(flag) if flags & (1 << flag) == 0 => return Answer::Unknown,
                Does::Needs(_) => {}
            }
        }
        let holds = |set: &Vec<u8>| set.iter().all(|flag| flags & (1 << flag) != 0);
        if self.minded.iter().any(holds) { Answer::Dirty } else { Answer::Clean }
    }

    pub(super) fn candidates(&self) -> Vec<usize> {
        (0..self.tests.len()).collect()
    }
}

/// An oracle that is a function.
pub(super) struct Ask<F>(pub(super) F);

impl<F: FnMut(&[usize]) -> Answer> Oracle for Ask<F> {
    fn ask(&mut self, tests: &[usize]) -> Result<Answer, Halt> {
        Ok(self.0(tests))
    }

    fn may_search(&self) -> bool {
        true
    }
}

/// Small numbers from a seed (splitmix64).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap()
    }
}

/// How a model is thrown together.
#[derive(Clone, Copy)]
pub(super) struct Recipe {
    pub(super) tests: usize,
    /// The sizes of the sets that the victim minds; they share no flag.
    pub(super) sets: &'static [usize],
    /// A test may touch several flags.
    pub(super) mixed: bool,
    /// Some end the process where a flag is missing.
    pub(super) needs: bool,
}

impl Recipe {
    /// A model in which all tests together are dirty.
    pub(super) fn model(self, dice: &mut Dice) -> Model {
        loop {
            let model = self.throw(dice);
            if model.answer(&model.candidates()) == Answer::Dirty {
                return model;
            }
        }
    }

    fn throw(self, dice: &mut Dice) -> Model {
        let mut flags = 0..u8::MAX;
        let minded: Vec<Vec<u8>> =
            self.sets.iter().map(|size| flags.by_ref().take(*size).collect()).collect();
        let mut tests = vec![Vec::new(); self.tests];
        // Each flag is set in one to three places, and cleared in up to four.
        for flag in minded.iter().flatten() {
            for _ in 0..=dice.below(3) {
                self.place(&mut tests, Does::Set(*flag), dice);
            }
            for _ in 0..dice.below(5) {
                self.place(&mut tests, Does::Clear(*flag), dice);
            }
            if self.needs && dice.below(2) == 0 {
                self.place(&mut tests, Does::Needs(*flag), dice);
            }
        }
        Model { tests, minded }
    }

    fn place(self, tests: &mut [Vec<Does>], does: Does, dice: &mut Dice) {
        loop {
            let at = dice.below(tests.len());
            // Setters of several flags make a set smaller than what was found by bisection.
            if tests[at].is_empty() || self.mixed {
                return tests[at].push(does);
            }
        }
    }
}
