//! What the caller can do to processes.

use nix::unistd::{Gid, Uid, chown};
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;

const PR_SET_SECCOMP: i32 = 22;
const PR_SET_NO_NEW_PRIVS: i32 = 38;
const SECCOMP_MODE_FILTER: usize = 2;

#[cfg(target_arch = "x86_64")]
const PTRACE: u32 = 101;
#[cfg(not(target_arch = "x86_64"))]
const PTRACE: u32 = 117;

const LOAD_WORD: u16 = 0x20;
const JUMP_IF_EQUAL: u16 = 0x15;
const RETURN: u16 = 0x06;
const ALLOW: u32 = 0x7fff_0000;
const ERROR: u32 = 0x0005_0000;
const EPERM: u32 = 1;

#[repr(C)]
struct Instruction {
    code: u16,
    if_true: u8,
    if_false: u8,
    operand: u32,
}

#[repr(C)]
struct Program {
    length: u16,
    instructions: *const Instruction,
}

unsafe extern "C" {
    fn prctl(option: i32, ...) -> i32;
}

const fn instruction(code: u16, if_false: u8, operand: u32) -> Instruction {
    Instruction { code, if_true: 0, if_false, operand }
}

/// The number of the system call is the first word of what a filter sees.
static FILTER: [Instruction; 4] = [
    instruction(LOAD_WORD, 0, 0),
    instruction(JUMP_IF_EQUAL, 1, PTRACE),
    instruction(RETURN, 0, ERROR | EPERM),
    instruction(RETURN, 0, ALLOW),
];

/// Forbids `ptrace` to a command and all that it starts, as containers do.
pub(crate) fn without_tracing(command: &duct::Expression) -> duct::Expression {
    command.before_spawn(|command| {
        // SAFETY: the filter is made of system calls alone, so it may be set between fork and exec.
        unsafe { command.pre_exec(forbid_tracing) };
        Ok(())
    })
}

fn forbid_tracing() -> io::Result<()> {
    let program = Program { length: FILTER.len() as u16, instructions: FILTER.as_ptr() };
    // SAFETY: the arguments are those that the two options take, and the program outlives the call.
    let failed = unsafe {
        prctl(PR_SET_NO_NEW_PRIVS, 1_usize, 0_usize, 0_usize, 0_usize) != 0
            || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &raw const program) != 0
    };
    if failed { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Makes an executable run with another group's rights, if the caller may give it to one.
pub(crate) fn set_group_id(executable: &Path) -> io::Result<()> {
    if Uid::effective().is_root() {
        chown(executable, None, Some(Gid::from_raw(65534)))?;
    }
    fs::set_permissions(executable, fs::Permissions::from_mode(0o2755))
}
