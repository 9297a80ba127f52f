//! Run every test both ways.

mod arguments;
mod company;
pub(crate) mod executor;
mod max_fail;
mod observed;
pub(crate) mod output;
mod process;
pub(crate) mod queue;
mod results;
mod steerable;
#[cfg(test)]
mod tests;
mod threads;

pub(crate) use company::Company;
pub(crate) use executor::{
    Environment, Executor, Observation, Schedule, Threaded, Width, execute_all, hides_end,
};
pub(crate) use max_fail::MaxFail;
pub(crate) use process::{Play, Processes};

use crate::error::{Error, Result};
use crate::finding::{Leg, Verdict};
use crate::suite::{RunIgnored, Suite, TestId};
use executor::execute_while;
use max_fail::Failures;
use spawncheck::child::Interrupt;
use std::collections::{BTreeMap, HashMap};

/// What both legs showed of each test; a test that did not come to run has no entry.
#[derive(Debug, Default)]
pub(crate) struct Legs {
    in_process: HashMap<TestId, Observation>,
    spawned: HashMap<TestId, Observation>,
    /// Binaries whose in-process leg ended badly after every test had passed, with no test to answer for it; and how.
    pub(crate) bad_ends: Vec<(usize, String)>,
    /// Why not everything was run.
    pub(crate) stopped: Option<Error>,
    /// Not everything was run, because so many tests failed.
    pub(crate) cut_short: bool,
}

impl Legs {
    pub(crate) fn get(&self, leg: Leg, id: TestId) -> Option<&Observation> {
        match leg {
            Leg::InProcess => self.in_process.get(&id),
            Leg::Spawned => self.spawned.get(&id),
        }
    }

    /// A test whose own process ends badly after its result is the reason why that of its in-process leg does too.
    fn settle_bad_ends(&mut self) {
        let mut ends = BTreeMap::new();
        for (id, observation) in &self.in_process {
            if let Some(end) = &observation.bad_end {
                ends.insert(id.binary, end.clone());
            }
        }
        for (id, alone) in self.spawned.iter().filter(|(_, alone)| alone.bad_end.is_some()) {
            if let Some(together) = self.in_process.get_mut(id).filter(|together| together.bad_end.is_some())
            {
                together.verdict = alone.verdict;
                together.output.clone_from(&alone.output);
                ends.remove(&id.binary);
            }
        }
        // Where a test has failed, the harness's own exit need not be a success.
        let failed = |id: &TestId| self.in_process[id].verdict == Verdict::Failed;
        self.in_process.keys().filter(|id| failed(id)).for_each(|id| drop(ends.remove(&id.binary)));
        self.bad_ends = ends.into_iter().collect();
    }

    /// Whether the process of `id` ends badly after its result, and it is hidden whether that of the in-process leg would have.
    pub(crate) fn end_is_hidden(&self, id: TestId, schedule: &Schedule) -> bool {
        let ends_badly = self.get(Leg::Spawned, id).is_some_and(|alone| alone.bad_end.is_some());
        ends_badly && hides_end(id.test, schedule.ids().filter_map(|id| self.get(Leg::InProcess, id)))
    }

    /// Of the processes whose bad end is told here, the tests that are not judged here.
    fn unasked(&self, schedules: &[Schedule], judged: &dyn Fn(TestId) -> bool) -> Vec<TestId> {
        let told = schedules.iter().filter(|schedule| schedule.ids().next().is_some_and(judged));
        let ended_badly = |id: &TestId| self.in_process.get(id).is_some_and(|seen| seen.bad_end.is_some());
        told.flat_map(Schedule::ids).filter(|id| !judged(*id) && ended_badly(id)).collect()
    }

    /// Leaves what has been found out to the shard that judges it; the bad end of a binary, to that of its first test.
    fn keep_judged(&mut self, schedules: &[Schedule], judged: &dyn Fn(TestId) -> bool) {
        self.spawned.retain(|id, _| judged(*id));
        let first = |binary: usize| schedules.iter().find(|schedule| schedule.binary == binary)?.ids().next();
        self.bad_ends.retain(|(binary, _)| first(*binary).is_some_and(judged));
    }

    pub(crate) fn insert(&mut self, leg: Leg, id: TestId, observation: Observation) {
        match leg {
            Leg::InProcess => self.in_process.insert(id, observation),
            Leg::Spawned => self.spawned.insert(id, observation),
        };
    }
}

/// The tests of each binary that run, as in-process schedules.
pub(crate) fn schedules(suite: &Suite, mode: RunIgnored) -> Vec<Schedule> {
    let runs = |binary: usize| {
        let tests = &suite.binaries[binary].tests;
        suite.binaries[binary].selected().filter(|test| mode.runs(&tests[*test])).collect::<Vec<_>>()
    };
    (0..suite.binaries.len())
        .map(|binary| Schedule { binary, tests: runs(binary), environment: Environment::Inherited })
        .filter(|schedule| !schedule.tests.is_empty())
        .collect()
}

/// How many processes at a time, and how long to go on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) workers: usize,
    pub(crate) max_fail: MaxFail,
}

#[cfg(test)]
impl Pace {
    /// Runs everything, whatever fails.
    pub(crate) fn all(workers: usize) -> Self {
        Self { workers, max_fail: MaxFail::ALL }
    }
}

/// What a leg shows of a test.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) leg: Leg,
    pub(crate) id: TestId,
    pub(crate) observation: &'a Observation,
    /// This is not the first word of it, but what else is known after the end of its process: its output above all.
    pub(crate) complete: bool,
}

/// A piece of news from a worker thread.
enum News {
    Finished(Leg, TestId, Observation),
    /// The observation again, now with its output.
    Complete(Leg, TestId, Observation),
    Stopped(Error),
}

/// Runs `in_process` schedules, and each of their tests that is `judged` in a process of its own with `spawned` as environment.
///
/// The longest schedules come first, since each is one process and cannot be divided. `finished` hears of each test as it
/// ends, and again where there is more to say of it; if it returns an error, or a process cannot be run, everything stops.
pub(crate) fn run_legs(
    executor: &dyn Executor,
    in_process: &[Schedule],
    judged: &dyn Fn(TestId) -> bool,
    spawned: Environment,
    pace: Pace,
    interrupt: &Interrupt,
    mut finished: impl FnMut(Seen<'_>) -> Result<()>,
) -> Legs {
    let mut long_first: Vec<_> = in_process.iter().collect();
    long_first.sort_by_key(|schedule| std::cmp::Reverse(schedule.tests.len()));
    let mut jobs: Vec<(Leg, Schedule)> =
        long_first.into_iter().map(|schedule| (Leg::InProcess, schedule.clone())).collect();
    let alone = |id| (Leg::Spawned, Schedule::alone(id, spawned));
    jobs.extend(in_process.iter().flat_map(Schedule::ids).filter(|id| judged(*id)).map(alone));

    let mut legs = Legs::default();
    let failures = Failures::new(pace.max_fail);
    let go_on = || !failures.are_enough();
    let work = |(leg, schedule): (Leg, Schedule), tell: &mut dyn FnMut(News)| {
        if interrupt.is_raised() || !go_on() {
            return;
        }
        let id = |observation: &Observation| TestId { binary: schedule.binary, test: observation.test };
        let mut note = |observation: &Observation| {
            failures.add(id(observation), observation.verdict);
            tell(News::Finished(leg, id(observation), observation.clone()));
        };
        match execute_while(executor, schedule.clone(), &go_on, &mut note) {
            Ok(observations) => {
                let more = observations.into_iter().filter(|observation| {
                    observation.verdict.is_bad()
                        || observation.leak.is_some()
                        || observation.bad_end.is_some()
                        || !observation.output.is_empty()
                });
                more.for_each(|observation| tell(News::Complete(leg, id(&observation), observation)));
            }
            Err(error) => {
                // Told before the others stop for it: the first reason is the one that counts.
                tell(News::Stopped(error));
                interrupt.raise();
            }
        }
    };
    queue::run(jobs, pace.workers, work, |news| {
        let (leg, id, observation, complete) = match news {
            News::Finished(leg, id, observation) => (leg, id, observation, false),
            News::Complete(leg, id, observation) => (leg, id, observation, true),
            News::Stopped(error) => {
                legs.stopped.get_or_insert(error);
                return;
            }
        };
        if let Err(error) = finished(Seen { leg, id, observation: &observation, complete }) {
            interrupt.raise();
            legs.stopped.get_or_insert(error);
        }
        legs.insert(leg, id, observation);
    });
    let missing = |id| [Leg::InProcess, Leg::Spawned].iter().any(|leg| legs.get(*leg, id).is_none());
    let mut wanted = in_process.iter().flat_map(Schedule::ids).filter(|id| judged(*id));
    legs.cut_short = failures.are_enough() && wanted.any(missing);
    // A test of another shard may answer for the end of a process.
    let unasked = legs.unasked(in_process, judged).into_iter().map(alone).collect();
    queue::run(unasked, pace.workers, work, |news| match news {
        News::Finished(leg, id, observation) | News::Complete(leg, id, observation) => {
            legs.insert(leg, id, observation);
        }
        News::Stopped(error) => {
            legs.stopped.get_or_insert(error);
        }
    });
    legs.settle_bad_ends();
    legs.keep_judged(in_process, judged);
    legs
}
