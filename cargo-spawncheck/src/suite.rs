//! What there is to run: test binaries, how cargo would start them, and their tests.

use crate::platform::Platform;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// All test binaries of a run, in cargo's order.
#[derive(Debug, Default)]
pub(crate) struct Suite {
    pub(crate) binaries: Vec<Binary>,
}

/// One test of a suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TestId {
    /// Index into [`Suite::binaries`].
    pub(crate) binary: usize,
    /// Index into [`Binary::tests`].
    pub(crate) test: usize,
}

/// One test executable.
#[derive(Debug)]
pub(crate) struct Binary {
    /// The package name for its library's tests, else `package::target` as nextest writes it.
    pub(crate) id: String,
    pub(crate) package: String,
    /// The cargo flags that select just this binary, e.g. `-p pricing --lib`.
    pub(crate) selector: Vec<String>,
    pub(crate) launch: Launch,
    pub(crate) dialect: Dialect,
    /// It has `[KIND] NAME` in its list, but `NAME` in its filters, as libtest-mimic had before 0.7.
    pub(crate) bare_filters: bool,
    /// Every test that it lists, in the order in which it runs them.
    pub(crate) tests: Vec<Test>,
}

/// How cargo starts a binary.
#[derive(Clone, Debug)]
pub(crate) struct Launch {
    /// The test executable itself.
    pub(crate) executable: PathBuf,
    /// The user's target runner and its arguments; empty if there is none.
    pub(crate) runner: Vec<OsString>,
    pub(crate) dir: PathBuf,
    /// The environment that cargo gives it here: the caller's, and what cargo adds.
    pub(crate) inherited: Vec<(OsString, OsString)>,
    /// The part of it that is allow-listed or set by cargo.
    pub(crate) sealed: Vec<(OsString, OsString)>,
    /// What it is built for.
    pub(crate) platform: Platform,
    pub(crate) stamp: Stamp,
}

/// Tells whether a file is still the one that was built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    pub(crate) fn of(path: &Path) -> std::io::Result<Self> {
        let metadata = path.metadata()?;
        Ok(Self { length: metadata.len(), modified: metadata.modified().ok() })
    }
}

/// Which of the two harnesses a binary has, as far as their answers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// The standard one: any number of filters, one line for each result in `--logfile`.
    Libtest,
    /// libtest-mimic: one filter, and all that it prints goes to `--logfile`.
    Mimic,
}

/// A test as its binary lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Test {
    pub(crate) name: String,
    /// Marked `#[ignore]`.
    pub(crate) ignored: bool,
    /// Chosen by the filters of the command line.
    pub(crate) selected: bool,
}

/// Which tests to run, of those that the filters choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum RunIgnored {
    /// Those that are not ignored.
    #[default]
    Default,
    /// Only the ignored ones.
    Only,
    /// Both.
    All,
}

impl RunIgnored {
    /// Whether a selected test runs at all.
    pub(crate) fn runs(self, test: &Test) -> bool {
        match self {
            Self::Default => !test.ignored,
            Self::Only => test.ignored,
            Self::All => true,
        }
    }

    /// How to tell ourselves.
    pub(crate) fn option(self) -> Option<&'static str> {
        match self {
            Self::Default => None,
            Self::Only => Some("--run-ignored only"),
            Self::All => Some("--run-ignored all"),
        }
    }

    /// How to tell a test binary.
    pub(crate) fn flag(self) -> Option<&'static str> {
        match self {
            Self::Default => None,
            Self::Only => Some("--ignored"),
            Self::All => Some("--include-ignored"),
        }
    }
}

impl Suite {
    /// What its binaries are built for; unknown where there are none.
    pub(crate) fn platform(&self) -> Option<&Platform> {
        self.binaries.first().map(|binary| &binary.launch.platform)
    }

    pub(crate) fn binary(&self, id: TestId) -> &Binary {
        &self.binaries[id.binary]
    }

    pub(crate) fn test(&self, id: TestId) -> &Test {
        &self.binaries[id.binary].tests[id.test]
    }

    /// The selected tests, in order.
    pub(crate) fn selected(&self) -> impl Iterator<Item = TestId> {
        self.binaries
            .iter()
            .enumerate()
            .flat_map(|(binary, tests)| tests.selected().map(move |test| TestId { binary, test }))
    }
}

impl Binary {
    /// What an exact filter for a test has to be.
    pub(crate) fn filter_name(&self, test: usize) -> &str {
        let name = &self.tests[test].name;
        match name.split_once("] ") {
            Some((kind, bare)) if self.bare_filters && kind.starts_with('[') => bare,
            _ => name,
        }
    }

    /// Indices of the selected tests, in order.
    pub(crate) fn selected(&self) -> impl Iterator<Item = usize> {
        self.tests.iter().enumerate().filter(|(_, test)| test.selected).map(|(index, _)| index)
    }
}

impl Launch {
    /// The program to start and its arguments, the user's runner in front.
    pub(crate) fn command_line(&self, args: Vec<OsString>) -> (PathBuf, Vec<OsString>) {
        match self.runner.split_first() {
            None => (self.executable.clone(), args),
            Some((runner, rest)) => {
                let executable = self.executable.clone().into_os_string();
                (runner.into(), rest.iter().cloned().chain([executable]).chain(args).collect())
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Binary, Dialect, Launch, Stamp, Suite, Test};
    use crate::platform::Platform;

    pub(crate) fn suite(binaries: impl IntoIterator<Item = Binary>) -> Suite {
        Suite { binaries: binaries.into_iter().collect() }
    }

    /// A binary that nothing will start; names of ignored tests have a `!` in front.
    pub(crate) fn binary(id: &str, dialect: Dialect, tests: &[&str]) -> Binary {
        let test = |name: &&str| Test {
            name: name.trim_start_matches('!').to_owned(),
            ignored: name.starts_with('!'),
            selected: true,
        };
        Binary {
            id: id.into(),
            package: id.into(),
            selector: ["-p", id, "--lib"].map(str::to_owned).to_vec(),
            launch: Launch {
                executable: id.into(),
                runner: Vec::new(),
                dir: ".".into(),
                inherited: Vec::new(),
                sealed: Vec::new(),
                platform: Platform { triple: "x86_64-unknown-linux-gnu".into() },
                stamp: Stamp { length: 0, modified: None },
            },
            dialect,
            bare_filters: false,
            tests: tests.iter().map(test).collect(),
        }
    }
}
