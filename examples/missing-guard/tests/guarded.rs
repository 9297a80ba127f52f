//! The repair: one suite has all workers, nothing is handed out before `run`, and no worker hands out any.

use missing_guard::{largest, subtotal};
use spawncheck::{Suite, any};
use std::process::ExitCode;

fn main() -> ExitCode {
    Suite::new("guarded")
        .worker("subtotal", subtotal, any::<Vec<u32>>())
        .worker("largest", largest, any::<Vec<u32>>())
        .run()
}
