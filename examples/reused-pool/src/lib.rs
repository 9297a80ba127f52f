//! A worker that leaves something behind.
//!
//! Pools keep their processes: starting one for each call is dear, and some libraries, joblib's loky for one, keep them
//! even from one `map` to the next. Then a call finds what the call before has left in its process, and which call that
//! was depends on how the work was dealt out.
//!
//! [`label`] writes into a buffer that it keeps in order not to allocate one each time, and never empties. Its first call in a
//! process is right. So it is in each fork and in each fresh child; what goes wrong is the second call, in a pool, on
//! a thread, or with no pool at all. The finding says which earlier call it takes to show that. [`repaired`] has a
//! buffer of its own.
//!
//! ```sh
//! cargo test      # names `label`, with one earlier call
//! ```

use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

static BUFFER: Mutex<String> = Mutex::new(String::new());

/// A label for this number: right the first time only.
pub fn label(n: u32) -> String {
    let mut buffer = BUFFER.lock().unwrap_or_else(PoisonError::into_inner);
    // Writing into a string does not fail.
    let _ = write!(buffer, "#{n}");
    buffer.clone()
}

/// A label for this number, each time.
pub fn repaired(n: u32) -> String {
    format!("#{n}")
}
