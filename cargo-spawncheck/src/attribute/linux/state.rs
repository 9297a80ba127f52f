//! All that a test could have inherited, as it is when the test begins.

use super::deep::Deep;
use super::mappings::{Mappings, Private};
use super::memory::{Memory, PAGE};
use super::objects::{Images, Loaded};
use super::procfs;
use super::repair::Repair;
use crate::trace::{Stopped, Trouble};
use nix::libc;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// The names that C libraries have for the variable that points to the environment.
pub(super) const ENVIRON: [&str; 3] = ["environ", "__environ", "_environ"];

/// A hook is a box; what is in it may have another one, the hook that it took the place of.
const HOOK_DEPTH: usize = 3;

/// How much of an environment to read.
const MAX_VARIABLES: usize = 10_000;
const MAX_VARIABLE: usize = 128 << 10;

/// `struct sigaction` as the kernel has it: handler, flags, restorer, mask (no restorer where there is none).
pub(super) const ACTION: usize = 32;

/// The signals whose disposition is looked at; the ones above are for a program's own use.
pub(super) const SIGNALS: std::ops::RangeInclusive<i32> = 1..=31;

/// A process at the beginning of a test.
#[derive(Debug)]
pub(super) struct State {
    pub(super) objects: Vec<Loaded>,
    pub(super) private: Private,
    pub(super) memory: Memory,
    /// The panic hook with all that it leads to: by itself it would lead to a hook that is dropped when another one is set.
    pub(super) hook: Option<Repair>,
    /// Where the pointer to the environment is, if it was found.
    pub(super) environ: Option<u64>,
    pub(super) variables: BTreeMap<OsString, OsString>,
    pub(super) directory: PathBuf,
    pub(super) umask: u32,
    pub(super) actions: BTreeMap<i32, [u8; ACTION]>,
    pub(super) blocked: u64,
    pub(super) limits: BTreeMap<i32, (u64, u64)>,
    /// What each descriptor is open on.
    pub(super) descriptors: BTreeMap<i32, String>,
    /// The threads besides the first one and the test's own, and what they are called.
    pub(super) threads: BTreeMap<i32, String>,
    pub(super) children: BTreeMap<i32, String>,
}

impl State {
    /// Looks at a process that stands still; costs about a millisecond.
    pub(super) fn of(stopped: &mut Stopped<'_>, images: &Images) -> Result<Self, Trouble> {
        let pid = stopped.pid();
        let mappings = Mappings::of(pid)?;
        let objects = mappings.objects(stopped, images);
        let ranges = objects.iter().flat_map(Loaded::ranges).flat_map(|range| mappings.writable(range));
        let memory = Memory::of(stopped, ranges, |range| mappings.is_of_file(range))?;
        let private = mappings.private(objects.iter().flat_map(Loaded::segments));
        let environ = environ(&objects);
        let hook = objects.iter().find_map(|object| object.panic_hook()).map(|(address, size)| {
            Repair::Deep { address, value: Deep::read(stopped, &private, address, size, HOOK_DEPTH) }
        });
        let status = procfs::Status::of(pid, stopped.thread())?;
        Ok(Self {
            objects,
            private,
            memory,
            hook,
            environ,
            variables: environ.map(|address| variables(stopped, address)).unwrap_or_default(),
            directory: std::fs::read_link(format!("/proc/{pid}/cwd"))?,
            umask: status.umask,
            actions: actions(stopped)?,
            blocked: status.blocked,
            limits: procfs::limits(pid),
            descriptors: procfs::descriptors(pid)?,
            threads: procfs::threads(pid, stopped.thread())?,
            children: procfs::children(pid),
        })
    }
}

/// Where the pointer to the environment is.
pub(super) fn environ(objects: &[Loaded]) -> Option<u64> {
    // The executable comes first: where it has a copy of the library's variable, that is the one in use.
    objects.iter().find_map(|object| ENVIRON.iter().find_map(|name| object.address_of(name)))
}

/// The environment that the process would hand on, from its memory: `/proc` only knows the one that it began with.
fn variables(stopped: &Stopped<'_>, environ: u64) -> BTreeMap<OsString, OsString> {
    let mut result = BTreeMap::new();
    for text in pointers(stopped, environ) {
        let Some(text) = stopped.c_string(text, MAX_VARIABLE) else { break };
        if let Some(equals) = text.iter().skip(1).position(|byte| *byte == b'=') {
            let (name, value) = (text[..equals + 1].to_vec(), text[equals + 2..].to_vec());
            result.insert(OsString::from_vec(name), OsString::from_vec(value));
        }
    }
    result
}

/// Where the variables of the environment are: what is set is somewhere else from then on.
pub(super) fn pointers(stopped: &Stopped<'_>, environ: u64) -> Vec<u64> {
    let Some(mut at) = word(stopped, environ) else { return Vec::new() };
    let (mut result, mut buffer) = (Vec::new(), [0; PAGE as usize]);
    while result.len() < MAX_VARIABLES {
        // Not beyond the end of a page: the next one may not be there.
        let part = &mut buffer[..(PAGE - at % PAGE) as usize];
        if stopped.read(at, part).is_err() {
            break;
        }
        let words = part.chunks_exact(8).map(|word| word.try_into().map_or(0, u64::from_ne_bytes));
        let before = result.len();
        result.extend(words.take_while(|pointer| *pointer != 0));
        if result.len() - before < part.len() / 8 {
            break;
        }
        at += part.len() as u64;
    }
    result
}

fn word(stopped: &Stopped<'_>, address: u64) -> Option<u64> {
    let mut bytes = [0; 8];
    stopped.read(address, &mut bytes).ok()?;
    Some(u64::from_ne_bytes(bytes))
}

/// What the process does on each signal; only asking it tells.
fn actions(stopped: &mut Stopped<'_>) -> Result<BTreeMap<i32, [u8; ACTION]>, Trouble> {
    let room = stopped.allocate(ACTION)?;
    let mut result = BTreeMap::new();
    for signal in SIGNALS {
        stopped.syscall(libc::SYS_rt_sigaction, [signal as u64, 0, room, 8, 0, 0])?;
        let mut action = [0; ACTION];
        stopped.read(room, &mut action)?;
        result.insert(signal, action);
    }
    Ok(result)
}
