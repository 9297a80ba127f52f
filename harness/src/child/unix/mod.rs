//! Children on Unix: process groups, a FIFO as mailbox, one `poll` for everything that can happen.

mod group;
#[cfg(feature = "talk")]
mod live;
mod mailbox;
#[cfg(feature = "talk")]
mod pipe;
#[cfg(feature = "reproduce")]
mod pipes;
mod process;
mod stream;

use super::{Command, Ended, Interrupt, Killed, Leak, after};
use group::{Group, adopts_orphans};
#[cfg(feature = "talk")]
pub(crate) use live::Live;
pub use mailbox::Mailbox;
#[cfg(feature = "check")]
pub(crate) use pipe::aside;
#[cfg(feature = "reproduce")]
pub(crate) use pipes::Pipes;
use process::spawn;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, RawFd};
use std::time::{Duration, Instant};
use stream::{Stream, read_some, wait_for};
#[cfg(all(feature = "trace", target_os = "linux"))]
use {std::os::fd::OwnedFd, std::sync::mpsc};

/// Where a child finds the descriptors that it was given besides the standard ones: far enough up that its own code gets
/// the same numbers as in a process without them, below the smallest usual limit (256).
pub(super) const CHANNEL: RawFd = 200;

/// How often to look where the system cannot wake us.
const NAP: Duration = Duration::from_millis(5);

pub(super) fn run(
    command: &Command,
    mailbox: Option<&mut Mailbox>,
    interrupt: &Interrupt,
    receive: &mut dyn FnMut(&[u8], Instant),
) -> io::Result<Ended> {
    let started = Instant::now();
    let mail = cleared(mailbox)?;
    let (ended, ()) = attend(spawn(command, &[])?, started, command, mail, interrupt, receive, || ())?;
    Ok(ended)
}

fn cleared(mailbox: Option<&mut Mailbox>) -> io::Result<Option<&mut File>> {
    let Some(mailbox) = mailbox else { return Ok(None) };
    mailbox.clear()?;
    Ok(Some(&mut mailbox.read))
}

/// Follows a child that another thread traces meanwhile.
#[cfg(all(feature = "trace", target_os = "linux"))]
pub(super) fn run_traced<T: Send>(
    command: &Command,
    mailbox: Option<&mut Mailbox>,
    interrupt: &Interrupt,
    receive: &mut dyn FnMut(&[u8], Instant),
    trace: impl FnOnce(i32) -> T + Send,
) -> io::Result<(Ended, T)> {
    let mail = cleared(mailbox)?;
    run_traced_with(command, &[], mail, interrupt, receive, trace)
}

/// The same for a child that gets `channel` as its descriptors from [`CHANNEL`] on, and has what comes out of `mail` received.
///
/// The thread that traces starts the child, and has no other one: orphans, of which a tracer knows nothing, become children of
/// the process's first thread. It stays until the child has ended, which would end with it.
#[cfg(all(feature = "trace", target_os = "linux"))]
fn run_traced_with<T: Send>(
    command: &Command,
    channel: &[OwnedFd],
    mail: Option<&mut File>,
    interrupt: &Interrupt,
    receive: &mut dyn FnMut(&[u8], Instant),
    trace: impl FnOnce(i32) -> T + Send,
) -> io::Result<(Ended, T)> {
    let started = Instant::now();
    let (tell, told) = mpsc::channel();
    let (hold, held) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        let start_and_trace = move || {
            let child = process::spawn_traced(command, channel)?;
            let pid = child.0.as_raw();
            // Somebody waits for it below.
            let _ = tell.send(child);
            let traced = trace(pid);
            let _ = held.recv();
            Ok(traced)
        };
        let tracing = std::thread::Builder::new().spawn_scoped(scope, start_and_trace)?;
        let join = move || {
            drop(hold);
            tracing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        match told.recv() {
            Ok(child) => {
                let (ended, traced) = attend(child, started, command, mail, interrupt, receive, join)?;
                Ok((ended, traced?))
            }
            // It could not be started; the thread knows why.
            Err(gone) => join().and(Err(io::Error::other(gone))),
        }
    })
}

/// From the start of a child to its end. `before_reaping` is called once it has ended, while its number is still its own.
fn attend<T>(
    (pid, stdout, stderr): process::Started,
    started: Instant,
    command: &Command,
    mail: Option<&mut File>,
    interrupt: &Interrupt,
    receive: &mut dyn FnMut(&[u8], Instant),
    before_reaping: impl FnOnce() -> T,
) -> io::Result<(Ended, T)> {
    // Whichever way we leave this function: dropping the group ends whoever is still in it.
    let group = Group::new(pid);
    let mut running = Running {
        stdout: Stream::new(stdout, command.keep)?,
        stderr: Stream::new(stderr, command.keep)?,
        is_file: mail.as_ref().is_some_and(|file| file.metadata().is_ok_and(|metadata| metadata.is_file())),
        mailbox: mail,
        buffer: vec![0; 64 << 10].into_boxed_slice(),
        group,
    };
    let result = running.follow(command.patience, started, interrupt, receive);
    let ours = !matches!(result, Ok(None));
    if ours {
        running.group.kill();
    }
    let duration = started.elapsed();
    let until = after(Instant::now(), command.grace);
    let open_pipe = running.drain(until, interrupt)?;
    if !adopts_orphans() {
        // Nobody will tell us of those who are left. While the child is a zombie, the group's number is still ours.
        running.group.kill();
    }
    let before = before_reaping();
    let exit = running.group.wait()?.into();
    let left_behind = running.group.left_behind(until, ours || open_pipe, interrupt);
    let killed = result?;
    let ended = Ended {
        exit,
        killed,
        leak: Leak::of(killed.is_some() || interrupt.is_raised(), left_behind, open_pipe),
        stdout: running.stdout.finish(),
        stderr: running.stderr.finish(),
        duration,
    };
    Ok((ended, before))
}

/// A started child, what it may still write, and where we read that.
struct Running<'a> {
    group: Group,
    stdout: Stream,
    stderr: Stream,
    mailbox: Option<&'a mut File>,
    /// The mailbox is a file, which `poll` calls readable at any time.
    is_file: bool,
    buffer: Box<[u8]>,
}

impl Running<'_> {
    /// Returns `None` once the child has ended by itself, else why it has to be ended.
    fn follow(
        &mut self,
        patience: Duration,
        started: Instant,
        interrupt: &Interrupt,
        receive: &mut dyn FnMut(&[u8], Instant),
    ) -> io::Result<Option<Killed>> {
        let mut deadline = after(started, patience);
        loop {
            let mut wait = deadline.saturating_duration_since(Instant::now());
            if self.group.notice().is_none() || self.is_file {
                wait = wait.min(NAP);
            }
            let mail = self.mailbox.as_ref().filter(|_| !self.is_file).map(|file| file.as_fd());
            wait_for(
                [self.stdout.fd(), self.stderr.fd(), mail, self.group.notice(), Some(interrupt.as_fd())],
                wait,
            )?;
            // The mailbox is read after the end was seen: what the child wrote before it is all there by then.
            let ended = self.group.has_ended()?;
            self.stdout.read(&mut self.buffer)?;
            self.stderr.read(&mut self.buffer)?;
            let now = Instant::now();
            if self.read_mail(receive, now)? {
                deadline = after(now, patience);
            }
            if ended {
                return Ok(None);
            }
            if interrupt.is_raised() {
                return Ok(Some(Killed::Interrupted));
            }
            if now >= deadline {
                return Ok(Some(Killed::TimedOut));
            }
        }
    }

    /// Passes on what is in the mailbox; whether there was anything. All of what a dead child wrote, but no more than a
    /// few buffers full, so that a flood cannot keep us from the clock: a FIFO holds no more unless it is asked to, and of a file
    /// it is what is there at the call.
    fn read_mail(&mut self, receive: &mut dyn FnMut(&[u8], Instant), now: Instant) -> io::Result<bool> {
        let Some(file) = &mut self.mailbox else { return Ok(false) };
        let mut any = false;
        let rounds = if self.is_file { file.metadata()?.len() / self.buffer.len() as u64 + 1 } else { 16 };
        for _ in 0..rounds {
            let Some(count @ 1..) = read_some(file, &mut self.buffer)? else { break };
            receive(&self.buffer[..count], now);
            any = true;
        }
        Ok(any)
    }

    /// Reads what is left of the output. Whether somebody still held it open at `until`; whoever it was has been ended
    /// then.
    fn drain(&mut self, until: Instant, interrupt: &Interrupt) -> io::Result<bool> {
        let mut killed = false;
        let mut until = until;
        loop {
            self.stdout.read(&mut self.buffer)?;
            self.stderr.read(&mut self.buffer)?;
            if self.stdout.fd().is_none() && self.stderr.fd().is_none() {
                return Ok(killed);
            }
            let now = Instant::now();
            if now >= until || (interrupt.is_raised() && !killed) {
                if killed {
                    // Held by a process that has left the group: not ours to wait for.
                    return Ok(true);
                }
                self.group.kill();
                killed = true;
                until = now + Duration::from_millis(100);
            }
            let interrupt = (!killed).then(|| interrupt.as_fd());
            wait_for([self.stdout.fd(), self.stderr.fd(), interrupt], until.saturating_duration_since(now))?;
        }
    }
}
