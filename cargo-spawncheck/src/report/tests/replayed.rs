//! What `replay` shows.

use crate::explanation::{Carrier, Cause, Channel};
use crate::finding::{Kind, Level, Verdict};
use crate::report::replay::{human, json};
use crate::report::{ProcessEvent, ReplayEvent, TestName};
use anstream::StripStream;

fn process(after: Vec<&str>, kept: Verdict, verdict: Verdict) -> ProcessEvent<'_> {
    ProcessEvent {
        after,
        whole_environment: false,
        command: Some("cargo test -p p --lib -- --test-threads=1 --exact tests::v".into()),
        verdict,
        kept_verdict: Some(kept),
        leaves_something: false,
        as_kept: kept == verdict,
        output: if verdict.is_bad() { "panicked at src/lib.rs:1:2:\nno".into() } else { String::new() },
    }
}

fn event<'a>(causes: &'a [Cause], culprits: &'a [String], after: Verdict) -> ReplayEvent<'a> {
    ReplayEvent {
        schema: 1,
        kind: Kind::Victim,
        level: Level::Deny,
        name: TestName { package: "p", binary: "p", test: "tests::v" },
        reproduced: after == Verdict::Failed,
        processes: vec![
            process(vec![], Verdict::Passed, Verdict::Passed),
            process(vec!["tests::a"], Verdict::Failed, after),
        ],
        culprits: Some(culprits),
        causes,
        notes: Vec::new(),
        exit_code: 120,
    }
}

fn cause() -> Cause {
    let carrier = Carrier {
        channel: Channel::Static,
        name: "p::RATE".into(),
        type_name: Some("AtomicU64".into()),
        location: None,
        fresh: "0".into(),
        inherited: "1".into(),
    };
    Cause { carrier, confirmed: true, together_with: Vec::new(), sufficient: None }
}

fn shown(event: &ReplayEvent<'_>) -> String {
    let mut out = Vec::new();
    human(&mut StripStream::new(&mut out), event).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn reproduced() {
    let (causes, culprits) = ([cause()], ["tests::a".to_owned()]);
    insta::assert_snapshot!(shown(&event(&causes, &culprits, Verdict::Failed)), @r"
     Replay  p tests::v  kept as victim
      alone  in a fresh process
             passes, as before
             $ cargo test -p p --lib -- --test-threads=1 --exact tests::v
      after  tests::a, in one process
             fails, as before
             $ cargo test -p p --lib -- --test-threads=1 --exact tests::v
     output  panicked at src/lib.rs:1:2:
             no
known cause  static p::RATE: AtomicU64
 Reproduced  alone it passes; after tests::a it fails
");
}

#[test]
fn gone() {
    let mut event = event(&[], &[], Verdict::Passed);
    event.notes.push("something else ran".into());
    insta::assert_snapshot!(shown(&event), @r"
Replay  p tests::v  kept as victim
 alone  in a fresh process
        passes, as before
        $ cargo test -p p --lib -- --test-threads=1 --exact tests::v
 after  tests::a, in one process
        passes (kept: fails)
        $ cargo test -p p --lib -- --test-threads=1 --exact tests::v
  note  something else ran
  Gone  no longer reproduces: now after tests::a it passes
");
}

#[test]
fn as_json() {
    let mut out = Vec::new();
    let (causes, culprits) = ([cause()], ["tests::a".to_owned()]);
    json(&mut out, &event(&causes, &culprits, Verdict::Failed)).unwrap();
    insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r#"{"type":"replayed","schema":1,"kind":"victim","level":"deny","package":"p","binary":"p","test":"tests::v","reproduced":true,"processes":[{"after":[],"whole_environment":false,"command":"cargo test -p p --lib -- --test-threads=1 --exact tests::v","verdict":"passed","kept_verdict":"passed","leaves_something":false,"as_kept":true,"output":""},{"after":["tests::a"],"whole_environment":false,"command":"cargo test -p p --lib -- --test-threads=1 --exact tests::v","verdict":"failed","kept_verdict":"failed","leaves_something":false,"as_kept":true,"output":"panicked at src/lib.rs:1:2:\nno"}],"culprits":["tests::a"],"causes":[{"channel":"static","name":"p::RATE","type":"AtomicU64","fresh":"0","inherited":"1","confirmed":true}],"notes":[],"exit_code":120}"#);
}
