//! Test processes that run their tests in an order of ours, and may be stopped where each begins.

use super::command::variables;
use super::{Processes, Told};
use crate::error::Result;
use crate::run::arguments::Call;
use crate::run::executor::{Observation, Schedule, Threaded, Width};
use crate::run::steerable::Steerable;
use crate::run::threads::THREADS;
use crate::trace::{self, Next, Steering, Stops, Trouble, Visit};
use spawncheck::child::{Command, Ended, Interrupt, Mailbox};
use std::time::Instant;

impl Processes<'_> {
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

    pub(super) fn steer(
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
            stops: if visit.is_some() { Stops::Each } else { Stops::Never },
            watch,
        };
        let mut nothing = |_: usize, _: &mut trace::Stopped<'_>| Ok(Next::Run);
        let mut steered = Steered {
            steerable,
            interrupt: self.interrupt,
            steering,
            visit: visit.unwrap_or(&mut nothing),
            trouble: None,
        };
        let told = self.observe(schedule, &call, &mut |_| {}, &mut |command, mailbox, receive| {
            Ok(steered.run(command, mailbox, receive))
        })?;
        Ok(judge(steerable, steered.trouble, told))
    }

    /// Runs tests in one new process, on a thread each. All stop where they begin, and go on at the same time, or the others when the first one has
    /// used variables `lead` times, through functions that `visit` knows. No observation where that cannot be done, or the caller says
    /// how many threads there are to be: with too few, the first test would wait for ever.
    pub(crate) fn beside(&self, schedule: &Schedule, lead: usize, visit: &mut Visit<'_>) -> Result<Threaded> {
        let steerable = &self.steerable[schedule.binary];
        let Ok(entries) = steerable.entries() else { return Ok(Threaded::default()) };
        let variables = variables(&self.suite.binaries[schedule.binary].launch, schedule.environment);
        if variables.iter().any(|(name, _)| name == THREADS) {
            return Ok(Threaded::default());
        }
        let steering = Steering {
            entries: &entries,
            order: &schedule.tests,
            table: self.suite.binaries[schedule.binary].tests.len(),
            stops: Stops::Together { lead },
            watch: false,
        };
        let mut steered = Steered { steerable, interrupt: self.interrupt, steering, visit, trouble: None };
        let call = Call::steered(self.filter, &schedule.tests);
        let width = Width::Of(schedule.tests.len());
        let threaded = self.threaded(schedule, &call, width, &mut |command, mailbox, receive| {
            Ok(steered.run(command, mailbox, receive))
        })?;
        Ok(threaded.filter(|_| steered.trouble.is_none()).unwrap_or_default())
    }
}

/// What a steered process showed, unless something was in the way, or its harness went by an order of its own.
fn judge(
    steerable: &Steerable,
    trouble: Option<Trouble>,
    told: Option<Told>,
) -> std::result::Result<Vec<Observation>, Trouble> {
    match (trouble, told) {
        (Some(trouble), _) => Err(trouble),
        (None, Some(Told { observations, out_of_order: false })) => Ok(observations),
        (None, _) => Err(steerable.disobeyed()),
    }
}

/// A process that is followed by a tracer.
struct Steered<'a> {
    steerable: &'a Steerable,
    interrupt: &'a Interrupt,
    steering: Steering<'a>,
    visit: &'a mut Visit<'a>,
    /// Why it could not be steered.
    trouble: Option<Trouble>,
}

impl Steered<'_> {
    fn run(
        &mut self,
        command: &Command,
        mailbox: &mut Mailbox,
        receive: &mut dyn FnMut(&[u8], Instant),
    ) -> Option<Ended> {
        // Of a process that could not be steered, nothing is looked at.
        let mut mail = Vec::new();
        let mut keep = |bytes: &[u8], now| mail.push((bytes.to_vec(), now));
        match trace::run(command, mailbox, self.interrupt, &mut keep, &self.steering, self.visit) {
            Ok((ended, result)) => {
                mail.iter().for_each(|(bytes, now)| receive(bytes, *now));
                self.trouble = result.err();
                Some(ended)
            }
            // What is wrong with the executable itself will be said where it is started without help.
            Err(error) => {
                self.trouble = Some(self.steerable.refused(&error));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Processes, judge};
    use crate::args::FilterArgs;
    use crate::finding::Verdict;
    use crate::run::arguments::Call;
    use crate::run::executor::{Environment, Schedule};
    use crate::suite::tests::{binary, suite};
    use crate::suite::{Dialect, Stamp};
    use spawncheck::Exit;
    use spawncheck::child::{Captured, Ended, Interrupt};
    use std::time::{Duration, Instant};

    /// The verdicts that a process is believed to have shown that was to run `b` and then `a`, and left this log.
    #[track_caller]
    fn check(log: &str, expected: &[Verdict], steerable_after: bool) {
        let executable = std::env::current_exe().unwrap();
        let mut tested = binary("p", Dialect::Libtest, &["a", "b"]);
        tested.launch.stamp = Stamp::of(&executable).unwrap();
        tested.launch.executable = executable;
        let suite = suite([tested]);
        let (folder, interrupt) = (tempfile::tempdir().unwrap(), Interrupt::new().unwrap());
        let filter = FilterArgs::default();
        let processes = Processes::new(&suite, &filter, Duration::ZERO, folder.path(), &interrupt);
        let schedule = Schedule { binary: 0, tests: vec![1, 0], environment: Environment::Inherited };
        let call = Call::steered(&filter, &schedule.tests);
        let told = processes.observe(&schedule, &call, &mut |_| {}, &mut |_, _, receive| {
            receive(log.as_bytes(), Instant::now());
            let (stdout, stderr) = (Captured::default(), Captured::default());
            let (exit, duration) = (Exit::Code(0), Duration::ZERO);
            Ok(Some(Ended { exit, killed: None, stdout, stderr, leak: None, duration }))
        });
        let steerable = &processes.steerable[0];
        let shown = judge(steerable, None, told.unwrap()).unwrap_or_default();
        assert!(shown.iter().map(|observation| observation.verdict).eq(expected.iter().copied()));
        assert_eq!(!steerable.was_tried_in_vain(), steerable_after);
    }

    /// Nothing in a process that ran its tests in another order says anything of the one that was asked for.
    #[test]
    fn a_harness_with_an_order_of_its_own() {
        check("ok b\nok a\n", &[Verdict::Passed; 2], true);
        check("ok a\nok b\n", &[], false);
        // That is the test's doing.
        check("ok b\nok b\n", &[Verdict::Passed, Verdict::Crashed], true);
    }
}
