//! The end of a child, and its stack, on Windows.

use windows_sys::Win32::System::Threading::{GetCurrentProcess, TerminateProcess};

/// Ends this process at once: no handlers, no destructors.
pub(super) fn leave(code: i32) -> ! {
    // SAFETY: it only ends the process; the handle is a constant that stands for it.
    unsafe { TerminateProcess(GetCurrentProcess(), code.cast_unsigned()) };
    // Not reached: it does not return for the calling process.
    std::process::abort()
}

/// The stack of the main thread, if this is it: what linkers reserve by default. Others have the standard library's default.
pub(super) fn stack_size() -> Option<usize> {
    (std::thread::current().name() == Some("main")).then_some(1 << 20)
}
