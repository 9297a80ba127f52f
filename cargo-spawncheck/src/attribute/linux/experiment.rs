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

/// Whether an experiment flips the verdict again, each time.
pub(super) fn flips_again(mut experiment: impl FnMut() -> Result<Flip>) -> Result<bool> {
    for _ in 0..REPEATS {
        if experiment()? != Flip::Flipped {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The causes in a set that flipped the verdict, if it does so again.
pub(super) fn causes(
    runs: &Runs<'_>,
    known: &Known,
    set: &[usize],
    dirty: &Ending,
    clean: &Ending,
) -> Result<Vec<Cause>> {
    if !flips_again(|| written_back(runs, known, set, dirty, clean))? {
        return Ok(Vec::new());
    }
    let (mut inherited, mut fresh) = (vec![None; set.len()], vec![None; set.len()]);
    let values = |stopped: &Stopped<'_>| {
        set.iter().map(|index| known.differences[*index].value(stopped, &known.objects)).collect()
    };
    let _ = runs.inherited(&mut |stopped| {
        inherited = values(stopped);
        Ok(())
    })?;
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
