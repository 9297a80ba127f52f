//! Accepted findings: known, listed, not failing the run — until they are gone or their date has passed.
//!
//! Only a run that could have seen a finding may call it gone. What shows only in another order of the tests has an entry that
//! says so (`only-with`): the kept findings of an earlier run could tell as well, but where there are none (a fresh checkout,
//! CI) each plain run would fail. What shows on one system only says that too (`only-on`), since all of them read one file.

use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::finding::Kind;
use crate::platform::Platform;
use crate::suite::{Suite, TestId};
use crate::thorough::Extent;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeSet;

/// One `[[accept]]` entry.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accept {
    /// The test's whole name.
    pub(crate) test: String,
    pub(crate) kind: Kind,
    /// Only in this binary; in every one if missing.
    pub(crate) binary: Option<String>,
    /// Why it is accepted.
    pub(crate) reason: String,
    /// The last day on which it is.
    #[serde(default, deserialize_with = "date")]
    pub(crate) until: Option<Date>,
    /// What it takes to see it; if missing, any run does.
    #[serde(default, rename = "only-with")]
    pub(crate) only_with: Option<OnlyWith>,
    /// The system that it is about; if missing, all of them.
    #[serde(default, rename = "only-on")]
    pub(crate) only_on: Option<System>,
}

/// The flag without which a finding is not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum OnlyWith {
    Thorough,
    Predict,
}

/// What tests are built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum System {
    Linux,
    Windows,
    Macos,
}

impl System {
    /// As [`Platform::os`] names it.
    fn name(self) -> &'static str {
        match self {
            Self::Linux => "linux",
            Self::Windows => "windows",
            Self::Macos => "macos",
        }
    }
}

/// What a run has looked at, as far as accepted findings go.
pub(crate) struct Looked<'a> {
    /// The tests that ran.
    pub(crate) ran: &'a [TestId],
    /// Of those, the ones that were looked at beyond both legs, as far as `extent` goes and to the end.
    pub(crate) beyond: &'a BTreeSet<TestId>,
    pub(crate) extent: Extent,
    /// All tests were selected that `cargo test` can have.
    pub(crate) everything: bool,
    /// The binaries that could have been built besides.
    pub(crate) others: BTreeSet<&'a str>,
}

/// The entries that hold today, and which of them have been of use.
#[derive(Debug)]
pub(crate) struct Accepted {
    entries: Vec<(Accept, bool)>,
}

impl Accepted {
    /// Drops the entries whose date is before `today`: their findings count again.
    pub(crate) fn new(entries: Vec<Accept>, today: Date) -> Self {
        let holds = |entry: &Accept| entry.until.is_none_or(|until| today <= until);
        Self { entries: entries.into_iter().filter(holds).map(|entry| (entry, false)).collect() }
    }

    /// The reason why a finding of this kind about `test` is accepted, if it is.
    pub(crate) fn reason(&mut self, suite: &Suite, kind: Kind, test: TestId) -> Option<&str> {
        let (entry, used) =
            self.entries.iter_mut().find(|(entry, _)| entry.kind == kind && entry.names(suite, test))?;
        *used = true;
        Some(&entry.reason)
    }

    /// An error if a finding that an entry accepts was looked for in vain, or if the entry names no test.
    pub(crate) fn check_used(&self, suite: &Suite, looked: &Looked<'_>) -> Result<()> {
        for (entry, _) in self.entries.iter().filter(|(_, used)| !used) {
            let mut hint = format!("remove its [[accept]] entry from `{}`", super::FILE);
            let what = if looked.everything && entry.is_missing(suite, &looked.others) {
                if entry.binary.is_none() && !looked.others.is_empty() {
                    hint.push_str(", or name its `binary` in it if plain `cargo test` does not run that");
                }
                "names a test that is in none of the binaries"
            } else if looked.for_entry(entry, suite) {
                if entry.may_need_more() && !looked.extent.thorough {
                    hint.push_str(", or say `only-with = \"thorough\"` in it if only --thorough shows it");
                }
                "no longer occurs"
            } else {
                continue;
            };
            if entry.only_on.is_none() {
                hint.push_str(", or say `only-on` in it if it is about one system only");
            }
            let message = format!("the accepted {} finding `{}` {what}", entry.kind.name(), entry.test);
            return Err(Error::new(ExitCode::Setup, message).hint(hint));
        }
        Ok(())
    }
}

impl Looked<'_> {
    /// Whether what `entry` accepts would have been seen, in whichever binary it is.
    fn for_entry(&self, entry: &Accept, suite: &Suite) -> bool {
        let mut named = self.ran.iter().filter(|id| entry.names(suite, **id)).peekable();
        named.peek().is_some() && named.all(|id| self.for_it(entry, suite, *id))
    }

    fn for_it(&self, entry: &Accept, suite: &Suite, id: TestId) -> bool {
        let Extent { thorough, predict, .. } = self.extent;
        let beyond = self.beyond.contains(&id);
        let deep_enough = match entry.needs() {
            None => true,
            Some(OnlyWith::Thorough) => thorough && beyond,
            Some(OnlyWith::Predict) => (thorough || predict) && beyond,
        };
        // Whoever leaves the state has to run as well.
        let company = || suite.binary(id).tests.iter().all(|test| test.selected);
        deep_enough && !entry.kind.is_by_chance() && (!entry.kind.is_inherited_state() || company())
    }
}

impl Accept {
    fn names(&self, suite: &Suite, id: TestId) -> bool {
        suite.test(id).name == self.test
            && self.is_for(&suite.binary(id).launch.platform)
            && self.binary.as_ref().is_none_or(|binary| suite.binary(id).id == *binary)
    }

    fn is_for(&self, platform: &Platform) -> bool {
        self.only_on.is_none_or(|system| platform.os() == system.name())
    }

    /// Whether it names none of the tests where it should: in what there is for its system, or the one binary that it names.
    fn is_missing(&self, suite: &Suite, others: &BTreeSet<&str>) -> bool {
        let is_elsewhere = self.binary.as_ref().is_some_and(|binary| others.contains(&**binary));
        let is_here = suite.binaries.iter().any(|binary| self.is_for(&binary.launch.platform));
        is_here && !is_elsewhere && !self.names_any(suite)
    }

    fn names_any(&self, suite: &Suite) -> bool {
        let tests = suite
            .binaries
            .iter()
            .enumerate()
            .flat_map(|(binary, known)| (0..known.tests.len()).map(move |test| TestId { binary, test }));
        tests.into_iter().any(|id| self.names(suite, id))
    }

    /// What it takes to see its finding, beyond both legs.
    fn needs(&self) -> Option<OnlyWith> {
        if self.kind == Kind::Repeat { Some(OnlyWith::Thorough) } else { self.only_with }
    }

    /// Whether its finding may be one that both legs do not show, for all that it says.
    fn may_need_more(&self) -> bool {
        self.kind.is_inherited_state() && self.only_with.is_none()
    }
}

fn date<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<Date>, D::Error> {
    // TOML has dates of its own, but people put them in quotes as well.
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Toml(toml::value::Datetime),
        Text(String),
    }
    let text = match Either::deserialize(deserializer) {
        Ok(Either::Toml(date)) => date.to_string(),
        Ok(Either::Text(text)) => text,
        Err(_) => return Err(serde::de::Error::custom("a date is written as \"2027-01-31\"")),
    };
    let wrong = |_| serde::de::Error::custom(format!("`{text}` is no date (write it as \"2027-01-31\")"));
    text.parse().map(Some).map_err(wrong)
}
