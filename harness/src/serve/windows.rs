//! The end of a child, and its stack, on Windows.

use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, GetCurrentThreadStackLimits, TerminateProcess,
};

/// Ends this process at once: no handlers, no destructors.
pub(super) fn leave(code: i32) -> ! {
    // SAFETY: it only ends the process; the handle is a constant that stands for it.
    unsafe { TerminateProcess(GetCurrentProcess(), code.cast_unsigned()) };
    // Not reached: it does not return for the calling process.
    std::process::abort()
}

/// The stack of this thread, whatever the linker has reserved for the main one.
pub(super) fn stack_size() -> Option<usize> {
    let (mut low, mut high) = (0, 0);
    // SAFETY: both pointers are to numbers of ours.
    unsafe { GetCurrentThreadStackLimits(&raw mut low, &raw mut high) };
    Some(high - low)
}
