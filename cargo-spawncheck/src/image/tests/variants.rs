//! The same program in every form in which its debug information can come.

use super::program::{Running, SOURCE, compile, open};
use super::table::{Row, TABLE};
use crate::image::{Image, Static, Words, origin, readable};
use std::path::Path;

/// With all debug information, however it is stored, every word of the table is said.
fn says_everything(options: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let program = compile(folder.path(), options);
    everything_is_said_of(&program);
}

fn everything_is_said_of(program: &Path) {
    let image = open(program);
    let words = Words::of(&image);
    let mut running = Running::start(program);
    let mut differences = Vec::new();
    for changed in [false, true] {
        if changed {
            running.change();
        }
        for row @ (name, type_name, ..) in TABLE {
            let known = find(&image, name);
            let description = words.describe(known);
            let memory = |address, size| running.read(address, size);
            let value =
                words.value(known, &running.bytes(known), &memory, &|at| running.function(&words, at));
            let said = (description.type_name.as_deref(), description.location, value.as_str());
            let expected = (Some(*type_name), Some(line_of(name)), if changed { row.3 } else { row.2 });
            if said != expected {
                differences.push(format!("{name}: said {said:?}, expected {expected:?}"));
            }
        }
    }
    // Its symbol does not say what it is in.
    assert_eq!(words.describe(find(&image, "EXPORTED")).name, "statics::EXPORTED");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// By its path within the crate, which is written differently in the two manglings.
fn find<'a>(image: &'a Image, name: &str) -> &'a Static {
    let wanted = format!("statics::{name}");
    let matches = |known: &&Static| {
        let readable = readable(&known.symbol).replace("<_>", "<T>");
        readable == wanted || (name == "EXPORTED" && readable == name)
    };
    image.statics().iter().find(matches).unwrap_or_else(|| panic!("no static `{wanted}`"))
}

fn line_of(name: &str) -> String {
    let name = name.rsplit("::").next().unwrap();
    let declares = |line: &str| {
        let line = line.trim_start().trim_start_matches("pub ").trim_start_matches("static ");
        line.trim_start_matches("mut ").strip_prefix(name).is_some_and(|rest| rest.starts_with(": "))
    };
    let line = SOURCE.lines().position(declares).unwrap();
    format!("statics.rs:{}", line + 1)
}

/// Without: names are still right, and bytes are bytes.
fn says_names_alone(options: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let program = compile(folder.path(), options);
    names_alone_are_said_of(&program, TABLE);
}

fn names_alone_are_said_of(program: &Path, rows: &[Row]) {
    let image = open(program);
    let words = Words::of(&image);
    let running = Running::start(program);
    for (name, ..) in rows {
        let known = find(&image, name);
        let description = words.describe(known);
        assert_eq!((description.type_name, description.location), (None, None), "{name}");
        assert_eq!(description.name, readable(&known.symbol));
        let value = words.value(known, &running.bytes(known), &|_, _| panic!("it has no type"), &|_| None);
        match *name {
            "NUMBER" => assert_eq!(value, "0x00000007, 4 bytes"),
            "FLAG" => assert_eq!(value, "0x00, 1 byte"),
            "LONG" => assert_eq!(value, format!("{}..., 100 bytes", "00 ".repeat(16))),
            _ => assert!(
                value.ends_with(&format!(" {} bytes", known.size)) || known.size == 1,
                "{name}: {value}"
            ),
        }
    }
}

#[test]
fn full_debug_information() {
    says_everything(&["-g"]);
}

#[test]
fn dwarf_5() {
    says_everything(&["-g", "-C", "dwarf-version=5"]);
}

#[test]
fn the_newer_mangling() {
    says_everything(&["-g", "-C", "symbol-mangling-version=v0"]);
}

#[test]
fn packed() {
    says_everything(&["-g", "-C", "split-debuginfo=packed"]);
    says_everything(&["-g", "-C", "split-debuginfo=packed", "-C", "dwarf-version=5"]);
}

#[test]
fn unpacked() {
    says_everything(&["-g", "-C", "split-debuginfo=unpacked"]);
    says_everything(&["-g", "-C", "split-debuginfo=unpacked", "-C", "dwarf-version=5"]);
}

#[test]
fn one_unit() {
    says_everything(&["-g", "-C", "codegen-units=1"]);
}

#[test]
fn line_tables_only() {
    says_names_alone(&["-C", "debuginfo=line-tables-only"]);
}

#[test]
fn none() {
    says_names_alone(&["-C", "debuginfo=0"]);
}

#[test]
fn stripped_of_debug_information() {
    says_names_alone(&["-g", "-C", "strip=debuginfo"]);
}

#[test]
fn stripped_of_symbols() {
    let folder = tempfile::tempdir().unwrap();
    let image = open(&compile(folder.path(), &["-g", "-C", "strip=symbols"]));
    assert!(image.statics().iter().all(|known| !known.symbol.contains("NUMBER")), "{:?}", image.statics());
    assert!(image.functions(|_| true).is_empty());
    assert!(!image.writable.is_empty());
}

#[test]
fn files_that_are_missing_or_of_another_build() {
    for (kind, extension) in [("packed", "dwp"), ("unpacked", "dwo")] {
        let split = format!("split-debuginfo={kind}");
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let program = compile(folder.path(), &["-g", "-C", &split]);
        compile(other.path(), &["-g", "-C", &split, "-C", "opt-level=1"]);
        let files = |folder: &Path| {
            let is = |path: &std::path::PathBuf| path.extension().is_some_and(|known| known == extension);
            std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).filter(is).collect::<Vec<_>>()
        };
        assert!(!files(folder.path()).is_empty());
        for path in files(folder.path()) {
            std::fs::remove_file(path).unwrap();
        }
        names_alone_are_said_of(&program, TABLE);
        for path in files(other.path()) {
            let there = folder.path().join(path.file_name().unwrap());
            std::fs::copy(path, there).unwrap();
        }
        names_alone_are_said_of(&program, TABLE);
    }
}

#[test]
fn split_files_that_moved_with_the_program() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    compile(folder.path(), &["-g", "-C", "split-debuginfo=unpacked"]);
    for file in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
        std::fs::rename(file.path(), other.path().join(file.file_name())).unwrap();
    }
    everything_is_said_of(&other.path().join("statics"));
}

/// What the optimizer left of a static may be less than it was; what is said of the others must still be right.
#[test]
fn optimized() {
    let folder = tempfile::tempdir().unwrap();
    let program = compile(folder.path(), &["-g", "-C", "opt-level=3"]);
    let (image, running) = (open(&program), Running::start(&program));
    let words = Words::of(&image);
    let own = |known: &&Static| origin(&known.symbol) == crate::image::Origin::Crate("statics".into());
    let mut said = 0;
    for known in image.statics().iter().filter(own) {
        let Some((_, type_name, fresh, _)) =
            TABLE.iter().find(|(name, ..)| readable(&known.symbol).strip_prefix("statics::") == Some(name))
        else {
            continue;
        };
        let value =
            words.value(known, &running.bytes(known), &|address, size| running.read(address, size), &|at| {
                running.function(&words, at)
            });
        if let Some(said_type) = words.describe(known).type_name {
            said += 1;
            assert_eq!((said_type.as_str(), value.as_str()), (*type_name, *fresh), "{}", known.symbol);
        }
    }
    assert!(said > 20, "{said}");
}
