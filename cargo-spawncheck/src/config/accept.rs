//! Accepted findings: known, listed, not failing the run — until they are gone or their date has passed.

use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::finding::Kind;
use crate::suite::{Suite, TestId};
use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

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

    /// An error if a test that ran does not show the finding that an entry accepts, or if the entry names no test.
    ///
    /// `ran` are the tests of this run; an entry about another one says nothing, unless `everything` was selected.
    /// `can_tell` says whether it would have seen a finding of a kind.
    pub(crate) fn check_used(
        &self,
        suite: &Suite,
        ran: &[TestId],
        everything: bool,
        can_tell: impl Fn(Kind) -> bool,
    ) -> Result<()> {
        for (entry, _) in self.entries.iter().filter(|(entry, used)| !used && can_tell(entry.kind)) {
            let test_ran = ran.iter().any(|id| entry.names(suite, *id));
            if test_ran || everything {
                let what = if test_ran { "no longer occurs" } else { "names a test that does not exist" };
                return Err(Error::new(
                    ExitCode::Setup,
                    format!("the accepted {} finding `{}` {what}", entry.kind.name(), entry.test),
                )
                .hint(format!("remove its [[accept]] entry from `{}`", super::FILE)));
            }
        }
        Ok(())
    }
}

impl Accept {
    fn names(&self, suite: &Suite, id: TestId) -> bool {
        suite.test(id).name == self.test
            && self.binary.as_ref().is_none_or(|binary| suite.binary(id).id == *binary)
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
