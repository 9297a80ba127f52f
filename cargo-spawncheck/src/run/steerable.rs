//! Whether the processes of a binary can be steered: found out once, and remembered with the reason.

use crate::image::Image;
use crate::suite::{Binary, Dialect};
use crate::trace::{Entries, Trouble};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What is known about one binary.
#[derive(Debug)]
pub(super) struct Steerable {
    executable: PathBuf,
    /// Why not, as far as its start tells.
    launch: Option<&'static str>,
    /// Read when first asked for: most runs have nothing to explain.
    entries: OnceLock<Result<Arc<Entries>, Trouble>>,
    /// Why not, after it was tried.
    tried: Mutex<Option<Trouble>>,
}

impl Steerable {
    pub(super) fn new(binary: &Binary) -> Self {
        let launch = match (binary.dialect, binary.launch.runner.is_empty()) {
            (Dialect::Mimic, _) => Some("it does not have the standard test harness"),
            (_, false) => Some("it is started by a runner"),
            _ => None,
        };
        let executable = binary.launch.executable.clone();
        Self { executable, launch, entries: OnceLock::new(), tried: Mutex::new(None) }
    }

    /// Where it can be stopped, or why it cannot be.
    pub(super) fn entries(&self) -> Result<Arc<Entries>, Trouble> {
        if let Some(trouble) = self.tried.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            return Err(trouble);
        }
        self.entries.get_or_init(|| self.read().map(Arc::new)).clone()
    }

    fn read(&self) -> Result<Entries, Trouble> {
        if let Some(reason) = self.launch {
            return Err(Trouble(reason.into()));
        }
        if changes_user(&self.executable) {
            return Err(Trouble("it runs as another user".into()));
        }
        let image = Image::open(&self.executable, &Entries::keep)
            .map_err(|reason| Trouble(format!("its symbols cannot be read: {reason}")))?;
        Entries::of(&image)
    }

    /// The system did not let a process be traced.
    pub(super) fn refused(&self, error: &std::io::Error) -> Trouble {
        self.remember(Trouble(format!("the system does not let it be traced: {error}")))
    }

    /// Its tests ran in another order than they were given.
    pub(super) fn disobeyed(&self) -> Trouble {
        self.remember(Trouble("its harness runs tests in an order of its own".into()))
    }

    fn remember(&self, trouble: Trouble) -> Trouble {
        *self.tried.lock().unwrap_or_else(PoisonError::into_inner) = Some(trouble.clone());
        trouble
    }
}

/// Whether an executable has the set-user-ID or set-group-ID bit: the kernel takes that from a traced process.
#[cfg(unix)]
fn changes_user(executable: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    executable.metadata().is_ok_and(|metadata| metadata.permissions().mode() & 0o6000 != 0)
}

#[cfg(not(unix))]
fn changes_user(_executable: &std::path::Path) -> bool {
    false
}
