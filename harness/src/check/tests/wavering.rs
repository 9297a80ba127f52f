//! Workers whose result changes between identical runs: never a finding of inherited state.

use super::program::Op::{Emit, Exit, Panic, Set};
use super::program::Place::{Local, Static};
use super::program::Step;
use super::program::Term::{Held, Input, Noise, Number};
use super::row::{FAR, Row, always, check, on, when, worker};
use super::scatter;
use crate::Context;
use crate::finding::Kind::{self, Diverges, Flaky};

const COIN: fn(u64) -> u8 = |call| (scatter(call) % 2) as u8;
const CLOCK: fn(u64) -> u8 = |call| call as u8;
const SLOW_CLOCK: fn(u64) -> u8 = |call| (call / 3) as u8;
const IN_TURN: fn(u64) -> u8 = |call| (call % 2) as u8;
const RARE: fn(u64) -> u8 = |call| u8::from(scatter(call).is_multiple_of(50));

#[test]
fn what_wavers_is_flaky() {
    let setup = [always(Set(Static, Number(1)))];
    let emits = worker(&[always(Emit(Noise))]).after(&setup);
    let steers = worker(&[
        Step { when: Some((Noise, 1)), op: Emit(Held(Static)) },
        always(Set(Local, Noise)),
        when(Local, 1, Panic(Input)),
    ]);
    let crashes = worker(&[Step { when: Some((Noise, 1)), op: Exit(Number(0)) }, always(Emit(Input))]);
    for noise in [COIN, CLOCK, SLOW_CLOCK, IN_TURN] {
        let all_alike = |row| Row { noise, inputs: vec![3; 40], ..row };
        check(all_alike(emits.clone()), &[(Flaky, "3", &[], false)]);
        check(
            Row { contexts: vec![Context::Inline], ..all_alike(emits.clone()) },
            &[(Flaky, "3", &[], false)],
        );
    }
    for noise in [COIN, IN_TURN] {
        for row in [steers.clone(), steers.clone().after(&setup), crashes.clone()] {
            check(Row { noise, inputs: vec![3; 40], ..row }, &[(Flaky, "3", &[], false)]);
        }
    }
}

#[test]
fn what_wavers_again_and_again_is_given_up() {
    let row = Row { noise: CLOCK, inputs: vec![3; 40], ..worker(&[always(Emit(Noise))]) };
    let report = row.run(0);
    assert_eq!(report.cases, 8, "{report}");
}

#[test]
fn a_process_that_ends_only_sometimes() {
    // Of the calls with 1, only the one in the second look at the pool's history ends its process.
    let steps = [
        on(1, Set(Local, Noise)),
        when(Local, 1, Exit(Number(0))),
        always(Emit(Held(Static))),
        on(1, Set(Static, Number(1))),
    ];
    let row = Row { contexts: vec![Context::Pool], inputs: vec![1, 3], ..worker(&steps) };
    let kinds = |row: Row| row.run(0).findings.iter().map(|finding| finding.kind).collect::<Vec<_>>();
    assert_eq!(kinds(Row { noise: |call| u8::from(call == 11), ..row.clone() }), [Flaky]);
    assert_eq!(kinds(row), [Diverges]);
}

/// The kinds that are found in 500 runs, each with its flakes elsewhere.
fn kinds(row: Row) -> Vec<Vec<Kind>> {
    let row = Row { noise: RARE, ..row };
    let kinds = |run| row.run(run * FAR).findings.iter().map(|finding| finding.kind).collect();
    (0..500).map(kinds).collect()
}

#[test]
fn rare_flakes_neither_make_a_finding_nor_hide_one() {
    let setup = [always(Set(Static, Number(1)))];
    let pure = worker(&[always(Emit(Noise))]).after(&setup);
    assert!(kinds(pure).iter().flatten().all(|kind| *kind == Flaky));
    let depends = worker(&[always(Emit(Noise)), always(Emit(Held(Static)))]).after(&setup);
    assert!(kinds(depends).iter().all(|kinds| kinds.contains(&Diverges)));
}
