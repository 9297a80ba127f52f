//! What was asked, what the answer was, and how many runs that took.

use super::{Answer, Limits, Oracle, Why};
use std::collections::HashMap;

pub(super) struct Ledger<'a> {
    oracle: &'a mut dyn Oracle,
    known: HashMap<Vec<usize>, Answer>,
    runs: usize,
    /// How many runs the search may take: what is found by then can still be repeated.
    limit: usize,
    /// How many there may be in all.
    end: usize,
    /// The smallest set that was dirty.
    best: Option<Vec<usize>>,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(oracle: &'a mut dyn Oracle, limits: Limits) -> Self {
        // Without any test before it, it was clean each time that it was confirmed.
        let known = HashMap::from([(Vec::new(), Answer::Clean)]);
        let limit = limits.runs.saturating_sub(limits.dirty_again);
        Self { oracle, known, runs: limits.spent, limit, end: limits.runs, best: None }
    }

    pub(super) fn runs(&self) -> usize {
        self.runs
    }

    pub(super) fn best(&self) -> Option<&Vec<usize>> {
        self.best.as_ref()
    }

    /// The answer for a sequence, which is run if that has not been done yet.
    pub(super) fn ask(&mut self, tests: &[usize]) -> Result<Answer, Why> {
        if let Some(answer) = self.known.get(tests) {
            return Ok(*answer);
        }
        if self.runs >= self.limit {
            return Err(Why::Runs);
        }
        if !self.oracle.may_search() {
            return Err(Why::Time);
        }
        let answer = self.run(tests)?;
        self.known.insert(tests.to_vec(), answer);
        if answer == Answer::Dirty && self.best.as_ref().is_none_or(|best| tests.len() < best.len()) {
            self.best = Some(tests.to_vec());
        }
        Ok(answer)
    }

    pub(super) fn is_dirty(&mut self, tests: &[usize]) -> Result<bool, Why> {
        Ok(self.ask(tests)? == Answer::Dirty)
    }

    /// Runs a sequence once more, whatever is known of it.
    pub(super) fn again(&mut self, tests: &[usize]) -> Result<Answer, Why> {
        if self.runs >= self.end {
            return Err(Why::Runs);
        }
        self.run(tests)
    }

    /// Does `work` with no more than `runs` runs in all.
    pub(super) fn within<R>(&mut self, runs: usize, work: impl FnOnce(&mut Self) -> R) -> R {
        let limit = self.limit;
        self.limit = limit.min(runs);
        let result = work(self);
        self.limit = limit;
        result
    }

    fn run(&mut self, tests: &[usize]) -> Result<Answer, Why> {
        let answer = self.oracle.ask(tests)?;
        self.runs += usize::from(answer != Answer::Impossible);
        Ok(answer)
    }
}
