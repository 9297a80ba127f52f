//! Who may run beside whom: processes share files and ports, so that some are worth waiting for.

use std::sync::{PoisonError, RwLock};

/// What several searches that go on at the same time share.
#[derive(Debug, Default)]
pub(crate) struct Company(RwLock<()>);

impl Company {
    /// Does `work` beside that of others; `alone`: with none of it beside.
    pub(crate) fn run<R>(&self, alone: bool, work: impl FnOnce() -> R) -> R {
        // Nothing is behind the lock that a panic could have left half done.
        let (_alone, _beside);
        match alone {
            true => _alone = self.0.write().unwrap_or_else(PoisonError::into_inner),
            false => _beside = self.0.read().unwrap_or_else(PoisonError::into_inner),
        }
        work()
    }
}

#[cfg(test)]
mod tests {
    use super::Company;
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    #[test]
    fn beside_others_and_alone() {
        let (company, live, both) = (Company::default(), AtomicUsize::new(0), Barrier::new(2));
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    // Neither waits for the other to be done.
                    company.run(false, || both.wait());
                    company.run(true, || {
                        assert_eq!(live.fetch_add(1, Ordering::SeqCst), 0);
                        std::thread::sleep(Duration::from_millis(20));
                        live.fetch_sub(1, Ordering::SeqCst);
                    });
                });
            }
        });
    }
}
