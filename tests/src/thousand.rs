//! A test binary of a thousand tests that does whatever a text file says, so that many cases cost one build.
//!
//! Its tests share [`SLOTS`] statics, each by itself as in a real crate. Line `n` of `instance.txt` is the program of test
//! `n`: operations on statics, see [`Op`]. Nearly all lines are blank; all are of one length, so that a test finds its own at once.

mod instance;
mod judge;
mod program;

pub use instance::{Dependence, Instance};
pub use program::Op;

use crate::{Project, Tool};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// How many tests there are.
pub const TESTS: usize = 1000;

/// How many statics they share.
pub const SLOTS: usize = 64;

/// How long a line of `instance.txt` is, in bytes.
const LINE: usize = 256;

const MANIFEST: &str = "\
[package]
name = \"thousand\"
version = \"0.0.0\"
edition = \"2024\"

[workspace]
";

/// Test functions in the order of their names, which is the order in which they run.
const INTERPRETER: &str = "\
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

fn get(slot: &str) -> u32 {
    SLOTS[slot.parse::<usize>().unwrap()].load(Relaxed)
}

fn set(slot: &str, value: u32) {
    SLOTS[slot.parse::<usize>().unwrap()].store(value, Relaxed);
}

fn run(test: usize) {
    let mut instance = File::open(\"instance.txt\").unwrap();
    let mut line = [0; LINE];
    instance.seek(SeekFrom::Start((test * LINE) as u64)).unwrap();
    instance.read_exact(&mut line).unwrap();
    for op in str::from_utf8(&line).unwrap().trim_end().split_terminator(';') {
        match op.split(' ').collect::<Vec<_>>()[..] {
            [\"set\", slot, value] => set(slot, value.parse().unwrap()),
            [\"copy\", from, to] => set(to, get(from)),
            [\"none\", ref slots @ ..] => assert!(slots.iter().all(|slot| get(slot) == 0), \"{op}\"),
            [\"some\", ref slots @ ..] => assert!(slots.iter().any(|slot| get(slot) != 0), \"{op}\"),
            [\"all\", ref slots @ ..] => assert!(slots.iter().all(|slot| get(slot) != 0), \"{op}\"),
            [\"notall\", ref slots @ ..] => assert!(slots.iter().any(|slot| get(slot) == 0), \"{op}\"),
            _ => panic!(\"{op}\"),
        }
    }
}
";

/// The crate of these tests, in a directory where it stays from one run to the next.
#[derive(Debug)]
pub struct Thousand {
    tool: Tool,
    root: PathBuf,
}

impl Thousand {
    /// # Errors
    /// The crate cannot be written.
    pub fn prepare(tool: Tool, root: impl Into<PathBuf>) -> io::Result<Self> {
        let root = root.into();
        fs::create_dir_all(root.join("src"))?;
        write_if_new(&root.join("Cargo.toml"), MANIFEST)?;
        write_if_new(&root.join("src/lib.rs"), &source())?;
        Ok(Self { tool, root })
    }

    /// The project with an instance.
    ///
    /// # Errors
    /// The instance cannot be written.
    pub fn with(&self, instance: &Instance) -> io::Result<Project> {
        fs::write(self.root.join("instance.txt"), instance.to_string())?;
        Ok(self.tool.project("thousand", &self.root))
    }
}

/// The name of a test.
#[must_use]
pub fn test_name(test: usize) -> String {
    format!("t{test:04}")
}

/// The path of a static.
#[must_use]
pub fn static_name(slot: usize) -> String {
    format!("thousand::S{slot}")
}

fn source() -> String {
    let mut source = String::from(INTERPRETER);
    let _ = writeln!(source, "const LINE: usize = {LINE};");
    for slot in 0..SLOTS {
        let _ = writeln!(source, "static S{slot}: AtomicU32 = AtomicU32::new(0);");
    }
    let slots: Vec<String> = (0..SLOTS).map(|slot| format!("&S{slot}")).collect();
    let _ = writeln!(source, "static SLOTS: [&AtomicU32; {SLOTS}] = [{}];", slots.join(", "));
    for test in 0..TESTS {
        let _ = writeln!(source, "#[test]\nfn {}() {{\n    run({test});\n}}", test_name(test));
    }
    source
}

/// Cargo builds again what was written again, even if nothing in it has changed.
fn write_if_new(path: &Path, text: &str) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) { Ok(()) } else { fs::write(path, text) }
}
