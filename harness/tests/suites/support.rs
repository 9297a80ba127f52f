//! Running a suite, and what came of it.

use serde_json::Value;
use spawncheck::child::{Command, Ended, Interrupt};
use std::ffi::OsString;
use std::path::Path;
use std::time::{Duration, Instant};

/// The variable that makes this executable a suite.
pub(crate) const SUITE: &str = "SUITE";

/// Longer than any of these suites takes, on a loaded machine too. (Under Wine a process takes 50 times as long to start.)
pub(crate) const LONG: Duration = Duration::from_secs(if cfg!(windows) { 300 } else { 60 });

/// A suite to be run, in a folder of its own.
pub(crate) struct Run {
    command: Command,
    folder: tempfile::TempDir,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The findings, as events.
    pub(crate) findings: Vec<Value>,
}

impl Run {
    pub(crate) fn new(suite: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut env: Vec<(OsString, OsString)> = std::env::vars_os().collect();
        let events = folder.path().join("events");
        let ours = [
            (SUITE, OsString::from(suite)),
            ("SPAWNCHECK_EVENTS", events.into()),
            ("CARGO_MANIFEST_DIR", folder.path().into()),
            ("CARGO_PKG_NAME", "p".into()),
            // Every process of this run can be found by it.
            ("SUITE_FOLDER", folder.path().into()),
        ];
        env.retain(|(name, _)| !ours.iter().any(|(our, _)| name == our));
        env.extend(ours.map(|(name, value)| (name.into(), value)));
        let command = Command {
            program: std::env::current_exe().unwrap(),
            args: Vec::new(),
            dir: folder.path().into(),
            env,
            patience: LONG,
            grace: LONG,
            keep: 1 << 20,
        };
        Self { command, folder }
    }

    pub(crate) fn args(mut self, args: &[&str]) -> Self {
        self.command.args = args.iter().map(OsString::from).collect();
        self
    }

    #[cfg(unix)]
    pub(crate) fn program(mut self, program: std::path::PathBuf) -> Self {
        self.command.program = program;
        self
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    #[cfg(any(target_os = "linux", feature = "reproduce"))]
    pub(crate) fn command(&self) -> &Command {
        &self.command
    }

    /// Runs it to its end; nothing of it may be left then.
    #[track_caller]
    pub(crate) fn done(&self) -> Done {
        let started = Instant::now();
        let ended = self.command.run(None, &Interrupt::new().unwrap(), &mut |_, _| ()).unwrap();
        assert!(started.elapsed() < LONG, "{ended:?}");
        assert_eq!(ended.killed, None, "{ended:?}");
        self.assert_nobody_left();
        self.read(&ended)
    }

    fn read(&self, ended: &Ended) -> Done {
        let code = match ended.exit {
            spawncheck::Exit::Code(code) => Some(code),
            spawncheck::Exit::Signal(_) => None,
        };
        let events = std::fs::read_to_string(self.folder().join("events")).unwrap_or_default();
        Done {
            code,
            stdout: ended.stdout.to_text(),
            stderr: ended.stderr.to_text(),
            findings: events.lines().map(|line| serde_json::from_str(line).unwrap()).collect(),
        }
    }

    /// No process that was started in this run still lives.
    #[track_caller]
    pub(crate) fn assert_nobody_left(&self) {
        let until = Instant::now() + Duration::from_secs(10);
        while !self.processes().is_empty() {
            assert!(Instant::now() < until, "still there: {:?}", self.processes());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Those whose environment names our folder. Only Linux tells.
    pub(crate) fn processes(&self) -> Vec<u32> {
        let mark = format!("SUITE_FOLDER={}\0", self.folder().display());
        let Ok(all) = std::fs::read_dir("/proc") else { return Vec::new() };
        let ids = all.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        ids.filter(|id: &u32| {
            let environment = std::fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
            environment.windows(mark.len()).any(|window| window == mark.as_bytes())
        })
        .collect()
    }
}

impl Done {
    /// The findings as `worker kind`, in alphabetical order.
    pub(crate) fn kinds(&self) -> Vec<String> {
        let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
        let mut kinds: Vec<_> = self
            .findings
            .iter()
            .map(|finding| format!("{} {}", text(finding, "worker"), text(finding, "kind")))
            .collect();
        kinds.sort();
        kinds
    }

    /// The one finding for a worker.
    #[track_caller]
    pub(crate) fn finding(&self, worker: &str) -> &Value {
        let mut findings = self.findings.iter().filter(|finding| finding["worker"] == worker);
        let finding = findings.next().unwrap_or_else(|| panic!("nothing about {worker}: {self:#?}"));
        assert!(findings.next().is_none(), "{self:#?}");
        finding
    }

    /// That it failed, and said each of `texts`.
    #[track_caller]
    pub(crate) fn fails_with(&self, texts: &[&str]) {
        assert_eq!(self.code, Some(101), "{self:#?}");
        let said = format!("{}{}", self.stdout, self.stderr);
        for text in texts {
            assert!(said.contains(text), "`{text}` is not in:\n{said}");
        }
    }
}
