use spawncheck::check;

fn call(work: Box<dyn Fn(u32) -> u32>) -> u32 {
    work(1)
}

fn main() {
    let _ = check(call);
}
