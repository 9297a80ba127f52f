//! Registers and instructions of aarch64.

use nix::libc::user_regs_struct as Registers;

/// `brk #0`.
pub(super) const BREAK: &[u8] = &[0x00, 0x00, 0x20, 0xd4];

/// `svc #0`.
pub(super) const SYSCALL: &[u8] = &[0x01, 0x00, 0x00, 0xd4];

/// The address of the breakpoint at which a thread was stopped.
pub(super) fn broke_at(registers: &Registers) -> u64 {
    registers.pc
}

pub(super) fn set_next(registers: &mut Registers, address: u64) {
    registers.pc = address;
}

/// At a function's entry: its first two arguments.
pub(super) fn arguments(registers: &Registers) -> (u64, u64) {
    (registers.regs[0], registers.regs[1])
}

/// At a function's entry: its third argument, of 32 bits.
pub(super) fn third_argument(registers: &Registers) -> u32 {
    registers.regs[2] as u32
}

pub(super) fn set_arguments(registers: &mut Registers, (first, second): (u64, u64)) {
    (registers.regs[0], registers.regs[1]) = (first, second);
}

/// At the entry of a function that returns through memory: where that is.
pub(super) fn result_address(registers: &Registers) -> u64 {
    registers.regs[8]
}

/// At a function's entry: where it returns to.
pub(super) fn return_address<E>(
    registers: &Registers,
    _read: impl Fn(u64) -> Result<u64, E>,
) -> Result<u64, E> {
    Ok(registers.regs[30])
}

/// At a function's entry: leaves it, as if it had written its result.
pub(super) fn set_returned(registers: &mut Registers, return_address: u64) {
    registers.pc = return_address;
}

pub(super) fn set_syscall(registers: &mut Registers, number: i64, arguments: [u64; 6]) {
    registers.regs[8] = number.cast_unsigned();
    registers.regs[..6].copy_from_slice(&arguments);
}

pub(super) fn syscall_result(registers: &Registers) -> i64 {
    registers.regs[0].cast_signed()
}

/// The system call that a thread has just entered, with its first arguments; `None` where it is about to leave one.
pub(super) fn entered(registers: &Registers) -> Option<(i64, [u64; 4])> {
    // The kernel tells entry from exit by this register, for as long as the thread is stopped.
    let entering = registers.regs[7] == 0;
    let arguments = [registers.regs[0], registers.regs[1], registers.regs[2], registers.regs[3]];
    entering.then_some((registers.regs[8].cast_signed(), arguments))
}

/// The calls besides those of every architecture that change files: there are none.
pub(super) const FILE_CALLS: &[(i64, super::files::Call)] = &[];
