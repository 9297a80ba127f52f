//! Runs in which something was put back, and what follows from them.

use super::Known;
use super::run::{Ending, Runs};
use crate::attribute::prove::{Flip, Proof, prove};
use crate::error::Result;
use crate::explanation::{Carrier, Cause};
use crate::trace::Stopped;
use std::cell::RefCell;

/// How often a flip is seen again before it counts.
pub(super) const REPEATS: usize = 2;

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
    Ok(match ending {
        Ok(ending) if ending.is_like(clean) => Flip::Flipped,
        Ok(ending) if ending.is_like(dirty) => Flip::Stayed,
        _ => Flip::Broken,
    })
}

/// The causes in a set that flipped the verdict, if it does so again.
pub(super) fn causes(
    runs: &Runs<'_>,
    known: &Known,
    set: &[usize],
    dirty: &Ending,
    clean: &Ending,
) -> Result<Vec<Cause>> {
    for _ in 0..REPEATS {
        if written_back(runs, known, set, dirty, clean)? != Flip::Flipped {
            return Ok(Vec::new());
        }
    }
    let inherited = RefCell::new(vec![None; set.len()]);
    let fresh = RefCell::new(vec![None; set.len()]);
    let look = |stopped: &Stopped<'_>, into: &RefCell<Vec<Option<_>>>| {
        let values = set.iter().map(|index| known.differences[*index].value(stopped, &known.objects));
        *into.borrow_mut() = values.collect();
    };
    let _ = runs.inherited(&mut |stopped| {
        look(stopped, &inherited);
        Ok(())
    })?;
    let moves: Option<Vec<_>> =
        set.iter().map(|index| known.differences[*index].to_inherited.as_ref()).collect();
    let alone = runs.fresh(known.reference, &mut |stopped| {
        look(stopped, &fresh);
        moves.iter().flatten().try_for_each(|repair| repair.apply(stopped, known.environ))
    })?;
    let sufficient = moves.map(|_| alone.is_ok_and(|ending| ending.is_like(dirty)));
    let carriers: Vec<Carrier> = set
        .iter()
        .zip(fresh.into_inner().into_iter().zip(inherited.into_inner()))
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
