//! Children on Unix: process groups, a FIFO as mailbox, one `poll` for everything that can happen.

use super::capture::{Capture, Captured};
use super::{Command, Ended, Interrupt, Killed, Leak};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl, open};
use nix::libc;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal, killpg};
use nix::sys::stat::Mode;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, mkfifo};
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// How often to look where the system cannot wake us.
const NAP: Duration = Duration::from_millis(5);

/// A FIFO that a child opens by its path to send messages besides its output.
///
/// Being opened by path, it needs no inherited descriptor that the child's own code could meet.
#[derive(Debug)]
pub struct Mailbox {
    path: PathBuf,
    read: File,
    /// Kept so that the read end never reports a hang-up before or after the child's own opening.
    _write: OwnedFd,
}

impl Mailbox {
    /// Makes one at `path`, which must not exist.
    ///
    /// # Errors
    /// The file system refuses a FIFO there.
    pub fn new(path: &Path) -> io::Result<Self> {
        mkfifo(path, Mode::S_IRUSR | Mode::S_IWUSR)?;
        let flags = OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
        let read = open(path, flags | OFlag::O_RDONLY, Mode::empty())?;
        let write = open(path, flags | OFlag::O_WRONLY, Mode::empty())?;
        Ok(Self { path: path.into(), read: File::from(read), _write: write })
    }

    /// What the child has to open for writing.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        // A left-over FIFO in a temporary folder harms nobody, and the folder goes too.
        let _ = std::fs::remove_file(&self.path);
    }
}

pub(super) fn run(
    command: &Command,
    mailbox: Option<&mut Mailbox>,
    interrupt: &Interrupt,
    receive: &mut dyn FnMut(&[u8], Instant),
) -> io::Result<Ended> {
    let started = Instant::now();
    let mut child = spawn(command)?;
    let mut running = Running {
        pid: Pid::from_raw(child.id().cast_signed()),
        stdout: Stream::new(child.stdout.take(), command.keep)?,
        stderr: Stream::new(child.stderr.take(), command.keep)?,
        mailbox: mailbox.map(|mailbox| &mut mailbox.read),
        buffer: vec![0; 64 << 10].into_boxed_slice(),
    };
    let result = running.follow(command.patience, started, interrupt, receive);
    // The child is still a zombie if it has ended, so the group's number cannot belong to anybody else.
    if !matches!(result, Ok(None)) {
        running.kill_group();
    }
    let duration = started.elapsed();
    let open_pipe = running.drain(Instant::now() + command.grace, interrupt)?;
    if !adopts_orphans() {
        // Nobody will tell us of those who are left; this is the last moment at which the group's number is ours.
        running.kill_group();
    }
    let exit = child.wait()?.into();
    let process = running.left_behind(Instant::now() + command.grace);
    let killed = result?;
    Ok(Ended {
        exit,
        killed,
        leak: match (killed, process, open_pipe) {
            (Some(_), ..) | (None, false, false) => None,
            (None, true, _) => Some(Leak::Process),
            (None, false, true) => Some(Leak::OpenPipe),
        },
        stdout: running.stdout.finish(),
        stderr: running.stderr.finish(),
        duration,
    })
}

fn spawn(command: &Command) -> io::Result<Child> {
    let mut std_command = std::process::Command::new(&command.program);
    std_command
        .args(&command.args)
        .current_dir(&command.dir)
        .env_clear()
        .envs(command.env.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    #[cfg(target_os = "linux")]
    let parent = std::process::id().cast_signed();
    // SAFETY: the closure only makes system calls that are safe between fork and exec, and allocates nothing.
    unsafe {
        std_command.pre_exec(move || {
            reset_signals();
            close_on_exec();
            #[cfg(target_os = "linux")]
            super::linux::die_with_parent(parent)?;
            Ok(())
        });
    }
    std_command.spawn()
}

fn adopts_orphans() -> bool {
    #[cfg(target_os = "linux")]
    return super::linux::is_subreaper();
    #[cfg(not(target_os = "linux"))]
    false
}

/// Between fork and exec: ignored signals stay ignored through an exec, so put every one back to its default. (Handlers
/// go by themselves, and the standard library empties the mask.)
fn reset_signals() {
    for signal in 1..=64 {
        // SAFETY: a plain system call; the kernel refuses numbers that are none or cannot be changed.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
}

/// Between fork and exec: nothing but the standard streams may reach the child.
fn close_on_exec() {
    #[cfg(target_os = "linux")]
    if super::linux::close_range_on_exec() {
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

/// A started child that has not been waited for.
struct Running<'a> {
    pid: Pid,
    stdout: Stream,
    stderr: Stream,
    mailbox: Option<&'a mut File>,
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
        let end = self.end_notice();
        let mut deadline = started + patience;
        loop {
            let mut wait = deadline.saturating_duration_since(Instant::now());
            if end.is_none() {
                wait = wait.min(NAP);
            }
            let mail = self.mailbox.as_ref().map(|file| file.as_fd());
            wait_for(
                [
                    self.stdout.fd(),
                    self.stderr.fd(),
                    mail,
                    end.as_ref().map(AsFd::as_fd),
                    Some(interrupt.as_fd()),
                ],
                wait,
            )?;
            // The mailbox is read after the end was seen: what the child wrote before it is all there by then.
            let ended = has_ended(self.pid)?;
            self.stdout.read(&mut self.buffer)?;
            self.stderr.read(&mut self.buffer)?;
            let now = Instant::now();
            if self.read_mail(receive, now)? {
                deadline = now + patience;
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

    fn end_notice(&self) -> Option<OwnedFd> {
        #[cfg(target_os = "linux")]
        return super::linux::pidfd(self.pid.as_raw());
        #[cfg(not(target_os = "linux"))]
        None
    }

    /// Passes on all that is in the mailbox; whether there was anything.
    fn read_mail(&mut self, receive: &mut dyn FnMut(&[u8], Instant), now: Instant) -> io::Result<bool> {
        let Some(file) = &mut self.mailbox else { return Ok(false) };
        let mut any = false;
        while let Some(count) = read_some(file, &mut self.buffer)? {
            if count == 0 {
                break;
            }
            receive(&self.buffer[..count], now);
            any = true;
        }
        Ok(any)
    }

    /// Reads what is left of the output. Whether somebody still held it open at `until`; whoever it was has been ended then.
    fn drain(&mut self, until: Instant, interrupt: &Interrupt) -> io::Result<bool> {
        let mut killed = false;
        let mut until = until;
        loop {
            self.stdout.read(&mut self.buffer)?;
            self.stderr.read(&mut self.buffer)?;
            if self.stdout.file.is_none() && self.stderr.file.is_none() {
                return Ok(killed);
            }
            let now = Instant::now();
            if now >= until || interrupt.is_raised() {
                if killed {
                    // Held by a process that has left the group: not ours to wait for.
                    return Ok(true);
                }
                self.kill_group();
                killed = true;
                until = now + Duration::from_millis(100);
            }
            wait_for([self.stdout.fd(), self.stderr.fd()], until.saturating_duration_since(now))?;
        }
    }

    /// After the child was waited for: whether a process of its group, adopted by us, still ran at `until`; ends it.
    ///
    /// Only a child subreaper adopts; elsewhere the answer is always no.
    fn left_behind(&self, until: Instant) -> bool {
        let group = Pid::from_raw(-self.pid.as_raw());
        let mut kills = 0;
        loop {
            match waitpid(group, Some(WaitPidFlag::WNOHANG)) {
                Ok(WaitStatus::StillAlive) if Instant::now() < until && kills == 0 => std::thread::sleep(NAP),
                // After the first kill the rest is reaping; an unkillable process (in a device wait) is not waited for.
                Ok(WaitStatus::StillAlive) if kills < 20 => {
                    self.kill_group();
                    kills += 1;
                    std::thread::sleep(NAP);
                }
                Ok(WaitStatus::StillAlive) => return true,
                Ok(_) | Err(Errno::EINTR) => {}
                Err(_) => return kills > 0,
            }
        }
    }

    fn kill_group(&self) {
        // It fails only where nobody is left to be killed.
        let _ = killpg(self.pid, Signal::SIGKILL);
    }
}

/// One output stream of the child.
struct Stream {
    /// `None` after its end.
    file: Option<File>,
    capture: Capture,
}

impl Stream {
    fn new(pipe: Option<impl Into<OwnedFd>>, keep: usize) -> io::Result<Self> {
        let file = pipe.map(|pipe| File::from(pipe.into()));
        if let Some(file) = &file {
            fcntl(file, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        }
        Ok(Self { file, capture: Capture::new(keep) })
    }

    fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.file.as_ref().map(AsFd::as_fd)
    }

    /// Takes what is there, at most a few buffers full so that a flood cannot keep us from the clock.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        for _ in 0..16 {
            let Some(file) = &mut self.file else { break };
            match read_some(file, buffer)? {
                None => break,
                Some(0) => self.file = None,
                Some(count) => self.capture.push(&buffer[..count]),
            }
        }
        Ok(())
    }

    fn finish(self) -> Captured {
        self.capture.finish()
    }
}

/// Reads once without waiting: `None` if there is nothing now, 0 at the end.
fn read_some(file: &mut File, buffer: &mut [u8]) -> io::Result<Option<usize>> {
    loop {
        match file.read(buffer) {
            Ok(count) => return Ok(Some(count)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Waits until one of `sources` can be read or has ended, at most `timeout`.
fn wait_for<const N: usize>(sources: [Option<BorrowedFd<'_>>; N], timeout: Duration) -> io::Result<()> {
    let mut fds: Vec<_> =
        sources.into_iter().flatten().map(|fd| PollFd::new(fd, PollFlags::POLLIN)).collect();
    // Rounded up: a wait of half a millisecond must not become a busy loop.
    let millis = timeout.as_micros().div_ceil(1000);
    let timeout = PollTimeout::try_from(millis).unwrap_or(PollTimeout::from(u16::MAX));
    match poll(&mut fds, timeout) {
        Ok(_) | Err(Errno::EINTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Whether the child has ended; it stays a zombie, so that its number remains ours until it is waited for.
fn has_ended(pid: Pid) -> io::Result<bool> {
    // SAFETY: zero is a valid value for every field of this plain C struct.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    let flags = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
    // SAFETY: `info` is ours and outlives the call.
    if unsafe { libc::waitid(libc::P_PID, pid.as_raw().cast_unsigned(), &raw mut info, flags) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: `waitid` filled the struct, or left it zeroed where nothing has ended.
    Ok(unsafe { info.si_pid() } == pid.as_raw())
}
