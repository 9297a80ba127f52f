use spawncheck::check;
use std::sync::Mutex;

fn count(counter: Mutex<u32>) -> u32 {
    counter.into_inner().unwrap_or_default()
}

fn main() {
    let _ = check(count);
}
