//! `cargo spawncheck replay`: a kept finding again, in the fewest processes that show it, without the search that led to it.

mod calls;
mod choose;
mod plan;
#[cfg(test)]
mod tests;

pub(crate) use plan::can_replay;

use crate::args::{ReplayArgs, RunArgs, replay_command};
use crate::config::{Accepted, Config};
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::finding::Level;
use crate::keep::KeptFinding;
use crate::list::{self, Skipped};
use crate::origin::Origin;
use crate::report::{self, KeptEvent, ReplayReport, TestName};
use crate::run::{Executor, Processes, execute_all};
use crate::session::{today, write_failed};
use crate::settings::Settings;
use crate::suite::{Suite, TestId};
use crate::{adoption_failed, os, temporary_folder};
use plan::{Observed, Plan};
use spawncheck::child::Interrupt;
use std::path::Path;

/// Replays what `args` names, or lists what there is.
pub(crate) fn replay(args: &ReplayArgs, interrupt: &Interrupt) -> Result<ExitCode> {
    let here = parse(&[], args)?;
    let origin = Origin::locate(&here.cargo, &args.from, interrupt)?;
    let mut kept = origin.store().load()?;
    kept.retain(|kept| kept.root == origin.root().to_string_lossy());
    let mut report = ReplayReport::new(args.message_format, here.cargo.color());
    let (Some(package), Some(test)) = (&args.package, &args.test) else {
        return list_kept(&kept, args, &here, &mut report);
    };
    let temp = temporary_folder()?;
    let mut code = ExitCode::Ok;
    for (number, finding) in choose::choose(&kept, package, test)?.into_iter().enumerate() {
        // What was kept is said at once where it is no use to build.
        if !is_shown(finding) {
            return Err(not_shown(finding));
        }
        let words: Vec<String> = finding.selector.iter().chain(&finding.flags).cloned().collect();
        let run = parse(&words, args)?;
        // Two of the same kind may be about workers of one test.
        let folder = temp.path().join(format!("{number}"));
        std::fs::create_dir(&folder).map_err(|error| {
            Error::new(ExitCode::Setup, format!("failed to make `{}`", folder.display())).source(error)
        })?;
        let replay = Replay { finding, run: &run, origin: &origin, temp: &folder, interrupt };
        if replay.run(&mut report)? == ExitCode::Findings {
            code = ExitCode::Findings;
        }
    }
    Ok(code)
}

/// The flags that were kept are our own, unless somebody else has written them.
fn parse(words: &[String], args: &ReplayArgs) -> Result<RunArgs> {
    RunArgs::of_words(words, args).map_err(|error| {
        let reason = error.to_string();
        let line = reason.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        Error::new(ExitCode::Setup, format!("the flags of the kept finding cannot be used: {line}"))
            .hint("run `cargo spawncheck` again")
    })
}

fn list_kept(
    kept: &[KeptFinding],
    args: &ReplayArgs,
    here: &RunArgs,
    report: &mut ReplayReport,
) -> Result<ExitCode> {
    let wanted = |finding: &&KeptFinding| {
        args.package.as_ref().is_none_or(|name| *name == finding.package || *name == finding.binary)
    };
    let findings: Vec<_> = kept.iter().filter(|finding| is_shown(finding)).filter(wanted).collect();
    let commands: Vec<_> = findings
        .iter()
        .map(|finding| replay_command(&here.cargo, &args.from, &finding.binary, &finding.test))
        .collect();
    let events: Vec<_> = findings
        .iter()
        .zip(&commands)
        .map(|(finding, replay)| KeptEvent {
            kind: finding.kind,
            name: name(finding),
            worker: finding.worker.as_ref().map(|worker| worker.name.as_str()),
            replay,
        })
        .collect();
    report.list(&events).map_err(write_failed)?;
    Ok(ExitCode::Ok)
}

fn is_shown(finding: &KeptFinding) -> bool {
    can_replay(finding.kind, finding.worker.as_ref())
}

fn not_shown(finding: &KeptFinding) -> Error {
    let what = match &finding.worker {
        None => "is not shown by running its test once or twice",
        Some(_) => "about a worker is not shown by calls that were kept",
    };
    let message = format!("a {} finding {what}", finding.kind.name());
    Error::new(ExitCode::Usage, message)
        .hint(format!("`cargo spawncheck {}` looks for it anew", shell_words::join(&finding.selector)))
}

fn name(finding: &KeptFinding) -> TestName<'_> {
    TestName { package: &finding.package, binary: &finding.binary, test: &finding.test }
}

/// One finding that is shown again.
struct Replay<'a> {
    finding: &'a KeptFinding,
    run: &'a RunArgs,
    origin: &'a Origin,
    temp: &'a Path,
    interrupt: &'a Interrupt,
}

impl Replay<'_> {
    fn run(&self, report: &mut ReplayReport) -> Result<ExitCode> {
        let settings = Settings::resolve(
            self.run,
            Config::load(self.origin.root(), self.run.profile.name().as_deref())?,
        );
        let suite = self.build(&settings)?;
        let plan = Plan::new(self.finding, &suite.binaries[0], self.run, settings.environment)?;
        let executor = Processes::new(&suite, &self.run.filter, settings.timeout, self.temp, self.interrupt);
        let level = self.level(&settings, &suite, plan.test);
        if let Some((worker, calls)) = self.finding.calls() {
            return self.run_calls((worker, calls), &executor, level, report);
        }
        plan.check_order(&executor)?;
        let observed =
            plan.processes.iter().map(|process| observe(process, &executor)).collect::<Result<Vec<_>>>()?;

        let reproduced = observed.iter().all(Observed::as_kept);
        let denied = reproduced && level == Level::Deny;
        let code = if denied { ExitCode::Findings } else { ExitCode::Ok };
        let processes: Vec<_> = observed
            .iter()
            .map(|observed| plan.event(observed, &suite.binaries[0], &self.run.cargo.build_flags()))
            .collect();
        let event = report::ReplayEvent {
            schema: report::SCHEMA,
            kind: self.finding.kind,
            level,
            name: name(self.finding),
            reproduced,
            processes,
            culprits: self.finding.culprits.as_deref(),
            causes: &self.finding.causes,
            notes: plan.notes,
            exit_code: code as u8,
        };
        report.replayed(&event).map_err(write_failed)?;
        Ok(code)
    }

    /// Builds the binary of the finding, and nothing else.
    fn build(&self, settings: &Settings) -> Result<Suite> {
        let id = &self.finding.binary;
        let mut built = self.origin.built(&self.run.cargo, &settings.pass_env, self.temp, self.interrupt)?;
        built.retain(|built| built.id == *id);
        os::adopt_orphans().map_err(adoption_failed)?;
        let (suite, skipped) = list::list(built, settings.timeout, self.temp, settings.jobs, self.interrupt)?;
        let gone = |reason: String| {
            Error::new(ExitCode::NoTests, reason).hint("`cargo spawncheck` looks for findings anew")
        };
        match (&*suite.binaries, &*skipped) {
            ([_], _) => Ok(suite),
            (_, [Skipped { reason, .. }, ..]) => {
                Err(gone(format!("`{id}` takes no part any more: {reason}")))
            }
            _ => Err(gone(format!("there is no test binary `{id}` any more"))),
        }
    }

    /// What the finding counts for today; an accepted one is not denied.
    fn level(&self, settings: &Settings, suite: &Suite, test: usize) -> Level {
        let kind = self.finding.kind;
        let level = settings.levels.get(kind);
        let test = TestId { binary: 0, test };
        match Accepted::new(settings.accept.clone(), today()).reason(suite, kind, test) {
            Some(_) if level == Level::Deny => Level::Warn,
            _ => level,
        }
    }
}

fn observe<'a>(process: &'a plan::Process, executor: &dyn Executor) -> Result<Observed<'a>> {
    let mut observations = execute_all(executor, process.schedule.clone(), &mut |_| {})?;
    Ok(Observed { process, observation: observations.pop() })
}
