use spawncheck::check;

fn sum(numbers: &[u64]) -> u64 {
    numbers.iter().sum()
}

fn main() {
    let _ = check(sum);
}
