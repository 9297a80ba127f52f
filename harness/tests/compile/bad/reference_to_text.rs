use spawncheck::check;

fn length(text: &str) -> usize {
    text.len()
}

fn main() {
    let _ = check(length);
}
