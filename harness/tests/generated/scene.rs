//! Programs by number: parent, children and the process that knows the model all make the same ones.

use crate::program::{NUMBERS, Program};
use crate::random::{programs, with_noise};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use spawncheck::Context;

/// How many inputs each program is tried with.
pub(crate) const CASES: usize = 24;

/// The name of the context that some checks have of their own.
pub(crate) const OWN: &str = "own";

/// A number, and what it is a number of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene {
    pub(crate) seed: u64,
    pub(crate) number: u64,
}

impl Scene {
    /// The worker and its setup.
    pub(crate) fn program(self) -> Program {
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &self.bytes());
        let config = Config { failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, rng);
        let program = programs().new_tree(&mut runner).expect("it rejects nothing").current();
        if self.is_noisy() { with_noise(program) } else { program }
    }

    /// In their order.
    pub(crate) fn inputs(self) -> Vec<u8> {
        let mut state = self.seed ^ self.number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let next = || {
            // Marsaglia's xorshift; all zeros would stay zeros.
            state = state.max(1);
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 33) as u8 % NUMBERS
        };
        std::iter::repeat_with(next).take(CASES).collect()
    }

    /// Whether the output changes from run to run.
    pub(crate) fn is_noisy(self) -> bool {
        self.number % 20 == 7
    }

    /// Whether the check has a context of its own, in which each call gets a thread.
    pub(crate) fn has_own_context(self) -> bool {
        self.number.is_multiple_of(3)
    }

    /// The contexts besides the reference.
    pub(crate) fn contexts(self) -> Vec<Context> {
        let own = self.has_own_context().then(|| Context::Custom(OWN.into()));
        Context::all().into_iter().filter(|context| *context != Context::Spawn).chain(own).collect()
    }

    fn bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&self.seed.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.number.to_le_bytes());
        bytes
    }
}
