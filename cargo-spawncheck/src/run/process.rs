//! The executor of real runs: test processes.

mod play;

pub(crate) use play::Play;

use super::arguments::{self, Call};
use super::executor::{Environment, Executor, Observation, Schedule, Threaded};
use super::observed::Observed;
use super::results::Results;
use super::steerable::Steerable;
use crate::args::FilterArgs;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::suite::{Launch, Stamp, Suite};
use crate::trace::{self, Next, Steering, Trouble, Visit};
use crate::worker;
use spawncheck::child::{Command, Ended, Interrupt, Killed, Mailbox};
use std::ffi::OsString;
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

/// How long what a test started may outlive it before it counts as left behind.
const GRACE: Duration = Duration::from_millis(200);

/// How many names on a command line are many.
const MANY_NAMES: usize = 32;

/// How much of each end of a process's output to hold: one test's, or the failures of a whole binary.
const KEEP_ALONE: usize = 64 << 10;
const KEEP_TOGETHER: usize = 2 << 20;

/// Tests one after another.
pub(super) const ONE_THREAD: &str = "--test-threads=1";

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
        Self { suite, filter, timeout, temp, interrupt, started: AtomicU64::new(0), steerable }
    }

    pub(crate) fn test_name(&self, binary: usize, test: usize) -> &str {
        &self.suite.binaries[binary].tests[test].name
    }

    /// Why the tests of a binary run only in its own order; `None` if there is no such limit, as far as is known yet.
    pub(crate) fn limit(&self, binary: usize) -> Option<Trouble> {
        self.steerable[binary].entries().err()
    }

    /// Runs `schedule` in one new process, which stops where each of its tests begins for `visit` to look at it.
    ///
    /// The inner error says why the process could not be steered; what it did then means nothing.
    pub(crate) fn visit(
        &self,
        schedule: &Schedule,
        visit: &mut Visit<'_>,
    ) -> Result<std::result::Result<Vec<Observation>, Trouble>> {
        self.steer(schedule, Some(visit), false)
    }

    /// The same, with a note of the files that the tests before the last one change; takes several times as long.
    pub(crate) fn visit_watching(
        &self,
        schedule: &Schedule,
        visit: &mut Visit<'_>,
    ) -> Result<std::result::Result<Vec<Observation>, Trouble>> {
        self.steer(schedule, Some(visit), true)
    }

    fn steer(
        &self,
        schedule: &Schedule,
        visit: Option<&mut Visit<'_>>,
        watch: bool,
    ) -> Result<std::result::Result<Vec<Observation>, Trouble>> {
        let binary = &self.suite.binaries[schedule.binary];
        let steerable = &self.steerable[schedule.binary];
        let entries = match steerable.entries() {
            Ok(entries) => entries,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let call = Call::steered(self.filter, &schedule.tests);
        let steering = Steering {
            entries: &entries,
            order: &schedule.tests,
            table: binary.tests.len(),
            visit: visit.is_some(),
            watch,
        };
        let mut nothing = |_: usize, _: &mut trace::Stopped<'_>| Ok(Next::Run);
        let visit = visit.unwrap_or(&mut nothing);
        let mut trouble = None;
        let observed = self.observe(schedule, &call, &mut |_| {}, &mut |command, mailbox, receive| {
            // Another thread receives while this one traces; what came is looked at afterwards.
            let mut mail = Vec::new();
            let mut keep = |bytes: &[u8], now| mail.push((bytes.to_vec(), now));
            match trace::run(command, mailbox, self.interrupt, &mut keep, &steering, visit) {
                Ok((ended, result)) => {
                    mail.iter().for_each(|(bytes, now)| receive(bytes, *now));
                    trouble = result.err();
                    Ok(Some(ended))
                }
                // What is wrong with the executable itself will be said where it is started without help.
                Err(error) => {
                    trouble = Some(steerable.refused(&error));
                    Ok(None)
                }
            }
        })?;
        Ok(match (trouble, observed) {
            (None, Some(observations)) if self.in_order(schedule, &observations) => Ok(observations),
            (Some(trouble), _) => Err(trouble),
            _ => Err(steerable.disobeyed()),
        })
    }

    /// Whether the results came in the order that was asked for.
    fn in_order(&self, schedule: &Schedule, observations: &[Observation]) -> bool {
        !observations.is_empty()
            && observations.iter().zip(&schedule.tests).all(|(observation, test)| observation.test == *test)
    }

    /// Runs one process by `run` and reads its results; `None` if `run` had none to show.
    fn observe(
        &self,
        schedule: &Schedule,
        call: &Call,
        finished: &mut dyn FnMut(&Observation),
        run: &mut Run<'_>,
    ) -> Result<Option<Vec<Observation>>> {
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
        let mut mailbox = self.mailbox().map_err(failed)?;
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
        let observations = observed.finish(binary, &results, &ended);
        if alone {
            observations.iter().for_each(finished);
        }
        Ok(Some(observations))
    }

    pub(super) fn command(&self, schedule: &Schedule, call: &Call, log: &Path) -> Command {
        let launch = &self.suite.binaries[schedule.binary].launch;
        let mut args: Vec<OsString> = vec![ONE_THREAD.into(), "--logfile".into(), log.into()];
        args.extend(call.args.iter().map(OsString::from));
        let (program, args) = launch.command_line(args);
        let mut env = variables(launch, schedule.environment);
        env.push((worker::VARIABLE.into(), worker::file(self.temp, schedule.binary).into()));
        Command {
            program,
            args,
            dir: launch.dir.clone(),
            env,
            patience: self.timeout,
            grace: GRACE,
            keep: if call.runs.len() == 1 { KEEP_ALONE } else { KEEP_TOGETHER },
        }
    }
}

/// Starts a command and follows it; `None` where there is nothing to show for it.
type Run<'a> =
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
        let observations = self.observe(schedule, &call, finished, &mut |command, mailbox, receive| {
            command.run(Some(mailbox), self.interrupt, receive).map(Some)
        })?;
        Ok(observations.unwrap_or_default())
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

    fn on_threads(&self, schedule: &Schedule) -> Result<Threaded> {
        self.on_threads(schedule)
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

/// The variables of a process, without ours.
fn variables(launch: &Launch, environment: Environment) -> Vec<(OsString, OsString)> {
    let mut env = match environment {
        Environment::Sealed => launch.sealed.clone(),
        Environment::Inherited => launch.inherited.clone(),
        Environment::Probing => launch.inherited.iter().cloned().map(without_backtraces).collect(),
    };
    env.retain(|(name, _)| name != worker::VARIABLE);
    env
}

/// The variable stays, with a value that means no.
fn without_backtraces((name, value): (OsString, OsString)) -> (OsString, OsString) {
    let off = ["RUST_BACKTRACE", "RUST_LIB_BACKTRACE"].iter().any(|known| name == *known);
    (name, if off { "0".into() } else { value })
}

pub(super) fn check_unchanged(launch: &Launch) -> Result<()> {
    let path = launch.executable.display();
    let changed = |what: &str| {
        Error::new(ExitCode::Setup, format!("test binary `{path}` was {what} during the run"))
            .hint("wait for other builds in the same target directory, and run again")
    };
    match Stamp::of(&launch.executable) {
        Ok(stamp) if stamp == launch.stamp => Ok(()),
        Ok(_) => Err(changed("replaced")),
        Err(error) => Err(changed("deleted").source(error)),
    }
}
