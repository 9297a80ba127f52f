//! Tests that meet only on more threads than most machines for tests have cores.

use super::row::{Case, case, passing};
use crate::Kind::Racy;

pub const APART: Case = Case {
    args: &["--thorough"],
    rows: &[
        passing("apart", "a_deposits_one").kind(Racy),
        passing("apart", "b_waits"),
        passing("apart", "c_waits"),
        passing("apart", "d_waits"),
        passing("apart", "e_waits"),
        passing("apart", "f_deposits_two").kind(Racy),
    ],
    ..case("apart")
};
