//! The file: `spawncheck/findings.json` in the target directory.

use super::KeptFinding;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::files;
use fs4::{FileExt, TryLockError};
use serde::{Deserialize, Serialize};
use spawncheck::child::Interrupt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The version of the file's content.
const SCHEMA: u32 = 1;

/// Room for some ten thousand findings; a larger file is not ours.
const MAX_BYTES: u64 = 16 << 20;

/// How often to ask for the lock: no system tells of it with a deadline.
const NAP: Duration = Duration::from_millis(10);

/// Where findings are kept.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
}

#[derive(Deserialize)]
struct Header {
    schema: u32,
}

#[derive(Deserialize)]
struct Content {
    findings: Vec<KeptFinding>,
}

#[derive(Serialize)]
struct Written<'a> {
    schema: u32,
    findings: &'a [KeptFinding],
}

impl Store {
    pub(crate) fn new(target: &Path) -> Self {
        Self { path: target.join("spawncheck").join("findings.json") }
    }

    /// What is kept; nothing if there is no file.
    ///
    /// # Errors
    /// The file cannot be read, or is none of ours.
    pub(crate) fn load(&self) -> Result<Vec<KeptFinding>> {
        let bytes = match self.read() {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(self.unreadable("failed to read", error)),
        };
        // The version first: of another one, nothing else is known.
        let header: Header = serde_json::from_slice(&bytes).map_err(|error| self.corrupt(error))?;
        if header.schema != SCHEMA {
            let message = format!("has schema {}, and this version knows {SCHEMA}", header.schema);
            return Err(self.corrupt(message));
        }
        let content: Content = serde_json::from_slice(&bytes).map_err(|error| self.corrupt(error))?;
        Ok(content.findings)
    }

    fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        check_is_file(&self.path)?;
        // Never more than that, whatever the file says of its size.
        File::open(&self.path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        match bytes.len() as u64 > MAX_BYTES {
            true => Err(io::Error::other(format!("larger than {MAX_BYTES} bytes"))),
            false => Ok(bytes),
        }
    }

    /// Keeps others out until the value is dropped: what several runs find at the same time is all kept.
    ///
    /// # Errors
    /// There is no file that can be locked (its folder is made if need be), another run does not let go of it for `patience`, or
    /// `interrupt` is raised meanwhile.
    pub(crate) fn lock(&self, patience: Duration, interrupt: &Interrupt) -> Result<File> {
        let path = self.path.with_extension("lock");
        let failed = |error: io::Error| {
            Error::new(ExitCode::WriteFailed, format!("failed to lock `{}`", path.display())).source(error)
        };
        let file = open_lock(&path).map_err(failed)?;
        let until = Instant::now() + patience;
        let error = loop {
            match FileExt::try_lock(&file) {
                Ok(()) => return Ok(file),
                Err(TryLockError::Error(error)) => break error,
                Err(TryLockError::WouldBlock) if interrupt.is_raised() => {
                    break io::ErrorKind::Interrupted.into();
                }
                Err(TryLockError::WouldBlock) if Instant::now() >= until => {
                    break io::Error::other(format!("another run has held it for {} s", patience.as_secs()));
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(NAP),
            }
        };
        Err(failed(error))
    }

    /// Replaces what is kept. A reader sees the old content or the new one, and of several writers the last one wins:
    /// whoever changes what there is holds the [`lock`](Self::lock).
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn save(&self, findings: &[KeptFinding]) -> Result<()> {
        let failed = |error: io::Error| {
            Error::new(ExitCode::WriteFailed, format!("failed to write `{}`", self.path.display()))
                .source(error)
        };
        let bytes = serde_json::to_vec(&Written { schema: SCHEMA, findings })
            .map_err(|error| failed(error.into()))?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(failed(io::Error::other("more findings than there is room for")));
        }
        files::write(&self.path, &bytes).map_err(failed)
    }

    fn corrupt(&self, reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        self.unreadable("failed to understand", reason)
    }

    fn unreadable(&self, what: &str, reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        Error::new(ExitCode::Setup, format!("{what} the kept findings in `{}`", self.path.display()))
            .source(reason)
            .hint("delete the file; the next run makes a new one")
    }
}

fn open_lock(path: &Path) -> io::Result<File> {
    std::fs::create_dir_all(path.parent().unwrap_or(path))?;
    match check_is_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    File::options().create(true).truncate(false).write(true).open(path)
}

/// Nothing else is opened: a pipe would wait for its other end.
fn check_is_file(path: &Path) -> io::Result<()> {
    match std::fs::metadata(path)?.is_file() {
        true => Ok(()),
        false => Err(io::Error::other("it is no regular file")),
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, Store};
    use crate::explanation::{Carrier, Cause, Channel};
    use crate::finding::Kind;
    use crate::keep::tests::{kept, kept_worker};
    use spawncheck::child::Interrupt;
    use std::time::Duration;

    fn cause() -> Cause {
        let carrier = Carrier {
            channel: Channel::Static,
            name: "p::RATE".into(),
            type_name: None,
            location: Some("src/lib.rs:3".into()),
            fresh: "1".into(),
            inherited: "2".into(),
        };
        Cause { carrier, confirmed: true, together_with: Vec::new(), sufficient: Some(true) }
    }

    fn store(content: Option<&str>) -> (tempfile::TempDir, Store) {
        let target = tempfile::tempdir().unwrap();
        let store = Store::new(target.path());
        if let Some(content) = content {
            std::fs::create_dir(target.path().join("spawncheck")).unwrap();
            std::fs::write(&store.path, content).unwrap();
        }
        (target, store)
    }

    #[test]
    fn what_is_saved_is_loaded() {
        let (target, store) = store(None);
        assert_eq!(store.load().unwrap(), []);
        let mut finding = kept(Kind::Brittle, "p::it", "an \"odd\"\nname");
        finding.causes.push(cause());
        finding.culprits = Some(vec!["a".into()]);
        store.save(&[kept(Kind::Leak, "p", "b")]).unwrap();
        let both = [finding, kept_worker("a", "quote")];
        store.save(&both).unwrap();
        assert_eq!(store.load().unwrap(), both);
        // Nothing temporary stays.
        assert_eq!(std::fs::read_dir(target.path().join("spawncheck")).unwrap().count(), 1);
    }

    #[test]
    fn several_writers() {
        let (target, store) = store(None);
        let of = |number: usize| vec![kept(Kind::Leak, "p", &number.to_string()); 100 * (number + 1)];
        store.save(&of(0)).unwrap();
        std::thread::scope(|scope| {
            for number in 0..4 {
                let store = Store::new(target.path());
                scope.spawn(move || (0..20).for_each(|_| store.save(&of(number)).unwrap()));
            }
            for _ in 0..50 {
                let found = store.load().unwrap();
                assert!((0..4).any(|number| found == of(number)), "{} findings", found.len());
            }
        });
    }

    #[track_caller]
    fn check_corrupt(content: &str, reason: &str) {
        let (_target, store) = store(Some(content));
        let error = store.load().unwrap_err().to_string();
        assert!(
            error.contains("findings.json") && error.contains(reason) && error.contains("delete"),
            "{error}"
        );
    }

    #[test]
    fn what_is_not_ours_is_refused() {
        check_corrupt("", "EOF");
        check_corrupt("{\"schema\":1,\"findings\":[{}]}", "missing field");
        check_corrupt("{\"schema\":2,\"findings\":0}", "schema 2");
        check_corrupt(&"[".repeat(1 << 20), "invalid type");
        check_corrupt(&" ".repeat(MAX_BYTES as usize + 1), "larger than");
    }

    #[test]
    fn a_later_version_may_add_fields() {
        let mut text = serde_json::to_value(kept(Kind::Victim, "p", "a")).unwrap();
        text["more"] = 1.into();
        let (_target, store) = store(Some(&format!("{{\"schema\":1,\"x\":0,\"findings\":[{text}]}}")));
        assert_eq!(store.load().unwrap(), [kept(Kind::Victim, "p", "a")]);
    }

    /// What was written before there was more to say.
    #[test]
    fn an_earlier_version_had_fewer_fields() {
        let finding = "{\"kind\":\"victim\",\"root\":\"/p\",\"package\":\"p\",\"binary\":\"p\",\"test\":\"a\",\
            \"selector\":[\"--lib\"],\"flags\":[],\"in_process\":\"failed\",\"spawned\":\"passed\",\"culprits\":null,\"causes\":[]}";
        let (_target, store) = store(Some(&format!("{{\"schema\":1,\"findings\":[{finding}]}}")));
        assert_eq!(store.load().unwrap(), [kept(Kind::Victim, "p", "a")]);
    }

    #[test]
    fn what_cannot_be_written() {
        let target = tempfile::tempdir().unwrap();
        std::fs::write(target.path().join("spawncheck"), "in the way").unwrap();
        let error = Store::new(target.path()).save(&[]).unwrap_err().to_string();
        assert!(error.contains("findings.json"), "{error}");
    }

    #[test]
    fn one_at_a_time() {
        let (_target, store) = store(None);
        let interrupt = Interrupt::new().unwrap();
        let first = store.lock(Duration::ZERO, &interrupt).unwrap();
        let error = store.lock(Duration::from_millis(20), &interrupt).unwrap_err().to_string();
        assert!(error.contains("findings.lock") && error.contains("another run"), "{error}");
        // An interrupt ends the wait, and not this test's time.
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| store.lock(Duration::from_secs(3600), &interrupt).unwrap_err());
            interrupt.raise();
            let error = waiting.join().unwrap().to_string();
            assert!(error.contains("interrupted"), "{error}");
        });
        drop(first);
        store.lock(Duration::ZERO, &interrupt).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_in_its_place_is_refused() {
        let (_target, store) = store(Some(""));
        for path in [&store.path, &store.path.with_extension("lock")] {
            let _ = std::fs::remove_file(path);
            assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
        }
        let errors =
            [store.load().unwrap_err(), store.lock(Duration::ZERO, &Interrupt::new().unwrap()).unwrap_err()];
        for error in errors.map(|error| error.to_string()) {
            assert!(error.contains("no regular file"), "{error}");
        }
    }
}
