//! `cargo test`'s own selection and build flags, passed on to cargo as they are.

use super::MessageFormat;
use crate::build::Features;
use cargo_options::CommonOptions;
use clap::builder::PossibleValuesParser;
use clap_cargo::Workspace;
use std::path::PathBuf;
use std::process::Command;

const TARGETS: &str = "Target selection";

/// Where we have nothing to say about each test.
const VERBOSE: &str = "Given twice: let cargo be verbose";

/// How a list of tests is written to standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListFormat {
    Human,
    Json,
    JsonPretty,
}

/// The flags that say what to build, and how.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct CargoArgs {
    #[command(flatten)]
    workspace: Workspace,

    #[command(flatten)]
    targets: TargetArgs,

    #[command(flatten)]
    common: CommonOptions,

    /// Build in release mode, with optimizations
    #[arg(short, long, conflicts_with = "profile", help_heading = "Compilation Options")]
    release: bool,

    /// Ignore `rust-version` in packages
    #[arg(long, help_heading = "Manifest Options")]
    ignore_rust_version: bool,

    #[command(flatten)]
    manifest: clap_cargo::Manifest,
}

/// Which of a package's targets. Neither clap-cargo nor cargo-options has these by themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
struct TargetArgs {
    /// Only the package's library
    #[arg(long, help_heading = TARGETS)]
    lib: bool,
    /// Only the package's binaries
    #[arg(long, help_heading = TARGETS)]
    bins: bool,
    /// Only this binary
    #[arg(long, value_name = "NAME", help_heading = TARGETS)]
    bin: Vec<String>,
    /// Only the package's examples
    #[arg(long, help_heading = TARGETS)]
    examples: bool,
    /// Only this example
    #[arg(long, value_name = "NAME", help_heading = TARGETS)]
    example: Vec<String>,
    /// Only targets that have `test = true`
    #[arg(long, help_heading = TARGETS)]
    tests: bool,
    /// Only this integration test
    #[arg(long, value_name = "NAME", help_heading = TARGETS)]
    test: Vec<String>,
    /// Only targets that have `bench = true`
    #[arg(long, help_heading = TARGETS)]
    benches: bool,
    /// Only this benchmark
    #[arg(long, value_name = "NAME", help_heading = TARGETS)]
    bench: Vec<String>,
    /// All targets
    #[arg(long, help_heading = TARGETS)]
    all_targets: bool,
}

impl TargetArgs {
    fn flags(&self) -> Vec<String> {
        let mut flags = Vec::new();
        for (given, flag) in [
            (self.lib, "--lib"),
            (self.bins, "--bins"),
            (self.examples, "--examples"),
            (self.tests, "--tests"),
            (self.benches, "--benches"),
            (self.all_targets, "--all-targets"),
        ] {
            flags.extend(given.then(|| flag.to_owned()));
        }
        for (names, flag) in [
            (&self.bin, "--bin"),
            (&self.example, "--example"),
            (&self.test, "--test"),
            (&self.bench, "--bench"),
        ] {
            flags.extend(names.iter().flat_map(|name| [flag.to_owned(), name.clone()]));
        }
        flags
    }

    /// Whether they choose the target that this flag would choose. Of targets that have no tests by default, only benchmarks are built.
    fn select(&self, target: &str) -> bool {
        let (kind, name) = target.split_once(' ').unwrap_or((target, ""));
        let named = |names: &[String]| names.iter().any(|known| known == name);
        let chosen = match kind {
            "--lib" => self.lib,
            "--bin" => self.bins || named(&self.bin),
            "--example" => self.examples || named(&self.example),
            "--bench" => named(&self.bench),
            _ => named(&self.test),
        };
        let is_test = self.tests && kind != "--bench";
        *self == Self::default() || self.all_targets || is_test || chosen
    }
}

/// Cargo's flags as they were given. What cargo-options makes of `--target` is for linkers that take versions (`TRIPLE.2.17`), and cuts
/// the names of files.
fn apply(common: &CommonOptions, command: &mut Command) {
    CommonOptions { target: Vec::new(), ..common.clone() }.apply(command);
    for target in &common.target {
        command.arg("--target").args(Some(target).filter(|target| !target.is_empty()));
    }
}

impl CargoArgs {
    /// The cargo that started us, else the one on `PATH`.
    pub(crate) fn cargo_path() -> PathBuf {
        std::env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from)
    }

    /// No flags but the place of the project.
    pub(crate) fn of_manifest(manifest_path: Option<PathBuf>) -> Self {
        let mut args = Self::default();
        args.manifest.manifest_path = manifest_path;
        args
    }

    /// How results are to be written.
    pub(crate) fn message_format(&self) -> MessageFormat {
        match self.common.message_format.last().map(String::as_str) {
            Some("json") => MessageFormat::Json,
            _ => MessageFormat::Human,
        }
    }

    /// How a list is to be written.
    pub(crate) fn list_format(&self) -> ListFormat {
        match self.common.message_format.last().map(String::as_str) {
            Some("json") => ListFormat::Json,
            Some("json-pretty") => ListFormat::JsonPretty,
            _ => ListFormat::Human,
        }
    }

    /// When to use colours.
    pub(crate) fn color(&self) -> anstream::ColorChoice {
        super::color(self.common.color.as_deref())
    }

    pub(crate) fn verbose(&self) -> u8 {
        self.common.verbose
    }

    pub(crate) fn quiet(&self) -> bool {
        self.common.quiet
    }

    pub(crate) fn manifest_path(&self) -> Option<&PathBuf> {
        self.manifest.manifest_path.as_ref()
    }

    /// Which features are built, of those that `--features` alone does not say.
    pub(crate) fn features(&self) -> Features {
        Features { all: self.common.all_features, no_default: self.common.no_default_features }
    }

    /// Whether a binary that has been built is selected; `target` is the flag that selects it within its package.
    pub(crate) fn selects(&self, package: &str, target: &str) -> bool {
        let named = |names: &[String]| names.iter().any(|name| name == package);
        let Workspace { package: packages, exclude, .. } = &self.workspace;
        (packages.is_empty() || named(packages)) && !named(exclude) && self.targets.select(target)
    }

    /// A selection that takes manifests, which archives have none of: a pattern, a version, or what has `bench = true`.
    pub(crate) fn selection_by_manifests(&self) -> Option<String> {
        let is_plain = |c: char| c.is_alphanumeric() || "-_".contains(c);
        let mut specs = self.workspace.package.iter().chain(&self.workspace.exclude);
        let spec = || specs.find(|spec| !spec.chars().all(is_plain)).cloned();
        let pattern = || self.targets.flags().into_iter().find(|name| name.contains(['*', '?', '[']));
        let benches = self.targets.benches.then(|| "--benches".to_owned());
        benches.or_else(spec).or_else(pattern)
    }

    /// A flag that says how to build, or where.
    pub(crate) fn build_flag(&self) -> Option<String> {
        self.build_words().into_iter().chain(self.location_words()).find(|word| word.starts_with('-'))
    }

    /// What is given with `--config`.
    pub(crate) fn config(&self) -> &[String] {
        &self.common.config
    }

    /// The `--target` triples, without the empty one that stands for the host.
    pub(crate) fn targets(&self) -> Vec<String> {
        self.common.target.iter().filter(|target| !target.is_empty()).cloned().collect()
    }

    /// The flags that `cargo metadata` understands too.
    pub(crate) fn metadata_flags(&self) -> Vec<String> {
        let mut flags = Vec::new();
        for (given, flag) in [
            (self.common.locked, "--locked"),
            (self.common.offline, "--offline"),
            (self.common.frozen, "--frozen"),
        ] {
            flags.extend(given.then(|| flag.to_owned()));
        }
        flags.extend(self.config_words());
        flags.extend(self.common.unstable_flags.iter().flat_map(|flag| ["-Z".to_owned(), flag.clone()]));
        flags
    }

    /// `cargo test --no-run` for everything that `cargo test` would build.
    pub(crate) fn build_command(&self) -> Command {
        let mut command = self.test_command(&self.common);
        command.arg("--no-run").args(self.targets.flags());
        command
    }

    /// `cargo test` for all that [`build_command`](Self::build_command) built, without doctests. Nothing is printed.
    pub(crate) fn start_command(&self) -> Command {
        let mut command = self.test_command(&CommonOptions {
            quiet: true,
            verbose: 0,
            timings: false,
            ..self.common.clone()
        });
        match self.targets == TargetArgs::default() {
            // What runs without any selection, except doctests, which are no test binaries.
            true => command.arg("--tests"),
            false => command.args(self.targets.flags()),
        };
        command.arg("--no-fail-fast");
        command
    }

    /// The directory to build in, if it is not the project's usual one.
    pub(crate) fn target_dir(&self) -> Option<&PathBuf> {
        self.common.target_dir.as_ref()
    }

    /// The flags that say how to build, as a person would type them again.
    pub(crate) fn build_flags(&self) -> String {
        shell_words::join(self.build_words().into_iter().chain(self.location_words()))
    }

    /// The flags that say how to build, but not where.
    pub(crate) fn build_words(&self) -> Vec<String> {
        let mut command = Command::new("");
        let common = CommonOptions {
            quiet: false,
            verbose: 0,
            color: None,
            message_format: Vec::new(),
            timings: false,
            target_dir: None,
            ..self.common.clone()
        };
        apply(&common, &mut command);
        let mut flags: Vec<_> = command.get_args().map(|arg| arg.to_string_lossy().into_owned()).collect();
        flags.extend(self.release.then(|| "--release".to_owned()));
        flags.extend(self.ignore_rust_version.then(|| "--ignore-rust-version".to_owned()));
        flags
    }

    /// The flags that say where the project is, and where it is built.
    pub(crate) fn location_words(&self) -> Vec<String> {
        [("--target-dir", self.target_dir()), ("--manifest-path", self.manifest_path())]
            .into_iter()
            .filter_map(|(flag, path)| Some([flag.to_owned(), path?.to_string_lossy().into_owned()]))
            .flatten()
            .collect()
    }

    /// The `--config` flags: they may say where the project is built as well.
    pub(crate) fn config_words(&self) -> Vec<String> {
        self.common.config.iter().flat_map(|config| ["--config".to_owned(), config.clone()]).collect()
    }

    fn test_command(&self, common: &CommonOptions) -> Command {
        let mut command = Command::new(Self::cargo_path());
        command.arg("test");
        // One -v is for our own report; cargo hears of the second.
        let verbose = common.verbose.saturating_sub(1);
        apply(&CommonOptions { verbose, message_format: Vec::new(), ..common.clone() }, &mut command);
        for (given, flag) in [
            (self.release, "--release"),
            (self.ignore_rust_version, "--ignore-rust-version"),
            (self.workspace.workspace || self.workspace.all, "--workspace"),
        ] {
            if given {
                command.arg(flag);
            }
        }
        for package in &self.workspace.package {
            command.args(["--package", package]);
        }
        for package in &self.workspace.exclude {
            command.args(["--exclude", package]);
        }
        if let Some(path) = self.manifest_path() {
            command.arg("--manifest-path").arg(path);
        }
        command
    }
}

pub(super) fn adjust_run(command: clap::Command) -> clap::Command {
    command
        .mut_arg("message_format", |arg| {
            arg.value_parser(PossibleValuesParser::new(["human", "json"]))
                .help("How to write results [default: human]")
        })
        .mut_arg("verbose", |arg| arg.help("Show every test; twice: let cargo be verbose too"))
        .mut_arg("quiet", |arg| arg.help("Show findings and the summary only"))
        // A flag of `cargo build` only, which `cargo test` refuses.
        .mut_arg("keep_going", |arg| arg.hide(true))
        .mut_arg("jobs", |arg| arg.help("Number of parallel build jobs, as for cargo"))
}

pub(super) fn adjust_list(command: clap::Command) -> clap::Command {
    adjust_run(command)
        .mut_arg("message_format", |arg| {
            arg.value_parser(PossibleValuesParser::new(["human", "json", "json-pretty"]))
        })
        .mut_arg("verbose", |arg| arg.help(VERBOSE))
}

pub(super) fn adjust_archive(command: clap::Command) -> clap::Command {
    adjust_run(command)
        // It writes no results.
        .mut_arg("message_format", |arg| arg.value_parser(PossibleValuesParser::new(["human"])).hide(true))
        .mut_arg("verbose", |arg| arg.help(VERBOSE))
        .mut_arg("quiet", |arg| arg.help("Do not say what the archive holds"))
}
