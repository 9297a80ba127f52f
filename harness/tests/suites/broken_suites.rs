//! Suites that cannot work as they are.

use crate::Case;
use crate::support::Run;
use crate::under_test::config;
use spawncheck::proptest::prelude::*;
use spawncheck::{Config, Suite, check};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

pub(crate) const CASES: &[Case] = &[
    ("zero cases are an error", zero_cases),
    ("a check without inputs is an error", no_inputs),
    ("two workers of one name are an error", two_of_one_name),
    ("a strategy that rejects everything is an error", rejects_everything),
    ("an input that cannot be serialized is an error", not_serializable),
    ("a child that dies before it can serve is an error", dies_early),
    ("a child that never comes to serve is an error", never_comes),
    ("setup that panics is an error", setup_panics),
    ("setup that exits is an error", setup_exits),
    ("work that is handed out before `run` is found", recursive_before),
    ("work that is handed out by a worker is found", recursive_worker),
    ("a check that a worker does is found", recursive_check),
    ("a process that a worker starts does not start a storm", no_storm),
    #[cfg(unix)]
    ("an executable that is replaced meanwhile is an error", replaced),
];

pub(crate) fn suite(name: &str) -> Option<Suite> {
    let one = |suite: &str| Suite::new(suite).config(config());
    let same = |n: u8| n;
    Some(match name {
        "zero" => one("s").config(Config { cases: 0, ..config() }).worker("w", same, any::<u8>()),
        "no-inputs" => one("s").check("w", check(same)),
        "twins" => one("s").worker("w", same, any::<u8>()).worker("w", same, any::<u8>()),
        "rejects" => one("s").worker("w", same, any::<u8>().prop_filter("nothing will do", |_| false)),
        "depth" => one("s").worker("w", |n: Nested| n, Just(nested(500))),
        "dies-early" => {
            if !first() {
                eprintln!("no license");
                leave(7);
            }
            one("s").worker("w", same, any::<u8>())
        }
        "never-comes" => {
            if !first() {
                std::thread::sleep(Duration::from_secs(600));
            }
            let config = Config { startup: Duration::from_millis(300), ..config() };
            one("s").config(config).worker("w", same, any::<u8>())
        }
        "setup-panics" => one("s").setup(|| panic!("no database")).worker("w", same, any::<u8>()),
        "setup-exits" => one("s").setup(|| leave(4)).worker("w", same, any::<u8>()),
        "recursive-before" => {
            one("warm-up").worker("warm", same, any::<u8>()).run();
            one("jobs").worker("w", same, any::<u8>())
        }
        "recursive-worker" => {
            one("s").worker("w", |n: u8| Suite::new("inner").run() == n.into(), any::<u8>())
        }
        "recursive-check" => {
            let inner = || check(|n: u8| n).inputs(any::<u8>()).try_run().is_ok();
            one("s").worker("w", move |n: u8| (n, inner()), any::<u8>())
        }
        "storm" => one("s").worker("w", |n: u8| (n, restart()), any::<u8>()),
        "replaced" => {
            let config = Config { execute: true, ..config() };
            one("s").config(config).worker(
                "w",
                same,
                (0_u8..9).prop_map(|n| {
                    replace();
                    n
                }),
            )
        }
        _ => return None,
    })
}

/// Deeper than any format of ours goes.
#[derive(Clone, Debug, PartialEq)]
struct Nested(Option<Box<Nested>>);

impl serde::Serialize for Nested {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> serde::Deserialize<'de> for Nested {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self)
    }
}

fn nested(depth: usize) -> Nested {
    (0..depth).fold(Nested(None), |inner, _| Nested(Some(Box::new(inner))))
}

/// Whether this is the first process of the run that asks.
fn first() -> bool {
    let folder = PathBuf::from(std::env::var_os("SUITE_FOLDER").unwrap());
    std::fs::File::create_new(folder.join("first")).is_ok()
}

fn leave(code: i32) {
    #[expect(clippy::exit, reason = "that is what these suites do")]
    std::process::exit(code)
}

/// Starts this executable again, which comes to the suite.
fn restart() -> (Option<i32>, bool) {
    let output = Command::new(std::env::current_exe().unwrap()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), said.contains("a child that serves a worker"))
}

/// Puts another file in the place of this executable.
fn replace() {
    let program = PathBuf::from(std::env::var_os("SUITE_FOLDER").unwrap()).join("program");
    let copy = program.with_extension("new");
    std::fs::copy(&program, &copy).unwrap();
    std::fs::rename(copy, program).unwrap();
}

#[track_caller]
fn check_fails(suite: &str, texts: &[&str]) {
    Run::new(suite).done().fails_with(texts);
}

fn zero_cases() {
    check_fails("zero", &["worker `w`: zero cases would check nothing"]);
}

fn no_inputs() {
    check_fails("no-inputs", &["worker `w`: there are no inputs"]);
}

fn two_of_one_name() {
    check_fails("twins", &["suite `s` has two workers of the name `w`"]);
}

fn rejects_everything() {
    check_fails("rejects", &["the strategy of worker `w` gives no input", "Too many local rejects"]);
}

fn not_serializable() {
    check_fails("depth", &["an input of worker `w` cannot be serialized", "levels deep"]);
}

fn dies_early() {
    check_fails("dies-early", &["the child for worker `w` of suite `s` ended (exited: 7)", "no license"]);
}

fn never_comes() {
    check_fails("never-comes", &["the child for worker `w` of suite `s` did not come within 300ms"]);
}

fn setup_panics() {
    check_fails("setup-panics", &["setup of worker `w` of suite `s` panicked", "no database"]);
}

fn setup_exits() {
    check_fails("setup-exits", &["ended (exited: 4) before it could finish setup"]);
}

fn recursive_before() {
    let done = Run::new("recursive-before").done();
    done.fails_with(&["worker `w` is handed out by a child again", "the child comes to suite `warm-up`"]);
    assert_eq!(done.kinds(), ["w recursive"]);
}

fn recursive_worker() {
    let done = Run::new("recursive-worker").done();
    done.fails_with(&["worker `w` of suite `s` hands out work itself: it comes to suite `inner`"]);
    assert_eq!(done.kinds(), ["w recursive"]);
}

fn recursive_check() {
    let done = Run::new("recursive-check").done();
    done.fails_with(&["worker `w` of suite `s` hands out work itself: it comes to a check"]);
    assert_eq!(done.kinds(), ["w recursive"]);
}

fn no_storm() {
    let done = Run::new("storm").done();
    assert_eq!(done.code, Some(0), "the same everywhere: {done:#?}");
}

#[cfg(unix)]
fn replaced() {
    let run = Run::new("replaced");
    let program = run.folder().join("program");
    // By another process: a child that another test starts at that moment would have the file open to write for a while.
    assert!(
        Command::new("cp").arg(std::env::current_exe().unwrap()).arg(&program).status().unwrap().success()
    );
    run.program(program).done().fails_with(&["program` was replaced while worker `w`", "run the test again"]);
}
