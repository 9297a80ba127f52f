//! Processes that lost their parent are children of the tool, and of no concern to what it traces.
#![cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]

use spawncheck_tests::tool;

const MANIFEST: &str = "[package]\nname = \"orphans\"\nedition = \"2024\"\n[workspace]\n";

/// The first test leaves a process that stands still, in a session of its own; the other one has a thread, which a tracer is told of.
const TESTS: &str = r#"
#[test]
fn a_leaves_one() {
    let script = "setsid sh -c 'kill -STOP $$' >/dev/null 2>&1 &
        until grep -q 'State:.*stopped' /proc/$!/status; do :; done";
    assert!(std::process::Command::new("sh").args(["-c", script]).status().unwrap().success());
}

#[test]
fn b_has_a_thread() {
    std::thread::spawn(|| ()).join().unwrap();
}
"#;

#[test]
fn one_that_stands_still() {
    let project = tool!().empty().file("Cargo.toml", MANIFEST).file("tests/orphans.rs", TESTS);
    project.args(["--predict"]).run().assert_exit(0);
}
