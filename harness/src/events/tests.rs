use super::{append, binary, event};
use crate::report::Report;
use crate::reproduce::Reproduction;
use crate::{Context, Exit, Finding, Kind, Loss, Outcome};
use serde_json::{Value, json};

/// The event without what depends on the executable of this test.
fn event_of(finding: &Finding) -> Value {
    let mut event = event(finding);
    assert_eq!(event["package"], "spawncheck");
    assert_eq!(event["binary"], "spawncheck");
    let fields = event.as_object_mut().unwrap();
    fields.retain(|name, _| name != "package" && name != "binary");
    event
}

fn finding(kind: Kind) -> Finding {
    Finding { test: "tests::quote".into(), ..Finding::new(kind, "tests::quote #2") }
}

fn panicked(message: &str) -> Outcome {
    Outcome::Panicked { message: message.into(), location: Some("src/lib.rs:1:1".into()) }
}

#[test]
fn diverges() {
    let finding = Finding {
        input: Some("1".into()),
        outcomes: vec![
            (Context::Inline, Outcome::Value("Some(2)".into())),
            (Context::Thread, panicked("oh")),
            (Context::Fork, Outcome::Ended(Exit::Code(3))),
            (Context::Pool, Outcome::Ended(Exit::Signal(11))),
            (Context::Custom("mine".into()), Outcome::Unserializable("the output".into())),
            (Context::Spawn, Outcome::TimedOut),
        ],
        history: vec!["0".into(), "7".into()],
        needs_setup: true,
        ..finding(Kind::Diverges)
    };
    let signal = Exit::Signal(11).to_string();
    let expected = json!({
        "type": "finding", "kind": "diverges", "level": "deny", "test": "tests::quote", "worker": "tests::quote #2",
        "input": "1",
        "outcomes": {
            "inline": "Some(2)", "thread": "panicked: oh", "fork": "exited: 3", "pool": signal,
            "mine": "cannot cross: the output", "spawn": "timed out",
        },
        "history": ["0", "7"], "needs_setup": true, "causes": [],
        "replay": "cargo test -- --exact tests::quote",
    });
    assert_eq!(event_of(&finding), expected);
}

#[test]
fn lossy() {
    let (before, after) = ("Some(\"x\")".to_owned(), "None".to_owned());
    let loss = Loss { output: true, field: "items[2].note".into(), before, after };
    let finding = Finding { input: Some("[]".into()), loss: Some(loss), ..finding(Kind::Lossy) };
    let expected = json!({
        "type": "finding", "kind": "lossy", "level": "deny", "test": "tests::quote", "worker": "tests::quote #2",
        "input": "[]", "outcomes": {}, "history": [], "causes": [],
        "field": "items[2].note", "value": "output", "before": "Some(\"x\")", "after": "None",
        "replay": "cargo test -- --exact tests::quote",
    });
    assert_eq!(event_of(&finding), expected);
    let loss = finding.loss.map(|loss| Loss { output: false, ..loss });
    assert_eq!(event_of(&Finding { loss, ..Finding::new(Kind::Lossy, "w") })["value"], "input");
}

#[test]
fn kinds_without_outcomes() {
    let row = |kind: &str, level: &str| {
        json!({
            "type": "finding", "kind": kind, "level": level, "test": "tests::quote", "worker": "tests::quote #2",
            "input": null, "outcomes": {}, "history": [], "causes": [],
            "replay": "cargo test -- --exact tests::quote",
        })
    };
    let message = String::from("it comes to suite `inner`");
    let mut expected = row("recursive", "deny");
    expected["message"] = json!(message);
    assert_eq!(event_of(&Finding { message, ..finding(Kind::Recursive) }), expected);
    let message = String::from("2 MiB, limit 1 MiB");
    let mut expected = row("oversized", "warn");
    expected["message"] = json!(message);
    expected["bytes"] = json!(2 << 20);
    assert_eq!(event_of(&Finding { bytes: 2 << 20, message, ..finding(Kind::Oversized) }), expected);
    assert_eq!(event_of(&finding(Kind::Flaky)), row("flaky", "warn"));
}

#[test]
fn one_object_a_line_whatever_the_strings_hold() {
    let hostile = "\n\r\n{\"type\":\"finding\"}\n\u{0}\u{1b}[2J\u{9b}\u{85}\u{2028}\u{202e}\\\"\u{10ffff}'";
    let loss = Loss { output: false, field: hostile.into(), before: hostile.into(), after: hostile.into() };
    let mut report = Report::new(hostile);
    for kind in [Kind::Diverges, Kind::Lossy, Kind::Recursive, Kind::Oversized, Kind::Flaky] {
        report.findings.push(Finding {
            input: Some(hostile.into()),
            outcomes: vec![
                (Context::Custom(hostile.into()), Outcome::Value(hostile.into())),
                (Context::Spawn, panicked(hostile)),
            ],
            history: vec![hostile.into()],
            loss: Some(loss.clone()),
            message: hostile.into(),
            ..Finding::new(kind, hostile)
        });
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.jsonl");
    append(&report, &path).unwrap();
    append(&report, &path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<Value> =
        text.split_terminator('\n').map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 10);
    for (line, finding) in lines.iter().zip(report.findings.iter().cycle()) {
        assert_eq!(line["kind"], finding.kind.to_string());
        assert_eq!(line["worker"], hostile);
        assert_eq!(line["outcomes"][hostile], hostile);
        assert_eq!(line["outcomes"]["spawn"], format!("panicked: {hostile}"));
    }
}

#[test]
fn calls_and_errors_are_told_where_there_are_any() {
    let script = |text: &str| text.parse().unwrap();
    let (dirty, fresh) = (script("1f:2:00ff"), script("1f:1:00"));
    let reproduction = Some(Reproduction {
        arguments: vec!["--exact".into()],
        context: "pool".into(),
        dirty,
        fresh,
        inline: None,
    });
    let mut report = Report::new("w");
    let in_fork = reproduction.clone().map(|calls| Reproduction { inline: Some(script("1f:1:77")), ..calls });
    report.findings = vec![
        Finding { reproduction, ..finding(Kind::Diverges) },
        finding(Kind::Flaky),
        Finding { reproduction: in_fork, ..finding(Kind::Diverges) },
    ];
    report.errors = vec![crate::Error::new(crate::ErrorKind::Regressions, "`f`: cannot be read")];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.jsonl");
    append(&report, &path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let calls =
        json!({"arguments": ["--exact"], "context": "pool", "dirty": "1f:2:00ff", "fresh": "1f:1:00"});
    assert_eq!((&lines[0]["reproduction"], lines[1].get("reproduction")), (&calls, None));
    assert_eq!(lines[2]["reproduction"]["inline"], "1f:1:77");
    assert!(lines.iter().all(|line| line["errors"] == json!(["`f`: cannot be read"])), "{text}");
}

#[test]
fn a_file_that_cannot_be_written_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let error = append(&Report::new("w"), folder.path()).unwrap_err();
    assert_eq!(error.kind(), crate::ErrorKind::Events);
    assert!(error.to_string().contains("named by `SPAWNCHECK_EVENTS`"), "{error}");
}

#[test]
fn binaries_have_their_ids() {
    assert_eq!(binary("my-crate", "my_crate-0123456789abcdef"), "my-crate");
    assert_eq!(binary("my-crate", "workers-0123456789abcdef"), "my-crate::workers");
    assert_eq!(binary("my-crate", "my-tool"), "my-crate::my-tool");
}
