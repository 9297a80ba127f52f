//! Two harnesses, told apart by what `--list --logfile` makes them do.
//!
//! libtest prints the list, and writes `test NAME` lines to the log file; libtest-mimic prints nothing, and writes the list
//! itself there. The log file is the better source for both: what code before `main` prints cannot get into it.

use crate::suite::Dialect;
use std::collections::HashSet;

/// A harness and the names that it listed, in order.
pub(super) type Listing = (Dialect, Vec<String>);

/// `log` is the content of the log file, `None` if the binary made none. The error is the reason to skip it.
pub(super) fn parse(stdout: &str, log: Option<&str>) -> Result<Listing, String> {
    let Some(log) = log else {
        return Err(match stdout.lines().any(|line| line.ends_with(": test")) {
            true => "lists its tests but has no `--logfile`, so no result could be proven".into(),
            false => "does not speak the test protocol: no answer to `--list`".into(),
        });
    };
    // A harness that lists nothing gives no more to go by, and nothing will be asked of it.
    libtest(stdout, log)
        .map(|names| (Dialect::Libtest, names))
        .or_else(|| mimic(log).map(|names| (Dialect::Mimic, names)))
        .ok_or_else(|| "does not speak the test protocol: `--list` wrote something else".into())
}

fn libtest(stdout: &str, log: &str) -> Option<Vec<String>> {
    let name = |line: &str| {
        line.strip_prefix("test ").or_else(|| line.strip_prefix("benchmark ")).map(str::to_owned)
    };
    let names: Vec<String> = log.lines().map(name).collect::<Option<_>>()?;
    let printed = |name: &String| {
        stdout.lines().any(|line| {
            line.strip_prefix(name.as_str()).is_some_and(|rest| [": test", ": benchmark"].contains(&rest))
        })
    };
    names.first().is_none_or(printed).then_some(names)
}

fn mimic(log: &str) -> Option<Vec<String>> {
    let name =
        |line: &str| line.strip_suffix(": test").or_else(|| line.strip_suffix(": bench")).map(str::to_owned);
    log.lines().map(name).collect()
}

pub(super) fn first_duplicate(names: &[String]) -> Option<&str> {
    let mut seen = HashSet::with_capacity(names.len());
    names.iter().map(String::as_str).find(|name| !seen.insert(*name))
}

#[cfg(test)]
mod tests {
    use super::{first_duplicate, parse};
    use crate::suite::Dialect;

    #[track_caller]
    fn check(stdout: &str, log: Option<&str>, expected: Result<(Dialect, &[&str]), &str>) {
        let expected = expected
            .map(|(dialect, names)| (dialect, names.iter().map(|name| (*name).to_owned()).collect()))
            .map_err(str::to_owned);
        assert_eq!(parse(stdout, log), expected);
    }

    #[test]
    fn two_dialects() {
        check("a: test\nb: benchmark\n", Some("test a\nbenchmark b\n"), Ok((Dialect::Libtest, &["a", "b"])));
        check("noise\na: test\n", Some("test a\n"), Ok((Dialect::Libtest, &["a"])));
        check("", Some("[kind] a: test\nb: bench\n"), Ok((Dialect::Mimic, &["[kind] a", "b"])));
        check("", Some("test a: test\n"), Ok((Dialect::Mimic, &["test a"])));
        check("", Some(""), Ok((Dialect::Libtest, &[])));
    }

    #[test]
    fn others() {
        check("hello\n", None, Err("does not speak the test protocol: no answer to `--list`"));
        check("a: test\n", None, Err("lists its tests but has no `--logfile`, so no result could be proven"));
        check("", Some("hello\n"), Err("does not speak the test protocol: `--list` wrote something else"));
    }

    #[test]
    fn duplicates() {
        assert_eq!(first_duplicate(&["a".into(), "b".into(), "a".into()]), Some("a"));
        assert_eq!(first_duplicate(&["a".into(), "b".into()]), None);
    }
}
