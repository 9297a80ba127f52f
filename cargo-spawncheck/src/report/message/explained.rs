//! How a finding comes about, in words.

use super::count;
use crate::explanation::{Carrier, Cause, Channel};
use crate::finding::{Kind, Verdict};
use crate::report::event::Search;

/// The headline of several findings with the same culprits.
pub(in crate::report) fn group(kind: Kind, tests: usize, culprits: &[&str]) -> String {
    let tests = count(tests, "test");
    let culprits = match culprits {
        [one] => format!("`{one}`"),
        [one, two] => format!("`{one}` with `{two}`"),
        more => format!("{} together", count(more.len(), "test")),
    };
    match kind {
        Kind::Victim => format!("{tests} are broken by {culprits}"),
        Kind::Brittle => format!("{tests} need what is left by {culprits}"),
        _ => format!("{tests} depend on {culprits}"),
    }
}

pub(in crate::report) fn more_names(number: usize) -> String {
    format!("… {number} more (-v shows all)")
}

pub(in crate::report) fn search(found: usize, search: Search) -> String {
    let Search { candidates, runs, minimal } = search;
    let which = if minimal { "" } else { "; fewer may do" };
    format!("({found} of {} before it; found in {}{which})", count(candidates, "test"), count(runs, "run"))
}

pub(crate) fn not_minimal() -> String {
    "(fewer may do)".to_owned()
}

pub(in crate::report) fn cause_label(cause: &Cause) -> &'static str {
    if cause.confirmed { "cause" } else { "suspect" }
}

/// What it is: `static pricing::RATE: AtomicU64`.
pub(crate) fn carrier(carrier: &Carrier) -> String {
    let Carrier { channel, name, type_name, .. } = carrier;
    let type_name = type_name.as_ref().map(|name| format!(": {name}")).unwrap_or_default();
    let what = match channel {
        Channel::Static => "static",
        Channel::Env => "env",
        // Their names are the inherited values, which are told below.
        Channel::Cwd => return "working directory".to_owned(),
        Channel::Umask => return "umask".to_owned(),
        Channel::Signal => "signal",
        Channel::Rlimit => "resource limit",
        Channel::Fd => "descriptor",
        Channel::Thread => "thread",
        Channel::Child => "child process",
        Channel::File => "file",
        Channel::Unknown => return format!("{name}{type_name}"),
    };
    format!("{what} {name}{type_name}")
}

/// How it is known that a cause, or several that matter only together, is one.
pub(crate) fn proof(cause: &Cause, in_process: Verdict, spawned: Verdict) -> Option<String> {
    let back = put_back(cause)?;
    let then = if spawned.is_bad() { "fails" } else { "passes" };
    let alone = match (cause.sufficient, cause.together_with.is_empty(), in_process.is_bad()) {
        (None, ..) => String::new(),
        (Some(true), true, true) => "; the inherited value alone, in a fresh process, breaks it".to_owned(),
        (Some(true), true, false) => {
            "; the inherited value alone, in a fresh process, makes it pass".to_owned()
        }
        (Some(true), false, true) => "; the inherited values alone, in a fresh process, break it".to_owned(),
        (Some(true), false, false) => {
            "; the inherited values alone, in a fresh process, make it pass".to_owned()
        }
        (Some(false), ..) => "; the inherited value alone is not enough".to_owned(),
    };
    Some(format!("proof: with {back}, the test {then}{alone}"))
}

/// The same for a worker.
pub(crate) fn worker_proof(cause: &Cause) -> Option<String> {
    let back = put_back(cause)?;
    let alone = match (cause.sufficient, cause.together_with.is_empty()) {
        (None, _) => "",
        (Some(true), true) => "; the inherited value alone, in a fresh process, gives the other one",
        (Some(true), false) => "; the inherited values alone, in a fresh process, give the other one",
        (Some(false), _) => "; the inherited value alone is not enough",
    };
    Some(format!("proof: with {back}, the outcome is that of a fresh process{alone}"))
}

/// What was done to prove a cause.
fn put_back(cause: &Cause) -> Option<String> {
    let values = match cause.together_with.len() {
        0 => "the fresh value",
        1 => "both fresh values",
        _ => "all these fresh values",
    };
    let back = match cause.carrier.channel {
        Channel::Static => "written back",
        _ => "restored",
    };
    cause.confirmed.then(|| format!("{values} {back}"))
}

pub(in crate::report) fn does_not_matter(other: &Carrier) -> String {
    format!("{} differs, does not matter", carrier(other))
}

pub(in crate::report) fn do_not_matter(number: usize) -> String {
    format!("{number} other differences do not matter")
}
