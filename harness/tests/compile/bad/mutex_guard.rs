use spawncheck::check;
use std::sync::MutexGuard;

fn count(counter: MutexGuard<'static, u32>) -> u32 {
    *counter
}

fn main() {
    let _ = check(count);
}
