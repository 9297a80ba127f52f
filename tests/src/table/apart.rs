//! Tests that meet only on more threads than most machines for tests have cores.

use super::Suspect;
use super::row::{Case, case, passing};
use crate::Kind::Racy;

const WITH_TWO: [Suspect; 1] = [balance(&["f_deposits_two"])];
const WITH_ONE: [Suspect; 1] = [balance(&["a_deposits_one"])];

const fn balance(tests: &'static [&'static str]) -> Suspect {
    ("static", "apart::BALANCE", tests)
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
    ],
    ..case("apart")
};
