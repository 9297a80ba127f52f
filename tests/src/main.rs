//! `cargo-spawncheck` under another name, built as part of this package so that its tests can start it.

fn main() -> std::process::ExitCode {
    cargo_spawncheck::main_impl()
}
