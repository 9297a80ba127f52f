//! Whether a difference between contexts is what it looks like.
//!
//! The processes in which it was seen go on from call to call, and a fresh child may have been a fork. So each claim is made
//! again with processes that are really new, reference and context by turns: something that drifts (the time of day) or
//! wavers (a random number) disagrees with itself then. Not strictly by turns: what alternates by itself, such as whether the
//! number of a process is even, would look like a difference between the two.

use super::executor::{Executor, Input, Raw, Trouble};
use crate::Context;

/// Rounds to find out what is worth confirming, and further ones to confirm it: a coin that falls the same way so often
/// does so once in 2¹⁶ times.
const LOOK: usize = 2;
const CONFIRM: usize = 6;

/// How to show that a worker depends on inherited state.
#[derive(Clone)]
pub(crate) struct Witness {
    pub(crate) context: Context,
    /// Whether setup has to run in that context.
    pub(crate) setup: bool,
    /// The calls that have to come before, in the same process.
    pub(crate) history: Vec<Input>,
    pub(crate) input: Input,
}

/// What a suspicion came to.
pub(crate) enum Verdict {
    /// It depends on inherited state.
    Confirmed(Witness),
    /// It changes between identical runs.
    Flaky,
    /// In new processes there is no difference.
    Gone,
}

/// A comparison of fresh processes, several times over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Repeated {
    Same,
    Differs,
    Wavers,
}

/// Compares outcomes.
pub(crate) type Same<'a> = &'a dyn Fn(&Raw, &Raw) -> bool;

/// Tries to show for `input` what was seen in each of `suspects`, a context with the calls that came before in its process.
pub(crate) fn confirm(
    executor: &mut dyn Executor,
    same: Same<'_>,
    suspects: &[(Context, Vec<Input>)],
    input: &Input,
) -> Result<Verdict, Trouble> {
    let mut wavers = false;
    let alone = suspects.iter().map(|(context, _)| (context, &[][..]));
    let after = suspects.iter().filter(|(_, history)| !history.is_empty());
    // The call alone comes first, as it says more.
    for (context, history) in alone.chain(after.map(|(context, history)| (context, &**history))) {
        let witness = Witness {
            context: context.clone(),
            setup: context.has_setup(),
            history: history.to_vec(),
            input: input.clone(),
        };
        match repeat(executor, same, &witness, LOOK)? {
            Repeated::Same => {}
            Repeated::Wavers => wavers = true,
            Repeated::Differs => {
                return Ok(match repeat(executor, same, &witness, CONFIRM)? {
                    Repeated::Differs => Verdict::Confirmed(witness),
                    Repeated::Same | Repeated::Wavers => Verdict::Flaky,
                });
            }
        }
    }
    Ok(if wavers { Verdict::Flaky } else { Verdict::Gone })
}

/// Whether a witness that was made smaller still shows the difference, each time.
pub(crate) fn holds(executor: &mut dyn Executor, same: Same<'_>, witness: &Witness) -> Result<bool, Trouble> {
    Ok(repeat(executor, same, witness, LOOK + CONFIRM)? == Repeated::Differs)
}

/// Whether the witness shows the difference, in one look.
pub(crate) fn differs(
    executor: &mut dyn Executor,
    same: Same<'_>,
    witness: &Witness,
) -> Result<bool, Trouble> {
    Ok(repeat(executor, same, witness, 1)? == Repeated::Differs)
}

fn repeat(
    executor: &mut dyn Executor,
    same: Same<'_>,
    witness: &Witness,
    rounds: usize,
) -> Result<Repeated, Trouble> {
    let Witness { context, setup, history, input } = witness;
    let calls: Vec<Input> = history.iter().chain([input]).cloned().collect();
    let mut first: Option<(Raw, Raw)> = None;
    let alone =
        |executor: &mut dyn Executor| executor.fresh(&Context::Spawn, false, std::slice::from_ref(input));
    let after = |executor: &mut dyn Executor| executor.fresh(context, *setup, &calls);
    for round in 0..rounds {
        // Who comes first changes by a sequence without a period (Thue and Morse's).
        let (reference, other) = if round.count_ones().is_multiple_of(2) {
            let reference = alone(executor)?;
            (reference, after(executor)?)
        } else {
            let other = after(executor)?;
            (alone(executor)?, other)
        };
        let (Some((reference, _)), Some((other, _))) = (reference, other) else {
            // A call before the last has ended the process: this is no way to show anything.
            return Ok(if first.is_none() { Repeated::Same } else { Repeated::Wavers });
        };
        let slow = [&reference, &other].contains(&&Raw::TimedOut);
        match &first {
            None => first = Some((reference, other)),
            Some((one, two)) if same(one, &reference) && same(two, &other) => {}
            Some(_) => return Ok(Repeated::Wavers),
        }
        // What hangs is repeated less often: it takes long, and is seldom a coin.
        if slow && round + 1 >= LOOK {
            break;
        }
    }
    let differs = first.is_some_and(|(reference, other)| !same(&reference, &other));
    Ok(if differs { Repeated::Differs } else { Repeated::Same })
}
