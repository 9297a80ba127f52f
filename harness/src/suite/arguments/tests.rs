use super::Arguments;
use libtest_mimic::Trial;
use proptest::prelude::*;
use std::ffi::OsString;

fn parse(args: &[&str], env: &[(&str, &str)]) -> Result<Arguments, String> {
    let lookup =
        |name: &str| env.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    Arguments::parse(args.iter().map(OsString::from), lookup)
}

/// libtest-mimic gets what it would read from `same` by itself.
#[track_caller]
fn check(args: &[&str], same: &[&str]) {
    check_env(args, &[], same);
}

#[track_caller]
fn check_env(args: &[&str], env: &[(&str, &str)], same: &[&str]) {
    let expected = libtest_mimic::Arguments::from_iter(["suite"].iter().chain(same));
    assert_eq!(format!("{:?}", parse(args, env).unwrap().mimic), format!("{expected:?}"));
}

#[track_caller]
fn check_selection(args: &[&str], selected: &[&str]) {
    let arguments = parse(args, &[]).unwrap();
    let names = ["a", "a::b", "a::bc", "--list", "-"];
    assert_eq!(names.into_iter().filter(|name| arguments.selects(name)).collect::<Vec<_>>(), selected);
}

#[track_caller]
fn check_notes(args: &[&str], notes: &[&str]) {
    assert_eq!(parse(args, &[]).unwrap().notes, notes);
}

#[track_caller]
fn check_order(args: &[&str], env: &[(&str, &str)], order: [u8; 6]) {
    let mut items = [1, 2, 3, 4, 5, 6];
    parse(args, env).unwrap().arrange(&mut items);
    assert_eq!(items, order);
}

#[track_caller]
fn refuse(args: &[&str], env: &[(&str, &str)], error: &str) {
    assert_eq!(parse(args, env).unwrap_err(), error);
}

#[test]
fn libtest_mimic_gets_the_rest() {
    check(&[], &[]);
    check(&["a", "b", "--exact", "--skip", "c"], &[]);
    check(&["--list", "--format", "terse"], &["--list", "--format=terse"]);
    check(&["--list", "--format=json", "--ignored"], &["--list", "--format=json", "--ignored"]);
    check(&["--include-ignored", "--logfile", "-x"], &["--include-ignored", "--logfile=-x"]);
    check(&["--logfile=a=b", "--show-output"], &["--logfile=a=b", "--show-output"]);
    check(&["-q"], &["--quiet"]);
    check(&["--quiet", "--format=pretty"], &["--format=pretty"]);
    check(&["--color=always", "--color", "never"], &["--color=never"]);
    check(&["--test-threads=1", "--test-threads", "2"], &["--test-threads=2"]);
    check(&["--bench"], &["--bench"]);
    check(&["--bench", "--test"], &["--test"]);
    check(&["--no-capture", "--nocapture"], &["--nocapture"]);
    check(&["-Z", "unstable-options", "--force-run-in-process"], &[]);
    check(&["-Zunstable-options", "--exclude-should-panic"], &[]);
    check(&["--", "--list"], &[]);
}

#[test]
fn variables_stand_in_for_flags() {
    check_env(&[], &[("RUST_TEST_THREADS", "3")], &["--test-threads=3"]);
    check_env(&["--test-threads=1"], &[("RUST_TEST_THREADS", "x")], &["--test-threads=1"]);
    check_env(&[], &[("RUST_TEST_NOCAPTURE", "1")], &["--nocapture"]);
    check_env(&[], &[("RUST_TEST_NOCAPTURE", "0")], &[]);
    refuse(
        &[],
        &[("RUST_TEST_THREADS", "0")],
        "`RUST_TEST_THREADS` cannot be `0`: number would be zero for non-zero type",
    );
    refuse(
        &["--shuffle"],
        &[("RUST_TEST_SHUFFLE_SEED", "x")],
        "`RUST_TEST_SHUFFLE_SEED` cannot be `x`: invalid digit found in string",
    );
}

#[test]
fn filters() {
    check_selection(&[], &["a", "a::b", "a::bc", "--list", "-"]);
    check_selection(&["bc", "-", "li"], &["a::bc", "--list", "-"]);
    check_selection(&["--exact", "a::b", "-", "b"], &["a::b", "-"]);
    check_selection(&["a", "--skip", "::b", "--skip=z"], &["a"]);
    check_selection(&["a", "--skip", "a::b", "--exact", "a::b"], &["a"]);
    check_selection(&["--skip", "--list"], &["a", "a::b", "a::bc", "-"]);
    check_selection(&["--", "--list"], &["--list"]);
    check_selection(&["--skip=", "a"], &[]);
    check_selection(&[""], &["a", "a::b", "a::bc", "--list", "-"]);
}

#[test]
fn what_has_no_effect_is_said() {
    check_notes(&["--no-capture", "--show-output", "--exclude-should-panic", "a", "-q"], &[]);
    check_notes(&["--fail-fast"], &["`--fail-fast` has no effect on a suite"]);
    check_notes(
        &["--report-time", "--ensure-time"],
        &["`--report-time` has no effect on a suite", "`--ensure-time` has no effect on a suite"],
    );
    check_notes(&["--list", "--format=json"], &["`--format json` has no effect on `--list`"]);
    check_notes(&["--shuffle", "--shuffle-seed=7"], &["shuffle seed: 7"]);
    check_notes(&["--shuffle", "--list"], &[]);
}

#[test]
fn shuffling() {
    let seven = [2, 6, 1, 3, 5, 4];
    check_order(&[], &[], [1, 2, 3, 4, 5, 6]);
    check_order(&["--shuffle-seed", "7"], &[], seven);
    check_order(&["--shuffle"], &[("RUST_TEST_SHUFFLE_SEED", "7")], seven);
    check_order(&[], &[("RUST_TEST_SHUFFLE_SEED", "7")], seven);
    check_order(&["--shuffle-seed=7"], &[("RUST_TEST_SHUFFLE_SEED", "x")], seven);
    check_order(&["--shuffle-seed=7", "--list"], &[], [1, 2, 3, 4, 5, 6]);
    check_order(&[], &[("RUST_TEST_SHUFFLE", "0")], [1, 2, 3, 4, 5, 6]);
}

#[test]
fn the_seed_that_is_told_gives_the_same_order() {
    for (args, env) in [(&["--shuffle"][..], &[][..]), (&[], &[("RUST_TEST_SHUFFLE", "1")])] {
        let shuffled = parse(args, env).unwrap();
        let seed = shuffled.notes[0].strip_prefix("shuffle seed: ").unwrap();
        let mut items: Vec<_> = (0..100).collect();
        shuffled.arrange(&mut items);
        let mut again: Vec<_> = (0..100).collect();
        parse(&["--shuffle-seed", seed], &[]).unwrap().arrange(&mut again);
        assert_eq!(items, again);
        again.sort_unstable();
        assert_eq!(again, (0..100).collect::<Vec<_>>());
    }
}

#[test]
fn wrong_arguments() {
    refuse(&["--no-such"], &[], "unknown flag `--no-such` (hint: a filter like this goes after `--`)");
    refuse(&["-é"], &[], "unknown flag `-é` (hint: a filter like this goes after `--`)");
    refuse(&["--exact=1"], &[], "`--exact` takes no value, but got `1`");
    refuse(&["-qa", "b"], &[], "`-q` takes no value, but got `a`");
    refuse(&["a", "--skip"], &[], "`--skip` needs a value");
    refuse(&["--list", "--list"], &[], "`--list` is given more than once");
    refuse(&["--color=red"], &[], "`--color` cannot be `red` (hint: it takes `auto`, `always`, `never`)");
    refuse(
        &["--format", "junit"],
        &[],
        "`--format` cannot be `junit` (hint: it takes `pretty`, `terse`, `json`)",
    );
    refuse(&["-Z", "x"], &[], "`-Z` cannot be `x` (hint: it takes `unstable-options`)");
    refuse(&["--shuffle-seed=-1"], &[], "`--shuffle-seed` cannot be `-1`: invalid digit found in string");
    refuse(
        &["--test-threads", "0"],
        &[],
        "`--test-threads` cannot be `0`: number would be zero for non-zero type",
    );
    refuse(
        &["--ignored", "--include-ignored"],
        &[],
        "`--ignored` and `--include-ignored` exclude each other",
    );
}

#[test]
#[cfg(unix)]
fn arguments_that_are_not_utf8() {
    use std::os::unix::ffi::OsStringExt;
    let arg = OsString::from_vec(b"a\xFF".to_vec());
    assert_eq!(Arguments::parse([arg], |_| None).unwrap_err(), "argument `a\u{FFFD}` is not UTF-8");
}

#[test]
fn libtest_mimic_counts_what_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let arguments = parse(&["a", "b", "--skip", "bc", "--logfile", log.to_str().unwrap()], &[]).unwrap();
    let names = ["a", "b", "bc", "d"];
    let trials = names.map(|name| Trial::test(name, || Ok(()))).into();
    let conclusion = libtest_mimic::run(&arguments.for_trials(names), trials);
    assert_eq!((conclusion.num_passed, conclusion.num_filtered_out), (2, 2));
}

#[derive(Clone, Debug)]
enum Given {
    Filter(String),
    Skip(String),
    Other(&'static str),
}

impl Given {
    fn words(&self, attached: bool) -> Vec<String> {
        match self {
            Self::Filter(filter) => vec![filter.clone()],
            Self::Skip(skip) if attached => vec![format!("--skip={skip}")],
            Self::Skip(skip) => vec!["--skip".into(), skip.clone()],
            Self::Other(flag) => vec![(*flag).into()],
        }
    }
}

fn given() -> impl Strategy<Value = Vec<Given>> {
    let patterns = proptest::collection::vec(
        prop_oneof!["[ab:]{0,3}".prop_map(Given::Filter), "[ab:]{1,3}".prop_map(Given::Skip)],
        0..5,
    );
    let flags = proptest::sample::subsequence(vec!["--exact", "--no-capture", "--list"], 0..=3);
    (patterns, flags).prop_flat_map(|(mut given, flags)| {
        given.extend(flags.into_iter().map(Given::Other));
        Just(given).prop_shuffle()
    })
}

/// libtest's rules, step by step: keep what any filter matches, then drop what any `--skip` matches.
fn model(given: &[Given], mut names: Vec<String>) -> Vec<String> {
    let exact = given.iter().any(|given| matches!(given, Given::Other("--exact")));
    let matches =
        |name: &String, pattern: &String| if exact { name == pattern } else { name.contains(pattern) };
    if given.iter().any(|given| matches!(given, Given::Filter(_))) {
        names.retain(|name| given.iter().any(|given| matches!(given, Given::Filter(f) if matches(name, f))));
    }
    for given in given {
        names.retain(|name| !matches!(given, Given::Skip(skip) if matches(name, skip)));
    }
    names
}

proptest! {
    #[test]
    fn selects_what_libtest_selects(
        given in given(),
        attached: bool,
        names in proptest::collection::vec("[ab:]{1,3}", 0..20),
    ) {
        let words: Vec<_> = given.iter().flat_map(|given| given.words(attached)).collect();
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let arguments = parse(&words, &[]).unwrap();
        let selected: Vec<_> = names.iter().filter(|name| arguments.selects(name)).cloned().collect();
        prop_assert_eq!(selected, model(&given, names));
    }
}
