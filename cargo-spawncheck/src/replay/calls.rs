//! The calls of a finding about a worker again: one process with what has to come before, and the reference, which makes the last
//! call alone.
//!
//! It is still there if the two differ now, whatever they said then; what they said is compared as it was when it was found. One that
//! takes too long may do so by chance: that says something only if it did then, too.

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
        let reproduced = fresh != dirty
            && says_something(&fresh, worker.outcome(REFERENCE))
            && says_something(&dirty, worker.outcome(&calls.context));
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

/// Whether a call came to an end, or is known not to. `kept` is what came of it then.
fn says_something(played: &Played, kept: Option<&str>) -> bool {
    *played != Played::TimedOut || kept == Some(&*played.to_string())
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

#[cfg(test)]
mod tests {
    use super::says_something;
    use spawncheck::Exit;
    use spawncheck::reproduce::Played;

    #[test]
    fn slow_by_chance() {
        let ended = Played::Ended(Exit::Code(3));
        assert!(says_something(&ended, None) && says_something(&ended, Some("timed out")));
        assert!(!says_something(&Played::TimedOut, None));
        assert!(!says_something(&Played::TimedOut, Some("exited: 3")));
        assert!(says_something(&Played::TimedOut, Some("timed out")));
    }
}
