//! Find workers whose result depends on state that they inherited.
//!
//! (Documentation in progress.)

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
mod protocol;
#[cfg(feature = "check")]
mod rendering;
#[cfg(feature = "check")]
mod report;
#[cfg(feature = "check")]
mod serve;
#[cfg(feature = "check")]
mod shared;
#[cfg(feature = "check")]
mod suite;
#[cfg(feature = "check")]
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
