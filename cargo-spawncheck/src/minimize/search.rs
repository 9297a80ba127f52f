//! The steps of a search, from hints to claims.

use super::ledger::Ledger;
use super::sets::{grow, leave_out, shrink};
use super::{Answer, Hints, Limits, Why};

pub(super) struct Search<'a> {
    pub(super) candidates: &'a [usize],
    pub(super) hints: &'a Hints,
    pub(super) limits: Limits,
    pub(super) ledger: Ledger<'a>,
}

impl Search<'_> {
    /// A dirty set of which no test can be left out.
    pub(super) fn find(&mut self) -> Result<Vec<usize>, Why> {
        if self.candidates.is_empty() {
            return Err(Why::NothingBefore);
        }
        let set = match self.hinted()? {
            Some(set) => set,
            // What hints have cost that were wrong is what there is to spare.
            None => {
                let spare = self.ledger.runs() == 0;
                grow(&mut self.ledger, self.candidates, spare)?
            }
        };
        let set = shrink(&mut self.ledger, set)?;
        self.elsewhere(set)
    }

    /// Sees a set dirty again, and clean again without each one; returns why that could not be seen of some.
    pub(super) fn claim(&mut self, set: Vec<usize>) -> Result<(Vec<usize>, Option<Why>), Why> {
        let allowed = self.allowed(set.len());
        // Where the search took more runs than usual, fewer are left for this: to see it clean again is worth more.
        let left = allowed.saturating_sub(self.ledger.runs() + set.len() * self.limits.clean_again);
        self.see_dirty(&set, left.clamp(self.limits.dirty_at_least, self.limits.dirty_again))?;
        let mut without = None;
        for index in 0..set.len() {
            let rest = leave_out(&set, index..index + 1);
            if self.ledger.ask(&rest)? != Answer::Clean {
                without = without.or(Some(Why::EndsWithout(set[index])));
                continue;
            }
            // It has been seen once, or without any test before it each time that it was confirmed. Once more it has to be; what
            // more is seen is not worth more than the whole search may cost.
            let at_least = usize::from(!rest.is_empty());
            for time in 0..self.limits.clean_again {
                if time >= at_least && self.ledger.runs() >= allowed {
                    break;
                }
                match self.ledger.again(&rest) {
                    Ok(Answer::Clean) => {}
                    Ok(_) => return Err(Why::Flaky(rest)),
                    Err(Why::Runs | Why::Time) if time >= at_least => break,
                    Err(why @ (Why::Runs | Why::Time)) => return Ok((set, Some(why))),
                    Err(why) => return Err(why),
                }
            }
        }
        Ok((set, without))
    }

    /// Claims the smallest dirty set that is known, if that says anything.
    pub(super) fn claim_part(&mut self) -> Result<Option<Vec<usize>>, Why> {
        let best = self.ledger.best().filter(|best| best.len() < self.candidates.len()).cloned();
        if let Some(set) = &best {
            self.see_dirty(set, self.limits.dirty_again)?;
        }
        Ok(best)
    }

    fn see_dirty(&mut self, set: &[usize], times: usize) -> Result<(), Why> {
        for _ in 0..times {
            if self.ledger.again(set)? != Answer::Dirty {
                return Err(Why::Flaky(set.to_vec()));
            }
        }
        Ok(())
    }

    fn hinted(&mut self) -> Result<Option<Vec<usize>>, Why> {
        for hint in [&self.hints.known, &self.hints.changers] {
            // As the candidates are ordered, which need not be by number.
            let tests: Vec<usize> =
                self.candidates.iter().copied().filter(|test| hint.contains(test)).collect();
            if !tests.is_empty() && self.ledger.is_dirty(&tests)? {
                return grow(&mut self.ledger, &tests, true).map(Some);
            }
        }
        Ok(None)
    }

    /// How many questions a bisection takes.
    fn rounds(&self) -> usize {
        self.candidates.len().next_power_of_two().ilog2() as usize
    }

    /// How many runs a set of a size may cost in all, where nothing unusual comes up.
    fn allowed(&self, size: usize) -> usize {
        size * (self.rounds() + 4)
    }

    /// Looks for a smaller set among the others, where that costs no more than a set of this size may.
    fn elsewhere(&mut self, set: Vec<usize>) -> Result<Vec<usize>, Why> {
        let rounds = self.rounds();
        let claims = self.limits.dirty_again + set.len() * self.limits.clean_again;
        let allowed = self.allowed(set.len()).saturating_sub(claims);
        // The question, a bisection, and what that finds: else the question is a waste.
        if set.len() < 2 || self.ledger.runs() + rounds + 2 > allowed {
            return Ok(set);
        }
        // If all that it takes was seen to leave something, that goes for any other set as well.
        let is_seen = set.iter().all(|test| self.hints.changers.contains(test));
        let is_possible =
            |test: &usize| !set.contains(test) && (!is_seen || self.hints.changers.contains(test));
        let others: Vec<_> = self.candidates.iter().copied().filter(is_possible).collect();
        let found = self.ledger.within(allowed, |ledger| {
            if others.is_empty() || !ledger.is_dirty(&others)? {
                return Ok(None);
            }
            let smaller = grow(ledger, &others, true)?;
            shrink(ledger, smaller).map(Some)
        });
        match found {
            Ok(Some(smaller)) if smaller.len() < set.len() => Ok(smaller),
            Err(why @ Why::Stopped) => Err(why),
            _ => Ok(set),
        }
    }
}
