//! Random instances: a few tests that depend on others, with cleaners and tests that are cleaned up after mixed in.

use super::program::Op;
use super::{LINE, SLOTS, TESTS};
use crate::Kind;
use std::fmt;

/// Each dependence has statics of its own: three at most.
const SLOTS_OF_ONE: usize = 3;

/// Tests that depend on others come last, so that nearly a thousand come into question.
const LATE: usize = TESTS - 50;

/// What each of the thousand tests does.
#[derive(Clone, Debug)]
pub struct Instance {
    pub(super) programs: Vec<Vec<Op>>,
    dependences: Vec<Dependence>,
}

/// One test that depends on others.
#[derive(Clone, Debug)]
pub struct Dependence {
    pub test: usize,
    pub kind: Kind,
    /// How many tests it takes.
    pub culprits: usize,
}

impl Instance {
    /// One with so many dependences, the same one for the same seed.
    ///
    /// # Panics
    /// There are not enough statics for so many.
    #[must_use]
    pub fn random(seed: u64, dependences: usize) -> Self {
        assert!(dependences * SLOTS_OF_ONE <= SLOTS, "too many dependences");
        let mut random = Random(seed ^ 0x9e37_79b9_7f4a_7c15);
        let mut instance = Self { programs: vec![Vec::new(); TESTS], dependences: Vec::new() };
        for index in 0..dependences {
            instance.add(index, &mut random);
        }
        instance
    }

    #[must_use]
    pub fn dependences(&self) -> &[Dependence] {
        &self.dependences
    }

    fn add(&mut self, index: usize, random: &mut Random) {
        let slots: Vec<usize> = (0..SLOTS_OF_ONE).map(|slot| index * SLOTS_OF_ONE + slot).collect();
        // Later ones are further back, so that none is in the way of another.
        let test = LATE + index * 2 + random.below(2);
        let kind = if random.below(3) == 0 { Kind::Brittle } else { Kind::Victim };
        let (culprits, needs) = match random.below(5) {
            0 => (self.add_chain(&slots, random), Need::All(vec![slots[1]])),
            1 => (self.add_pair(&slots, random), Need::Some(slots[..2].to_vec())),
            count => (self.add_setters(&slots[..count - 1], random), Need::All(slots[..count - 1].to_vec())),
        };
        self.programs[test].push(needs.op(kind));
        self.dependences.push(Dependence { test, kind, culprits });
    }

    /// One test for each of the statics.
    fn add_setters(&mut self, slots: &[usize], random: &mut Random) -> usize {
        let tests = distinct(slots.len(), 0..LATE, random);
        for (test, slot) in tests.iter().zip(slots) {
            self.add_setter(*test, &[*slot], random);
        }
        slots.len()
    }

    /// One test that sets two of them, each of which is enough.
    fn add_pair(&mut self, slots: &[usize], random: &mut Random) -> usize {
        self.add_setter(random.below(LATE), &slots[..2], random);
        1
    }

    /// The second test passes on what the first one set.
    fn add_chain(&mut self, slots: &[usize], random: &mut Random) -> usize {
        let tests = distinct(2, 0..LATE, random);
        self.add_setter(tests[0], &slots[..1], random);
        self.programs[tests[1]].push(Op::Copy(slots[0], slots[1]));
        2
    }

    /// A test that sets statics, and before it some that set the same ones and are cleaned up after.
    fn add_setter(&mut self, test: usize, slots: &[usize], random: &mut Random) {
        let mut decoys = if test > 20 { distinct(2 * random.below(4), 0..test, random) } else { Vec::new() };
        decoys.sort_unstable();
        for (index, decoy) in decoys.into_iter().enumerate() {
            let value = if index % 2 == 0 { 2 } else { 0 };
            self.programs[decoy].extend(slots.iter().map(|slot| Op::Set(*slot, value)));
        }
        self.programs[test].extend(slots.iter().map(|slot| Op::Set(*slot, 1)));
    }
}

/// What a brittle test needs; a victim, just not.
enum Need {
    All(Vec<usize>),
    Some(Vec<usize>),
}

impl Need {
    fn op(self, kind: Kind) -> Op {
        match (self, kind == Kind::Brittle) {
            (Self::All(slots), true) => Op::All(slots),
            (Self::All(slots), false) => Op::NotAll(slots),
            (Self::Some(slots), true) => Op::Some(slots),
            (Self::Some(slots), false) => Op::None(slots),
        }
    }
}

/// The text that the interpreter reads.
impl fmt::Display for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for program in &self.programs {
            let ops = program.iter().map(Op::to_string).collect::<Vec<_>>().join(";");
            assert!(ops.len() < LINE, "`{ops}` is too long for a line");
            writeln!(f, "{ops:width$}", width = LINE - 1)?;
        }
        Ok(())
    }
}

/// Enough chance for this, and the same everywhere (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// So many different numbers, in ascending order.
fn distinct(count: usize, range: std::ops::Range<usize>, random: &mut Random) -> Vec<usize> {
    let mut numbers = std::collections::BTreeSet::new();
    while numbers.len() < count {
        numbers.insert(range.start + random.below(range.len()));
    }
    numbers.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::program::State;
    use super::*;

    /// In the whole sequence every dependence shows itself, and no other test fails or needs anything.
    #[test]
    fn instances_are_what_they_say() {
        for seed in 0..200 {
            let instance = Instance::random(seed, 5);
            let mut state = State::fresh();
            for (test, program) in instance.programs.iter().enumerate() {
                let verdicts = (state.run(program), instance.passes_after(&[], test));
                let dependence = instance.dependences().iter().find(|dependence| dependence.test == test);
                let expected = match dependence.map(|dependence| dependence.kind) {
                    None => (true, true),
                    Some(Kind::Brittle) => (true, false),
                    Some(_) => (false, true),
                };
                assert_eq!(verdicts, expected, "seed {seed}, test {test}");
            }
        }
    }
}
