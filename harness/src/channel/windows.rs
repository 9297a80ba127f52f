//! The child's end of a pipe on Windows: an inherited handle.

use std::fs::File;
use std::mem::ManuallyDrop;
use std::os::windows::io::{AsRawHandle, FromRawHandle, RawHandle};
use windows_sys::Win32::Foundation::{FALSE, HANDLE_FLAG_INHERIT, SetHandleInformation};
use windows_sys::Win32::Storage::FileSystem::{FILE_TYPE_PIPE, GetFileType};

/// One end of a pipe that was inherited.
#[derive(Debug)]
pub(super) struct End {
    /// Never closed: the process ends with it.
    file: ManuallyDrop<File>,
}

impl End {
    /// The pipe of this handle, which nothing that this process starts will inherit; `None` if there is none.
    pub(super) fn open(number: &str) -> Option<Self> {
        let handle = number.parse::<usize>().ok()? as RawHandle;
        // SAFETY: what is no handle of this process is refused.
        let done = unsafe { SetHandleInformation(handle, HANDLE_FLAG_INHERIT, 0) };
        if done == FALSE || !is_pipe(handle) {
            return None;
        }
        // SAFETY: it is open, it is never closed by us, and nobody else was told of it.
        Some(Self { file: ManuallyDrop::new(unsafe { File::from_raw_handle(handle) }) })
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// The pipe, if that is still what the handle means.
    pub(super) fn intact(&self) -> Option<&File> {
        is_pipe(self.file.as_raw_handle()).then_some(&self.file)
    }
}

fn is_pipe(handle: RawHandle) -> bool {
    // SAFETY: what is no handle of this process is of no type.
    unsafe { GetFileType(handle) == FILE_TYPE_PIPE }
}
