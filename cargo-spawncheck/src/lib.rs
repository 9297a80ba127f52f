//! `cargo spawncheck`: run every test in-process and freshly spawned, and report the verdicts that depend on inherited
//! state.
//!
//! This library exists for the executable; its only public item is [`main_impl`]. ARCHITECTURE.md has the map.

#![cfg_attr(
    not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))),
    allow(
        dead_code,
        unused_imports,
        reason = "what reads executables and processes serves attribution on Linux only"
    )
)]

mod archive;
mod args;
mod attribute;
mod blocking;
mod build;
mod compare;
mod config;
mod confirm;
mod culprits;
mod error;
mod exit;
mod explain;
mod explanation;
mod files;
mod finding;
mod footprint;
mod html;
mod image;
mod init;
mod keep;
mod list;
mod manual;
mod matrix;
mod minimize;
mod origin;
mod os;
mod partition;
mod platform;
mod replay;
mod report;
mod run;
mod select;
mod session;
mod settings;
mod suite;
mod thorough;
mod trace;
mod worker;

use args::{ArchiveArgs, Command, FootprintArgs, ListArgs, MergeArgs, MessageFormat, RunArgs};
use error::{Error, Result};
use exit::ExitCode;
use spawncheck::child::Interrupt;
use std::io::Write;

/// Does what the command line says, and returns the exit code.
pub fn main_impl() -> std::process::ExitCode {
    if let Some(code) = build::record::act_as_runner() {
        return code;
    }
    let command = match args::parse(std::env::args_os()) {
        Ok(command) => command,
        Err(error) => {
            // Help goes to standard output, errors to standard error; where neither can be written, the code still tells.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::Usage } else { ExitCode::Ok }.into();
        }
    };
    let supervised = if command.is_supervised() { os::supervise() } else { Ok(None) };
    let result = match supervised {
        Ok(None) => work(&command).map(Into::into),
        Ok(Some(os::WorkerEnd::Exited(code))) => Ok(code.into()),
        Ok(Some(os::WorkerEnd::Killed(signal))) => Err(worker_killed(signal)),
        Err(error) => {
            Err(Error::new(ExitCode::Setup, "failed to start the process that does the work").source(error))
        }
    };
    result.unwrap_or_else(|error| {
        if !error.is_silent() {
            let _ = writeln!(std::io::stderr(), "{}", report::error_message(&error));
        }
        error.code().into()
    })
}

fn work(command: &Command) -> Result<ExitCode> {
    let interrupt = interrupt(command.is_supervised())?;
    let result = match command {
        Command::Run(args) => run(args, &interrupt),
        Command::List(args) => list(args, &interrupt),
        Command::Footprint(args) => footprint(args, &interrupt),
        Command::Replay(args) => replay::replay(args, &interrupt),
        Command::Archive(args) => archive(args, &interrupt),
        Command::Merge(args) => merge(args, &interrupt),
        Command::Explain(args) => explain::explain(args),
        Command::Init(args) => init::init(args, &interrupt),
        Command::Completions(args) => manual::completions(args),
        Command::Man(args) => manual::man(args),
    };
    os::end_orphans();
    result
}

fn run(args: &RunArgs, interrupt: &Interrupt) -> Result<ExitCode> {
    let format = args.cargo.message_format();
    let files = report::Files::new(args.report_file.as_deref(), &args.output, format, interrupt)?;
    let origin = origin::Origin::locate(&args.cargo, &args.from, interrupt)?;
    let config = config::Config::load(origin.root(), args.profile.name().as_deref())?;
    let settings = settings::Settings::resolve(args, config);
    let temp = temporary_folder()?;
    let built = origin.built(&args.cargo, &settings.pass_env, temp.path(), interrupt)?;
    os::adopt_orphans().map_err(adoption_failed)?;
    let (mut suite, skipped) = list::list(built, settings.timeout, temp.path(), settings.jobs, interrupt)?;
    select::select(&mut suite, &args.filter);
    let share = partition::Share::take(args.partition, &mut suite, args.filter.run_ignored);
    let store = origin.store();
    let (root, members, temp) = (origin.root(), origin.members(), temp.path());
    session::Session { args, settings, suite, share, skipped, root, members, store, temp, interrupt }
        .run(files)
}

fn list(args: &ListArgs, interrupt: &Interrupt) -> Result<ExitCode> {
    let origin = origin::Origin::locate(&args.cargo, &args.from, interrupt)?;
    let temp = temporary_folder()?;
    let built = origin.built(&args.cargo, &[], temp.path(), interrupt)?;
    os::adopt_orphans().map_err(adoption_failed)?;
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let (mut suite, skipped) = list::list(built, settings::TIMEOUT, temp.path(), workers, interrupt)?;
    select::select(&mut suite, &args.filter);
    let share = partition::Share::take(args.partition, &mut suite, args.filter.run_ignored);
    share.deselect_others(&mut suite);
    let mut out = anstream::AutoStream::new(std::io::stdout(), args.cargo.color());
    let listed = report::Listed { suite: &suite, skipped: &skipped, share: &share };
    report::list(&mut out, args.cargo.list_format(), &listed, args.filter.run_ignored)
        .map_err(session::write_failed)?;
    Ok(ExitCode::Ok)
}

fn footprint(args: &FootprintArgs, interrupt: &Interrupt) -> Result<ExitCode> {
    let origin = origin::Origin::locate(&args.cargo, &args.from, interrupt)?;
    let config = config::Config::load(origin.root(), args.profile.name().as_deref())?;
    let temp = temporary_folder()?;
    let built = origin.built(&args.cargo, &[], temp.path(), interrupt)?;
    os::adopt_orphans().map_err(adoption_failed)?;
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let workers = config.run.jobs.map_or_else(cores, usize::from);
    let timeout = args.timeout.or(config.run.timeout).unwrap_or(settings::TIMEOUT);
    let (mut suite, skipped) = list::list(built, timeout, temp.path(), workers, interrupt)?;
    select::select(&mut suite, &args.filter);
    footprint::Session { args, timeout, workers, suite, skipped, temp: temp.path(), interrupt }.run()
}

fn archive(args: &ArchiveArgs, interrupt: &Interrupt) -> Result<ExitCode> {
    let temp = temporary_folder()?;
    archive::create(args, temp.path(), interrupt)
}

fn merge(args: &MergeArgs, interrupt: &Interrupt) -> Result<ExitCode> {
    report::check_distinct(&args.output.files(), &args.files)?;
    let outputs = report::Outputs::new(&args.output, args.message_format, interrupt)?;
    let reports = args.files.iter().map(|path| matrix::read(path)).collect::<Result<Vec<_>>>()?;
    let matrix = matrix::join(reports, args.platform_differences);
    let written = outputs.begin().and_then(|()| {
        match args.message_format {
            MessageFormat::Human => {
                let mut out =
                    anstream::AutoStream::new(std::io::stdout(), args::color(args.color.as_deref()));
                report::merged(&mut out, &matrix, args.verbose)?;
            }
            MessageFormat::Json => report::Json::new(std::io::stdout()).matrix(&matrix)?,
        }
        outputs.write(&matrix)
    });
    written.map_err(session::write_failed)?;
    Ok(matrix.exit_code())
}

fn temporary_folder() -> Result<tempfile::TempDir> {
    tempfile::Builder::new().prefix("spawncheck-").tempdir().map_err(|error| {
        Error::new(ExitCode::Setup, "failed to make a temporary folder")
            .source(error)
            .hint("is there room, and is TMPDIR a folder that can be written to?")
    })
}

/// One that Ctrl-C, SIGTERM and SIGHUP raise, if it is to be `raised` at all: else they end this process as they end any other.
fn interrupt(raised: bool) -> Result<Interrupt> {
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
        Error::new(ExitCode::Setup, "failed to prepare for Ctrl-C").source(error)
    };
    let interrupt = Interrupt::new().map_err(|error| failed(error.into()))?;
    if raised {
        let handle = interrupt.clone();
        os::keeping_ignored(|| ctrlc::set_handler(move || handle.raise()))
            .map_err(|error| failed(error.into()))?;
    }
    Ok(interrupt)
}

fn adoption_failed(error: std::io::Error) -> Error {
    Error::new(ExitCode::Setup, "failed to prepare for what tests leave behind").source(error)
}

fn worker_killed(signal: i32) -> Error {
    let end = spawncheck::Exit::Signal(signal);
    Error::new(ExitCode::Setup, format!("the process that did the work ended early ({end})"))
        .hint("was it killed for want of memory?")
}
