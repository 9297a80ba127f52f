//! Both remedies, without a finding: no cell has to run before a child comes to `run`.

use notebook::{evaluate, library};
use spawncheck::Suite;
use spawncheck::proptest::strategy::Just;
use std::process::ExitCode;

fn main() -> ExitCode {
    Suite::new("remedies")
        .worker("module", library::double, -9..9_i64)
        .worker("data", evaluate, (Just("2 * x".to_owned()), -9..9_i64))
        .run()
}
