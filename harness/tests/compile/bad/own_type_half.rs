use serde::{Deserialize, Serialize};
use spawncheck::check;

#[derive(Serialize, Deserialize)]
struct Order {
    amount: u64,
}

fn total(order: Order) -> u64 {
    order.amount
}

fn main() {
    let _ = check(total);
}
