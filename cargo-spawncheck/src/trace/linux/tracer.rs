//! From event to event of one process, and of all that it starts.

use super::event::{self, Event};
use super::files::Files;
use super::meeting::Meeting;
use super::stopped::Stopped;
use super::tracee::Tracee;
use super::variables::Variables;
use super::{arch, resume, table};
use crate::trace::{Next, Steering, Stops, Trouble, Visit};
use nix::errno::Errno;
use nix::libc;
use nix::sys::ptrace::{self, Options};
use nix::unistd::Pid;
use std::collections::HashSet;
use std::io;
use std::path::PathBuf;

/// What tells a stop at a system call from that of a signal (`PTRACE_O_TRACESYSGOOD`).
const SYSTEM_CALL: i32 = 0x80;

/// Follows one process.
pub(super) struct Tracer<'a> {
    tracee: Tracee,
    steering: &'a Steering<'a>,
    base: u64,
    /// The threads that have come to their first stop.
    threads: HashSet<i32>,
    /// Processes that were let go before their parents' forks were told.
    let_go: HashSet<i32>,
    /// How many tests have begun.
    begun: usize,
    /// The process was given its table of tests.
    steered: bool,
    files: Files,
    variables: Variables,
    meeting: Meeting,
    /// What its standard streams are.
    streams: [PathBuf; 3],
    /// How stopped threads go on: to their next system call, or to the next event of another kind.
    go: libc::c_uint,
}

/// What becomes of a thread after an event.
enum Then {
    Go(i32),
    GoWith(i32, i32),
    /// It is no longer traced, or gone.
    Nothing,
    /// Nobody is traced any more.
    Done,
    /// Its visitor could not do what it was there for, whyever.
    GiveUp(Trouble),
}

impl<'a> Tracer<'a> {
    pub(super) fn new(pid: i32, steering: &'a Steering<'a>) -> Result<Self, Trouble> {
        // The stop after the exec.
        match event::next_of(pid, pid)? {
            Some(Event::Signal { signal: libc::SIGTRAP, .. }) => {}
            other => return Err(Trouble(format!("it did not stop at its beginning: {other:?}"))),
        }
        let options = Options::PTRACE_O_TRACECLONE
            | Options::PTRACE_O_TRACEFORK
            | Options::PTRACE_O_TRACEVFORK
            | Options::PTRACE_O_TRACEVFORKDONE
            | Options::PTRACE_O_TRACEEXEC
            | Options::PTRACE_O_TRACESYSGOOD
            | Options::PTRACE_O_EXITKILL;
        ptrace::setoptions(Pid::from_raw(pid), options).map_err(io::Error::from)?;
        let tracee = Tracee::new(pid)?;
        let base = tracee.base(steering.entries.program)?;
        let stream = |number| std::fs::read_link(format!("/proc/{pid}/fd/{number}")).unwrap_or_default();
        let streams = [stream(0), stream(1), stream(2)];
        let mut tracer = Self {
            tracee,
            steering,
            base,
            threads: HashSet::from([pid]),
            let_go: HashSet::new(),
            begun: 0,
            steered: false,
            files: Files::default(),
            variables: Variables::default(),
            meeting: Meeting::default(),
            streams,
            go: libc::PTRACE_CONT,
        };
        match steering.entries.main {
            Some(main) => tracer.tracee.plant(base + main)?,
            None => tracer.plant_stops()?,
        }
        resume(tracer.go, pid, 0);
        Ok(tracer)
    }

    /// There is nothing to hand over any more: from here on, tests or calls begin.
    fn plant_stops(&mut self) -> Result<(), Trouble> {
        self.steered = true;
        for entry in &self.steering.entries.stops {
            self.tracee.plant(self.base + entry)?;
        }
        if self.steering.watch {
            self.go = libc::PTRACE_SYSCALL;
        }
        Ok(())
    }

    /// Follows the process to its end, or until there is nothing more to stop for.
    pub(super) fn follow(&mut self, visit: &mut Visit<'_>) -> Result<(), Trouble> {
        loop {
            let then = match event::next(self.tracee.pid)? {
                Event::Ended if self.steered => Then::Done,
                Event::Ended => return Err(Trouble("it ended before its first test".into())),
                Event::Gone => {
                    self.let_follow(true);
                    Then::Nothing
                }
                Event::Notice { thread, event } => unless_gone(thread, self.notice(thread, event))?,
                Event::Signal { thread, signal } => unless_gone(thread, self.signal(thread, signal, visit))?,
            };
            match then {
                Then::Go(thread) => resume(self.go, thread, 0),
                Then::GoWith(thread, signal) => resume(self.go, thread, signal),
                Then::Nothing => {}
                Then::Done => return Ok(()),
                Then::GiveUp(trouble) => return Err(trouble),
            }
        }
    }

    fn notice(&mut self, thread: i32, event: i32) -> Result<Then, Trouble> {
        match event {
            libc::PTRACE_EVENT_EXEC => {
                self.tracee.forget();
                self.variables = Variables::default();
                self.threads = HashSet::from([thread]);
            }
            libc::PTRACE_EVENT_FORK | libc::PTRACE_EVENT_VFORK => {
                // The parent may want to trace its child: we have to be done with it by then.
                let child = ptrace::getevent(Pid::from_raw(thread)).map_err(io::Error::from)? as i32;
                if !self.let_go.remove(&child) && event::next_of(child, self.tracee.pid)?.is_some() {
                    self.newcomer(child)?;
                    self.let_go.remove(&child);
                }
                if event == libc::PTRACE_EVENT_FORK {
                    self.variables.guest_left(&mut self.tracee)?;
                }
            }
            libc::PTRACE_EVENT_CLONE => {
                let started = ptrace::getevent(Pid::from_raw(thread)).map_err(io::Error::from)? as i32;
                self.meeting.note_start(started);
            }
            libc::PTRACE_EVENT_VFORK_DONE => self.variables.guest_left(&mut self.tracee)?,
            _ => {}
        }
        Ok(Then::Go(thread))
    }

    fn signal(&mut self, thread: i32, signal: i32, visit: &mut Visit<'_>) -> Result<Then, Trouble> {
        if !self.threads.contains(&thread) {
            return self.newcomer(thread);
        }
        if signal == libc::SIGTRAP | SYSTEM_CALL {
            let registers = ptrace::getregs(Pid::from_raw(thread)).map_err(io::Error::from)?;
            self.files.note(&self.tracee, thread, &registers);
            return Ok(Then::Go(thread));
        }
        if signal != libc::SIGTRAP {
            return Ok(Then::GoWith(thread, signal));
        }
        // A process may send itself this signal, or have breakpoints of its own.
        let by_kernel = ptrace::getsiginfo(Pid::from_raw(thread)).is_ok_and(|info| info.si_code > 0);
        let mut registers = ptrace::getregs(Pid::from_raw(thread)).map_err(io::Error::from)?;
        let at = arch::broke_at(&registers);
        if !by_kernel || !self.tracee.had_breakpoint(at) {
            return Ok(Then::GoWith(thread, signal));
        }
        arch::set_next(&mut registers, at);
        if !self.tracee.has_breakpoint(at) || self.variables.is_function(at) {
            ptrace::setregs(Pid::from_raw(thread), registers).map_err(io::Error::from)?;
            let alive = self.variables.note(&mut self.tracee, thread, at, &registers)?;
            self.let_follow(false);
            return Ok(if alive { Then::Go(thread) } else { Then::Nothing });
        }
        match self.steering.entries.main {
            Some(main) if at == self.base + main => {
                let registers = table::hand_over(self.stopped(thread, registers), self.steering)?;
                self.enter(thread, registers)
            }
            _ if matches!(self.steering.stops, Stops::Together { .. }) => self.come(thread, registers, visit),
            _ => self.look(thread, at, registers, visit),
        }
    }

    fn stopped(&self, thread: i32, registers: libc::user_regs_struct) -> Stopped<'_> {
        Stopped {
            tracee: &self.tracee,
            thread,
            registers,
            base: self.base,
            changes: &self.files.changes,
            streams: &self.streams,
            variables: self.variables.noted(),
            watch: Vec::new(),
        }
    }

    /// A test begins, one after another: it is visited.
    fn look(
        &mut self,
        thread: i32,
        at: u64,
        registers: libc::user_regs_struct,
        visit: &mut Visit<'_>,
    ) -> Result<Then, Trouble> {
        if self.steering.entries.main.is_none() {
            // A worker may be called several times in what its parent counts as one call.
            self.begun = arch::third_argument(&registers).saturating_sub(1) as usize;
        }
        event::see_off(self.tracee.pid, thread)?;
        let mut stopped = self.stopped(thread, registers);
        let next = match visit(self.begun, &mut stopped) {
            Ok(next) => next,
            Err(trouble) => return Ok(Then::GiveUp(trouble)),
        };
        if next == Next::Skip {
            stopped.skip()?;
        }
        let Stopped { registers, watch, .. } = stopped;
        self.variables.watch(watch);
        self.begin(thread, at, next, registers)
    }

    /// A test begins that is to run beside others: it waits for them.
    fn come(
        &mut self,
        thread: i32,
        registers: libc::user_regs_struct,
        visit: &mut Visit<'_>,
    ) -> Result<Then, Trouble> {
        let is_last = self.meeting.waiting() + 1 == self.steering.order.len();
        let mut stopped = self.stopped(thread, registers);
        if is_last && let Err(trouble) = visit(0, &mut stopped) {
            return Ok(Then::GiveUp(trouble));
        }
        let Stopped { watch, .. } = stopped;
        self.variables.watch(watch);
        ptrace::setregs(Pid::from_raw(thread), registers).map_err(io::Error::from)?;
        self.meeting.wait(thread);
        if is_last {
            self.tracee.clear()?;
            self.variables.begin(&mut self.tracee)?;
            resume(self.go, self.meeting.first(), 0);
            self.let_follow(false);
        }
        Ok(Then::Nothing)
    }

    /// A thread's or a process's first stop.
    fn newcomer(&mut self, thread: i32) -> Result<Then, Trouble> {
        if self.tracee.has_thread(thread) {
            self.threads.insert(thread);
            return Ok(Then::Go(thread));
        }
        // One that is gone by now has no breakpoints.
        let _ = self.tracee.clear_copy(thread);
        self.variables.guest_came(&mut self.tracee)?;
        let _ = ptrace::detach(Pid::from_raw(thread), None);
        self.let_go.insert(thread);
        Ok(Then::Nothing)
    }

    /// The table of tests was put in place: from here on, tests begin.
    fn enter(&mut self, thread: i32, registers: libc::user_regs_struct) -> Result<Then, Trouble> {
        self.tracee.clear()?;
        ptrace::setregs(Pid::from_raw(thread), registers).map_err(io::Error::from)?;
        if self.steering.stops != Stops::Never {
            self.plant_stops()?;
            return Ok(Then::Go(thread));
        }
        self.steered = true;
        if !self.tracee.has_one_thread()? {
            // Threads that run cannot be let go; they are followed to their end, which disturbs nobody.
            return Ok(Then::Go(thread));
        }
        ptrace::detach(Pid::from_raw(thread), None).map_err(io::Error::from)?;
        Ok(Then::Done)
    }

    /// Lets those go on that wait for the first one to have come so far, or to end.
    fn let_follow(&mut self, ended: bool) {
        let Stops::Together { lead } = self.steering.stops else { return };
        if ended || !self.variables.are_watched() || self.variables.noted().calls >= lead {
            self.meeting.followers().for_each(|thread| resume(self.go, thread, 0));
        }
    }

    /// A test that was visited begins, or was passed over.
    fn begin(
        &mut self,
        thread: i32,
        at: u64,
        next: Next,
        registers: libc::user_regs_struct,
    ) -> Result<Then, Trouble> {
        self.begun += 1;
        ptrace::setregs(Pid::from_raw(thread), registers).map_err(io::Error::from)?;
        if self.begun >= self.steering.order.len() {
            self.tracee.clear()?;
            self.variables = Variables::default();
            self.go = libc::PTRACE_CONT;
            return Ok(Then::Go(thread));
        }
        self.variables.begin(&mut self.tracee)?;
        if next == Next::Run && !self.tracee.step_over(thread, at)? {
            return Ok(Then::Nothing);
        }
        Ok(Then::Go(thread))
    }
}

/// What becomes of a thread. One that no longer stands still was killed, or ended by another thread, while it was looked at: that is
/// no trouble, but an event to come.
fn unless_gone(thread: i32, then: Result<Then, Trouble>) -> Result<Then, Trouble> {
    match then {
        Err(_) if ptrace::getsiginfo(Pid::from_raw(thread)) == Err(Errno::ESRCH) => Ok(Then::Nothing),
        then => then,
    }
}
