//! The calls of a finding about a worker again: one process with what has to come before, and the reference, which makes the last
//! call alone.
//!
//! What differed was judged by the worker's own types when it was found. Here it is judged by the bytes of the replies, which is
//! stricter: so it is still there if the two differ now, whatever they said then.

use super::{Replay, name};
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::finding::Level;
use crate::keep::{KeptCalls, KeptWorker, clipped};
use crate::report::{self, CallEvent, ReplayReport, WorkerReplayEvent, printable};
use crate::run::Processes;
use crate::session::write_failed;
use spawncheck::reproduce::{Played, Script};

/// The context of a process that makes one call and nothing else.
const REFERENCE: &str = "spawn";

impl Replay<'_> {
    /// `test` is the index of the test that has the worker, and `level` what the finding counts for today.
    pub(super) fn run_calls(
        &self,
        (worker, calls): (&KeptWorker, &KeptCalls),
        executor: &Processes<'_>,
        level: Level,
        report: &mut ReplayReport,
    ) -> Result<ExitCode> {
        let play = |text: &str| {
            let script: Script = text.parse().map_err(|error| unreadable(worker, error))?;
            served(worker, executor.play_through(0, &calls.arguments, &script)?)
        };
        let (fresh, dirty) = (play(&calls.fresh)?, play(&calls.dirty)?);
        let reproduced = fresh != dirty;
        let denied = reproduced && level == Level::Deny;
        let code = if denied { ExitCode::Findings } else { ExitCode::Ok };
        let process = |context, played: &Played| {
            let (outcome, kept) = (clipped(&played.to_string()), worker.outcome(context));
            let as_kept = kept == Some(&*outcome);
            CallEvent { context, setup: false, after: &[], outcome, kept_outcome: kept, as_kept }
        };
        let after = CallEvent {
            setup: worker.needs_setup,
            after: &worker.history,
            ..process(&calls.context, &dirty)
        };
        let event = WorkerReplayEvent {
            schema: report::SCHEMA,
            kind: self.finding.kind,
            level,
            name: name(self.finding),
            worker: &worker.name,
            input: worker.input.as_deref(),
            reproduced,
            processes: [process(REFERENCE, &fresh), after],
            causes: &self.finding.causes,
            exit_code: code as u8,
        };
        report.worker_replayed(&event).map_err(write_failed)?;
        Ok(code)
    }
}

/// What is no outcome of the worker says nothing about it.
fn served(worker: &KeptWorker, played: Played) -> Result<Played> {
    match played {
        Played::NotServed(why) => {
            let message = format!(
                "the calls of the worker `{}` cannot be made any more: {}",
                printable(&worker.name),
                printable(&why)
            );
            Err(Error::new(ExitCode::NoTests, message).hint("`cargo spawncheck` looks for findings anew"))
        }
        played => Ok(played),
    }
}

fn unreadable(worker: &KeptWorker, error: &str) -> Error {
    let message =
        format!("the kept calls of the worker `{}` cannot be read: {error}", printable(&worker.name));
    Error::new(ExitCode::Setup, message).hint("run `cargo spawncheck` again")
}
