use spawncheck::check;
use std::sync::mpsc::Receiver;

fn open(_: u64) -> Option<Receiver<u64>> {
    None
}

fn main() {
    let _ = check(open);
}
