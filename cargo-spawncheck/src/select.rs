//! Filters: which tests the command line means, and what it may have meant.

use crate::args::FilterArgs;
use crate::suite::Suite;

/// Marks the tests that `filter` chooses, with libtest's own rules.
pub(crate) fn select(suite: &mut Suite, filter: &FilterArgs) {
    for test in suite.binaries.iter_mut().flat_map(|binary| &mut binary.tests) {
        test.selected = filter.matches(&test.name);
    }
}

impl FilterArgs {
    /// Whether every test is meant.
    pub(crate) fn is_empty(&self) -> bool {
        self.filters.is_empty() && self.skip.is_empty()
    }

    fn matches(&self, name: &str) -> bool {
        let hit = |filter: &String| if self.exact { name == filter } else { name.contains(filter.as_str()) };
        (self.filters.is_empty() || self.filters.iter().any(hit)) && !self.skip.iter().any(hit)
    }
}

/// Up to three of `candidates` that `wrong` may be a misspelling of, the likeliest first.
pub(crate) fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut scored: Vec<_> = candidates
        .into_iter()
        .map(|candidate| {
            // A filter is often the last part of a name alone.
            let last = candidate.rsplit("::").next().unwrap_or(candidate);
            let score = strsim::jaro_winkler(wrong, candidate).max(strsim::jaro_winkler(wrong, last));
            (score, candidate)
        })
        .filter(|(score, _)| *score > 0.75)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.truncate(3);
    scored.into_iter().map(|(_, candidate)| candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::{FilterArgs, nearest};

    #[track_caller]
    fn check(filters: &[&str], skip: &[&str], exact: bool, expected: &[&str]) {
        let own = |list: &[&str]| list.iter().map(|item| (*item).to_owned()).collect();
        let filter = FilterArgs { filters: own(filters), skip: own(skip), exact, ..FilterArgs::default() };
        let names = ["a", "ab", "b::a"];
        assert_eq!(names.into_iter().filter(|name| filter.matches(name)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn filters_work_as_in_libtest() {
        check(&[], &[], false, &["a", "ab", "b::a"]);
        check(&["b"], &[], false, &["ab", "b::a"]);
        check(&["a"], &[], true, &["a"]);
        check(&[], &["b"], false, &["a"]);
        check(&[], &["a"], true, &["ab", "b::a"]);
        check(&["ab", "::"], &["ab"], false, &["b::a"]);
    }

    #[test]
    fn nearest_names() {
        let names = ["tests::quote_uses_rate", "tests::starts_empty", "other"];
        assert_eq!(nearest("quote_use_rate", names), ["tests::quote_uses_rate"]);
        assert_eq!(nearest("tests::start_empty", names)[0], "tests::starts_empty");
        assert!(nearest("zzz", names).is_empty());
    }
}
