//! One run of the tool, with the time of its events.

use serde_json::Value;
use spawncheck_tests::benchmark::{Result, command, run_reading};
use std::fmt::Display;
use std::path::Path;

/// What a run showed of its first finding.
#[derive(Debug, Default)]
pub(crate) struct Timed {
    /// Seconds that the search for culprits, cause and proof took.
    pub(crate) explained: Option<f64>,
    /// Processes that the search for culprits took.
    pub(crate) runs: Option<u64>,
    /// Of the tool, in KiB.
    pub(crate) peak_memory: Option<u64>,
    /// The name of the first cause.
    pub(crate) cause: Option<String>,
}

impl Timed {
    /// Builds first, so that the time and the memory of that do not count.
    pub(crate) fn run(tool: &Path, directory: &Path) -> Result<Self> {
        let list = ["spawncheck", "list", "--lib"];
        run_reading(command(tool, directory).args(list), |_| ())?;
        let mut timed = Self::default();
        // A denied finding would be an exit code that means failure here.
        let args = ["spawncheck", "run", "--lib", "--message-format", "json"];
        let warn = ["--warn", "brittle", "--warn", "victim"];
        let sample = run_reading(command(tool, directory).args(args).args(warn), |line| {
            let event: Value = serde_json::from_str(line).unwrap_or_default();
            if event["type"] == "finding" && timed.explained.is_none() {
                timed.read(&event);
            }
        })?;
        timed.peak_memory = sample.peak_memory;
        Ok(timed)
    }

    fn read(&mut self, finding: &Value) {
        self.explained = finding["explained_ms"].as_f64().map(|milliseconds| milliseconds / 1e3);
        self.runs = finding["runs"].as_u64();
        self.cause = finding["causes"][0]["name"].as_str().map(str::to_owned);
    }
}

/// A cell of a table; empty if there is nothing to show.
pub(crate) fn cell(value: Option<impl Display>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| value.to_string())
}
