//! A place where a tracer can stop a process at the moment when a worker is called.
//!
//! # The contract
//!
//! The function `spawncheck::serve::stop::stop_point` (the symbol, demangled and without its hash) is entered once for each
//! call of a worker, in the process and on the thread that makes the call: in a fork where the context is one, in a new
//! thread where it is that. Setup is over then, the input is decoded, and nothing of ours runs between its return and the
//! worker, or the user's own code for a context of theirs. It has C's calling convention:
//!
//! | argument | type | x86_64 | aarch64 |
//! | --- | --- | --- | --- |
//! | name of the worker, as in reports; UTF-8, no zero at its end | `*const u8` | rdi | x0 |
//! | length of that name in bytes | `usize` | rsi | x1 |
//! | number of the call, from 1, as the parent counts; a process that is used once sees only 1 | `u32` | edx | w2 |
//!
//! It does nothing. Its symbol is there in builds with optimization, with link-time optimization and with
//! `strip = "debuginfo"`, not with `strip = "symbols"`. Two versions of this crate in one executable have one each.
//!
//! # Why like this
//!
//! The address in a `static` is what keeps the signature: a function whose only calls are known may lose arguments that are
//! always the same, or its convention. An exported name (`no_mangle`) would clash where two versions of this crate are
//! linked. A breakpoint instruction of our own would end every process that nobody traces.

use std::hint::black_box;

/// Has code that nobody knows of call it, for all that the compiler can tell.
#[used]
static STOP_POINT: extern "C" fn(*const u8, usize, u32) = stop_point;

/// Where a tracer stops: see the module.
#[inline(never)]
extern "C" fn stop_point(worker: *const u8, length: usize, number: u32) {
    black_box((worker, length, number));
}

/// The worker of this name is about to be called for the how-manieth time.
pub(super) fn stop(worker: &str, number: u32) {
    stop_point(worker.as_ptr(), worker.len(), number);
}
