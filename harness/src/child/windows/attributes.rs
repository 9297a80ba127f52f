//! What `CreateProcessW` takes besides its arguments.

use std::io;
use std::marker::PhantomData;
use std::ptr::{null, null_mut};
use windows_sys::Win32::Foundation::{FALSE, HANDLE};
use windows_sys::Win32::System::Threading::{
    DeleteProcThreadAttributeList, InitializeProcThreadAttributeList, UpdateProcThreadAttribute,
};

/// What a process gets at birth besides `STARTUPINFOW`. It refers to lists of handles that live for `'a`.
pub(super) struct Attributes<'a> {
    /// Of words, so that it is aligned for pointers.
    buffer: Box<[usize]>,
    values: PhantomData<&'a [HANDLE]>,
}

impl<'a> Attributes<'a> {
    pub(super) fn new(count: u32) -> io::Result<Self> {
        let mut size = 0;
        // SAFETY: without a list the call only says how large it has to be; it reports failure then.
        unsafe { InitializeProcThreadAttributeList(null_mut(), count, 0, &raw mut size) };
        let mut buffer = vec![0; size.div_ceil(size_of::<usize>())].into_boxed_slice();
        // SAFETY: the buffer has at least the size that the system asked for.
        let done =
            unsafe { InitializeProcThreadAttributeList(buffer.as_mut_ptr().cast(), count, 0, &raw mut size) };
        if done == FALSE {
            return Err(io::Error::last_os_error());
        }
        Ok(Self { buffer, values: PhantomData })
    }

    pub(super) fn set(&mut self, attribute: u32, handles: &'a [HANDLE]) -> io::Result<()> {
        // SAFETY: the list is initialized, and the handles outlive it.
        let done = unsafe {
            UpdateProcThreadAttribute(
                self.as_mut_ptr(),
                0,
                attribute as usize,
                handles.as_ptr().cast(),
                size_of_val(handles),
                null_mut(),
                null(),
            )
        };
        if done == FALSE { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    pub(super) fn as_mut_ptr(&mut self) -> *mut core::ffi::c_void {
        self.buffer.as_mut_ptr().cast()
    }
}

impl Drop for Attributes<'_> {
    fn drop(&mut self) {
        // SAFETY: the list was initialized, and is not used after this.
        unsafe { DeleteProcThreadAttributeList(self.as_mut_ptr()) };
    }
}
