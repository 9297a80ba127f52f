//! Whole confirmations with a model of a machine in place of processes.

use super::{Confirmed, Confirmer, News};
use crate::error::Result;
use crate::finding::{Kind, Verdict};
use crate::run::{Environment, Executor, Observation, Pace, Schedule, run_legs};
use spawncheck::child::{Interrupt, Leak};
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
    /// Passes only where that state is.
    NeedsState,
    /// Passes only where it is not.
    NeedsNone,
    NeedsVariable,
    /// Fails because of a variable of the caller's.
    MindsVariable,
    /// Fails while another process runs it or its neighbours.
    NeedsQuiet,
    /// Fails every third time.
    Wavers,
    /// Fails so many times, and then passes.
    FailsAtFirst(u32),
    Leaks,
    Crashes,
    /// Passes, and its process ends badly after all results.
    EndsBadly,
    /// The same, unless something has set the state.
    EndsBadlyWithoutState,
    /// As `EndsBadly`, in a way that looks like a harness that tells of failures.
    EndsAsIfFailed,
}

struct Machine {
    tests: Vec<Does>,
    live: AtomicU32,
    runs: AtomicU32,
}

impl Machine {
    fn verdict(&self, does: Does, state: bool, environment: Environment) -> Verdict {
        let passes = match does {
            Does::Passes | Does::Sets | Does::Leaks => true,
            Does::EndsBadly | Does::EndsBadlyWithoutState | Does::EndsAsIfFailed => true,
            Does::Crashes => return Verdict::Crashed,
            Does::Fails => false,
            Does::NeedsState => state,
            Does::NeedsNone => !state,
            Does::NeedsVariable => environment == Environment::Inherited,
            Does::MindsVariable => environment == Environment::Sealed,
            Does::NeedsQuiet => {
                let quiet = || self.live.load(Ordering::SeqCst) < 2;
                let before = quiet();
                // Long enough for the other worker to come along.
                std::thread::sleep(Duration::from_millis(200));
                before && quiet()
            }
            Does::FailsAtFirst(times) => self.runs.fetch_add(1, Ordering::SeqCst) >= times,
            Does::Wavers => !self.runs.fetch_add(1, Ordering::SeqCst).is_multiple_of(3),
        };
        if passes { Verdict::Passed } else { Verdict::Failed }
    }
}

impl Machine {
    /// What is known after the end of a process.
    fn end(&self, state: bool, observations: &mut [Observation]) {
        let has = |verdict| observations.iter().any(|observation| observation.verdict == verdict);
        let (failed, crashed) = (has(Verdict::Failed), has(Verdict::Crashed));
        let is_bad = observations.iter().any(|observation| match self.tests[observation.test] {
            Does::EndsBadly => true,
            Does::EndsBadlyWithoutState => !state,
            Does::EndsAsIfFailed => !failed,
            _ => false,
        });
        if crashed || !is_bad {
            return;
        }
        let alone = observations.len() == 1;
        for observation in observations.iter_mut().filter(|seen| seen.verdict == Verdict::Passed) {
            observation.bad_end = Some("exited: 3".into());
            observation.verdict = if alone { Verdict::Crashed } else { Verdict::Passed };
        }
    }
}

impl Executor for Machine {
    fn execute(
        &self,
        schedule: &Schedule,
        finished: &mut dyn FnMut(&Observation),
    ) -> Result<Vec<Observation>> {
        self.live.fetch_add(1, Ordering::SeqCst);
        let mut state = false;
        let mut observations = Vec::new();
        for test in schedule.tests.iter().copied() {
            let does = self.tests[test];
            let verdict = self.verdict(does, state, schedule.environment);
            state |= does == Does::Sets;
            let leak = (does == Does::Leaks && schedule.tests.len() == 1).then_some(Leak::Process);
            let output = if verdict == Verdict::Failed { "why".to_owned() } else { String::new() };
            let observation = Observation {
                test,
                verdict,
                duration: Duration::from_millis(1),
                leak,
                output,
                bad_end: None,
            };
            finished(&observation);
            observations.push(observation);
            if verdict == Verdict::Crashed {
                break;
            }
        }
        self.end(state, &mut observations);
        self.live.fetch_sub(1, Ordering::SeqCst);
        Ok(observations)
    }
}

fn run(tests: &[Does], budget: Duration) -> Confirmed {
    run_with_retries(tests, budget, 0).0
}

/// And the numbers of the retries, each with whether it passed.
fn run_with_retries(tests: &[Does], budget: Duration, retries: u32) -> (Confirmed, Vec<(u32, bool)>) {
    let machine = Machine { tests: tests.to_vec(), live: AtomicU32::new(0), runs: AtomicU32::new(0) };
    let schedule =
        Schedule { binary: 0, tests: (0..tests.len()).collect(), environment: Environment::Inherited };
    let schedules = [schedule];
    let interrupt = Interrupt::new().unwrap();
    let legs =
        run_legs(&machine, &schedules, &|_| true, Environment::Sealed, Pace::all(2), &interrupt, |_| Ok(()));
    let confirmer = Confirmer {
        executor: &machine,
        schedules: &schedules,
        environment: Environment::Sealed,
        workers: 2,
        deadline: Instant::now() + budget,
        explained: &BTreeSet::new(),
        retries,
    };
    let mut told = Vec::new();
    let mut progress = |news: News<'_>| {
        if let News::Retried { attempt, observation, .. } = news {
            told.push((attempt, observation.verdict == Verdict::Passed));
        }
    };
    let confirmed = confirmer.confirm(&legs, &mut progress).unwrap();
    (confirmed, told)
}

#[track_caller]
fn check(tests: &[Does], findings: &[(usize, Kind)], failures: &[usize]) {
    let confirmed = run(tests, Duration::from_secs(600));
    let found: Vec<_> = confirmed.findings.iter().map(|finding| (finding.test.test, finding.kind)).collect();
    assert_eq!(found, findings);
    assert_eq!(confirmed.failures.iter().map(|failure| failure.test.test).collect::<Vec<_>>(), failures);
    assert_eq!(confirmed.unconfirmed, []);
}

#[test]
fn nothing_to_confirm() {
    check(&[Does::Passes, Does::Sets], &[], &[]);
}

#[test]
fn inherited_state() {
    check(
        &[Does::NeedsNone, Does::Sets, Does::NeedsState, Does::NeedsNone],
        &[(2, Kind::Brittle), (3, Kind::Victim)],
        &[],
    );
}

#[test]
fn what_is_no_inherited_state() {
    check(&[Does::Fails, Does::Passes], &[], &[0]);
    check(&[Does::Sets, Does::NeedsVariable], &[(1, Kind::Environment)], &[]);
    check(&[Does::Sets, Does::MindsVariable], &[(1, Kind::Environment)], &[]);
    check(&[Does::Leaks, Does::Fails], &[(0, Kind::Leak)], &[1]);
    check(&[Does::Wavers], &[(0, Kind::Flaky)], &[]);
    check(&[Does::NeedsQuiet, Does::NeedsQuiet], &[(0, Kind::Contention), (1, Kind::Contention)], &[]);
}

/// What others do beside it does not make it brittle, or flaky.
#[test]
fn a_bad_end_among_others_that_fail() {
    check(&[Does::Fails, Does::EndsBadly], &[], &[0, 1]);
    check(&[Does::EndsBadly, Does::Fails], &[], &[0, 1]);
    // The first run comes to no end of its own, nor do repeats up to the one that crashes.
    check(&[Does::EndsBadly, Does::Crashes], &[], &[0, 1]);
    check(&[Does::Crashes, Does::EndsBadly], &[], &[0, 1]);
    check(
        &[Does::Fails, Does::Crashes, Does::Sets, Does::EndsBadlyWithoutState],
        &[(3, Kind::Brittle)],
        &[0, 1],
    );
    // It cannot be told whether it would have.
    let confirmed = run(&[Does::Fails, Does::EndsAsIfFailed], Duration::from_secs(600));
    assert_eq!((confirmed.findings.len(), confirmed.failures.len()), (0, 1));
    assert_eq!(confirmed.unconfirmed.iter().map(|id| id.test).collect::<Vec<_>>(), [1]);
}

#[test]
fn without_time_nothing_is_claimed() {
    let confirmed = run(&[Does::Sets, Does::NeedsState, Does::Leaks, Does::Passes], Duration::ZERO);
    assert_eq!(confirmed.findings, []);
    assert_eq!(confirmed.unconfirmed.iter().map(|id| id.test).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn a_finding_shows_what_the_failing_leg_wrote() {
    let confirmed = run(&[Does::Sets, Does::NeedsState], Duration::from_secs(600));
    let finding = &confirmed.findings[0];
    assert_eq!((finding.in_process, finding.spawned), (Verdict::Passed, Verdict::Failed));
    assert_eq!(finding.evidence.as_ref().unwrap().text, "why");
}

/// Both legs and the run alone that confirms them are three failures.
#[test]
fn one_pass_in_a_retry_is_flaky() {
    let budget = Duration::from_secs(600);
    let (confirmed, told) = run_with_retries(&[Does::FailsAtFirst(4)], budget, 3);
    assert_eq!(told, [(2, false), (3, true)]);
    assert_eq!((confirmed.findings[0].kind, confirmed.failures.len()), (Kind::Flaky, 0));

    let (confirmed, told) = run_with_retries(&[Does::FailsAtFirst(4)], budget, 1);
    assert_eq!(told, [(2, false)]);
    assert_eq!((confirmed.findings.len(), confirmed.failures.len()), (0, 1));
}

#[test]
fn no_retry_for_what_is_no_failure() {
    let tests = [Does::NeedsNone, Does::Sets, Does::NeedsState, Does::NeedsNone];
    let (confirmed, told) = run_with_retries(&tests, Duration::from_secs(600), 9);
    assert_eq!(told, []);
    let kinds: Vec<_> = confirmed.findings.iter().map(|finding| finding.kind).collect();
    assert_eq!(kinds, [Kind::Brittle, Kind::Victim]);
}
