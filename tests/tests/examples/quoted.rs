//! What the documentation of an example quotes is what the compiler says.
//!
//! A doctest that must not compile passes whatever the reason is. So it is compiled here as if it had to, and the messages
//! are compared.

use spawncheck_tests::Example;

#[test]
fn messages_are_the_compilers() {
    for (name, blocks) in [("nested-functions", 1), ("handles", 3)] {
        let example = Example::new(env!("CARGO_TARGET_TMPDIR"), "quoted", name);
        let documentation = example.read("src/lib.rs");
        let example = example.write("src/lib.rs", &must_compile(&documentation));
        let outcome = example.cargo("test", &["--doc", "--no-fail-fast"]);
        outcome.assert_exit(101);
        let quoted = quoted(&documentation);
        assert_eq!(quoted.len(), blocks, "{name}: {quoted:?}");
        for line in quoted.iter().flatten() {
            assert!(outcome.stdout.contains(line), "{name}: `{line}`{outcome}");
        }
    }
}

/// The same doctests without the remark that they do not compile.
fn must_compile(documentation: &str) -> String {
    let line = |line: &str| {
        if line.starts_with("//! ```compile_fail") { "//! ```\n".into() } else { format!("{line}\n") }
    };
    documentation.lines().map(line).collect()
}

/// The lines of each block that quotes a message.
fn quoted(documentation: &str) -> Vec<Vec<&str>> {
    let mut lines = documentation.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    let mut blocks = Vec::new();
    while let Some(line) = lines.next() {
        if line == "```text" {
            blocks.push(lines.by_ref().take_while(|line| *line != "```").collect());
        }
    }
    blocks
}
