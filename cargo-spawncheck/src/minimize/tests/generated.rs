//! Thousands of models, thrown from fixed and from random seeds: what is found must be right, and few runs must do.

use super::super::{Answer, Hints, Limits, Outcome, minimize};
use super::model::{Ask, Dice, Model, Recipe};
use proptest::prelude::*;
use std::collections::HashMap;

fn solve(model: &Model, limits: Limits) -> Outcome {
    let (outcome, asked) = count(&model.candidates(), &Hints::default(), limits, |tests| model.answer(tests));
    if outcome.minimal {
        check_repeats(outcome.found.as_ref().unwrap(), &asked);
    }
    outcome
}

/// What is named is dirty, and without any one of them it is clean; returns how many they are.
#[track_caller]
fn check_right(answer: impl Fn(&[usize]) -> Answer, outcome: &Outcome) -> usize {
    let found = outcome.found.as_ref().expect("something is found");
    assert_eq!(answer(found), Answer::Dirty, "{outcome:?}");
    for index in 0..found.len() {
        let rest = [&found[..index], &found[index + 1..]].concat();
        let answer = answer(&rest);
        assert_ne!(answer, Answer::Dirty, "{outcome:?}");
        assert!(!outcome.minimal || answer == Answer::Clean, "{outcome:?}");
    }
    found.len()
}

/// How many models to throw for each number of culprits: more than enough to meet the worst places.
const MODELS: u64 = 300;

#[test]
fn few_runs_in_a_thousand_tests() {
    // Together, and with others that do as well; one set of each size, so that there is no smaller one to look for.
    for (sets, mixed) in
        [(&[1][..], false), (&[1, 1], true), (&[2], true), (&[2, 2], false), (&[3], false), (&[3], true)]
    {
        let recipe = Recipe { tests: 1000, sets, mixed, needs: false };
        for seed in 0..MODELS {
            let model = recipe.model(&mut Dice(seed));
            let outcome = solve(&model, Limits::new(200));
            let count = check_right(|tests| model.answer(tests), &outcome);
            assert!(outcome.minimal && outcome.runs <= 14 * count, "{sets:?}, seed {seed}: {outcome:?}");
            assert!(mixed || count == sets[0], "{sets:?}, seed {seed}: {outcome:?}");
        }
    }
}

/// The outcome, and how often each sequence was run.
fn count(
    candidates: &[usize],
    hints: &Hints,
    limits: Limits,
    answer: impl Fn(&[usize]) -> Answer,
) -> (Outcome, HashMap<Vec<usize>, usize>) {
    let mut asked = HashMap::new();
    let answer = |tests: &[usize]| {
        *asked.entry(tests.to_vec()).or_default() += 1;
        answer(tests)
    };
    let outcome = minimize(candidates, hints, limits, &mut Ask(answer));
    (outcome, asked)
}

/// What is named was seen more than once, with and without each. That it is clean without any test before it has been seen before.
#[track_caller]
fn check_repeats(found: &Vec<usize>, asked: &HashMap<Vec<usize>, usize>) {
    assert!(asked[found] > 1, "{found:?}");
    for index in 0..found.len() {
        let rest = [&found[..index], &found[index + 1..]].concat();
        assert!(rest.is_empty() || asked[&rest] > 1, "{found:?}");
    }
}

/// Tests take the time, not processes. The limits are what was measured, rounded up.
#[test]
fn few_tests_are_run_in_all() {
    let candidates: Vec<usize> = (0..1000).collect();
    for (size, mean, most) in [(1, 2_100, 3_100), (2, 6_100, 12_100), (3, 10_600, 20_200)] {
        let mut executed = Vec::new();
        for seed in 0..MODELS {
            let mut dice = Dice(seed);
            let needed: Vec<usize> = (0..size).map(|_| dice.below(1000)).collect();
            let all = |tests: &[usize]| needed.iter().all(|test| tests.contains(test));
            let answer = |tests: &[usize]| if all(tests) { Answer::Dirty } else { Answer::Clean };
            let (outcome, asked) = count(&candidates, &Hints::default(), Limits::new(200), answer);
            let found = outcome.found.as_ref().unwrap();
            assert!(outcome.minimal && outcome.runs <= 14 * found.len(), "{needed:?}: {outcome:?}");
            // Repeats are not what is saved.
            check_repeats(found, &asked);
            executed.push(asked.iter().map(|(tests, times)| (tests.len() + 1) * times).sum::<usize>());
            // Hints that were wrong, of which one took a run to find.
            for (known, changers, spent) in
                [(&[1][..], &[][..], 0), (&[1], &[2, 3], 0), (&[], &[1], 1), (&[], &[], 1)]
            {
                let hints = &Hints { known: known.into(), changers: changers.into() };
                let limits = Limits { spent, ..Limits::new(200) };
                let (misled, _) = count(&candidates, hints, limits, answer);
                assert!(misled.runs <= 14 * found.len(), "{needed:?}: {misled:?}");
                assert_eq!((misled.found.as_ref(), misled.minimal), (Some(found), true));
            }
            // And one that was right.
            let few: Vec<usize> = needed.iter().copied().chain((0..20).map(|_| dice.below(1000))).collect();
            let (led, asked) = count(
                &candidates,
                &Hints { known: vec![], changers: few },
                Limits { spent: 1, ..Limits::new(200) },
                answer,
            );
            assert!(led.runs <= 11 * found.len(), "{needed:?}: {led:?}");
            assert!(asked.keys().all(|tests| tests.len() <= 23 || tests.len() >= 977), "{needed:?}");
        }
        let (total, worst) = (executed.iter().sum::<usize>(), executed.iter().max().unwrap());
        assert!(total <= mean * executed.len(), "{size}: {total} tests in all");
        assert!(*worst <= most, "{size}: {worst} tests");
    }
}

#[test]
fn every_place_of_one_culprit_and_of_two() {
    for count in [1_usize, 2, 3, 10, 64, 65] {
        let rounds = count.next_power_of_two().ilog2() as usize;
        let candidates: Vec<usize> = (0..count).collect();
        for (first, second) in
            candidates.iter().flat_map(|first| (0..=*first).map(move |second| (*first, second)))
        {
            let needed = |tests: &[usize]| tests.contains(&first) && tests.contains(&second);
            let answer = |tests: &[usize]| if needed(tests) { Answer::Dirty } else { Answer::Clean };
            let outcome = minimize(&candidates, &Hints::default(), Limits::new(200), &mut Ask(answer));
            let expected = if first == second { vec![first] } else { vec![second, first] };
            assert_eq!(outcome.found.as_ref(), Some(&expected));
            assert!(outcome.minimal && outcome.runs <= expected.len() * (rounds + 4), "{outcome:?}");
        }
    }
}

const ALTERNATIVES: [&[usize]; 9] = [&[1], &[2], &[3], &[5], &[1, 2], &[2, 2], &[1, 3], &[3, 2], &[2, 2, 2]];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn never_wrong(seed in any::<u64>(), tests in 60_usize..400, sets in 0..ALTERNATIVES.len(), mixed: bool) {
        let recipe = Recipe { tests, sets: ALTERNATIVES[sets], mixed, needs: false };
        let model = recipe.model(&mut Dice(seed));
        let outcome = solve(&model, Limits::new(1000));
        prop_assert!(outcome.minimal && outcome.why.is_none());
        check_right(|tests| model.answer(tests), &outcome);
    }

    #[test]
    fn never_wrong_where_processes_end_early(seed in any::<u64>(), tests in 60_usize..120, sets in 0..ALTERNATIVES.len()) {
        let recipe = Recipe { tests, sets: ALTERNATIVES[sets], mixed: true, needs: true };
        let model = recipe.model(&mut Dice(seed));
        check_right(|tests| model.answer(tests), &solve(&model, Limits::new(10_000)));
    }

    /// No rule at all: an answer for each sequence, by chance.
    #[test]
    fn never_wrong_without_rhyme_or_reason(seed in any::<u64>(), tests in 1_usize..40, dirty in 1_usize..8) {
        let candidates: Vec<usize> = (0..tests).collect();
        let answer = |asked: &[usize]| {
            if asked.is_empty() || asked.len() == tests {
                return if asked.is_empty() { Answer::Clean } else { Answer::Dirty };
            }
            let hash = asked.iter().fold(seed, |hash, test| Dice(hash ^ *test as u64).below(usize::MAX) as u64);
            match Dice(hash).below(10) {
                0 => Answer::Unknown,
                1 => Answer::Impossible,
                other if other < 2 + dirty => Answer::Dirty,
                _ => Answer::Clean,
            }
        };
        let outcome = minimize(&candidates, &Hints::default(), Limits::new(10_000), &mut Ask(answer));
        check_right(answer, &outcome);
    }

    /// Whatever the budget: what is named is dirty, and called minimal only if it is.
    #[test]
    fn no_more_runs_than_allowed(seed in any::<u64>(), limit in 0_usize..40, sets in 0..ALTERNATIVES.len()) {
        let recipe = Recipe { tests: 200, sets: ALTERNATIVES[sets], mixed: true, needs: false };
        let model = recipe.model(&mut Dice(seed));
        let outcome = solve(&model, Limits::new(limit));
        prop_assert!(outcome.runs <= limit);
        prop_assert_eq!(outcome.minimal, outcome.why.is_none());
        if let Some(found) = &outcome.found {
            prop_assert_eq!(model.answer(found), Answer::Dirty);
            if outcome.minimal {
                check_right(|tests| model.answer(tests), &outcome);
            }
        }
    }
}
