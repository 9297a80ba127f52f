//! The tool under test, and the projects that it runs on.

use crate::copy::{clear_directory, copy_directory};
use crate::table::Case;
use crate::{Outcome, Running, environment};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The executable under test; see [`tool!`](crate::tool).
#[derive(Clone, Debug)]
pub struct Tool {
    executable: PathBuf,
    scratch: PathBuf,
    /// Where fixtures are built, if not each in a directory of its own.
    target: Option<PathBuf>,
}

impl Tool {
    pub fn new(executable: impl Into<PathBuf>, scratch: impl Into<PathBuf>) -> Self {
        Self { executable: executable.into(), scratch: scratch.into(), target: None }
    }

    /// Builds all fixtures in one directory: what they have in common is built once, and no two may run at the same time.
    #[must_use]
    pub fn building_in(self, target: impl Into<PathBuf>) -> Self {
        Self { target: Some(target.into()), ..self }
    }

    /// A fixture in its place. What is built there is kept for the next run, what its tests wrote there is not.
    #[track_caller]
    pub fn fixture(&self, name: &str) -> Project {
        let own = || self.scratch.join("fixtures").join(name);
        let target = self.target.clone().unwrap_or_else(own);
        let left_by_tests = target.join("tmp");
        if left_by_tests.is_dir() {
            clear_directory(&left_by_tests)
                .unwrap_or_else(|error| panic!("cannot clear `{}`: {error}", left_by_tests.display()));
        }
        Project::new(self, fixture_directory(name), target, None)
    }

    /// The fixture of a case, with what its run is given.
    #[track_caller]
    pub fn case(&self, case: &Case) -> Project {
        let project = self.fixture(case.fixture).args(case.args);
        case.env.iter().fold(project, |project, (name, value)| project.env(name, value))
    }

    /// A project that lies elsewhere, in its place. What is built is kept under its name for the next run.
    pub fn project(&self, name: &str, root: impl Into<PathBuf>) -> Project {
        Project::new(self, root.into(), self.scratch.join("projects").join(name), None)
    }

    /// A copy of a fixture in a directory of its own, which goes away with the value. Everything is built anew.
    #[track_caller]
    pub fn copy(&self, name: &str) -> Project {
        let project = self.empty();
        let from = fixture_directory(name);
        copy_directory(&from, &project.root)
            .unwrap_or_else(|error| panic!("cannot copy `{}`: {error}", from.display()));
        project
    }

    /// A directory without any project.
    #[track_caller]
    pub fn empty(&self) -> Project {
        // Not below the scratch directory: cargo would look for a workspace, and find this one.
        let directory =
            TempDir::with_prefix("tests-of-spawncheck-").expect("cannot create a temporary directory");
        // The working directory that the kernel reports has no symbolic links in it.
        let root = directory.path().canonicalize().expect("the temporary directory exists");
        let target = root.join("target");
        Project::new(self, root, target, Some(directory))
    }
}

/// Where a fixture's sources are.
fn fixture_directory(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// A directory in which the tool is run, and the arguments and variables with which it is.
#[derive(Debug)]
pub struct Project {
    executable: PathBuf,
    root: PathBuf,
    target: PathBuf,
    args: Vec<OsString>,
    env: BTreeMap<OsString, OsString>,
    copy: Option<TempDir>,
}

impl Project {
    fn new(tool: &Tool, root: PathBuf, target: PathBuf, copy: Option<TempDir>) -> Self {
        let executable = tool.executable.clone();
        Self { executable, root, target, args: Vec::new(), env: environment::scrubbed(), copy }
    }

    /// More arguments, after those that every run has.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.env.insert(name.into(), value.as_ref().into());
        self
    }

    /// Another directory to build in.
    #[must_use]
    pub fn target_dir(mut self, path: impl AsRef<Path>) -> Self {
        self.target = self.root.join(path);
        self
    }

    /// Writes a file of a copy.
    #[must_use]
    #[track_caller]
    pub fn file(self, path: &str, text: &str) -> Self {
        assert!(self.copy.is_some(), "a fixture in its place is not changed");
        let path = self.root.join(path);
        let written =
            fs::create_dir_all(path.parent().unwrap_or(&self.root)).and_then(|()| fs::write(&path, text));
        written.unwrap_or_else(|error| panic!("cannot write `{}`: {error}", path.display()));
        self
    }

    /// Writes the tool's configuration file of a copy.
    #[must_use]
    #[track_caller]
    pub fn config(self, text: &str) -> Self {
        self.file(".config/spawncheck.toml", text)
    }

    /// Gives the tool a folder for temporary files inside a copy: after a run, what is left there is its own.
    #[must_use]
    #[track_caller]
    pub fn own_temp(self) -> Self {
        assert!(self.copy.is_some(), "a fixture in its place is not changed");
        let temp = self.temp();
        fs::create_dir(&temp).unwrap_or_else(|error| panic!("cannot create `{}`: {error}", temp.display()));
        ["TMPDIR", "TEMP", "TMP"].into_iter().fold(self, |project, name| project.env(name, &temp))
    }

    /// # Panics
    /// The tool has left something in [`own_temp`](Self::own_temp).
    #[track_caller]
    pub fn assert_temp_empty(&self) {
        let entries = fs::read_dir(self.temp()).expect("the project has a folder for temporary files");
        let names: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.file_name())).collect();
        assert!(names.is_empty(), "left behind: {names:?}");
    }

    fn temp(&self) -> PathBuf {
        self.root.join("temp")
    }

    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Runs the tool to its end.
    #[track_caller]
    pub fn run(&self) -> Outcome {
        self.start().wait()
    }

    /// Starts the tool.
    #[track_caller]
    pub fn start(&self) -> Running {
        Running::start(&self.command())
    }

    /// Runs `cargo spawncheck` with nothing but `args`, which name another of its commands.
    #[track_caller]
    pub fn run_command<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Outcome {
        self.start_command(args).wait()
    }

    /// Starts such a command.
    #[track_caller]
    pub fn start_command<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Running {
        let words = args.into_iter().map(|arg| arg.as_ref().to_owned());
        let args: Vec<OsString> = [OsString::from("spawncheck")].into_iter().chain(words).collect();
        Running::start(&self.expression(args))
    }

    /// Where the project is built.
    #[must_use]
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Cargo by itself, in the same place and with the same variables.
    pub(crate) fn cargo(&self, args: &[&str]) -> duct::Expression {
        let target = [OsString::from("--target-dir"), self.target.clone().into()];
        let args = args.iter().map(OsString::from).chain(target);
        duct::cmd("cargo", args).dir(&self.root).full_env(&self.env).stdin_null()
    }

    /// The command line, as cargo would call the subcommand.
    pub fn command(&self) -> duct::Expression {
        self.expression(self.run_words())
    }

    fn run_words(&self) -> Vec<OsString> {
        let mut args: Vec<OsString> =
            ["spawncheck", "run", "--message-format", "json", "--target-dir"].map(OsString::from).into();
        args.push(self.target.clone().into());
        args.extend_from_slice(&self.args);
        args
    }

    /// Starts `program` with the tool and its arguments as its own, e.g. `nohup`.
    #[track_caller]
    pub fn start_under(&self, program: &str) -> Running {
        let words = [self.executable.clone().into_os_string()].into_iter().chain(self.run_words());
        let command = duct::cmd(program, words).dir(&self.root).full_env(&self.env).stdin_null().unchecked();
        Running::start(&command)
    }

    /// Runs a script in which `$TOOL` is the tool.
    #[cfg(unix)]
    #[track_caller]
    pub fn shell(&self, script: &str, variables: &[(&str, &OsStr)]) -> Outcome {
        let tool = ("TOOL", self.executable.as_os_str());
        let more = variables.iter().chain([&tool]).map(|(name, value)| ((*name).into(), (*value).into()));
        let env: BTreeMap<OsString, OsString> = self.env.clone().into_iter().chain(more).collect();
        let shell = duct::cmd("sh", ["-c", script]).dir(&self.root).full_env(env).stdin_null().unchecked();
        Running::start(&shell).wait()
    }

    fn expression(&self, args: Vec<OsString>) -> duct::Expression {
        duct::cmd(&self.executable, args).dir(&self.root).full_env(&self.env).stdin_null().unchecked()
    }
}
