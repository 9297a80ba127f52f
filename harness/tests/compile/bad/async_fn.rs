use spawncheck::check;

async fn fetch(n: u64) -> u64 {
    n
}

fn main() {
    let _ = check(fetch);
}
