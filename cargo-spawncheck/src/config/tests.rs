use super::Config;
use crate::finding::{Kind, Level};
use std::path::Path;
use std::time::Duration;

fn parse(text: &str) -> Result<Config, String> {
    Config::parse(text, Path::new("spawncheck.toml")).map_err(|error| error.to_string())
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
    assert_eq!((config.run.thorough, config.run.predict, config.run.thread_runs), (true, false, Some(9)));
    assert_eq!(config.accept[0].until, config.accept[1].until);
}

#[test]
fn errors_name_the_line_and_the_nearest() {
    check_error(
        "[run]\njbos = 3\n",
        "`spawncheck.toml`, line 2: unknown field `jbos`, expected one of `jobs`, `timeout`, `budget`, `culprit-runs`, `culprit-time`, `thorough`, `predict`, `thread-runs`\n  (hint: did you mean `jobs`?)",
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
    assert!(parse("[run\n").is_err());
}
