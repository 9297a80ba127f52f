use super::accept::OnlyWith;
use super::{Accepted, Config, Looked, Report};
use crate::finding::{Kind, Level};
use crate::report::{FinalStatusLevel, OutputWhen, StatusLevel};
use crate::suite::tests::{binary, suite};
use crate::suite::{Dialect, Suite, TestId};
use crate::thorough::Extent;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

fn parse(text: &str) -> Result<Config, String> {
    parse_profile(text, None)
}

fn parse_profile(text: &str, profile: Option<&str>) -> Result<Config, String> {
    Config::parse(text, Path::new("spawncheck.toml"), profile).map_err(|error| error.to_string())
}

#[track_caller]
fn check_error(text: &str, expected: &str) {
    assert_eq!(parse(text).unwrap_err(), expected);
}

#[test]
fn everything_at_once() {
    let config = parse(
        r#"
        [lints]
        flaky = "deny"
        [env]
        pass = ["DATABASE_URL"]
        [run]
        jobs = 3
        timeout = "30s"
        budget = "5m"
        culprit-runs = 50
        culprit-time = "10s"
        thorough = true
        thread-runs = 9
        retries = 2
        max-fail = 3
        [report]
        status-level = "slow"
        final-status-level = "retry"
        success-output = "immediate-final"
        failure-output = "never"
        slow = "2s"
        [[accept]]
        test = "tests::a"
        kind = "victim"
        reason = "being repaired"
        until = "2027-01-31"
        [[accept]]
        test = "tests::b"
        kind = "leak"
        reason = "a daemon"
        until = 2027-01-31
        only-with = "predict"
        "#,
    )
    .unwrap();
    assert_eq!(config.lints[&Kind::Flaky], Level::Deny);
    assert_eq!(config.env.pass, ["DATABASE_URL"]);
    assert_eq!(config.run.jobs.map(usize::from), Some(3));
    assert_eq!(config.run.timeout, Some(Duration::from_secs(30)));
    assert_eq!(config.run.budget, Some(Duration::from_secs(300)));
    assert_eq!(config.run.culprit_runs, Some(50));
    assert_eq!(config.run.culprit_time, Some(Duration::from_secs(10)));
    assert_eq!(
        (config.run.thorough, config.run.predict, config.run.thread_runs),
        (Some(true), None, Some(9))
    );
    assert_eq!((config.run.retries, config.run.max_fail), (Some(2), Some("3".parse().unwrap())));
    let Report { status_level, final_status_level, success_output, failure_output, slow } = config.report;
    assert_eq!((status_level, slow), (Some(StatusLevel::Slow), Some(Duration::from_secs(2))));
    assert_eq!(final_status_level, Some(FinalStatusLevel::Flaky));
    assert_eq!((success_output, failure_output), (Some(OutputWhen::ImmediateFinal), Some(OutputWhen::Never)));
    assert_eq!(config.accept[0].until, config.accept[1].until);
    assert_eq!((config.accept[0].only_with, config.accept[1].only_with), (None, Some(OnlyWith::Predict)));
}

#[test]
fn errors_name_the_line_and_the_nearest() {
    check_error(
        "[run]\njbos = 3\n",
        "`spawncheck.toml`, line 2: unknown field `jbos`, expected one of `jobs`, `timeout`, `budget`, `culprit-runs`, `culprit-time`, `thorough`, `predict`, `thread-runs`, `retries`, `max-fail`\n  (hint: did you mean `jobs`?)",
    );
    check_error(
        "\n[lints]\n\nbritle = \"deny\"\n",
        "`spawncheck.toml`, line 4: unknown variant `britle`, expected one of `brittle`, `victim`, `diverges`, `lossy`, `recursive`, `repeat`, `racy`, `environment`, `contention`, `leak`, `oversized`, `flaky`\n  (hint: did you mean `brittle`?)",
    );
    check_error(
        "[lints]\nflaky = \"denied\"\n",
        "`spawncheck.toml`, line 2: unknown variant `denied`, expected one of `allow`, `warn`, `deny`\n  (hint: did you mean `deny`?)",
    );
    check_error(
        "[[accept]]\ntest = \"a\"\nkind = \"leak\"\nreason = \"r\"\nuntil = \"2027-02-30\"\n",
        "`spawncheck.toml`, line 5: `2027-02-30` is no date (write it as \"2027-01-31\")",
    );
    check_error(
        "[run]\ntimeout = \"soon\"\n",
        "`spawncheck.toml`, line 2: `soon` is no duration above zero (hint: write 500ms, 30s or 2m)",
    );
    assert!(parse("[run]\njobs = 0\n").is_err());
    assert!(parse("[run]\nmax-fail = 0\n").is_err());
    assert!(parse("[run]\nmax-fail = \"all\"\n").is_ok());
    assert!(parse("[run\n").is_err());
}

const PROFILES: &str = r#"
    [run]
    timeout = "30s"
    thorough = true
    [env]
    pass = ["A"]
    [profile.nightly]
    inherits = "ci"
    run.jobs = 1
    lints.leak = "allow"
    [profile.ci]
    env.pass = ["B"]
    lints = { leak = "deny", flaky = "deny" }
    run = { jobs = 2, thorough = false }
    report.status-level = "all"
    [[profile.ci.accept]]
    test = "t"
    kind = "leak"
    reason = "a daemon"
"#;

#[test]
fn a_profile_changes_what_it_inherits() {
    let config = parse_profile(PROFILES, Some("nightly")).unwrap();
    assert_eq!((config.run.timeout, config.run.thorough), (Some(Duration::from_secs(30)), Some(false)));
    assert_eq!(config.run.jobs.map(usize::from), Some(1));
    assert_eq!((config.lints[&Kind::Leak], config.lints[&Kind::Flaky]), (Level::Allow, Level::Deny));
    assert_eq!((config.env.pass, config.accept.len()), (vec!["A".to_owned(), "B".to_owned()], 1));
    assert_eq!(config.report.status_level, Some(StatusLevel::All));
    for default in [None, Some("default")] {
        let config = parse_profile(PROFILES, default).unwrap();
        assert_eq!((config.run.thorough, config.accept.len()), (Some(true), 0));
    }
}

#[test]
fn profiles_that_cannot_be() {
    let error = |text: &str, profile| parse_profile(text, profile).unwrap_err();
    assert_eq!(
        error(PROFILES, Some("nihgtly")),
        "`spawncheck.toml`: there is no profile `nihgtly`\n  (hint: did you mean `nightly`?)"
    );
    assert_eq!(error("", Some("ci")), "`spawncheck.toml`: there is no profile `ci`");
    // Whichever is chosen.
    assert_eq!(
        error("[profile.a]\ninherits = \"defualt\"\n", None),
        "`spawncheck.toml`: there is no profile `defualt`, which `a` inherits from\n  (hint: did you mean `default`?)"
    );
    assert_eq!(
        error("[profile]\na.inherits = \"b\"\nb.inherits = \"a\"\n", None),
        "`spawncheck.toml`: profile `a` inherits from itself (a -> b -> a)"
    );
    assert_eq!(
        error("[profile.default]\nrun.jobs = 1\n", None),
        "`spawncheck.toml`: `[profile.default]` cannot be set: `default` is what stands outside of profiles"
    );
    assert_eq!(
        error("[profile.ci]\n\nrun.jbos = 1\n", None).lines().last(),
        Some("  (hint: did you mean `jobs`?)")
    );
}

const PLAIN: Extent = Extent { thorough: false, predict: false, thread_runs: 5 };
const PREDICT: Extent = Extent { predict: true, ..PLAIN };
const THOROUGH: Extent = Extent { thorough: true, ..PLAIN };

/// One binary of which `ran` ran, with nothing found.
#[track_caller]
fn check_gone(entry: &str, ran: &[usize], beyond: &[usize], extent: Extent, expected: Option<&str>) {
    let mut suite: Suite = suite([binary("p", Dialect::Libtest, &["a", "b"])]);
    for (index, test) in suite.binaries[0].tests.iter_mut().enumerate() {
        test.selected = ran.contains(&index);
    }
    let id = |test: &usize| TestId { binary: 0, test: *test };
    let (ran, beyond): (Vec<_>, BTreeSet<_>) =
        (ran.iter().map(id).collect(), beyond.iter().map(id).collect());
    let config = parse(&format!("[[accept]]\nreason = \"r\"\n{entry}")).unwrap();
    let accepted = Accepted::new(config.accept, jiff::civil::date(2026, 1, 1));
    let others = ["p::bench/speed"].into();
    let looked = Looked { ran: &ran, beyond: &beyond, extent, everything: ran.len() == 2, others };
    let error = accepted.check_used(&suite, &looked).err().map(|error| error.to_string());
    match (expected, &error) {
        (None, None) => {}
        (Some(text), Some(error)) if error.contains(text) => {}
        _ => panic!("{entry}: {error:?} instead of {expected:?}"),
    }
}

#[test]
fn gone_is_what_was_looked_for_in_vain() {
    const GONE: Option<&str> = Some("no longer occurs");
    const ALL: &[usize] = &[0, 1];
    let of = |kind: &str| format!("test = \"a\"\nkind = \"{kind}\"\n");
    let with = |kind: &str, flag: &str| format!("{}only-with = \"{flag}\"\n", of(kind));
    check_gone(&of("victim"), ALL, ALL, PLAIN, GONE);
    check_gone(&of("victim"), ALL, &[], PLAIN, Some("or say `only-with"));
    check_gone(&of("leak"), &[0], &[], PLAIN, GONE);
    // Without the test that leaves the state, and in a run of other tests.
    check_gone(&of("victim"), &[0], &[0], PLAIN, None);
    check_gone(&of("leak"), &[1], ALL, PLAIN, None);
    for kind in ["racy", "flaky", "contention", "environment"] {
        check_gone(&of(kind), ALL, ALL, THOROUGH, None);
    }
    for (flag, extents) in [("thorough", [false, false, true]), ("predict", [false, true, true])] {
        for (extent, seen) in [PLAIN, PREDICT, THOROUGH].into_iter().zip(extents) {
            check_gone(&with("victim", flag), ALL, ALL, extent, GONE.filter(|_| seen));
            // Not looked at to the end, or known for something else.
            check_gone(&with("victim", flag), ALL, &[1], extent, None);
        }
    }
    check_gone(&of("repeat"), ALL, ALL, PLAIN, None);
    check_gone(&of("repeat"), ALL, ALL, THOROUGH, GONE);
}

#[test]
fn a_test_that_does_not_exist() {
    const MISSING: Option<&str> = Some("in none of the binaries");
    const ALL: &[usize] = &[0, 1];
    let of = |more: &str| format!("test = \"c\"\nkind = \"racy\"\n{more}");
    // It has no finding of any kind.
    check_gone(&of(""), ALL, ALL, PLAIN, MISSING);
    check_gone(&of(""), ALL, ALL, PLAIN, Some("or name its `binary`"));
    check_gone(&of(""), &[0], &[], PLAIN, None);
    check_gone(&of("binary = \"p\"\n"), ALL, ALL, PLAIN, MISSING);
    check_gone(&of("binary = \"q\"\n"), ALL, ALL, PLAIN, MISSING);
    // There is such a binary, and this run has not built it.
    check_gone(&of("binary = \"p::bench/speed\"\n"), ALL, ALL, PLAIN, None);
}

/// The suite is one for Linux.
#[test]
fn entries_about_one_system() {
    const ALL: &[usize] = &[0, 1];
    for (test, gone) in [("a", "no longer occurs"), ("c", "in none of the binaries")] {
        let on = |system: &str| format!("test = \"{test}\"\nkind = \"leak\"\nonly-on = \"{system}\"\n");
        check_gone(&on("linux"), ALL, ALL, PLAIN, Some(gone));
        check_gone(&on("windows"), ALL, ALL, PLAIN, None);
        check_gone(&on("macos"), ALL, ALL, PLAIN, None);
        let anywhere = format!("test = \"{test}\"\nkind = \"leak\"\n");
        check_gone(&anywhere, ALL, ALL, PLAIN, Some("or say `only-on"));
    }
    check_error(
        "[[accept]]\nonly-on = \"osx\"\n",
        "`spawncheck.toml`, line 2: unknown variant `osx`, expected one of `linux`, `windows`, `macos`",
    );
    // Each holds on its own system only.
    let entries = ["windows", "linux"].map(|system| {
        format!("[[accept]]\ntest = \"a\"\nkind = \"leak\"\nonly-on = \"{system}\"\nreason = \"{system}\"\n")
    });
    let accept = parse(&entries.concat()).unwrap().accept;
    let suite = suite([binary("p", Dialect::Libtest, &["a", "b"])]);
    let mut accepted = Accepted::new(accept, jiff::civil::date(2026, 1, 1));
    let id = TestId { binary: 0, test: 0 };
    assert_eq!(accepted.reason(&suite, Kind::Leak, id), Some("linux"));
}
