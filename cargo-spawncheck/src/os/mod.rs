//! Supervision: nothing that a test started may outlive the run, however the run ends.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;

#[cfg(target_os = "linux")]
pub(crate) use linux::{end_orphans, supervise};
#[cfg(not(target_os = "linux"))]
pub(crate) use other::{end_orphans, supervise};
