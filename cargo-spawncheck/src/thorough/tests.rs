//! Whole explorations with a model of a machine in place of processes.

use super::{Effort, Explorer, Extent, Limit, Lost, News, Step};
use crate::confirm::{Confirmed, Confirmer};
use crate::error::Result;
use crate::explanation::Channel::{Env, Static};
use crate::explanation::Suspect;
use crate::finding::{Kind, Verdict};
use crate::footprint::Footprint;
use crate::footprint::tests::{footprint, using};
use crate::run::executor::{Threaded, Width};
use crate::run::{Environment, Executor, Observation, Pace, Schedule, run_legs};
use crate::suite::TestId;
use spawncheck::child::Interrupt;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// What a scripted test does.
#[derive(Clone, Copy, PartialEq)]
enum Does {
    Passes,
    Fails,
    /// Leaves state that others notice.
    Sets,
    Clears,
    /// Passes only where that state is.
    NeedsState,
    /// Passes only where it is not.
    NeedsNone,
    /// Sets it, and passes only if it was not set.
    SetsOnce,
    /// Fails when it runs a second time, in every second process.
    Wavers,
    /// Fails on threads.
    NeedsQuiet,
    /// Fails on as many threads as a larger machine has.
    NeedsFew,
    /// Changes a variable for a moment, and fails if another one that begins at the same time, before it, does so.
    Holds,
    /// The same, and also if the other one alone came before it.
    Follows,
    /// The same, and with a tracer.
    Hides,
    /// Fails in every third run on threads, and of itself in every third process.
    FailsAnywhere,
    /// Ends its process.
    Crashes,
}

struct Machine {
    tests: Vec<Does>,
    any_order: bool,
    /// Every third process runs its first test only.
    unsteady: bool,
    /// How many tests can be named on a command line.
    room: usize,
    /// Tests that have told why they fail.
    explained: BTreeSet<TestId>,
    runs: AtomicU32,
}

impl Machine {
    fn new(tests: &[Does]) -> Self {
        let (tests, explained, runs) = (tests.to_vec(), BTreeSet::new(), AtomicU32::new(0));
        Self { tests, any_order: true, unsteady: false, room: 1000, explained, runs }
    }

    fn observation(&self, test: usize, passes: bool) -> Observation {
        let crashes = self.tests[test] == Does::Crashes;
        Observation {
            test,
            verdict: match (passes, crashes) {
                (_, true) => Verdict::Crashed,
                (true, _) => Verdict::Passed,
                (false, _) => Verdict::Failed,
            },
            duration: Duration::from_millis(1),
            leak: None,
            output: if passes { String::new() } else { "why".into() },
            bad_end: None,
        }
    }
}

impl Executor for Machine {
    fn execute(
        &self,
        schedule: &Schedule,
        finished: &mut dyn FnMut(&Observation),
    ) -> Result<Vec<Observation>> {
        let run = self.runs.fetch_add(1, Ordering::SeqCst);
        let mut state = false;
        let mut observations: Vec<Observation> = Vec::new();
        let length = if self.unsteady && run.is_multiple_of(3) { 1 } else { schedule.tests.len() };
        for test in schedule.tests[..length].iter().copied() {
            let again = observations.iter().any(|seen| seen.test == test);
            let does = self.tests[test];
            let passes = match does {
                Does::Follows => schedule.tests.len() != 2 || observations.is_empty(),
                Does::Passes | Does::Sets | Does::Clears | Does::NeedsQuiet | Does::NeedsFew => true,
                Does::Holds | Does::Hides => true,
                Does::Fails | Does::Crashes => false,
                Does::NeedsState => state,
                Does::NeedsNone | Does::SetsOnce => !state,
                Does::Wavers => !again || !run.is_multiple_of(2),
                Does::FailsAnywhere => run < 5 || !run.is_multiple_of(3),
            };
            state = (state || matches!(does, Does::Sets | Does::SetsOnce)) && does != Does::Clears;
            let observation = self.observation(test, passes);
            finished(&observation);
            observations.push(observation);
            if does == Does::Crashes {
                break;
            }
        }
        Ok(observations)
    }

    fn on_threads(&self, schedule: &Schedule, width: Width) -> Result<Threaded> {
        let run = self.runs.fetch_add(1, Ordering::SeqCst);
        let passes = |test: usize| match self.tests[test] {
            Does::NeedsQuiet => false,
            Does::NeedsFew => width == Width::Usual,
            Does::FailsAnywhere => !run.is_multiple_of(3),
            _ => true,
        };
        let named = schedule.tests.iter().take(self.room);
        let observations = named.map(|test| self.observation(*test, passes(*test))).collect();
        Ok(Threaded { observations, end: None })
    }

    fn any_order(&self, _binary: usize) -> bool {
        self.any_order
    }
}

impl Machine {
    fn together(&self, schedule: &Schedule) -> Threaded {
        let passes = |(place, test): (usize, &usize)| match self.tests[*test] {
            Does::Holds | Does::Follows => place == 0,
            Does::Hides => false,
            _ => true,
        };
        let observation = |at: (usize, &usize)| self.observation(*at.1, passes(at));
        Threaded { observations: schedule.tests.iter().enumerate().map(observation).collect(), end: None }
    }
}

/// What came of an exploration.
struct Found {
    confirmed: Confirmed,
    limits: Vec<Limit>,
    news: Vec<News>,
}

impl Found {
    fn is_empty(&self) -> bool {
        self.confirmed.findings.is_empty() && self.confirmed.failures.is_empty()
    }
}

fn explore(tests: &[Does], any_order: bool, extent: Extent, budget: Duration) -> Found {
    explore_on(Machine { any_order, ..Machine::new(tests) }, extent, budget)
}

fn explore_on(machine: Machine, extent: Extent, budget: Duration) -> Found {
    let tests: Vec<usize> = (0..machine.tests.len()).collect();
    let schedules = [Schedule { binary: 0, tests, environment: Environment::Inherited }];
    let interrupt = Interrupt::new().unwrap();
    let environment = Environment::Sealed;
    let legs = run_legs(&machine, &schedules, &|_| true, environment, Pace::all(1), &interrupt, |_| Ok(()));
    let deadline = Instant::now() + Duration::from_secs(600);
    let confirmer = Confirmer {
        executor: &machine,
        schedules: &schedules,
        environment,
        workers: 1,
        deadline,
        explained: &machine.explained,
        retries: 0,
    };
    let mut confirmed = confirmer.confirm(&legs, &mut |_| {}).unwrap();
    let watch = |schedule: &Schedule| {
        let footprints = schedule.tests.iter().map(|test| match machine.tests[*test] {
            Does::Sets | Does::SetsOnce | Does::Clears => footprint(*test, &[(Static, "STATE")]),
            Does::Holds | Does::Follows | Does::Hides => using(*test, &[], &["MODE"]),
            _ => footprint(*test, &[]),
        });
        Ok(Ok(footprints.collect::<Vec<Footprint>>()))
    };
    let explorer = Explorer {
        executor: &machine,
        watch: &watch,
        together: &|schedule, _| Ok(machine.together(schedule)),
        schedules: &schedules,
        legs: &legs,
        explained: &machine.explained,
        environment,
        workers: 1,
        deadline: Instant::now() + budget,
        extent,
    };
    let mut news = Vec::new();
    let limits = explorer.explore(&mut confirmed, &mut |one| news.push(one)).unwrap();
    Found { confirmed, limits, news }
}

const THOROUGH: Extent = Extent { thorough: true, predict: false, thread_runs: 5 };
const PREDICT: Extent = Extent { thorough: false, predict: true, thread_runs: 5 };
const LONG: Duration = Duration::from_secs(600);

/// A test, what it is, and the order that shows it (`None`: the in-process leg, or none).
type Expected<'a> = (usize, Kind, Option<&'a [usize]>);

#[track_caller]
fn check(tests: &[Does], extent: Extent, findings: &[Expected<'_>], failures: &[usize]) {
    let Found { confirmed, limits, .. } = explore(tests, true, extent, LONG);
    let found: Vec<_> = confirmed
        .findings
        .iter()
        .map(|finding| (finding.test.test, finding.kind, finding.schedule.as_deref()))
        .collect();
    assert_eq!(found, findings);
    assert_eq!(confirmed.failures.iter().map(|failure| failure.test.test).collect::<Vec<_>>(), failures);
    assert_eq!(limits, []);
}

#[test]
fn what_shows_in_reverse_only() {
    use Does::{Clears, Crashes, Fails, NeedsNone, NeedsState, Passes, Sets};
    check(&[NeedsNone, Passes, Sets], THOROUGH, &[(0, Kind::Victim, Some(&[2, 1, 0]))], &[]);
    // It fails both ways until another order shows what it needs.
    check(&[NeedsState, Passes, Sets], THOROUGH, &[(0, Kind::Brittle, Some(&[2, 1, 0]))], &[]);
    check(&[Fails, Sets], THOROUGH, &[], &[0]);
    // Known from the in-process leg, and not told again.
    check(&[Sets, NeedsState, Sets], THOROUGH, &[(1, Kind::Brittle, None)], &[]);
    // A process that ends takes the state with it: the order that shows it begins after that.
    let tests = [NeedsNone, Sets, Crashes, Clears];
    check(&tests, THOROUGH, &[(0, Kind::Victim, Some(&[1, 0]))], &[2]);
    // What separates them in the reverse is left out of a predicted order.
    check(&[NeedsNone, Crashes, Sets], THOROUGH, &[(0, Kind::Victim, Some(&[2, 0]))], &[1]);
}

#[test]
fn twice_in_one_process() {
    use Does::{Passes, SetsOnce, Wavers};
    check(&[SetsOnce, Passes], THOROUGH, &[(0, Kind::Repeat, Some(&[0, 0]))], &[]);
    check(&[Wavers, Passes], THOROUGH, &[(0, Kind::Flaky, None)], &[]);
    let found = explore(&[SetsOnce, Passes], true, THOROUGH, LONG);
    let finding = &found.confirmed.findings[0];
    assert_eq!((finding.in_process, finding.spawned), (Verdict::Failed, Verdict::Passed));
    assert_eq!(finding.explanation.culprits.as_ref().unwrap().tests, [0]);
    assert_eq!(finding.evidence.as_ref().unwrap().text, "why");
}

#[test]
fn beside_others() {
    use Does::{FailsAnywhere, NeedsFew, NeedsQuiet, Passes};
    check(&[NeedsQuiet, Passes], THOROUGH, &[(0, Kind::Racy, None)], &[]);
    check(&[NeedsFew, Passes], THOROUGH, &[(0, Kind::Racy, None)], &[]);
    let found = explore(&[FailsAnywhere, Passes], true, THOROUGH, LONG);
    assert_eq!(
        found.confirmed.findings.iter().map(|finding| finding.kind).collect::<Vec<_>>(),
        [Kind::Flaky]
    );
}

#[test]
fn two_of_them_beside_each_other() {
    use Does::{Follows, Hides, Holds, Passes};
    let tests = [Holds, Passes, Holds];
    check(&tests, THOROUGH, &[(0, Kind::Racy, None), (2, Kind::Racy, None)], &[]);
    let found = explore(&tests, true, THOROUGH, LONG);
    let suspects = &found.confirmed.findings[0].explanation.suspects;
    assert_eq!(*suspects, [Suspect { channel: Env, name: "MODE".into(), tests: vec![2] }]);
    // All on threads five times, then this pair ten times, and in both orders one after the other.
    let done = Effort { processes: 5 + 10 + 2, tests: 5 * 3 + 10 * 2 + 2 * 2 };
    assert_eq!(found.news.last(), Some(&News::Done(Step::OnThreads, done)));
    // Nobody changes what it uses.
    check(&[Holds, Passes, Passes], THOROUGH, &[], &[]);
    // One after the other is enough.
    check(
        &[Holds, Passes, Follows],
        THOROUGH,
        &[(2, Kind::Victim, Some(&[0, 2])), (0, Kind::Racy, None)],
        &[],
    );
    // It minds the tracer, and not the other test.
    check(&[Hides, Passes, Holds], THOROUGH, &[(2, Kind::Racy, None)], &[]);
}

#[test]
fn prediction() {
    use Does::{Clears, NeedsNone, NeedsState, Passes, Sets};
    check(&[NeedsNone, Passes, Sets], PREDICT, &[(0, Kind::Victim, Some(&[2, 0]))], &[]);
    check(&[NeedsState, Passes, Sets], PREDICT, &[(0, Kind::Brittle, Some(&[2, 0]))], &[]);
    // Neither order of all tests shows this one: what is set is always cleared before it.
    let hidden = [Sets, Clears, NeedsNone, Clears, Sets];
    check(&hidden, THOROUGH, &[(2, Kind::Victim, Some(&[0, 2]))], &[]);
    check(&hidden, PREDICT, &[(2, Kind::Victim, Some(&[4, 2]))], &[]);
}

#[test]
fn a_reverse_costs_no_more_than_the_leg() {
    let found = explore(&[Does::Passes; 4], true, THOROUGH, LONG);
    let effort = |processes, tests| Effort { processes, tests };
    let begun = [Step::Reversed, Step::Predicted, Step::Twice, Step::OnThreads];
    // Nobody leaves anything, so one look at that is all that there is to predict.
    let done = [effort(1, 4), effort(1, 4), effort(1, 8), effort(5, 20)];
    let expected: Vec<_> = begun
        .into_iter()
        .zip(done)
        .flat_map(|(step, effort)| [News::Begins(step), News::Done(step, effort)])
        .collect();
    assert_eq!(found.news, expected);
}

#[test]
fn without_other_orders_that_is_said() {
    let found = explore(&[Does::NeedsNone, Does::Sets], false, THOROUGH, LONG);
    assert_eq!(found.confirmed.findings, []);
    assert_eq!(found.limits, [Limit { binary: 0, lost: Lost::Orders }]);
}

#[test]
fn what_ran_less_than_it_should_says_nothing() {
    for tests in [[Does::NeedsNone, Does::Sets], [Does::SetsOnce, Does::Passes]] {
        let found = explore_on(Machine { unsteady: true, ..Machine::new(&tests) }, THOROUGH, LONG);
        assert_eq!(found.confirmed.findings, []);
        assert_eq!(found.limits, [Limit { binary: 0, lost: Lost::Orders }]);
    }
}

#[test]
fn what_tells_why_it_fails_is_not_looked_at() {
    // What a reverse, a second time, threads or another order would show, and what fails both ways.
    for test in [Does::NeedsNone, Does::SetsOnce, Does::NeedsQuiet, Does::NeedsState, Does::Fails] {
        let tests = [test, Does::Passes, Does::Sets];
        assert!(!explore(&tests, true, THOROUGH, LONG).is_empty());
        let explained = BTreeSet::from([TestId { binary: 0, test: 0 }]);
        let found = explore_on(Machine { explained, ..Machine::new(&tests) }, THOROUGH, LONG);
        assert!(found.is_empty());
    }
}

#[test]
fn without_time_nothing_is_claimed() {
    let tests = [Does::NeedsNone, Does::Sets, Does::NeedsQuiet];
    let extent = Extent { predict: true, ..THOROUGH };
    let found = explore(&tests, true, extent, Duration::ZERO);
    assert_eq!(found.confirmed.findings, []);
    assert_eq!(found.limits, [Limit { binary: 0, lost: Lost::Time }]);
}

#[test]
fn threads_have_time_of_their_own() {
    let begun = Instant::now();
    let deadline = begun + Duration::from_secs(40);
    let end = |extent: Extent, step| extent.end_of(step, begun, deadline) - begun;
    let thorough = Extent { thorough: true, ..Extent::default() };
    for step in [Step::Predicted, Step::Reversed, Step::Twice] {
        assert_eq!(end(thorough, step), Duration::from_secs(30));
    }
    assert_eq!(end(thorough, Step::OnThreads), Duration::from_secs(40));
    let predict = Extent { predict: true, ..Extent::default() };
    assert_eq!(end(predict, Step::Predicted), Duration::from_secs(40));
    // Too late to begin.
    assert_eq!(thorough.end_of(Step::Twice, deadline, begun), begun);
}

#[test]
fn tests_that_no_command_line_names_are_not_waited_for() {
    let tests = [Does::Passes, Does::NeedsQuiet, Does::Passes, Does::NeedsQuiet];
    let machine = Machine { room: 3, any_order: false, ..Machine::new(&tests) };
    let found = explore_on(machine, THOROUGH, LONG);
    let racy: Vec<_> =
        found.confirmed.findings.iter().map(|finding| (finding.test.test, finding.kind)).collect();
    assert_eq!(racy, [(1, Kind::Racy)]);
    assert!(found.limits.contains(&Limit { binary: 0, lost: Lost::NoRoom(1) }), "{:?}", found.limits);
}
