//! Runs in which something was put back, and what follows from them.

use super::Known;
use super::ending::Ending;
use super::prove::{Flip, Proof, prove};
use super::run::Runs;
use crate::error::Result;
use crate::explanation::{Carrier, Cause};
use crate::trace::{Stopped, Trouble};

/// How often a flip is seen again before it counts.
const REPEATS: usize = 2;

/// Writes fresh values back until it is known which of them matter.
pub(super) fn experiments(runs: &Runs<'_>, known: &Known, dirty: &Ending, clean: &Ending) -> Result<Proof> {
    let possible: Vec<usize> =
        (0..known.differences.len()).filter(|index| known.differences[*index].to_fresh.is_some()).collect();
    let hint = known.hint.as_ref().and_then(|hint| {
        hint.iter()
            .map(|wanted| possible.iter().position(|index| index == wanted))
            .collect::<Option<Vec<_>>>()
    });
    let mut experiment = |set: &[usize]| {
        let set: Vec<_> = set.iter().map(|index| possible[*index]).collect();
        written_back(runs, known, &set, dirty, clean)
    };
    let Proof { sets, harmless } = prove(possible.len(), hint.as_deref(), &mut experiment)?;
    let named = |set: Vec<usize>| set.into_iter().map(|index| possible[index]).collect::<Vec<_>>();
    Ok(Proof { sets: sets.into_iter().map(named).collect(), harmless: named(harmless) })
}

/// Runs the culprits, and then the test with fresh values of some differences.
fn written_back(
    runs: &Runs<'_>,
    known: &Known,
    set: &[usize],
    dirty: &Ending,
    clean: &Ending,
) -> Result<Flip> {
    if runs.is_spent() {
        // What cannot be tried any more tells nothing.
        return Ok(Flip::Broken);
    }
    let ending = runs.inherited(&mut |stopped| {
        let repairs = set.iter().filter_map(|index| known.differences[*index].to_fresh.as_ref());
        repairs.into_iter().try_for_each(|repair| repair.apply(stopped, known.environ))
    })?;
    Ok(flip(ending, dirty, clean))
}

/// What a run in which something was put back comes to.
pub(super) fn flip(ending: std::result::Result<Ending, Trouble>, dirty: &Ending, clean: &Ending) -> Flip {
    match ending {
        Ok(ending) if ending.is_like(clean) => Flip::Flipped,
        Ok(ending) if ending.is_like(dirty) => Flip::Stayed,
        _ => Flip::Broken,
    }
}

/// Whether an experiment flips the verdict again, each time, and it is still another one without. `control` is the run without:
/// a state that wears off flips everything.
pub(super) fn flips_again(
    mut experiment: impl FnMut() -> Result<Flip>,
    control: impl FnOnce() -> Result<Flip>,
) -> Result<bool> {
    for _ in 0..REPEATS {
        if experiment()? != Flip::Flipped {
            return Ok(false);
        }
    }
    Ok(control()? == Flip::Stayed)
}

/// The causes in a set that flipped the verdict, if it does so again.
pub(super) fn causes(
    runs: &Runs<'_>,
    known: &Known,
    set: &[usize],
    dirty: &Ending,
    clean: &Ending,
) -> Result<Vec<Cause>> {
    let (mut inherited, mut fresh) = (vec![None; set.len()], vec![None; set.len()]);
    let values = |stopped: &Stopped<'_>| {
        set.iter().map(|index| known.differences[*index].value(stopped, &known.objects)).collect()
    };
    let experiment = || written_back(runs, known, set, dirty, clean);
    let control = || {
        let mut look = |stopped: &mut Stopped<'_>| {
            inherited = values(stopped);
            Ok(())
        };
        Ok(flip(runs.inherited(&mut look)?, dirty, clean))
    };
    if !runs.quietly(|| flips_again(experiment, control))? {
        return Ok(Vec::new());
    }
    let moves: Option<Vec<_>> =
        set.iter().map(|index| known.differences[*index].to_inherited.as_ref()).collect();
    let alone = runs.fresh(known.reference, &mut |stopped| {
        fresh = values(stopped);
        moves.iter().flatten().try_for_each(|repair| repair.apply(stopped, known.environ))
    })?;
    let sufficient = moves.map(|_| alone.is_ok_and(|ending| ending.is_like(dirty)));
    let carriers: Vec<Carrier> = set
        .iter()
        .zip(fresh.into_iter().zip(inherited))
        .map(|(index, values)| known.differences[*index].described(&known.objects, values))
        .collect();
    let names: Vec<String> = carriers.iter().map(|carrier| carrier.name.clone()).collect();
    let cause = |(index, carrier)| {
        let others = names.iter().enumerate().filter(|(other, _)| *other != index);
        let together_with = others.map(|(_, name)| name.clone()).collect();
        Cause { carrier, confirmed: true, together_with, sufficient }
    };
    Ok(carriers.into_iter().enumerate().map(cause).collect())
}

#[cfg(test)]
mod tests {
    use super::Flip::{self, Broken, Flipped, Stayed};
    use super::flips_again;

    /// What each run in turn comes to; the last one is that without anything put back.
    #[track_caller]
    fn check(runs: &[Flip], expected: bool) {
        let runs = std::cell::RefCell::new(runs.iter().copied());
        let next = || Ok(runs.borrow_mut().next().unwrap());
        assert_eq!(flips_again(next, next).unwrap(), expected);
    }

    #[test]
    fn what_flips_each_time_and_not_by_itself() {
        check(&[Flipped, Flipped, Stayed], true);
        check(&[Flipped, Stayed], false);
        check(&[Broken], false);
        // By now it does so whatever is put back.
        check(&[Flipped, Flipped, Flipped], false);
        check(&[Flipped, Flipped, Broken], false);
    }
}
