//! What the kernel says of a thread in one line.

use std::path::Path;

/// It is on its way out (`PF_EXITING`).
const EXITING: u64 = 4;

/// Some of `/proc/PID/task/TID/stat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stat {
    /// As the kernel abbreviates it: `R` for one that runs.
    pub(crate) state: char,
    flags: u64,
}

impl Stat {
    /// Of a thread, by its folder below `/proc`; `None` if it is gone.
    pub(crate) fn of(task: &Path) -> Option<Self> {
        Self::parse(&std::fs::read_to_string(task.join("stat")).ok()?)
    }

    fn parse(stat: &str) -> Option<Self> {
        // What it is called comes before, in parentheses, and may hold any character.
        let mut fields = stat.rsplit_once(") ")?.1.split(' ');
        let state = fields.next()?.chars().next()?;
        Some(Self { state, flags: fields.nth(5)?.parse().ok()? })
    }

    /// Whether it is about to end, and runs no code of the program any more.
    pub(super) fn is_exiting(self) -> bool {
        self.flags & EXITING != 0
    }

    /// Whether it has not ended; one that has stays listed until its tracer has heard of it.
    pub(crate) fn is_alive(self) -> bool {
        !matches!(self.state, 'Z' | 'X')
    }
}

#[cfg(test)]
mod tests {
    use super::Stat;

    #[test]
    fn a_thread_of_any_name() {
        let stat =
            |state: char, flags: u32| Stat::parse(&format!("12 (a) b) {state} 1 12 12 0 -1 {flags} 0 0 0"));
        let exiting = |flags| stat('S', flags).is_some_and(Stat::is_exiting);
        assert!(exiting(0x40_0004) && !exiting(0x40_0040));
        assert!(stat('R', 0).is_some_and(Stat::is_alive) && !stat('Z', 0).is_some_and(Stat::is_alive));
        assert_eq!((Stat::parse(""), Stat::parse("12 (a) S 1")), (None, None));
    }
}
