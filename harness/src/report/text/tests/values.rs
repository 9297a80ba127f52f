//! Values that are long, have several lines, or are hostile.

use super::{diverging, loss, outcomes, panicked, value};
use crate::error::{Error, ErrorKind};
use crate::report::Report;
use crate::{Context, Finding, Kind};

#[test]
fn the_notes_stand_in_one_column() {
    let finding = Finding {
        outcomes: outcomes([
            (Context::Inline, value(r#"Quote { amount: 200, currency: "EUR" }"#)),
            (Context::Thread, value(&format!("{:?}", (0..30).collect::<Vec<_>>()))),
            (Context::Spawn, value(r#"Quote { amount: 0, currency: "€" }"#)),
        ]),
        ..diverging()
    };
    insta::assert_snapshot!(finding, @r#"
    worker `quote` depends on state that it inherited
      input       1                                       smallest of 3 that differ, 45 tried
      inline      Quote { amount: 200, currency: "EUR" }  same thread, after setup
      thread      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29]  a new thread, after setup
      spawn       Quote { amount: 0, currency: "€" }      a fresh child, what Windows shows
      needs       setup, and no earlier call
      help        pass what `setup` provides as part of the input, or set it up inside the worker
      again       cargo test -- --exact quote   (kept in spawncheck-regressions/quote.json, tried first)
    "#);
}

#[test]
fn panics_have_several_lines() {
    let message = "assertion `left == right` failed\n  left: 1\n right: 2";
    let finding = Finding {
        outcomes: outcomes([
            (Context::Inline, value("7")),
            (Context::Thread, panicked("oh", None)),
            (Context::Spawn, panicked(message, Some("src/lib.rs:12:5"))),
        ]),
        ..diverging()
    };
    insta::assert_snapshot!(finding, @r"
    worker `quote` depends on state that it inherited
      input       1                                           smallest of 3 that differ, 45 tried
      inline      7                                           same thread, after setup
      thread      panicked: oh                                a new thread, after setup
      spawn       panicked: assertion `left == right` failed  a fresh child, what Windows shows
                    left: 1
                   right: 2
                  at src/lib.rs:12:5
      needs       setup, and no earlier call
      help        pass what `setup` provides as part of the input, or set it up inside the worker
      again       cargo test -- --exact quote   (kept in spawncheck-regressions/quote.json, tried first)
    ");
}

#[test]
fn long_values_are_cut_where_they_part() {
    let list = |last: u32| value(&format!("{:?}", (0..200).chain([last]).chain(0..200).collect::<Vec<_>>()));
    let finding = Finding {
        input: Some("x".repeat(1000)),
        history: vec!["y".repeat(1000)],
        outcomes: outcomes([
            (Context::Inline, list(7)),
            (Context::Pool, list(8)),
            (Context::Thread, panicked(&"line\n".repeat(100), None)),
        ]),
        ..diverging()
    };
    let text = finding.to_string();
    assert!(text.lines().all(|line| line.chars().count() < 300), "{text}");
    assert!(text.contains("panicked: line") && text.lines().count() < 20, "{text}");
    let same_kind = Finding { outcomes: finding.outcomes[..2].to_vec(), ..diverging() };
    insta::assert_snapshot!(same_kind, @r"
    worker `quote` depends on state that it inherited
      input       1               smallest of 3 that differ, 45 tried
      inline      …192, 193, 194, 195, 196, 197, 198, 199, 7, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41,…  same thread, after setup
      pool        …192, 193, 194, 195, 196, 197, 198, 199, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41,…  a child that is used again
      needs       setup, and no earlier call
      help        pass what `setup` provides as part of the input, or set it up inside the worker
      again       cargo test -- --exact quote   (kept in spawncheck-regressions/quote.json, tried first)
    ");
}

#[test]
fn nothing_steers_the_terminal() {
    let hostile = "a\u{1b}[31mb\u{1b}]0;title\u{7}\r\u{9b}2J\u{202e}c\u{2066}d\te";
    let lines = format!("{hostile}\nworker `other` is fine");
    let mut report = Report::new(hostile);
    for kind in [Kind::Diverges, Kind::Lossy, Kind::Recursive, Kind::Oversized, Kind::Flaky] {
        report.findings.push(Finding {
            input: Some(lines.clone()),
            outcomes: outcomes([
                (Context::Custom(lines.clone()), value(&lines)),
                (Context::Spawn, panicked(&lines, Some(hostile))),
            ]),
            history: vec![lines.clone()],
            loss: loss(true, &lines, &lines, &lines),
            message: lines.clone(),
            kept: Some(lines.clone()),
            ..Finding::new(kind, &lines)
        });
    }
    report.errors.push(Error::new(ErrorKind::Child, &*lines));
    let text = report.to_string();
    let steers = |c: char| c != '\n' && (c.is_control() || "\u{202e}\u{2066}".contains(c));
    assert!(!text.contains(steers), "{text:?}");
    // What imitates a report is indented or follows something else; no finding is added.
    assert_eq!(text.lines().filter(|line| line.starts_with("worker")).count(), 5, "{text}");
    insta::assert_snapshot!(report.findings[0], @r"
    worker `a�[31mb�]0;title���2J�c�d e�worker `other` is fine` depends on state that it inherited
      input       a�[31mb�]0;title���2J�c�d e            smallest of 0 that differ, 0 tried
                  worker `other` is fine
      a�[31mb�]0;title���2J�c�d e�worker `other` is fine a�[31mb�]0;title���2J�c�d e            your own context, after setup
                  worker `other` is fine
      spawn       panicked: a�[31mb�]0;title���2J�c�d e  a fresh child, what Windows shows
                  worker `other` is fine
                  at a�[31mb�]0;title���2J�c�d e
      needs       an earlier call with a�[31mb�]0;title���2J�c�d e
                  worker `other` is fine; no setup
      help        do not keep anything between calls, or make it part of input and output
      again       cargo test -- --exact 'a�[31mb�]0;title���2J�c�d e
                  worker `other` is fine'
                  (kept in a�[31mb�]0;title���2J�c�d e
                  worker `other` is fine, tried first)
    ");
}
