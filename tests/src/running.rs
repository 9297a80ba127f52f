//! A run of the tool that is under way.

use crate::Outcome;
use std::time::{Duration, Instant};
use std::{fs, thread};
use tempfile::TempDir;

/// How long a run may take. A tool that hangs fails its test; it does not hang the suite.
const DEADLINE: Duration = Duration::from_secs(300);

/// A started process. It is killed if nobody waits for it.
#[derive(Debug)]
pub struct Running {
    handle: duct::Handle,
    /// The output goes to files: a pipe would have to be read until its last holder is gone, and a process that the
    /// tool leaves behind may be one.
    output: TempDir,
}

impl Running {
    /// Starts a command, see [`Project::command`](crate::Project::command). Redirections that it has already win.
    #[track_caller]
    pub fn start(command: &duct::Expression) -> Self {
        let output =
            TempDir::with_prefix("tests-of-spawncheck-").expect("cannot create a temporary directory");
        let command =
            command.stdout_path(output.path().join("stdout")).stderr_path(output.path().join("stderr"));
        let handle = command.start().unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        Self { handle, output }
    }

    #[must_use]
    pub fn pid(&self) -> u32 {
        self.handle.pids()[0]
    }

    /// What has been written to standard output so far.
    #[must_use]
    #[track_caller]
    pub fn stdout(&self) -> String {
        self.read("stdout")
    }

    /// Waits until `condition` holds.
    ///
    /// # Panics
    /// It never does, or the tool has ended before.
    #[track_caller]
    pub fn wait_until(&self, what: &str, condition: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !condition(self) {
            let ended = self.handle.try_wait().expect("a child can be waited for");
            if ended.is_some() || start.elapsed() > DEADLINE {
                let how = if ended.is_some() { "the tool ended" } else { "the deadline passed" };
                self.fail(&format!("{how} before {what}"));
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits for the end.
    ///
    /// # Panics
    /// It does not come in time.
    #[track_caller]
    pub fn wait(self) -> Outcome {
        self.wait_for(DEADLINE)
    }

    /// Waits for the end, at most for `timeout`.
    ///
    /// # Panics
    /// It does not come in time.
    #[track_caller]
    pub fn wait_for(self, timeout: Duration) -> Outcome {
        match self.handle.wait_timeout(timeout).expect("a child can be waited for") {
            Some(output) => Outcome::new(output.status, self.read("stdout"), self.read("stderr")),
            None => self.fail(&format!("the tool has not ended after {timeout:?}")),
        }
    }

    #[track_caller]
    fn fail(&self, message: &str) -> ! {
        panic!("{message}\n--- stdout\n{}\n--- stderr\n{}", self.read("stdout"), self.read("stderr"))
    }

    /// # Panics
    /// The output is not UTF-8: whatever the tests print, the tool's own output is text.
    #[track_caller]
    fn read(&self, name: &str) -> String {
        let path = self.output.path().join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read `{}`: {error}", path.display()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Nobody can be told here if that fails, and the process has most likely ended.
        let _ = self.handle.kill();
    }
}
