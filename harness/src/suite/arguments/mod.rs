//! The command line of a suite. It is libtest's, so that `cargo test`, nextest and other runners can start a suite like
//! any other test binary.
//!
//! libtest-mimic's own parser takes one filter only, and stops at flags that libtest has and it has not, so
//! `cargo test --workspace -- --no-capture` would fail because of the suite. That is why the words are read here.
//!
//! No flag is taken and then ignored in silence: where it cannot have its effect, [`Arguments::notes`] says so.

mod words;

use libtest_mimic::{ColorSetting, FormatSetting};
use std::ffi::OsString;
use std::fmt::Display;
use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroUsize;
use std::str::FromStr;
use words::{Word, Words};

/// What a suite is asked to do.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    /// All but which trials, and in which order.
    pub(crate) mimic: libtest_mimic::Arguments,
    /// What the person who runs the suite should hear, one line each.
    pub(crate) notes: Vec<String>,
    filters: Vec<String>,
    skip: Vec<String>,
    exact: bool,
    shuffle: bool,
    seed: Option<u64>,
}

impl Arguments {
    /// Reads the arguments after the program's name, and the variables that libtest reads from `env` where no flag
    /// says otherwise.
    ///
    /// `--help` is answered by libtest-mimic, which then exits.
    ///
    /// # Errors
    /// What is wrong with the arguments or variables; exit code 2 is due.
    pub(crate) fn parse(
        args: impl IntoIterator<Item = OsString>,
        env: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let mut words = Words::new(args)?;
        let mut arguments = Self::default();
        while let Some(word) = words.read()? {
            match word {
                Word::Filter(filter) => arguments.filters.push(filter),
                Word::Flag(flag) => arguments.set(&flag, &mut words)?,
            }
        }
        arguments.fill_in(env)?;
        arguments.settle()?;
        Ok(arguments)
    }

    /// Whether the trial of this name is to run: any filter matches, and nothing that is to be skipped does.
    pub(crate) fn selects(&self, name: &str) -> bool {
        let matches = |pattern: &String| if self.exact { name == pattern } else { name.contains(pattern) };
        (self.filters.is_empty() || self.filters.iter().any(matches)) && !self.skip.iter().any(matches)
    }

    /// What to run these trials with, so that libtest-mimic leaves out those that are not selected: only what it leaves
    /// out itself is in its count of filtered tests.
    pub(crate) fn for_trials<'a>(
        &self,
        names: impl IntoIterator<Item = &'a str>,
    ) -> libtest_mimic::Arguments {
        let skip = names.into_iter().filter(|name| !self.selects(name)).map(Into::into).collect();
        libtest_mimic::Arguments { exact: true, skip, ..self.mimic.clone() }
    }

    /// Puts the trials in the order in which they start: as they are, or shuffled, the same way for the same seed.
    pub(crate) fn arrange<T>(&self, trials: &mut [T]) {
        let Some(mut state) = self.seed else { return };
        for last in (1..trials.len()).rev() {
            let other = splitmix64(&mut state) % (last as u64 + 1);
            trials.swap(last, other as usize);
        }
    }

    fn set(&mut self, flag: &str, words: &mut Words) -> Result<(), String> {
        let mimic = &mut self.mimic;
        match flag {
            "--skip" => self.skip.push(words.value()?),
            "--exact" => self.exact = true,
            "--shuffle" => self.shuffle = true,
            "--shuffle-seed" => self.seed = Some(number(flag, &words.value()?)?),
            "--ignored" => mimic.ignored = true,
            "--include-ignored" => mimic.include_ignored = true,
            "--test" => mimic.test = true,
            "--bench" => mimic.bench = true,
            "--list" => mimic.list = true,
            "--test-threads" => mimic.test_threads = Some(threads(flag, &words.value()?)?),
            "--logfile" => mimic.logfile = Some(words.value()?),
            "--quiet" | "-q" => mimic.quiet = true,
            "--color" => mimic.color = Some(words.choice(&COLORS)?),
            "--format" => mimic.format = Some(words.choice(&FORMATS)?),
            "-Z" => words.choice(&[("unstable-options", ())])?,
            // True of every suite: it captures nothing, and has no trial that should panic or runs elsewhere.
            "--no-capture" | "--nocapture" => mimic.nocapture = true,
            "--show-output" => mimic.show_output = true,
            "--exclude-should-panic" | "--force-run-in-process" => {}
            "--ensure-time" | "--fail-fast" | "--report-time" => {
                self.notes.push(format!("`{flag}` has no effect on a suite"));
            }
            "--help" | "-h" => *mimic = libtest_mimic::Arguments::from_iter(["suite", flag]),
            _ => return Err(format!("unknown flag `{flag}` (hint: a filter like this goes after `--`)")),
        }
        Ok(())
    }

    fn fill_in(&mut self, env: impl Fn(&str) -> Option<String>) -> Result<(), String> {
        let is_on = |name| env(name).is_some_and(|value| value != "0");
        self.mimic.nocapture |= is_on("RUST_TEST_NOCAPTURE");
        self.shuffle |= is_on("RUST_TEST_SHUFFLE");
        if let (None, Some(value)) = (self.seed, env("RUST_TEST_SHUFFLE_SEED")) {
            self.seed = Some(number("RUST_TEST_SHUFFLE_SEED", &value)?);
        }
        if let (None, Some(value)) = (self.mimic.test_threads, env("RUST_TEST_THREADS")) {
            self.mimic.test_threads = Some(threads("RUST_TEST_THREADS", &value)?);
        }
        Ok(())
    }

    /// What the arguments mean together.
    fn settle(&mut self) -> Result<(), String> {
        let mimic = &mut self.mimic;
        if mimic.ignored && mimic.include_ignored {
            return Err("`--ignored` and `--include-ignored` exclude each other".into());
        }
        // Tests and benchmarks both, that is all trials: for libtest-mimic these two together mean none.
        mimic.bench &= !mimic.test;
        // `cargo test --quiet` adds a `--quiet` to whatever format was asked for.
        mimic.quiet &= mimic.format.is_none();
        if mimic.list && mimic.format == Some(FormatSetting::Json) {
            self.notes.push("`--format json` has no effect on `--list`".into());
        }
        if self.shuffle && self.seed.is_none() {
            self.seed = Some(RandomState::new().hash_one(()));
        }
        // As with libtest, a list is never shuffled.
        self.seed = self.seed.filter(|_| !self.mimic.list);
        self.notes.extend(self.seed.map(|seed| format!("shuffle seed: {seed}")));
        Ok(())
    }
}

const COLORS: [(&str, ColorSetting); 3] =
    [("auto", ColorSetting::Auto), ("always", ColorSetting::Always), ("never", ColorSetting::Never)];

const FORMATS: [(&str, FormatSetting); 3] =
    [("pretty", FormatSetting::Pretty), ("terse", FormatSetting::Terse), ("json", FormatSetting::Json)];

fn threads(subject: &str, text: &str) -> Result<usize, String> {
    number(subject, text).map(NonZeroUsize::get)
}

fn number<N: FromStr<Err: Display>>(subject: &str, text: &str) -> Result<N, String> {
    text.parse().map_err(|error| format!("`{subject}` cannot be `{text}`: {error}"))
}

/// The next number of Steele, Lea and Flood's generator: small, and the same everywhere and always.
fn splitmix64(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests;
