use super::{Command, EnvPolicy, MessageFormat, RunArgs, command, duration, parse};
use crate::finding::Kind;
use crate::suite::RunIgnored;
use std::time::Duration;

#[track_caller]
fn run(line: &str) -> RunArgs {
    let args = ["cargo-spawncheck", "spawncheck"].into_iter().chain(line.split_whitespace());
    match parse(args.map(Into::into)).unwrap() {
        Command::Run(args) => *args,
        other => panic!("`{line}` runs nothing: {other:?}"),
    }
}

#[track_caller]
fn check_cargo(line: &str, build: &str, start: &str) {
    let args = run(line).cargo;
    let words = |command: std::process::Command| {
        let words: Vec<_> = command.get_args().map(|arg| arg.to_string_lossy().into_owned()).collect();
        words.join(" ")
    };
    assert_eq!(words(args.build_command()), build);
    assert_eq!(words(args.start_command()), start);
}

#[test]
fn the_definition_is_consistent() {
    command().debug_assert();
}

#[test]
fn help() {
    let mut command = command().term_width(80);
    command.build();
    let help = command.find_subcommand_mut("spawncheck").unwrap().render_long_help();
    insta::assert_snapshot!(help);
}

#[test]
fn run_is_the_default() {
    assert_eq!(run("a b").filter.filters, ["a", "b"]);
    assert_eq!(run("run a b").filter.filters, ["a", "b"]);
    let args = ["x", "spawncheck", "list", "a"].map(Into::into);
    assert!(matches!(parse(args).unwrap(), Command::List(_)));
    // Started by itself, not by cargo.
    assert!(matches!(parse(["x", "list"].map(Into::into)).unwrap(), Command::List(_)));
    assert!(matches!(parse(["x".into()]).unwrap(), Command::Run(_)));
}

#[test]
fn flags_of_test_binaries_are_no_filters() {
    for (flag, hint) in [
        ("--skip", "before `--`"),
        ("--ignored", "--run-ignored"),
        ("--nocapture", "--success-output"),
        ("--test-threads=1", "--test-jobs"),
    ] {
        let args = ["x", "spawncheck", "--", flag, "a"].map(Into::into);
        let error = parse(args).unwrap_err().to_string();
        assert!(error.contains(flag) && error.contains(hint), "{error}");
    }
    assert_eq!(run("-- --odd a").filter.filters, ["--odd", "a"]);
}

#[test]
fn cargo_gets_its_own_flags() {
    check_cargo("", "test --no-run", "test --quiet --tests --no-fail-fast");
    check_cargo("--lib", "test --no-run --lib", "test --quiet --lib --no-fail-fast");
    check_cargo(
        "-p a -p b --exclude c --workspace --release -j 3 -F x,y --locked --bin m --test t",
        "test --jobs 3 --features x,y --locked --release --workspace --package a --package b --exclude c --no-run --bin m --test t",
        "test --quiet --jobs 3 --features x,y --locked --release --workspace --package a --package b --exclude c --bin m --test t --no-fail-fast",
    );
    check_cargo(
        "--target t1 --target-dir d --profile p --manifest-path m/Cargo.toml --all-targets -v --color never",
        "test --profile p --target-dir d --color never --target t1 --manifest-path m/Cargo.toml --no-run --all-targets",
        "test --quiet --profile p --target-dir d --color never --target t1 --manifest-path m/Cargo.toml --all-targets --no-fail-fast",
    );
}

#[test]
fn targets_are_passed_on_whole() {
    let line = "--target targets/my.json --target ./my.v2.json --target";
    check_cargo(
        line,
        &format!("test {line} --no-run"),
        &format!("test --quiet {line} --tests --no-fail-fast"),
    );
    assert_eq!(run(line).cargo.build_flags(), line);
}

/// Which of the binaries of an archive are chosen.
#[track_caller]
fn check_selected(line: &str, expected: &[&str]) {
    let args = run(line).cargo;
    assert_eq!(args.selection_by_manifests(), None);
    let all = ["--lib", "--bin b", "--test t", "--test u", "--example e", "--bench s"];
    let chosen: Vec<_> = all.into_iter().filter(|target| args.selects("p", target)).collect();
    assert_eq!(chosen, expected, "{line}");
}

#[test]
fn selection_in_an_archive() {
    check_selected("--tests", &["--lib", "--bin b", "--test t", "--test u", "--example e"]);
    check_selected("", &["--lib", "--bin b", "--test t", "--test u", "--example e", "--bench s"]);
    check_selected(
        "-p p --all-targets",
        &["--lib", "--bin b", "--test t", "--test u", "--example e", "--bench s"],
    );
    check_selected("--lib --test u", &["--lib", "--test u"]);
    check_selected("--bins --examples --bench s", &["--bin b", "--example e", "--bench s"]);
    check_selected("--bin t --test b", &[]);
    check_selected("--exclude p", &[]);
    check_selected("-p q", &[]);
}

#[test]
fn selections_that_take_manifests() {
    for (line, part) in [
        ("--benches", "--benches"),
        ("-p foo*", "foo*"),
        ("-p foo@1.0", "foo@1.0"),
        ("--exclude b?r", "b?r"),
        ("--test it_*", "it_*"),
        ("--bin [ab]", "[ab]"),
    ] {
        assert_eq!(run(line).cargo.selection_by_manifests().as_deref(), Some(part), "{line}");
    }
}

#[test]
fn our_flags() {
    let args = run(
        "--exact --skip s --run-ignored all --test-jobs 3 --timeout 500ms --culprit-runs 0 --culprit-time 5s --env inherit --pass-env A --deny flaky --allow leak --message-format json",
    );
    assert!(args.filter.exact);
    assert_eq!(args.filter.skip, ["s"]);
    assert_eq!(args.filter.run_ignored, RunIgnored::All);
    assert_eq!(args.test_jobs, Some(3));
    assert_eq!(args.timeout, Some(Duration::from_millis(500)));
    assert_eq!((args.culprit_runs, args.culprit_time), (Some(0), Some(Duration::from_secs(5))));
    assert_eq!(args.env, EnvPolicy::Inherit);
    assert_eq!(args.pass_env, ["A"]);
    assert_eq!((args.deny, args.allow), (vec![Kind::Flaky], vec![Kind::Leak]));
    assert_eq!(args.cargo.message_format(), MessageFormat::Json);
}

#[test]
fn build_flags_can_be_typed_again() {
    assert_eq!(run("-q -v --release --message-format json --lib").cargo.build_flags(), "--release");
    assert_eq!(
        run("-F a --manifest-path x/Cargo.toml").cargo.build_flags(),
        "--features a --manifest-path x/Cargo.toml"
    );
}

#[test]
fn durations() {
    assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
    assert!(duration("8760h").is_ok());
    // The last is the longest that there is, and later than a clock can say.
    for wrong in ["", "5", "0s", "-1s", "soon", "8785h", "2562047788015215h"] {
        assert!(duration(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn the_nearest_kind_is_named() {
    let error = parse(["x", "spawncheck", "explain", "britle"].map(Into::into)).unwrap_err();
    assert!(error.to_string().contains("a similar value exists: 'brittle'"), "{error}");
}

#[test]
fn refused() {
    for line in [
        "--frobnicate",
        "--test-jobs 0",
        "--culprit-runs -1",
        "--culprit-time 0s",
        "--env open",
        "--deny britle",
        "--message-format xml",
        "list --message-format xml",
        "archive --archive-file f --message-format json",
        "--message-format json-pretty",
        "--retries -1",
        "--status-level loud",
        "--final-status-level leak",
        "--success-output later",
        "replay --frobnicate",
        "replay package test more",
        "explain britle",
    ] {
        let args = ["x", "spawncheck"].into_iter().chain(line.split_whitespace());
        assert_eq!(parse(args.map(Into::into)).unwrap_err().exit_code(), 2, "{line}");
    }
}
