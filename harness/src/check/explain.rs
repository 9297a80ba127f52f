//! The smallest way to show a difference: history, setup, input, and then once more all contexts side by side.

use super::confirm::{Same, Witness, differs, holds};
use super::executor::{Executor, Input, Raw, Trouble};
use super::minimize::minimize;
use super::shrink::{Budget, shrink};
use super::worker::Candidate;
use crate::{Context, Outcome};
use std::time::Instant;

/// A difference as it is reported.
pub(crate) struct Explained {
    pub(crate) witness: Witness,
    /// What the worker does in each context, the reference last.
    pub(crate) outcomes: Vec<(Context, Raw)>,
    /// How many candidates were tried on the way to the smallest, and how many of them differed.
    pub(crate) tried: u32,
    pub(crate) differing: u32,
}

/// Makes `witness` as small as `budget` allows; `candidate` is the tree of its input, `earlier` those of its history. `None` if it
/// does not show the difference every time.
pub(crate) fn explain(
    executor: &mut dyn Executor,
    same: Same<'_>,
    witness: Witness,
    candidate: Option<Box<dyn Candidate>>,
    earlier: Vec<Option<Box<dyn Candidate>>>,
    budget: Budget,
) -> Result<Option<Explained>, Trouble> {
    let start = witness.clone();
    let mut search =
        Search { executor: &mut *executor, same, budget, witness: start, earlier, tried: 0, differing: 0 };
    search.reduce()?;
    search.shrink_input(candidate)?;
    search.shrink_history()?;
    // A smaller input may need less, and an earlier call may have become one that does nothing.
    search.reduce()?;
    let Search { witness: mut smallest, tried, differing, .. } = search;
    if !holds(executor, same, &smallest)? {
        // One look at a time was not enough on the way; what was confirmed before still stands, if anything does.
        smallest = witness;
        if !holds(executor, same, &smallest)? {
            return Ok(None);
        }
    }
    // Last, because it is only a remark: the contexts are shown as they are, with setup, and must show the difference.
    let without = Witness { setup: false, ..smallest.clone() };
    if smallest.setup && differs(executor, same, &without)? && holds(executor, same, &without)? {
        smallest = without;
    }
    let outcomes = side_by_side(executor, &smallest)?;
    Ok(Some(Explained { witness: smallest, outcomes, tried, differing }))
}

/// On the way to the smallest witness.
struct Search<'a> {
    executor: &'a mut dyn Executor,
    same: Same<'a>,
    budget: Budget,
    witness: Witness,
    /// The trees of its history.
    earlier: Vec<Option<Box<dyn Candidate>>>,
    tried: u32,
    differing: u32,
}

impl Search<'_> {
    /// Leaves out setup where another context shows the same without it, and then earlier calls.
    fn reduce(&mut self) -> Result<(), Trouble> {
        let has_pool = self.executor.contexts().contains(&Context::Pool);
        if self.witness.setup && !self.witness.history.is_empty() && has_pool {
            let without = Witness { context: Context::Pool, setup: false, ..self.witness.clone() };
            if differs(self.executor, self.same, &without)? {
                self.witness = without;
            }
        }
        self.leave_out_calls()
    }

    fn leave_out_calls(&mut self) -> Result<(), Trouble> {
        let Self { executor, same, budget, witness, .. } = self;
        let all: Vec<usize> = (0..witness.history.len()).collect();
        let pick = |kept: &[usize]| kept.iter().map(|index| witness.history[*index].clone()).collect();
        let kept = minimize(&all, |kept| {
            let smaller = Witness { history: pick(kept), ..witness.clone() };
            Ok::<_, Trouble>(Instant::now() < budget.until && differs(*executor, *same, &smaller)?)
        })?;
        let history = pick(&kept);
        self.witness.history = history;
        self.earlier = kept.iter().map(|index| self.earlier.get_mut(*index).and_then(Option::take)).collect();
        Ok(())
    }

    fn shrink_input(&mut self, candidate: Option<Box<dyn Candidate>>) -> Result<(), Trouble> {
        self.shrink(candidate, |witness| &mut witness.input)
    }

    fn shrink_history(&mut self) -> Result<(), Trouble> {
        for place in 0..self.witness.history.len() {
            let candidate = self.earlier[place].take();
            self.shrink(candidate, |witness| &mut witness.history[place])?;
        }
        Ok(())
    }

    /// Makes the one input of the witness smaller that `of` chooses.
    fn shrink(
        &mut self,
        candidate: Option<Box<dyn Candidate>>,
        of: impl Fn(&mut Witness) -> &mut Input,
    ) -> Result<(), Trouble> {
        let Some(mut candidate) = candidate else { return Ok(()) };
        let (best, tried) = shrink(&mut *candidate, self.budget, |encoded| {
            let mut smaller = self.witness.clone();
            *of(&mut smaller) = encoded.input.clone();
            let shows = differs(self.executor, self.same, &smaller)?;
            self.differing += u32::from(shows);
            Ok::<_, Trouble>(shows)
        })?;
        self.tried += tried;
        if let Some(best) = best {
            *of(&mut self.witness) = best;
        }
        Ok(())
    }
}

/// What the worker does with the input in each context.
fn side_by_side(executor: &mut dyn Executor, witness: &Witness) -> Result<Vec<(Context, Raw)>, Trouble> {
    let Witness { history, input, .. } = witness;
    let after: Vec<Input> = history.iter().chain([input]).cloned().collect();
    let contexts = executor.contexts().to_vec();
    let mut outcomes = Vec::new();
    for context in contexts.into_iter().chain([Context::Spawn]) {
        let calls = if context.remembers() { &after[..] } else { &after[history.len()..] };
        let outcome = match executor.fresh(&context, context.has_setup(), calls)? {
            Some((outcome, _)) => outcome,
            None => Outcome::Broken("an earlier call ended the process".into()),
        };
        outcomes.push((context, outcome));
    }
    Ok(outcomes)
}
