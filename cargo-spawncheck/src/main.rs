//! The `cargo-spawncheck` executable; everything is in the library, so that tests can build it too.

fn main() -> std::process::ExitCode {
    cargo_spawncheck::main_impl()
}
