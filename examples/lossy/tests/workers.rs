//! One finding, for the test that is called `field_is_lost`.

use lossy::{Line, Order, receipt, repaired};
use spawncheck::proptest::collection::vec;
use spawncheck::proptest::strategy::Strategy;
use spawncheck::{any, check};

#[test]
fn field_is_lost() {
    check(receipt).inputs(orders()).run();
}

#[test]
fn nothing_is_lost() {
    check(repaired::receipt).inputs(repaired_orders()).run();
}

fn orders() -> impl Strategy<Value = Order> {
    let line = (any::<u16>(), "[a-z]{0,3}").prop_map(|(article, note)| Line { article, note });
    (any::<u32>(), vec(line, 0..4)).prop_map(|(number, lines)| Order { number, lines })
}

fn repaired_orders() -> impl Strategy<Value = repaired::Order> {
    let line = (any::<u16>(), "[a-z]{0,3}").prop_map(|(article, note)| repaired::Line { article, note });
    (any::<u32>(), vec(line, 0..4)).prop_map(|(number, lines)| repaired::Order { number, lines })
}
