//! Workers that depend on what setup or an earlier call left, each through another channel.

use spawncheck::{Config, Context, Suite, check};
use std::cell::Cell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{LazyLock, Mutex, OnceLock, mpsc};

static RATE: AtomicU64 = AtomicU64::new(0);
/// Setup leaves this too, and nobody depends on it.
static NOISE: AtomicU64 = AtomicU64::new(0);
/// The process that did setup.
static PARENT: AtomicU64 = AtomicU64::new(0);
static HOOKED: AtomicBool = AtomicBool::new(false);
static FIRST: OnceLock<u64> = OnceLock::new();
static STEPS: Mutex<Vec<u64>> = Mutex::new(Vec::new());
static ONE: AtomicBool = AtomicBool::new(false);
static OTHER: AtomicBool = AtomicBool::new(false);
static TABLE: LazyLock<Mutex<HashMap<u64, String>>> = LazyLock::new(|| Mutex::new(HashMap::new()));

thread_local! {
    static LOCAL: Cell<u64> = const { Cell::new(0) };
}

/// A file of this process, where nothing is left of an earlier run: a process could have the number of one of its.
fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("left-{}", std::process::id()))
}

fn set_up() {
    RATE.store(2, SeqCst);
    NOISE.store(7, SeqCst);
    PARENT.store(std::process::id().into(), SeqCst);
    LOCAL.set(1);
    ONE.store(true, SeqCst);
    OTHER.store(true, SeqCst);
    TABLE.lock().unwrap().insert(1, "one".into());
    std::panic::set_hook(Box::new(|_| HOOKED.store(true, SeqCst)));
    // SAFETY: this process has no other thread yet.
    unsafe { std::env::set_var("RATE", "2") };
    std::env::set_current_dir("/").unwrap();
}

/// Answers otherwise once it has been called with 1 and later with 2.
fn after_two_calls(n: u64) -> bool {
    let mut steps = STEPS.lock().unwrap();
    let one = steps.iter().position(|step| *step == 1);
    let seen = one.is_some_and(|one| steps[one..].contains(&2));
    steps.push(n);
    seen && n == 0
}

fn panic_hook(_: u64) -> bool {
    let _ = std::panic::catch_unwind(|| panic!("for the hook"));
    HOOKED.swap(false, SeqCst)
}

fn dies(n: u64) {
    if n > 5 && RATE.load(SeqCst) == 0 {
        std::process::abort();
    }
}

/// Its name is there when it says that it runs.
fn start_helper() {
    let (tell, told) = mpsc::channel();
    let helper = move || {
        tell.send(()).unwrap();
        loop {
            std::thread::park();
        }
    };
    std::thread::Builder::new().name("helper".into()).spawn(helper).unwrap();
    told.recv().unwrap();
}

fn has_helper(_: u64) -> bool {
    let mut tasks = std::fs::read_dir("/proc/self/task").unwrap();
    tasks.any(|task| {
        std::fs::read_to_string(task.unwrap().path().join("comm")).is_ok_and(|name| name == "helper\n")
    })
}

/// Whether another process did setup: true in its forks alone.
fn in_another_process(_: u64) -> bool {
    let parent = PARENT.load(SeqCst);
    parent != 0 && parent != u64::from(std::process::id())
}

fn main() -> ExitCode {
    let small = || 0_u64..9;
    let forks = Config { contexts: vec![Context::Fork], ..Config::default() };
    Suite::new("causes")
        .setup(set_up)
        .worker("static", |n: u64| n * RATE.load(SeqCst), small())
        .worker("after_a_call", |n: u64| *FIRST.get_or_init(|| n), small())
        .worker("after_two_calls", after_two_calls, 0_u64..3)
        .worker("either_of_two", |n: u64| n * u64::from(ONE.load(SeqCst) || OTHER.load(SeqCst)), small())
        .worker("both_of_two", |n: u64| n * u64::from(ONE.load(SeqCst) && OTHER.load(SeqCst)), small())
        .worker("on_the_heap", |n: u64| TABLE.lock().unwrap().get(&n).cloned(), small())
        .worker("panics", |n: u64| assert!(n < 5 || RATE.load(SeqCst) > 0, "no rate"), small())
        .worker("dies", dies, small())
        .worker("large_output", |_: u64| "x".repeat(RATE.load(SeqCst) as usize * 100_000), small())
        .worker("panic_hook", panic_hook, small())
        .worker("variable", |_: u64| std::env::var_os("RATE").is_some(), small())
        .worker("in_another_process", in_another_process, small())
        .worker("directory", |_: u64| std::env::current_dir().unwrap() == Path::new("/"), small())
        .worker("thread_local", |n: u64| n + LOCAL.get(), small())
        .check(
            "file",
            check(|_: u64| file().exists()).setup(|| std::fs::write(file(), "left").unwrap()).inputs(small()),
        )
        .check("thread", check(has_helper).setup(start_helper).inputs(small()))
        .check(
            "only_in_forks",
            check(|n: u64| n * RATE.load(SeqCst)).config(forks).setup(set_up).inputs(small()),
        )
        .worker("context", |_: u64| std::thread::current().name().is_some(), small())
        .run()
}
