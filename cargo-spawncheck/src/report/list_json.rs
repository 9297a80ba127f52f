//! `cargo spawncheck list --message-format json`: the shape of nextest's list, so that what reads that one reads this one too. What
//! nextest says of the build is left out.

use crate::list::Skipped;
use crate::suite::{Binary, RunIgnored, Suite, Test};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Listing<'a> {
    schema: u32,
    /// All tests, chosen or not.
    test_count: usize,
    /// By the ID of the binary.
    rust_suites: BTreeMap<&'a str, Entry<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Entry<'a> {
    package_name: &'a str,
    binary_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    binary_path: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cwd: Option<Cow<'a, str>>,
    status: &'static str,
    /// Why it is skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    testcases: BTreeMap<&'a str, Case>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Case {
    ignored: bool,
    filter_match: FilterMatch,
}

/// Whether the test runs.
#[derive(Debug, Serialize)]
#[serde(tag = "status", content = "reason", rename_all = "kebab-case")]
enum FilterMatch {
    Matches,
    Mismatch(Reason),
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Reason {
    /// It is ignored, or only ignored ones run.
    Ignored,
    /// The filters of the command line leave it out.
    String,
}

impl<'a> Listing<'a> {
    pub(super) fn new(suite: &'a Suite, skipped: &'a [Skipped], mode: RunIgnored) -> Self {
        let listed = suite.binaries.iter().map(|binary| (&*binary.id, Entry::listed(binary, mode)));
        let skipped = skipped.iter().map(|skipped| (&*skipped.id, Entry::skipped(skipped)));
        Self {
            schema: super::SCHEMA,
            test_count: suite.binaries.iter().map(|binary| binary.tests.len()).sum(),
            rust_suites: listed.chain(skipped).collect(),
        }
    }
}

impl<'a> Entry<'a> {
    fn listed(binary: &'a Binary, mode: RunIgnored) -> Self {
        Self {
            package_name: &binary.package,
            binary_id: &binary.id,
            binary_path: Some(binary.launch.executable.to_string_lossy()),
            cwd: Some(binary.launch.dir.to_string_lossy()),
            status: "listed",
            reason: None,
            testcases: binary.tests.iter().map(|test| (&*test.name, Case::new(test, mode))).collect(),
        }
    }

    fn skipped(skipped: &'a Skipped) -> Self {
        Self {
            package_name: &skipped.package,
            binary_id: &skipped.id,
            binary_path: None,
            cwd: None,
            status: "skipped",
            reason: Some(&skipped.reason),
            testcases: BTreeMap::new(),
        }
    }
}

impl Case {
    fn new(test: &Test, mode: RunIgnored) -> Self {
        let filter_match = match (test.selected, mode.runs(test)) {
            (false, _) => FilterMatch::Mismatch(Reason::String),
            (true, false) => FilterMatch::Mismatch(Reason::Ignored),
            (true, true) => FilterMatch::Matches,
        };
        Self { ignored: test.ignored, filter_match }
    }
}

#[cfg(test)]
mod tests {
    use super::Listing;
    use crate::list::Skipped;
    use crate::suite::tests::{binary, suite};
    use crate::suite::{Dialect, RunIgnored};

    #[test]
    fn every_test_and_whether_it_runs() {
        let mut suite = suite([binary("p", Dialect::Libtest, &["a", "!b", "c\"\u{1b}"])]);
        suite.binaries[0].tests[0].selected = false;
        let skipped = Skipped { id: "p::old".into(), package: "p".into(), reason: "no list".into() };
        let skipped = [skipped];
        let listing = Listing::new(&suite, &skipped, RunIgnored::Default);
        insta::assert_snapshot!(serde_json::to_string_pretty(&listing).unwrap());
    }
}
