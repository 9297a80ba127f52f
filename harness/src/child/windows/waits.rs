//! Waiting for handles with a deadline.

use std::io;
use std::os::windows::io::{AsRawHandle, BorrowedHandle};
use std::time::Duration;
use windows_sys::Win32::Foundation::{FALSE, WAIT_OBJECT_0, WAIT_TIMEOUT};
use windows_sys::Win32::System::Threading::WaitForMultipleObjects;

/// Whether one of `handles` is signaled, after at most `timeout`.
pub(super) fn wait_for_any<const N: usize>(
    handles: [BorrowedHandle<'_>; N],
    timeout: Duration,
) -> io::Result<bool> {
    // Rounded up: a wait of half a millisecond must not become a busy loop. The largest number means forever.
    let millis = timeout.as_micros().div_ceil(1000).min(u128::from(u32::MAX) - 1) as u32;
    let raw = handles.map(|handle| handle.as_raw_handle());
    // SAFETY: the list has so many handles, which are open.
    match unsafe { WaitForMultipleObjects(N as u32, raw.as_ptr(), FALSE, millis) } {
        WAIT_TIMEOUT => Ok(false),
        first if first < WAIT_OBJECT_0 + N as u32 => Ok(true),
        _ => Err(io::Error::last_os_error()),
    }
}
