//! The interpreter fixture, built once with a target for each of many suites.

use crate::suite::Suite;
use spawncheck_tests::{Outcome, Tool};
use std::fs;
use std::path::{Path, PathBuf};

/// How many suites one run of the tool can cover.
pub(crate) const SUITES: usize = 26;

/// A copy of the fixture. It stays where it is from one run of these tests to the next, so that it is built only once.
pub(crate) struct Interpreter {
    tool: Tool,
    root: PathBuf,
}

impl Interpreter {
    /// Copies the fixture and gives it its targets.
    pub(crate) fn prepare() -> Self {
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/interpreter");
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("interpreter");
        let read = |file: &str| fs::read_to_string(fixture.join(file)).expect("the fixture is whole");
        let write = |file: &str, text: &str| write_if_new(&root.join(file), text);

        let mut manifest = read("Cargo.toml");
        for index in 0..SUITES {
            let target = target(index);
            write(&format!("tests/{target}.rs"), &read("tests/suite_00.rs"));
            if index > 0 {
                manifest += &format!("\n[[test]]\nname = \"{target}\"\nharness = false\n");
            }
        }
        write("Cargo.toml", &manifest);
        write("Cargo.lock", &read("Cargo.lock"));
        write("src/lib.rs", &read("src/lib.rs"));
        Self { tool: spawncheck_tests::tool!(), root }
    }

    /// Runs the tool on these suites and on nothing else.
    pub(crate) fn run(&self, suites: &[Suite]) -> Outcome {
        let mut selection = Vec::new();
        for (index, suite) in suites.iter().enumerate() {
            write_if_new(
                &self.root.join("suites").join(target(index)).with_extension("txt"),
                &suite.to_string(),
            );
            selection.extend(["--test".to_owned(), target(index)]);
        }
        self.tool.project("interpreter", &self.root).args(selection).run()
    }
}

/// The id of the binary that runs the suite with this index.
pub(crate) fn binary(index: usize) -> String {
    format!("interpreter::{}", target(index))
}

fn target(index: usize) -> String {
    format!("suite_{index:02}")
}

/// Cargo builds again what was written again, even if nothing in it has changed.
fn write_if_new(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    written.unwrap_or_else(|error| panic!("cannot write `{}`: {error}", path.display()));
}
