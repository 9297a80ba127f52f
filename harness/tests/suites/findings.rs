//! What is found, and what is not.

use crate::Case;
use crate::support::{Done, Run};
use crate::under_test::config;
use serde_json::{Value, json};
use spawncheck::{Config, Context, Suite, any, check};
use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Mutex, OnceLock};

pub(crate) const CASES: &[Case] = &[
    ("each kind of dependence is found, with its smallest witness", each_kind),
    ("a suite without dependence is silent", silence),
    // Elsewhere there is nothing else: no child is a fork.
    #[cfg(unix)]
    ("forced execution finds the same", forced_execution),
    ("only the contexts that are asked for take part", chosen_contexts),
    ("nothing of ours is seen by workers", nothing_of_ours),
    ("a context of one's own takes part", own_context),
];

static RATE: AtomicU64 = AtomicU64::new(0);
static CALLS: AtomicU64 = AtomicU64::new(0);
static FIRST: OnceLock<u64> = OnceLock::new();
static STEPS: Mutex<Vec<u64>> = Mutex::new(Vec::new());

thread_local! {
    static LOCAL: Cell<u64> = const { Cell::new(0) };
}

pub(crate) fn suite(name: &str) -> Option<Suite> {
    let small = 0_u64..50;
    let dependent = |config: Config| {
        Suite::new("dependent")
            .config(config)
            .setup(set_up)
            .worker("static", |n: u64| n * RATE.load(SeqCst), small.clone())
            .worker("counter", |n: u64| if n > 9 { CALLS.fetch_add(1, SeqCst) } else { 0 }, small.clone())
            .worker("first", |n: u64| *FIRST.get_or_init(|| n), small.clone())
            .worker("sequence", sequence, 0_u64..3)
            .worker("thread-local", |n: u64| n + LOCAL.get(), small.clone())
            .worker("variable", |n: u64| (n, std::env::var_os("RATE").is_some()), small.clone())
            .worker("panics", |n: u64| assert!(n < 5 || RATE.load(SeqCst) > 0, "no rate"), small.clone())
            .worker(
                "exits",
                |n: u64| {
                    if n > 5 && RATE.load(SeqCst) == 0 {
                        leave(3)
                    }
                },
                small.clone(),
            )
            .worker("flaky", |_: u64| std::process::id(), small.clone())
    };
    Some(match name {
        "dependent" => dependent(config()),
        "executed" => dependent(Config { execute: true, ..config() }),
        "independent" => Suite::new("independent")
            .config(config())
            .setup(set_up)
            .worker("pure", |n: u64| n + 1, any::<u64>().boxed_up())
            .worker("nan", |n: f64| n * f64::NAN, any::<f64>())
            .worker("panics", |n: u64| assert!(n > 9, "at {:p}", &n), small.clone())
            .worker(
                "exits",
                |n: u64| {
                    if n > 9 {
                        leave(3)
                    }
                },
                small.clone(),
            )
            .worker("unit", |(): ()| (), spawncheck::proptest::strategy::Just(())),
        "chosen" => {
            let contexts = vec![Context::Inline, Context::Pool];
            Suite::new("chosen").config(Config { contexts, ..config() }).setup(set_up).worker(
                "static",
                |n: u64| n * RATE.load(SeqCst),
                small,
            )
        }
        "ours" => Suite::new(say_what_is_seen("ours"))
            .config(config())
            .worker("variables", |_: u8| variables(), any::<u8>())
            .worker("descriptors", |_: u8| descriptors(), any::<u8>()),
        "own" => Suite::new("own").config(config()).check(
            "static",
            check(|n: u64| n * RATE.load(SeqCst))
                .setup(set_up)
                .context("a thread of mine", |n| {
                    std::thread::spawn(move || n * RATE.load(SeqCst)).join().unwrap()
                })
                .context("forgetful", |_| 0)
                .inputs(0_u64..50),
        ),
        _ => return None,
    })
}

/// `boxed` by another name: such a strategy cannot be handed to another thread.
trait BoxedUp: spawncheck::proptest::strategy::Strategy + Sized + 'static {
    fn boxed_up(self) -> spawncheck::proptest::strategy::BoxedStrategy<Self::Value> {
        self.boxed()
    }
}

impl<S: spawncheck::proptest::strategy::Strategy + 'static> BoxedUp for S {}

fn set_up() {
    RATE.store(2, SeqCst);
    LOCAL.set(1);
    // SAFETY: this process has no other thread yet.
    unsafe { std::env::set_var("RATE", "2") };
}

/// Answers otherwise once it has been called with 1 and later with 2.
fn sequence(n: u64) -> bool {
    let mut steps = STEPS.lock().unwrap();
    let one = steps.iter().position(|step| *step == 1);
    let seen = one.is_some_and(|one| steps[one..].contains(&2));
    steps.push(n);
    seen && n == 0
}

fn leave(code: i32) {
    #[expect(clippy::exit, reason = "that is what these workers do")]
    std::process::exit(code)
}

fn variables() -> Vec<String> {
    let all = std::env::vars().map(|(name, _)| name);
    all.filter(|name| name.starts_with("SPAWNCHECK")).collect()
}

/// How many descriptors are open at numbers that programs get, besides the standard ones and the listing's own.
fn descriptors() -> usize {
    let Ok(listed) = std::fs::read_dir("/proc/self/fd") else { return 0 };
    let numbers = listed.map(|entry| entry.unwrap().file_name().to_str().unwrap().parse::<u32>().unwrap());
    numbers.filter(|number| (4..200).contains(number)).count()
}

/// What each context shows for a worker.
#[track_caller]
fn check_outcomes(done: &Done, worker: &str, expected: &[(&str, &str)]) {
    let finding = done.finding(worker);
    for (context, outcome) in expected {
        if cfg!(unix) || *context != "fork" {
            assert_eq!(finding["outcomes"][*context], *outcome, "{context}: {finding:#}");
        }
    }
}

#[track_caller]
fn check_witness(done: &Done, worker: &str, input: &str, needs_setup: bool, history: Value) {
    let finding = done.finding(worker);
    assert_eq!(finding["input"], input, "{finding:#}");
    assert_eq!(finding["needs_setup"], needs_setup, "{finding:#}");
    assert_eq!(finding["history"], history, "{finding:#}");
}

/// What came of that suite, which is run once for all who want to know.
pub(crate) fn dependent() -> &'static Done {
    static DONE: OnceLock<Done> = OnceLock::new();
    DONE.get_or_init(|| Run::new("dependent").done())
}

fn each_kind() {
    let done = dependent();
    check_all(done);
    assert_eq!(done.code, Some(101), "{done:#?}");
    assert!(done.stdout.contains("worker `static` depends on state that it inherited"), "{done:#?}");
    assert!(done.stderr.contains("warning: worker `flaky`"), "{done:#?}");
}

#[cfg(unix)]
fn forced_execution() {
    check_all(&Run::new("executed").done());
}

#[track_caller]
fn check_all(done: &Done) {
    let dependent = ["counter", "exits", "first", "panics", "sequence", "static", "thread-local", "variable"];
    let mut expected: Vec<_> = dependent.iter().map(|worker| format!("{worker} diverges")).collect();
    expected.push("flaky flaky".into());
    expected.sort();
    assert_eq!(done.kinds(), expected, "{done:#?}");
    check_witness(done, "static", "1", true, json!([]));
    check_outcomes(done, "static", &[("inline", "2"), ("fork", "2"), ("pool", "0"), ("spawn", "0")]);
    check_witness(done, "counter", "10", false, json!(["10"]));
    check_outcomes(done, "counter", &[("inline", "1"), ("fork", "0"), ("pool", "1"), ("spawn", "0")]);
    check_witness(done, "first", "0", false, json!(["1"]));
    check_witness(done, "sequence", "0", false, json!(["1", "2"]));
    check_witness(done, "thread-local", "0", true, json!([]));
    check_outcomes(done, "thread-local", &[("inline", "1"), ("thread", "0"), ("fork", "1"), ("spawn", "0")]);
    check_witness(done, "variable", "0", true, json!([]));
    check_witness(done, "panics", "5", true, json!([]));
    check_outcomes(done, "panics", &[("inline", "()"), ("spawn", "panicked: no rate")]);
    check_witness(done, "exits", "6", true, json!([]));
    check_outcomes(done, "exits", &[("inline", "()"), ("pool", "exited: 3"), ("spawn", "exited: 3")]);
}

fn silence() {
    let done = Run::new("independent").done();
    assert_eq!((done.code, done.findings.len()), (Some(0), 0), "{done:#?}");
}

fn chosen_contexts() {
    let done = Run::new("chosen").done();
    let outcomes = done.finding("static")["outcomes"].clone();
    assert_eq!(outcomes, json!({"inline": "2", "pool": "0", "spawn": "0"}));
}

/// Before what our variables look like to `main`.
const SEEN: &str = "our variables: ";

fn say_what_is_seen(name: &str) -> &str {
    let ours: Vec<_> = std::env::vars_os()
        .filter(|(name, _)| name.to_str().is_some_and(|name| name.starts_with("SPAWNCHECK_")))
        .collect();
    if !ours.is_empty() {
        eprintln!("{SEEN}{ours:?}");
    }
    name
}

fn nothing_of_ours() {
    let done = Run::new("ours").done();
    assert_eq!((done.code, done.findings.len()), (Some(0), 0), "{done:#?}");
    // Nor by `main`.
    assert!(!done.stderr.contains(SEEN), "{done:#?}");
}

fn own_context() {
    let done = Run::new("own").done();
    let mine = [("a thread of mine", "2"), ("forgetful", "0"), ("inline", "2"), ("spawn", "0")];
    check_outcomes(&done, "static", &mine);
}
