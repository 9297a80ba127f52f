//! A binary's tests beside each other, on as many threads as `cargo test` would give it.

use super::arguments;
use super::executor::{Observation, Schedule, Threaded};
use super::observed::clip;
use super::process::{Processes, check_unchanged};
use super::results::AnyOrder;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::finding::Verdict;
use spawncheck::child::{Killed, Mailbox};
use std::time::Duration;

impl Processes<'_> {
    /// Runs the tests of `schedule`, which is in the binary's own order, in one process.
    pub(super) fn on_threads(&self, schedule: &Schedule) -> Result<Threaded> {
        let binary = &self.suite.binaries[schedule.binary];
        check_unchanged(&binary.launch)?;
        let call = arguments::call(binary, self.filter, &schedule.tests);
        let names = call.runs.iter().map(|test| (*test, binary.tests[*test].name.clone()));
        let mut results = AnyOrder::new(binary.dialect, names);
        let failed = |error| {
            let message = format!("failed to run `{}`", binary.launch.executable.display());
            Error::new(ExitCode::Setup, message).source(error)
        };
        let mut mailbox = self.mailbox().map_err(failed)?;
        let mut command = self.command(schedule, &call, mailbox.path());
        command.args.retain(|arg| arg != super::process::ONE_THREAD);
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
        let ended = command
            .run(Some(&mut mailbox), self.interrupt, &mut |bytes, _| results.push(bytes, &mut note))
            .map_err(failed)?;
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
        Ok(Threaded { observations, end })
    }

    /// With a name of one length, so that the arguments of each process take the same room.
    pub(super) fn mailbox(&self) -> std::io::Result<Mailbox> {
        let number = self.started.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Mailbox::new(&self.temp.join(format!("results-{number:010}")))
    }
}
