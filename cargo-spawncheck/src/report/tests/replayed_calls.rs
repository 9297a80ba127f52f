//! What `replay` shows of a worker.

use crate::finding::{Kind, Level};
use crate::report::replay::{json, worker::human};
use crate::report::{CallEvent, TestName, WorkerReplayEvent};
use anstream::StripStream;

fn event<'a>(history: &'a [String], outcome: &str) -> WorkerReplayEvent<'a> {
    let process = |context, outcome: &str, kept| CallEvent {
        context,
        setup: false,
        after: &[],
        outcome: outcome.to_owned(),
        kept_outcome: Some(kept),
        as_kept: outcome == kept,
    };
    let dirty = CallEvent { setup: history.is_empty(), after: history, ..process("pool", outcome, "2") };
    WorkerReplayEvent {
        schema: 1,
        kind: Kind::Diverges,
        level: Level::Deny,
        name: TestName { package: "p", binary: "p::workers", test: "tests::checks" },
        worker: "quote",
        input: Some("1"),
        reproduced: outcome != "0",
        processes: [process("spawn", "0", "0"), dirty],
        causes: &[],
        exit_code: 120,
    }
}

fn shown(event: &WorkerReplayEvent<'_>) -> String {
    let mut out = Vec::new();
    human(&mut StripStream::new(&mut out), event).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn reproduced() {
    insta::assert_snapshot!(shown(&event(&[], "2")), @r"
        Replay  p::workers tests::checks  kept as diverges
        worker  quote
         input  1
         spawn  this call alone, in a fresh process
                0
                as before
          pool  after setup, and no earlier call
                2
                as before
    Reproduced  spawn and pool come to different outcomes
    ");
}

#[test]
fn gone() {
    insta::assert_snapshot!(shown(&event(&["3".to_owned()], "0")), @r"
    Replay  p::workers tests::checks  kept as diverges
    worker  quote
     input  1
     spawn  this call alone, in a fresh process
            0
            as before
      pool  after an earlier call with 3; no setup
            0
            (kept: 2)
      Gone  no longer reproduces: now both come to the same
    ");
}

/// What comes from outside begins no line and ends none.
#[test]
fn hostile() {
    let mut event = event(&[], "\u{1b}[31m\nReproduced  by me");
    event.worker = "\u{1b}[2J\nworker";
    event.processes[1].context = "x\n\u{7}";
    event.processes[1].kept_outcome = Some("\u{1b}]0;\nlate");
    let shown = shown(&event);
    assert!(!shown.contains(['\u{1b}', '\u{7}']), "{shown:?}");
    assert!(
        !shown.lines().any(|line| line.starts_with(char::is_alphabetic) && !line.starts_with("Reproduced")),
        "{shown}"
    );
}

#[test]
fn as_json() {
    let mut out = Vec::new();
    json(&mut out, &event(&[], "2")).unwrap();
    insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r#"{"type":"replayed","schema":1,"kind":"diverges","level":"deny","package":"p","binary":"p::workers","test":"tests::checks","worker":"quote","input":"1","reproduced":true,"processes":[{"context":"spawn","setup":false,"after":[],"outcome":"0","kept_outcome":"0","as_kept":true},{"context":"pool","setup":true,"after":[],"outcome":"2","kept_outcome":"2","as_kept":true}],"causes":[],"exit_code":120}"#);
}
