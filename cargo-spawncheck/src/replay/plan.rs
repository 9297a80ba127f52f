//! Which processes show a finding, and what they have to show. Pure.

use crate::args::RunArgs;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::finding::{Kind, Verdict};
use crate::keep::{KeptFinding, KeptWorker};
use crate::report::{ProcessEvent, printable};
use crate::run::{Environment, Executor, Observation, Schedule};
use crate::select::nearest;
use crate::suite::{Binary, Dialect};

/// With more tests than this, a command line tells nobody anything.
const MAX_NAMED: usize = 6;

/// Whether one or two processes are enough to show a finding.
pub(crate) fn can_replay(kind: Kind, worker: Option<&KeptWorker>) -> bool {
    match worker {
        None => can_replay_test(kind),
        Some(worker) => worker.calls.is_some(),
    }
}

/// What is a matter of chance is not shown by any number of them.
fn can_replay_test(kind: Kind) -> bool {
    match kind {
        Kind::Brittle | Kind::Victim | Kind::Repeat | Kind::Environment | Kind::Leak => true,
        Kind::Racy | Kind::Contention | Kind::Flaky => false,
        // A test binary looks for them by itself, with inputs of chance.
        Kind::Diverges | Kind::Lossy | Kind::Recursive | Kind::Oversized => false,
    }
}

/// The processes for one finding.
#[derive(Debug)]
pub(super) struct Plan {
    /// Index of the test in its binary.
    pub(super) test: usize,
    pub(super) processes: Vec<Process>,
    /// What is done otherwise than it was found.
    pub(super) notes: Vec<String>,
}

/// One of them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Process {
    pub(super) schedule: Schedule,
    pub(super) expected: Expected,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    Verdict(Verdict),
    /// Whatever the verdict is, something is left behind.
    Leak,
}

impl Plan {
    /// `binary` has been built anew, so anything may have changed. `fresh` is what spawned tests get.
    ///
    /// # Errors
    /// The test does not exist any more, or does not run.
    pub(super) fn new(
        finding: &KeptFinding,
        binary: &Binary,
        args: &RunArgs,
        fresh: Environment,
    ) -> Result<Self> {
        let mode = args.filter.run_ignored;
        let index = |name: &str| binary.tests.iter().position(|test| test.name == name);
        let test = index(&finding.test).ok_or_else(|| gone(finding, binary))?;
        if !mode.runs(&binary.tests[test]) {
            let message = format!("`{}` does not run any more: see #[ignore]", printable(&finding.test));
            return Err(Error::new(ExitCode::NoTests, message));
        }
        let process = |tests, environment, expected| Process {
            schedule: Schedule { binary: 0, tests, environment },
            expected,
        };
        let alone = |environment, verdict| process(vec![test], environment, Expected::Verdict(verdict));
        let mut notes = Vec::new();
        let processes = match finding.kind {
            Kind::Leak => vec![process(vec![test], fresh, Expected::Leak)],
            Kind::Environment => {
                vec![alone(fresh, finding.spawned), alone(Environment::Inherited, finding.in_process)]
            }
            // Others than the first three are never asked for: see `can_replay`.
            Kind::Brittle
            | Kind::Victim
            | Kind::Repeat
            | Kind::Racy
            | Kind::Contention
            | Kind::Flaky
            | Kind::Diverges
            | Kind::Lossy
            | Kind::Recursive
            | Kind::Oversized => {
                let runs = |name: &String| index(name).filter(|index| mode.runs(&binary.tests[*index]));
                let known = finding.culprits.as_ref().or(finding.before.as_ref()).map(|names| {
                    let (found, lost): (Vec<_>, Vec<_>) = names.iter().partition(|name| runs(name).is_some());
                    notes.extend(lost.iter().map(|name| {
                        format!(
                            "`{name}` no longer exists or runs: all tests before this one run in place of it"
                        )
                    }));
                    (lost.is_empty(), found.into_iter().filter_map(runs).collect::<Vec<_>>())
                });
                let before = match known {
                    Some((true, culprits)) => culprits,
                    _ => binary
                        .selected()
                        .take_while(|before| *before < test)
                        .filter(|before| mode.runs(&binary.tests[*before]))
                        .collect(),
                };
                let together = before.into_iter().chain([test]).collect();
                let expected = Expected::Verdict(finding.in_process);
                vec![alone(fresh, finding.spawned), process(together, Environment::Inherited, expected)]
            }
        };
        Ok(Self { test, processes, notes })
    }

    /// # Errors
    /// The tests are to run in an order that `executor` cannot run them in.
    pub(super) fn check_order(&self, executor: &dyn Executor) -> Result<()> {
        let own_order =
            self.processes.iter().all(|process| process.schedule.tests.is_sorted_by(|a, b| a < b));
        if own_order || executor.any_order(0) {
            return Ok(());
        }
        Err(Error::new(
            ExitCode::Setup,
            "the tests of this finding ran in another order than their binary's own, which cannot be had here",
        ))
    }

    /// What a process showed, as its reader is told. `flags` are cargo's build flags.
    pub(super) fn event<'a>(
        &self,
        observed: &Observed<'_>,
        binary: &'a Binary,
        flags: &str,
    ) -> ProcessEvent<'a> {
        let Process { schedule, expected } = observed.process;
        let before = &schedule.tests[..schedule.tests.len() - 1];
        let observation = observed.observation.as_ref();
        ProcessEvent {
            after: before.iter().map(|test| binary.tests[*test].name.as_str()).collect(),
            whole_environment: before.is_empty() && schedule.environment == Environment::Inherited,
            command: command(binary, &schedule.tests, flags),
            verdict: observed.verdict(),
            kept_verdict: match expected {
                Expected::Verdict(verdict) => Some(*verdict),
                Expected::Leak => None,
            },
            leaves_something: observation.is_some_and(|observation| observation.leak.is_some()),
            as_kept: observed.as_kept(),
            output: observation.map(|observation| observation.output.clone()).unwrap_or_default(),
        }
    }
}

fn gone(finding: &KeptFinding, binary: &Binary) -> Error {
    let message = format!("`{}` has no test `{}` any more", printable(&binary.id), printable(&finding.test));
    let error = Error::new(ExitCode::NoTests, message);
    match nearest(&finding.test, binary.tests.iter().map(|test| test.name.as_str())).first() {
        Some(name) => {
            error.hint(format!("is it `{}` now? `cargo spawncheck` looks for findings anew", printable(name)))
        }
        None => error.hint("`cargo spawncheck` looks for findings anew"),
    }
}

/// The same by cargo alone, as far as that can be said in a line: with the caller's environment, and as libtest orders them.
pub(super) fn command(binary: &Binary, tests: &[usize], flags: &str) -> Option<String> {
    let one_filter = binary.dialect == Dialect::Mimic;
    // By itself it runs them in its own order, each once.
    if tests.len() > if one_filter { 1 } else { MAX_NAMED } || !tests.is_sorted_by(|a, b| a < b) {
        return None;
    }
    let names = tests.iter().map(|test| shell_words::quote(binary.filter_name(*test)).into_owned());
    let ignored =
        tests.iter().any(|test| binary.tests[*test].ignored).then(|| "--include-ignored".to_owned());
    let words = ["cargo test".to_owned(), shell_words::join(&binary.selector), flags.to_owned()];
    let words = words.into_iter().chain(["-- --test-threads=1".to_owned()]).chain(ignored);
    let words: Vec<_> = words.chain(["--exact".to_owned()]).chain(names).collect();
    Some(words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
}

/// What one process showed.
#[derive(Debug)]
pub(super) struct Observed<'a> {
    pub(super) process: &'a Process,
    /// Of the test itself, the last one in the process.
    pub(super) observation: Option<Observation>,
}

impl Observed<'_> {
    fn verdict(&self) -> Verdict {
        self.observation.as_ref().map_or(Verdict::NotRun, |observation| observation.verdict)
    }

    /// Whether it shows what was kept. A test that fails in another way than it did still fails.
    pub(super) fn as_kept(&self) -> bool {
        match self.process.expected {
            Expected::Verdict(expected) if expected.is_bad() => self.verdict().is_bad(),
            Expected::Verdict(expected) => self.verdict() == expected,
            Expected::Leak => self.observation.as_ref().is_some_and(|observation| observation.leak.is_some()),
        }
    }
}
