//! Attribution where processes cannot be stopped: each finding says so.

use super::Attributor;
use crate::error::Result;
use crate::finding::Finding;
use crate::footprint::Footprint;
use crate::run::{Processes, Schedule, Threaded};
use crate::trace::{Next, Trouble};
use crate::worker::WorkerFinding;
use std::path::Path;

const ELSEWHERE: &str = "the cause can be looked for on Linux only";

/// What was read of executables, which is nothing here.
#[derive(Debug, Default)]
pub(crate) struct Images;

/// What was learned of binaries, which is nothing here.
#[derive(Debug, Default)]
pub(super) struct Learned;

#[expect(clippy::unnecessary_wraps, reason = "as where it can be done")]
pub(super) fn explain_tests(
    _attributor: &Attributor<'_>,
    _binary: usize,
    _culprits: &[usize],
    findings: Vec<&mut Finding>,
) -> Result<()> {
    for finding in findings {
        finding.explanation.notes.push(ELSEWHERE.into());
    }
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "as where it can be done")]
pub(super) fn changers(
    _processes: &Processes<'_>,
    _images: &Images,
    _schedule: &Schedule,
) -> Result<Option<Vec<usize>>> {
    Ok(None)
}

#[expect(clippy::unnecessary_wraps, reason = "as where it can be done")]
pub(super) fn explain_call(_attributor: &Attributor<'_>, finding: &mut WorkerFinding) -> Result<()> {
    finding.explanation.notes.push(ELSEWHERE.into());
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "as where it can be done")]
pub(super) fn footprints(
    _processes: &Processes<'_>,
    _temp: &Path,
    _learned: &Learned,
    _schedule: &Schedule,
    _variables: bool,
) -> Result<std::result::Result<Vec<Footprint>, Trouble>> {
    Ok(Err(Trouble("what tests change can be seen on Linux only".into())))
}

/// Says that it cannot be done, unless tests can be steered here.
pub(super) fn together(
    processes: &Processes<'_>,
    _learned: &Learned,
    schedule: &Schedule,
    lead: usize,
) -> Result<Threaded> {
    processes.beside(schedule, lead, &mut |_, _| Ok(Next::Run))
}
