//! How one thread wakes another that waits for handles as well, which a condition variable cannot do.

use std::io;
use std::os::windows::io::{AsHandle, AsRawHandle, BorrowedHandle, FromRawHandle, OwnedHandle};
use std::ptr::null;
use windows_sys::Win32::Foundation::FALSE;
use windows_sys::Win32::System::Threading::{CreateEventW, SetEvent};

/// Set by one thread, and unset by the end of another one's wait.
pub(super) struct Event {
    handle: OwnedHandle,
}

impl Event {
    pub(super) fn new() -> io::Result<Self> {
        // SAFETY: both pointers may be null: no name, and a handle that is not inherited.
        let handle = unsafe { CreateEventW(null(), FALSE, FALSE, null()) };
        if handle.is_null() {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the handle is new and nobody else's.
        Ok(Self { handle: unsafe { OwnedHandle::from_raw_handle(handle) } })
    }

    pub(super) fn set(&self) {
        // It fails only for what is no event.
        // SAFETY: the handle is open.
        unsafe { SetEvent(self.handle.as_raw_handle()) };
    }
}

impl AsHandle for Event {
    fn as_handle(&self) -> BorrowedHandle<'_> {
        self.handle.as_handle()
    }
}
