//! The legs with a script in place of processes.

use super::arguments::{Call, MAX_BYTES, call};
use super::{Environment, Executor, MaxFail, Observation, Pace, Schedule, execute_all, run_legs};
use crate::args::FilterArgs;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::finding::{Leg, Verdict};
use crate::suite::tests::{binary, suite};
use crate::suite::{Dialect, RunIgnored, TestId};
use spawncheck::child::Interrupt;
use std::sync::Mutex;
use std::time::Duration;

/// Crashes at the tests named here, and notes what it was asked to run.
struct Script {
    crashes: Vec<usize>,
    fails_to_start: bool,
    asked: Mutex<Vec<Vec<usize>>>,
}

impl Script {
    fn crashing_at(crashes: &[usize]) -> Self {
        Self { crashes: crashes.to_vec(), fails_to_start: false, asked: Mutex::new(Vec::new()) }
    }
}

impl Executor for Script {
    fn execute(
        &self,
        schedule: &Schedule,
        finished: &mut dyn FnMut(&Observation),
    ) -> Result<Vec<Observation>> {
        if self.fails_to_start {
            return Err(Error::new(ExitCode::Setup, "no"));
        }
        self.asked.lock().unwrap().push(schedule.tests.clone());
        let mut observations = Vec::new();
        for test in schedule.tests.iter().copied() {
            let crash = self.crashes.contains(&test);
            let verdict = if crash { Verdict::Crashed } else { Verdict::Passed };
            let observation = Observation {
                test,
                verdict,
                duration: Duration::ZERO,
                leak: None,
                output: String::new(),
                bad_end: None,
            };
            finished(&observation);
            observations.push(observation);
            if crash {
                break;
            }
        }
        Ok(observations)
    }
}

fn schedule(tests: usize) -> Schedule {
    Schedule { binary: 0, tests: (0..tests).collect(), environment: Environment::Inherited }
}

#[test]
fn a_crash_costs_one_test() {
    let script = Script::crashing_at(&[1, 2, 4]);
    let mut seen = Vec::new();
    let all = execute_all(&script, schedule(5), &mut |observation| seen.push(observation.test)).unwrap();
    assert_eq!(all.iter().map(|observation| observation.test).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    assert_eq!(seen, [0, 1, 2, 3, 4]);
    let asked = script.asked.into_inner().unwrap();
    assert_eq!(asked, [vec![0, 1, 2, 3, 4], vec![2, 3, 4], vec![3, 4]]);
}

#[test]
fn both_legs_run_everything() {
    let script = Script::crashing_at(&[2]);
    let mut finished = Vec::new();
    let interrupt = Interrupt::new().unwrap();
    let legs =
        run_legs(&script, &[schedule(4)], &|_| true, Environment::Sealed, Pace::all(2), &interrupt, |seen| {
            if !seen.complete {
                finished.push((seen.leg, seen.id.test));
            }
            Ok(())
        });
    assert!(legs.stopped.is_none());
    assert_eq!(finished.len(), 8);
    for test in 0..4 {
        for leg in [Leg::InProcess, Leg::Spawned] {
            let expected = if test == 2 { Verdict::Crashed } else { Verdict::Passed };
            assert_eq!(legs.get(leg, TestId { binary: 0, test }).unwrap().verdict, expected);
        }
    }
}

/// One worker, so that what comes after is certain.
#[test]
fn enough_failures_start_no_further_process() {
    let script = Script::crashing_at(&[1, 3]);
    let interrupt = Interrupt::new().unwrap();
    let pace = Pace { workers: 1, max_fail: MaxFail::FIRST };
    let legs =
        run_legs(&script, &[schedule(5)], &|_| true, Environment::Sealed, pace, &interrupt, |_| Ok(()));
    assert!(legs.cut_short && legs.stopped.is_none());
    let ran = |leg| (0..5).filter(|test| legs.get(leg, TestId { binary: 0, test: *test }).is_some()).count();
    assert_eq!((ran(Leg::InProcess), ran(Leg::Spawned)), (5, 2));

    // Enough, but nothing was left to run.
    let script = Script::crashing_at(&[4]);
    let legs =
        run_legs(&script, &[schedule(5)], &|_| true, Environment::Sealed, pace, &interrupt, |_| Ok(()));
    assert!(!legs.cut_short);
}

#[test]
fn a_report_that_cannot_be_written_stops_the_run() {
    let script = Script::crashing_at(&[]);
    let interrupt = Interrupt::new().unwrap();
    let legs =
        run_legs(&script, &[schedule(3)], &|_| true, Environment::Sealed, Pace::all(1), &interrupt, |_| {
            Err(Error::already_reported(ExitCode::WriteFailed))
        });
    assert_eq!(legs.stopped.unwrap().code(), ExitCode::WriteFailed);
    assert!(interrupt.is_raised());
}

#[test]
fn a_process_that_cannot_be_started_stops_the_run() {
    let script = Script { fails_to_start: true, ..Script::crashing_at(&[]) };
    let interrupt = Interrupt::new().unwrap();
    let legs =
        run_legs(&script, &[schedule(3)], &|_| true, Environment::Sealed, Pace::all(2), &interrupt, |_| {
            Ok(())
        });
    assert_eq!(legs.stopped.unwrap().code(), ExitCode::Setup);
}

/// `tests` are names, ignored ones with a `!` in front.
#[track_caller]
fn check_call(
    dialect: Dialect,
    tests: &[&str],
    filter: FilterArgs,
    wanted: &[usize],
    args: &str,
    runs: &[usize],
) {
    let mut suite = suite([binary("p", dialect, tests)]);
    crate::select::select(&mut suite, &filter);
    let expected = Call { args: args.split_whitespace().map(Into::into).collect(), runs: runs.to_vec() };
    assert_eq!(call(&suite.binaries[0], &filter, wanted), expected);
}

fn filters(filters: &[&str]) -> FilterArgs {
    FilterArgs {
        filters: filters.iter().map(|filter| (*filter).to_owned()).collect(),
        ..FilterArgs::default()
    }
}

#[test]
fn calls() {
    use Dialect::{Libtest, Mimic};
    let tests = ["a", "!b", "c", "dd"];
    let all = FilterArgs { run_ignored: RunIgnored::All, ..FilterArgs::default() };
    let only = FilterArgs { run_ignored: RunIgnored::Only, ..FilterArgs::default() };
    // Everything: no filter at all.
    check_call(Libtest, &tests, filters(&[]), &[0, 2, 3], "", &[0, 2, 3]);
    check_call(Libtest, &tests, all.clone(), &[0, 1, 2, 3], "--include-ignored", &[0, 1, 2, 3]);
    check_call(Libtest, &["!a", "b", "!c"], only.clone(), &[0, 2], "--ignored", &[0, 2]);
    // The user's selection: the user's filters.
    check_call(Libtest, &tests, filters(&["a", "d"]), &[0, 3], "-- a d", &[0, 3]);
    check_call(Libtest, &tests, filters(&["a", "b", "d"]), &[0, 3], "-- a b d", &[0, 3]);
    check_call(Mimic, &tests, filters(&["a", "d"]), &[0, 3], "--exact --skip=b --skip=c", &[0, 3]);
    // One test, or what is left after a crash.
    check_call(Libtest, &tests, filters(&[]), &[3], "--exact -- dd", &[3]);
    check_call(Mimic, &tests, filters(&[]), &[2], "--exact -- c", &[2]);
    check_call(Mimic, &tests, all.clone(), &[1, 2, 3], "--include-ignored --exact --skip=a", &[1, 2, 3]);
    check_call(Libtest, &["a", "b", "c", "d"], filters(&[]), &[1, 2, 3], "--exact --skip=a", &[1, 2, 3]);
    check_call(Libtest, &tests, only, &[1], "--ignored --exact -- b", &[1]);
    check_call(Libtest, &tests, all, &[1], "--include-ignored --exact -- b", &[1]);
    // What is not in the binary's own order ends where that does.
    check_call(Libtest, &tests, filters(&[]), &[2, 3, 0], "--exact --skip=a --skip=b", &[2, 3]);
    check_call(Libtest, &tests, filters(&[]), &[2, 2], "--exact -- c", &[2]);
}

#[test]
fn a_command_line_has_an_end() {
    let names: Vec<String> = (0..4000).map(|index| format!("{index:0100}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let suite = suite([binary("p", Dialect::Libtest, &names)]);
    // Every second one: neither the list of names nor its complement fits.
    let wanted: Vec<usize> = (0..4000).step_by(2).collect();
    let call = call(&suite.binaries[0], &FilterArgs::default(), &wanted);
    // Each with a flag and a separator.
    assert_eq!(call.runs, wanted[..MAX_BYTES / 108]);
}

#[test]
fn one_name_is_given_in_any_case() {
    let long = "n".repeat(MAX_BYTES);
    let suite = suite([binary("p", Dialect::Libtest, &[&long, "b", &long, "d", &long])]);
    assert_eq!(call(&suite.binaries[0], &FilterArgs::default(), &[0, 1, 3]).runs, [0]);
    assert_eq!(call(&suite.binaries[0], &FilterArgs::default(), &[1, 2, 3]).runs, [1]);
}

#[test]
fn old_filters_have_no_kinds() {
    let mut binary = binary("p", Dialect::Mimic, &["[unit] a", "b"]);
    let filter = FilterArgs::default();
    assert_eq!(call(&binary, &filter, &[0]).args, ["--exact", "--", "[unit] a"]);
    binary.bare_filters = true;
    assert_eq!(call(&binary, &filter, &[0]).args, ["--exact", "--", "a"]);
    assert_eq!(call(&binary, &filter, &[1]).args, ["--exact", "--", "b"]);
}

/// All tests of a process pass, and then it ends badly, for the sake of one of them if any.
struct BadEnd {
    responsible: Option<usize>,
}

impl Executor for BadEnd {
    fn execute(
        &self,
        schedule: &Schedule,
        finished: &mut dyn FnMut(&Observation),
    ) -> Result<Vec<Observation>> {
        let alone = schedule.tests.len() == 1;
        let ends_badly = !alone || self.responsible == Some(schedule.tests[0]);
        let observation = |test: usize| Observation {
            test,
            verdict: if alone && ends_badly { Verdict::Crashed } else { Verdict::Passed },
            duration: Duration::ZERO,
            leak: None,
            output: String::new(),
            bad_end: ends_badly.then(|| "exit code 1".to_owned()),
        };
        let observations: Vec<_> = schedule.tests.iter().copied().map(observation).collect();
        observations.iter().for_each(finished);
        Ok(observations)
    }
}

/// Of four tests, each shard judges two. Returns how many shards tell of a bad end, and what is said of each test.
fn shards(executor: &BadEnd) -> (usize, Vec<[Verdict; 2]>) {
    let (mut told, mut verdicts) = (0, Vec::new());
    for own in [0..2, 2..4] {
        let judged = |id: TestId| own.contains(&id.test);
        let interrupt = Interrupt::new().unwrap();
        let mut heard = Vec::new();
        let legs = run_legs(
            executor,
            &[schedule(4)],
            &judged,
            Environment::Sealed,
            Pace::all(1),
            &interrupt,
            |seen| {
                if !seen.complete {
                    heard.push((seen.leg, seen.id.test));
                }
                Ok(())
            },
        );
        told += legs.bad_ends.len();
        let spawned = heard.iter().filter(|(leg, _)| *leg == Leg::Spawned).map(|(_, test)| *test);
        assert!(spawned.eq(own.clone()), "{heard:?}");
        for test in 0..4 {
            let verdict = |leg| legs.get(leg, TestId { binary: 0, test }).map(|seen| seen.verdict);
            let both = [Leg::InProcess, Leg::Spawned].map(verdict);
            match own.contains(&test) {
                true => verdicts.push(both.map(Option::unwrap)),
                false => assert_eq!(both[1], None),
            }
        }
    }
    (told, verdicts)
}

/// As in one run: by one shard, or by none where a test answers for it, whose ever that is.
#[test]
fn a_bad_end_is_told_once() {
    use Verdict::{Crashed, Passed};
    let all_pass = vec![[Passed; 2]; 4];
    assert_eq!(shards(&BadEnd { responsible: None }), (1, all_pass.clone()));
    for responsible in 0..4 {
        let mut expected = all_pass.clone();
        expected[responsible] = [Crashed; 2];
        assert_eq!(shards(&BadEnd { responsible: Some(responsible) }), (0, expected), "{responsible}");
    }
}
