//! Building a project without the tool, for tests that change what was built before the tool sees it.

use crate::Project;
use crate::benchmark::executable;
use std::path::PathBuf;

impl Project {
    /// Builds the tests of the library as the tool does, and returns their executable. The tool then finds it up to date.
    ///
    /// # Panics
    /// Cargo does not build it.
    #[must_use]
    #[track_caller]
    pub fn build_lib(&self) -> PathBuf {
        let args = ["test", "--no-run", "--lib", "--quiet", "--message-format", "json-render-diagnostics"];
        let messages = self.cargo(&args).read().unwrap_or_else(|error| panic!("cannot build: {error}"));
        let executable = executable(messages.as_bytes());
        executable.unwrap_or_else(|| panic!("cargo names no executable:\n{messages}"))
    }
}
