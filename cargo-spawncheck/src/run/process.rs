//! The executor of real runs: test processes.

mod command;
mod play;
mod steer;

pub(super) use command::{ONE_THREAD, check_unchanged};
pub(crate) use play::Play;

use super::arguments::{self, Call};
use super::executor::{Environment, Executor, Observation, Schedule, Threaded, Width};
use super::observed::Observed;
use super::results::Results;
use super::steerable::Steerable;
use crate::args::FilterArgs;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::suite::Suite;
use crate::trace::Trouble;
use spawncheck::child::{Command, Ended, Interrupt, Killed, Mailbox};
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

/// How many names on a command line are many.
const MANY_NAMES: usize = 32;

/// Starts test binaries.
pub(crate) struct Processes<'a> {
    pub(super) suite: &'a Suite,
    pub(super) filter: &'a FilterArgs,
    timeout: Duration,
    pub(super) temp: &'a Path,
    pub(super) interrupt: &'a Interrupt,
    pub(super) started: AtomicU64,
    /// For each binary.
    steerable: Vec<Steerable>,
    show_passed: bool,
}

impl<'a> Processes<'a> {
    /// `timeout` is for each test; `temp` is a folder of ours.
    pub(crate) fn new(
        suite: &'a Suite,
        filter: &'a FilterArgs,
        timeout: Duration,
        temp: &'a Path,
        interrupt: &'a Interrupt,
    ) -> Self {
        let steerable = suite.binaries.iter().map(Steerable::new).collect();
        Self {
            suite,
            filter,
            timeout,
            temp,
            interrupt,
            started: AtomicU64::new(0),
            steerable,
            show_passed: false,
        }
    }

    /// Whether to keep what passing tests print too.
    pub(crate) fn show_passed(&mut self, show: bool) {
        self.show_passed = show;
    }

    pub(crate) fn test_name(&self, binary: usize, test: usize) -> &str {
        &self.suite.binaries[binary].tests[test].name
    }

    /// Why the tests of a binary run only in its own order; `None` if there is no such limit, as far as is known yet.
    pub(crate) fn limit(&self, binary: usize) -> Option<Trouble> {
        self.steerable[binary].entries().err()
    }

    /// Runs one process by `run` and reads its results; `None` if `run` had none to show.
    fn observe(
        &self,
        schedule: &Schedule,
        call: &Call,
        finished: &mut dyn FnMut(&Observation),
        run: &mut Run<'_>,
    ) -> Result<Option<Told>> {
        let binary = &self.suite.binaries[schedule.binary];
        check_unchanged(&binary.launch)?;
        let names = call.runs.iter().map(|index| (*index, binary.tests[*index].name.clone()));
        let mut results = Results::new(binary.dialect, names);
        let mut observed = Observed::new(&schedule.tests);
        // A test that has the process to itself has not passed before the process has ended well.
        let alone = schedule.tests.len() == 1;
        let mut at_once = |observation: &Observation| {
            if !alone {
                finished(observation);
            }
        };

        let failed = |error| {
            let message = format!("failed to run `{}`", binary.launch.executable.display());
            Error::new(ExitCode::Setup, message).source(error)
        };
        let mut mailbox = self.mailbox(schedule.binary).map_err(failed)?;
        let command = self.command(schedule, call, mailbox.path());
        let ended = run(&command, &mut mailbox, &mut |bytes, now| {
            results.push(bytes, &mut |record| observed.note(record, now, &mut at_once));
        })
        .map_err(failed)?;
        let Some(ended) = ended else { return Ok(None) };
        if ended.killed == Some(Killed::Interrupted) {
            return Err(Error::already_reported(ExitCode::Interrupted));
        }
        if let Some(test) = results.pending() {
            observed.ended_early(test, &ended, results.is_garbled(), &mut at_once);
        }
        let observations = observed.finish(binary, &results, &ended, self.show_passed);
        if alone {
            observations.iter().for_each(finished);
        }
        Ok(Some(Told { observations, out_of_order: results.is_out_of_order() }))
    }
}

/// What one process told.
struct Told {
    observations: Vec<Observation>,
    /// Its harness ran its tests in another order than that of the call.
    out_of_order: bool,
}

/// Starts a command and follows it; `None` where there is nothing to show for it.
pub(super) type Run<'a> =
    dyn FnMut(&Command, &mut Mailbox, &mut dyn FnMut(&[u8], Instant)) -> std::io::Result<Option<Ended>> + 'a;

impl Executor for Processes<'_> {
    fn execute(
        &self,
        schedule: &Schedule,
        finished: &mut dyn FnMut(&Observation),
    ) -> Result<Vec<Observation>> {
        let binary = &self.suite.binaries[schedule.binary];
        let call = arguments::call(binary, self.filter, &schedule.tests);
        // What arguments cannot express takes a tracer; without one, the rest has to run in another process.
        let cannot_be_said = call.runs != schedule.tests;
        if (cannot_be_said || takes_long(schedule, &call))
            && let Ok(observations) = self.steer(schedule, None, false)?
        {
            observations.iter().for_each(finished);
            return Ok(observations);
        }
        let told = self.observe(schedule, &call, finished, &mut |command, mailbox, receive| {
            command.run(Some(mailbox), self.interrupt, receive).map(Some)
        })?;
        Ok(told.map(|told| told.observations).unwrap_or_default())
    }

    fn reach(&self, schedule: &Schedule) -> usize {
        match self.any_order(schedule.binary) {
            true => schedule.tests.len(),
            false => {
                let binary = &self.suite.binaries[schedule.binary];
                arguments::call(binary, self.filter, &schedule.tests).runs.len()
            }
        }
    }

    fn on_threads(&self, schedule: &Schedule, width: Width) -> Result<Threaded> {
        self.on_threads(schedule, width)
    }

    fn any_order(&self, binary: usize) -> bool {
        self.limit(binary).is_none()
    }
}

/// libtest compares each test with each name that it is given: with many names, that takes longer than the tests. Only a probe is
/// run in another way for that; what the legs run is to be what anybody would run.
fn takes_long(schedule: &Schedule, call: &Call) -> bool {
    schedule.environment == Environment::Probing && call.args.len() > MANY_NAMES
}
