//! Random programs, and inputs for them in a given order.

use super::program::{NUMBERS, Op, Place, Program, Step, Term};
use proptest::collection::vec;
use proptest::num::u8::BinarySearch;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::NewTree;
use proptest::test_runner::TestRunner;
use std::cell::Cell;

/// Programs of which some depend on what they inherit, and some do not.
pub(crate) fn programs() -> impl Strategy<Value = Program> {
    let constant = (0..NUMBERS).prop_map(Term::Number).boxed();
    let setup = vec(step(change(constant.clone()), constant), 0..=3);
    // What ends a process is rare, so that programs get far enough to depend on anything.
    let op = prop_oneof![
        12 => term().prop_map(Op::Emit),
        12 => change(term()),
        1 => term().prop_map(Op::Panic),
        1 => term().prop_map(Op::Exit),
    ];
    let steps = vec(step(op, term()), 1..=6).boxed();
    let worker = prop_oneof![3 => steps.clone(), 1 => (chain(), steps).prop_flat_map(interleaved)];
    (setup, worker).prop_map(|(setup, worker)| Program { setup, worker })
}

/// Steps by which several calls hand something on, from place to place, to one that shows it.
fn chain() -> impl Strategy<Value = Vec<Step>> {
    let links = (Just(Place::ALL.to_vec()).prop_shuffle(), vec(0..NUMBERS, 2..=4));
    links.prop_map(|(places, inputs)| {
        let link = |index: usize| match index {
            0 => Op::Set(places[0], Term::Number(1)),
            _ => Op::Set(places[index], Term::Held(places[index - 1])),
        };
        let show = Step { when: None, op: Op::Emit(Term::Held(places[inputs.len() - 1])) };
        let links = (0..inputs.len())
            .rev()
            .map(|index| Step { when: Some((Term::Input, inputs[index])), op: link(index) });
        [show].into_iter().chain(links).collect()
    })
}

/// Both in their order; the first few of the second ones come at that place.
fn interleaved((chain, steps): (Vec<Step>, Vec<Step>)) -> impl Strategy<Value = Vec<Step>> {
    (0..=chain.len(), 0..=2_usize.min(steps.len())).prop_map(move |(place, few)| {
        let (before, after) = chain.split_at(place);
        [before, &steps[..few], after].concat()
    })
}

/// The same program with noise in each output. It never ends in another way than by returning one.
pub(crate) fn with_noise(mut program: Program) -> Program {
    program.worker.retain(|step| !matches!(step.op, Op::Panic(_) | Op::Exit(_)));
    program.worker.insert(0, Step { when: None, op: Op::Emit(Term::Noise) });
    program
}

fn step(
    op: impl Strategy<Value = Op> + 'static,
    term: impl Strategy<Value = Term> + 'static,
) -> impl Strategy<Value = Step> {
    let when = prop_oneof![3 => Just(None), 2 => (term, 0..NUMBERS).prop_map(Some)];
    (when, op).prop_map(|(when, op)| Step { when, op })
}

fn change(term: BoxedStrategy<Term>) -> BoxedStrategy<Op> {
    let both = (place(), term);
    prop_oneof![
        both.clone().prop_map(|(place, term)| Op::Set(place, term)),
        both.prop_map(|(place, term)| Op::Add(place, term)),
    ]
    .boxed()
}

fn term() -> BoxedStrategy<Term> {
    prop_oneof![(0..NUMBERS).prop_map(Term::Number), Just(Term::Input), place().prop_map(Term::Held),].boxed()
}

fn place() -> impl Strategy<Value = Place> + Clone {
    select(&Place::ALL)
}

/// Gives these inputs one after the other, so that a model can know them; each can be made smaller.
#[derive(Debug)]
pub(crate) struct Sequence {
    inputs: Vec<u8>,
    next: Cell<usize>,
}

impl Sequence {
    pub(crate) fn new(inputs: Vec<u8>) -> Self {
        Self { inputs, next: Cell::new(0) }
    }
}

impl Strategy for Sequence {
    type Tree = BinarySearch;
    type Value = u8;

    fn new_tree(&self, _runner: &mut TestRunner) -> NewTree<Self> {
        let index = self.next.replace(self.next.get() + 1);
        self.inputs.get(index).map(|input| BinarySearch::new(*input)).ok_or_else(|| "no more inputs".into())
    }
}
