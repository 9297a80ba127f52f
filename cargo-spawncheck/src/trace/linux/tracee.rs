//! A traced process: its memory, and the breakpoints in it.

use super::super::Trouble;
use super::arch;
use nix::libc;
use nix::sys::ptrace;
use nix::unistd::Pid;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;

/// The type of the auxiliary vector's entry that holds the address of the program's first instruction.
const AT_ENTRY: u64 = 9;

/// A traced process.
#[derive(Debug)]
pub(crate) struct Tracee {
    pub(super) pid: i32,
    memory: File,
    /// The program's first instruction, where nobody comes again once it has begun.
    pub(super) entry: u64,
    /// By address: the instructions that breakpoints stand in place of.
    breakpoints: BTreeMap<u64, Vec<u8>>,
    /// Where there were some. A thread may have run into one before it was taken away, and tell of it afterwards.
    former: BTreeSet<u64>,
}

impl Tracee {
    /// Opens the memory of a process that this thread traces.
    pub(super) fn new(pid: i32) -> io::Result<Self> {
        let (memory, entry) = (memory_of(pid)?, entry_of(pid)?);
        Ok(Self { pid, memory, entry, breakpoints: BTreeMap::new(), former: BTreeSet::new() })
    }

    /// How far the executable was moved, given where its file says that it begins.
    pub(super) fn base(&self, entry: u64) -> Result<u64, Trouble> {
        // Started through an interpreter or as something else than it was built as, it begins before its own beginning.
        self.entry.checked_sub(entry).ok_or_else(|| Trouble("it was not loaded as it was built".into()))
    }

    pub(crate) fn read(&self, address: u64, into: &mut [u8]) -> io::Result<()> {
        self.memory.read_exact_at(into, address)
    }

    pub(crate) fn write(&self, address: u64, bytes: &[u8]) -> io::Result<()> {
        self.memory.write_all_at(bytes, address)
    }

    pub(super) fn word(&self, address: u64) -> io::Result<u64> {
        let mut bytes = [0; 8];
        self.read(address, &mut bytes)?;
        Ok(u64::from_ne_bytes(bytes))
    }

    /// The string of C at `address`, without its end; `None` if it is not there, or longer than `most`.
    pub(crate) fn c_string(&self, address: u64, most: usize) -> Option<Vec<u8>> {
        let mut result = Vec::new();
        let mut buffer = [0; 256];
        while result.len() < most {
            // Not beyond the end of a page: the next one may not be there.
            let at = address.checked_add(result.len() as u64)?;
            let length = (4096 - at % 4096).min(buffer.len() as u64) as usize;
            self.read(at, &mut buffer[..length]).ok()?;
            match buffer[..length].iter().position(|byte| *byte == 0) {
                Some(end) => {
                    result.extend_from_slice(&buffer[..end]);
                    return Some(result);
                }
                None => result.extend_from_slice(&buffer[..length]),
            }
        }
        None
    }

    /// Puts a breakpoint at `address`.
    pub(super) fn plant(&mut self, address: u64) -> io::Result<()> {
        let mut instruction = vec![0; arch::BREAK.len()];
        self.read(address, &mut instruction)?;
        self.write(address, arch::BREAK)?;
        self.breakpoints.insert(address, instruction);
        Ok(())
    }

    pub(super) fn has_breakpoint(&self, address: u64) -> bool {
        self.breakpoints.contains_key(&address)
    }

    pub(super) fn had_breakpoint(&self, address: u64) -> bool {
        self.has_breakpoint(address) || self.former.contains(&address)
    }

    /// Puts back the instruction in place of the breakpoint at `address`, if there is one.
    pub(super) fn lift(&mut self, address: u64) -> io::Result<()> {
        let Some(instruction) = self.breakpoints.remove(&address) else { return Ok(()) };
        self.former.insert(address);
        self.write(address, &instruction)
    }

    /// Puts back the instructions in place of all breakpoints.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        let addresses: Vec<u64> = self.breakpoints.keys().copied().collect();
        addresses.into_iter().try_for_each(|address| self.lift(address))
    }

    /// The process has become another program: nothing of the old one is left.
    pub(super) fn forget(&mut self) {
        self.breakpoints.clear();
        self.former.clear();
    }

    /// Puts back the instructions in a copy of this process that a fork has made.
    pub(super) fn clear_copy(&self, copy: i32) -> io::Result<()> {
        if self.breakpoints.is_empty() {
            return Ok(());
        }
        let memory = memory_of(copy)?;
        for (address, instruction) in &self.breakpoints {
            memory.write_all_at(instruction, *address)?;
        }
        // After a vfork the memory was no copy.
        for address in self.breakpoints.keys() {
            self.write(*address, arch::BREAK)?;
        }
        Ok(())
    }

    /// Has a thread that is stopped at the breakpoint at `address` execute the instruction there, and stop again behind it.
    /// `false` if it ended instead.
    pub(super) fn step_over(&self, thread: i32, address: u64) -> io::Result<bool> {
        let Some(instruction) = self.breakpoints.get(&address) else { return Ok(true) };
        self.write(address, instruction)?;
        let alive = step(thread, self.pid)?;
        self.write(address, arch::BREAK)?;
        Ok(alive)
    }

    /// Whether there is no other thread, known to us or not yet.
    pub(super) fn has_one_thread(&self) -> io::Result<bool> {
        Ok(std::fs::read_dir(format!("/proc/{}/task", self.pid))?.count() == 1)
    }

    /// Whether `thread` is a thread of this process, and not another process.
    pub(super) fn has_thread(&self, thread: i32) -> bool {
        std::path::Path::new(&format!("/proc/{}/task/{thread}", self.pid)).exists()
    }
}

/// Where a process begins, as the kernel tells it.
fn entry_of(pid: i32) -> io::Result<u64> {
    let vector = std::fs::read(format!("/proc/{pid}/auxv"))?;
    let word = |bytes: &[u8]| bytes.try_into().map_or(0, u64::from_ne_bytes);
    let mut pairs = vector.chunks_exact(16).map(|pair| (word(&pair[..8]), word(&pair[8..])));
    // None is before any beginning that a file has.
    Ok(pairs.find(|(kind, _)| *kind == AT_ENTRY).map_or(0, |(_, value)| value))
}

fn memory_of(pid: i32) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).open(format!("/proc/{pid}/mem"))
}

/// Lets a stopped thread execute one instruction; `false` if it ended.
pub(super) fn step(thread: i32, process: i32) -> io::Result<bool> {
    use super::event::{Event, next_of};
    let mut held = Vec::new();
    loop {
        ptrace::step(Pid::from_raw(thread), None)?;
        match next_of(thread, process)? {
            None => return Ok(false),
            Some(Event::Signal { signal: libc::SIGTRAP, .. }) => break,
            // Not now: it is sent again below.
            Some(Event::Signal { signal, .. }) => held.push(signal),
            Some(_) => {}
        }
    }
    for signal in held {
        // SAFETY: plain integers; a thread that is gone by now needs no signal.
        unsafe { libc::syscall(libc::SYS_tgkill, process, thread, signal) };
    }
    Ok(true)
}
