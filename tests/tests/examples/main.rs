//! Every example shows what `examples/README.md` promises, and nothing else.

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod causes;
mod python;
mod quoted;
mod replayed;
mod verdicts;
mod workers;

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_example_is_in_a_table_and_in_the_readme() {
    let verdicts = verdicts::EXAMPLES.iter().map(|example| example.name);
    let mut known: Vec<_> = verdicts.chain(workers::EXAMPLES.iter().map(|example| example.name)).collect();
    known.sort_unstable();
    let entries = examples().read_dir().unwrap().map(|entry| entry.unwrap());
    // Whatever else is there was built by somebody who tried them.
    let folders = entries.filter(|entry| entry.path().join("Cargo.toml").is_file());
    let mut names: Vec<_> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, known);
    let readme = readme();
    for name in known {
        assert!(readme.contains(&format!("[{name}]({name})")), "{name}");
    }
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("examples")
}

fn readme() -> String {
    fs::read_to_string(examples().join("README.md")).expect("the examples have a README")
}
