//! Handles: values that mean something in one process only. Python finds out when it sends one; here it does not compile.
//!
//! An open file is a number in a table that the kernel keeps for each process:
//!
//! ```compile_fail,E0277
//! fn count(file: std::fs::File) -> usize {
//!     std::io::read_to_string(file).map_or(0, |text| text.lines().count())
//! }
//! spawncheck::check(count);
//! ```
//!
//! ```text
//! `File` cannot cross into another process
//! a file, socket or child: pass its path or address, and open it in the worker
//! ```
//!
//! A lock excludes the threads of one process. (serde would send what is in it, and the worker would lock a copy.)
//!
//! ```compile_fail,E0277
//! fn count_up(total: std::sync::Mutex<u64>) {
//!     *total.lock().unwrap() += 1;
//! }
//! spawncheck::check(count_up);
//! ```
//!
//! ```text
//! `std::sync::Mutex<u64>` cannot cross into another process
//! a lock, guard, channel or thread: pass the data in it, or the address of the process that owns it
//! ```
//!
//! A shared pointer points into the memory of one process:
//!
//! ```compile_fail,E0277
//! fn sum(numbers: std::rc::Rc<Vec<u64>>) -> u64 {
//!     numbers.iter().sum()
//! }
//! spawncheck::check(sum);
//! ```
//!
//! ```text
//! `Rc<Vec<u64>>` cannot cross into another process
//! a reference, pointer, `Rc` or `Arc`: pass the value itself; what is large as `spawncheck::Shared`
//! ```
//!
//! The repairs are below: a path that is opened inside the worker, a part of the result instead of a place to add it to,
//! and the value itself.
//!
//! ```sh
//! cargo test      # all pass
//! ```

use std::path::PathBuf;

/// Instead of the file, its path.
pub fn count(path: PathBuf) -> Result<usize, String> {
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text.lines().count())
}

/// Instead of a locked total, what this worker adds to it: the parent does the adding.
pub fn addend(n: u64) -> u64 {
    n
}

/// Instead of a shared pointer, what it points to.
pub fn sum(numbers: Vec<u64>) -> u64 {
    numbers.into_iter().fold(0, u64::wrapping_add)
}
