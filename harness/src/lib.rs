//! Run work in fresh child processes, and say what became of it.
//!
//! This crate holds what both halves of spawncheck need: [`Exit`], the ways in which a process ends, and
//! [`child`], which starts an executable in a process group (Unix) or job (Windows) of its own, feeds back
//! what it writes, and ends it with everything it started.
//!
//! The property-test harness for worker functions that will live here is not written yet; see the changelog.

pub mod child;
mod outcome;

pub use outcome::Exit;
