use spawncheck::check;
use std::thread::JoinHandle;

fn wait(thread: JoinHandle<u32>) -> u32 {
    thread.join().unwrap_or_default()
}

fn main() {
    let _ = check(wait);
}
