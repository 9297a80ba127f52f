//! Where a finding cannot be explained as usual: it stands all the same, with what could be shown, and says why no more.
//!
//! Tests that are in the way themselves are in the table of fixtures (`unexplained`). Here it is the binary, or the caller.
#![cfg(target_os = "linux")]

mod binary;
mod linux;

use binary::Binary;
use spawncheck_tests::table::{Cause, Causes, Culprits, Expected, HAS_CAUSES};
use spawncheck_tests::{Kind, Outcome, Project, Running, TestId, tool};
use std::fs;

const RATE: &[Cause] = &[Cause::new("static", "unexplained::RATE")];

const IN_TESTS: &[Cause] = &[Cause::new("static", "unexplained::tests::RATE")];

/// The tests that set the static are named in any case.
const CULPRITS: Expected =
    Expected { culprits: Culprits::Exactly(&["tests::a_configures"]), ..Expected::NOTHING };

/// The static is named, whatever else is missing.
const NAMED: Expected = Expected { causes: Causes::Exactly(RATE), ..CULPRITS };

/// Perhaps the static is named; nothing else is.
const PERHAPS_NAMED: Expected = Expected { causes: Causes::AtMost(RATE), ..CULPRITS };

/// Nothing is named, and there is a word about the reason.
const fn unnamed(reason: &'static [&'static str]) -> Expected {
    Expected { causes: Causes::Exactly(&[]), notes: reason, ..CULPRITS }
}

fn project() -> Project {
    tool!().copy("unexplained").args(["--lib"])
}

#[track_caller]
fn check(outcome: &Outcome, expected: Expected) {
    outcome.assert_exit(120);
    let report = outcome.report();
    let brittle = TestId::new("unexplained", "tests::b_needs_the_rate");
    let victim = TestId::new("unexplained", "tests::c_needs_the_default");
    assert_eq!(report.findings.get(&brittle), Some(&Kind::Brittle), "{outcome}");
    assert_eq!(report.findings.get(&victim), Some(&Kind::Victim), "{outcome}");
    for id in [brittle, victim] {
        let explanation = &report.explanations[&id];
        let differences = expected.differences(explanation, HAS_CAUSES);
        assert!(differences.is_empty(), "{id}: {}{outcome}", differences.join("\n"));
        let reason = !explanation.notes.is_empty();
        assert!(reason || !explanation.confirmed().is_empty(), "{id}: no cause, and no word why{outcome}");
    }
    check_limits(&report.limited, expected, outcome);
}

/// Once for both: why their binary cannot be looked into, where it cannot.
#[track_caller]
fn check_limits(limited: &[(String, String)], expected: Expected, outcome: &Outcome) {
    match (expected.causes, limited) {
        (Causes::Exactly(&[]), [(binary, reason)]) => {
            assert_eq!(binary, "unexplained", "{outcome}");
            assert!(reason.starts_with("no cause is looked for: "), "{outcome}");
            assert!(expected.notes.iter().all(|note| reason.contains(note)), "{outcome}");
        }
        (Causes::Exactly([_, ..]), []) | (Causes::AtMost(_), _) => {}
        _ => panic!("limits {limited:?}{outcome}"),
    }
}

/// With a setting of the profile.
#[track_caller]
fn check_profile(setting: &str, value: &str, expected: Expected) {
    let project = project().env(&format!("CARGO_PROFILE_TEST_{setting}"), value);
    check(&project.run(), expected);
}

#[test]
fn without_symbols() {
    check_profile("STRIP", "symbols", unnamed(&["symbols"]));
}

#[test]
fn without_debug_info() {
    check_profile("DEBUG", "0", NAMED);
}

#[test]
fn with_line_tables_only() {
    check_profile("DEBUG", "line-tables-only", NAMED);
}

#[test]
fn optimized() {
    // Several codegen units, and functions that are inlined into each other.
    check_profile("OPT_LEVEL", "2", NAMED);
}

#[test]
fn with_split_debug_info() {
    const WHOLE: Expected = Expected {
        causes: Causes::Exactly(&[Cause::new("static", "unexplained::RATE")
            .at("src/lib.rs:5")
            .values("1", "2")]),
        ..CULPRITS
    };
    check_profile("SPLIT_DEBUGINFO", "packed", WHOLE);
    check_profile("SPLIT_DEBUGINFO", "unpacked", WHOLE);
}

#[test]
fn without_the_split_debug_info() {
    let project = project().env("CARGO_PROFILE_TEST_SPLIT_DEBUGINFO", "unpacked");
    let executable = project.build_lib();
    let directory = executable.parent().expect("it is in a directory");
    let mut removed = 0;
    for entry in directory.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "dwo" || extension == "o") {
            fs::remove_file(path).unwrap();
            removed += 1;
        }
    }
    assert!(removed > 0, "nothing is split off");
    check(&project.run(), NAMED);
}

/// With a part of the executable changed that no loader looks at.
#[track_caller]
fn check_corrupt(change: impl Fn(&mut Binary), expected: Expected) {
    let project = project();
    let mut binary = Binary::open(project.build_lib()).expect("it was just built");
    change(&mut binary);
    binary.save().expect("it can be replaced");
    check(&project.run(), expected);
    assert!(binary.is_unchanged(), "cargo has built it again");
}

#[test]
fn corrupt_debug_info() {
    check_corrupt(|binary| binary.overwrite(".debug_info"), NAMED);
}

#[test]
fn corrupt_abbreviations() {
    check_corrupt(|binary| binary.overwrite(".debug_abbrev"), NAMED);
}

#[test]
fn corrupt_lines() {
    check_corrupt(|binary| binary.overwrite(".debug_line"), NAMED);
}

/// The symbols have no names.
#[test]
fn corrupt_link_of_the_symbol_table() {
    check_corrupt(|binary| binary.set_header(".symtab", binary::LINK, 0xffff), unnamed(&["symbols"]));
}

#[test]
fn corrupt_size_of_the_symbol_table() {
    check_corrupt(|binary| binary.set_header(".symtab", binary::SIZE, 0x7fff_fff8), unnamed(&["symbols"]));
}

#[test]
fn corrupt_offset_of_the_symbols_names() {
    check_corrupt(|binary| binary.set_header(".strtab", binary::OFFSET, 0x7fff_ffff), unnamed(&["symbols"]));
}

/// Symbols of functions and statics lead anywhere.
#[test]
fn corrupt_symbols() {
    check_corrupt(|binary| binary.overwrite(".symtab"), unnamed(&["symbols"]));
}

#[test]
fn corrupt_section_headers() {
    check_corrupt(Binary::lose_section_headers, unnamed(&["symbols"]));
}

/// A runner stands in for an emulator: what is traced would be the emulator.
#[test]
fn of_another_architecture() {
    let script = "binary=\"$1\"\nshift\nexec \"$binary.native\" \"$@\"\n";
    let project = project().file("emulator.sh", script);
    let emulator = project.root().join("emulator.sh");
    let project = with_runner(project, &["sh", emulator.to_str().expect("the path is text")]);
    let executable = project.build_lib();
    let mut native = executable.clone().into_os_string();
    native.push(".native");
    fs::copy(&executable, native).unwrap();
    let mut binary = Binary::open(executable).unwrap();
    binary.set_machine(object::elf::EM_S390.0);
    binary.save().unwrap();
    check(&project.run(), unnamed(&["architecture"]));
}

fn with_runner(project: Project, runner: &[&str]) -> Project {
    project.file(".cargo/config.toml", &format!("[target.'cfg(all())']\nrunner = {runner:?}\n"))
}

#[test]
fn behind_a_runner() {
    check(&with_runner(project(), &["env"]).run(), PERHAPS_NAMED);
}

/// A process with rights of its own is not traced by just anybody. That needs a group that is not the caller's, and so the
/// right to give files away; without it, the mode alone has to do.
#[test]
fn with_rights_of_its_own() {
    let project = project();
    linux::set_group_id(&project.build_lib()).unwrap();
    check(&project.run(), PERHAPS_NAMED);
}

#[test]
fn where_tracing_is_forbidden() {
    let project = project();
    let command = linux::without_tracing(&project.command());
    check(&Running::start(&command).wait(), unnamed(&["ptrace"]));
}

/// By the same bytes, in about the tenth run of its first test: both legs are confirmed by then.
#[test]
fn replaced_during_the_search() {
    let project = project().file("src/lib.rs", REPLACING);
    let outcome = project.run();
    let causes = Causes::AtMost(IN_TESTS);
    check(&outcome, Expected { culprits: Culprits::AtMost(&["tests::a_configures"]), causes, ..CULPRITS });
    assert!(project.root().join("replaced").exists(), "it was not replaced");
}

const REPLACING: &str = r#"
#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
    use std::{env, fs, process};

    static RATE: AtomicU64 = AtomicU64::new(1);

    fn replace() {
        let executable = env::current_exe().unwrap();
        let copy = executable.with_extension("copy");
        fs::copy(&executable, &copy).unwrap();
        fs::rename(copy, executable).unwrap();
    }

    #[test]
    fn a_configures() {
        RATE.store(2, Relaxed);
        fs::create_dir_all("runs").unwrap();
        fs::write(format!("runs/{}", process::id()), "").unwrap();
        // Two processes may make the tenth and the eleventh file before either of them counts.
        if fs::read_dir("runs").unwrap().count() >= 10 && fs::File::create_new("replaced").is_ok() {
            replace();
        }
    }

    #[test]
    fn b_needs_the_rate() {
        assert_eq!(RATE.load(Relaxed), 2);
    }

    #[test]
    fn c_needs_the_default() {
        assert_eq!(RATE.load(Relaxed), 1);
    }
}
"#;
