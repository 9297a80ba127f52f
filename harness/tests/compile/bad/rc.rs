use spawncheck::check;
use std::rc::Rc;

fn length(text: Rc<String>) -> usize {
    text.len()
}

fn main() {
    let _ = check(length);
}
