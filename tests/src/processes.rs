//! Which processes a project's tests have left.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// The processes that work in a directory or below it.
///
/// Tests run in their package's directory, and so do their children. No other mark gets through to all of them: a sealed
/// child sees no variable of ours, and what a test starts has arguments of its own.
#[derive(Clone, Debug)]
pub struct Processes {
    directory: PathBuf,
}

impl Processes {
    #[must_use]
    pub fn below(directory: &Path) -> Self {
        Self { directory: directory.to_owned() }
    }

    /// The command lines, arguments separated by spaces.
    #[must_use]
    pub fn command_lines(&self) -> Vec<String> {
        let entries = fs::read_dir("/proc").expect("`/proc` is mounted");
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        // A process may end while it is looked at, and a dead one has no directory any more.
        paths.filter(|path| self.works_here(path)).filter_map(|path| command_line(&path)).collect()
    }

    /// # Panics
    /// Some are still there after `timeout`.
    #[track_caller]
    pub fn assert_gone_within(&self, timeout: Duration) {
        let start = Instant::now();
        let mut left = self.command_lines();
        while !left.is_empty() {
            assert!(start.elapsed() < timeout, "still there after {timeout:?}: {left:#?}");
            thread::sleep(Duration::from_millis(20));
            left = self.command_lines();
        }
    }

    fn works_here(&self, process: &Path) -> bool {
        fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd.starts_with(&self.directory))
    }
}

fn command_line(process: &Path) -> Option<String> {
    let bytes = fs::read(process.join("cmdline")).ok()?;
    Some(String::from_utf8_lossy(&bytes).replace('\0', " ").trim_end().to_owned())
}
