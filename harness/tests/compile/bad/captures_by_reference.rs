use spawncheck::check;

fn main() {
    let rate = 2;
    let _ = check(|n: u64| n * rate);
}
