//! The same work with four inputs: a warning for `plain`, and no finding.
//!
//! Strategies run in the parent alone, so what they start or write is not done again by children.

use large_input::manager::Manager;
use large_input::{mean, mean_of, mean_of_file, mean_of_managed, samples, save};
use spawncheck::proptest::strategy::Strategy;
use spawncheck::{Config, Shared, Suite};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::LazyLock;

fn main() -> ExitCode {
    Suite::new("large-input")
        .config(Config { cases: 4, ..Config::default() })
        .worker("plain", mean, seeds().prop_map(|seed| samples(seed).collect::<Vec<_>>()))
        .worker("path", mean_of_file, seeds().prop_map(saved))
        .worker("shared", |samples: Shared<u32>| mean_of(&samples), seeds().prop_map(shared))
        .worker("managed", mean_of_managed, managers())
        .run()
}

fn seeds() -> impl Strategy<Value = u32> {
    0..4_u32
}

fn saved(seed: u32) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("samples-{seed}"));
    save(&path, samples(seed)).expect("the samples can be written");
    path
}

fn shared(seed: u32) -> Shared<u32> {
    Shared::collect(samples(seed)).expect("the samples can be shared")
}

/// Starts a manager when the first input is asked for. It lives as long as this process.
fn managers() -> impl Strategy<Value = SocketAddr> {
    static MANAGER: LazyLock<Manager> = LazyLock::new(|| {
        Manager::start(Path::new(env!("CARGO_BIN_EXE_manager")), 1).expect("the manager can be started")
    });
    seeds().prop_map(|_| MANAGER.handle())
}
