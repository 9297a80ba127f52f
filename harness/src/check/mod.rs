//! Checks: the builder, and everything from there to the report.
//!
//! [`explore`] is the course of a check; [`confirm`], [`minimize`], [`shrink`] and [`explain`] are its decisions, which know
//! nothing of processes; [`processes`] makes the calls, through [`companion`]s.

mod builder;
mod companion;
mod confirm;
mod executor;
mod explain;
mod explore;
mod job;
mod kept;
mod launch;
mod minimize;
mod permits;
mod processes;
mod round_trip;
mod shrink;
#[cfg(test)]
mod tests;
mod worker;

pub(crate) use builder::carries_nothing;
pub use builder::{Check, check};
pub(crate) use job::{Job, Parts};
