//! Suites as test executables: what runners expect of them.

use crate::Case;
use crate::support::Run;
use crate::under_test::config;
use spawncheck::{Suite, any};

pub(crate) const CASES: &[Case] = &[
    ("a suite lists its workers", lists),
    ("filters choose", filters),
    ("flags that only libtest knows do no harm", flags),
    ("an unknown flag is a usage error", unknown_flag),
];

pub(crate) fn suite(name: &str) -> Option<Suite> {
    (name == "three").then(|| {
        Suite::new("three")
            .config(config())
            .worker("a::one", |n: u8| n, any::<u8>())
            .worker("a::two", |n: u8| n, any::<u8>())
            .worker("b::one", |n: u8| n, any::<u8>())
    })
}

fn lists() {
    let done = Run::new("three").args(&["--list", "--format", "terse"]).done();
    assert_eq!(done.stdout, "a::one: test\na::two: test\nb::one: test\n");
    assert_eq!(done.code, Some(0));
}

#[track_caller]
fn check(args: &[&str], expected: &[&str]) {
    let done = Run::new("three").args(args).done();
    assert_eq!(done.code, Some(0), "{done:#?}");
    for name in ["a::one", "a::two", "b::one"] {
        let ran = done.stdout.contains(&format!("test {name} ... ok"));
        assert_eq!(ran, expected.contains(&name), "{name}: {done:#?}");
    }
}

fn filters() {
    check(&[], &["a::one", "a::two", "b::one"]);
    check(&["one"], &["a::one", "b::one"]);
    check(&["b::one", "a::two", "--exact"], &["a::two", "b::one"]);
    check(&["--skip", "one"], &["a::two"]);
    check(&["one", "--ignored"], &[]);
}

fn flags() {
    check(&["--no-capture", "a::two"], &["a::two"]);
    check(&["--nocapture", "--show-output", "--test-threads=4", "a::two"], &["a::two"]);
    check(&["--shuffle-seed", "1", "-Z", "unstable-options"], &["a::one", "a::two", "b::one"]);
}

fn unknown_flag() {
    let done = Run::new("three").args(&["--frobnicate"]).done();
    assert_eq!(done.code, Some(2));
    assert!(done.stderr.contains("`--frobnicate`"), "{done:#?}");
}
