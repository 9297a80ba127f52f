//! Descent by named jobs.
//!
//! A child joins a job that is named after its process ID, and what it starts is born into that job. Whoever finds itself
//! in the job of a running process that is not its own descends from a child.
//!
//! Rejected: the chain of parents, which breaks where one of them has ended, and whose numbers are given out again; the
//! limits of the own job, which are those of the innermost one, anybody's.

use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::ptr::null;
use windows_sys::Win32::Foundation::FALSE;
use windows_sys::Win32::System::JobObjects::{
    AssignProcessToJobObject, CreateJobObjectW, IsProcessInJob, OpenJobObjectW,
};
use windows_sys::Win32::System::ProcessStatus::EnumProcesses;
use windows_sys::Win32::System::SystemServices::JOB_OBJECT_QUERY;
use windows_sys::Win32::System::Threading::GetCurrentProcess;

/// Puts this process, a child, into a job by which its descendants know it. Where the system refuses that, the limit of
/// processes in the parent's job for it remains.
pub(crate) fn mark() {
    let name = name(std::process::id());
    // SAFETY: the name ends with a zero; no security descriptor means a handle that is not inherited. That handle is
    // never closed: the name lasts as long as the process.
    let job = unsafe { CreateJobObjectW(null(), name.as_ptr()) };
    if !job.is_null() {
        // SAFETY: the job's handle is open; the other is a constant that stands for this process.
        unsafe { AssignProcessToJobObject(job, GetCurrentProcess()) };
    }
}

/// A running child from which this process descends.
pub(super) fn child_among_ancestors() -> Option<u32> {
    processes().into_iter().find(|id| is_in_job_of(*id))
}

fn is_in_job_of(id: u32) -> bool {
    // SAFETY: the name ends with a zero and outlives the call.
    let job = unsafe { OpenJobObjectW(JOB_OBJECT_QUERY, FALSE, name(id).as_ptr()) };
    if job.is_null() {
        return false;
    }
    // SAFETY: the handle is new and nobody else's.
    let job = unsafe { OwnedHandle::from_raw_handle(job) };
    let mut inside = FALSE;
    // SAFETY: the job's handle is open, the other is a constant that stands for this process, and the pointer is to a
    // number of ours.
    let done = unsafe { IsProcessInJob(GetCurrentProcess(), job.as_raw_handle(), &raw mut inside) };
    done != FALSE && inside != FALSE
}

/// The IDs of all processes that run.
fn processes() -> Vec<u32> {
    let mut ids = vec![0; 1024];
    loop {
        let mut used = 0;
        // SAFETY: the list has room for as many bytes as the call is told.
        let done = unsafe { EnumProcesses(ids.as_mut_ptr(), size_of_val(&*ids) as u32, &raw mut used) };
        let count = if done == FALSE { 0 } else { used as usize / size_of::<u32>() };
        if count < ids.len() {
            ids.truncate(count);
            return ids;
        }
        // Full: there may be more of them.
        ids.resize(ids.len() * 2, 0);
    }
}

/// Seen by the processes of one session.
fn name(id: u32) -> Vec<u16> {
    format!("Local\\spawncheck-child-{id}\0").encode_utf16().collect()
}
