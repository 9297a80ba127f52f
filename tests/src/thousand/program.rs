//! What tests do, and what becomes of it.

use super::SLOTS;
use std::fmt;

/// An operation on statics, which hold 0 in a new process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    Set(usize, u32),
    /// Copies from the first to the second.
    Copy(usize, usize),
    /// Fails unless each of them is 0.
    None(Vec<usize>),
    /// Fails unless one of them is not 0.
    Some(Vec<usize>),
    /// Fails unless none of them is 0.
    All(Vec<usize>),
    /// Fails unless one of them is 0.
    NotAll(Vec<usize>),
}

impl Op {
    /// Whether its outcome depends on a static.
    pub(super) fn reads(&self, slot: usize) -> bool {
        match self {
            Self::Set(..) => false,
            Self::Copy(from, _) => *from == slot,
            Self::None(slots) | Self::Some(slots) | Self::All(slots) | Self::NotAll(slots) => {
                slots.contains(&slot)
            }
        }
    }
}

/// The statics of one process.
#[derive(Clone, Debug)]
pub(super) struct State([u32; SLOTS]);

impl State {
    pub(super) fn fresh() -> Self {
        Self([0; SLOTS])
    }

    /// Runs a test, and says whether it passes.
    pub(super) fn run(&mut self, program: &[Op]) -> bool {
        program.iter().all(|op| self.perform(op))
    }

    pub(super) fn reset(&mut self, slot: usize) {
        self.0[slot] = 0;
    }

    pub(super) fn is_fresh(&self, slot: usize) -> bool {
        self.0[slot] == 0
    }

    fn perform(&mut self, op: &Op) -> bool {
        match op {
            Op::Set(slot, value) => self.0[*slot] = *value,
            Op::Copy(from, to) => self.0[*to] = self.0[*from],
            Op::None(slots) => return slots.iter().all(|slot| self.is_fresh(*slot)),
            Op::Some(slots) => return slots.iter().any(|slot| !self.is_fresh(*slot)),
            Op::All(slots) => return slots.iter().all(|slot| !self.is_fresh(*slot)),
            Op::NotAll(slots) => return slots.iter().any(|slot| self.is_fresh(*slot)),
        }
        true
    }
}

/// The text that the interpreter reads.
impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = |word: &str, slots: &[usize]| {
            f.write_str(word)?;
            slots.iter().try_for_each(|slot| write!(f, " {slot}"))
        };
        match self {
            Self::Set(slot, value) => write!(f, "set {slot} {value}"),
            Self::Copy(from, to) => list("copy", &[*from, *to]),
            Self::None(slots) => list("none", slots),
            Self::Some(slots) => list("some", slots),
            Self::All(slots) => list("all", slots),
            Self::NotAll(slots) => list("notall", slots),
        }
    }
}
