//! `cargo spawncheck explain`, and the code in what it prints: all of it compiles, repairs pass their tests, and what is said to be
//! brittle or a victim is.

use spawncheck_tests::{Example, Kind, TestId, tool};
use std::fmt::Write;
use std::fs;
use std::path::Path;

#[test]
fn list_and_text() {
    let project = tool!().empty();
    let list = project.run_command(["explain"]);
    list.assert_exit(0);
    for kind in ["victim  fails in-process", "racy  passes one", "diverges  a worker"] {
        assert!(list.stdout.contains(kind), "{list}");
    }
    let text = project.run_command(["explain", "victim"]);
    text.assert_exit(0);
    assert!(text.stdout.starts_with("victim: fails in-process"), "{text}");
    // In a pipe there are no colours.
    assert!(!text.stdout.contains('\u{1b}'), "{text}");
    let colored = project.run_command(["explain", "victim", "--color", "always"]);
    assert!(colored.stdout.contains('\u{1b}'), "{colored}");
}

#[test]
fn unknown_kind() {
    let outcome = tool!().empty().run_command(["explain", "britle"]);
    outcome.assert_exit(2).assert_stderr("'brittle'");
}

/// Every block of code as a module: `KIND::before_N`, or `KIND::repair_N` after the heading that says so.
fn modules() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("cargo-spawncheck").join("src/explain");
    let mut all = "#![allow(dead_code, unused_imports, reason = \"examples\")]\n".to_owned();
    for entry in fs::read_dir(&folder).expect("the folder of texts can be listed") {
        let path = entry.expect("the folder of texts can be listed").path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let kind = path.file_stem().and_then(|stem| stem.to_str()).expect("texts have names in UTF-8");
        let text = fs::read_to_string(&path).expect("a text can be read");
        writeln!(all, "mod {kind} {{\n{}}}", blocks(&text)).expect("a string takes everything");
    }
    all
}

fn blocks(text: &str) -> String {
    let (mut modules, mut number, mut repairs, mut in_code) = (String::new(), 0, false, false);
    for line in text.lines() {
        repairs |= line == "## Repairs";
        if line == "```rust" {
            number += 1;
            in_code = true;
            modules += &format!("mod {}_{number} {{\n", if repairs { "repair" } else { "before" });
        } else if line == "```" {
            in_code = false;
            modules += "}\n";
        } else if in_code {
            modules += &format!("{line}\n");
        }
    }
    modules
}

#[test]
fn code() {
    // Its dependencies are those that the texts need.
    let example = Example::new(env!("CARGO_TARGET_TMPDIR"), "explain", "lossy");
    let example = example.write("tests/explained.rs", &modules());
    // Compiles everything, and runs the repairs.
    let repairs = example.cargo("test", &["--test", "explained", "repair"]);
    repairs.assert_exit(0);
    for kind in ["brittle", "victim", "repeat", "racy", "diverges", "lossy", "oversized"] {
        assert!(repairs.stdout.contains(&format!("test {kind}::repair_")), "no repair for {kind}{repairs}");
    }
    // What is shown before them is what it is said to be.
    let outcome = tool!()
        .project("explain", example.root())
        .target_dir(example.target())
        .args(["--test", "explained", "brittle::", "victim::"])
        .run();
    let finding = |test| TestId::new("lossy::explained", test);
    let expected = [
        (finding("brittle::before_1::b_needs_a_region"), Kind::Brittle),
        (finding("victim::before_1::b_starts_empty"), Kind::Victim),
    ];
    assert_eq!(Vec::from_iter(outcome.report().findings), expected, "{outcome}");
}
