//! The other examples repaired. `cargo spawncheck` has nothing to report here: each test makes what it needs, and what it
//! leaves behind is gone with its local variables.
//!
//! | module | inherited before | now |
//! | --- | --- | --- |
//! | [`pricing`] | two statics | a value that its owner passes on |
//! | [`greeting`] | an environment variable, read at every call | read once, by the caller, and passed as an argument |
//! | [`prices`] | the current directory | a path from a fixed point |
//! | [`logger`] | a `OnceLock`, set by whoever comes first | a value, made with the level that it shall have |

pub mod greeting;
pub mod logger;
pub mod prices;
pub mod pricing;
