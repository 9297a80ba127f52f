//! What the alphabetical order of tests, one after another, cannot show. Without `--thorough` none of it shows.

use super::explained::{Cause, Suspect};
use super::row::{Case, Row, case, failing, ignored, passing};
use crate::Kind::{Brittle, Racy, Repeat, Victim};

const HIDDEN: &str = "orders::hidden";
const RACY: &str = "orders::racy";
const REPEATED: &str = "orders::repeated";
const REVERSED: &str = "orders::reversed";
const VARIABLES: &str = "orders::variables";

const fn state(name: &'static str) -> Cause {
    Cause::new("static", name)
}

const RATE: &[Cause] = &[state("reversed::RATE").at("tests/reversed.rs:5").values("1", "2")];
const STOCK: &[Cause] = &[state("reversed::STOCK").at("tests/reversed.rs:6").values("0", "7")];
const UNIT: &[Cause] = &[state("hidden::UNIT").at("tests/hidden.rs:6")];
const ARMED: &[Cause] = &[state("repeated::ARMED").at("tests/repeated.rs:7").values("false", "true")];
const REGION: &[Cause] = &[state("repeated::REGION").at("tests/repeated.rs:6")];

/// What both depositors change.
const fn deposits(other: &'static [&'static str]) -> [Suspect; 2] {
    [("static", "racy::BALANCE", other), ("static", "racy::COUNTER", other)]
}

const fn speaks(other: &'static [&'static str]) -> [Suspect; 2] {
    [("static", "variables::STAGE", other), ("env", "SPAWNCHECK_FIXTURE_LANGUAGE", other)]
}

const WITH_ONE: [Suspect; 2] = deposits(&["a_deposits_one"]);
const WITH_TWO: [Suspect; 2] = deposits(&["b_deposits_two"]);
const WITH_GERMAN: [Suspect; 2] = speaks(&["a_speaks_german"]);
const WITH_FRENCH: [Suspect; 2] = speaks(&["b_speaks_french"]);

/// What both legs show: one failure.
pub const ORDERS: Case = Case {
    exit: 100,
    rows: &[
        passing(HIDDEN, "a_sets_the_unit"),
        passing(HIDDEN, "b_puts_it_back"),
        passing(HIDDEN, "c_needs_the_default_unit"),
        passing(HIDDEN, "d_puts_it_back"),
        passing(HIDDEN, "e_sets_the_unit"),
        passing(RACY, "a_deposits_one"),
        passing(RACY, "b_deposits_two"),
        passing(RACY, "c_counts_with_a_lock"),
        passing(RACY, "d_counts_with_a_lock"),
        passing(REPEATED, "a_arms"),
        passing(REPEATED, "b_minds_nothing"),
        passing(REPEATED, "c_cleans_up"),
        passing(REPEATED, "d_sets_the_region"),
        passing(REPEATED, "e_panics_as_it_should"),
        failing(REVERSED, "a_needs_stock"),
        passing(REVERSED, "b_needs_the_default_rate"),
        passing(REVERSED, "c_minds_nothing"),
        passing(REVERSED, "d_panics_at_the_default_rate"),
        ignored(REVERSED, "e_is_ignored"),
        passing(REVERSED, "y_fills_the_stock"),
        passing(REVERSED, "z_raises_the_rate"),
        passing(VARIABLES, "a_speaks_german"),
        passing(VARIABLES, "b_speaks_french"),
    ],
    ..case("orders")
};

/// Two tests set it; which of them is tried first is not what this is about.
const fn hidden() -> Row {
    passing(HIDDEN, "c_needs_the_default_unit")
        .kind(Victim)
        .culprits_one_of(&[&["a_sets_the_unit"], &["e_sets_the_unit"]])
        .causes(UNIT)
}

const fn needs_stock() -> Row {
    failing(REVERSED, "a_needs_stock").kind(Brittle).culprits(&["y_fills_the_stock"]).causes(STOCK)
}

const fn minds_the_rate(test: &'static str) -> Row {
    passing(REVERSED, test).kind(Victim).culprits(&["z_raises_the_rate"]).causes(RATE)
}

pub const ORDERS_PREDICTED: Case = Case {
    name: "orders, predicted",
    args: &["--predict"],
    exit: 120,
    rows: &[
        passing(HIDDEN, "a_sets_the_unit"),
        passing(HIDDEN, "b_puts_it_back"),
        hidden(),
        passing(HIDDEN, "d_puts_it_back"),
        passing(HIDDEN, "e_sets_the_unit"),
        passing(RACY, "a_deposits_one"),
        passing(RACY, "b_deposits_two"),
        passing(RACY, "c_counts_with_a_lock"),
        passing(RACY, "d_counts_with_a_lock"),
        passing(REPEATED, "a_arms"),
        passing(REPEATED, "b_minds_nothing"),
        passing(REPEATED, "c_cleans_up"),
        passing(REPEATED, "d_sets_the_region"),
        passing(REPEATED, "e_panics_as_it_should"),
        needs_stock(),
        minds_the_rate("b_needs_the_default_rate"),
        passing(REVERSED, "c_minds_nothing"),
        minds_the_rate("d_panics_at_the_default_rate"),
        ignored(REVERSED, "e_is_ignored"),
        passing(REVERSED, "y_fills_the_stock"),
        passing(REVERSED, "z_raises_the_rate"),
        passing(VARIABLES, "a_speaks_german"),
        passing(VARIABLES, "b_speaks_french"),
    ],
    ..case("orders")
};

pub const ORDERS_THOROUGH: Case = Case {
    name: "orders, thoroughly",
    args: &["--thorough"],
    // Else a single core would have no threads beside each other.
    env: &[("RUST_TEST_THREADS", "4")],
    exit: 120,
    rows: &[
        passing(HIDDEN, "a_sets_the_unit"),
        passing(HIDDEN, "b_puts_it_back"),
        hidden(),
        passing(HIDDEN, "d_puts_it_back"),
        passing(HIDDEN, "e_sets_the_unit"),
        passing(RACY, "a_deposits_one").kind(Racy).suspects(&WITH_TWO),
        passing(RACY, "b_deposits_two").kind(Racy).suspects(&WITH_ONE),
        passing(RACY, "c_counts_with_a_lock"),
        passing(RACY, "d_counts_with_a_lock"),
        passing(REPEATED, "a_arms").kind(Repeat).culprits(&["a_arms"]).causes(ARMED),
        passing(REPEATED, "b_minds_nothing"),
        passing(REPEATED, "c_cleans_up"),
        passing(REPEATED, "d_sets_the_region").kind(Repeat).culprits(&["d_sets_the_region"]).causes(REGION),
        passing(REPEATED, "e_panics_as_it_should"),
        needs_stock(),
        minds_the_rate("b_needs_the_default_rate"),
        passing(REVERSED, "c_minds_nothing"),
        minds_the_rate("d_panics_at_the_default_rate"),
        ignored(REVERSED, "e_is_ignored"),
        passing(REVERSED, "y_fills_the_stock"),
        passing(REVERSED, "z_raises_the_rate"),
        passing(VARIABLES, "a_speaks_german").kind(Racy).suspects(&WITH_FRENCH),
        passing(VARIABLES, "b_speaks_french").kind(Racy).suspects(&WITH_GERMAN),
    ],
    ..case("orders")
};
