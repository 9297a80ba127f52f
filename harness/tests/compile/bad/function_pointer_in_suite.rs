use spawncheck::{Suite, any};

fn double(n: u64) -> u64 {
    n * 2
}

fn main() {
    let worker: fn(u64) -> u64 = double;
    let _ = Suite::new("pricing").worker("quote", worker, any::<u64>());
}
