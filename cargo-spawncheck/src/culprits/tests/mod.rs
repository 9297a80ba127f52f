//! The search with a machine in memory in place of processes.

mod machine;

use super::{Budget, Detective, Progress};
use crate::error::Result;
use crate::exit::ExitCode;
use crate::explanation::{Culprits, Explanation};
use crate::finding::{Finding, Kind, Leg, Level, Levels};
use crate::run::{Environment, Pace, Schedule, run_legs};
use crate::suite::tests::{binary, suite};
use crate::suite::{Dialect, TestId};
use machine::Does::{
    self, Clears, Crashes, CrashesWithout, EndsAsIfFailedWithout, EndsBadlyWithout, Minds, MindsAtTimes,
    Needs, Nothing, Sets,
};
use machine::{Machine, Sees};
use spawncheck::child::Interrupt;
use std::time::Duration;

const BUDGET: Budget = Budget { runs: 200, time: Duration::from_secs(600) };

/// Both legs of the machine, and the explanations of what differs in them.
fn explain(machine: &mut Machine, workers: usize, budget: Budget) -> Vec<(TestId, Explanation)> {
    let (mut findings, result) = search(machine, workers, budget, false);
    result.unwrap();
    findings.sort_by_key(|finding| finding.test);
    findings.into_iter().map(|finding| (finding.test, finding.explanation)).collect()
}

fn search(
    machine: &mut Machine,
    workers: usize,
    budget: Budget,
    breaks: bool,
) -> (Vec<Finding>, Result<Vec<Progress>>) {
    machine.broken = false;
    let schedules: Vec<_> = (0..machine.binaries.len())
        .map(|binary| Schedule {
            binary,
            tests: (0..machine.binaries[binary].len()).collect(),
            environment: Environment::Inherited,
        })
        .collect();
    let interrupt = Interrupt::new().unwrap();
    let legs =
        run_legs(machine, &schedules, &|_| true, Environment::Sealed, Pace::all(1), &interrupt, |_| Ok(()));
    let verdict = |leg, id| legs.get(leg, id).unwrap().verdict;
    let mut findings: Vec<_> = schedules
        .iter()
        .flat_map(Schedule::ids)
        .map(|test| (test, verdict(Leg::InProcess, test), verdict(Leg::Spawned, test)))
        .filter(|(_, in_process, spawned)| in_process.is_bad() != spawned.is_bad())
        .map(|(test, in_process, spawned)| {
            let kind = if spawned.is_bad() { Kind::Brittle } else { Kind::Victim };
            let explanation = Explanation::default();
            Finding { kind, test, in_process, spawned, evidence: None, schedule: None, explanation }
        })
        .collect();
    machine.broken = breaks;
    machine.asked.get_mut().unwrap().clear();
    let suite = suite(machine.binaries.iter().map(|tests| {
        let names: Vec<_> = (0..tests.len()).map(|test| format!("t{test}")).collect();
        binary("p", Dialect::Libtest, &names.iter().map(String::as_str).collect::<Vec<_>>())
    }));
    let mut levels = Levels::default();
    levels.set(Kind::Brittle, Level::Warn);
    let detective = Detective {
        executor: machine,
        changers: &|schedule| Ok(machine.changers(schedule)),
        suite: &suite,
        schedules: &schedules,
        legs: &legs,
        levels: &levels,
        workers,
        budget,
    };
    let mut progress = Vec::new();
    let result = detective.explain(&mut findings, &mut |news| progress.push(news));
    (findings, result.map(|()| progress))
}

/// Explanations of the findings of one binary.
fn of(tests: &[Does]) -> Vec<(usize, Explanation)> {
    let mut machine = Machine { binaries: vec![tests.to_vec()], ..Machine::default() };
    let all = explain(&mut machine, 1, BUDGET);
    let asked = machine.asked.get_mut().unwrap();
    assert!(asked.iter().all(|schedule| schedule.environment == Environment::Probing));
    all.into_iter().map(|(id, explanation)| (id.test, explanation)).collect()
}

/// The one finding, its culprits, and the notes.
#[track_caller]
fn check(tests: &[Does], finding: usize, culprits: &[usize], candidates: usize, notes: &[&str]) {
    let [(test, explanation)] = &of(tests)[..] else { panic!("no or several findings") };
    assert_eq!(*test, finding);
    assert_eq!(explanation.notes, notes);
    let found = explanation.culprits.as_ref();
    assert_eq!(found.map_or(&[][..], |culprits| &culprits.tests), culprits);
    assert!(found.is_none_or(|found| found.candidates == candidates && found.minimal == notes.is_empty()));
}

#[test]
fn brittle_and_victim() {
    check(&[Nothing, Sets(1), Nothing, Needs(1)], 3, &[1], 3, &[]);
    check(&[Nothing, Sets(1), Clears(1), Nothing, Sets(1), Nothing, Minds(1), Nothing], 6, &[4], 6, &[]);
    check(&[Sets(1), Nothing, Sets(2), Nothing, Needs(3)], 4, &[0, 2], 4, &[]);
}

#[test]
fn only_what_ran_in_the_same_process() {
    // One that is to blame for a bad end after all results has not ended it before them.
    check(&[Sets(1), EndsBadlyWithout(2), Needs(1)], 2, &[0], 2, &[]);
    // Both processes have a setter; the second one is the victim's.
    check(&[Sets(1), Nothing, Crashes, Nothing, Sets(1), Minds(1)], 5, &[4], 2, &[]);
    let mut machine = Machine {
        binaries: vec![vec![Sets(1), Nothing, Sets(1), Nothing, Minds(1)]],
        reach: Some(2),
        ..Machine::default()
    };
    // The victim begins the third process: the legs do not even differ.
    assert_eq!(explain(&mut machine, 1, BUDGET), []);
    machine.reach = Some(3);
    machine.binaries[0].insert(3, Sets(1));
    let (id, explanation) = explain(&mut machine, 1, BUDGET).remove(0);
    assert_eq!((id.test, explanation.culprits.as_ref().unwrap().candidates), (5, 2));
    assert_eq!(explanation.culprits.unwrap().tests, [3]);
}

#[test]
fn what_does_not_fit_into_one_process_is_not_run() {
    let mut tests = vec![Nothing; 41];
    (tests[7], tests[40]) = (Sets(1), Minds(1));
    let mut machine = Machine { binaries: vec![tests], reach: Some(10), whole: true, ..Machine::default() };
    let (_, explanation) = explain(&mut machine, 1, BUDGET).remove(0);
    let Culprits { tests, minimal, runs, .. } = explanation.culprits.unwrap();
    let asked = machine.asked.get_mut().unwrap();
    assert_eq!((tests, minimal, runs), (vec![7], true, asked.len()));
    assert!(asked.iter().all(|schedule| schedule.tests.len() <= 10), "{asked:?}");
}

#[test]
fn a_process_that_ends_badly_after_all_results() {
    check(&[Nothing, Sets(1), Nothing, EndsBadlyWithout(1)], 3, &[1], 3, &[]);
}

/// After one that fails it passes as after its setter, because how its process would have ended cannot be seen.
#[test]
fn a_failure_that_hides_the_end_is_no_culprit() {
    let all = of(&[Nothing, Sets(1), Nothing, Needs(2), EndsAsIfFailedWithout(1)]);
    let [(4, explanation)] = &all[..] else { panic!("{all:?}") };
    assert_eq!(explanation.culprits.as_ref().unwrap().tests, [1]);
}

#[test]
fn culprits_that_need_culprits() {
    let note = "whether it takes `t0` cannot be seen: without it, the process ends before";
    let all = of(&[Sets(1), Nothing, CrashesWithout(1, 2), Nothing, Minds(2)]);
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].1.culprits.as_ref().unwrap().tests, [0]);
    let (test, Explanation { culprits, notes, .. }) = &all[1];
    let culprits = culprits.as_ref().unwrap();
    assert_eq!((*test, &culprits.tests[..], culprits.minimal), (4, &[0, 2][..], false));
    assert_eq!(notes, &[note]);
}

#[test]
fn flaky_after_its_culprit() {
    check(&[Sets(1), MindsAtTimes(1)], 1, &[], 1, &["its verdict changes between identical runs after `t0`"]);
    // What else there is to find is found.
    let all = of(&[Sets(1), Sets(2), Minds(2), MindsAtTimes(1)]);
    assert_eq!(all[0].1.culprits.as_ref().unwrap().tests, [1]);
    assert_eq!((all.len(), &all[1].1.culprits), (2, &None));
}

#[test]
fn disturbed_by_company() {
    let binaries = vec![vec![Sets(1), Does::MindsInQuiet(1)]; 2];
    let all = explain(&mut Machine { binaries, ..Machine::default() }, 2, BUDGET);
    assert_eq!(all.len(), 2);
    for (_, explanation) in all {
        assert_eq!(explanation.culprits.unwrap().tests, [0]);
    }
}

#[test]
fn many_victims_of_one_culprit_share_the_work() {
    let tests = |binary: u8| {
        let mut tests = vec![Nothing; 100];
        tests[40 + usize::from(binary)] = Sets(1);
        tests.extend([Minds(1); 50]);
        tests
    };
    let mut machine = Machine { binaries: vec![tests(0), tests(1)], ..Machine::default() };
    let all = explain(&mut machine, 3, BUDGET);
    assert_eq!(all.len(), 100);
    let mut runs = 0;
    for (id, explanation) in all {
        let Culprits { tests, minimal, runs: own, .. } = explanation.culprits.unwrap();
        assert_eq!((tests, minimal), (vec![40 + id.binary], true));
        runs += own;
    }
    assert_eq!(runs, machine.asked.get_mut().unwrap().len());
    // Three workers may each begin with a binary of which nothing is known yet.
    assert!(runs <= 6 * 12 + 94 * 4, "{runs} runs");
}

/// How many runs it takes for each finding in a binary of a thousand tests in which the last two fail after one of two others, each.
fn with_hints(sees: Sees, duration: Duration) -> Vec<usize> {
    let mut tests = vec![Nothing; 1000];
    (tests[123], tests[456], tests[457]) = (Sets(1), Sets(2), Sets(4));
    (tests[998], tests[999]) = (Minds(1), Minds(2));
    let mut machine = Machine { binaries: vec![tests], sees, duration, ..Machine::default() };
    let all = explain(&mut machine, 1, BUDGET);
    let found: Vec<_> = all.iter().filter_map(|(_, explanation)| explanation.culprits.clone()).collect();
    assert_eq!(found.iter().map(|culprits| &culprits.tests[..]).collect::<Vec<_>>(), [[123], [456]]);
    assert!(found.iter().all(|culprits| culprits.minimal));
    let asked = machine.asked.get_mut().unwrap();
    assert_eq!(found.iter().map(|culprits| culprits.runs).sum::<usize>(), asked.len());
    found.iter().map(|culprits| culprits.runs).collect()
}

/// One look at all tests shows three that can matter.
#[test]
fn what_changes_nothing_is_not_tried() {
    assert_eq!(with_hints(Sees::Changes, Duration::ZERO), [7, 8]);
    // All of them take half of the time.
    assert_eq!(with_hints(Sees::Changes, BUDGET.time / 2000), [7, 8]);
    let without = with_hints(Sees::NotAtAll, Duration::ZERO);
    assert_eq!(with_hints(Sees::Changes, BUDGET.time / 1900), without);
}

#[test]
fn a_look_that_misleads_costs_no_more_than_there_is_to_spare() {
    for sees in [Sees::Other, Sees::Nothing, Sees::NotAtAll] {
        let runs = with_hints(sees, Duration::ZERO);
        assert!(runs.iter().all(|runs| *runs <= 14), "{runs:?}");
    }
}

#[test]
fn spent_budgets() {
    let mut machine =
        Machine { binaries: vec![[&[Sets(1); 20][..], &[Minds(1)]].concat()], ..Machine::default() };
    let (_, explanation) = explain(&mut machine, 1, Budget { runs: 4, ..BUDGET }).remove(0);
    let Culprits { tests, minimal, runs, .. } = explanation.culprits.unwrap();
    assert_eq!((tests, minimal, runs), ((15..20).collect(), false, 4));
    assert_eq!(
        explanation.notes,
        ["stopped after 4 runs: fewer than these 5 may do (hint: see --culprit-runs)"]
    );

    let (_, explanation) = explain(&mut machine, 1, Budget { time: Duration::ZERO, ..BUDGET }).remove(0);
    assert_eq!(explanation.culprits, None);
    let note = "stopped after 0ns (0 runs): no part of the 20 tests before it was found to do (hint: see --culprit-time)";
    assert_eq!(explanation.notes, [note]);
    // Turned off, it is not even mentioned.
    let (_, explanation) = explain(&mut machine, 1, Budget { runs: 0, ..BUDGET }).remove(0);
    assert_eq!(explanation, Explanation::default());
    assert_eq!(machine.asked.get_mut().unwrap().len(), 0);
}

#[test]
fn what_is_broken_stops_everything() {
    let mut machine = Machine { binaries: vec![vec![Sets(1), Minds(1), Minds(1)]], ..Machine::default() };
    let (findings, result) = search(&mut machine, 2, BUDGET, true);
    assert_eq!(result.unwrap_err().code(), ExitCode::Interrupted);
    assert!(findings.iter().all(|finding| finding.explanation == Explanation::default()));
    let (_, result) = search(&mut machine, 2, BUDGET, false);
    let done: Vec<_> = result.unwrap().iter().map(|progress| (progress.done, progress.findings)).collect();
    assert_eq!(done, [(0, 2), (1, 2), (2, 2)]);
}
