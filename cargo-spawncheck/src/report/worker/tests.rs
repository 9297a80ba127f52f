use super::WorkerEvent;
use crate::explanation::{Carrier, Cause, Channel, Explanation};
use crate::finding::{Kind, Level};
use crate::report::{Event, Human, Json, Reporter, TestName, Verbosity};
use crate::suite::TestId;
use crate::worker::{Loss, WorkerFinding};
use anstream::StripStream;

fn finding(kind: Kind) -> WorkerFinding {
    WorkerFinding {
        kind,
        test: TestId { binary: 0, test: 0 },
        worker: "quote".into(),
        input: None,
        outcomes: Vec::new(),
        history: Vec::new(),
        needs_setup: None,
        loss: None,
        message: None,
        explanation: Explanation::default(),
        reproduction: None,
    }
}

fn diverges(needs_setup: bool, history: &[&str]) -> WorkerFinding {
    WorkerFinding {
        input: Some("1".into()),
        outcomes: [("inline", "2"), ("my\u{1b}[2J\nown", "a\nb"), ("spawn", "panicked: \u{1b}[31moh")]
            .map(|(context, outcome)| (context.into(), outcome.into()))
            .into(),
        history: history.iter().map(|&input| input.into()).collect(),
        needs_setup: Some(needs_setup),
        ..finding(Kind::Diverges)
    }
}

fn lossy(output: bool, field: &str) -> WorkerFinding {
    let loss = Loss { output, field: field.into(), before: "\"a\"".into(), after: "\"\"".into() };
    WorkerFinding { loss: Some(loss), ..finding(Kind::Lossy) }
}

fn event<'a>(finding: &'a WorkerFinding, test: &'a str, level: Level) -> Event<'a> {
    let name = TestName { package: "p", binary: "p::workers", test };
    Event::Worker(WorkerEvent { level, name, finding, accepted: None, replay: "cargo spawncheck -p p" })
}

fn human(events: &[Event<'_>]) -> String {
    let mut out = Vec::new();
    let mut human = Human::new(StripStream::new(&mut out), Vec::new(), Verbosity::Normal, false);
    events.iter().for_each(|event| human.event(event).unwrap());
    drop(human);
    String::from_utf8(out).unwrap()
}

#[test]
fn every_kind_as_people_read_it() {
    let message = Some("2 MiB, limit 1 MiB".to_owned());
    let findings = [
        diverges(true, &[]),
        diverges(true, &["7"]),
        diverges(false, &["7", "8"]),
        diverges(false, &[]),
        lossy(false, "items[2].note"),
        lossy(true, ""),
        WorkerFinding { message: Some("it comes to suite `inner`".into()), ..finding(Kind::Recursive) },
        WorkerFinding { message, ..finding(Kind::Oversized) },
        WorkerFinding { worker: "tests::quote #2".into(), ..finding(Kind::Flaky) },
    ];
    let events: Vec<_> = findings.iter().map(|finding| event(finding, "quote", Level::Warn)).collect();
    insta::assert_snapshot!(human(&events), @r#"
     DIVERGES  p::workers quote  depends on state that it inherited
        input  1
       inline  2
       my own  a
               b
        spawn  panicked: oh
        needs  setup, and no earlier call
         help  pass what setup provides as part of the input
        again  cargo spawncheck -p p
     DIVERGES  p::workers quote  depends on state that it inherited
        input  1
       inline  2
       my own  a
               b
        spawn  panicked: oh
        needs  setup, and an earlier call with 7
         help  pass what setup provides as part of the input
        again  cargo spawncheck -p p
     DIVERGES  p::workers quote  depends on state that it inherited
        input  1
       inline  2
       my own  a
               b
        spawn  panicked: oh
        needs  earlier calls with 7, then 8; no setup
         help  keep nothing between calls, or pass it in and out
        again  cargo spawncheck -p p
     DIVERGES  p::workers quote  depends on state that it inherited
        input  1
       inline  2
       my own  a
               b
        spawn  panicked: oh
        needs  neither setup nor an earlier call: the context itself
         help  do not depend on the thread or process it runs in
        again  cargo spawncheck -p p
        LOSSY  p::workers quote  gets an input that changes on its way
        field  items[2].note
       before  "a"
        after  ""
         help  serialize the field, or leave it out of the type
        again  cargo spawncheck -p p
        LOSSY  p::workers quote  returns what changes on its way to the parent
        field  the whole value
       before  "a"
        after  ""
         help  serialize the field, or leave it out of the type
        again  cargo spawncheck -p p
    RECURSIVE  p::workers quote  is handed out by a child again
      because  it comes to suite `inner`
         help  hand out work after `run()`, not in setup or a worker
        again  cargo spawncheck -p p
    OVERSIZED  p::workers quote  gets an input that is larger than the limit
      because  2 MiB, limit 1 MiB
         help  pass a path, or a `spawncheck::Shared`
        again  cargo spawncheck -p p
        FLAKY  p::workers quote  comes to different results in identical runs
       worker  tests::quote #2
         help  take time, randomness and hash order out of the result
        again  cargo spawncheck -p p
    "#);
}

fn cause(channel: Channel, name: &str) -> Cause {
    let (fresh, inherited) = ("0".into(), "2".into());
    let carrier = Carrier { channel, name: name.into(), type_name: None, location: None, fresh, inherited };
    Cause { carrier, confirmed: true, together_with: Vec::new(), sufficient: Some(true) }
}

#[test]
fn what_it_depends_on() {
    let explained = |needs_setup, explanation| {
        let history: &[&str] = if needs_setup { &[] } else { &["7"] };
        WorkerFinding { outcomes: Vec::new(), explanation, ..diverges(needs_setup, history) }
    };
    let statics = ["a::RATE", "a::OTHER"].map(|name| cause(Channel::Static, name));
    let together = |(one, mut cause): (usize, Cause)| {
        cause.together_with = vec![statics[1 - one].carrier.name.clone()];
        cause
    };
    let findings = [
        Explanation {
            causes: vec![statics[0].clone()],
            also: vec![statics[1].carrier.clone()],
            ..Explanation::default()
        },
        Explanation {
            causes: statics.iter().cloned().enumerate().map(together).collect(),
            ..Explanation::default()
        },
        Explanation { notes: vec!["no cause was found: \u{1b}[31moh".into()], ..Explanation::default() },
    ];
    let mut findings = Vec::from(findings.map(|explanation| explained(true, explanation)));
    let causes = vec![cause(Channel::Env, "TZ")];
    findings.push(explained(false, Explanation { causes, ..Explanation::default() }));
    let events: Vec<_> = findings.iter().map(|finding| event(finding, "quote", Level::Deny)).collect();
    insta::assert_snapshot!(human(&events), @r"
    DIVERGES  p::workers quote  depends on state that it inherited
       input  1
       needs  setup, and no earlier call
       cause  static a::RATE
              fresh: 0      inherited: 2
              proof: with the fresh value written back, the outcome is that of a
              fresh process; the inherited value alone, in a fresh process,
              gives the other one
        also  static a::OTHER differs, does not matter
        help  pass what setup puts into `a::RATE` as part of the input
       again  cargo spawncheck -p p
    DIVERGES  p::workers quote  depends on state that it inherited
       input  1
       needs  setup, and no earlier call
       cause  static a::RATE
              fresh: 0      inherited: 2
              together with static a::OTHER
              fresh: 0      inherited: 2
              proof: with both fresh values written back, the outcome is that of
              a fresh process; the inherited values alone, in a fresh process,
              give the other one
        help  pass what setup puts into `a::RATE` as part of the input
       again  cargo spawncheck -p p
    DIVERGES  p::workers quote  depends on state that it inherited
       input  1
       needs  setup, and no earlier call
        note  no cause was found: oh
        help  pass what setup provides as part of the input
       again  cargo spawncheck -p p
    DIVERGES  p::workers quote  depends on state that it inherited
       input  1
       needs  an earlier call with 7; no setup
       cause  env TZ
              fresh: 0      inherited: 2
              proof: with the fresh value restored, the outcome is that of a
              fresh process; the inherited value alone, in a fresh process,
              gives the other one
        help  restore `TZ` after each call, or pass its value in and out
       again  cargo spawncheck -p p
    ");
}

#[test]
fn accepted_and_allowed() {
    let finding = finding(Kind::Flaky);
    let mut accepted = event(&finding, "quote", Level::Warn);
    if let Event::Worker(event) = &mut accepted {
        event.accepted = Some("being repaired");
    }
    let text = human(&[accepted, event(&finding, "quote", Level::Allow)]);
    insta::assert_snapshot!(text, @r"
       FLAKY  p::workers quote  comes to different results in identical runs
    accepted  being repaired
    ");
}

#[test]
fn json() {
    let mut out = Vec::new();
    let mut json = Json::new(&mut out);
    for finding in [diverges(true, &["7"]), lossy(true, "note")] {
        json.event(&event(&finding, "quote", Level::Deny)).unwrap();
    }
    let expected = concat!(
        r#"{"type":"finding","kind":"diverges","level":"deny","package":"p","binary":"p::workers","test":"quote","#,
        r#""worker":"quote","input":"1","outcomes":{"inline":"2","my\u001b[2J\nown":"a\nb","spawn":"panicked: \u001b[31moh"},"#,
        r#""history":["7"],"needs_setup":true,"causes":[],"also":[],"notes":[],"#,
        r#""help":"pass what setup provides as part of the input","replay":"cargo spawncheck -p p"}"#,
        "\n",
        r#"{"type":"finding","kind":"lossy","level":"deny","package":"p","binary":"p::workers","test":"quote","#,
        r#""worker":"quote","input":null,"outcomes":{},"history":[],"field":"note","value":"output","#,
        r#""before":"\"a\"","after":"\"\"","causes":[],"also":[],"notes":[],"#,
        r#""help":"serialize the field, or leave it out of the type","replay":"cargo spawncheck -p p"}"#,
        "\n",
    );
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}
