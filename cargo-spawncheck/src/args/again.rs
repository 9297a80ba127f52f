//! Command lines that do again what was done.

use super::{CargoArgs, Command, EnvPolicy, FromArchive, ReplayArgs, RunArgs, parse};
use std::ffi::OsString;

impl RunArgs {
    /// The flags on which a finding may depend, without those that say where the project is and what to build of it.
    pub(crate) fn words(&self) -> Vec<String> {
        let mut words = self.cargo.build_words();
        words.extend(self.limit_words());
        for (flag, kinds) in [("--deny", &self.deny), ("--warn", &self.warn), ("--allow", &self.allow)] {
            words.extend(kinds.iter().map(|kind| format!("{flag}={}", kind.name())));
        }
        words.extend(self.filter.exact.then(|| "--exact".to_owned()));
        words.extend(self.filter.skip.iter().map(|skip| format!("--skip={skip}")));
        // After `--`, a filter that starts with a hyphen is no flag.
        words.extend((!self.filter.filters.is_empty()).then(|| "--".to_owned()));
        words.extend(self.filter.filters.iter().cloned());
        words
    }

    /// Which of the ignored tests run, and what the others get.
    pub(crate) fn limit_words(&self) -> Vec<String> {
        let mut words: Vec<String> = self
            .filter
            .run_ignored
            .option()
            .into_iter()
            .flat_map(str::split_whitespace)
            .map(str::to_owned)
            .collect();
        words.extend(self.profile.words());
        if let Some(retries) = self.runner.retries {
            words.extend(["--retries".to_owned(), retries.to_string()]);
        }
        if let Some(timeout) = self.timeout {
            words.extend(["--timeout".to_owned(), format!("{}ms", timeout.as_millis())]);
        }
        for (given, flag) in [(self.thorough, "--thorough"), (self.predict, "--predict")] {
            words.extend(given.then(|| flag.to_owned()));
        }
        if let Some(runs) = self.thread_runs {
            words.extend(["--thread-runs".to_owned(), runs.to_string()]);
        }
        if self.env == EnvPolicy::Inherit {
            words.extend(["--env", "inherit"].map(str::to_owned));
        }
        words.extend(self.pass_env.iter().map(|name| format!("--pass-env={name}")));
        words
    }

    /// What a run was given that had these words in front, at the place that `replay` says.
    ///
    /// # Errors
    /// They are no words of ours.
    pub(crate) fn of_words(words: &[String], replay: &ReplayArgs) -> Result<Self, clap::Error> {
        let mut line: Vec<OsString> = ["cargo-spawncheck", "spawncheck", "run"].map(Into::into).into();
        line.extend(replay.location_words());
        line.extend(words.iter().map(Into::into));
        match parse(line)? {
            Command::Run(args) => Ok(*args),
            // `run` was written above.
            _ => Err(clap::Error::new(clap::error::ErrorKind::InvalidSubcommand)),
        }
    }
}

impl ReplayArgs {
    fn location_words(&self) -> Vec<OsString> {
        let paths =
            [("--target-dir", self.target_dir.as_ref()), ("--manifest-path", self.manifest_path.as_ref())];
        let mut words: Vec<OsString> = paths
            .into_iter()
            .filter_map(|(flag, path)| Some([flag.into(), path?.into()]))
            .flatten()
            .collect();
        words.extend(self.config.iter().flat_map(|config| ["--config".into(), config.clone()]));
        words.extend(self.color.iter().flat_map(|when| ["--color".into(), when.into()]));
        words.extend(self.from.words());
        words
    }
}

/// The command that replays a finding of a run with `cargo` as its flags.
pub(crate) fn replay_command(cargo: &CargoArgs, from: &FromArchive, binary: &str, test: &str) -> String {
    let mut words = ["cargo", "spawncheck", "replay"].map(str::to_owned).to_vec();
    words.extend(cargo.location_words());
    words.extend(cargo.config_words());
    words.extend(from.text_words());
    words.extend((binary.starts_with('-') || test.starts_with('-')).then(|| "--".to_owned()));
    words.extend([binary.to_owned(), test.to_owned()]);
    shell_words::join(words)
}

#[cfg(test)]
mod tests {
    use super::{ReplayArgs, RunArgs, replay_command};
    use crate::args::{Command, parse};

    fn parsed(line: &str) -> Command {
        let words = shell_words::split(&format!("cargo-spawncheck spawncheck {line}")).unwrap();
        parse(words.into_iter().map(Into::into)).unwrap()
    }

    fn run(line: &str) -> RunArgs {
        let Command::Run(args) = parsed(line) else { panic!("`{line}` runs nothing") };
        *args
    }

    fn replay(line: &str) -> ReplayArgs {
        let Command::Replay(args) = parsed(line) else { panic!("`{line}` replays nothing") };
        args
    }

    #[test]
    fn words_say_the_same_again() {
        let line = "--release -F a,b --timeout 1500ms -P ci --retries 2 --thorough --thread-runs 9 --env inherit --pass-env A --run-ignored only --deny flaky \
                    --allow leak --exact --skip=-x --target-dir d -p p --lib -- -odd b";
        let words = run(line).words();
        assert!(!words.contains(&"d".to_owned()), "{words:?}");
        let again = RunArgs::of_words(&words, &replay("replay --target-dir 'e f'")).unwrap();
        assert_eq!(again.words(), words);
        assert_eq!(again.filter.filters, ["-odd", "b"]);
        assert_eq!(again.cargo.location_words(), ["--target-dir", "e f"]);
    }

    #[test]
    fn words_of_somebody_else() {
        assert!(RunArgs::of_words(&["--frobnicate".to_owned()], &replay("replay")).is_err());
        assert!(RunArgs::of_words(&["--help".to_owned()], &replay("replay")).is_err());
    }

    #[test]
    fn commands_are_quoted_and_understood() {
        for (binary, test) in
            [("p", "tests::a"), ("p::it", "it's $ODD `x`"), ("p", "-hyphen"), ("p", "[kind] a b")]
        {
            let run = run("--manifest-path 'a b/Cargo.toml'");
            let command = replay_command(&run.cargo, &run.from, binary, test);
            let args = replay(command.strip_prefix("cargo spawncheck ").unwrap());
            assert_eq!(
                (args.package.as_deref(), args.test.as_deref()),
                (Some(binary), Some(test)),
                "{command}"
            );
            assert_eq!(args.manifest_path.unwrap().to_str(), Some("a b/Cargo.toml"));
        }
        let plain = run("");
        assert_eq!(
            replay_command(&plain.cargo, &plain.from, "p", "tests::a"),
            "cargo spawncheck replay p tests::a"
        );
    }

    #[test]
    fn commands_name_the_archive() {
        let args = run("--archive 'a b.zst' --workspace-remap w --extract-to x --extract-limit 1GiB");
        let command = replay_command(&args.cargo, &args.from, "p", "a");
        let again = replay(command.strip_prefix("cargo spawncheck ").unwrap()).from;
        assert_eq!(again.text_words(), args.from.text_words(), "{command}");
        assert_eq!(again.archive.unwrap().to_str(), Some("a b.zst"));
        assert_eq!((again.extract_to, again.extract_limit), (None, 1 << 30));
    }
}
