use spawncheck::{any, check};

fn double(n: u64) -> u64 {
    n * 2
}

fn main() {
    let _ = check(double).inputs(any::<u32>());
}
