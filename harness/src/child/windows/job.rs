//! A job object: a set of processes that is inherited by what they start, can be listed and be ended at once.

use super::NAP;
use crate::child::Interrupt;
use std::ffi::OsString;
use std::io;
use std::os::windows::ffi::OsStringExt;
use std::os::windows::io::{AsHandle, AsRawHandle, BorrowedHandle, FromRawHandle, OwnedHandle};
use std::path::PathBuf;
use std::ptr::null;
use std::time::Instant;
use windows_sys::Win32::Foundation::{ERROR_ACCESS_DENIED, ERROR_MORE_DATA, FALSE};
use windows_sys::Win32::System::JobObjects::{
    CreateJobObjectW, JOB_OBJECT_LIMIT_ACTIVE_PROCESS, JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION,
    JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE, JOBOBJECT_EXTENDED_LIMIT_INFORMATION, JobObjectBasicProcessIdList,
    JobObjectExtendedLimitInformation, QueryInformationJobObject, SetInformationJobObject,
    TerminateJobObject,
};
use windows_sys::Win32::System::Threading::{
    OpenProcess, PROCESS_NAME_WIN32, PROCESS_QUERY_LIMITED_INFORMATION, QueryFullProcessImageNameW,
};

/// The exit code of a process that was ended with its job, the same as for `std::process::Child::kill`.
const TERMINATED: u32 = 1;

/// Ends its processes when dropped, and when our own process ends in whatever way.
pub(super) struct Job {
    handle: OwnedHandle,
}

/// `JOBOBJECT_BASIC_PROCESS_ID_LIST` with room for more than one.
#[repr(C)]
struct ProcessIds {
    assigned: u32,
    listed: u32,
    ids: [usize; 64],
}

impl Job {
    /// An empty one, for at most so many processes at a time.
    pub(super) fn new(most: Option<u32>) -> io::Result<Self> {
        // SAFETY: both pointers may be null: no name, and a handle that is not inherited.
        let handle = unsafe { CreateJobObjectW(null(), null()) };
        if handle.is_null() {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the handle is new and nobody else's.
        let job = Self { handle: unsafe { OwnedHandle::from_raw_handle(handle) } };
        let mut limits = JOBOBJECT_EXTENDED_LIMIT_INFORMATION::default();
        // The second: a crash must end the process instead of opening a window that waits for somebody.
        limits.BasicLimitInformation.LimitFlags =
            JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
        if let Some(most) = most {
            limits.BasicLimitInformation.LimitFlags |= JOB_OBJECT_LIMIT_ACTIVE_PROCESS;
            limits.BasicLimitInformation.ActiveProcessLimit = most;
        }
        // SAFETY: the pointer is to a struct of the announced class and size, which outlives the call.
        let done = unsafe {
            SetInformationJobObject(
                job.handle.as_raw_handle(),
                JobObjectExtendedLimitInformation,
                (&raw const limits).cast(),
                size_of_val(&limits) as u32,
            )
        };
        if done == FALSE { Err(io::Error::last_os_error()) } else { Ok(job) }
    }

    pub(super) fn terminate(&self) {
        // It fails only where nobody is left to be ended.
        // SAFETY: the handle is open.
        unsafe { TerminateJobObject(self.handle.as_raw_handle(), TERMINATED) };
    }

    /// Whether a process other than the child `but` still ran at `until`; ends it. An interrupt ends the wait, and so
    /// does `terminated`, which says that they have been ended already.
    pub(super) fn left_behind(
        &self,
        but: u32,
        until: Instant,
        terminated: bool,
        interrupt: &Interrupt,
    ) -> io::Result<bool> {
        while self.has_others(but)? {
            if terminated || Instant::now() >= until || interrupt.is_raised() {
                self.terminate();
                // A moment to go: what they held open cannot be deleted before.
                for _ in 0..20 {
                    if !self.has_others(but)? {
                        break;
                    }
                    std::thread::sleep(NAP);
                }
                return Ok(!terminated);
            }
            std::thread::sleep(NAP);
        }
        Ok(false)
    }

    fn has_others(&self, but: u32) -> io::Result<bool> {
        let mut list = ProcessIds { assigned: 0, listed: 0, ids: [0; 64] };
        // SAFETY: the pointer is to a struct of the layout of this class and of the announced size, which outlives
        // the call.
        let done = unsafe {
            QueryInformationJobObject(
                self.handle.as_raw_handle(),
                JobObjectBasicProcessIdList,
                (&raw mut list).cast(),
                size_of_val(&list) as u32,
                std::ptr::null_mut(),
            )
        };
        if done == FALSE {
            let error = io::Error::last_os_error();
            // More of them than there is room for.
            return if is(&error, ERROR_MORE_DATA) { Ok(true) } else { Err(error) };
        }
        let ids = &list.ids[..list.ids.len().min(list.listed as usize)];
        Ok(ids.iter().any(|id| *id != but as usize && is_somebody(*id as u32)))
    }
}

impl AsHandle for Job {
    fn as_handle(&self) -> BorrowedHandle<'_> {
        self.handle.as_handle()
    }
}

/// Whether this process runs and was started by somebody of the job. The host of the child's console was not: the
/// system starts it, and where it is put into the job, it ends a little later than the child.
fn is_somebody(id: u32) -> bool {
    // SAFETY: the call takes numbers and returns a new handle or null.
    let handle = unsafe { OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, id) };
    if handle.is_null() {
        return is(&io::Error::last_os_error(), ERROR_ACCESS_DENIED);
    }
    // SAFETY: the handle is new and nobody else's.
    let handle = unsafe { OwnedHandle::from_raw_handle(handle) };
    let mut name = [0; 1024];
    let mut length = name.len() as u32;
    // SAFETY: `length` says how many units there is room for; both outlive the call.
    let done = unsafe {
        QueryFullProcessImageNameW(
            handle.as_raw_handle(),
            PROCESS_NAME_WIN32,
            name.as_mut_ptr(),
            &raw mut length,
        )
    };
    let path = PathBuf::from(OsString::from_wide(&name[..length as usize]));
    done == FALSE || !path.file_name().is_some_and(|name| name.eq_ignore_ascii_case("conhost.exe"))
}

fn is(error: &io::Error, code: u32) -> bool {
    error.raw_os_error() == Some(code.cast_signed())
}
