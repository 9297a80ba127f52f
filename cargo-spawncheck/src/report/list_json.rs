//! `cargo spawncheck list --message-format json`: the shape of nextest's list, so that what reads that one reads this one too. What
//! nextest says of the build is left out.

use super::list::Listed;
use crate::list::Skipped;
use crate::suite::{Binary, RunIgnored, Test, TestId};
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
    /// It is another shard's.
    Partition,
}

impl<'a> Listing<'a> {
    pub(super) fn new(&Listed { suite, skipped, share }: &Listed<'a>, mode: RunIgnored) -> Self {
        let listed = suite.binaries.iter().enumerate().map(|(index, binary)| {
            let owns = |test| share.owns(TestId { binary: index, test });
            (&*binary.id, Entry::listed(binary, mode, &owns))
        });
        let skipped = skipped.iter().map(|skipped| (&*skipped.id, Entry::skipped(skipped)));
        Self {
            schema: super::SCHEMA,
            test_count: suite.binaries.iter().map(|binary| binary.tests.len()).sum(),
            rust_suites: listed.chain(skipped).collect(),
        }
    }
}

impl<'a> Entry<'a> {
    fn listed(binary: &'a Binary, mode: RunIgnored, owns: &dyn Fn(usize) -> bool) -> Self {
        let tests = binary.tests.iter().enumerate();
        Self {
            package_name: &binary.package,
            binary_id: &binary.id,
            binary_path: Some(binary.launch.executable.to_string_lossy()),
            cwd: Some(binary.launch.dir.to_string_lossy()),
            status: "listed",
            reason: None,
            testcases: tests.map(|(index, test)| (&*test.name, Case::new(test, mode, owns(index)))).collect(),
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
    /// `owned`: not another shard's.
    fn new(test: &Test, mode: RunIgnored, owned: bool) -> Self {
        let filter_match = match (mode.runs(test), owned, test.selected) {
            (_, true, false) => FilterMatch::Mismatch(Reason::String),
            (false, ..) => FilterMatch::Mismatch(Reason::Ignored),
            (true, false, _) => FilterMatch::Mismatch(Reason::Partition),
            (true, true, true) => FilterMatch::Matches,
        };
        Self { ignored: test.ignored, filter_match }
    }
}

#[cfg(test)]
mod tests {
    use super::{Listed, Listing};
    use crate::list::Skipped;
    use crate::partition::Share;
    use crate::suite::tests::{binary, suite};
    use crate::suite::{Dialect, RunIgnored};

    #[test]
    fn every_test_and_whether_it_runs() {
        let mut suite = suite([binary("p", Dialect::Libtest, &["a", "!b", "c\"\u{1b}"])]);
        suite.binaries[0].tests[0].selected = false;
        let skipped = Skipped { id: "p::old".into(), package: "p".into(), reason: "no list".into() };
        let listed = Listed { suite: &suite, skipped: &[skipped], share: &Share::default() };
        let listing = Listing::new(&listed, RunIgnored::Default);
        insta::assert_snapshot!(serde_json::to_string_pretty(&listing).unwrap());
    }

    /// In the words of nextest.
    #[test]
    fn why_a_test_does_not_run() {
        let mut suite = suite([
            binary("p", Dialect::Libtest, &["a", "!b", "c"]),
            binary("q", Dialect::Libtest, &["a", "b", "c", "!d"]),
        ]);
        suite.binaries[1].tests[2].selected = false;
        let share = Share::take(Some("slice:1/2".parse().unwrap()), &mut suite, RunIgnored::Default);
        share.deselect_others(&mut suite);
        let listed = Listed { suite: &suite, skipped: &[], share: &share };
        let json = serde_json::to_value(Listing::new(&listed, RunIgnored::Default)).unwrap();
        let reasons = |id: &str| -> Vec<String> {
            let cases = json["rust-suites"][id]["testcases"].as_object().unwrap().values();
            cases
                .map(|case| case["filter-match"]["reason"].as_str().unwrap_or("matches").to_owned())
                .collect()
        };
        assert_eq!(reasons("p"), ["matches", "ignored", "matches"]);
        assert_eq!(reasons("q"), ["partition", "partition", "string", "ignored"]);
    }
}
