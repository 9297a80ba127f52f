//! Tests that meet only on more threads than most machines for tests have cores, and ones that put back what they change.

use super::Suspect;
use super::row::{Case, case, passing};
use crate::Kind::Racy;

const WITH_TWO: [Suspect; 1] = [balance(&["f_deposits_two"])];
const WITH_ONE: [Suspect; 1] = [balance(&["a_deposits_one"])];

const fn balance(tests: &'static [&'static str]) -> Suspect {
    ("static", "apart::BALANCE", tests)
}

const WITH_FRENCH: [Suspect; 1] = [language(&["b_speaks_french"])];
const WITH_GERMAN: [Suspect; 1] = [language(&["a_speaks_german"])];

const fn language(tests: &'static [&'static str]) -> Suspect {
    ("env", "SPAWNCHECK_FIXTURE_LANGUAGE", tests)
}

pub const APART: Case = Case {
    args: &["--thorough"],
    rows: &[
        passing("apart", "a_deposits_one").kind(Racy).suspects(&WITH_TWO),
        passing("apart", "b_waits"),
        passing("apart", "c_waits"),
        passing("apart", "d_waits"),
        passing("apart", "e_waits"),
        passing("apart", "f_deposits_two").kind(Racy).suspects(&WITH_ONE),
        passing("apart::put_back", "a_speaks_german").kind(Racy).suspects(&WITH_FRENCH),
        passing("apart::put_back", "b_speaks_french").kind(Racy).suspects(&WITH_GERMAN),
    ],
    ..case("apart")
};
