//! A process that inherits nothing but its three streams.

#[cfg(not(target_os = "linux"))]
use super::CHANNEL;
use crate::child::Command;
#[cfg(target_os = "linux")]
use crate::child::linux;
use nix::libc;
use nix::unistd::Pid;
use std::io;
use std::os::fd::OwnedFd;
#[cfg(not(target_os = "linux"))]
use std::{os::fd::AsRawFd, os::unix::process::CommandExt, process::Stdio};

/// A started process, and the read ends of its output streams.
pub(super) type Started = (Pid, OwnedFd, OwnedFd);

/// Starts `command` with `channel`, descriptors above [`CHANNEL`] themselves, as its descriptors from [`CHANNEL`] on.
#[cfg(target_os = "linux")]
pub(super) fn spawn(command: &Command, channel: &[OwnedFd]) -> io::Result<Started> {
    let parent = std::process::id().cast_signed();
    let prepare = || {
        reset_signals();
        close_on_exec();
        linux::die_with_parent(parent)
    };
    // SAFETY: all three only make system calls.
    unsafe { linux::spawn(command, channel, prepare) }
}

/// The same, traced by this thread: it stops after its exec, before its first instruction. Its addresses are the same in each
/// process.
#[cfg(all(feature = "trace", target_os = "linux"))]
pub(super) fn spawn_traced(command: &Command, channel: &[OwnedFd]) -> io::Result<Started> {
    let parent = std::process::id().cast_signed();
    let prepare = || {
        reset_signals();
        close_on_exec();
        linux::die_with_parent(parent)?;
        linux::offer_to_trace()
    };
    // SAFETY: all four only make system calls.
    unsafe { linux::spawn(command, channel, prepare) }
}

/// Starts `command` with `channel`, descriptors above [`CHANNEL`] themselves, as its descriptors from [`CHANNEL`] on.
#[cfg(not(target_os = "linux"))]
pub(super) fn spawn(command: &Command, channel: &[OwnedFd]) -> io::Result<Started> {
    let mut std_command = std::process::Command::new(crate::child::lookup::find(&command.program)?);
    std_command
        .arg0(&command.program)
        .args(&command.args)
        .current_dir(&command.dir)
        .env_clear()
        .envs(command.env.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    let channel: Vec<_> = (CHANNEL..).zip(channel.iter().map(AsRawFd::as_raw_fd)).collect();
    // SAFETY: the closure only makes system calls that are safe between fork and exec, and allocates nothing.
    unsafe {
        std_command.pre_exec(move || {
            reset_signals();
            close_on_exec();
            for (to, from) in &channel {
                if libc::dup2(*from, *to) < 0 {
                    return Err(io::Error::last_os_error());
                }
            }
            Ok(())
        });
    }
    let mut child = std_command.spawn()?;
    match (child.stdout.take(), child.stderr.take()) {
        // Dropping the rest of it neither ends the process nor waits for it.
        (Some(stdout), Some(stderr)) => {
            Ok((Pid::from_raw(child.id().cast_signed()), stdout.into(), stderr.into()))
        }
        _ => Err(io::Error::other("the child has no output streams")),
    }
}

/// Between fork and exec: ignored signals stay ignored and blocked ones blocked through an exec, so put all of them
/// back to their defaults. (Handlers go by themselves.)
fn reset_signals() {
    for signal in 1..=64 {
        // SAFETY: a plain system call; the kernel refuses numbers that are none or cannot be changed.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
    // SAFETY: plain system calls; `sigemptyset` makes the set what `sigprocmask` is then given.
    unsafe {
        let mut none = std::mem::MaybeUninit::uninit();
        libc::sigemptyset(none.as_mut_ptr());
        libc::sigprocmask(libc::SIG_SETMASK, none.as_ptr(), std::ptr::null_mut());
    }
}

/// Between fork and exec: nothing but the standard streams may reach the child.
fn close_on_exec() {
    #[cfg(target_os = "linux")]
    if linux::close_range_on_exec() {
        return;
    }
    // SAFETY: plain system calls; a number that is no descriptor is refused.
    unsafe {
        let limit = libc::sysconf(libc::_SC_OPEN_MAX).clamp(256, 65_536) as i32;
        for fd in 3..limit {
            libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC);
        }
    }
}
