//! What to do about a finding, in a line that fits what carries the state.

use super::text::on_one_line;
use crate::explanation::{Carrier, Cause, Channel};
use crate::finding::Kind;
use crate::worker::WorkerFinding;

/// The static of std that holds the panic hook.
const PANIC_HOOK: &str = "std::panicking::HOOK";

/// What such a type holds once, it holds for good.
const SET_ONCE: [&str; 4] = ["OnceLock<", "OnceCell<", "LazyLock<", "LazyCell<"];

/// `culprits` and `causes` may be empty: then it is said in general.
pub(crate) fn help(kind: Kind, culprits: &[&str], causes: &[Cause]) -> String {
    let confirmed = causes.iter().find(|cause| cause.confirmed);
    let text = match (kind, confirmed, culprits) {
        (Kind::Brittle, Some(cause), _) => needed(&cause.carrier),
        (Kind::Victim | Kind::Repeat, Some(cause), _) => broken(&cause.carrier),
        (Kind::Brittle, None, [one]) => format!("do in the test itself what `{one}` does for it"),
        (Kind::Victim, None, [one]) => format!("undo in `{one}` what it changes, or do not share it"),
        (Kind::Environment, Some(cause), _) if cause.carrier.channel == Channel::Env => {
            format!("set `{0}` in the test, or pass it: `--pass-env {0}`", cause.carrier.name)
        }
        _ => in_general(kind).to_owned(),
    };
    on_one_line(&text)
}

fn in_general(kind: Kind) -> &'static str {
    match kind {
        Kind::Brittle => "set up what it needs inside the test itself",
        Kind::Victim => "reset what an earlier test changed, or do not share it",
        Kind::Repeat => "put back what the test changes before it ends, or do not share it",
        Kind::Racy => "do not share what tests change, or guard it with a lock for the whole test",
        Kind::Environment => "set it in the test, or name it in `[env] pass`",
        Kind::Contention => "give each test its own file, directory or port",
        Kind::Leak => "wait for, or end, what the test starts",
        Kind::Flaky => "look for time, randomness, threads, left-over files",
        Kind::Diverges | Kind::Lossy | Kind::Recursive | Kind::Oversized => {
            worker_in_general(kind, true, false)
        }
    }
}

/// What to do about a worker's finding. What was left for it is what breaks it, or what it needs: which of them its author has to say.
pub(super) fn worker_help(finding: &WorkerFinding) -> String {
    let confirmed = finding.explanation.causes.iter().find(|cause| cause.confirmed);
    let (setup, history) = (finding.needs_setup == Some(true), !finding.history.is_empty());
    let text = match confirmed {
        Some(cause) if finding.kind == Kind::Diverges => inherited(&cause.carrier, setup),
        _ => worker_in_general(finding.kind, setup, history).to_owned(),
    };
    on_one_line(&text)
}

fn worker_in_general(kind: Kind, setup: bool, history: bool) -> &'static str {
    match kind {
        Kind::Diverges if setup => "pass what setup provides as part of the input",
        Kind::Diverges if history => "keep nothing between calls, or pass it in and out",
        Kind::Diverges => "do not depend on the thread or process it runs in",
        Kind::Lossy => "serialize the field, or leave it out of the type",
        Kind::Recursive => "hand out work after `run()`, not in setup or a worker",
        Kind::Oversized => "pass a path, or a `spawncheck::Shared`",
        _ => "take time, randomness and hash order out of the result",
    }
}

/// For a worker whose outcome depends on what setup (else an earlier call) left.
fn inherited(carrier: &Carrier, setup: bool) -> String {
    let name = &carrier.name;
    let general = worker_in_general(Kind::Diverges, setup, !setup);
    match carrier.channel {
        Channel::Static if name == PANIC_HOOK => {
            "have the worker set the panic hook that it relies on".into()
        }
        Channel::Static if setup => format!("pass what setup puts into `{name}` as part of the input"),
        Channel::Static => format!("keep nothing in `{name}` between calls, or pass it in and out"),
        Channel::Env if setup => format!("pass the value of `{name}` as part of the input"),
        Channel::Env => format!("restore `{name}` after each call, or pass its value in and out"),
        Channel::Cwd => "use absolute paths, or pass the directory as part of the input".into(),
        Channel::Umask => "have the worker set the permissions that it needs: `set_permissions`".into(),
        Channel::Signal => format!("have the worker set what {name} does, and restore it"),
        Channel::Rlimit => format!("have the worker set the limit {name} that it relies on"),
        Channel::Fd => format!("have the worker open {name} itself, and close it"),
        Channel::Thread => "have the worker start the thread that it needs, and join it".into(),
        Channel::Child => "have the worker start the process that it needs, and wait for it".into(),
        Channel::File => format!("pass the path or the content of `{name}` as part of the input"),
        Channel::Unknown => general.into(),
    }
}

/// For a test that passes only after another one has left something.
fn needed(carrier: &Carrier) -> String {
    let name = &carrier.name;
    match carrier.channel {
        Channel::Static if name == PANIC_HOOK => {
            "have the test set the panic hook that it relies on: `std::panic::set_hook`".into()
        }
        Channel::Static => format!("have the test set `{name}` itself, or pass it the value"),
        Channel::Env => {
            format!("have the test set `{name}` itself and restore it, or take the value as an argument")
        }
        Channel::Cwd => "use absolute paths, e.g. below `env!(\"CARGO_MANIFEST_DIR\")`".into(),
        Channel::Umask => "have the test set the permissions that it needs: `set_permissions`".into(),
        Channel::Signal => format!("have the test install the handler for {name} that it relies on"),
        Channel::Rlimit => format!("have the test set the limit {name} that it needs, in a child process"),
        Channel::Fd => format!("have the test open {name} itself"),
        Channel::Thread => "have the test start the thread that it needs, and join it".into(),
        Channel::Child => "have the test start the process that it needs, and wait for it".into(),
        Channel::File => format!("have the test make `{name}` itself, in a temporary directory of its own"),
        Channel::Unknown => in_general(Kind::Brittle).into(),
    }
}

/// For a test that another one breaks by what it leaves.
fn broken(carrier: &Carrier) -> String {
    let name = &carrier.name;
    let set_once = |name: &String| SET_ONCE.iter().any(|set_once| name.contains(set_once));
    match carrier.channel {
        Channel::Static if name == PANIC_HOOK => {
            "keep what `std::panic::take_hook` returns, and restore it with `set_hook`".into()
        }
        Channel::Static if carrier.type_name.as_ref().is_some_and(set_once) => {
            format!("`{name}` cannot be reset: keep the value in a struct that each test builds")
        }
        Channel::Static => {
            format!("build it for each test, or reset `{name}` and serialize access to it by a lock")
        }
        Channel::Env => {
            format!("restore `{name}` after use, or set it only for a child: `Command::env`")
        }
        Channel::Cwd => "do not change the directory: use absolute paths, or `Command::current_dir`".into(),
        Channel::Umask => "restore the umask after use: `umask` returns the old one".into(),
        Channel::Signal => format!("restore what {name} did before: `sigaction` returns it"),
        Channel::Rlimit => format!("restore the limit {name}, or lower it in a child process only"),
        Channel::Fd => format!("close {name}, or restore what it was, when the test ends"),
        Channel::Thread => "end and join the thread before the test that starts it returns".into(),
        Channel::Child => "wait for the child, or kill it and wait, before the test returns".into(),
        Channel::File => format!("use a temporary directory for each test in place of `{name}`"),
        Channel::Unknown => in_general(Kind::Victim).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{PANIC_HOOK, help, inherited};
    use crate::explanation::{Carrier, Cause, Channel};
    use crate::finding::Kind;
    use std::collections::HashSet;

    const CHANNELS: [Channel; 11] = [
        Channel::Static,
        Channel::Env,
        Channel::Cwd,
        Channel::Umask,
        Channel::Signal,
        Channel::Rlimit,
        Channel::Fd,
        Channel::Thread,
        Channel::Child,
        Channel::File,
        Channel::Unknown,
    ];

    fn cause(channel: Channel, name: &str, type_name: Option<&str>) -> Cause {
        let carrier = Carrier {
            channel,
            name: name.into(),
            type_name: type_name.map(str::to_owned),
            location: None,
            fresh: "0".into(),
            inherited: "1".into(),
        };
        Cause { carrier, confirmed: true, together_with: Vec::new(), sufficient: None }
    }

    #[test]
    fn every_channel_has_help_of_its_own() {
        for kind in [Kind::Brittle, Kind::Victim] {
            let texts: HashSet<_> =
                CHANNELS.iter().map(|channel| help(kind, &["a"], &[cause(*channel, "X", None)])).collect();
            assert_eq!(texts.len(), CHANNELS.len(), "{texts:?}");
        }
    }

    #[test]
    fn every_channel_has_help_for_workers_of_its_own() {
        for setup in [false, true] {
            let texts: HashSet<_> = CHANNELS
                .iter()
                .map(|channel| inherited(&cause(*channel, "X", None).carrier, setup))
                .collect();
            assert_eq!(texts.len(), CHANNELS.len(), "{texts:?}");
        }
    }

    #[test]
    fn statics_that_need_other_means() {
        let of = |name, type_name| help(Kind::Victim, &[], &[cause(Channel::Static, name, type_name)]);
        assert!(of("a::RATE", Some("AtomicU64")).contains("reset `a::RATE`"));
        assert!(of("a::REGION", Some("OnceLock<String>")).contains("cannot be reset"));
        assert!(of(PANIC_HOOK, None).contains("take_hook"));
    }

    #[test]
    fn what_is_not_confirmed_gives_no_advice() {
        let mut suspect = cause(Channel::Env, "TZ", None);
        suspect.confirmed = false;
        assert_eq!(
            help(Kind::Victim, &["t::a"], &[suspect]),
            "undo in `t::a` what it changes, or do not share it"
        );
        assert_eq!(help(Kind::Leak, &["t::a"], &[]), "wait for, or end, what the test starts");
    }

    #[test]
    fn names_cannot_steer_a_terminal() {
        let text = help(Kind::Victim, &[], &[cause(Channel::File, "a\u{1b}[31m\nb", None)]);
        assert!(text.ends_with("in place of `a b`"), "{text:?}");
    }
}
