//! Exit codes: nextest's where it has one, so that scripts written for it keep working.

/// What the process tells its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum ExitCode {
    /// Nothing denied was found.
    Ok = 0,
    /// The command line was wrong.
    Usage = 2,
    /// No tests ran.
    NoTests = 4,
    /// The configuration or the machine does not allow a run.
    Setup = 96,
    /// A test fails in both legs, a suspicion could not be confirmed in the time given, a binary ends badly after its last test, or
    /// tests were not run because others had failed.
    TestsFailed = 100,
    /// `cargo` could not build the tests.
    BuildFailed = 101,
    /// `cargo metadata` failed: often, this is no cargo project.
    MetadataFailed = 102,
    /// A test binary could not be asked for its tests.
    ListFailed = 104,
    /// The report could not be written.
    WriteFailed = 110,
    /// A finding whose level is `deny`.
    Findings = 120,
    /// Ended by Ctrl-C or a request to terminate.
    Interrupted = 130,
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code as u8)
    }
}
