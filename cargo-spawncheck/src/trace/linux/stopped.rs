//! A process that stands still where a test begins.

use super::super::Trouble;
use super::event::{Event, next_of};
use super::files::Change;
use super::tracee::{Tracee, step};
use super::variables::{Access, Noted};
use super::{arch, release};
use nix::libc::{self, user_regs_struct as Registers};
use nix::sys::ptrace;
use nix::unistd::Pid;
use std::io;
use std::path::{Path, PathBuf};

/// What the first word of a `Result<(), String>` is if it is `Ok`: a capacity that no string has.
const OK: u64 = 1 << 63;

/// A process that stands still where a test begins.
#[derive(Debug)]
pub(crate) struct Stopped<'a> {
    pub(super) tracee: &'a Tracee,
    pub(super) thread: i32,
    /// With the address of the next instruction put right.
    pub(super) registers: Registers,
    pub(super) base: u64,
    pub(super) changes: &'a [Change],
    /// What its standard streams were when it began, as `/proc` names it.
    pub(super) streams: &'a [PathBuf; 3],
    pub(super) variables: &'a Noted,
    /// Functions that were asked to be watched.
    pub(super) watch: Vec<(u64, Access)>,
}

impl Stopped<'_> {
    /// The process.
    pub(crate) fn pid(&self) -> i32 {
        self.tracee.pid
    }

    /// The thread that is about to run the test.
    pub(crate) fn thread(&self) -> i32 {
        self.thread
    }

    /// What to add to addresses in the executable's file.
    pub(crate) fn base(&self) -> u64 {
        self.base
    }

    /// The files that the tests before this one changed, where those were watched.
    pub(crate) fn changes(&self) -> &[Change] {
        self.changes
    }

    /// The variables of the environment that were used since the test before this one began, where those were watched.
    pub(crate) fn variables(&self) -> &Noted {
        self.variables
    }

    /// From here on, notes which variables of the environment are given to these functions of the C library.
    pub(crate) fn watch_variables(&mut self, functions: Vec<(u64, Access)>) {
        self.watch = functions;
    }

    /// A path by which the process can open an output stream that it began with: we hold the other end. Where that is closed
    /// because nobody was left to write, it is the other output stream.
    pub(crate) fn stream(&self, descriptor: i32) -> Option<PathBuf> {
        let preferred = self.streams.get(usize::try_from(descriptor).ok()?)?;
        [preferred, &self.streams[1], &self.streams[2]].into_iter().find_map(|stream| held_by_us(stream))
    }

    /// The string of C at `address`, without its end; `None` if it is not there, or longer than `most`.
    pub(crate) fn c_string(&self, address: u64, most: usize) -> Option<Vec<u8>> {
        self.tracee.c_string(address, most)
    }

    pub(crate) fn read(&self, address: u64, into: &mut [u8]) -> io::Result<()> {
        self.tracee.read(address, into)
    }

    pub(crate) fn write(&self, address: u64, bytes: &[u8]) -> io::Result<()> {
        self.tracee.write(address, bytes)
    }

    /// Has the thread make a system call, and returns its result, or the error that the kernel gave. The instruction for it is put
    /// where no other thread comes by: those run on.
    pub(crate) fn syscall(&mut self, number: i64, arguments: [u64; 6]) -> Result<u64, Trouble> {
        let thread = Pid::from_raw(self.thread);
        let failed = |error: nix::Error| Trouble(error.desc().into());
        let aside = self.tracee.entry;
        let mut there = vec![0; arch::SYSCALL.len()];
        self.read(aside, &mut there)?;
        self.write(aside, arch::SYSCALL)?;
        let mut registers = self.registers;
        arch::set_next(&mut registers, aside);
        arch::set_syscall(&mut registers, number, arguments);
        ptrace::setregs(thread, registers).map_err(failed)?;
        let alive = step(self.thread, self.tracee.pid)?;
        if !alive {
            return Err(Trouble("it ended while it was stopped".into()));
        }
        let result = arch::syscall_result(&ptrace::getregs(thread).map_err(failed)?);
        self.write(aside, &there)?;
        ptrace::setregs(thread, self.registers).map_err(failed)?;
        match result {
            -4095..0 => Err(io::Error::from_raw_os_error(-result as i32).into()),
            value => Ok(value.cast_unsigned()),
        }
    }

    /// New memory for `length` bytes, never given back: the process is short-lived.
    pub(crate) fn allocate(&mut self, length: usize) -> Result<u64, Trouble> {
        use nix::libc::{MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, PROT_WRITE, SYS_mmap};
        let protection = (PROT_READ | PROT_WRITE) as u64;
        let flags = (MAP_PRIVATE | MAP_ANONYMOUS) as u64;
        self.syscall(SYS_mmap, [0, length.max(1) as u64, protection, flags, u64::MAX, 0])
    }

    /// Ends another thread of the process, as if it had done so by itself.
    pub(crate) fn end_thread(&mut self, other: i32) -> Result<(), Trouble> {
        let (process, thread) = (self.tracee.pid, Pid::from_raw(other));
        // SAFETY: plain integers; the thread is one that we trace.
        unsafe { libc::syscall(libc::SYS_tgkill, process, other, libc::SIGSTOP) };
        loop {
            match next_of(other, process)? {
                None => return Ok(()),
                Some(Event::Signal { signal: libc::SIGSTOP, .. }) => break,
                Some(Event::Signal { signal, .. }) => release(other, signal),
                Some(_) => release(other, 0),
            }
        }
        let aside = self.tracee.entry;
        let mut there = vec![0; arch::SYSCALL.len()];
        self.read(aside, &mut there)?;
        let mut registers = ptrace::getregs(thread).map_err(io::Error::from)?;
        arch::set_next(&mut registers, aside);
        arch::set_syscall(&mut registers, libc::SYS_exit, [0; 6]);
        self.write(aside, arch::SYSCALL)?;
        ptrace::setregs(thread, registers).map_err(io::Error::from)?;
        release(other, 0);
        while next_of(other, process)?.is_some() {
            release(other, 0);
        }
        self.write(aside, &there)?;
        Ok(())
    }

    /// Leaves the function at whose entry the thread stands, as if it had returned `Ok(())`.
    pub(super) fn skip(&mut self) -> Result<(), Trouble> {
        let result = arch::result_address(&self.registers);
        self.write(result, &OK.to_ne_bytes())?;
        let back = arch::return_address(&self.registers, |address| self.tracee.word(address))?;
        arch::set_returned(&mut self.registers, back);
        Ok(())
    }
}

/// The path of a descriptor of ours that is open on what `/proc` calls `target`.
fn held_by_us(target: &Path) -> Option<PathBuf> {
    let mut ours = std::fs::read_dir("/proc/self/fd").ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let path = ours.find(|path| std::fs::read_link(path).is_ok_and(|open_on| open_on == target))?;
    Some(format!("/proc/{}/fd/{}", std::process::id(), path.file_name()?.to_str()?).into())
}
