//! The port of a Python script prints what the script prints.

use crate::examples;
use spawncheck_tests::{Example, run};
use std::process::Command;

/// What Python is called; where it is not there, or is the stub of a shop, the comparison is left out.
const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };

const METHODS: &[(&str, &str)] = &[
    #[cfg(unix)]
    ("fork", "[0, 2, 4, 6, 8, 10, 12, 14, 16, 18]"),
    ("spawn", "[0, 0, 0, 0, 0, 0, 0, 0, 0, 0]"),
];

#[test]
fn the_port_prints_the_lists() {
    let port = Example::new(env!("CARGO_TARGET_TMPDIR"), "python", "pyfork");
    for (method, list) in METHODS {
        let outcome = port.cargo("run", &["--quiet", "--", "-i", "2", "--method", method]);
        outcome.assert_exit(0);
        assert_eq!(outcome.stdout.trim_end(), *list, "{method}{outcome}");
    }
}

#[test]
fn cpython_prints_the_same_lists() {
    let directory = examples().join("pyfork");
    let name = Command::new(PYTHON).args(["-c", "import sys; print(sys.implementation.name)"]).output();
    if !name.is_ok_and(|output| output.stdout.starts_with(b"cpython")) {
        eprintln!("not compared with CPython: there is no `{PYTHON}`");
        return;
    }
    for (method, list) in METHODS {
        let outcome = run(&directory, PYTHON, &["pyfork.py", "-i", "2", "--method", method]);
        outcome.assert_exit(0);
        assert_eq!(outcome.stdout.trim_end(), *list, "{method}{outcome}");
    }
}
