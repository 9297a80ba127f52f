use spawncheck::check;
use std::fs::File;

fn size(file: File) -> u64 {
    file.metadata().map_or(0, |metadata| metadata.len())
}

fn main() {
    let _ = check(size);
}
