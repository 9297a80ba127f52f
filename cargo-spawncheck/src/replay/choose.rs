//! Which kept finding is meant. Pure.

use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::keep::KeptFinding;
use crate::report::printable;
use crate::select::nearest;

/// The findings about one test or worker. `package` is its package, or its binary.
///
/// # Errors
/// There are none, or there are some about tests of several binaries.
pub(super) fn choose<'a>(kept: &'a [KeptFinding], package: &str, test: &str) -> Result<Vec<&'a KeptFinding>> {
    let about = |kept: &&KeptFinding| kept.is_about(test);
    let of_binary: Vec<_> = kept.iter().filter(|kept| kept.binary == package).filter(about).collect();
    // A library's binary is called as its package: then its own test is meant.
    let found = match of_binary.is_empty() {
        false => of_binary,
        true => kept.iter().filter(|kept| kept.package == package).filter(about).collect(),
    };
    let Some(first) = found.first() else { return Err(unknown(kept, package, test)) };
    let mut binaries: Vec<_> = found.iter().map(|kept| printable(&kept.binary)).collect();
    binaries.dedup();
    match found.iter().all(|kept| kept.binary == first.binary) {
        true => Ok(found),
        false => Err(Error::new(
            ExitCode::Usage,
            format!("`{}` has findings in several binaries: `{}`", printable(test), binaries.join("`, `")),
        )
        .hint("name the binary in place of the package")),
    }
}

fn unknown(kept: &[KeptFinding], package: &str, test: &str) -> Error {
    let of_package = || kept.iter().filter(|kept| kept.package == package || kept.binary == package);
    let message = format!("no finding about `{}` of `{}` is kept", printable(test), printable(package));
    let error = Error::new(ExitCode::Usage, message);
    let mut names = nearest(test, of_package().flat_map(KeptFinding::names));
    names.dedup();
    match (kept.is_empty(), names.is_empty()) {
        (true, _) => error.hint("none is at all: `cargo spawncheck` looks for findings"),
        (_, false) => error.hint(format!(
            "did you mean `{}`?",
            names.into_iter().map(printable).collect::<Vec<_>>().join("`, `")
        )),
        (_, true) => error.hint("`cargo spawncheck replay` lists what there is"),
    }
}

#[cfg(test)]
mod tests {
    use super::choose;
    use crate::finding::Kind;
    use crate::keep::tests::{kept, kept_worker};

    #[track_caller]
    fn check(package: &str, test: &str, expected: Result<&[(&str, Kind)], &str>) {
        let all = [
            kept(Kind::Victim, "p", "tests::a"),
            kept(Kind::Leak, "p", "tests::a"),
            kept(Kind::Victim, "p::it", "tests::a"),
            kept(Kind::Brittle, "p::it", "only"),
            kept(Kind::Brittle, "q::one", "twice"),
            kept(Kind::Brittle, "q::two", "twice"),
            kept_worker("tests::checks", "quote"),
        ];
        let chosen = choose(&all, package, test);
        match (chosen, expected) {
            (Ok(found), Ok(expected)) => {
                let found: Vec<_> = found.iter().map(|kept| (kept.binary.as_str(), kept.kind)).collect();
                assert_eq!(found, expected);
            }
            (Err(error), Err(text)) => {
                assert!(error.to_string().contains(text), "{error}");
                assert_eq!(error.code() as u8, 2);
            }
            (found, expected) => panic!("{found:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn by_binary_or_package() {
        check("p", "tests::a", Ok(&[("p", Kind::Victim), ("p", Kind::Leak)]));
        check("p::it", "tests::a", Ok(&[("p::it", Kind::Victim)]));
        check("p", "only", Ok(&[("p::it", Kind::Brittle)]));
        check("q", "twice", Err("`q::one`, `q::two`"));
        check("p", "tests::checks", Ok(&[("p::workers", Kind::Diverges)]));
        check("p", "quote", Ok(&[("p::workers", Kind::Diverges)]));
        check("p", "quota", Err("did you mean `quote`?"));
        check("q::two", "twice", Ok(&[("q::two", Kind::Brittle)]));
    }

    #[test]
    fn what_is_not_there() {
        check("p", "tests::aa", Err("did you mean `tests::a`?"));
        check("nowhere", "tests::a", Err("lists what there is"));
        assert!(choose(&[], "p", "a").unwrap_err().to_string().contains("looks for findings"));
    }
}
