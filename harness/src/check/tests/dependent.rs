//! Workers that depend on what they inherit, and workers that do not.

use super::program::Op::{Add, Emit, Exit, Panic, Set};
use super::program::Place::{Directory, Local, Static, Variable};
use super::program::Term::{Held, Input, Number};
use super::row::{Row, always, check, on, when, worker};
use crate::Context;
use crate::finding::Kind::Diverges;

#[test]
fn what_depends_on_nothing() {
    check(worker(&[always(Emit(Input))]), &[]);
    check(worker(&[on(1, Panic(Input)), on(2, Exit(Number(0)))]), &[]);
    // What is set is read in the same call only.
    check(worker(&[always(Set(Static, Input)), always(Emit(Held(Static)))]), &[]);
    // What setup does matters to nobody.
    check(worker(&[always(Emit(Input))]).after(&[always(Set(Static, Number(1)))]), &[]);
    // Two calls would be needed, but each ends its process.
    check(
        worker(&[always(Emit(Held(Static))), always(Add(Static, Number(1))), always(Exit(Held(Static)))]),
        &[],
    );
}

#[test]
fn what_setup_provides() {
    for place in [Static, Local, Variable, Directory] {
        let reader = worker(&[always(Emit(Held(place)))]);
        check(reader.clone(), &[]);
        check(reader.after(&[always(Set(place, Number(2)))]), &[(Diverges, "0", &[], true)]);
    }
    // For some inputs only: the smallest of them.
    let picky = worker(&[on(2, Emit(Held(Static))), on(3, Emit(Held(Static)))]);
    check(picky.after(&[always(Set(Static, Number(1)))]), &[(Diverges, "2", &[], true)]);
    let exits = worker(&[when(Static, 1, Exit(Input))]).after(&[always(Set(Static, Number(1)))]);
    check(exits, &[(Diverges, "0", &[], true)]);
    let panics = worker(&[when(Static, 0, Panic(Input))]).after(&[always(Set(Static, Number(1)))]);
    check(panics, &[(Diverges, "0", &[], true)]);
}

#[test]
fn what_earlier_calls_leave() {
    // Any call counts: the smallest input for both.
    let counter = worker(&[always(Emit(Held(Static))), always(Add(Static, Number(1)))]);
    check(counter, &[(Diverges, "0", &["0"], false)]);
    // One of a kind.
    let one = worker(&[always(Emit(Held(Variable))), on(2, Set(Variable, Number(1)))]);
    check(one, &[(Diverges, "0", &["2"], false)]);
    // Two and three in their order: each hands on what the one before it left.
    let read = |place| always(Emit(Held(place)));
    let hand_on = |input, from, to| on(input, Set(to, Held(from)));
    let two = worker(&[read(Local), on(3, Set(Static, Number(1))), hand_on(2, Static, Local)]);
    check(two, &[(Diverges, "0", &["3", "2"], false)]);
    let three = worker(&[
        read(Variable),
        on(1, Set(Static, Number(1))),
        hand_on(2, Static, Directory),
        hand_on(3, Directory, Variable),
    ]);
    check(three, &[(Diverges, "0", &["1", "2", "3"], false)]);
}

#[test]
fn earlier_calls_that_undo_something() {
    let steps = [always(Emit(Held(Static))), on(1, Set(Static, Number(1))), on(2, Set(Static, Number(0)))];
    check(worker(&steps), &[(Diverges, "0", &["1"], false)]);
    check(Row { inputs: vec![1, 2, 0, 1, 2, 3, 2], ..worker(&steps) }, &[(Diverges, "0", &["1"], false)]);
    check(Row { inputs: vec![0, 3, 2, 1], ..worker(&steps) }, &[]);
    // A call that has been made smaller until it does nothing is left out.
    let adds = worker(&[always(Add(Static, Input)), when(Static, 0, Panic(Input))]);
    check(Row { inputs: vec![2, 1, 1], ..adds }, &[(Diverges, "0", &["1"], false)]);
}

#[test]
fn setup_and_earlier_calls_together() {
    let setup = [always(Set(Static, Number(1)))];
    let both = worker(&[always(Emit(Held(Local))), on(3, Set(Local, Held(Static)))]).after(&setup);
    check(both, &[(Diverges, "0", &["3"], true)]);
    // While setup's guard is up, nothing stays. Without setup there is no guard, and a call less is enough.
    let guarded = worker(&[
        always(Emit(Held(Variable))),
        on(1, Set(Static, Number(0))),
        on(2, Set(Variable, Number(1))),
        when(Static, 1, Set(Variable, Number(0))),
    ]);
    let guarded = Row { inputs: vec![1, 2, 0], ..guarded.after(&setup) };
    check(guarded.clone(), &[(Diverges, "0", &["2"], false)]);
    // Where no context shows it without setup, the calls are those that it takes with setup.
    check(Row { contexts: vec![Context::Inline], ..guarded }, &[(Diverges, "0", &["1", "2"], false)]);
}

#[test]
fn contexts_differ_in_what_they_see() {
    let read = |place| worker(&[always(Emit(Held(place)))]).after(&[always(Set(place, Number(1)))]);
    let count = |place| worker(&[always(Emit(Held(place))), always(Add(place, Number(1)))]);
    let within = |context: Context, row: Row| Row { contexts: vec![context], ..row };
    let (by_setup, by_call) = ((Diverges, "0", &[][..], true), (Diverges, "0", &["0"][..], false));
    check(within(Context::Thread, read(Static)), &[by_setup]);
    check(within(Context::Thread, read(Local)), &[]);
    check(within(Context::Thread, count(Static)), &[by_call]);
    check(within(Context::Thread, count(Local)), &[]);
    check(within(Context::Fork, read(Local)), &[by_setup]);
    check(within(Context::Fork, count(Static)), &[]);
    check(within(Context::Pool, read(Static)), &[]);
    check(within(Context::Pool, count(Local)), &[by_call]);
    check(within(Context::Custom("own".into()), read(Static)), &[by_setup]);
    check(Row { contexts: Vec::new(), ..read(Static) }, &[]);
}

#[test]
fn a_process_that_ends_is_replaced() {
    let count = [always(Emit(Held(Static))), always(Add(Static, Number(1))), on(3, Exit(Number(0)))];
    check(Row { inputs: vec![0, 3, 1, 3, 2], ..worker(&count) }, &[]);
    check(Row { inputs: vec![0, 3, 2, 1], ..worker(&count) }, &[(Diverges, "0", &["0"], false)]);
}

#[test]
fn a_template_that_is_not_fresh() {
    let stale = |row| Row { stale: Some((Static, 1)), ..row };
    let read = worker(&[always(Emit(Held(Static)))]);
    check(stale(read.clone()), &[]);
    check(stale(read.after(&[always(Set(Static, Number(1)))])), &[(Diverges, "0", &[], true)]);
}
