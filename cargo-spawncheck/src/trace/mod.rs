//! Steer a test process from outside: have it run any sequence of its tests, and stop it where a test begins.
//!
//! A stock libtest binary hands its table of tests to `test::test_main_static`. A process that is stopped there can be given another
//! table, with no flag, no variable and no other build; and each test's body is entered through one of
//! few functions, where it can be stopped again. A process that serves a worker of the `spawncheck` crate stops where that
//! crate offers it, just before each call. Everything that needs `ptrace(2)` is behind [`trace`].
//!
//! Software breakpoints, not the processor's: those are few, and often not to be had in virtual machines.

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod linux;
#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
mod other;

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
use linux as os;
#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
use other as os;

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(crate) use linux::{Access, Before, Change, Noted, Stat};
pub(crate) use os::{Stopped, play, run};

use crate::image::Image;
use object::Architecture;
use std::fmt;

/// Why a process could not be steered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble(pub(crate) String);

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// Where a binary can be stopped: addresses in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entries {
    /// Where the program begins; tells where it was loaded.
    program: u64,
    /// `test::test_main_static`, through which the order of tests is given; calls have theirs already.
    main: Option<u64>,
    /// The functions through which test bodies are entered, or the ones just before calls of workers.
    stops: Vec<u64>,
}

/// What one process is to run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Steering<'a> {
    pub(crate) entries: &'a Entries,
    /// Indices into the binary's table of tests, or the numbers of calls, from 0.
    pub(crate) order: &'a [usize],
    /// How long that table is; calls have none.
    pub(crate) table: usize,
    pub(crate) stops: Stops,
    /// Whether to note which files the tests before the last one change; each system call takes longer then.
    pub(crate) watch: bool,
}

/// Whether tests are stopped where they begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stops {
    /// The process is let go before the first one.
    Never,
    /// Each is, and visited there.
    Each,
    /// Each is, until all of them have come, on a thread each. Then they go on: all at once, or the others after so many uses of variables by the
    /// first one, at the latest when it ends. Which functions those go through is for `visit` to say, then.
    Together { lead: usize },
}

/// What becomes of a test at which the process was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// It runs.
    Run,
    /// Its body is passed over, and counts as passed.
    Skip,
}

/// Sees the process stopped at the beginning of a test, given as an index into the order. Called on the thread that traces.
pub(crate) type Visit<'a> = dyn FnMut(usize, &mut Stopped<'_>) -> Result<Next, Trouble> + Send + 'a;

impl Entries {
    /// Whether a function is of interest, from its mangled name.
    pub(crate) fn keep(symbol: &str) -> bool {
        ["16test_main_static", "__rust_begin_short_backtrace", "10stop_point"]
            .iter()
            .any(|part| symbol.contains(part))
    }

    /// Finds those of tests in a binary that was opened with [`keep`](Self::keep).
    pub(crate) fn of(image: &Image) -> Result<Self, Trouble> {
        check_architecture(image)?;
        let main = image.functions(|name| name == "test::test_main_static");
        let stops = image.functions(|name| name.starts_with("test::__rust_begin_short_backtrace"));
        match (main.first(), stops.is_empty()) {
            (Some(main), false) => Ok(Self { program: image.entry, main: Some(*main), stops }),
            _ => Err(Trouble("it has no symbols of the standard test harness".into())),
        }
    }

    /// Finds those of calls; the crate's `serve::stop` has the contract. Two versions of it have one each.
    pub(crate) fn of_calls(image: &Image) -> Result<Self, Trouble> {
        check_architecture(image)?;
        let stops = image.functions(|name| name == "spawncheck::serve::stop::stop_point");
        match stops.is_empty() {
            false => Ok(Self { program: image.entry, main: None, stops }),
            true => Err(Trouble("it has no symbol of the place before a call".into())),
        }
    }
}

fn check_architecture(image: &Image) -> Result<(), Trouble> {
    let ours = match std::env::consts::ARCH {
        "x86_64" => Architecture::X86_64,
        "aarch64" => Architecture::Aarch64,
        other => return Err(Trouble(format!("not possible on {other}"))),
    };
    match image.architecture == ours {
        true => Ok(()),
        false => Err(Trouble(format!("it is built for another architecture ({:?})", image.architecture))),
    }
}
