//! Workers that harm themselves, their process or its channel: each is an outcome, and nothing is left behind.

use crate::Case;
use crate::support::Run;
use crate::under_test::config;
use spawncheck::proptest::prelude::*;
use spawncheck::{Config, Suite};
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

pub(crate) const CASES: &[Case] = &[
    ("a worker that is hostile everywhere alike is no finding", alike),
    ("what a hostile worker does is its outcome", outcomes),
    ("a worker that hangs is given up", hangs),
    ("large inputs cross, and are told", large),
];

/// Bytes that cross as such, not one by one: without optimization the latter takes long.
#[derive(Clone, Debug, PartialEq)]
struct Blob(Vec<u8>);

impl serde::Serialize for Blob {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Blob {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_byte_buf(Bytes).map(Self)
    }
}

struct Bytes;

impl serde::de::Visitor<'_> for Bytes {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("bytes")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }
}

/// Set in the process that plays the parent: there the worker is tame.
static TAME: AtomicBool = AtomicBool::new(false);

pub(crate) fn suite(name: &str) -> Option<Suite> {
    let config = Config {
        cases: 2,
        timeout: Duration::from_secs(1),
        max_shrink_time: Duration::from_millis(500),
        ..config()
    };
    let suite = Suite::new("s").config(config.clone());
    Some(match name {
        "hostile" => add(suite.setup(|| TAME.store(true, SeqCst))),
        "alike" => add(suite),
        "hangs" => {
            let config = Config { timeout: Duration::from_millis(200), cases: 100, ..config };
            suite.config(config).worker(
                "hangs",
                |_: u8| std::thread::sleep(Duration::from_secs(600)),
                any::<u8>(),
            )
        }
        "large" => {
            let blobs = any::<u8>().prop_map(|byte| Blob(vec![byte; 64 << 20]));
            let config = Config { timeout: Duration::from_secs(40), workers: 4, ..config };
            suite.config(config).worker("large", |Blob(bytes): Blob| bytes[0], blobs)
        }
        _ => return None,
    })
}

fn add(suite: Suite) -> Suite {
    let all = suite
        .worker("aborts", |n: u8| hostile(n, || std::process::abort()), any::<u8>())
        .worker("exits", |n: u8| hostile(n, || leave(0)), any::<u8>())
        .worker("sleeps", |n: u8| hostile(n, || std::thread::sleep(Duration::from_secs(600))), any::<u8>())
        .worker("prints", |n: u8| hostile(n, print_for_ever), any::<u8>())
        .worker("prints-much", |n: u8| hostile(n, print_much), any::<u8>());
    #[cfg(unix)]
    let all = unix::add(all);
    all
}

/// Does it, except where setup has run.
fn hostile(n: u8, deed: fn()) -> u8 {
    if !TAME.load(SeqCst) {
        deed();
    }
    n
}

fn leave(code: i32) {
    #[expect(clippy::exit, reason = "that is what these workers do")]
    std::process::exit(code)
}

fn print_for_ever() {
    loop {
        print_much();
    }
}

fn print_much() {
    for _ in 0..1000 {
        // Whoever reads it may have gone.
        let _ = std::io::stdout().write_all(&[b'o'; 4096]);
        let _ = std::io::stderr().write_all(&[b'e'; 4096]);
    }
}

#[cfg(unix)]
mod unix {
    use super::{hostile, leave};
    use nix::libc;
    use nix::unistd::{ForkResult, fork};
    use spawncheck::Suite;
    use spawncheck::proptest::prelude::any;
    use std::time::Duration;

    /// Where a child's pipe to its parent is; what hostile code would find by trying.
    const REPLIES: i32 = 201;

    pub(super) fn add(suite: Suite) -> Suite {
        suite
            // (Wine lets a thread hang on its overflow; nothing was seen of Windows itself.)
            .worker("overflows", |n: u8| hostile(n, || assert!(deeper(1) > 0)), any::<u8>())
            .worker("kills", |n: u8| hostile(n, kill), any::<u8>())
            .worker("stops", |n: u8| hostile(n, stop), any::<u8>())
            .worker("closes", |n: u8| hostile(n, close_all), any::<u8>())
            .worker("replaces", |n: u8| hostile(n, replace_all), any::<u8>())
            .worker("garbles", |n: u8| hostile(n, || write(b"garbage")), any::<u8>())
            .worker("garbles-much", |n: u8| hostile(n, || write(&[b'x'; 4096])), any::<u8>())
            .worker("cuts", |n: u8| hostile(n, cut_short), any::<u8>())
            .worker("forks", |n: u8| hostile(n, fork_and_leave), any::<u8>())
    }

    #[expect(unconditional_recursion, reason = "that is what this worker does")]
    fn deeper(n: u64) -> u64 {
        std::hint::black_box(deeper(std::hint::black_box(n) + 1)) + 1
    }

    fn kill() {
        // SAFETY: it ends this process.
        unsafe { libc::kill(libc::getpid(), libc::SIGKILL) };
    }

    fn stop() {
        // SAFETY: it stops this process.
        unsafe { libc::kill(libc::getpid(), libc::SIGSTOP) };
    }

    fn close_all() {
        for fd in 0..1024 {
            // SAFETY: this process does nothing more with any of them than find out that they are closed.
            unsafe { libc::close(fd) };
        }
    }

    /// The same numbers, but other files: what is written there must not be ours.
    fn replace_all() {
        let file = std::fs::File::create(std::env::temp_dir().join("replaced")).unwrap();
        for fd in 3..300 {
            // SAFETY: nobody else in this process relies on what these numbers meant.
            unsafe { libc::dup2(std::os::fd::AsRawFd::as_raw_fd(&file), fd) };
        }
        std::mem::forget(file);
    }

    fn write(bytes: &[u8]) {
        // SAFETY: the bytes are there for the time of the call.
        unsafe { libc::write(REPLIES, bytes.as_ptr().cast(), bytes.len()) };
    }

    /// The beginning of a right reply, and then the end of the process: the word that begins it is in what this process was
    /// started with.
    fn cut_short() {
        let environment = std::fs::read("/proc/self/environ").unwrap_or_default();
        let variable =
            environment.split(|byte| *byte == 0).find_map(|v| v.strip_prefix(b"SPAWNCHECK_CHILD="));
        let word = variable.and_then(|v| v.split(|byte| *byte == b',').next()).unwrap_or_default();
        let nonce = u64::from_str_radix(std::str::from_utf8(word).unwrap(), 16).unwrap_or_default();
        let mut frame = nonce.to_le_bytes().to_vec();
        frame.push(4);
        frame.extend(1_u32.to_le_bytes());
        frame.extend(1000_u64.to_le_bytes());
        frame.extend(b"not all of it");
        write(&frame);
        // SAFETY: it ends this process.
        unsafe { libc::_exit(5) };
    }

    fn fork_and_leave() {
        // SAFETY: the fork only sleeps.
        if let Ok(ForkResult::Child) = unsafe { fork() } {
            std::thread::sleep(Duration::from_secs(600));
        }
        leave(6);
    }
}

/// What a fresh child, and a fork that stands for one, makes of each worker.
const EXPECTED: &[(&str, &[&str])] = &[
    ("exits", &["exited: 0"]),
    ("sleeps", &["timed out"]),
    ("prints", &["timed out"]),
    #[cfg(unix)]
    ("aborts", &["killed: SIGABRT"]),
    #[cfg(unix)]
    ("overflows", &["killed: SIGABRT", "killed: SIGSEGV"]),
    #[cfg(unix)]
    ("kills", &["killed: SIGKILL"]),
    #[cfg(unix)]
    ("stops", &["timed out"]),
    #[cfg(unix)]
    ("closes", &["broke the channel: the worker closed or replaced it"]),
    #[cfg(unix)]
    ("replaces", &["broke the channel: the worker closed or replaced it"]),
    #[cfg(unix)]
    ("garbles", &["broke the channel: something else than a reply was written into it"]),
    #[cfg(unix)]
    ("garbles-much", &["broke the channel: something else than a reply was written into it"]),
    #[cfg(target_os = "linux")]
    ("cuts", &["exited: 5"]),
    #[cfg(unix)]
    ("forks", &["exited: 6"]),
];

fn alike() {
    let done = Run::new("alike").done();
    assert_eq!(done.kinds(), [""; 0], "{done:#?}");
    for (worker, expected) in EXPECTED {
        // Without a result there is nothing to compare.
        let unknown = expected[0].starts_with("broke");
        let verdict = if unknown { "FAILED" } else { "ok" };
        let mut lines = done.stdout.lines();
        let line = lines.find(|line| line.starts_with(&format!("test {worker} "))).unwrap();
        assert!(line.ends_with(&format!("... {verdict}")), "{line}: {done:#?}");
        let error = format!("worker `{worker}` cannot be checked with input");
        assert_eq!(done.stdout.contains(&error), unknown, "{worker}: {done:#?}");
    }
}

fn outcomes() {
    let done = Run::new("hostile").done();
    for (worker, expected) in EXPECTED {
        let finding = done.finding(worker);
        assert_eq!(finding["kind"], "diverges", "{finding:#}");
        for context in ["pool", "spawn"] {
            let outcome = &finding["outcomes"][context];
            assert!(expected.iter().any(|text| outcome == *text), "{context}: {finding:#}");
        }
        for context in ["inline", "thread"] {
            assert_eq!(finding["outcomes"][context], finding["input"], "{context}: {finding:#}");
        }
    }
    assert!(done.findings.iter().all(|finding| finding["worker"] != "prints-much"), "{done:#?}");
}

fn hangs() {
    let done = Run::new("hangs").done();
    done.fails_with(&["worker `hangs` did not end within 200ms for 3 inputs; gave up after 3 of 100 cases"]);
}

fn large() {
    let done = Run::new("large").done();
    assert_eq!(done.code, Some(0), "{done:#?}");
    assert_eq!(done.kinds(), ["large oversized"]);
    assert!(done.finding("large")["bytes"].as_u64().unwrap() >= 64 << 20, "{done:#?}");
}
