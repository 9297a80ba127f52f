//! Where there are no subreapers: on Windows each child's job object does the same, elsewhere its process group has to do.

/// The run needs no second process here.
pub(crate) fn supervise() -> std::io::Result<Option<std::process::ExitCode>> {
    Ok(None)
}

/// Children were ended with their groups or jobs.
pub(crate) fn end_orphans() {}
