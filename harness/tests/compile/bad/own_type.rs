use spawncheck::check;

struct Order {
    amount: u64,
}

fn total(order: Order) -> u64 {
    order.amount
}

fn main() {
    let _ = check(total);
}
