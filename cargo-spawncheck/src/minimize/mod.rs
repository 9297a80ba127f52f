//! A list of tests and an oracle in, the smallest set that makes the difference out. No process is known here.
//!
//! Ends of the list are bisected: where a longer one is dirty and one test less is clean, that test matters. It is kept, and
//! what it still needs is looked for after it in the same way, until what was kept is dirty by itself. Then each test in
//! turn is left out, and at last everything that is going to be said is seen again. Of n candidates, k rounds take
//! k (log₂ n + 4) runs, rarely more: then fewer repeats have to do, but what is named was dirty twice at least, and clean twice
//! without each of them.
//!
//! What takes time are not the processes but the tests in them. So in a long list only the part that a test is in is looked for
//! at first, an eighth, and kept as a whole; what it takes in there when all the others are known, and runs are short. That is
//! about one question more, and a quarter to more than a half of the tests less. Of what follows a part, parts are looked for
//! only where that question can be spared: else they would cost repeats of what is going to be said. (Halves without what
//! follows them would be less still for a single culprit. But each of these questions is lost if there are two.)
//!
//! Ends rather than beginnings, because who wrote last counts: of a test that is undone by a later one, an end has both or
//! none, while a beginning may be dirty for reasons that are gone by the end of the list, and lead to sets that are not
//! what happened, in more runs.
//!
//! What takes least of all is to know which tests can matter. Those are tried first, and what they cost is made up for: of the repeats, one
//! is left out for each question that was asked in vain.
//!
//! Delta debugging would want three times the runs; it is there for lists of which only small parts can be run in one
//! process. Testing each candidate alone would miss what takes two.

mod ledger;
mod search;
mod sets;
#[cfg(test)]
mod tests;

use ledger::Ledger;
use search::Search;

/// What a sequence of tests makes of the verdict of the one that runs after it in the same process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// As in the in-process leg.
    Dirty,
    /// As in a fresh process.
    Clean,
    /// The process ended before it came to run.
    Unknown,
    /// The sequence cannot be run in one process. Found out without a run.
    Impossible,
}

/// Runs sequences, each followed by the test in question.
pub(crate) trait Oracle {
    /// Runs `tests` in this order.
    fn ask(&mut self, tests: &[usize]) -> Result<Answer, Halt>;

    /// Whether there is time to search on, and some left to repeat what was found.
    fn may_search(&self) -> bool;
}

/// Why an oracle answers no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Halt {
    /// The time is up.
    Time,
    /// It cannot go on, and knows why.
    Broken,
}

/// Sets to try first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hints {
    /// What was right before.
    pub(crate) known: Vec<usize>,
    /// All that seem to leave anything.
    pub(crate) changers: Vec<usize>,
}

/// How much to do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Runs in all.
    pub(crate) runs: usize,
    /// How many of them were made before.
    pub(crate) spent: usize,
    /// How often a set must be dirty again before it is named.
    pub(crate) dirty_again: usize,
    /// How often after a search that took more runs than usual.
    pub(crate) dirty_at_least: usize,
    /// How often it must be clean again without one of them.
    pub(crate) clean_again: usize,
}

impl Limits {
    /// The usual repeats.
    pub(crate) fn new(runs: usize) -> Self {
        Self { runs, spent: 0, dirty_again: 2, dirty_at_least: 1, clean_again: 1 }
    }

    /// Twice the repeats, for what was seen to waver.
    pub(crate) fn wary(runs: usize) -> Self {
        Self { runs, spent: 0, dirty_again: 4, dirty_at_least: 4, clean_again: 2 }
    }
}

/// What came of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// A set that was dirty each time, if there is one to speak of.
    pub(crate) found: Option<Vec<usize>>,
    /// Whether it was clean without any one of them.
    pub(crate) minimal: bool,
    pub(crate) runs: usize,
    /// Why there is no more to say.
    pub(crate) why: Option<Why>,
}

/// Why a search ended early, or without a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// There is no candidate.
    NothingBefore,
    /// Identical runs after these tests gave different verdicts.
    Flaky(Vec<usize>),
    /// No sequence that could be run was dirty.
    CannotRun,
    /// Without this test, the process ends before the verdict in question: whether it would be clean cannot be seen.
    EndsWithout(usize),
    /// The runs are spent.
    Runs,
    /// The time is.
    Time,
    /// The oracle is broken.
    Stopped,
}

impl From<Halt> for Why {
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::Time => Self::Time,
            Halt::Broken => Self::Stopped,
        }
    }
}

/// Finds the smallest set of `candidates` that makes the difference. All of them together are taken to be dirty and none of
/// them clean, as the confirmed legs showed.
///
/// `hints` are worth a run each before anything else; their tests are in whatever order, and need not all be candidates.
pub(crate) fn minimize(
    candidates: &[usize],
    hints: &Hints,
    limits: Limits,
    oracle: &mut dyn Oracle,
) -> Outcome {
    let mut search = Search { candidates, hints, limits, ledger: Ledger::new(oracle, limits) };
    let (found, minimal, why) = match search.find().and_then(|set| search.claim(set)) {
        Ok((set, why)) => (Some(set), why.is_none(), why),
        Err(why @ (Why::Runs | Why::Time)) => match search.claim_part() {
            Ok(set) => (set, false, Some(why)),
            Err(why) => (None, false, Some(why)),
        },
        Err(why) => (None, false, Some(why)),
    };
    Outcome { found, minimal, runs: search.ledger.runs(), why }
}
