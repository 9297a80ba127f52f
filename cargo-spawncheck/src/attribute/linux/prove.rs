//! Differences in, the ones that matter out: those that flip the verdict when their fresh values are written back.
//!
//! Delta debugging over sets of differences. A write may well break the process (a pointer into a heap that is not there),
//! so an experiment has three outcomes, and what breaks is taken apart before it is given up.

use crate::error::Result;

/// How many sets to look for: a state may be carried by one of several things, any of which would do.
const MAX_SETS: usize = 4;

/// Where everything at once breaks the process, differences are tried one by one, but no more than this.
const MAX_SINGLES: usize = 64;

/// What a run with some of the fresh values written back showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flip {
    /// The verdict of a fresh process.
    Flipped,
    /// The verdict of an unchanged run.
    Stayed,
    /// Neither: it ended in another way.
    Broken,
}

/// What came of the experiments; all numbers are indices of differences.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Proof {
    /// Each of them flips the verdict, and without any one of its members it does not.
    pub(super) sets: Vec<Vec<usize>>,
    /// Written back all together, these change nothing.
    pub(super) harmless: Vec<usize>,
}

/// Runs with the given differences set right.
pub(super) type Experiment<'a> = dyn FnMut(&[usize]) -> Result<Flip> + 'a;

/// Finds the sets that matter among `count` differences, the likeliest first. `hint` is a set that mattered elsewhere.
pub(super) fn prove(count: usize, hint: Option<&[usize]>, experiment: &mut Experiment<'_>) -> Result<Proof> {
    let mut proof = Proof::default();
    let mut rest: Vec<usize> = (0..count).collect();
    if let Some(hint) = hint
        && experiment(hint)? == Flip::Flipped
    {
        let set = minimize(hint.to_vec(), experiment)?;
        rest.retain(|difference| !set.contains(difference));
        proof.sets.push(set);
    }
    while proof.sets.len() < MAX_SETS && !rest.is_empty() {
        match first_set(&rest, experiment)? {
            Found::Set(set) => {
                rest.retain(|difference| !set.contains(difference));
                proof.sets.push(set);
            }
            Found::None { harmless } => {
                proof.harmless = harmless;
                break;
            }
        }
    }
    Ok(proof)
}

enum Found {
    Set(Vec<usize>),
    /// There is none; these are known not to matter.
    None {
        harmless: Vec<usize>,
    },
}

fn first_set(all: &[usize], experiment: &mut Experiment<'_>) -> Result<Found> {
    match experiment(all)? {
        Flip::Flipped => return Ok(Found::Set(minimize(all.to_vec(), experiment)?)),
        Flip::Stayed => return Ok(Found::None { harmless: all.to_vec() }),
        Flip::Broken => {}
    }
    // Something in it must not be touched: smaller and smaller parts of it, until one flips.
    let mut harmless = Vec::new();
    let mut parts = 2;
    while parts / 2 < all.len().min(MAX_SINGLES) {
        harmless.clear();
        for part in all.chunks(all.len().div_ceil(parts)) {
            match experiment(part)? {
                Flip::Flipped => return Ok(Found::Set(minimize(part.to_vec(), experiment)?)),
                Flip::Stayed => harmless.extend_from_slice(part),
                Flip::Broken => {}
            }
        }
        parts *= 2;
    }
    // Parts that change nothing one after another may do so together.
    match harmless.len() < all.len() && harmless.len() > 1 && experiment(&harmless)? == Flip::Flipped {
        true => Ok(Found::Set(minimize(harmless, experiment)?)),
        false => Ok(Found::None { harmless }),
    }
}

/// The smallest part of `set`, which flips the verdict, that still does (ddmin).
fn minimize(mut set: Vec<usize>, experiment: &mut Experiment<'_>) -> Result<Vec<usize>> {
    let mut parts = 2;
    while set.len() > 1 {
        match smaller(&set, parts, experiment)? {
            Some((smaller, next)) => (set, parts) = (smaller, next),
            None if parts >= set.len() => break,
            None => parts = (2 * parts).min(set.len()),
        }
    }
    Ok(set)
}

/// A part of `set`, or all but a part, that flips the verdict, and into how many parts to divide that.
fn smaller(
    set: &[usize],
    parts: usize,
    experiment: &mut Experiment<'_>,
) -> Result<Option<(Vec<usize>, usize)>> {
    let size = set.len().div_ceil(parts);
    for part in set.chunks(size) {
        if experiment(part)? == Flip::Flipped {
            return Ok(Some((part.to_vec(), 2)));
        }
    }
    // With two parts, all but one is the other.
    if parts > 2 {
        for part in set.chunks(size) {
            let others: Vec<_> =
                set.iter().copied().filter(|difference| !part.contains(difference)).collect();
            if experiment(&others)? == Flip::Flipped {
                return Ok(Some((others, (parts - 1).max(2))));
            }
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::{Flip, Proof, prove};
    use proptest::prelude::*;

    /// Runs `prove` where `flips` says which sets flip and `breaks` which differences break the process; how often it asked.
    fn run(count: usize, hint: Option<&[usize]>, sets: &[&[usize]], breaks: &[usize]) -> (Proof, usize) {
        let mut runs = 0;
        let mut experiment = |written: &[usize]| {
            runs += 1;
            let has = |difference: &usize| written.contains(difference);
            Ok(match (breaks.iter().any(has), sets.iter().any(|set| set.iter().all(has))) {
                (true, _) => Flip::Broken,
                (false, true) => Flip::Flipped,
                (false, false) => Flip::Stayed,
            })
        };
        (prove(count, hint, &mut experiment).unwrap(), runs)
    }

    fn sets(proof: &Proof) -> Vec<&[usize]> {
        proof.sets.iter().map(Vec::as_slice).collect()
    }

    #[test]
    fn one_of_many() {
        let (proof, runs) = run(1000, None, &[&[617]], &[]);
        assert_eq!(sets(&proof), [&[617]]);
        assert_eq!(proof.harmless.len(), 999);
        assert!(runs <= 22, "{runs} runs");
    }

    #[test]
    fn nothing_matters() {
        assert_eq!(run(3, None, &[], &[]), (Proof { sets: vec![], harmless: vec![0, 1, 2] }, 1));
        assert_eq!(run(0, None, &[], &[]), (Proof::default(), 0));
    }

    #[test]
    fn two_together_and_either_of_two() {
        assert_eq!(sets(&run(16, None, &[&[3, 12]], &[]).0), [&[3, 12]]);
        let (proof, _) = run(16, None, &[&[3], &[12]], &[]);
        assert_eq!(sets(&proof), [&[3], &[12]]);
        assert_eq!(proof.harmless.len(), 14);
    }

    #[test]
    fn what_breaks_the_process_is_left_out() {
        let (proof, _) = run(8, None, &[&[5]], &[2]);
        assert_eq!(sets(&proof), [&[5]]);
        assert!(!proof.harmless.contains(&2));
        assert_eq!(sets(&run(8, None, &[&[0, 7]], &[2]).0), [&[0, 7]]);
        assert_eq!(run(1, None, &[&[0]], &[0]).0, Proof::default());
    }

    #[test]
    fn a_hint_saves_runs() {
        let (proof, runs) = run(1000, Some(&[617]), &[&[617]], &[]);
        assert_eq!((sets(&proof), runs), (vec![&[617][..]], 2));
        assert_eq!(sets(&run(10, Some(&[1]), &[&[6]], &[]).0), [&[6]]);
        assert_eq!(sets(&run(10, Some(&[1, 6]), &[&[6]], &[]).0), [&[6]]);
    }

    proptest! {
        /// Whatever is found flips the verdict, and nothing smaller does.
        #[test]
        fn found_sets_are_minimal(
            count in 1..40usize,
            sets in proptest::collection::vec(proptest::collection::btree_set(0..40usize, 1..4), 0..3),
            breaks in proptest::collection::btree_set(0..40usize, 0..3),
        ) {
            let sets: Vec<Vec<usize>> = sets
                .into_iter()
                .map(|set| set.into_iter().map(|difference| difference % count).collect())
                .collect();
            let breaks: Vec<usize> = breaks.into_iter().map(|difference| difference % count).collect();
            let known: Vec<&[usize]> = sets.iter().map(Vec::as_slice).collect();
            let (proof, _) = run(count, None, &known, &breaks);
            let flips = |written: &[usize]| {
                sets.iter().any(|set| set.iter().all(|difference| written.contains(difference)))
                    && !breaks.iter().any(|difference| written.contains(difference))
            };
            for set in &proof.sets {
                prop_assert!(flips(set));
                for left_out in set {
                    let less: Vec<_> = set.iter().copied().filter(|difference| difference != left_out).collect();
                    prop_assert!(!flips(&less), "{less:?} of {set:?} is enough");
                }
            }
            prop_assert!(!flips(&proof.harmless));
            let reachable = sets.iter().any(|set| !set.iter().any(|difference| breaks.contains(difference)));
            prop_assert!(!breaks.is_empty() || !reachable || !proof.sets.is_empty(), "nothing was found");
        }
    }
}
