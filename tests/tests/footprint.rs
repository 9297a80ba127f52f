//! What `cargo spawncheck footprint` says of fixtures.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use serde_json::Value;
use spawncheck_tests::{Outcome, Project, tool};
use std::collections::BTreeMap;

#[track_caller]
fn footprint(project: &Project, args: &[&str]) -> Outcome {
    let target = project.target().to_str().expect("the target directory has a name in UTF-8");
    let outcome = project.run_command([&["footprint", "--target-dir", target], args].concat());
    outcome.assert_exit(0);
    outcome
}

#[track_caller]
fn events(project: &Project, args: &[&str]) -> Vec<Value> {
    let outcome = footprint(project, &[&["--message-format", "json"], args].concat());
    let parse = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}{outcome}"));
    outcome.stdout.lines().map(parse).collect()
}

/// Channel and name of a change, with its values where there are any.
fn change(change: &Value) -> String {
    let text = |key: &str| change[key].as_str().unwrap_or_default();
    format!("{} {}: {} -> {}", text("channel"), text("name"), text("before"), text("after"))
}

/// What each test leaves changed, by its name, and nothing of those that leave nothing.
#[track_caller]
fn check(project: &Project, args: &[&str], expected: &[(&str, &[&str])], tests: u64) {
    let events = events(project, args);
    let of_type = |name: &'static str| events.iter().filter(move |event| event["type"] == name);
    let left: BTreeMap<_, Vec<_>> = of_type("footprint")
        .map(|event| (event["test"].as_str().expect("a test has a name"), &event["changes"]))
        .map(|(test, changes)| {
            (test, changes.as_array().expect("changes are a list").iter().map(change).collect())
        })
        .filter(|(_, changes): &(_, Vec<_>)| !changes.is_empty())
        .collect();
    let expected: BTreeMap<_, Vec<_>> = expected
        .iter()
        .map(|(test, changes)| (*test, changes.iter().map(ToString::to_string).collect()))
        .collect();
    assert_eq!(left, expected);
    let finished = events.last().expect("there is a last event");
    assert_eq!(finished["type"], "footprint-finished");
    let counts = (finished["tests"].as_u64(), finished["leaving"].as_u64());
    assert_eq!(counts, (Some(tests), Some(expected.len() as u64)), "{finished}");
    assert_eq!(of_type("limited").count(), 0, "{events:?}");
}

#[test]
fn statics_and_variables() {
    const LANGUAGE: &str = "env SPAWNCHECK_FIXTURE_LANGUAGE";
    let project = tool!().fixture("orders");
    check(
        &project,
        &[],
        &[
            ("a_sets_the_unit", &["static hidden::UNIT:  -> 3"]),
            ("b_puts_it_back", &["static hidden::UNIT:  -> 0"]),
            ("e_sets_the_unit", &["static hidden::UNIT:  -> 5"]),
            (
                "a_deposits_one",
                &["static racy::BALANCE:  -> 1", "static racy::COUNTER:  -> Room { entered: 1, left: 1 }"],
            ),
            (
                "b_deposits_two",
                &["static racy::BALANCE:  -> 2", "static racy::COUNTER:  -> Room { entered: 2, left: 2 }"],
            ),
            ("c_counts_with_a_lock", &["static racy::GUARD:  -> 1"]),
            ("d_counts_with_a_lock", &["static racy::GUARD:  -> 2"]),
            ("a_arms", &["static repeated::ARMED:  -> true"]),
            ("d_sets_the_region", &["static repeated::REGION:  -> initialized (\"north\")"]),
            ("y_fills_the_stock", &["static reversed::STOCK:  -> 7"]),
            ("z_raises_the_rate", &["static reversed::RATE:  -> 2"]),
            (
                "a_speaks_german",
                &[
                    "static variables::STAGE:  -> Room { entered: 1, left: 1 }",
                    &format!("{LANGUAGE}: not set -> \"de\""),
                ],
            ),
            (
                "b_speaks_french",
                &[
                    "static variables::STAGE:  -> Room { entered: 2, left: 2 }",
                    &format!("{LANGUAGE}: \"de\" -> \"fr\""),
                ],
            ),
        ],
        22,
    );
}

#[test]
fn state_of_the_process() {
    let project = tool!().fixture("process-state");
    check(
        &project,
        &["--lib", "signal::", "umask::", "--skip", "needs"],
        &[
            ("signal::a_ignores_the_signal", &["signal SIGPROF: default -> ignored"]),
            (
                "signal::handler::a_installs_a_handler",
                &["signal SIGWINCH: default -> fn process_state::signal::handler::count"],
            ),
            ("signal::pipe::a_restores_the_default", &["signal SIGPIPE: ignored -> default"]),
            ("umask::a_sets_an_odd_mask", &["umask 0171: 0022 -> 0171"]),
        ],
        4,
    );
}

#[test]
fn for_people() {
    let outcome = footprint(&tool!().fixture("orders"), &["--test", "variables", "--color", "never"]);
    insta::assert_snapshot!(without_time(&outcome.stdout), @r#"
          LEAVES  orders::variables a_speaks_german
          static  variables::STAGE: Room  tests/variables.rs:8
                  now: Room { entered: 1, left: 1 }
             env  SPAWNCHECK_FIXTURE_LANGUAGE  not set → "de"
          LEAVES  orders::variables b_speaks_french
          static  variables::STAGE: Room  tests/variables.rs:8
                  now: Room { entered: 2, left: 2 }
             env  SPAWNCHECK_FIXTURE_LANGUAGE  "de" → "fr"
    ────────────
         Summary  [TIME] 2 of 2 tests leave state behind
    "#);
}

/// Without how long it took.
fn without_time(text: &str) -> String {
    match (text.find('['), text.find(']')) {
        (Some(start), Some(end)) if start < end => format!("{}[TIME{}", &text[..start], &text[end..]),
        _ => text.to_owned(),
    }
}

/// Where tests cannot be stopped, it says so and why.
#[test]
fn what_cannot_be_seen() {
    let events = events(&tool!().fixture("mimic"), &["--test", "trials"]);
    let limited: Vec<_> = events.iter().filter(|event| event["type"] == "limited").collect();
    let [limited] = &limited[..] else { panic!("{events:?}") };
    assert_eq!(limited["binary"], "mimic::trials");
    assert_eq!(
        limited["reason"],
        "what its tests change cannot be seen: it does not have the standard test harness"
    );
    assert!(events.iter().all(|event| event["type"] != "footprint"), "{events:?}");
}
