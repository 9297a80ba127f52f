//! The place where a tracer stops.

use crate::Case;

pub(crate) const CASES: &[Case] = &[("the place to stop has a symbol", symbol)];

/// The end of its path as every way to mangle it has it; put together here, or this text would be what is found.
fn symbol() {
    let name = ["stop", "stop_point"].map(|part| format!("{}{part}", part.len())).concat();
    let executable = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    assert!(String::from_utf8_lossy(&executable).contains(&name), "{name}");
}
