//! Examples that check workers: copies of them, run by cargo.

use crate::copy::copy_directory;
use crate::{Outcome, Running, WorkerFinding, environment};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

/// How long cargo may take, with all dependencies to be built.
const DEADLINE: Duration = Duration::from_secs(900);

/// How an example's manifest names the harness.
const HARNESS: &str = r#"path = "../../harness""#;

/// A copy of an example: its tests keep counterexamples in its folder.
///
/// It is made anew each time, but always in the same place, so that cargo finds what it has built. All share one directory for
/// that, because they have most of their dependencies in common.
#[derive(Debug)]
pub struct Example {
    root: PathBuf,
    target: PathBuf,
    events: PathBuf,
}

impl Example {
    /// A copy of the example `name` below `scratch`, for the tests that call themselves `user`.
    #[track_caller]
    pub fn new(scratch: &str, user: &str, name: &str) -> Self {
        let shared = Path::new(scratch).join("examples");
        let copies = shared.join(user);
        let example = Self {
            root: copies.join(name),
            target: shared.join("target"),
            events: copies.join(format!("{name}.jsonl")),
        };
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR"));
        let from = workspace.with_file_name("examples").join(name);
        example.fill(&from).unwrap_or_else(|error| panic!("cannot copy `{}`: {error}", from.display()));
        let harness = format!("path = '{}'", workspace.with_file_name("harness").display());
        let manifest = example.read("Cargo.toml");
        assert!(manifest.contains(HARNESS), "the example `{name}` does not use the harness");
        example.write("Cargo.toml", &manifest.replace(HARNESS, &harness))
    }

    fn fill(&self, from: &Path) -> io::Result<()> {
        if self.root.exists() {
            fs::remove_dir_all(&self.root)?;
        }
        fs::create_dir_all(&self.root)?;
        copy_directory(from, &self.root)
    }

    /// Where the copy is.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where it is built.
    #[must_use]
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// A file of the copy.
    #[must_use]
    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path))
            .unwrap_or_else(|error| panic!("cannot read `{path}`: {error}"))
    }

    /// Writes a file of the copy.
    #[must_use]
    #[track_caller]
    pub fn write(self, path: &str, text: &str) -> Self {
        fs::write(self.root.join(path), text)
            .unwrap_or_else(|error| panic!("cannot write `{path}`: {error}"));
        self
    }

    /// Runs a subcommand of cargo.
    #[track_caller]
    pub fn cargo(&self, subcommand: &str, args: &[&str]) -> Outcome {
        let target = self.target.to_str().expect("the directory for what is built has a name in UTF-8");
        let args = [&[subcommand, "--locked", "--target-dir", target], args].concat();
        let mut env = environment::scrubbed();
        env.insert("SPAWNCHECK_EVENTS".into(), self.events.clone().into());
        Running::start(&command(&self.root, "cargo", &args, env)).wait_for(DEADLINE)
    }

    /// Runs all tests, and reads what they have found, in a fixed order.
    #[track_caller]
    pub fn test(&self) -> (Outcome, Vec<WorkerFinding>) {
        if self.events.exists() {
            fs::remove_file(&self.events).expect("what an earlier run has found can be removed");
        }
        let outcome = self.cargo("test", &["--no-fail-fast"]);
        // Where nothing was found, nothing was written.
        let lines = fs::read_to_string(&self.events).unwrap_or_default();
        let finding = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let mut findings: Vec<_> = lines.lines().map(finding).collect();
        findings.sort_unstable();
        (outcome, findings)
    }
}

/// Runs a program to its end.
#[track_caller]
pub fn run(directory: &Path, program: &str, args: &[&str]) -> Outcome {
    Running::start(&command(directory, program, args, environment::scrubbed())).wait()
}

fn command(
    directory: &Path,
    program: &str,
    args: &[&str],
    env: BTreeMap<OsString, OsString>,
) -> duct::Expression {
    duct::cmd(program, args).dir(directory).full_env(env).stdin_null().unchecked()
}
