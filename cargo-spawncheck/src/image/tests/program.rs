//! The program with the statics, compiled in one way, and a process of it that is looked into.

use crate::image::{Image, Static, Words};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

pub(super) const SOURCE: &str = include_str!("statics.rs");

/// Compiles the program in a folder of its own, where the compiler's by-products stay as well.
pub(super) fn compile(folder: &Path, options: &[&str]) -> PathBuf {
    let program = folder.join("statics");
    std::fs::write(folder.join("statics.rs"), SOURCE).unwrap();
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command.args(["--edition", "2024", "statics.rs", "-o"]).arg(&program).args(options).current_dir(folder);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    program
}

/// A process that waits for a line.
pub(super) struct Running {
    child: Child,
    output: BufReader<ChildStdout>,
    base: u64,
    memory: File,
}

impl Running {
    pub(super) fn start(program: &Path) -> Self {
        let mut child = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let memory = File::open(format!("/proc/{}/mem", child.id())).unwrap();
        let mut running = Self { child, output, base: 0, memory };
        running.wait();
        let maps = std::fs::read_to_string(format!("/proc/{}/maps", running.child.id())).unwrap();
        let first =
            maps.lines().find(|line| line.ends_with(program.file_name().unwrap().to_str().unwrap())).unwrap();
        running.base = u64::from_str_radix(first.split('-').next().unwrap(), 16).unwrap();
        running
    }

    pub(super) fn change(&mut self) {
        self.child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
        self.wait();
    }

    fn wait(&mut self) {
        let mut line = String::new();
        while line != "ready\n" {
            line.clear();
            assert_ne!(self.output.read_line(&mut line).unwrap(), 0, "the program ended");
        }
    }

    pub(super) fn bytes(&self, known: &Static) -> Vec<u8> {
        self.read(self.base + known.address, known.size as usize).unwrap()
    }

    /// Of the program itself: what it has from the libraries is not looked for.
    pub(super) fn function(&self, words: &Words, address: u64) -> Option<String> {
        words.function(address.checked_sub(self.base)?)
    }

    pub(super) fn read(&self, address: u64, size: usize) -> Option<Vec<u8>> {
        let mut bytes = vec![0; size];
        self.memory.read_exact_at(&mut bytes, address).ok().map(|()| bytes)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The end of its input ends it, too; it may have been stopped in between.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(super) fn open(program: &Path) -> Image {
    Image::open(program, &|name| name.contains("main")).unwrap()
}
