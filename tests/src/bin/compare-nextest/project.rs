//! A generated crate of trivial tests, in a temporary directory that is deleted with it.

use spawncheck_tests::benchmark::{JSON, Result, cargo, command, executable};
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The tests of a real crate lie in modules, and their names have the module in front.
const TESTS_PER_MODULE: usize = 100;

/// The name of a test that every crate has.
pub(crate) const FIRST_TEST: &str = "m000::t00000";

const MANIFEST: &str = r#"[package]
name = "trivial"
version = "0.0.0"
edition = "2024"

[workspace]

[profile.dev]
debug = false
"#;

pub(crate) struct Project {
    pub(crate) tests: usize,
    /// The test binary.
    pub(crate) binary: PathBuf,
    dir: TempDir,
}

impl Project {
    /// Writes and builds a crate with this many tests.
    pub(crate) fn build(tests: usize) -> Result<Self> {
        let mut project = Self { tests, binary: PathBuf::new(), dir: tempfile::tempdir()? };
        fs::create_dir(project.dir.path().join("src"))?;
        fs::write(project.dir.path().join("Cargo.toml"), MANIFEST)?;
        fs::write(project.dir.path().join("src/lib.rs"), source(tests))?;

        let arguments = ["test", "--lib", "--no-run", "--quiet", JSON];
        let output = project.command(cargo()).args(arguments).stderr(Stdio::inherit()).output()?;
        project.binary = executable(&output.stdout).ok_or("the generated crate was not built")?;
        Ok(project)
    }

    /// A command that runs in this crate.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        command(program, self.dir.path())
    }
}

fn source(tests: usize) -> String {
    let mut source = String::new();
    for test in 0..tests {
        if test % TESTS_PER_MODULE == 0 {
            let end = if test == 0 { "" } else { "}\n" };
            let _ = writeln!(source, "{end}#[cfg(test)]\nmod m{:03} {{", test / TESTS_PER_MODULE);
        }
        let _ = writeln!(source, "    #[test]\n    fn t{test:05}() {{}}");
    }
    source + "}\n"
}
