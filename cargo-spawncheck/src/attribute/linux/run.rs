//! Runs of one test, with its culprits or without; or plays of one call of a worker, with what comes before it or without.

use super::compare::Difference;
use super::ending::{Ending, is_outcome};
use crate::attribute::Attributor;
use crate::error::Result;
use crate::explanation::Channel;
use crate::finding::{Finding, Verdict};
use crate::image::{Origin, origin};
use crate::run::{Company, Environment, Play, Processes, Schedule};
use crate::trace::{Next, Stopped, Trouble};
use spawncheck::reproduce::{Played, Reproduction};
use std::cell::Cell;
use std::time::{Duration, Instant};

/// The runs that one group of findings, or one finding about a worker, calls for.
pub(super) struct Runs<'a> {
    processes: &'a Processes<'a>,
    company: &'a Company,
    binary: usize,
    what: What<'a>,
    time: Duration,
    deadline: Instant,
    quiet: Cell<bool>,
}

/// What depends on its past.
enum What<'a> {
    Test {
        culprits: &'a [usize],
        test: usize,
        /// It is a victim.
        fails: bool,
        /// A process of its own does not come to a good end, be it after its result.
        heeds_end: bool,
    },
    Call(&'a Reproduction),
}

/// What a fresh process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reference {
    /// One in which the culprits are passed over. All else is as where they run, down to the addresses on the heap.
    Hollow,
    /// One with nothing but the test or the call.
    Alone,
}

/// Which process to start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    Inherited,
    /// The same, with a note of the files that change before.
    Watched,
    Fresh(Reference),
}

/// What to do where the test or the call begins.
pub(super) type AtBeginning<'a> = dyn FnMut(&mut Stopped<'_>) -> std::result::Result<(), Trouble> + Send + 'a;

/// The inner error says why there is nothing to see.
type Seen<T> = Result<std::result::Result<T, Trouble>>;

impl<'a> Runs<'a> {
    pub(super) fn of_tests(attributor: &'a Attributor<'a>, binary: usize, culprits: &'a [usize]) -> Self {
        let what = What::Test { culprits, test: 0, fails: false, heeds_end: false };
        Self::new(attributor, binary, what)
    }

    pub(super) fn of_call(attributor: &'a Attributor<'a>, binary: usize, calls: &'a Reproduction) -> Self {
        Self::new(attributor, binary, What::Call(calls))
    }

    fn new(attributor: &'a Attributor<'a>, binary: usize, what: What<'a>) -> Self {
        let Attributor { processes, company, time, .. } = attributor;
        let (deadline, quiet) = (Instant::now() + *time, Cell::new(false));
        Self { processes, company, binary, what, time: *time, deadline, quiet }
    }

    /// Does `work` with no run for another finding beside its own.
    pub(super) fn quietly<R>(&self, work: impl FnOnce() -> R) -> R {
        self.quiet.set(true);
        let result = work();
        self.quiet.set(false);
        result
    }

    /// The runs that follow are about this finding.
    pub(super) fn begin(&mut self, finding: &Finding) {
        if let What::Test { test, fails, heeds_end, .. } = &mut self.what {
            (*test, *fails) = (finding.test.test, finding.in_process.is_bad());
            *heeds_end = !*fails && finding.spawned != Verdict::Failed;
        }
        self.deadline = Instant::now() + self.time;
    }

    pub(super) fn culprit_names(&self) -> impl Iterator<Item = &str> {
        let culprits = match self.what {
            What::Test { culprits, .. } => culprits,
            What::Call(_) => &[],
        };
        culprits.iter().map(|test| self.processes.test_name(self.binary, *test))
    }

    /// Whether the time for this finding is over.
    pub(super) fn is_spent(&self) -> bool {
        Instant::now() >= self.deadline
    }

    /// What is judged.
    pub(super) fn noun(&self) -> &'static str {
        match self.what {
            What::Test { .. } => "verdict",
            What::Call(_) => "outcome",
        }
    }

    /// Whether a difference is the harness's own bookkeeping of its calls.
    pub(super) fn is_bookkeeping(&self, difference: &Difference) -> bool {
        let of_harness = |symbol: &str| origin(symbol) == Origin::Crate("spawncheck".into());
        let symbol = difference.place.as_ref().map(|(_, known)| known.symbol.as_str());
        matches!(self.what, What::Call(_))
            && difference.channel == Channel::Static
            && symbol.is_some_and(of_harness)
    }

    /// What comes before, then the test or the call: the state is inherited.
    pub(super) fn inherited(&self, at: &mut AtBeginning<'_>) -> Seen<Ending> {
        self.run(Which::Inherited, at)
    }

    /// The same, with a note of the files that change before.
    pub(super) fn watched(&self, at: &mut AtBeginning<'_>) -> Seen<Ending> {
        self.run(Which::Watched, at)
    }

    /// A fresh process.
    pub(super) fn fresh(&self, reference: Reference, at: &mut AtBeginning<'_>) -> Seen<Ending> {
        self.run(Which::Fresh(reference), at)
    }

    /// Whether an end with inherited state is the one that the finding is about, as far as it tells.
    pub(super) fn is_as_found(&self, dirty: &Ending) -> bool {
        match (&self.what, dirty) {
            (What::Test { fails, .. }, Ending::Test { verdict, .. }) => verdict.is_bad() == *fails,
            (What::Call(_), Ending::Call(played)) => is_outcome(played),
            _ => false,
        }
    }

    /// The first kind of fresh process that ends as one, and not as `dirty`.
    pub(super) fn reference(&self, dirty: &Ending, at: &mut AtBeginning<'_>) -> Seen<(Reference, Ending)> {
        let kinds: &[Reference] = match self.what {
            What::Test { .. } => &[Reference::Hollow, Reference::Alone],
            // Only all of its past can be left out.
            What::Call(_) => &[Reference::Alone],
        };
        for reference in kinds {
            match self.fresh(*reference, at)? {
                Ok(ending) if ending.is_opposite(dirty) => return Ok(Ok((*reference, ending))),
                Err(trouble) if *reference == Reference::Alone => return Ok(Err(trouble)),
                _ => {}
            }
        }
        let noun = self.noun();
        Ok(Err(Trouble(format!("while it is traced, its {noun} is the same in a fresh process"))))
    }

    fn run(&self, which: Which, at: &mut AtBeginning<'_>) -> Seen<Ending> {
        // What is watched may be put back, for all who use it.
        let alone = self.quiet.get() || which == Which::Watched;
        self.company.run(alone, || match self.what {
            What::Test { culprits, test, heeds_end, .. } => {
                self.run_test(culprits, (test, heeds_end), which, at)
            }
            What::Call(calls) => self.run_call(calls, which, at),
        })
    }

    fn run_test(
        &self,
        culprits: &[usize],
        (test, heeds_end): (usize, bool),
        which: Which,
        at: &mut AtBeginning<'_>,
    ) -> Seen<Ending> {
        let (culprits, others) = match which {
            Which::Inherited | Which::Watched => (culprits, Next::Run),
            Which::Fresh(Reference::Hollow) => (culprits, Next::Skip),
            Which::Fresh(Reference::Alone) => (&[][..], Next::Run),
        };
        let tests = [culprits, &[test]].concat();
        let last = tests.len() - 1;
        let schedule = Schedule { binary: self.binary, tests, environment: Environment::Probing };
        let mut visit = |index: usize, stopped: &mut Stopped<'_>| {
            if index < last {
                return Ok(others);
            }
            at(stopped)?;
            Ok(Next::Run)
        };
        let observations = match which {
            Which::Watched => self.processes.visit_watching(&schedule, &mut visit)?,
            _ => self.processes.visit(&schedule, &mut visit)?,
        };
        Ok(observations.and_then(|observations| match observations.get(last) {
            Some(observation) => Ok(Ending::of(observation, heeds_end)),
            None => Err(Trouble("a culprit ended the process".into())),
        }))
    }

    fn run_call(&self, calls: &Reproduction, which: Which, at: &mut AtBeginning<'_>) -> Seen<Ending> {
        let script = if let Which::Fresh(_) = which { &calls.fresh } else { &calls.dirty };
        let last = script.calls().saturating_sub(1);
        let play =
            Play { binary: self.binary, arguments: &calls.arguments, script, watch: which == Which::Watched };
        let mut come = false;
        let mut visit = |index: usize, stopped: &mut Stopped<'_>| {
            if index == last {
                come = true;
                at(stopped)?;
            }
            Ok(Next::Run)
        };
        let played = self.processes.play(&play, &mut visit)?;
        Ok(played.and_then(|played| match (played, come) {
            (Played::NotServed(why), _) => Err(Trouble(why)),
            (_, false) => Err(Trouble("it did not come to its call".into())),
            (played, true) => Ok(Ending::Call(played)),
        }))
    }
}
