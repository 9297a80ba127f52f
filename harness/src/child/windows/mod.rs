//! Children on Windows: job objects, a polled file as mailbox, a thread for each output stream.

mod attributes;
#[cfg(feature = "talk")]
mod event;
#[cfg(feature = "talk")]
mod exchange;
mod job;
#[cfg(feature = "talk")]
mod live;
mod mailbox;
mod output;
mod process;
mod waits;
mod words;

use super::{Command, Ended, Interrupt, Killed, Leak, after};
use crate::Exit;
use job::Job;
#[cfg(feature = "talk")]
pub(crate) use live::Live;
pub use mailbox::Mailbox;
use output::Output;
use process::Process;
use std::io;
use std::time::{Duration, Instant};

/// How often to look where the system cannot wake us: at the mailbox, the interrupt and the job.
const NAP: Duration = Duration::from_millis(10);

pub(super) fn run(
    command: &Command,
    mut mailbox: Option<&mut Mailbox>,
    interrupt: &Interrupt,
    receive: &mut dyn FnMut(&[u8], Instant),
) -> io::Result<Ended> {
    let started = Instant::now();
    if let Some(mailbox) = &mut mailbox {
        mailbox.clear()?;
    }
    // Whichever way we leave this function: dropping the job ends whoever is still in it.
    let job = Job::new(None)?;
    let (stdout, stdout_end) = Output::new(command.keep)?;
    let (stderr, stderr_end) = Output::new(command.keep)?;
    let process = Process::start(command, &job, stdout_end, stderr_end, Vec::new())?;
    let result = follow(&process, mailbox, command.patience, started, interrupt, receive);
    let ours = !matches!(result, Ok(None));
    if ours {
        job.terminate();
    }
    let duration = started.elapsed();
    let until = after(Instant::now(), command.grace);
    let open_pipe = !(stdout.ends(until, interrupt) && stderr.ends(until, interrupt));
    if open_pipe {
        job.terminate();
        let until = after(Instant::now(), Duration::from_millis(100));
        // Whoever holds them after that has left the job and is not ours to wait for.
        let _ = stdout.ends(until, interrupt) && stderr.ends(until, interrupt);
    }
    let left_behind = job.left_behind(process.id(), until, ours || open_pipe, interrupt)?;
    let exit = Exit::Code(process.exit_code()?);
    let killed = result?;
    Ok(Ended {
        exit,
        killed,
        leak: Leak::of(killed.is_some() || interrupt.is_raised(), left_behind, open_pipe),
        stdout: stdout.finish(),
        stderr: stderr.finish(),
        duration,
    })
}

/// Returns `None` once the child has ended by itself, else why it has to be ended.
fn follow(
    process: &Process,
    mut mailbox: Option<&mut Mailbox>,
    patience: Duration,
    started: Instant,
    interrupt: &Interrupt,
    receive: &mut dyn FnMut(&[u8], Instant),
) -> io::Result<Option<Killed>> {
    let mut deadline = after(started, patience);
    loop {
        // The mailbox is read after the end was seen: what the child wrote before it is all there by then.
        let ended = process.wait(deadline.saturating_duration_since(Instant::now()).min(NAP))?;
        let now = Instant::now();
        if let Some(mailbox) = &mut mailbox
            && mailbox.deliver(now, receive)?
        {
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
