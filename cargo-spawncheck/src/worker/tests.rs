use super::{LONGEST, MOST_FINDINGS, Told, file, told};
use crate::finding::Kind;
use crate::finding::Verdict::{self, Crashed, Failed, Passed, TimedOut};
use crate::suite::tests::{binary, suite};
use crate::suite::{Dialect, TestId};
use serde_json::{Value, json};
use std::fs;

/// What the tests `a` and `b` of package `p` tell, if their verdicts are these.
fn tell(text: &[u8], verdicts: [Option<Verdict>; 2]) -> Told {
    let folder = tempfile::tempdir().unwrap();
    fs::write(file(folder.path(), 0), text).unwrap();
    let suite = suite([binary("p", Dialect::Mimic, &["a", "b"]), binary("q", Dialect::Libtest, &["a"])]);
    told(&suite, folder.path(), |_| verdicts)
}

fn finding(kind: &str, test: &str) -> Value {
    json!({
        "type": "finding", "kind": kind, "level": "deny", "package": "p", "binary": "p", "test": test,
        "worker": test, "input": "1", "outcomes": {"spawn": "0", "own": "3", "inline": "2"}, "history": [],
        "causes": [], "replay": "",
    })
}

fn lines(findings: &[Value]) -> Vec<u8> {
    findings.iter().map(|finding| format!("{finding}\n")).collect::<String>().into_bytes()
}

const A: TestId = TestId { binary: 0, test: 0 };

#[test]
fn what_both_legs_tell_is_told_once_with_the_smaller_input() {
    let mut large = finding("diverges", "b");
    large["input"] = json!("100");
    let mut other_field = finding("lossy", "a");
    for (key, value) in [("field", "x"), ("value", "output"), ("before", "1"), ("after", "2")] {
        other_field[key] = json!(value);
    }
    let mut field = other_field.clone();
    field["field"] = json!("y");
    let all = [large, other_field, field.clone(), finding("diverges", "b"), field];
    let told = tell(&lines(&all), [Some(Failed); 2]);
    let findings: Vec<_> = told.findings.iter().map(|f| (f.test.test, f.kind, f.input.as_deref())).collect();
    let one = Some("1");
    assert_eq!(findings, [(0, Kind::Lossy, one), (0, Kind::Lossy, one), (1, Kind::Diverges, one)]);
    let contexts: Vec<_> = told.findings[2].outcomes.iter().map(|(context, _)| context.as_str()).collect();
    assert_eq!(contexts, ["inline", "own", "spawn"]);
    assert_eq!(told.findings[0].loss.as_ref().map(|loss| (loss.output, &*loss.field)), Some((true, "x")));
    assert_eq!(told.complaints, [] as [&str; 0]);
}

#[test]
fn a_failure_is_explained_by_a_finding_that_fails_the_test_and_by_nothing_else() {
    let explains = |line: Value, verdicts| tell(&lines(&[line]), verdicts).explained.contains(&A);
    for kind in ["diverges", "recursive"] {
        assert!(explains(finding(kind, "a"), [Some(Failed); 2]));
        assert!(explains(finding(kind, "a"), [Some(Passed), Some(Failed)]));
        assert!(explains(finding(kind, "a"), [Some(Failed), None]));
        for worse in [Crashed, TimedOut] {
            assert!(!explains(finding(kind, "a"), [Some(Failed), Some(worse)]));
        }
        assert!(!explains(finding(kind, "a"), [Some(Passed); 2]));
        assert!(!explains(finding(kind, "b"), [Some(Failed); 2]));
        let mut with_errors = finding(kind, "a");
        with_errors["errors"] = json!(["a file could not be read"]);
        assert!(!explains(with_errors, [Some(Failed); 2]));
    }
    for kind in ["oversized", "flaky"] {
        assert!(!explains(finding(kind, "a"), [Some(Failed); 2]));
    }
}

#[test]
fn calls_are_read_or_left_out() {
    let with = |calls: Value| {
        let mut line = finding("diverges", "a");
        line["reproduction"] = calls;
        let told = tell(&lines(&[line]), [None; 2]);
        told.findings.into_iter().map(|finding| finding.reproduction).next().unwrap()
    };
    let calls =
        |dirty: &str| json!({"arguments": ["x"], "context": "pool", "dirty": dirty, "fresh": "1f:1:00"});
    let read = with(calls("1f:2:00ff")).unwrap();
    assert_eq!((&*read.arguments, &*read.context), (&["x".to_owned()][..], "pool"));
    assert_eq!((read.dirty.to_string(), read.fresh.to_string()), ("1f:2:00ff".into(), "1f:1:00".into()));
    assert_eq!(read.inline, None);
    let mut in_fork = calls("1f:2:00ff");
    in_fork["inline"] = json!("1f:1:77");
    assert_eq!(with(in_fork.clone()).unwrap().inline.unwrap().to_string(), "1f:1:77");
    in_fork["inline"] = json!("no script");
    assert_eq!(with(in_fork), None);
    assert_eq!(with(calls("no script")), None);
    assert_eq!(with(Value::Null), None);
}

#[test]
fn what_is_no_finding_of_ours_is_left_out_with_one_complaint() {
    let mut of_another_package = finding("diverges", "a");
    of_another_package["package"] = json!("q");
    let other = [
        b"\n".to_vec(),
        b"\xff\xfe{}\n".to_vec(),
        b"[".repeat(100_000),
        lines(&[
            json!({"type": "finding"}),
            finding("victim", "a"),
            finding("diverges", "c"),
            of_another_package,
        ]),
        lines(&[json!(7), json!({"type": "run-finished"})]),
    ];
    for text in other {
        let told = tell(
            &[lines(&[finding("diverges", "b")]), text, lines(&[finding("lossy", "a")])].concat(),
            [None; 2],
        );
        assert_eq!(told.complaints.len(), 1, "{told:?}");
        assert!(told.complaints[0].starts_with("`p`: not all that it tells"), "{told:?}");
        assert!(told.findings.iter().any(|finding| finding.test.test == 1), "{told:?}");
    }
}

#[test]
fn neither_long_lines_nor_many_findings_fill_the_memory() {
    let mut long = finding("diverges", "a");
    long["input"] = json!("x".repeat(LONGEST as usize));
    let told = tell(&lines(&[long, finding("lossy", "a")]), [None; 2]);
    assert_eq!((told.findings.len(), told.findings[0].kind), (1, Kind::Lossy));
    assert_eq!(told.complaints.len(), 1);
    let many: Vec<_> = (0..=MOST_FINDINGS)
        .map(|number| {
            let mut finding = finding("diverges", "a");
            finding["worker"] = json!(number.to_string());
            finding
        })
        .collect();
    let told = tell(&lines(&many), [None; 2]);
    assert_eq!((told.findings.len(), told.complaints.len()), (MOST_FINDINGS, 1));
}

#[test]
fn what_is_no_file_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let suite = suite([binary("p", Dialect::Mimic, &["a"])]);
    assert_eq!(told(&suite, folder.path(), |_| [None; 2]).complaints, [] as [&str; 0]);
    fs::create_dir(file(folder.path(), 0)).unwrap();
    let told = told(&suite, folder.path(), |_| [None; 2]);
    assert!(told.complaints[0].contains("something else in the place of the file"), "{told:?}");
}
