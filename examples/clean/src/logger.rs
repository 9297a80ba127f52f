//! `examples/first-use` with a value in place of the `OnceLock`.

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Errors only.
    Quiet,
    /// Everything.
    Verbose,
}

/// Made by `main`, and passed on from there.
#[derive(Debug)]
pub struct Logger {
    level: Level,
}

impl Logger {
    /// A logger with this level, whatever others have asked for.
    pub fn new(level: Level) -> Self {
        Self { level }
    }

    /// The level that it was made with.
    pub fn level(&self) -> Level {
        self.level
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn can_be_quiet() {
        assert_eq!(Logger::new(Level::Quiet).level(), Level::Quiet);
    }

    #[test]
    fn can_be_verbose() {
        assert_eq!(Logger::new(Level::Verbose).level(), Level::Verbose);
    }
}
