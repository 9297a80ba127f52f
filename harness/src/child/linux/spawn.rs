//! Start a process without copying ours.
//!
//! The standard library forks where a closure has to run in the child, and a fork copies the page tables of the whole process
//! and makes it fault on each page that it writes afterwards. Here the child runs on our memory until its exec while the
//! calling thread stands still, as in `posix_spawn` and `vfork`: the same price however large we are.

use crate::child::unix::CHANNEL;
use crate::child::{Command, lookup};
use nix::fcntl::{FcntlArg, OFlag, fcntl, open};
use nix::libc;
use nix::sched::{CloneFlags, clone};
use nix::sys::signal::{SigSet, SigmaskHow, sigprocmask};
use nix::sys::stat::Mode;
use nix::unistd::{Pid, pipe2};
use std::ffi::{CString, NulError, OsStr, OsString};
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// What the child needs until its exec, besides a pointer an argument: what runs before that is ours and shallow.
const STACK: usize = 64 << 10;

/// A started process, and the read ends of its output streams.
pub(in crate::child) type Started = (Pid, OwnedFd, OwnedFd);

/// Starts `command` in a process group of its own, with `prepare` run between clone and exec, and `channel` as descriptors
/// from [`CHANNEL`] on.
///
/// # Safety
/// `prepare` runs on the memory of this process, in a child with every signal blocked: it may only make system calls.
pub(in crate::child) unsafe fn spawn(
    command: &Command,
    channel: &[OwnedFd],
    prepare: impl Fn() -> io::Result<()>,
) -> io::Result<Started> {
    let program = c_string(lookup::find(&command.program)?.into_os_string())?;
    let dir = c_string(command.dir.clone().into_os_string())?;
    let args = [command.program.as_os_str()].into_iter().chain(command.args.iter().map(OsString::as_os_str));
    let args = args.map(|arg| c_string(arg.to_owned())).collect::<io::Result<Vec<_>>>()?;
    let env =
        command.env.iter().map(|(name, value)| variable(name, value)).collect::<io::Result<Vec<_>>>()?;
    let (argv, envp) = (pointers(&args), pointers(&env));

    let stdin = above_standard(open("/dev/null", OFlag::O_RDONLY | OFlag::O_CLOEXEC, Mode::empty())?)?;
    let (stdout, child_stdout) = pipe2(OFlag::O_CLOEXEC)?;
    let (stderr, child_stderr) = pipe2(OFlag::O_CLOEXEC)?;
    let (child_stdout, child_stderr) = (above_standard(child_stdout)?, above_standard(child_stderr)?);
    let streams = (0..).zip([stdin.as_raw_fd(), child_stdout.as_raw_fd(), child_stderr.as_raw_fd()]);
    let channel = (CHANNEL..).zip(channel.iter().map(AsRawFd::as_raw_fd));
    let (streams, channel): (Vec<_>, Vec<_>) = (streams.collect(), channel.collect());

    let mut failure = None;
    let mut stack = vec![0; STACK + args.len() * size_of::<usize>()];
    let child = Box::new(|| {
        // SAFETY: pointers and strings outlive the call, because this thread stands still until the exec; both lists end in null.
        failure =
            Some(unsafe { become_program(&program, &dir, [&argv, &envp], [&streams, &channel], &prepare) });
        // SAFETY: ends the child without any of the clean-up that is the parent's.
        unsafe { libc::_exit(127) }
    });
    // A handler of ours must not run in the child, which has our memory.
    let mut mask = SigSet::empty();
    sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::all()), Some(&mut mask))?;
    // SAFETY: the child only makes system calls on what was prepared above, on a stack of its own that is large enough for them.
    let result = unsafe {
        clone(child, &mut stack, CloneFlags::CLONE_VM | CloneFlags::CLONE_VFORK, Some(libc::SIGCHLD))
    };
    sigprocmask(SigmaskHow::SIG_SETMASK, Some(&mask), None)?;
    let pid = result?;
    match failure {
        None => Ok((pid, stdout, stderr)),
        Some(error) => {
            // It has ended already; there is nothing to wait for but its number.
            let _ = nix::sys::wait::waitpid(pid, None);
            Err(error)
        }
    }
}

/// In the child: returns only if something fails.
///
/// # Safety
/// `argv` and `envp` are lists of C strings that end in null; the pairs of descriptors read (to, from).
unsafe fn become_program(
    program: &CString,
    dir: &CString,
    [argv, envp]: [&[*const libc::c_char]; 2],
    [streams, channel]: [&[(RawFd, RawFd)]; 2],
    prepare: &impl Fn() -> io::Result<()>,
) -> io::Error {
    // SAFETY: plain system calls; the caller vouches for the lists.
    unsafe {
        if libc::setpgid(0, 0) != 0 || libc::chdir(dir.as_ptr()) != 0 {
            return io::Error::last_os_error();
        }
        if let Err(error) = prepare() {
            return error;
        }
        for (to, from) in streams.iter().chain(channel) {
            // The copy is not close-on-exec, and `from` is never `to`.
            if libc::dup2(*from, *to) < 0 {
                return io::Error::last_os_error();
            }
        }
        libc::execvpe(program.as_ptr(), argv.as_ptr(), envp.as_ptr());
    }
    io::Error::last_os_error()
}

/// The same file under a number that `dup2` to a standard stream cannot collide with.
fn above_standard(fd: OwnedFd) -> io::Result<OwnedFd> {
    if fd.as_raw_fd() > 2 {
        return Ok(fd);
    }
    let copy = fcntl(&fd, FcntlArg::F_DUPFD_CLOEXEC(3))?;
    // SAFETY: the kernel just returned it, and nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(copy) })
}

fn variable(name: &OsStr, value: &OsStr) -> io::Result<CString> {
    c_string(OsString::from_vec([name.as_bytes(), b"=", value.as_bytes()].concat()))
}

fn c_string(text: OsString) -> io::Result<CString> {
    CString::new(text.into_vec())
        .map_err(|error: NulError| io::Error::new(io::ErrorKind::InvalidInput, error))
}

fn pointers(strings: &[CString]) -> Vec<*const libc::c_char> {
    strings.iter().map(|string| string.as_ptr()).chain([std::ptr::null()]).collect()
}
