//! What `replay` says.

use super::count;
use crate::finding::{Kind, Level};
use crate::report::replay::{CallEvent, ProcessEvent};

pub(in crate::report) const NOTHING_KEPT: &str =
    "nothing to replay: no finding is kept here (hint: `cargo spawncheck` looks for some)";

pub(in crate::report) fn kept_as(kind: Kind) -> String {
    format!("kept as {}", kind.name())
}

pub(in crate::report) const CALLS_AGREE: &str = "no longer reproduces: now both come to the same";

/// How a worker was called.
pub(in crate::report) fn call(process: &CallEvent<'_>) -> String {
    match (process.setup, process.after) {
        (false, []) => "this call alone, in a fresh process".to_owned(),
        _ => format!("after {}", process.needs()),
    }
}

pub(in crate::report) fn compared(process: &CallEvent<'_>) -> String {
    match (process.as_kept, process.kept_outcome) {
        (true, _) => "as before".to_owned(),
        (false, Some(kept)) => format!("(kept: {kept})"),
        (false, None) => "(not kept)".to_owned(),
    }
}

pub(in crate::report) fn calls_differ([fresh, after]: &[CallEvent<'_>; 2], level: Level) -> String {
    let denied = if level == Level::Deny { "" } else { " (not denied)" };
    format!("{} and {} come to different outcomes{denied}", fresh.context, after.context)
}

/// What ran before the test.
pub(in crate::report) fn process(process: &ProcessEvent<'_>) -> String {
    match (&*process.after, process.whole_environment) {
        ([], false) => "in a fresh process".to_owned(),
        ([], true) => "in a fresh process, with your whole environment".to_owned(),
        (names, _) if names.len() <= 5 => format!("{}, in one process", names.join(", ")),
        (names, _) => format!("{} before it, in one process", count(names.len(), "test")),
    }
}

pub(in crate::report) fn verdict(process: &ProcessEvent<'_>) -> String {
    let now = process.verdict.verb();
    match process.kept_verdict {
        None if process.leaves_something => format!("{now}, and leaves something behind, as before"),
        None => format!("{now}, and leaves nothing behind"),
        Some(kept) if kept == process.verdict => format!("{now}, as before"),
        Some(kept) => format!("{now} (kept: {})", kept.verb()),
    }
}

pub(in crate::report) fn reproduced(processes: &[ProcessEvent<'_>], level: Level) -> String {
    let what: Vec<_> = processes.iter().map(now).collect();
    let denied = if level == Level::Deny { "" } else { " (not denied)" };
    format!("{}{denied}", what.join("; "))
}

/// Which of the processes no longer show what they did.
pub(in crate::report) fn gone(processes: &[ProcessEvent<'_>]) -> String {
    let changed: Vec<_> = processes.iter().filter(|process| !process.as_kept).map(now).collect();
    format!("no longer reproduces: now {}", changed.join("; "))
}

fn now(process: &ProcessEvent<'_>) -> String {
    let how = match (&*process.after, process.whole_environment) {
        ([], false) => "alone".to_owned(),
        ([], true) => "with your whole environment".to_owned(),
        ([one], _) => format!("after {one}"),
        (several, _) => format!("after {}", count(several.len(), "test")),
    };
    match (process.kept_verdict, process.leaves_something) {
        (None, true) => format!("{how} it leaves something behind"),
        (None, false) => format!("{how} it leaves nothing behind"),
        (Some(_), _) => format!("{how} it {}", process.verdict.verb()),
    }
}
