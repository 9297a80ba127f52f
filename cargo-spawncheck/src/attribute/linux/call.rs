//! What carries state to a call of a worker.

use super::Group;
use super::ending::is_outcome;
use super::run::Runs;
use crate::attribute::Attributor;
use crate::error::Result;
use crate::worker::WorkerFinding;
use spawncheck::reproduce::Reproduction;

/// The context whose calls are made in forks of the process that is traced, which are let go.
const FORK: &str = "fork";

/// Names what carries state from setup or an earlier call to the last call of a finding.
pub(in crate::attribute) fn explain_call(
    attributor: &Attributor<'_>,
    finding: &mut WorkerFinding,
) -> Result<()> {
    let notes = &mut finding.explanation.notes;
    let Some(calls) = &finding.reproduction else {
        notes.push("no cause was looked for: its calls cannot be made again by another program".into());
        return Ok(());
    };
    let binary = finding.test.binary;
    let mut stand_in = None;
    if calls.context == FORK {
        let Some(inline) = in_place_of_fork(attributor, binary, calls)? else {
            notes.push(
                "no cause was looked for: a fork cannot be stopped where the worker is called, and only forks show it"
                    .into(),
            );
            return Ok(());
        };
        notes.push(
            "a fork cannot be stopped where the worker is called: the cause was looked for in the process that would \
             fork, which comes to the same"
                .into(),
        );
        stand_in = Some(inline);
    }
    let calls = stand_in.as_ref().unwrap_or(calls);
    let runs = Runs::of_call(attributor, binary, calls);
    Group::new(attributor, runs).explain_one(&mut finding.explanation)
}

/// The same call where it can be stopped: in the process that would fork, which has the same memory at that moment. `None` if it
/// comes to something else there, so that being a fork is part of the reason.
fn in_place_of_fork(
    attributor: &Attributor<'_>,
    binary: usize,
    calls: &Reproduction,
) -> Result<Option<Reproduction>> {
    let Some(inline) = &calls.inline else { return Ok(None) };
    let through = |script| attributor.processes.play_through(binary, &calls.arguments, script);
    let play = |script| attributor.company.run(false, || through(script));
    let in_fork = play(&calls.dirty)?;
    let same = is_outcome(&in_fork) && play(inline)? == in_fork;
    Ok(same.then(|| Reproduction { dirty: inline.clone(), ..calls.clone() }))
}
