//! State that is inherited through a `OnceLock`: the first caller decides for all that come later.
//!
//! Loggers, connection pools and settings are often kept like this. `tests::can_be_quiet` comes first and asks for
//! [`Level::Quiet`]:
//!
//! - `tests::can_be_verbose` asks for [`Level::Verbose`] and gets it only in a process where it is first: a *victim*.
//! - `tests::knows_its_level` calls [`level`] without [`init`] and lives on the call of another test: *brittle*.
//!
//! There is nothing to clean up: a `OnceLock` in a static cannot be reset. Repair: make the settings a value that is
//! passed on, and let `main` decide how long it lives; see `examples/clean`.

use std::sync::OnceLock;

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Errors only.
    Quiet,
    /// Everything.
    Verbose,
}

static LEVEL: OnceLock<Level> = OnceLock::new();

/// Sets the level unless it is set already, and returns the one that holds.
pub fn init(level: Level) -> Level {
    *LEVEL.get_or_init(|| level)
}

/// The level that the first call of [`init`] set.
pub fn level() -> Option<Level> {
    LEVEL.get().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Comes first, so the level that it asks for holds from here on.
    #[test]
    fn can_be_quiet() {
        assert_eq!(init(Level::Quiet), Level::Quiet);
    }

    /// Victim: true where this is the first call of `init`.
    #[test]
    fn can_be_verbose() {
        assert_eq!(init(Level::Verbose), Level::Verbose);
    }

    /// Brittle: nobody in this test calls `init`.
    #[test]
    fn knows_its_level() {
        assert!(level().is_some());
    }
}
