//! A binary's tests beside each other, on as many threads as `cargo test` would give it, here or on a larger machine.
//!
//! Two tests that are far apart in the alphabet meet on a machine with many cores, and never on one with two. Another
//! order would show that too, but takes a tracer, and many orders.

use super::arguments::{self, Call};
use super::executor::{Observation, Schedule, Threaded, Width};
use super::observed::clip;
use super::process::{ONE_THREAD, Processes, Run, check_unchanged};
use super::results::AnyOrder;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::finding::Verdict;
use spawncheck::child::{Command, Killed, Mailbox};
use std::time::Duration;

/// As many cores as machines that people work at have.
const WIDE: usize = 16;

/// The variable by which people say how many threads to use.
pub(super) const THREADS: &str = "RUST_TEST_THREADS";

impl Processes<'_> {
    /// Runs the tests of `schedule`, which is in the binary's own order, in one process.
    pub(super) fn on_threads(&self, schedule: &Schedule, width: Width) -> Result<Threaded> {
        let binary = &self.suite.binaries[schedule.binary];
        let call = arguments::call(binary, self.filter, &schedule.tests);
        let threaded = self.threaded(schedule, &call, width, &mut |command, mailbox, receive| {
            command.run(Some(mailbox), self.interrupt, receive).map(Some)
        })?;
        Ok(threaded.unwrap_or_default())
    }

    /// Runs one process by `run` and reads its results; `None` if `run` had none to show.
    pub(super) fn threaded(
        &self,
        schedule: &Schedule,
        call: &Call,
        width: Width,
        run: &mut Run<'_>,
    ) -> Result<Option<Threaded>> {
        let binary = &self.suite.binaries[schedule.binary];
        check_unchanged(&binary.launch)?;
        let names = call.runs.iter().map(|test| (*test, binary.tests[*test].name.clone()));
        let mut results = AnyOrder::new(binary.dialect, names);
        let failed = |error| {
            let message = format!("failed to run `{}`", binary.launch.executable.display());
            Error::new(ExitCode::Setup, message).source(error)
        };
        let mut mailbox = self.mailbox(schedule.binary).map_err(failed)?;
        let mut command = self.command(schedule, call, mailbox.path());
        widen(&mut command, width);
        let mut observations = Vec::new();
        let mut note = |record: super::results::Record| {
            observations.push(Observation {
                test: record.test,
                verdict: record.verdict,
                // Tests overlap: how long each took is not known.
                duration: Duration::ZERO,
                leak: None,
                output: String::new(),
                bad_end: None,
            });
        };
        let ended =
            run(&command, &mut mailbox, &mut |bytes, _| results.push(bytes, &mut note)).map_err(failed)?;
        let Some(ended) = ended else { return Ok(None) };
        if ended.killed == Some(Killed::Interrupted) {
            return Err(Error::already_reported(ExitCode::Interrupted));
        }
        if observations.iter().any(|observation| observation.verdict == Verdict::Failed) {
            let (stdout, stderr) = (ended.stdout.to_text(), ended.stderr.to_text());
            for observation in observations.iter_mut().filter(|observation| observation.verdict.is_bad()) {
                let name = &binary.tests[observation.test].name;
                observation.output = clip(&results.failure_text(name, &stdout, &stderr));
            }
        }
        let end = (!results.is_complete()).then(|| match ended.killed {
            Some(_) => "no result in the time given".to_owned(),
            None => ended.exit.to_string(),
        });
        Ok(Some(Threaded { observations, end }))
    }

    /// With a name of one length, so that the arguments of each process take the same room.
    pub(super) fn mailbox(&self, binary: usize) -> std::io::Result<Mailbox> {
        let number = self.started.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = self.temp.join(format!("results-{number:010}"));
        match self.suite.binaries[binary].launch.platform.is_foreign_windows() {
            true => Mailbox::file(&path),
            false => Mailbox::new(&path),
        }
    }
}

/// Gives the command as many threads as `width` says instead of one.
fn widen(command: &mut Command, width: Width) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let told = command.env.iter().any(|(name, _)| name == THREADS);
    let Some(threads) = more_threads(width, cores, told) else {
        command.args.retain(|arg| arg != ONE_THREAD);
        return;
    };
    for arg in command.args.iter_mut().filter(|arg| *arg == ONE_THREAD) {
        *arg = format!("--test-threads={threads}").into();
    }
    // They share the cores that there are.
    command.patience = command.patience.saturating_mul(threads.div_ceil(cores) as u32);
}

/// How many threads to ask for, if not as many as `cargo test` uses; `told`: a variable says how many that are, and for a reason.
fn more_threads(width: Width, cores: usize, told: bool) -> Option<usize> {
    match width {
        Width::Usual => None,
        Width::Wide => (!told && cores < WIDE).then_some(WIDE),
        Width::Of(threads) => Some(threads),
    }
}

#[cfg(test)]
mod tests {
    use super::super::executor::Width::{Of, Usual, Wide};
    use super::more_threads;

    #[test]
    fn how_many_threads() {
        assert_eq!(more_threads(Usual, 2, false), None);
        assert_eq!(more_threads(Wide, 2, false), Some(16));
        assert_eq!(more_threads(Wide, 16, false), None);
        // Whoever has written `RUST_TEST_THREADS = "1"` somewhere knows of the races on more.
        assert_eq!(more_threads(Wide, 2, true), None);
        assert_eq!(more_threads(Of(2), 16, false), Some(2));
    }
}
