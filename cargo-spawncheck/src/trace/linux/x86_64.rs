//! Registers and instructions of x86_64.

use nix::libc::user_regs_struct as Registers;

/// `int3`.
pub(super) const BREAK: &[u8] = &[0xcc];

/// `syscall`.
pub(super) const SYSCALL: &[u8] = &[0x0f, 0x05];

/// The address of the breakpoint at which a thread was stopped.
pub(super) fn broke_at(registers: &Registers) -> u64 {
    // The processor has passed it.
    registers.rip.wrapping_sub(BREAK.len() as u64)
}

pub(super) fn set_next(registers: &mut Registers, address: u64) {
    registers.rip = address;
}

/// At a function's entry: its first two arguments.
pub(super) fn arguments(registers: &Registers) -> (u64, u64) {
    (registers.rdi, registers.rsi)
}

/// At a function's entry: its third argument, of 32 bits.
pub(super) fn third_argument(registers: &Registers) -> u32 {
    registers.rdx as u32
}

pub(super) fn set_arguments(registers: &mut Registers, (first, second): (u64, u64)) {
    (registers.rdi, registers.rsi) = (first, second);
}

/// At the entry of a function that returns through memory: where that is.
pub(super) fn result_address(registers: &Registers) -> u64 {
    registers.rdi
}

/// At a function's entry: where it returns to.
pub(super) fn return_address<E>(
    registers: &Registers,
    read: impl Fn(u64) -> Result<u64, E>,
) -> Result<u64, E> {
    read(registers.rsp)
}

/// At a function's entry: leaves it, as if it had written its result.
pub(super) fn set_returned(registers: &mut Registers, return_address: u64) {
    registers.rax = registers.rdi;
    registers.rsp += 8;
    registers.rip = return_address;
}

pub(super) fn set_syscall(registers: &mut Registers, number: i64, arguments: [u64; 6]) {
    registers.rax = number.cast_unsigned();
    // Not within a system call: the kernel has nothing to restart.
    registers.orig_rax = u64::MAX;
    [registers.rdi, registers.rsi, registers.rdx, registers.r10, registers.r8, registers.r9] = arguments;
}

pub(super) fn syscall_result(registers: &Registers) -> i64 {
    registers.rax.cast_signed()
}

/// The system call that a thread has just entered, with its first arguments; `None` where it is about to leave one.
pub(super) fn entered(registers: &Registers) -> Option<(i64, [u64; 4])> {
    // What the kernel sets until there is a result.
    let entering = registers.rax.cast_signed() == -i64::from(nix::libc::ENOSYS);
    let arguments = [registers.rdi, registers.rsi, registers.rdx, registers.r10];
    entering.then_some((registers.orig_rax.cast_signed(), arguments))
}

/// The calls besides those of every architecture that change files: number, and what they are given.
pub(super) const FILE_CALLS: &[(i64, super::files::Call)] = {
    use super::files::Call;
    use nix::libc;
    &[
        (libc::SYS_open, Call { folders: &[None], paths: &[0], flags: Some(1) }),
        (libc::SYS_creat, Call { folders: &[None], paths: &[0], flags: None }),
        (libc::SYS_rename, Call { folders: &[None, None], paths: &[0, 1], flags: None }),
        (libc::SYS_unlink, Call { folders: &[None], paths: &[0], flags: None }),
        (libc::SYS_mkdir, Call { folders: &[None], paths: &[0], flags: None }),
        (libc::SYS_rmdir, Call { folders: &[None], paths: &[0], flags: None }),
        (libc::SYS_symlink, Call { folders: &[None], paths: &[1], flags: None }),
        (libc::SYS_link, Call { folders: &[None], paths: &[1], flags: None }),
    ]
};
