//! What services see in the file.

use super::junit;
use crate::matrix::Matrix;
use crate::matrix::tests::{LINUX, Lines, WINDOWS, joined};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::json;

/// An element, its parents, the attributes that it must have, and those that it may have.
type Element = (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

/// Elements of the format that Jenkins' xunit plugin checks (`junit-10.xsd`). What is not used here is left out.
const FORMAT: [Element; 7] = [
    ("testsuites", &[""], &[], &["name", "tests", "failures", "errors", "time"]),
    ("testsuite", &["testsuites"], &["name", "tests", "failures", "errors"], &["skipped", "time"]),
    ("testcase", &["testsuite"], &["name"], &["classname", "time"]),
    ("failure", &["testcase"], &[], &["type", "message"]),
    ("error", &["testcase"], &[], &["type", "message"]),
    ("skipped", &["testcase"], &[], &["type", "message"]),
    ("system-out", &["testcase"], &[], &[]),
];

#[track_caller]
fn check_format(text: &str) {
    let mut reader = Reader::from_str(text);
    let mut open = vec![String::new()];
    loop {
        let event = reader.read_event().unwrap();
        let (start, closes) = match &event {
            Event::Start(start) => (start, false),
            Event::Empty(start) => (start, true),
            Event::End(_) => {
                open.pop();
                continue;
            }
            Event::Eof => break,
            _ => continue,
        };
        let name = String::from_utf8(start.name().as_ref().to_vec()).unwrap();
        let (_, parents, must, may) =
            FORMAT.iter().find(|known| known.0 == name).unwrap_or_else(|| panic!("`{name}`"));
        let parent = open.last().unwrap().as_str();
        assert!(parents.contains(&parent), "`{name}` in `{parent}`");
        let attributes: Vec<_> = start
            .attributes()
            .map(|attribute| String::from_utf8(attribute.unwrap().key.as_ref().to_vec()).unwrap())
            .collect();
        assert!(must.iter().all(|must| attributes.iter().any(|has| has == must)), "{name}: {attributes:?}");
        let known = |has: &String| must.contains(&has.as_str()) || may.contains(&has.as_str());
        assert!(attributes.iter().all(known), "{name}: {attributes:?}");
        if !closes {
            open.push(name);
        }
    }
    assert_eq!(open, [""]);
}

fn written(matrix: &Matrix) -> String {
    let text = junit(matrix).unwrap();
    check_format(&text);
    text
}

/// Of everything that a case can be, one.
fn everything() -> Matrix {
    let cause = json!({"channel": "static", "name": "p::RATE", "type": "AtomicU64", "location": "src/lib.rs:4",
        "fresh": "1", "inherited": "2", "confirmed": true});
    let explained = json!({"culprits": ["a_sets"], "causes": [cause],
        "evidence": {"leg": "spawned", "text": "panicked at src/lib.rs:9:5:\nleft: 1"}});
    let report = Lines::of(LINUX)
        .test("a_sets", "passed", "passed")
        .test("b_needs", "passed", "failed")
        .finding("brittle", "deny", "b_needs", explained)
        .test("c_known", "failed", "passed")
        .finding("victim", "deny", "c_known", json!({"accepted": "being repaired"}))
        .test("d_wavers", "passed", "failed")
        .finding("flaky", "warn", "d_wavers", json!({}))
        .failure("e_fails", "no such file")
        .test("f_ignored", "ignored", "ignored")
        .test("g_late", "passed", "not-run")
        .test("h_unclear", "passed", "failed")
        .event(json!({"type": "unconfirmed", "package": "p", "binary": "p::it", "test": "h_unclear",
            "in_process": "passed", "spawned": "failed"}))
        .event(
            json!({"type": "binary-failed", "package": "p", "binary": "p::it", "reason": "killed: SIGSEGV"}),
        );
    joined([report.end(120)])
}

#[test]
fn each_kind_of_case() {
    insta::assert_snapshot!(written(&everything()));
}

/// Who reads only this file is not to take it for a success.
#[test]
fn a_run_that_came_to_no_end_is_an_error() {
    let of = |file: &str| Lines::of(LINUX).file(file).test(file, "passed", "passed");
    let text = written(&joined([of("whole").end(0), of("cut"), of("stopped").end(130)]));
    assert_eq!(text.matches("<error").count(), 2, "{text}");
    assert!(text.contains("`cut` ends before its run did"), "{text}");
    assert!(text.contains("`stopped` is of a run that was interrupted"), "{text}");
}

#[test]
fn a_suite_for_each_binary_on_each_platform() {
    let linux = Lines::of(LINUX).test("a", "passed", "passed").end(0);
    let windows = Lines::of(WINDOWS).failure("a", "CRLF").test("only_here", "passed", "passed").end(100);
    let text = written(&joined([linux, windows]));
    assert!(text.contains(&format!(r#"<testsuite name="p::it on {LINUX}" tests="1""#)), "{text}");
    assert!(text.contains(&format!(r#"<testsuite name="p::it on {WINDOWS}" tests="2""#)), "{text}");
    assert!(text.contains(&format!("passes on {LINUX}, fails on {WINDOWS}")), "{text}");
    // It fails there, and only there.
    assert_eq!(text.matches("<failure").count(), 1, "{text}");
    assert!(text.contains("DIFFERS: "), "{text}");
}

#[test]
fn nothing_from_outside_is_markup() {
    let hostile = "]]></failure>\u{1b}[31m<x a='1'>\u{0}\u{8}&amp;\u{202e}\u{ffff}\r\n--><![CDATA[";
    let linux = Lines::of(LINUX).failure(hostile, hostile).finding(
        "brittle",
        "deny",
        hostile,
        json!({"culprits": [hostile], "notes": [hostile], "help": hostile, "replay": hostile, "in_process": "passed",
            "evidence": {"leg": "spawned", "text": hostile}, "accepted": null}),
    );
    let text = written(&joined([linux.started("target", hostile).end(120), Lines::of(WINDOWS).end(0)]));
    assert!(!text.contains(['\u{1b}', '\u{0}', '\u{8}', '\u{202e}', '\u{ffff}']), "{text}");
}

/// Two tests that took as long as a number can say.
#[test]
fn times_that_no_clock_shows() {
    let slow = |leg: &str, test: &str| {
        json!({"type": "test-finished", "leg": leg, "package": "p", "binary": "p::it", "test": test,
            "verdict": "passed", "duration_ms": 1e300})
    };
    let report = Lines::of(LINUX).event(slow("spawned", "a")).event(slow("spawned", "b"));
    let end = json!({"type": "run-finished", "wall_ms": 1e308, "exit_code": 0});
    written(&joined([report.event(end.clone()), Lines::of(LINUX).event(end)]));
}
