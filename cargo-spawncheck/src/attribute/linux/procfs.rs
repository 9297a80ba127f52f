//! What `/proc` tells of a process.

use crate::trace::Stat;
use nix::libc;
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// The resource limits that are looked at.
pub(super) const LIMITS: [(i32, &str); 10] = [
    (libc::RLIMIT_AS as i32, "AS"),
    (libc::RLIMIT_CORE as i32, "CORE"),
    (libc::RLIMIT_CPU as i32, "CPU"),
    (libc::RLIMIT_DATA as i32, "DATA"),
    (libc::RLIMIT_FSIZE as i32, "FSIZE"),
    (libc::RLIMIT_MEMLOCK as i32, "MEMLOCK"),
    (libc::RLIMIT_NICE as i32, "NICE"),
    (libc::RLIMIT_NOFILE as i32, "NOFILE"),
    (libc::RLIMIT_NPROC as i32, "NPROC"),
    (libc::RLIMIT_STACK as i32, "STACK"),
];

/// How long a thread's name is at most.
pub(super) const THREAD_NAME: usize = 15;

/// How often, and after what time each, to look whether a thread still runs, or a child is still there.
const SETTLING: u32 = 50;
const MOMENT: Duration = Duration::from_millis(1);

/// From `/proc/PID/task/TID/status`.
#[derive(Debug)]
pub(super) struct Status {
    pub(super) umask: u32,
    /// The signals that the thread has blocked.
    pub(super) blocked: u64,
}

impl Status {
    pub(super) fn of(pid: i32, thread: i32) -> io::Result<Self> {
        let text = std::fs::read_to_string(format!("/proc/{pid}/task/{thread}/status"))?;
        let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        Ok(Self {
            umask: field("Umask:").and_then(|mask| u32::from_str_radix(mask, 8).ok()).unwrap_or(0),
            blocked: field("SigBlk:").and_then(|mask| u64::from_str_radix(mask, 16).ok()).unwrap_or(0),
        })
    }
}

/// Soft and hard limits, by resource.
pub(super) fn limits(pid: i32) -> BTreeMap<i32, (u64, u64)> {
    let get = |resource: i32| {
        let mut limit = libc::rlimit64 { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: the kernel writes one struct, which is ours.
        let result = unsafe { libc::prlimit64(pid, resource as _, std::ptr::null(), &raw mut limit) };
        (result == 0).then_some((limit.rlim_cur, limit.rlim_max))
    };
    LIMITS.iter().filter_map(|(resource, _)| Some((*resource, get(*resource)?))).collect()
}

/// What each descriptor is open on. Pipes and sockets have other numbers in each process, so those are left out.
pub(super) fn descriptors(pid: i32) -> io::Result<BTreeMap<i32, String>> {
    let mut result = BTreeMap::new();
    for entry in std::fs::read_dir(format!("/proc/{pid}/fd"))? {
        let entry = entry?;
        let Some(number) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let Ok(target) = std::fs::read_link(entry.path()) else { continue };
        let target = target.to_string_lossy();
        let kind = target.split(":[").next().unwrap_or(&target);
        result.insert(number, if target.starts_with('/') { target.to_string() } else { kind.to_owned() });
    }
    Ok(result)
}

/// The names of all threads but the first and `this`.
pub(super) fn threads(pid: i32, this: i32) -> io::Result<BTreeMap<i32, String>> {
    let mut result = BTreeMap::new();
    for entry in std::fs::read_dir(format!("/proc/{pid}/task"))? {
        let entry = entry?;
        let Some(thread) = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else {
            continue;
        };
        if thread != pid && thread != this && Stat::of(&entry.path()).is_some_and(Stat::is_alive) {
            let name = std::fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
            result.insert(thread, name.trim_end().to_owned());
        }
    }
    Ok(result)
}

/// Waits for a moment at most until a child is listed no more.
pub(super) fn let_go(pid: i32, child: i32) {
    for _ in 0..SETTLING {
        if !children(pid).contains_key(&child) {
            break;
        }
        std::thread::sleep(MOMENT);
    }
}

/// Waits for a moment at most until a thread waits for something. One that has only just begun may hold a lock of the standard library,
/// which nobody would get any more if it were ended then.
pub(super) fn let_settle(pid: i32, thread: i32) {
    let task = PathBuf::from(format!("/proc/{pid}/task/{thread}"));
    let mut waits = 0;
    for _ in 0..SETTLING {
        waits = if Stat::of(&task).is_some_and(|stat| stat.state == 'R') { 0 } else { waits + 1 };
        if waits == 2 {
            break;
        }
        std::thread::sleep(MOMENT);
    }
}

/// The children of all threads of a process, and what they are called.
pub(super) fn children(pid: i32) -> BTreeMap<i32, String> {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{pid}/task")) else { return BTreeMap::new() };
    let lists = threads.filter_map(|entry| std::fs::read_to_string(entry.ok()?.path().join("children")).ok());
    let children: Vec<i32> = lists
        .flat_map(|list| list.split(' ').filter_map(|child| child.parse().ok()).collect::<Vec<_>>())
        .collect();
    children.into_iter().map(|child| (child, child_name(pid, child))).collect()
}

/// What a child is called. One that has just begun to run another program is called after its parent's thread for a moment.
fn child_name(parent: i32, child: i32) -> String {
    let name =
        || std::fs::read_to_string(format!("/proc/{child}/comm")).unwrap_or_default().trim_end().to_owned();
    let program = |pid: i32| std::fs::read_link(format!("/proc/{pid}/exe"));
    for _ in 0..20 {
        let name = name();
        match (program(child), program(parent)) {
            (Ok(program), Ok(parents)) if program != parents => {
                let file = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if !name.is_empty() && file.starts_with(&name) {
                    return name;
                }
            }
            _ => return name,
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    name()
}
