//! Property tests that find worker functions whose result depends on state that they inherited.
//!
//! A program that hands work to processes works with `fork` because a fork has a copy of everything that its parent has set:
//! statics, variables of the environment, the working directory. A process that is started afresh has none of that. So code
//! that is right on Linux can be silently wrong on Windows, or wherever a program starts itself again to do work. This crate
//! calls a worker with the same input in each of these ways, each in a process of its own, and compares what comes of it.
//!
//! # Quick start
//!
//! Put the crate under `[dev-dependencies]`. A test executable for workers is a target with `harness = false`:
//!
//! ```toml
//! [[test]]
//! name = "workers"
//! harness = false
//! ```
//!
//! ```no_run
//! // tests/workers.rs
//! # mod pricing { pub fn configure(rate: u64) {} pub fn quote(n: u64) -> u64 { n } }
//! use spawncheck::{Suite, any};
//!
//! fn main() -> std::process::ExitCode {
//!     Suite::new("pricing")
//!         .setup(|| pricing::configure(2)) // what the parent does before it hands out work
//!         .worker("quote", pricing::quote, any::<u64>())
//!         .run()
//! }
//! ```
//!
//! Or use [`check`](check()) inside an ordinary `#[test]`:
//!
//! ```no_run
//! # mod pricing { pub fn configure(rate: u64) {} pub fn quote(n: u64) -> u64 { n } }
//! # use spawncheck::{any, check};
//! #[test]
//! fn quote() {
//!     check(pricing::quote).setup(|| pricing::configure(2)).inputs(any::<u64>()).run();
//! }
//! ```
//!
//! If `quote` reads a static that `configure` sets, the test fails:
//!
//! ```text
//! worker `quote` depends on state that it inherited
//!   input       1               smallest of 64 that differ, 65 tried
//!   inline      2               same thread, after setup
//!   thread      2               a new thread, after setup
//!   fork        2               a fork after setup, what Linux shows
//!   pool        0               a child that is used again
//!   spawn       0               a fresh child, what Windows shows
//!   needs       setup, and no earlier call
//!   help        pass what `setup` provides as part of the input, or set it up inside the worker
//!   again       cargo test -- --exact quote   (kept in spawncheck-regressions/quote.json, tried first)
//! ```
//!
//! With the rate as part of the input it passes, here and on Windows:
//!
//! ```standalone_crate
//! use spawncheck::{Suite, any};
//!
//! fn quote((n, rate): (u64, u64)) -> u64 {
//!     n.wrapping_mul(rate)
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     Suite::new("pricing").worker("quote", quote, any::<(u64, u64)>()).run()
//! }
//! ```
//!
//! # Contexts
//!
//! | context | process | after setup | finds what earlier calls left |
//! | --- | --- | --- | --- |
//! | [`inline`](Context::Inline) | plays the parent of a program; on the thread that did setup | yes | yes |
//! | [`thread`](Context::Thread) | plays the parent of a program; on a new thread for each call | yes | yes |
//! | [`fork`](Context::Fork) (Unix) | a fork of the parent for each call | yes | no |
//! | [`pool`](Context::Pool) | a fresh child that is used again for each call | no | yes |
//! | [`spawn`](Context::Spawn) | a fresh child for each call: the reference | no | no |
//! | [your own](Check::context) | what you do in a process that plays the parent | yes | as you like |
//!
//! All of them get the *decoded* input: it is serialized once, and what every context gets is made of those bytes.
//!
//! # What is found
//!
//! | [kind](Kind) | means | fails the test |
//! | --- | --- | --- |
//! | `diverges` | the outcome depends on inherited state | yes |
//! | `lossy` | an input or output is not equal to itself after a round trip through serialization | yes |
//! | `recursive` | a child comes to hand out work again, which would never end | yes |
//! | `oversized` | an input is larger than [`Config::max_payload`] | no |
//! | `flaky` | the outcome changes between identical fresh children; that is no inherited state | no |
//!
//! An outcome is a value, a panic (compared by its message without addresses and absolute paths), an exit code, a signal or a
//! timeout: a worker that crashes alike everywhere is no finding here. A difference is made as small as possible — the
//! input by proptest's own means, the calls that have to come before by leaving out — and is reported only if it shows
//! itself each time in processes that are really new, by turns with the reference. The smallest case is kept in
//! `spawncheck-regressions/`, as an input that people can read and not as a seed, and is tried first in the next run.
//!
//! # Children
//!
//! The children are this executable, started again. A suite's children run `main` up to [`Suite::run`] with the same
//! arguments; those of a check run the same `#[test]` up to the check. In both, code before that point runs in every child, as
//! it does in a program that starts itself to do work; [setup](Suite::setup) does not. Parent and child talk over pipes of
//! their own: nothing of it is on standard input or output, and the variable that tells a child where they are is gone before
//! `main`. Every wait has a deadline, every child ends with its parent, and no more than 64 live at once.
//!
//! On Unix a fresh child may be the fork of one that was executed and has not served anything. What is found that way is
//! confirmed by real execution; [`Config::execute`] has every single one executed.
//!
//! # Serialization
//!
//! Inputs and outputs cross in a format of this crate's own, for which any type with `Serialize` and `Deserialize` will do. It
//! describes itself, so that `flatten`, `untagged` and `skip_serializing_if` work, and it keeps NaN, `u128`, `Some(None)` and
//! maps with any keys. What other formats lose by themselves would look like a fault of the type. What it cannot do is an error
//! that says so: 128-bit integers inside `flatten` and `untagged`, which serde itself refuses, and values that are nested more than
//! 192 levels deep. One thing it does not keep: `Some(x)` reads as `x` where a type takes a value of any kind (`ron::Value`; JSON's and
//! TOML's values know no `Some`).
//!
//! What cannot cross does not compile, and the compiler says what to pass instead: see [`Portable`]. A large input crosses
//! as a handle if it is a [`Shared`].
//!
//! # For other programs
//!
//! With `SPAWNCHECK_EVENTS=FILE` in its environment, a test executable appends each finding to that file, as a line of JSON with
//! `"type":"finding"`, `kind`, `worker`, `input`, `outcomes`, `history` and, for `lossy`, `field`. The variable is gone before `main`.
//! `cargo spawncheck` reads such a file, and makes the calls of a `diverges` finding again, by what is there as `reproduction`.
//!
//! # Limitations
//!
//! - Children are started with the environment and directory that the test executable has at its first check, so a variable that
//!   *setup* sets counts as inherited state, though a program could pass it on.
//! - What workers print is not shown, and neither is what a crash has written to standard error.
//! - State outside the process, such as files, is shared by all contexts: what it changes is reported as `flaky`, or not at all.
//! - `check` needs libtest, which names the thread of a test after it. Elsewhere use [`Suite`].
//! - A panic in a build with `panic = "abort"` is an outcome `killed: SIGABRT`. (`cargo test` builds with unwinding.)
//! - A worker that leaves its process group, a daemon, outlives its call.
//! - A worker with more than one reason to diverge is reported with one of them; the next shows itself when that one is gone.
//! - Dependence that shows itself for one input in a million is not found in 256 cases.
//!
//! # Without checks
//!
//! With `default-features = false` there remain [`Exit`], the ways in which a process ends, and [`child`], which starts an
//! executable in a process group (Unix) or job (Windows) of its own, follows it, and ends it with everything it started.

#![cfg_attr(
    not(feature = "check"),
    allow(rustdoc::broken_intra_doc_links, reason = "most of what is spoken of above is not there then")
)]

#[cfg(feature = "check")]
mod channel;
#[cfg(feature = "check")]
mod check;
pub mod child;
#[cfg(feature = "check")]
mod config;
#[cfg(feature = "check")]
mod context;
#[cfg(feature = "check")]
mod error;
#[cfg(feature = "check")]
mod events;
mod exit;
#[cfg(feature = "check")]
mod finding;
#[cfg(feature = "check")]
mod guard;
#[cfg(feature = "check")]
mod normalize;
#[cfg(feature = "check")]
mod outcome;
#[cfg(feature = "check")]
mod portable;
#[cfg(feature = "check")]
mod printable;
#[cfg(feature = "talk")]
mod protocol;
#[cfg(feature = "check")]
mod rendering;
#[cfg(feature = "check")]
mod replay;
#[cfg(feature = "check")]
mod report;
#[cfg(feature = "talk")]
#[doc(hidden)]
pub mod reproduce;
#[cfg(feature = "check")]
mod serve;
#[cfg(feature = "check")]
mod shared;
#[cfg(feature = "check")]
mod suite;
#[cfg(any(feature = "check", feature = "reproduce"))]
mod wire;

pub use exit::Exit;

#[cfg(feature = "check")]
pub use {
    check::{Check, check},
    config::Config,
    context::Context,
    error::{Error, ErrorKind},
    finding::{Finding, Kind, Level, Loss},
    outcome::Outcome,
    portable::Portable,
    proptest::{self, prelude::any},
    report::{Crossed, Report},
    shared::{Plain, Shared},
    suite::Suite,
};
