//! Which variables of the environment a process reads or changes, even if it puts them back: noted where it enters the functions of
//! the C library for that. All code goes through these, but for what reads the list of all variables.
//!
//! A child that uses its parent's memory (`vfork`) would run into the breakpoints with nobody to help it on: while there may be
//! one, they are taken away.

use super::arch;
use super::tracee::Tracee;
use nix::libc::user_regs_struct as Registers;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// What a function does with the variable that its first argument names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Access {
    Read,
    Write,
}

/// What a test did with variables.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    /// With which ones.
    pub(crate) uses: BTreeSet<(Access, Vec<u8>)>,
    pub(crate) calls: usize,
    /// How many calls there were when the first one was made that changes something.
    pub(crate) first_write: Option<usize>,
}

/// How many calls of one test to note: each takes as long as hundreds of others.
const MOST: usize = 1000;

/// How long a name may be; where its value is in the same text, both together.
const LONGEST: usize = 4096;

/// What was noted of one process.
#[derive(Debug, Default)]
pub(super) struct Variables {
    /// By address.
    functions: BTreeMap<u64, Access>,
    noted: Noted,
    /// Children that may use the same memory.
    guests: usize,
}

impl Variables {
    /// From the next test on, notes the calls of these functions, if there are any.
    pub(super) fn watch(&mut self, functions: Vec<(u64, Access)>) {
        self.functions.extend(functions);
    }

    pub(super) fn noted(&self) -> &Noted {
        &self.noted
    }

    pub(super) fn are_watched(&self) -> bool {
        !self.functions.is_empty()
    }

    pub(super) fn is_function(&self, address: u64) -> bool {
        self.functions.contains_key(&address)
    }

    /// A test begins: nothing is noted of it yet.
    pub(super) fn begin(&mut self, tracee: &mut Tracee) -> io::Result<()> {
        self.noted = Noted::default();
        self.plant(tracee)
    }

    /// A thread is about to execute the instruction at `at`: if that is a function's first one, this is noted, and done. `false` if
    /// the thread ended over it.
    pub(super) fn note(
        &mut self,
        tracee: &mut Tracee,
        thread: i32,
        at: u64,
        registers: &Registers,
    ) -> io::Result<bool> {
        let Some(access) = self.functions.get(&at) else { return Ok(true) };
        let (text, _) = arch::arguments(registers);
        let text = tracee.c_string(text, LONGEST).unwrap_or_default();
        if let Some(name) = text.split(|byte| *byte == b'=').next().filter(|name| !name.is_empty()) {
            self.noted.uses.insert((*access, name.to_vec()));
        }
        if *access == Access::Write {
            self.noted.first_write.get_or_insert(self.noted.calls);
        }
        self.noted.calls += 1;
        if self.noted.calls >= MOST {
            self.lift(tracee)?;
        }
        tracee.step_over(thread, at)
    }

    /// There may be a child in this memory.
    pub(super) fn guest_came(&mut self, tracee: &mut Tracee) -> io::Result<()> {
        self.guests += 1;
        self.lift(tracee)
    }

    /// It has a memory of its own by now.
    pub(super) fn guest_left(&mut self, tracee: &mut Tracee) -> io::Result<()> {
        self.guests = self.guests.saturating_sub(1);
        self.plant(tracee)
    }

    fn plant(&self, tracee: &mut Tracee) -> io::Result<()> {
        if self.guests > 0 || self.noted.calls >= MOST {
            return Ok(());
        }
        for address in self.functions.keys() {
            if !tracee.has_breakpoint(*address) {
                tracee.plant(*address)?;
            }
        }
        Ok(())
    }

    fn lift(&self, tracee: &mut Tracee) -> io::Result<()> {
        self.functions.keys().try_for_each(|address| tracee.lift(*address))
    }
}
