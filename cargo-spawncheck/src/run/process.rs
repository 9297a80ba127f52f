//! The executor of real runs: test processes.

use super::arguments::{self, Call};
use super::executor::{Environment, Executor, Observation, Schedule};
use super::results::{Record, Results};
use crate::args::FilterArgs;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::finding::Verdict;
use crate::suite::{Binary, Launch, Stamp, Suite};
use spawncheck::child::{Command, Ended, Interrupt, Killed, Mailbox};
use std::ffi::OsString;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long what a test started may outlive it before it counts as left behind.
const GRACE: Duration = Duration::from_millis(200);

/// How much of each end of a process's output to hold: one test's, or the failures of a whole binary.
const KEEP_ALONE: usize = 64 << 10;
const KEEP_TOGETHER: usize = 2 << 20;

/// How much of a test's output to remember for the report.
const MAX_OUTPUT: usize = 4 << 10;

/// Starts test binaries.
pub(crate) struct Processes<'a> {
    suite: &'a Suite,
    filter: &'a FilterArgs,
    timeout: Duration,
    temp: &'a Path,
    interrupt: &'a Interrupt,
    started: AtomicU64,
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
        Self { suite, filter, timeout, temp, interrupt, started: AtomicU64::new(0) }
    }

    fn command(&self, launch: &Launch, environment: Environment, call: &Call, log: &Path) -> Command {
        let mut args: Vec<OsString> = vec!["--test-threads=1".into(), "--logfile".into(), log.into()];
        args.extend(call.args.iter().map(OsString::from));
        let (program, args) = launch.command_line(args);
        Command {
            program,
            args,
            dir: launch.dir.clone(),
            env: match environment {
                Environment::Sealed => launch.sealed.clone(),
                Environment::Inherited => launch.inherited.clone(),
            },
            patience: self.timeout,
            grace: GRACE,
            keep: if call.runs.len() == 1 { KEEP_ALONE } else { KEEP_TOGETHER },
        }
    }
}

impl Executor for Processes<'_> {
    fn execute(
        &self,
        schedule: &Schedule,
        finished: &mut dyn FnMut(&Observation),
    ) -> Result<Vec<Observation>> {
        let binary = &self.suite.binaries[schedule.binary];
        check_unchanged(&binary.launch)?;
        let call = arguments::call(binary, self.filter, &schedule.tests);
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

        let number = self.started.fetch_add(1, Ordering::Relaxed);
        let failed = |error| {
            let message = format!("failed to run `{}`", binary.launch.executable.display());
            Error::new(ExitCode::Setup, message).source(error)
        };
        let mut mailbox = Mailbox::new(&self.temp.join(format!("results-{number}"))).map_err(failed)?;
        let command = self.command(&binary.launch, schedule.environment, &call, mailbox.path());
        let ended = command
            .run(Some(&mut mailbox), self.interrupt, &mut |bytes, now| {
                results.push(bytes, &mut |record| observed.note(record, now, &mut at_once));
            })
            .map_err(failed)?;
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
        Ok(observations)
    }
}

/// The observations of one process, as they come.
struct Observed<'a> {
    /// The tests that were asked for.
    wanted: &'a [usize],
    observations: Vec<Observation>,
    last: Instant,
}

impl<'a> Observed<'a> {
    fn new(wanted: &'a [usize]) -> Self {
        Self { wanted, observations: Vec::with_capacity(wanted.len()), last: Instant::now() }
    }

    fn note(&mut self, record: Record, now: Instant, finished: &mut dyn FnMut(&Observation)) {
        let duration = now.saturating_duration_since(self.last);
        self.last = now;
        self.add(record.test, record.verdict, duration, String::new(), finished);
    }

    /// The process ended without a result for `test`.
    fn ended_early(
        &mut self,
        test: usize,
        ended: &Ended,
        garbled: bool,
        finished: &mut dyn FnMut(&Observation),
    ) {
        let verdict =
            if ended.killed == Some(Killed::TimedOut) { Verdict::TimedOut } else { Verdict::Crashed };
        let reason = match (verdict, garbled) {
            (Verdict::TimedOut, _) => "no result in the time given".to_owned(),
            (_, true) => "its harness reported on another test instead".to_owned(),
            (_, false) => format!("{} before its result", ended.exit),
        };
        self.add(test, verdict, self.last.elapsed(), with_stderr(&reason, ended), finished);
    }

    fn add(
        &mut self,
        test: usize,
        verdict: Verdict,
        duration: Duration,
        output: String,
        finished: &mut dyn FnMut(&Observation),
    ) {
        let observation = Observation { test, verdict, duration, leak: None, output, bad_end: None };
        self.observations.push(observation);
        self.observations.last().into_iter().for_each(finished);
    }

    /// Every test passed, but the process did not.
    fn ended_badly(&mut self, ended: &Ended) {
        let end = match ended.killed {
            Some(_) => "no end in the time given".to_owned(),
            None => ended.exit.to_string(),
        };
        if let ([only], [_]) = (&mut *self.observations, self.wanted) {
            only.verdict = if ended.killed.is_some() { Verdict::TimedOut } else { Verdict::Crashed };
            only.output = with_stderr(&format!("{end}, after its result"), ended);
        }
        self.observations.iter_mut().for_each(|observation| observation.bad_end = Some(end.clone()));
    }

    /// Adds what is known only after the end.
    fn finish(mut self, binary: &Binary, results: &Results, ended: &Ended) -> Vec<Observation> {
        let any_failed = self.observations.iter().any(|observation| observation.verdict.is_bad());
        if results.pending().is_none() && !any_failed && !ended.exit.is_success() {
            self.ended_badly(ended);
        }
        if let ([only], [_]) = (&mut *self.observations, self.wanted) {
            only.leak = ended.leak;
            only.duration = ended.duration;
        }
        let failed = |observation: &&mut Observation| observation.verdict == Verdict::Failed;
        if self.observations.iter().any(|observation| observation.verdict == Verdict::Failed) {
            let (stdout, stderr) = (ended.stdout.to_text(), ended.stderr.to_text());
            for observation in self.observations.iter_mut().filter(failed) {
                observation.output =
                    clip(&results.failure_text(&binary.tests[observation.test].name, &stdout, &stderr));
            }
        }
        self.observations
    }
}

/// How a process ended, and what it had to say.
fn with_stderr(reason: &str, ended: &Ended) -> String {
    let stderr = ended.stderr.to_text();
    // libtest says so in every process that we start, and it means us.
    let said = stderr.lines().filter(|line| !line.starts_with("warning: `--logfile` is deprecated"));
    let text: Vec<&str> = [reason].into_iter().chain(said).collect();
    clip(text.join("\n").trim())
}

/// The beginning of a text, cut at a character.
fn clip(text: &str) -> String {
    let end = (0..=MAX_OUTPUT.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text[..end.unwrap_or(0)].trim_end().to_owned()
}

fn check_unchanged(launch: &Launch) -> Result<()> {
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
