//! Ask each binary for its tests.

mod parse;
mod symbols;

use crate::build::Built;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::run::queue;
use crate::suite::{Binary, Dialect, Suite, Test};
use parse::Listing;
use spawncheck::Exit;
use spawncheck::child::{Command, Ended, Interrupt, Killed};
use std::collections::HashSet;
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;
use symbols::Harness;

/// How long a binary may take to list its tests. One that ignores the request runs its whole `main` instead.
const PATIENCE: Duration = Duration::from_secs(30);

/// Room for about a million names.
const MAX_LIST: u64 = 256 << 20;

/// A binary that takes no part, and why.
#[derive(Debug)]
pub(crate) struct Skipped {
    pub(crate) id: String,
    pub(crate) package: String,
    pub(crate) reason: String,
}

enum Answer {
    Tests { dialect: Dialect, bare_filters: bool, tests: Vec<Test> },
    Unsupported(String),
}

/// Lists all binaries, several at the same time.
pub(crate) fn list(
    built: Vec<Built>,
    timeout: Duration,
    temp: &Path,
    workers: usize,
    interrupt: &Interrupt,
) -> Result<(Suite, Vec<Skipped>)> {
    let lister = Lister { patience: timeout.min(PATIENCE), temp, interrupt };
    let mut answers: Vec<Option<Result<Answer>>> = built.iter().map(|_| None).collect();
    let jobs: Vec<_> = built.iter().enumerate().collect();
    queue::run(
        jobs,
        workers,
        |(index, built), done| done((index, lister.ask(index, built))),
        |(index, answer)| {
            answers[index] = Some(answer);
        },
    );
    let (mut suite, mut skipped) = (Suite::default(), Vec::new());
    for (built, answer) in built.into_iter().zip(answers.into_iter().flatten()) {
        let Built { id, package, selector, launch } = built;
        match answer? {
            Answer::Tests { dialect, bare_filters, tests } => {
                suite.binaries.push(Binary { id, package, selector, launch, dialect, bare_filters, tests });
            }
            Answer::Unsupported(reason) => skipped.push(Skipped { id, package, reason }),
        }
    }
    Ok((suite, skipped))
}

struct Lister<'a> {
    patience: Duration,
    temp: &'a Path,
    interrupt: &'a Interrupt,
}

impl Lister<'_> {
    fn ask(&self, index: usize, built: &Built) -> Result<Answer> {
        let harness = symbols::harness(&built.launch.executable);
        if harness == Harness::LibtestAborting {
            let reason = "built with panic = \"abort\": each test has a process of its own, so there is no in-process leg";
            return Ok(Answer::Unsupported(reason.into()));
        }
        // What is no harness that we know may refuse; the standard one has to answer.
        let refused = |reason: String| match harness {
            Harness::Unknown => Ok(Answer::Unsupported(reason)),
            _ => Err(Error::new(
                ExitCode::ListFailed,
                format!("`{}` {reason}", built.launch.executable.display()),
            )),
        };
        let (dialect, names) = match self.names(&format!("list-{index}"), built, &[])? {
            Ok(listing) => listing,
            Err(reason) => return refused(reason),
        };
        let ignored: HashSet<String> = match self.names(&format!("ignored-{index}"), built, &["--ignored"])? {
            Ok((_, names)) => names.into_iter().collect(),
            Err(reason) => return refused(reason),
        };
        let kinded = names.iter().find(|name| dialect == Dialect::Mimic && name.starts_with('['));
        let bare_filters = match kinded {
            None => false,
            Some(name) => {
                let found = self.names(&format!("filter-{index}"), built, &["--exact", "--", name])?;
                found.is_ok_and(|(_, found)| found.is_empty())
            }
        };
        if let Some(twice) = parse::first_duplicate(&names) {
            return Ok(Answer::Unsupported(format!("lists two tests named `{twice}`")));
        }
        let test = |name: String| Test { ignored: ignored.contains(&name), selected: true, name };
        Ok(Answer::Tests { dialect, bare_filters, tests: names.into_iter().map(test).collect() })
    }

    /// The inner error is the reason why the binary cannot take part.
    fn names(
        &self,
        file: &str,
        built: &Built,
        more: &[&str],
    ) -> Result<std::result::Result<Listing, String>> {
        let path = self.temp.join(file);
        let mut args: Vec<OsString> = ["--list", "--format", "terse", "--logfile"].map(Into::into).into();
        args.push(built.launch.platform.path(&path));
        args.extend(more.iter().map(Into::into));
        let ended = self.run(built, args)?;
        let log = read_limited(&path);
        Ok(judge(&ended, self.patience).and_then(|()| parse::parse(&ended.stdout.to_text(), log.as_deref())))
    }

    fn run(&self, built: &Built, args: Vec<OsString>) -> Result<Ended> {
        let (program, args) = built.launch.command_line(args);
        let failed = |error: std::io::Error| {
            let result = Error::new(ExitCode::ListFailed, format!("failed to start `{}`", program.display()));
            match error.kind() {
                std::io::ErrorKind::PermissionDenied => {
                    result.source(error).hint("is it executable, and its file system not mounted `noexec`?")
                }
                _ => result.source(error),
            }
        };
        let command = Command {
            program: program.clone(),
            args,
            dir: built.launch.dir.clone(),
            env: built.launch.inherited.clone(),
            patience: self.patience,
            grace: Duration::from_millis(100),
            keep: 64 << 10,
        };
        let ended = command.run(None, self.interrupt, &mut |_, _| {}).map_err(failed)?;
        match (ended.killed, ended.exit) {
            (Some(Killed::Interrupted), _) => Err(Error::already_reported(ExitCode::Interrupted)),
            (None, exit @ Exit::Signal(_)) => {
                let message =
                    format!("`{}` did not list its tests: {exit}", built.launch.executable.display());
                Err(Error::new(ExitCode::ListFailed, message))
            }
            _ => Ok(ended),
        }
    }
}

fn judge(ended: &Ended, patience: Duration) -> std::result::Result<(), String> {
    if ended.killed.is_some() {
        return Err(format!("does not list its tests: no end within {} s", patience.as_secs_f64()));
    }
    if !ended.exit.is_success() {
        let stderr = ended.stderr.to_text();
        let line = stderr.lines().find(|line| !line.trim().is_empty()).unwrap_or("nothing on stderr");
        return Err(format!("does not list its tests: {}, {}", ended.exit, line.trim()));
    }
    Ok(())
}

/// `None` if the file was never made, or is larger than any list.
fn read_limited(path: &Path) -> Option<String> {
    (path.metadata().ok()?.len() <= MAX_LIST).then(|| std::fs::read_to_string(path).ok()).flatten()
}
