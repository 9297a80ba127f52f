use spawncheck::{any, check};

fn add(a: u64, b: u64) -> u64 {
    a + b
}

fn main() {
    let _ = check(add).inputs(any::<(u64, u64)>());
}
