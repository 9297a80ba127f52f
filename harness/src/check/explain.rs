//! The smallest way to show a difference: history, setup, input, and then once more all contexts side by side.

use super::companion::Trouble;
use super::confirm::{Same, Witness, differs, holds};
use super::executor::{Executor, Input, Raw};
use super::minimize::minimize;
use super::shrink::{Budget, shrink};
use super::worker::Candidate;
use crate::{Context, Outcome};

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
    mut earlier: Vec<Option<Box<dyn Candidate>>>,
    budget: Budget,
) -> Result<Option<Explained>, Trouble> {
    let (mut tried, mut differing) = (0, 0);
    let mut smallest = witness.clone();
    let all: Vec<usize> = (0..witness.history.len()).collect();
    let chosen = minimize(&all, |chosen| {
        let history = chosen.iter().map(|index| witness.history[*index].clone()).collect();
        differs(executor, same, &Witness { history, ..witness.clone() })
    })?;
    smallest.history = chosen.iter().map(|index| witness.history[*index].clone()).collect();
    let without = Witness { setup: false, ..smallest.clone() };
    if smallest.setup && differs(executor, same, &without)? {
        smallest = without;
    }
    let mut smaller = |candidate: &mut dyn Candidate, with: &dyn Fn(&Input) -> Witness| {
        let (best, count) = shrink(candidate, budget, |encoded| {
            let shows = differs(executor, same, &with(&encoded.input))?;
            differing += u32::from(shows);
            Ok::<_, Trouble>(shows)
        })?;
        tried += count;
        Ok::<_, Trouble>(best)
    };
    if let Some(mut candidate) = candidate {
        let with = |input: &Input| Witness { input: input.clone(), ..smallest.clone() };
        smallest = smaller(&mut *candidate, &with)?.map(|input| with(&input)).unwrap_or(smallest);
    }
    for (place, index) in chosen.into_iter().enumerate() {
        let Some(mut candidate) = earlier.get_mut(index).and_then(Option::take) else { continue };
        let with = |input: &Input| {
            let mut witness = smallest.clone();
            witness.history[place] = input.clone();
            witness
        };
        smallest = smaller(&mut *candidate, &with)?.map(|input| with(&input)).unwrap_or(smallest);
    }
    if !holds(executor, same, &smallest)? {
        // One look at a time was not enough on the way; what was confirmed before still stands, if anything does.
        smallest = witness;
        if !holds(executor, same, &smallest)? {
            return Ok(None);
        }
    }
    let outcomes = side_by_side(executor, &smallest)?;
    Ok(Some(Explained { witness: smallest, outcomes, tried, differing }))
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
