//! Findings with culprits and causes.

use super::{finding, report};
use crate::explanation::{Carrier, Cause, Channel};
use crate::finding::{Evidence, Kind, Leg, Level};
use crate::report::event::Search;
use crate::report::{Event, FindingEvent, Json, Reporter, Verbosity, help};

const ONE_OF_211: Search = Search { candidates: 211, runs: 9, minimal: true };

fn carrier(channel: Channel, name: &str, values: (&str, &str)) -> Carrier {
    Carrier {
        channel,
        name: name.into(),
        type_name: None,
        location: None,
        fresh: values.0.into(),
        inherited: values.1.into(),
    }
}

fn static_(name: &str, type_name: &str, values: (&str, &str)) -> Carrier {
    Carrier {
        type_name: Some(type_name.into()),
        location: Some("src/lib.rs:12".into()),
        ..carrier(Channel::Static, name, values)
    }
}

fn cause(carrier: Carrier) -> Cause {
    Cause { carrier, confirmed: true, together_with: Vec::new(), sufficient: None }
}

fn rate() -> Cause {
    Cause { sufficient: Some(true), ..cause(static_("pricing::RATE", "AtomicU64", ("1", "2"))) }
}

/// With its help, as a run tells it.
fn explained<'a>(
    kind: Kind,
    test: &'a str,
    culprits: &[&'a str],
    search: Search,
    causes: &'a [Cause],
) -> FindingEvent<'a> {
    FindingEvent {
        culprits: Some(culprits.to_vec()),
        search: Some(search),
        explained: std::time::Duration::ZERO,
        causes,
        help: help(kind, culprits, causes),
        ..finding(kind, Level::Deny, test, None)
    }
}

fn shown(verbosity: Verbosity, findings: &[FindingEvent<'_>]) -> String {
    let (out, _) = report(verbosity, &[Event::Findings(findings)]);
    for line in out.lines().filter(|line| !line.contains("cargo spawncheck")) {
        assert!(line.chars().count() <= 80, "{line}");
    }
    out
}

#[test]
fn culprit_cause_and_proof() {
    let evidence = Evidence { leg: Leg::InProcess, text: "panicked at src/lib.rs:129:9:\nleft: 1".into() };
    let registry = "LazyLock<Mutex<BTreeMap<String, u32>>>";
    let causes = [cause(static_("pricing::REGISTRY", registry, ("not initialized", "initialized")))];
    let also = [carrier(Channel::Static, "log::STATE", ("0", "2"))];
    let mut victim =
        explained(Kind::Victim, "tests::starts_empty", &["tests::registers"], ONE_OF_211, &causes);
    (victim.also, victim.evidence) = (&also, Some(&evidence));
    let brittle_causes = [rate()];
    let brittle =
        explained(Kind::Brittle, "tests::quotes", &["tests::configures"], ONE_OF_211, &brittle_causes);
    insta::assert_snapshot!(shown(Verbosity::Normal, &[victim, brittle]), @r"
        VICTIM  pricing tests::starts_empty  fails in-process, passes spawned
         after  tests::registers  (1 of 211 tests before it; found in 9 runs)
         cause  static pricing::REGISTRY: LazyLock<Mutex<BTreeMap<String, u32>>>
                at src/lib.rs:12
                fresh: not initialized      inherited: initialized
                proof: with the fresh value written back, the test passes
          also  static log::STATE differs, does not matter
    in-process  panicked at src/lib.rs:129:9:
                left: 1
          help  `pricing::REGISTRY` cannot be reset: keep the value in a struct
                that each test builds
         again  cargo spawncheck replay pricing tests::starts_empty
       BRITTLE  pricing tests::quotes  passes in-process, fails spawned
         after  tests::configures  (1 of 211 tests before it; found in 9 runs)
         cause  static pricing::RATE: AtomicU64  src/lib.rs:12
                fresh: 1      inherited: 2
                proof: with the fresh value written back, the test fails; the
                inherited value alone, in a fresh process, makes it pass
          help  have the test set `pricing::RATE` itself, or pass it the value
         again  cargo spawncheck replay pricing tests::quotes
    ");
}

#[test]
fn several_of_everything() {
    let joint = |name: &str, other: &str| Cause {
        together_with: vec![other.into()],
        sufficient: Some(true),
        ..cause(static_(name, "AtomicBool", ("false", "true")))
    };
    let mut causes = vec![joint("p::READY", "p::ARMED"), joint("p::ARMED", "p::READY")];
    causes.push(cause(carrier(Channel::Env, "TZ", ("not set", "\"UTC\""))));
    causes.push(Cause { sufficient: Some(false), ..cause(carrier(Channel::Cwd, "/", ("/home/p", "/"))) });
    causes.push(Cause { confirmed: false, ..cause(carrier(Channel::Fd, "7", ("closed", "open"))) });
    let also = [carrier(Channel::Umask, "0077", ("0022", "0077")), static_("log::STATE", "u8", ("0", "2"))];
    let notes = ["thread-locals of the main thread were not looked at".to_owned()];
    let search = Search { candidates: 7, runs: 40, minimal: false };
    let mut event = explained(Kind::Victim, "tests::v", &["tests::a", "tests::b"], search, &causes);
    (event.also, event.notes) = (&also, &notes);
    insta::assert_snapshot!(shown(Verbosity::Normal, std::slice::from_ref(&event)), @r#"
     VICTIM  pricing tests::v  fails in-process, passes spawned
      after  tests::a
             tests::b
             (2 of 7 tests before it; found in 40 runs; fewer may do)
      cause  static p::READY: AtomicBool  src/lib.rs:12
             fresh: false      inherited: true
             together with static p::ARMED: AtomicBool  src/lib.rs:12
             fresh: false      inherited: true
             proof: with both fresh values written back, the test passes; the
             inherited values alone, in a fresh process, break it
      cause  env TZ
             fresh: not set      inherited: "UTC"
             proof: with the fresh value restored, the test passes
      cause  working directory
             fresh: /home/p      inherited: /
             proof: with the fresh value restored, the test passes; the
             inherited value alone is not enough
    suspect  descriptor 7
             fresh: closed      inherited: open
       also  2 other differences do not matter
       note  thread-locals of the main thread were not looked at
       help  build it for each test, or reset `p::READY` and serialize access
             to it by a lock
      again  cargo spawncheck replay pricing tests::v
    "#);
    insta::assert_snapshot!(shown(Verbosity::Verbose, &[event]), @r#"
     VICTIM  pricing tests::v  fails in-process, passes spawned
      after  tests::a
             tests::b
             (2 of 7 tests before it; found in 40 runs; fewer may do)
      cause  static p::READY: AtomicBool  src/lib.rs:12
             fresh: false      inherited: true
             together with static p::ARMED: AtomicBool  src/lib.rs:12
             fresh: false      inherited: true
             proof: with both fresh values written back, the test passes; the
             inherited values alone, in a fresh process, break it
      cause  env TZ
             fresh: not set      inherited: "UTC"
             proof: with the fresh value restored, the test passes
      cause  working directory
             fresh: /home/p      inherited: /
             proof: with the fresh value restored, the test passes; the
             inherited value alone is not enough
    suspect  descriptor 7
             fresh: closed      inherited: open
       also  umask differs, does not matter
             fresh: 0022      inherited: 0077
             static log::STATE: u8 differs, does not matter
             fresh: 0      inherited: 2
       note  thread-locals of the main thread were not looked at
       help  build it for each test, or reset `p::READY` and serialize access
             to it by a lock
      again  cargo spawncheck replay pricing tests::v
    "#);
}

#[test]
fn long_and_hostile_names() {
    let type_name =
        format!("std::sync::LazyLock<{}>", "alloc::collections::BTreeMap<alloc::string::String, ".repeat(3));
    let value = format!("\u{1b}[2J{}\nline", "x".repeat(100));
    let causes = [cause(static_(&"module::".repeat(12), &type_name, (&value, "y")))];
    let culprit = format!("tests::{}\u{202e}\n", "long_".repeat(20));
    let event = explained(Kind::Victim, "tests::v", &[&culprit], ONE_OF_211, &causes);
    let out = shown(Verbosity::Normal, &[event]);
    assert!(!out.contains('\u{1b}') && !out.contains('\u{202e}'), "{out}");
    insta::assert_snapshot!(out, @r"
    VICTIM  pricing tests::v  fails in-process, passes spawned
     after  tests::long_long_long_long_long_long_long_long_long_long_long_
            long_long_long_long_long_long_long_long_long_�
            (1 of 211 tests before it; found in 9 runs)
     cause  static module::module::module::module::module::module::module::
            module::module::module::module::module::: std::sync::LazyLock<
            alloc::collections::BTreeMap<alloc::string::String,
            alloc::collections::BTreeMap<alloc::string::String,
            alloc::collections::BTreeMap<alloc::string::String, >
            at src/lib.rs:12
            fresh:
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx line
            inherited: y
            proof: with the fresh value written back, the test passes
      help  `module::module::module::module::module::module::module::module::
            module::module::module::module::` cannot be reset: keep the value
            in a struct that each test builds
     again  cargo spawncheck replay pricing tests::v
    ");
}

#[test]
fn one_story_is_told_once() {
    let names: Vec<_> = (0..8).map(|number| format!("tests::v{number}")).collect();
    let causes: Vec<_> = (0..8)
        .map(|number| [cause(static_("pricing::COUNT", "AtomicU64", ("0", &(number + 1).to_string())))])
        .collect();
    let evidence = Evidence { leg: Leg::InProcess, text: "left: 1".into() };
    let mut findings: Vec<_> = names
        .iter()
        .zip(&causes)
        .map(|(name, causes)| explained(Kind::Victim, name, &["tests::a"], ONE_OF_211, causes))
        .collect();
    findings[0].evidence = Some(&evidence);
    // Of another culprit, of another kind, and accepted: stories of their own.
    let other = explained(Kind::Victim, "tests::w", &["tests::b"], ONE_OF_211, &causes[0]);
    let kind = explained(Kind::Brittle, "tests::x", &["tests::a"], ONE_OF_211, &causes[0]);
    let mut accepted = explained(Kind::Victim, "tests::y", &["tests::a"], ONE_OF_211, &causes[0]);
    accepted.accepted = Some("known");
    findings.insert(3, other);
    findings.extend([kind, accepted]);
    insta::assert_snapshot!(shown(Verbosity::Normal, &findings), @r"
        VICTIM  pricing  8 tests are broken by `tests::a`
                tests::v0
                tests::v1
                tests::v2
                tests::v3
                tests::v4
                … 3 more (-v shows all)
         after  tests::a  (1 of 211 tests before it; found in 9 runs)
         cause  static pricing::COUNT: AtomicU64  src/lib.rs:12
                fresh: 0      inherited: 1  (in tests::v0)
                proof: with the fresh value written back, the test passes
    in-process  left: 1
          help  build it for each test, or reset `pricing::COUNT` and serialize
                access to it by a lock
         again  cargo spawncheck replay pricing tests::v0
        VICTIM  pricing tests::w  fails in-process, passes spawned
         after  tests::b  (1 of 211 tests before it; found in 9 runs)
         cause  static pricing::COUNT: AtomicU64  src/lib.rs:12
                fresh: 0      inherited: 1
                proof: with the fresh value written back, the test passes
          help  build it for each test, or reset `pricing::COUNT` and serialize
                access to it by a lock
         again  cargo spawncheck replay pricing tests::w
       BRITTLE  pricing tests::x  passes in-process, fails spawned
         after  tests::a  (1 of 211 tests before it; found in 9 runs)
         cause  static pricing::COUNT: AtomicU64  src/lib.rs:12
                fresh: 0      inherited: 1
                proof: with the fresh value written back, the test fails
          help  have the test set `pricing::COUNT` itself, or pass it the value
         again  cargo spawncheck replay pricing tests::x
        VICTIM  pricing tests::y  fails in-process, passes spawned
      accepted  known
    ");
    let verbose = shown(Verbosity::Verbose, &findings);
    assert!(names.iter().all(|name| verbose.contains(&format!("              {name}\n"))), "{verbose}");
}

#[test]
fn unknown_culprits_are_no_story() {
    let causes = [rate()];
    let events = ["tests::a", "tests::b"]
        .map(|test| FindingEvent { causes: &causes, ..finding(Kind::Victim, Level::Deny, test, None) });
    assert_eq!(shown(Verbosity::Normal, &events).matches("VICTIM").count(), 2);
}

#[test]
fn json_has_one_event_a_finding() {
    let causes = [rate()];
    let also = [carrier(Channel::Env, "TZ", ("not set", "UTC"))];
    let notes = ["no debug information".to_owned()];
    let mut event = explained(Kind::Victim, "tests::v", &["tests::a"], ONE_OF_211, &causes);
    (event.also, event.notes) = (&also, &notes);
    let mut out = Vec::new();
    let bare = finding(Kind::Brittle, Level::Deny, "tests::b", None);
    Json::new(&mut out).event(&Event::Findings(&[event, bare])).unwrap();
    insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r#"
    {"type":"finding","kind":"victim","level":"deny","package":"pricing","binary":"pricing","test":"tests::v","in_process":"failed","spawned":"passed","culprits":["tests::a"],"candidates":211,"runs":9,"minimal":true,"causes":[{"channel":"static","name":"pricing::RATE","type":"AtomicU64","location":"src/lib.rs:12","fresh":"1","inherited":"2","confirmed":true,"sufficient":true}],"also":[{"channel":"env","name":"TZ","fresh":"not set","inherited":"UTC"}],"notes":["no debug information"],"help":"build it for each test, or reset `pricing::RATE` and serialize access to it by a lock","replay":"cargo spawncheck replay pricing tests::v"}
    {"type":"finding","kind":"brittle","level":"deny","package":"pricing","binary":"pricing","test":"tests::b","in_process":"passed","spawned":"failed","culprits":null,"causes":[],"also":[],"notes":[],"help":"set up what it needs inside the test itself","replay":"cargo spawncheck replay pricing tests::b"}
    "#);
}
