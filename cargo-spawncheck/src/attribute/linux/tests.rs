//! What is seen in a process, and what a look costs, on this very test executable.

use super::changers::changers_up_to;
use super::mappings::Mappings;
use super::memory::Memory;
use super::objects::Images;
use super::state::State;
use crate::args::FilterArgs;
use crate::attribute::Watcher;
use crate::finding::Verdict;
use crate::footprint::Variables;
use crate::run::{Environment, Executor, Observation, Processes, Schedule};
use crate::suite::tests::{binary, suite};
use crate::suite::{Dialect, Launch, Stamp};
use crate::trace::{Next, Stopped, Trouble};
use spawncheck::child::Interrupt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const ROUNDS: usize = 101;

/// More than is read at a time, and nobody writes to it.
static UNTOUCHED: [AtomicU64; 1 << 19] = [const { AtomicU64::new(1) }; 1 << 19];

/// Set in a process that was started from here.
const STEERED: &str = "SPAWNCHECK_STEERED_SUBJECT";

/// Tests that are steered by those below; by themselves they say nothing.
mod subject {
    use std::env;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    #[test]
    fn uses_variables() {
        if env::var_os(super::STEERED).is_none() {
            return;
        }
        // SAFETY: no other thread of this process uses variables.
        unsafe {
            env::set_var("SPAWNCHECK_SUBJECT_SET", "yes");
            env::remove_var("SPAWNCHECK_SUBJECT_SET");
        }
        // Looked for in `PATH` by a child that still uses this memory.
        assert!(std::process::Command::new("true").status().unwrap().success());
        assert_eq!(env::var_os("SPAWNCHECK_SUBJECT_READ"), None);
    }

    static IS_AHEAD: AtomicBool = AtomicBool::new(false);

    #[test]
    fn goes_ahead() {
        std::thread::sleep(Duration::from_millis(50));
        IS_AHEAD.store(true, Ordering::SeqCst);
        assert_eq!(env::var_os("SPAWNCHECK_SUBJECT_READ"), None);
    }

    #[test]
    fn follows() {
        assert!(IS_AHEAD.load(Ordering::SeqCst) || env::var_os(super::STEERED).is_none());
    }

    #[test]
    fn leaves_nothing() {}

    static LEFT: AtomicBool = AtomicBool::new(false);

    #[test]
    fn leaves_a_static() {
        LEFT.store(true, Ordering::SeqCst);
    }

    #[test]
    fn leaves_a_variable() {
        if env::var_os(super::STEERED).is_some() {
            // SAFETY: no other thread of this process uses variables.
            unsafe { env::set_var(super::STEERED, "still") };
        }
    }

    #[test]
    fn leaves_a_directory() {
        if env::var_os(super::STEERED).is_some() {
            env::set_current_dir("/").unwrap();
        }
    }

    #[test]
    fn uses_many() {
        for number in 0..2000 {
            assert_eq!(env::var_os(format!("SPAWNCHECK_SUBJECT_{number}")), None);
        }
    }
}

/// This executable, its tests, and a folder for what runs.
fn on_this(work: impl FnOnce(&Processes<'_>, &[&str], &Path)) {
    let executable = std::env::current_exe().unwrap();
    let list = std::process::Command::new(&executable).args(["--list", "--format=terse"]).output().unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    let names: Vec<&str> = list.lines().filter_map(|line| line.strip_suffix(": test")).collect();
    let mut tested = binary("this", Dialect::Libtest, &names);
    let env: Vec<_> = std::env::vars_os().chain([(STEERED.into(), "yes".into())]).collect();
    let stamp = Stamp::of(&executable).unwrap();
    tested.launch =
        Launch { executable, dir: ".".into(), inherited: env.clone(), sealed: env, stamp, ..tested.launch };
    let suite = suite([tested]);
    let folder = tempfile::tempdir().unwrap();
    let interrupt = Interrupt::new().unwrap();
    let filter = FilterArgs::default();
    let processes = Processes::new(&suite, &filter, Duration::from_secs(60), folder.path(), &interrupt);
    work(&processes, &names, folder.path());
}

fn subjects(names: &[&str], wanted: &[&str]) -> Vec<usize> {
    let index = |subject: &&str| {
        let name = format!("attribute::linux::tests::subject::{subject}");
        names.iter().position(|known| *known == name).unwrap()
    };
    wanted.iter().map(index).collect()
}

#[test]
fn variables_are_noted_though_they_are_put_back() {
    on_this(|processes, names, folder| {
        let wanted = ["uses_variables", "uses_many", "uses_variables"];
        let tests = subjects(names, &wanted);
        let schedule = Schedule { binary: 0, tests, environment: Environment::Inherited };
        let watcher = Watcher::new(processes, folder);
        let footprints = watcher.footprints(&schedule, true).unwrap().unwrap();
        assert_eq!(footprints.len(), 3);
        for (footprint, subject) in footprints.iter().zip(wanted) {
            assert_eq!((footprint.verdict, &footprint.changes[..]), (Verdict::Passed, &[][..]), "{subject}");
            let read = |name: &str| footprint.variables.read.contains(name);
            let written: Vec<&str> = footprint.variables.written.iter().map(String::as_str).collect();
            if subject == "uses_many" {
                assert_eq!(written, [""; 0]);
                // Only so many: all would take too long.
                assert!(read("SPAWNCHECK_SUBJECT_0") && !read("SPAWNCHECK_SUBJECT_1999"));
            } else {
                assert_eq!(written, ["SPAWNCHECK_SUBJECT_SET"]);
                assert!(read("SPAWNCHECK_SUBJECT_READ") && !read("SPAWNCHECK_SUBJECT_0"), "{footprint:?}");
            }
        }
        let unasked = watcher.footprints(&schedule, false).unwrap().unwrap();
        assert!(unasked.iter().all(|footprint| footprint.variables == Variables::default()));
    });
}

#[test]
fn few_leave_something_in_a_long_list() {
    on_this(|processes, names, _| {
        let find = |name| subjects(names, &[name])[0];
        let leaving = ["leaves_a_static", "leaves_a_variable", "leaves_a_directory"].map(find);
        let (mut tests, nothing) = (vec![find("leaves_nothing"); 20], find("leaves_nothing"));
        tests.extend(leaving.iter().flat_map(|test| [*test, nothing]));
        // A second time, it changes nothing.
        tests.push(leaving[0]);
        let schedule = Schedule { binary: 0, tests, environment: Environment::Inherited };
        let images = Images::default();
        let look = |most| changers_up_to(most, processes, &images, &schedule).unwrap();
        assert_eq!(look(u64::MAX), Some(leaving.to_vec()));
        // It has more statics than that.
        assert_eq!(look(size_of_val(&UNTOUCHED) as u64), None);
    });
}

#[test]
fn one_test_is_ahead_of_another() {
    on_this(|processes, names, folder| {
        let tests = subjects(names, &["goes_ahead", "follows"]);
        let schedule = Schedule { binary: 0, tests, environment: Environment::Inherited };
        let watcher = Watcher::new(processes, folder);
        // So many uses, or its end.
        for lead in [1, 2] {
            let threaded = watcher.together(&schedule, lead).unwrap();
            assert_eq!((threaded.observations.len(), &threaded.end), (2, &None));
            let passed = |seen: &Observation| seen.verdict == Verdict::Passed;
            assert!(threaded.observations.iter().all(passed), "{threaded:?}");
        }
    });
}

/// Two tests that do nothing.
fn two(names: &[&str]) -> Schedule {
    let subjects = ["a", "b"].map(|letter| format!("trace::linux::tests::subject::{letter}"));
    let tests = subjects.map(|subject| names.iter().position(|name| *name == subject).unwrap()).to_vec();
    Schedule { binary: 0, tests, environment: Environment::Inherited }
}

/// Runs a process of `schedule` that is looked at where its second test begins.
fn look<R: Send>(
    processes: &Processes<'_>,
    schedule: &Schedule,
    look: impl Fn(&mut Stopped<'_>) -> Result<R, Trouble> + Sync,
) -> R {
    let mut seen = None;
    let mut visit = |index: usize, stopped: &mut Stopped<'_>| {
        if index == 1 {
            seen = Some(look(stopped)?);
        }
        Ok(Next::Run)
    };
    assert_eq!(processes.visit(schedule, &mut visit).unwrap().unwrap().len(), 2);
    seen.unwrap()
}

/// Before a page of a file is touched it is not there, but not zeros either.
#[test]
fn values_from_the_file_are_not_zeros() {
    assert_eq!(UNTOUCHED[0].load(Ordering::Relaxed), 1);
    let read = |stopped: &mut Stopped<'_>| {
        let mappings = Mappings::of(stopped.pid())?;
        let executable = mappings.objects(stopped, &Images::default()).remove(0);
        let statics = executable.file.image.statics();
        let known = statics.iter().find(|known| known.symbol.contains("UNTOUCHED")).unwrap();
        // The kernel maps this much at a time where any of it is read: so nothing has touched it yet.
        let start = (executable.base + known.address).next_multiple_of(64 << 10);
        let range = start..start + (size_of_val(&UNTOUCHED) / 2) as u64;
        let ranges = std::iter::once(range.clone());
        let memory = Memory::of(stopped, ranges, |range| mappings.is_of_file(range))?;
        Ok(memory.bytes(&range).unwrap())
    };
    on_this(|processes, names, _| {
        let bytes = look(processes, &two(names), read);
        assert!(bytes.chunks_exact(8).all(|value| value == 1_u64.to_ne_bytes()));
        assert_eq!(bytes.len(), size_of_val(&UNTOUCHED) / 2);
    });
}

/// `cargo test --release -p cargo-spawncheck --lib -- --ignored --no-capture cost_of_a_probe`
#[test]
#[ignore = "a benchmark"]
fn cost_of_a_probe() {
    on_this(|processes, names, _| measure(processes, &two(names)));
}

fn measure(processes: &Processes<'_>, schedule: &Schedule) {
    let images = Images::default();
    let untraced = || assert_eq!(processes.execute(schedule, &mut |_| {}).unwrap().len(), 2);
    let probe = || drop(look(processes, schedule, |stopped| State::of(stopped, &images)));
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (time, work) in times.iter_mut().zip([&untraced as &dyn Fn(), &probe]) {
            let started = Instant::now();
            work();
            time.push(started.elapsed());
        }
    }
    let [untraced, probe] = times.map(|mut times| {
        times.sort_unstable();
        times[ROUNDS / 2].as_secs_f64() * 1e3
    });
    eprintln!(
        "medians of {ROUNDS}: untraced {untraced:.2} ms, probe {probe:.2} ms, {:.2} times",
        probe / untraced
    );
}
