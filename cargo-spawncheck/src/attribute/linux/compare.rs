//! Two states in, their differences out.

use super::memory::Content;
use super::procfs::LIMITS;
use super::repair::Repair;
use super::state::{ACTION, ENVIRON, State};
use crate::explanation::Channel;
use crate::image::{Origin, Static, is_panic_hook, origin, readable};
use nix::sys::signal::Signal;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::ops::Range;
use std::path::Path;

/// Statics up to this size are put back as a whole, larger ones where they differ.
const WHOLE: u64 = 64 << 10;

/// Of larger statics the inherited value is not kept, to be put into a fresh process.
const MOST_MOVED: u64 = 4 << 20;

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
    fn new(channel: Channel, name: impl Into<String>, fresh: String, inherited: String) -> Self {
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

fn statics(fresh: &State, inherited: &State) -> Vec<Difference> {
    let mut seen = BTreeSet::new();
    let mut result = Vec::new();
    let pages = fresh.memory.differing(&inherited.memory);
    for (index, object) in inherited.objects.iter().enumerate() {
        let is_loaded = fresh.objects.iter().any(|other| other.is(object));
        for page in &pages {
            for known in object.statics_in(page.clone()) {
                let at = known.address + object.base..known.address + known.size + object.base;
                let within = at.start.max(page.start)..at.end.min(page.end);
                let same = fresh.memory.bytes(&within) == inherited.memory.bytes(&within)
                    && fresh.memory.bytes(&within).is_some();
                if same || ENVIRON.contains(&known.symbol.as_str()) || !seen.insert(at.start) {
                    continue;
                }
                match is_loaded {
                    true => result.push(static_difference(fresh, inherited, index, known, at, &pages)),
                    false => result.extend(not_loaded(inherited, index, known, at)),
                }
            }
        }
    }
    result
}

/// A static of an object that a fresh process has not loaded, if it is not as it would be there.
fn not_loaded(inherited: &State, object: usize, known: &Static, at: Range<u64>) -> Option<Difference> {
    let initial = inherited.objects[object].file.words.initial(known)?;
    let now = inherited.memory.bytes(&at)?;
    // What the loader has put in place of a pointer is no difference.
    let differs = initial != now && !has_pointer(inherited, &now);
    differs.then(|| Difference {
        to_fresh: Some(Repair::Memory(vec![(at.start, Content::Bytes(initial.clone()))])),
        initial: Some(initial),
        ..of_static(object, known)
    })
}

fn of_static(object: usize, known: &Static) -> Difference {
    let name = readable(&known.symbol);
    Difference {
        foreign: !matches!(origin(&known.symbol), Origin::Crate(_)),
        place: Some((object, known.clone())),
        ..Difference::new(Channel::Static, name, String::new(), String::new())
    }
}

fn static_difference(
    fresh: &State,
    inherited: &State,
    object: usize,
    known: &Static,
    at: Range<u64>,
    pages: &[Range<u64>],
) -> Difference {
    let areas: Vec<Range<u64>> = if known.size <= WHOLE {
        vec![at]
    } else {
        let touching = pages.iter().filter(|page| page.start < at.end && at.start < page.end);
        touching.map(|page| page.start.max(at.start)..page.end.min(at.end)).collect()
    };
    let contents = |state: &State| -> Option<Vec<(u64, Content)>> {
        areas.iter().map(|area| Some((area.start, state.memory.content(area)?))).collect()
    };
    let mut difference = of_static(object, known);
    let Some(before) = contents(fresh) else { return difference };
    if known.size <= MOST_MOVED
        && let Some(after) = contents(inherited)
    {
        let portable = |contents: &[(u64, Content)]| {
            !contents.iter().any(|(_, content)| match content {
                Content::Zeros(_) => false,
                Content::Bytes(bytes) => has_pointer(inherited, bytes),
            })
        };
        difference.to_inherited = (portable(&before) && portable(&after)).then_some(Repair::Memory(after));
    }
    difference.to_fresh = Some(match &fresh.hook {
        Some(hook) if is_panic_hook(&known.symbol) => hook.clone(),
        _ => Repair::Memory(before),
    });
    difference
}

/// Whether any aligned word may be a pointer that means something in its own process only.
fn has_pointer(state: &State, bytes: &[u8]) -> bool {
    let words = bytes.chunks_exact(8).map(|word| word.try_into().map_or(0, u64::from_ne_bytes));
    words.filter(|word| *word > 0xffff).any(|word| state.mappings.is_private(word))
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
        result.push(
            Difference::new(Channel::Signal, signal_name(*signal), action(before), action(after))
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

fn action(action: &[u8; ACTION]) -> String {
    match action[..8].try_into().map_or(0, u64::from_ne_bytes) {
        0 => "default".into(),
        1 => "ignored".into(),
        handler => format!("a handler at {handler:#x}"),
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
