//! A process that is born into its job and inherits the handles that it is given.
//!
//! Rejected: `std::process::Command`. It lets a child inherit every inheritable handle, among them those that we were
//! given by our own parent, and gives neither a job at birth nor, for a suspended child, the thread to resume.

use super::attributes::Attributes;
use super::job::Job;
use super::waits::wait_for_any;
use super::words;
use crate::child::{Command, UNKILLABLE, lookup};
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, PipeWriter};
use std::os::windows::io::{AsHandle, AsRawHandle, BorrowedHandle, FromRawHandle, OwnedHandle};
use std::path::PathBuf;
use std::ptr::null;
use std::time::Duration;
use windows_sys::Win32::Foundation::{FALSE, HANDLE_FLAG_INHERIT, SetHandleInformation, TRUE};
use windows_sys::Win32::System::Threading::{
    CREATE_NO_WINDOW, CREATE_UNICODE_ENVIRONMENT, CreateProcessW, EXTENDED_STARTUPINFO_PRESENT,
    GetExitCodeProcess, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, PROC_THREAD_ATTRIBUTE_JOB_LIST,
    PROCESS_INFORMATION, STARTF_USESTDHANDLES, STARTUPINFOEXW, STARTUPINFOW,
};

/// A console of its own, without a window: ours is not the child's to read or to change, its Ctrl-C is not ours, and
/// what it starts opens no window either. (No new process group then: that would only make it ignore Ctrl-C.)
const FLAGS: u32 = CREATE_NO_WINDOW | CREATE_UNICODE_ENVIRONMENT | EXTENDED_STARTUPINFO_PRESENT;

/// From how many units on a path may be too long. (For folders it is less than for files.)
const LONG: usize = 240;

/// A started process.
pub(super) struct Process {
    handle: OwnedHandle,
    id: u32,
}

impl Process {
    /// Starts `command` with `stdout`, `stderr` and, under the numbers that they have here, the handles of `channel`.
    pub(super) fn start(
        command: &Command,
        job: &Job,
        stdout: PipeWriter,
        stderr: PipeWriter,
        channel: Vec<OwnedHandle>,
    ) -> io::Result<Self> {
        let program = words::terminated(&reachable(lookup::find(&command.program)?))?;
        let mut line = words::command_line(command.program.as_os_str(), &command.args)?;
        let environment = words::environment(&command.env)?;
        let dir = words::terminated(command.dir.as_os_str())?;

        let stdio = [OwnedHandle::from(File::open("NUL")?), stdout.into(), stderr.into()];
        let inherited: Vec<_> = stdio.into_iter().chain(channel).collect();
        // From here until they are closed below, another thread that starts a process by other means can pass them
        // on unknowingly; there is no way to give a handle to one child only.
        inherited.iter().try_for_each(|handle| make_inheritable(handle.as_handle()))?;
        let handles: Vec<_> = inherited.iter().map(AsRawHandle::as_raw_handle).collect();
        let jobs = [job.as_handle().as_raw_handle()];
        let mut attributes = Attributes::new(2)?;
        attributes.set(PROC_THREAD_ATTRIBUTE_HANDLE_LIST, &handles)?;
        attributes.set(PROC_THREAD_ATTRIBUTE_JOB_LIST, &jobs)?;

        let startup = STARTUPINFOEXW {
            StartupInfo: STARTUPINFOW {
                cb: size_of::<STARTUPINFOEXW>() as u32,
                dwFlags: STARTF_USESTDHANDLES,
                hStdInput: handles[0],
                hStdOutput: handles[1],
                hStdError: handles[2],
                ..Default::default()
            },
            lpAttributeList: attributes.as_mut_ptr(),
        };
        let mut process = PROCESS_INFORMATION::default();
        // SAFETY: the strings end with zeros and the command line is writable; the flags announce the extended struct
        // and the encoding of the environment; everything that is pointed to outlives the call.
        let done = unsafe {
            CreateProcessW(
                program.as_ptr(),
                line.as_mut_ptr(),
                null(),
                null(),
                TRUE,
                FLAGS,
                environment.as_ptr().cast(),
                dir.as_ptr(),
                (&raw const startup.StartupInfo).cast(),
                &raw mut process,
            )
        };
        if done == FALSE {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the handle is new and nobody else's.
        drop(unsafe { OwnedHandle::from_raw_handle(process.hThread) });
        // SAFETY: the handle is new and nobody else's.
        let handle = unsafe { OwnedHandle::from_raw_handle(process.hProcess) };
        Ok(Self { handle, id: process.dwProcessId })
    }

    pub(super) fn id(&self) -> u32 {
        self.id
    }

    /// Whether it has ended, after at most `timeout`.
    pub(super) fn wait(&self, timeout: Duration) -> io::Result<bool> {
        wait_for_any([self.handle.as_handle()], timeout)
    }

    /// The exit code of a process that has ended or been ended.
    pub(super) fn exit_code(&self) -> io::Result<i32> {
        if !self.wait(UNKILLABLE)? {
            return Err(super::super::unkillable(self.id));
        }
        let mut code = 0;
        // SAFETY: the handle is open, and the pointer is to a number of ours.
        if unsafe { GetExitCodeProcess(self.handle.as_raw_handle(), &raw mut code) } == FALSE {
            return Err(io::Error::last_os_error());
        }
        Ok(code.cast_signed())
    }
}

/// To wait for its end together with something else.
impl AsHandle for Process {
    fn as_handle(&self) -> BorrowedHandle<'_> {
        self.handle.as_handle()
    }
}

/// An absolute path in the form that may be of any length: the usual one is for 260 units at most, in programs that do not say that
/// they know better.
///
/// Rejected: `canonicalize`, which follows links, and which Wine has for short paths only.
fn reachable(path: PathBuf) -> OsString {
    let text = path.into_os_string();
    let known = text.to_str().filter(|text| text.len() >= LONG && !text.starts_with(r"\\?\"));
    match known.map(|known| (known, known.strip_prefix(r"\\"))) {
        None => text,
        Some((_, Some(share))) => format!(r"\\?\UNC\{share}").into(),
        Some((path, None)) => format!(r"\\?\{path}").into(),
    }
}

fn make_inheritable(handle: BorrowedHandle<'_>) -> io::Result<()> {
    // SAFETY: the handle is open.
    let done =
        unsafe { SetHandleInformation(handle.as_raw_handle(), HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT) };
    if done == FALSE { Err(io::Error::last_os_error()) } else { Ok(()) }
}
