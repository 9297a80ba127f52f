//! The harness of the end-to-end tests: it runs `cargo spawncheck` on fixture crates and reads what comes out.
//!
//! - [`Tool`] is the executable under test, [`Project`] a fixture that it is run on, [`Running`] a run under way, with
//!   a deadline for every wait, and [`Outcome`] what is left of it.
//! - [`Report`] is the typed content of the JSON events. The types are written down here a second time, after the
//!   documentation, so that a change of the format fails here and not first at its users.
//! - [`Example`] is an example that checks workers, run by cargo alone, and [`WorkerFinding`] what the harness says of it, or
//!   the tool after it.
//! - [`thousand`] is a crate of a thousand tests whose dependences are read from a file.
//! - [`benchmark`] is what the benchmarks in `bin` share.
//! - [`table`] says what must come out of each fixture. All tests share it.

pub mod benchmark;
mod build;
mod copy;
mod environment;
mod event;
mod example;
mod model;
mod outcome;
#[cfg(target_os = "linux")]
mod processes;
mod project;
mod report;
mod running;
mod schema;
pub mod table;
pub mod thousand;
mod worker;

pub use example::{Example, run};
pub use model::{Kind, Leg, TestId, Verdict};
pub use outcome::Outcome;
#[cfg(target_os = "linux")]
pub use processes::Processes;
pub use project::{Project, Tool};
pub use report::{Carrier, Cause, Explanation, Report, Suspected, Verdicts};
pub use running::Running;
pub use worker::{WorkerFinding, WorkerKind};

/// The executable under test, and the directory for what it builds. Cargo names both to integration tests only.
#[macro_export]
macro_rules! tool {
    () => {
        $crate::Tool::new(env!("CARGO_BIN_EXE_cargo-spawncheck-under-test"), env!("CARGO_TARGET_TMPDIR"))
    };
}
