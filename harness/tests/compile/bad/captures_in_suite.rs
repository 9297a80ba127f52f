use spawncheck::{Suite, any};

fn main() {
    let rate = 2;
    let _ = Suite::new("pricing").worker("quote", move |n: u64| n * rate, any::<u64>());
}
