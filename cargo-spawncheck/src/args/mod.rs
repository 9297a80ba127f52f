//! The command line.

mod again;
mod archive;
mod cargo;
mod files;
mod output;
mod runner;

pub(crate) use again::replay_command;
pub(crate) use archive::{ArchiveArgs, FromArchive};
pub(crate) use cargo::{CargoArgs, ListFormat};
pub(crate) use files::{CompletionsArgs, InitArgs, ManArgs, Workflow};
pub(crate) use output::{MergeArgs, OutputArgs};
pub(crate) use runner::{ProfileArgs, RunnerArgs};

use crate::explain;
use crate::finding::Kind;
use crate::partition::Partition;
use crate::suite::RunIgnored;
use clap::builder::PossibleValuesParser;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// What cargo puts in front of the arguments of its subcommand.
const SUBCOMMAND: &str = "spawncheck";

/// The name of the executable.
pub(crate) const EXECUTABLE: &str = "cargo-spawncheck";

/// What cargo sees: `cargo spawncheck` arrives as `cargo-spawncheck spawncheck`.
#[derive(Debug, Parser)]
#[command(name = "cargo", bin_name = "cargo", disable_help_subcommand = true)]
enum Cargo {
    Spawncheck(Spawncheck),
}

#[derive(Debug, Args)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    about = "Run every test in-process and freshly spawned, and report the verdicts that depend on inherited state",
    after_help = EXIT_CODES
)]
struct Spawncheck {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    run: RunArgs,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the tests both ways and compare (the default)
    Run(Box<RunArgs>),
    /// List the tests that would run, by binary
    List(Box<ListArgs>),
    /// Show what each test leaves changed: statics, variables, handles
    Footprint(Box<FootprintArgs>),
    /// Show a finding of an earlier run again, in the fewest processes that do
    Replay(ReplayArgs),
    /// Build the tests, and pack them for a run on another machine
    Archive(Box<ArchiveArgs>),
    /// Put reports together: several platforms, or the shards of one run
    Merge(MergeArgs),
    /// Say what a kind of finding means, how it comes about, and how it is repaired
    Explain(ExplainArgs),
    /// Write a commented configuration and a CI workflow into the project; files that exist stay as they are
    Init(InitArgs),
    /// Print a script that completes command lines in a shell
    Completions(CompletionsArgs),
    /// Print the manual page, or write the pages of all commands into a folder
    Man(ManArgs),
}

impl Command {
    /// Whether it starts what has to be ended when a signal asks for that. The others are ended by the signal itself.
    pub(crate) fn is_supervised(&self) -> bool {
        match self {
            Self::Run(_) | Self::List(_) | Self::Footprint(_) | Self::Replay(_) | Self::Archive(_) => true,
            Self::Merge(_) | Self::Explain(_) | Self::Init(_) | Self::Completions(_) | Self::Man(_) => false,
        }
    }
}

const EXIT_CODES: &str = "\
Exit codes:
  0    nothing denied was found        101  the build failed
  2    wrong usage                     102  cargo metadata failed
  4    no tests ran                    104  a test binary could not be listed
  96   setup or configuration          110  output could not be written
  100  a test fails in both legs (*)   120  a denied finding (wins over 100)
                                       130  interrupted
  (*)  or a binary ends badly after its tests, a difference could not be
       confirmed in time, or tests did not run for --max-fail

Configuration: .config/spawncheck.toml in the workspace root";

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) filter: FilterArgs,

    /// Only one of several shards of the tests, e.g. slice:1/4, hash:2/4
    #[arg(long, value_name = "SHARD", help_heading = "Run options")]
    pub(crate) partition: Option<Partition>,

    /// How many tests run at the same time [default: the number of cores]
    #[arg(long, value_name = "N", help_heading = "Run options", value_parser = jobs)]
    pub(crate) test_jobs: Option<usize>,

    /// How long one test may take, e.g. 500ms, 30s, 2m [default: 60s]
    #[arg(long, value_name = "DURATION", help_heading = "Run options", value_parser = duration)]
    pub(crate) timeout: Option<Duration>,

    /// How many processes to start for each finding, to see which tests are its culprits; 0: none [default: 200]
    #[arg(long, value_name = "N", help_heading = "Run options")]
    pub(crate) culprit_runs: Option<usize>,

    /// How long that may take for each finding [default: 30s]
    #[arg(long, value_name = "DURATION", help_heading = "Run options", value_parser = duration)]
    pub(crate) culprit_time: Option<Duration>,

    /// Also run the tests in other orders, each twice in a row, and beside each other on threads
    #[arg(long, help_heading = "Run options")]
    pub(crate) thorough: bool,

    /// Also see what each test changes, and try the orders of tests in which that could matter
    #[arg(long, help_heading = "Run options")]
    pub(crate) predict: bool,

    /// With --thorough, how often to run the tests on threads at first [default: 5]
    #[arg(long, value_name = "N", help_heading = "Run options")]
    pub(crate) thread_runs: Option<u32>,

    /// What a spawned test sees of this environment: only allow-listed variables, or all
    #[arg(long, value_name = "WHAT", default_value = "sealed", help_heading = "Run options")]
    pub(crate) env: EnvPolicy,

    /// Let spawned tests see this variable too
    #[arg(long, value_name = "NAME", help_heading = "Run options")]
    pub(crate) pass_env: Vec<String>,

    /// What to do if there is nothing to run
    #[arg(long, value_name = "ACTION", default_value = "fail", help_heading = "Run options")]
    pub(crate) no_tests: NoTests,

    #[command(flatten)]
    pub(crate) profile: ProfileArgs,

    #[command(flatten)]
    pub(crate) runner: RunnerArgs,

    /// Make the run fail on findings of this kind
    #[arg(long, value_name = "KIND", help_heading = "Lint options")]
    pub(crate) deny: Vec<Kind>,

    /// Show findings of this kind, without failing
    #[arg(long, value_name = "KIND", help_heading = "Lint options", hide_possible_values = true)]
    pub(crate) warn: Vec<Kind>,

    /// Do not show findings of this kind
    #[arg(long, value_name = "KIND", help_heading = "Lint options", hide_possible_values = true)]
    pub(crate) allow: Vec<Kind>,

    /// Also write the JSON events to this file, as they come, for `cargo spawncheck merge`
    #[arg(long, value_name = "FILE", help_heading = "Report options")]
    pub(crate) report_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) output: OutputArgs,

    #[command(flatten)]
    pub(crate) from: FromArchive,

    #[command(flatten)]
    pub(crate) cargo: CargoArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) filter: FilterArgs,

    /// Only one of several shards of the tests, e.g. slice:1/4, hash:2/4
    #[arg(long, value_name = "SHARD", help_heading = "Run options")]
    pub(crate) partition: Option<Partition>,

    #[command(flatten)]
    pub(crate) from: FromArchive,

    #[command(flatten)]
    pub(crate) cargo: CargoArgs,
}

#[derive(Debug, Args)]
pub(crate) struct FootprintArgs {
    #[command(flatten)]
    pub(crate) filter: FilterArgs,

    /// How long one test may take, e.g. 500ms, 30s, 2m [default: 60s]
    #[arg(long, value_name = "DURATION", help_heading = "Run options", value_parser = duration)]
    pub(crate) timeout: Option<Duration>,

    #[command(flatten)]
    pub(crate) profile: ProfileArgs,
    #[command(flatten)]
    pub(crate) from: FromArchive,

    #[command(flatten)]
    pub(crate) cargo: CargoArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    /// The test's package, or its binary as reports name it; without, what can be replayed is listed
    pub(crate) package: Option<String>,
    /// The test's whole name
    pub(crate) test: Option<String>,

    /// How to write results
    #[arg(long, value_name = "FMT", default_value = "human")]
    pub(crate) message_format: MessageFormat,
    /// Coloring
    #[arg(long, value_name = "WHEN", value_parser = ["auto", "always", "never"])]
    pub(crate) color: Option<String>,
    /// Directory that the tests were built in, if it was given to the run
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) target_dir: Option<PathBuf>,
    /// Path to Cargo.toml
    #[arg(long, value_name = "PATH")]
    pub(crate) manifest_path: Option<PathBuf>,
    /// Override a configuration value of cargo
    #[arg(long, value_name = "KEY=VALUE|PATH")]
    pub(crate) config: Vec<OsString>,

    #[command(flatten)]
    pub(crate) from: FromArchive,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Which kind; without, all of them are listed
    #[arg(value_parser = PossibleValuesParser::new(explain::NAMES), hide_possible_values = true)]
    pub(crate) kind: Option<String>,
    /// Coloring
    #[arg(long, value_name = "WHEN", value_parser = ["auto", "always", "never"])]
    pub(crate) color: Option<String>,
}

/// Which tests.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct FilterArgs {
    /// Only tests whose name contains one of these
    #[arg(value_name = "FILTER", value_parser = filter)]
    pub(crate) filters: Vec<String>,

    /// Filters and `--skip` match whole names
    #[arg(long)]
    pub(crate) exact: bool,

    /// Leave out tests whose name contains this
    #[arg(long, value_name = "FILTER")]
    pub(crate) skip: Vec<String>,

    /// Which tests to run, of those marked `#[ignore]` and the others
    #[arg(long, value_name = "WHICH", default_value = "default")]
    pub(crate) run_ignored: RunIgnored,
}

/// The environment of spawned tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EnvPolicy {
    /// Only variables that cargo and the platform need
    Sealed,
    /// The caller's whole environment
    Inherit,
}

/// What an empty run means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum NoTests {
    /// An error, exit code 4
    Fail,
    /// A warning, exit code 0
    Warn,
    /// Nothing to speak of, exit code 0
    Pass,
}

/// How results are written to standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    Human,
    Json,
}

/// Parses the process's arguments, with or without the word that cargo puts in front.
///
/// # Errors
/// They are wrong, or ask for help; the error knows how to print itself and which exit code is due.
pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Command, clap::Error> {
    let mut args: Vec<_> = args.into_iter().collect();
    if args.get(1).is_none_or(|word| word != SUBCOMMAND) {
        args.insert(args.len().min(1), SUBCOMMAND.into());
    }
    let matches = command().try_get_matches_from(args)?;
    let Cargo::Spawncheck(spawncheck) = Cargo::from_arg_matches(&matches)?;
    Ok(spawncheck.command.unwrap_or_else(|| Command::Run(Box::new(spawncheck.run))))
}

/// The derived command, with those of cargo's options adjusted that mean something else here.
fn command() -> clap::Command {
    Cargo::command().mut_subcommand("spawncheck", |command| {
        cargo::adjust_run(command)
            .mut_subcommand("run", cargo::adjust_run)
            .mut_subcommand("list", cargo::adjust_list)
            .mut_subcommand("footprint", cargo::adjust_run)
            .mut_subcommand("archive", cargo::adjust_archive)
    })
}

/// The command as the executable has it that cargo starts, for completions and manuals.
pub(crate) fn standalone() -> clap::Command {
    let tool = command().find_subcommand(SUBCOMMAND).cloned().unwrap_or_default();
    tool.name(EXECUTABLE).bin_name(EXECUTABLE)
}

/// What `--color` says.
pub(crate) fn color(when: Option<&str>) -> anstream::ColorChoice {
    match when {
        Some("always") => anstream::ColorChoice::Always,
        Some("never") => anstream::ColorChoice::Never,
        _ => anstream::ColorChoice::Auto,
    }
}

/// No longer wait means anything, and a clock can be asked for a time that lies that far ahead.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// Parses `500ms`, `30s`, `2m`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let parsed: Result<jiff::SignedDuration, _> = text.parse();
    let duration = parsed.ok().and_then(|duration| Duration::try_from(duration).ok());
    match duration.filter(|duration| !duration.is_zero()) {
        Some(duration) if duration > LONGEST => Err(format!("`{text}` is longer than a year")),
        Some(duration) => Ok(duration),
        None => Err(format!("`{text}` is no duration above zero (hint: write 500ms, 30s or 2m)")),
    }
}

/// What `cargo test` hands to test binaries after `--` are filters here; their flags would match no test, or the wrong ones.
fn filter(text: &str) -> Result<String, String> {
    let flag = text.split('=').next().unwrap_or_default();
    let hint = match flag {
        "--skip" | "--exact" => "give it before `--`",
        "--ignored" | "--include-ignored" => "use --run-ignored before `--`",
        "--nocapture" | "--no-capture" | "--show-output" => "use --success-output before `--`",
        "--test-threads" => "use --test-jobs before `--`",
        _ => return Ok(text.to_owned()),
    };
    Err(format!("what follows `--` are names of tests (hint: {hint})"))
}

fn jobs(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|jobs| *jobs > 0).ok_or_else(|| format!("`{text}` is no number above zero"))
}

#[cfg(test)]
mod tests;
