//! Two states in, their differences out.

use super::objects::{Loaded, function_at};
use super::procfs::LIMITS;
use super::repair::Repair;
use super::state::{ACTION, State};
use super::statics::statics;
use crate::explanation::Channel;
use crate::image::Static;
use nix::sys::signal::Signal;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::Path;

/// Something that is not as in a fresh process.
#[derive(Clone, Debug)]
pub(super) struct Difference {
    pub(super) channel: Channel,
    pub(super) name: String,
    pub(super) fresh: String,
    pub(super) inherited: String,
    /// Makes it as in a fresh process; `None` where that cannot be done from outside.
    pub(super) to_fresh: Option<Repair>,
    /// Makes it as after the culprits, in a fresh process; `None` where that would mean nothing.
    pub(super) to_inherited: Option<Repair>,
    /// For a static: which object it is in, and what it is.
    pub(super) place: Option<(usize, Static)>,
    /// For a static of an object that a fresh process has not loaded: what it is when that is loaded.
    pub(super) initial: Option<Vec<u8>>,
    /// It belongs to the standard library or the C library, which are rarely at fault.
    pub(super) foreign: bool,
}

impl Difference {
    pub(super) fn new(channel: Channel, name: impl Into<String>, fresh: String, inherited: String) -> Self {
        Self {
            channel,
            name: name.into(),
            fresh,
            inherited,
            to_fresh: None,
            to_inherited: None,
            place: None,
            initial: None,
            foreign: false,
        }
    }

    fn repaired(self, to_fresh: Repair, to_inherited: Repair) -> Self {
        Self { to_fresh: Some(to_fresh), to_inherited: Some(to_inherited), ..self }
    }
}

/// What differs between a fresh process and one after the culprits, the likeliest first. Files in `ours` are the tool's own.
pub(super) fn compare(fresh: &State, inherited: &State, ours: &Path) -> Vec<Difference> {
    let mut result = statics(fresh, inherited);
    result.extend(variables(fresh, inherited));
    if fresh.directory != inherited.directory {
        let text = |state: &State| state.directory.display().to_string();
        let repair = |state: &State| Repair::Directory(state.directory.clone());
        result.push(
            Difference::new(Channel::Cwd, text(inherited), text(fresh), text(inherited))
                .repaired(repair(fresh), repair(inherited)),
        );
    }
    if fresh.umask != inherited.umask {
        let text = |state: &State| format!("{:04o}", state.umask);
        result.push(
            Difference::new(Channel::Umask, text(inherited), text(fresh), text(inherited))
                .repaired(Repair::Umask(fresh.umask), Repair::Umask(inherited.umask)),
        );
    }
    result.extend(signals(fresh, inherited));
    result.extend(limits(fresh, inherited));
    result.extend(descriptors(fresh, inherited, ours));
    result.extend(tasks(Channel::Thread, &fresh.threads, &inherited.threads));
    result.extend(tasks(Channel::Child, &fresh.children, &inherited.children));
    // A stable sort: within both halves, the order above stays.
    result.sort_by_key(|difference| difference.foreign);
    result
}

fn variables(fresh: &State, inherited: &State) -> Vec<Difference> {
    let names: BTreeSet<_> = fresh.variables.keys().chain(inherited.variables.keys()).collect();
    let text = |value: Option<&std::ffi::OsString>| {
        value.map_or("not set".to_owned(), |value| format!("{:?}", value.to_string_lossy()))
    };
    let difference = |name: &std::ffi::OsString| {
        let (before, after) = (fresh.variables.get(name), inherited.variables.get(name));
        let set = |value: Option<&std::ffi::OsString>| Repair::Variable {
            name: name.clone(),
            value: value.cloned(),
        };
        (before != after).then(|| {
            Difference::new(Channel::Env, printable(name), text(before), text(after))
                .repaired(set(before), set(after))
        })
    };
    names.into_iter().filter_map(difference).collect()
}

fn printable(name: &OsStr) -> String {
    name.to_string_lossy().into_owned()
}

fn signals(fresh: &State, inherited: &State) -> Vec<Difference> {
    let mut result = Vec::new();
    for (signal, before) in &fresh.actions {
        let Some(after) = inherited.actions.get(signal).filter(|after| *after != before) else { continue };
        let set = |action: &[u8; ACTION]| Repair::Action { signal: *signal, action: *action };
        let (from, mut to) = (action(before, &fresh.objects), action(after, &inherited.objects));
        if from == to {
            to.push_str(", with other flags");
        }
        result.push(
            Difference::new(Channel::Signal, signal_name(*signal), from, to)
                .repaired(set(before), set(after)),
        );
    }
    if fresh.blocked != inherited.blocked {
        let changed = fresh.blocked ^ inherited.blocked;
        let names: Vec<_> =
            (1..=64).filter(|signal| changed >> (signal - 1) & 1 == 1).map(signal_name).collect();
        let text = |mask: u64| if mask & changed == 0 { "not blocked" } else { "blocked" }.to_owned();
        result.push(
            Difference::new(Channel::Signal, names.join(" "), text(fresh.blocked), text(inherited.blocked))
                .repaired(Repair::Blocked(fresh.blocked), Repair::Blocked(inherited.blocked)),
        );
    }
    result
}

fn signal_name(signal: i32) -> String {
    Signal::try_from(signal)
        .map_or_else(|_| format!("SIGRTMIN+{}", signal - 34), |known| known.as_str().into())
}

/// The handler by its name, where a symbol table has it.
fn action(action: &[u8; ACTION], objects: &[Loaded]) -> String {
    match action[..8].try_into().map_or(0, u64::from_ne_bytes) {
        0 => "default".into(),
        1 => "ignored".into(),
        handler => function_at(objects, handler).unwrap_or_else(|| format!("a handler at {handler:#x}")),
    }
}

fn limits(fresh: &State, inherited: &State) -> Vec<Difference> {
    let text = |limit: u64| if limit == u64::MAX { "unlimited".to_owned() } else { limit.to_string() };
    let both = |(soft, hard): (u64, u64)| format!("{} (at most {})", text(soft), text(hard));
    let difference = |(resource, name): &(i32, &str)| {
        let (before, after) = (*fresh.limits.get(resource)?, *inherited.limits.get(resource)?);
        let set = |limit| Repair::Limit { resource: *resource, limit };
        (before != after).then(|| {
            Difference::new(Channel::Rlimit, *name, both(before), both(after))
                .repaired(set(before), set(after))
        })
    };
    LIMITS.iter().filter_map(difference).collect()
}

fn descriptors(fresh: &State, inherited: &State, ours: &Path) -> Vec<Difference> {
    let numbers: BTreeSet<_> = fresh.descriptors.keys().chain(inherited.descriptors.keys()).collect();
    let difference = |number: &i32| {
        let (before, after) = (fresh.descriptors.get(number), inherited.descriptors.get(number));
        let is_ours =
            |target: Option<&String>| target.is_some_and(|target| Path::new(target).starts_with(ours));
        if before == after || is_ours(before) && is_ours(after) {
            return None;
        }
        let text = |target: Option<&String>| target.map_or("closed".to_owned(), Clone::clone);
        let set = |target: Option<&String>| match target {
            None => Some(Repair::Close(*number)),
            Some(path) if path.starts_with('/') && !path.ends_with(" (deleted)") => {
                Some(Repair::Open { descriptor: *number, path: path.into() })
            }
            Some(kind) if kind == "pipe" && (1..=2).contains(number) => Some(Repair::Stream(*number)),
            Some(_) => None,
        };
        let mut difference = Difference::new(Channel::Fd, number.to_string(), text(before), text(after));
        difference.to_fresh = set(before);
        // Opened anew, it would be at its beginning.
        difference.to_inherited = if after.is_none() { set(after) } else { None };
        Some(difference)
    };
    numbers.into_iter().filter_map(difference).collect()
}

/// Threads or children that a fresh process does not have, by name.
fn tasks(
    channel: Channel,
    fresh: &BTreeMap<i32, String>,
    inherited: &BTreeMap<i32, String>,
) -> Vec<Difference> {
    let names: BTreeSet<_> = inherited.values().collect();
    let difference = |name: &String| {
        let before = fresh.values().filter(|known| *known == name).count();
        // Names can change, and numbers are others in each run: what stays is the order in which they began.
        let named = inherited.values().enumerate().filter(|(_, known)| *known == name);
        let added: Vec<usize> = named.map(|(index, _)| index).skip(before).collect();
        let text = |number: usize| if number == 0 { "none".to_owned() } else { format!("{number} running") };
        (!added.is_empty()).then(|| Difference {
            to_fresh: Some(match channel {
                Channel::Thread => Repair::Threads(added.clone()),
                _ => Repair::Children(added.clone()),
            }),
            ..Difference::new(channel, name, text(before), text(before + added.len()))
        })
    };
    names.into_iter().filter_map(difference).collect()
}
