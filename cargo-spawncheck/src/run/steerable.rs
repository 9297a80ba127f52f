//! Whether the processes of a binary can be steered: found out once, and remembered with the reason.

use crate::image::Image;
use crate::suite::{Binary, Dialect};
use crate::trace::{Entries, Trouble};
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What is known about one binary.
#[derive(Debug)]
pub(super) struct Steerable {
    executable: PathBuf,
    /// It does not have the standard test harness; calls of workers are the same in all.
    foreign_harness: bool,
    /// It is started by a runner.
    has_runner: bool,
    /// Read when first asked for: most runs have nothing to explain.
    entries: OnceLock<Result<Arc<Entries>, Trouble>>,
    call_entries: OnceLock<Result<Arc<Entries>, Trouble>>,
    /// Why not, after it was tried.
    tried: Mutex<Option<Trouble>>,
}

impl Steerable {
    pub(super) fn new(binary: &Binary) -> Self {
        Self {
            executable: binary.launch.executable.clone(),
            foreign_harness: binary.dialect == Dialect::Mimic,
            has_runner: !binary.launch.runner.is_empty(),
            entries: OnceLock::new(),
            call_entries: OnceLock::new(),
            tried: Mutex::new(None),
        }
    }

    /// Where it can be stopped, or why it cannot be.
    pub(super) fn entries(&self) -> Result<Arc<Entries>, Trouble> {
        if let Some(trouble) = self.tried.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            return Err(trouble);
        }
        if self.foreign_harness {
            return Err(Trouble("it does not have the standard test harness".into()));
        }
        self.entries.get_or_init(|| self.read(Entries::of)).clone()
    }

    /// The same for calls of workers.
    pub(super) fn call_entries(&self) -> Result<Arc<Entries>, Trouble> {
        self.call_entries.get_or_init(|| self.read(Entries::of_calls)).clone()
    }

    fn read(&self, entries: fn(&Image) -> Result<Entries, Trouble>) -> Result<Arc<Entries>, Trouble> {
        if changes_user(&self.executable) {
            return Err(Trouble("it runs with rights of its own (set-user-ID or set-group-ID)".into()));
        }
        let image = Image::open(&self.executable, &Entries::keep)
            .map_err(|unreadable| Trouble(unreadable.to_string()))?;
        let entries = entries(&image)?;
        match self.has_runner {
            true => Err(Trouble("it is started by a runner".into())),
            false => Ok(Arc::new(entries)),
        }
    }

    /// A process could not be traced. That the system does not let it be, it will not do the next time either; that it had no
    /// descriptor or process to give says nothing about that.
    pub(super) fn refused(&self, error: &io::Error) -> Trouble {
        match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::Unsupported | ErrorKind::InvalidInput => {
                self.remember(Trouble(format!("the system does not let it be traced (ptrace): {error}")))
            }
            _ => Trouble(format!("it could not be traced: {error}")),
        }
    }

    /// Its tests ran in another order than they were given.
    pub(super) fn disobeyed(&self) -> Trouble {
        self.remember(Trouble("its harness runs tests in an order of its own".into()))
    }

    #[cfg(test)]
    pub(super) fn was_tried_in_vain(&self) -> bool {
        self.tried.lock().is_ok_and(|tried| tried.is_some())
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

#[cfg(all(test, unix))]
mod tests {
    use super::Steerable;
    use crate::suite::Dialect;
    use crate::suite::tests::binary;
    use nix::errno::Errno;

    #[test]
    fn only_a_refusal_is_remembered() {
        for (error, is_remembered) in [
            (Errno::EPERM, true),
            (Errno::EACCES, true),
            (Errno::ENOSYS, true),
            (Errno::EAGAIN, false),
            (Errno::EMFILE, false),
            (Errno::ECHILD, false),
        ] {
            let steerable = Steerable::new(&binary("p", Dialect::Libtest, &[]));
            let trouble = steerable.refused(&error.into());
            assert_eq!(steerable.entries() == Err(trouble.clone()), is_remembered, "{error}");
            assert_eq!(trouble.0.contains("does not let"), is_remembered, "{error}");
        }
    }
}
