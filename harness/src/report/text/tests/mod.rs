mod values;

use crate::error::{Error, ErrorKind};
use crate::report::Report;
use crate::{Context, Exit, Finding, Kind, Loss, Outcome};

fn value(text: &str) -> Outcome {
    Outcome::Value(text.into())
}

fn panicked(message: &str, location: Option<&str>) -> Outcome {
    Outcome::Panicked { message: message.into(), location: location.map(Into::into) }
}

/// Each context with its outcome, the reference last.
fn outcomes<const N: usize>(list: [(Context, Outcome); N]) -> Vec<(Context, Outcome)> {
    list.into()
}

/// What setup left makes a difference to one.
fn diverging() -> Finding {
    Finding {
        input: Some("1".into()),
        outcomes: outcomes([
            (Context::Inline, value("2")),
            (Context::Thread, value("2")),
            (Context::Fork, value("2")),
            (Context::Pool, value("0")),
            (Context::Custom("rayon".into()), value("2")),
            (Context::Spawn, value("0")),
        ]),
        needs_setup: true,
        counts: (3, 45),
        kept: Some("spawncheck-regressions/quote.json".into()),
        ..Finding::new(Kind::Diverges, "quote")
    }
}

fn loss(output: bool, field: &str, before: &str, after: &str) -> Option<Loss> {
    Some(Loss { output, field: field.into(), before: before.into(), after: after.into() })
}

#[test]
fn diverges() {
    insta::assert_snapshot!(diverging(), @r"
    worker `quote` depends on state that it inherited
      input       1               smallest of 3 that differ, 45 tried
      inline      2               same thread, after setup
      thread      2               a new thread, after setup
      fork        2               a fork after setup, what Linux shows
      pool        0               a child that is used again
      rayon       2               your own context, after setup
      spawn       0               a fresh child, what Windows shows
      needs       setup, and no earlier call
      help        pass what `setup` provides as part of the input, or set it up inside the worker
      again       cargo test -- --exact quote   (kept in spawncheck-regressions/quote.json, tried first)
    ");
}

#[test]
fn needs() {
    let needs = |needs_setup, history: &[&str]| {
        let history = history.iter().map(|input| input.to_string()).collect();
        let finding = Finding { needs_setup, history, ..diverging() }.to_string();
        finding
            .lines()
            .filter(|line| line.contains("needs") || line.contains("help"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let all = [
        needs(true, &[]),
        needs(true, &["7"]),
        needs(false, &["7"]),
        needs(false, &["7", "8", "7"]),
        needs(false, &[]),
    ];
    insta::assert_snapshot!(all.join("\n"), @r"
    needs       setup, and no earlier call
    help        pass what `setup` provides as part of the input, or set it up inside the worker
    needs       setup, and an earlier call with 7
    help        pass what `setup` provides as part of the input, or set it up inside the worker
    needs       an earlier call with 7; no setup
    help        do not keep anything between calls, or make it part of input and output
    needs       earlier calls with 7, then 8, then 7; no setup
    help        do not keep anything between calls, or make it part of input and output
    needs       neither setup nor an earlier call: the context itself
    help        do not depend on the thread or process that the worker runs in
    ");
}

#[test]
fn lossy() {
    let input = Some("Order { note: Some(\"x\") }".into());
    let short = loss(false, "note", "Some(\"x\")", "None");
    insta::assert_snapshot!(Finding { input, loss: short, ..Finding::new(Kind::Lossy, "quote") }, @r#"
    worker `quote` gets an input that changes on its way
      input       Order { note: Some("x") }
      field       note: Some("x") → None
      help        serialize the field, or leave it out of the type that crosses
      again       cargo test -- --exact quote   (not kept: inputs are generated anew)
    "#);
    let long = loss(true, "", &"a".repeat(60), &"b".repeat(300));
    insta::assert_snapshot!(Finding { input: Some("7".into()), loss: long, ..Finding::new(Kind::Lossy, "quote") }, @r"
    worker `quote` returns what changes on its way to the parent
      input       7
      field       the value:
                    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
                  → bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb…
      help        serialize the field, or leave it out of the type that crosses
      again       cargo test -- --exact quote   (not kept: inputs are generated anew)
    ");
}

#[test]
fn recursive() {
    let message = "worker `quote` of suite `pricing` hands out work itself: it comes to suite `inner`".into();
    insta::assert_snapshot!(Finding { message, ..Finding::new(Kind::Recursive, "quote") }, @r"
    worker `quote` is handed out by a child again
      where       worker `quote` of suite `pricing` hands out work itself: it comes to suite `inner`
      help        a child runs the same code up to `run()`: hand out work after that,
                  and neither in setup nor in a worker
      again       cargo test -- --exact quote
    ");
}

#[test]
fn oversized() {
    let message = "64 MiB, limit 1 MiB; 4 workers hold 256 MiB of it".into();
    insta::assert_snapshot!(Finding { bytes: 64 << 20, message, ..Finding::new(Kind::Oversized, "quote") }, @r"
    worker `quote` gets an input that is larger than the limit
      input       64 MiB, limit 1 MiB; 4 workers hold 256 MiB of it
      help        pass a path and load it inside the worker, or pass a `spawncheck::Shared`
      again       cargo test -- --exact quote   (not kept: inputs are generated anew)
    ");
}

#[test]
fn flaky() {
    let finding = Finding {
        input: Some("()".into()),
        outcomes: outcomes([
            (Context::Fork, value("8731")),
            (Context::Pool, Outcome::TimedOut),
            (Context::Spawn, Outcome::Ended(Exit::Code(3))),
        ]),
        test: "tests::quote".into(),
        ..Finding::new(Kind::Flaky, "tests::quote #2")
    };
    insta::assert_snapshot!(finding, @r"
    worker `tests::quote #2` comes to different results in identical runs; that is no inherited state
      input       ()
      fork        8731            a fork after setup, what Linux shows
      pool        timed out       a child that is used again
      spawn       exited: 3       a fresh child, what Windows shows
      help        take time, random numbers and the order of hash maps out of the result
      again       cargo test -- --exact tests::quote   (not kept: inputs are generated anew)
    ");
}

#[test]
fn errors_come_after_findings() {
    let mut report = Report::new("quote");
    assert_eq!(report.to_string(), "");
    report
        .errors
        .push(Error::new(ErrorKind::Regressions, "`spawncheck-regressions/quote.json`: cannot be read"));
    insta::assert_snapshot!(report, @"error: `spawncheck-regressions/quote.json`: cannot be read");
    report.findings.push(diverging());
    report.findings.push(Finding::new(Kind::Flaky, "quote"));
    report.errors.push(Error::new(
        ErrorKind::Child,
        "the child for worker `quote` ended; it wrote:\nno\n  such thing",
    ));
    insta::assert_snapshot!(report, @r"
    worker `quote` depends on state that it inherited
      input       1               smallest of 3 that differ, 45 tried
      inline      2               same thread, after setup
      thread      2               a new thread, after setup
      fork        2               a fork after setup, what Linux shows
      pool        0               a child that is used again
      rayon       2               your own context, after setup
      spawn       0               a fresh child, what Windows shows
      needs       setup, and no earlier call
      help        pass what `setup` provides as part of the input, or set it up inside the worker
      again       cargo test -- --exact quote   (kept in spawncheck-regressions/quote.json, tried first)

    worker `quote` comes to different results in identical runs; that is no inherited state
      help        take time, random numbers and the order of hash maps out of the result
      again       cargo test -- --exact quote   (not kept: inputs are generated anew)

    error: `spawncheck-regressions/quote.json`: cannot be read
    error: the child for worker `quote` ended; it wrote:
      no
        such thing
    ");
}
