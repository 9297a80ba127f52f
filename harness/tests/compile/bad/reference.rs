use spawncheck::check;

fn sum(numbers: &Vec<u64>) -> u64 {
    numbers.iter().sum()
}

fn main() {
    let _ = check(sum);
}
