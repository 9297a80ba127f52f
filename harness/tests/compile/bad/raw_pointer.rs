use spawncheck::check;

fn is_null(pointer: *const u8) -> bool {
    pointer.is_null()
}

fn main() {
    let _ = check(is_null);
}
