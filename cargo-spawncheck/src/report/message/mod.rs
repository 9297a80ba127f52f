//! Every wording of the human report, one function a message.

mod explained;
pub(super) mod replay;

pub(crate) use explained::{carrier, not_minimal, proof, worker_proof};
pub(super) use explained::{cause_label, do_not_matter, does_not_matter, group, more_names, search};

use super::event::{Summary, Suspected};
use super::text::printable;
use crate::confirm::Step;
use crate::culprits::Progress;
use crate::error::Error;
use crate::explanation::Channel;
use crate::finding::{Kind, Leg, Verdict};
use crate::footprint::Change;
use crate::thorough::Step as Exploring;
use std::time::Duration;

/// `1 test`, `2 tests`.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

pub(super) fn archived(binaries: usize, files: usize, unpacked: u64, packed: u64) -> String {
    let binaries =
        if binaries == 1 { "1 test binary".to_owned() } else { format!("{binaries} test binaries") };
    let files = count(files, "file");
    let mebibytes = |bytes: u64| bytes.div_ceil(1 << 20);
    format!("{binaries}, {files} in all, {} MiB, packed {} MiB", mebibytes(unpacked), mebibytes(packed))
}

pub(super) fn legs(tests: usize, binaries: usize) -> String {
    let binaries = if binaries == 1 { "1 binary".to_owned() } else { format!("{binaries} binaries") };
    format!("{} in {binaries}, in-process and spawned", count(tests, "test"))
}

pub(super) fn confirming(step: Step) -> &'static str {
    match step {
        Step::Triage => "repeating what differed",
        Step::Alone => "repeating it alone",
        Step::InProcess => "repeating it in-process",
        Step::Beside => "repeating it beside others",
    }
}

pub(super) fn searching(progress: Progress) -> String {
    format!("searching for culprits, {} of {} done", progress.done, count(progress.findings, "finding"))
}

pub(super) fn exploring(step: Exploring) -> &'static str {
    match step {
        Exploring::Predicted => "predicting which orders matter",
        Exploring::Reversed => "running the tests in reverse order",
        Exploring::Twice => "running each test twice",
        Exploring::OnThreads => "running the tests on threads",
    }
}

/// `other_order`: the in-process verdict is not that of the in-process leg.
pub(crate) fn finding(kind: Kind, in_process: Verdict, spawned: Verdict, other_order: bool) -> String {
    let place = if other_order { "in another order" } else { "in-process" };
    let both = format!("{} {place}, {} spawned", in_process.verb(), spawned.verb());
    match kind {
        Kind::Brittle | Kind::Victim => both,
        Kind::Repeat => format!("passes at first, {} when run twice in one process", in_process.verb()),
        Kind::Racy => format!("passes one test at a time, {} beside others on threads", in_process.verb()),
        Kind::Environment if spawned.is_bad() => {
            format!("{} without a variable that is not allow-listed", spawned.verb())
        }
        Kind::Environment => format!("{} with a variable that is not allow-listed", in_process.verb()),
        Kind::Contention => "fails only while other tests run".to_owned(),
        Kind::Leak => "leaves a process or an open pipe behind".to_owned(),
        Kind::Flaky => "passes or fails in identical runs".to_owned(),
        Kind::Diverges | Kind::Lossy | Kind::Recursive | Kind::Oversized => worker(kind, false).to_owned(),
    }
}

/// What is stated of a worker; `output`: of what it returns.
pub(crate) fn worker(kind: Kind, output: bool) -> &'static str {
    match kind {
        Kind::Lossy if output => "returns what changes on its way to the parent",
        Kind::Lossy => "gets an input that changes on its way",
        Kind::Recursive => "is handed out by a child again",
        Kind::Oversized => "gets an input that is larger than the limit",
        Kind::Flaky => "comes to different results in identical runs",
        _ => "depends on state that it inherited",
    }
}

/// What a worker with an outcome that depends on its history needs for that.
pub(crate) fn needs(setup: bool, history: &[String]) -> String {
    let calls = match history {
        [] => "no earlier call".to_owned(),
        [one] => format!("an earlier call with {one}"),
        more => format!("earlier calls with {}", more.join(", then ")),
    };
    match (setup, history) {
        (true, _) => format!("setup, and {calls}"),
        (false, []) => "neither setup nor an earlier call: the context itself".to_owned(),
        (false, _) => format!("{calls}; no setup"),
    }
}

pub(super) fn suspect(suspect: &Suspected<'_>) -> String {
    let Suspected { channel, name, tests } = suspect;
    let others = match &tests[..] {
        [] => String::new(),
        [only] => format!(", which {only} changes"),
        [first, rest @ ..] => format!(", which {first} and {} change", count(rest.len(), "other test")),
    };
    format!("{} {name}{others}", channel.name())
}

pub(super) fn footprints(tests: usize, binaries: usize) -> String {
    let binaries = if binaries == 1 { "1 binary".to_owned() } else { format!("{binaries} binaries") };
    format!("{} in {binaries}, each looked at before and after", count(tests, "test"))
}

/// Said only where it is not as expected.
pub(super) fn footprint_verdict(verdict: Verdict) -> &'static str {
    if verdict.is_bad() { verdict.verb() } else { "" }
}

pub(super) fn change(change: &Change) -> String {
    let Change { channel, name, type_name, location, before, after } = change;
    let type_name = type_name.as_ref().map(|name| format!(": {name}")).unwrap_or_default();
    let location = location.as_ref().map(|place| format!("  {place}")).unwrap_or_default();
    match channel {
        // The name is the new value.
        Channel::Cwd | Channel::Umask => format!("{before} → {after}"),
        _ if before.is_empty() => format!("{name}{type_name}{location}"),
        _ => format!("{name}  {before} → {after}"),
    }
}

/// What it holds now, where what it held before is not known.
pub(super) fn change_values(change: &Change) -> Option<String> {
    (change.before.is_empty() && !change.after.is_empty()).then(|| format!("now: {}", change.after))
}

pub(super) fn library(number: usize) -> String {
    format!("{} of the standard library or the C library", count(number, "static"))
}

pub(super) fn leaving(tests: usize, leaving: usize) -> String {
    match leaving {
        1 => format!("1 of {} leaves state behind", count(tests, "test")),
        _ => format!("{leaving} of {} leave state behind", count(tests, "test")),
    }
}

pub(super) fn failure(in_process: Verdict, spawned: Verdict) -> String {
    match in_process == spawned {
        true => format!("{} both ways", in_process.verb()),
        false => format!("{} in-process, {} spawned", in_process.verb(), spawned.verb()),
    }
}

pub(crate) fn binary_failed(reason: &str) -> String {
    format!("all tests pass in-process, but the process does not: {reason}")
}

pub(crate) fn unconfirmed(in_process: Option<Verdict>, spawned: Option<Verdict>) -> String {
    let verb = |verdict: Option<Verdict>| verdict.unwrap_or(Verdict::NotRun).verb();
    format!("{} in-process, {} spawned; not confirmed", verb(in_process), verb(spawned))
}

pub(super) fn summary(summary: &Summary) -> String {
    let mut parts = vec![format!("{} agree", summary.passed)];
    if summary.failed > 0 {
        parts.push(format!(
            "{} both ways",
            if summary.failed == 1 { "1 fails".into() } else { format!("{} fail", summary.failed) }
        ));
    }
    let inherited: usize = of_kinds(summary, Kind::is_inherited_state);
    if inherited > 0 {
        parts.push(format!("{inherited} depend{} on inherited state", if inherited == 1 { "s" } else { "" }));
    }
    for (kind, number) in &summary.by_kind {
        if *number > 0 && !kind.is_inherited_state() {
            parts.push(format!("{number} {}", kind.name()));
        }
    }
    for (number, what) in [
        (summary.accepted, "accepted"),
        (summary.binaries_failed, "binaries failed at the end"),
        (summary.unconfirmed, "not confirmed"),
        (summary.not_run, "not run"),
        (summary.ignored, "ignored"),
    ] {
        if number > 0 {
            parts.push(format!("{number} {what}"));
        }
    }
    format!("{} both ways: {}", count(summary.tests, "test"), parts.join(", "))
}

fn of_kinds(summary: &Summary, which: impl Fn(Kind) -> bool) -> usize {
    summary.by_kind.iter().filter(|(kind, _)| which(*kind)).map(|(_, number)| number).sum()
}

pub(super) fn wall(duration: Duration) -> String {
    format!("[{:>6.1}s]", duration.as_secs_f64())
}

pub(super) fn test_line(leg: Leg, duration: Duration) -> String {
    format!("[{:>8.3}s] {leg:<10}", duration.as_secs_f64())
}

pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "PASS",
        Verdict::Failed => "FAIL",
        Verdict::Crashed => "CRASH",
        Verdict::TimedOut => "TIMEOUT",
        Verdict::Ignored => "IGNORED",
        Verdict::NotRun => "NOT RUN",
    }
}

/// Of a run that `--retries` asked for, as nextest says it.
pub(super) fn attempt(attempt: u32, result: Verdict) -> String {
    format!("TRY {attempt} {}", verdict(result))
}

/// How an error that ends the run is shown on standard error.
pub(crate) fn error(error: &Error) -> String {
    printable(&format!("error: {error}"))
}

/// How it is shown where it does not.
pub(super) fn warning(error: &Error) -> String {
    printable(&format!("warning: {error}"))
}

#[cfg(test)]
mod tests {
    use super::{error, warning};
    use crate::error::Error;
    use crate::exit::ExitCode;

    /// They may name files of an archive, or quote a report.
    #[test]
    fn errors_cannot_steer_a_terminal() {
        let hostile = Error::new(ExitCode::Setup, "`\u{1b}]0;x\u{7}a\u{9b}` is odd").hint("do\u{1b}[2J not");
        assert_eq!(error(&hostile), "error: `a\u{fffd}` is odd\n  (hint: do not)");
        assert_eq!(warning(&hostile), "warning: `a\u{fffd}` is odd\n  (hint: do not)");
    }
}
