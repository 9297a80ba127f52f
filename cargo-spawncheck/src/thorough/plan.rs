//! Which orders to try, from what each test leaves changed. Pure.
//!
//! A test that leaves nothing can be passed by: whoever comes after it sees what was there before. So there is no need to run every pair
//! of tests: what matters is that each test once comes where the last to change something was each of those that do
//! change it. Orders that have run already show some of that; the others are made up here, greedily, each as a walk: what has been left
//! by now is shown to all tests that leave nothing, then to one that changes it, and so on until nothing new can be shown.

use crate::footprint::{Change, Footprint};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Orders to try.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) orders: Vec<Vec<usize>>,
    /// How many times a test would still have to come after one that leaves something.
    pub(super) left: usize,
}

/// Plans for up to `most` tests in all.
///
/// `targets` are the tests whose verdict is in question, `ran` the orders that processes have run. Tests that are not in `footprints`
/// take no part.
pub(super) fn plan(footprints: &[Footprint], targets: &[usize], ran: &[Vec<usize>], most: usize) -> Plan {
    let mut chart = Chart::new(footprints, targets);
    for order in ran {
        let mut state = chart.fresh();
        order.iter().for_each(|test| chart.run(&mut state, *test));
    }
    let (mut orders, mut tests) = (Vec::new(), 0);
    while chart.left > 0 && tests < most {
        let order = chart.walk(footprints);
        tests += order.len();
        orders.push(order);
    }
    Plan { orders, left: chart.left }
}

/// What has been shown to whom.
struct Chart {
    /// What there is to be shown: a test, and the number of something that it changes. What the same tests change is one thing.
    leaves: Vec<(usize, usize)>,
    by_test: HashMap<usize, Vec<usize>>,
    things: usize,
    columns: HashMap<usize, usize>,
    /// For each of `leaves` and each column: still to be shown.
    open: Vec<Vec<bool>>,
    left: usize,
}

/// For each thing, which of the leaves is in effect.
type State = Vec<Option<usize>>;

impl Chart {
    fn new(footprints: &[Footprint], targets: &[usize]) -> Self {
        let mut changers: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for footprint in footprints {
            let carriers: HashSet<_> = footprint.changes.iter().map(Change::carrier).collect();
            carriers
                .into_iter()
                .for_each(|carrier| changers.entry(carrier).or_default().push(footprint.test));
        }
        let sets: BTreeMap<Vec<usize>, ()> = changers.into_values().map(|tests| (tests, ())).collect();
        let leaves: Vec<(usize, usize)> = sets
            .keys()
            .enumerate()
            .flat_map(|(thing, tests)| tests.iter().map(move |test| (*test, thing)))
            .collect();
        let mut by_test: HashMap<usize, Vec<usize>> = HashMap::new();
        for (index, (test, _)) in leaves.iter().enumerate() {
            by_test.entry(*test).or_default().push(index);
        }
        let columns: HashMap<usize, usize> =
            targets.iter().enumerate().map(|(column, test)| (*test, column)).collect();
        let others = |leaver: usize| targets.iter().map(|target| *target != leaver).collect::<Vec<_>>();
        let open: Vec<Vec<bool>> = leaves.iter().map(|(test, _)| others(*test)).collect();
        let left = open.iter().flatten().filter(|open| **open).count();
        Self { leaves, by_test, things: sets.len(), columns, open, left }
    }

    fn fresh(&self) -> State {
        vec![None; self.things]
    }

    /// Whether a test that ran now would be shown something new.
    fn is_news(&self, state: &State, test: usize) -> bool {
        self.columns
            .get(&test)
            .is_some_and(|column| state.iter().flatten().any(|leaf| self.open[*leaf][*column]))
    }

    fn run(&mut self, state: &mut State, test: usize) {
        if let Some(column) = self.columns.get(&test) {
            for leaf in state.iter().flatten() {
                self.left -= usize::from(std::mem::take(&mut self.open[*leaf][*column]));
            }
        }
        for leaf in self.by_test.get(&test).into_iter().flatten() {
            state[self.leaves[*leaf].1] = Some(*leaf);
        }
    }

    /// An order that shows something new; there must be something left.
    fn walk(&mut self, footprints: &[Footprint]) -> Vec<usize> {
        let most_open = |leaf: &usize| self.open[*leaf].iter().filter(|open| **open).count();
        let first = (0..self.leaves.len()).rev().max_by_key(most_open);
        let mut order: Vec<usize> = first.map(|leaf| self.leaves[leaf].0).into_iter().collect();
        let mut used: HashSet<usize> = order.iter().copied().collect();
        let mut state = self.fresh();
        order.iter().for_each(|test| self.run(&mut state, *test));
        loop {
            for footprint in footprints.iter().filter(|footprint| footprint.changes.is_empty()) {
                if self.is_news(&state, footprint.test) && used.insert(footprint.test) {
                    self.run(&mut state, footprint.test);
                    order.push(footprint.test);
                }
            }
            let is_next = |footprint: &&Footprint| {
                !used.contains(&footprint.test) && self.is_news(&state, footprint.test)
            };
            let Some(next) = footprints.iter().find(is_next).map(|footprint| footprint.test) else { break };
            used.insert(next);
            self.run(&mut state, next);
            order.push(next);
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::{Plan, plan};
    use crate::explanation::Channel::Static;
    use crate::footprint::Footprint;
    use crate::footprint::tests::footprint;

    /// `leaves` has for each test the names of what it changes.
    fn footprints(leaves: &[&str]) -> Vec<Footprint> {
        let one = |(test, names): (usize, &&str)| {
            let changes: Vec<_> = names.split_whitespace().map(|name| (Static, name)).collect();
            footprint(test, &changes)
        };
        leaves.iter().enumerate().map(one).collect()
    }

    /// All tests in order have run already.
    #[track_caller]
    fn check(leaves: &[&str], targets: &[usize], expected: &[&[usize]]) {
        let tests: Vec<usize> = (0..leaves.len()).collect();
        let Plan { orders, left } = plan(&footprints(leaves), targets, &[tests], 1000);
        assert_eq!(orders, expected);
        assert_eq!(left, 0);
    }

    #[test]
    fn orders_that_could_matter() {
        // Nobody leaves anything.
        check(&["", "", ""], &[0, 1, 2], &[]);
        // All others have come after it already.
        check(&["A", "", ""], &[0, 1, 2], &[]);
        check(&["", "", "A"], &[0, 1, 2], &[&[2, 0, 1]]);
        check(&["", "A", ""], &[0, 1, 2], &[&[1, 0]]);
        // What the first one left was hidden by the second one.
        check(&["A", "A", "", ""], &[0, 1, 2, 3], &[&[0, 2, 3], &[1, 0]]);
        // Two things: they do not hide each other.
        check(&["", "A", "B"], &[0, 1, 2], &[&[2, 0, 1], &[1, 0]]);
        // Only the last one is in question.
        check(&["A", "A", ""], &[2], &[&[0, 2]]);
    }

    #[test]
    fn a_plan_has_an_end() {
        let all = ["A"; 40];
        let targets: Vec<usize> = (0..40).collect();
        let Plan { orders, left } = plan(&footprints(&all), &targets, &[], 100);
        assert!(orders.concat().len() < 140 && left > 0);
    }

    /// What is in effect is decided by who changed it last: a model to hold the plan against.
    #[test]
    fn every_test_sees_what_each_other_one_leaves() {
        let mut random = 0x2545_f491_4f6c_dd1d_u64;
        let mut next = |below: u64| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random % below
        };
        for _ in 0..300 {
            let size = 2 + next(9) as usize;
            let leaves: Vec<&str> = (0..size)
                .map(|_| match next(3) {
                    0 => ["A", "B", "A B", "C"][next(4) as usize],
                    _ => "",
                })
                .collect();
            let tests: Vec<usize> = (0..size).collect();
            let mut all = plan(&footprints(&leaves), &tests, std::slice::from_ref(&tests), 1000).orders;
            all.push(tests.clone());
            for (leaver, names) in leaves.iter().enumerate() {
                for name in names.split_whitespace() {
                    for other in tests.iter().copied().filter(|other| *other != leaver) {
                        let shows = |order: &Vec<usize>| {
                            let Some(at) = order.iter().position(|test| *test == other) else { return false };
                            let changes =
                                |test: &&usize| leaves[**test].split_whitespace().any(|it| it == name);
                            order[..at].iter().rfind(changes) == Some(&leaver)
                        };
                        assert!(
                            all.iter().any(shows),
                            "{leaver}'s {name} before {other} in {leaves:?}: {all:?}"
                        );
                    }
                }
            }
        }
    }
}
