//! How many children may live at once, in all checks of this process together.

use crate::error::{Error, ErrorKind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The hard limit. (Forks count with the child that makes them: it waits meanwhile, as does the fork for the next call.)
const MOST: usize = 64;

/// How long a check waits for its turn.
const TURN: Duration = Duration::from_secs(15 * 60);

static RESERVED: Mutex<usize> = Mutex::new(0);
static RETURNED: Condvar = Condvar::new();
static LIVING: AtomicUsize = AtomicUsize::new(0);

/// The right to have so many children; returned when dropped.
pub(crate) struct Reserved(usize);

/// A living child; no longer when dropped.
pub(crate) struct Living(());

/// Waits until `children` more may live. All that one check needs at once: two that wait for each other's would never end.
pub(crate) fn reserve(children: usize) -> Result<Reserved, Error> {
    if children > MOST {
        let message = format!("a check of {children} children at once is too large (hint: fewer contexts)");
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let until = Instant::now() + TURN;
    let mut reserved = RESERVED.lock().unwrap_or_else(PoisonError::into_inner);
    while *reserved + children > MOST {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            let message =
                format!("other checks have had all {MOST} children for {} minutes", TURN.as_secs() / 60);
            return Err(Error::new(ErrorKind::Child, message));
        }
        reserved = RETURNED.wait_timeout(reserved, left).unwrap_or_else(PoisonError::into_inner).0;
    }
    *reserved += children;
    Ok(Reserved(children))
}

/// Counts a child that is about to be started.
pub(crate) fn living() -> Result<Living, Error> {
    let before = LIVING.fetch_add(1, Ordering::SeqCst);
    let living = Living(());
    if before >= MOST {
        return Err(Error::new(ErrorKind::Child, format!("{MOST} children live already")));
    }
    Ok(living)
}

impl Drop for Reserved {
    fn drop(&mut self) {
        *RESERVED.lock().unwrap_or_else(PoisonError::into_inner) -= self.0;
        RETURNED.notify_all();
    }
}

impl Drop for Living {
    fn drop(&mut self) {
        LIVING.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::{LIVING, MOST, living, reserve};
    use crate::ErrorKind;
    use std::sync::atomic::Ordering;

    /// More threads than there is room for, each with as many children as a check has.
    #[test]
    fn there_are_never_too_many() {
        let each = 7;
        std::thread::scope(|scope| {
            for _ in 0..3 * MOST / each {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let _reserved = reserve(each).unwrap();
                        let children: Vec<_> = (0..each).map(|_| living().unwrap()).collect();
                        assert!(LIVING.load(Ordering::SeqCst) <= MOST);
                        std::thread::yield_now();
                        drop(children);
                    }
                });
            }
        });
        // Without a reservation the limit holds all the same.
        let all: Vec<_> = (0..MOST).map(|_| living().unwrap()).collect();
        assert_eq!(living().map(drop).unwrap_err().kind(), ErrorKind::Child);
        drop(all);
        assert!(living().is_ok());
        assert_eq!(reserve(MOST + 1).map(drop).unwrap_err().kind(), ErrorKind::Usage);
    }
}
