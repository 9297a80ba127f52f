//! Test processes that run their tests in an order of ours, and may be stopped where each begins.

use super::Processes;
use super::command::variables;
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
        let observed = self.observe(schedule, &call, &mut |_| {}, &mut |command, mailbox, receive| {
            Ok(steered.run(command, mailbox, receive))
        })?;
        Ok(match (steered.trouble, observed) {
            (None, Some(observations)) if self.in_order(schedule, &observations) => Ok(observations),
            (Some(trouble), _) => Err(trouble),
            _ => Err(steerable.disobeyed()),
        })
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

    /// Whether the results came in the order that was asked for.
    fn in_order(&self, schedule: &Schedule, observations: &[Observation]) -> bool {
        !observations.is_empty()
            && observations.iter().zip(&schedule.tests).all(|(observation, test)| observation.test == *test)
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
        // Another thread receives while this one traces; what came is looked at afterwards.
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
