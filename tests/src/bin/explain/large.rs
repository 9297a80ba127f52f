//! Crates with large or many statics, and one that matters.

use std::fmt;
use std::path::Path;
use std::{fs, io};

/// What is large about a crate.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// `.bss` of so many MiB.
    Bss(usize),
    /// So many symbols in `.data`, without debug info.
    Symbols(usize),
    /// So many statics of Rust, with debug info.
    Statics(usize),
}

pub(crate) const SHAPES: &[Shape] = &[
    Shape::Bss(26),
    Shape::Bss(256),
    Shape::Symbols(5_000),
    Shape::Symbols(50_000),
    Shape::Statics(5_000),
    Shape::Statics(50_000),
];

pub(crate) const HEAD: &str = "\
| binary | changed | explained in | peak memory | cause |
| --- | --- | ---: | ---: | --- |";

const MANIFEST: &str = "\
[package]
name = \"large\"
version = \"0.0.0\"
edition = \"2024\"

[workspace]
";

const TESTS: &str = "
static RATE: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(1);

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::Ordering::Relaxed;

    #[test]
    fn a_configures() {
        RATE.store(2, Relaxed);
        change_all();
    }

    #[test]
    fn b_passes() {}

    #[test]
    fn c_needs_the_default() {
        assert_eq!(RATE.load(Relaxed), 1);
    }
}
";

impl Shape {
    /// Writes the crate; with `changed`, the culprit changes all that is in it, too.
    pub(crate) fn write(self, directory: &Path, changed: bool) -> io::Result<()> {
        fs::create_dir(directory.join("src"))?;
        fs::write(directory.join("Cargo.toml"), MANIFEST)?;
        let statement = if changed { self.change() } else { String::new() };
        let function = format!("fn change_all() {{\n{statement}\n}}\n");
        fs::write(directory.join("src/lib.rs"), [&self.statics(), &function, TESTS].concat())
    }

    /// By assembler where it can be: a compiler takes long for so much.
    fn statics(self) -> String {
        match self {
            Self::Bss(mib) => {
                let size = mib << 20;
                let assembly = format!(
                    ".bss\\n.globl LARGE\\n.type LARGE, @object\\n.size LARGE, {size}\\nLARGE: .zero {size}\\n.text"
                );
                block(&assembly, size)
            }
            Self::Symbols(count) => {
                let symbol = |index: usize| {
                    let label = if index == 0 { "LARGE".to_owned() } else { format!("symbol_{index}") };
                    format!(
                        ".globl {label}\\n.type {label}, @object\\n.size {label}, 8\\n{label}: .quad 7\\n"
                    )
                };
                let symbols: String = (0..count).map(symbol).collect();
                block(&format!(".data\\n{symbols}.text"), count * 8)
            }
            Self::Statics(count) => {
                let names: Vec<String> = (0..count).map(|index| format!("S{index}")).collect();
                let statics: String = names
                    .iter()
                    .map(|name| format!("static {name}: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(7);\n"))
                    .collect();
                let list = names.join(", &");
                format!(
                    "{statics}#[used]\nstatic ALL: [&std::sync::atomic::AtomicU8; {count}] = [&{list}];\n"
                )
            }
        }
    }

    fn change(self) -> String {
        match self {
            Self::Bss(_) => "for byte in (0..SIZE).step_by(4096) {\n    // SAFETY: the tests run one at a time.\n    unsafe { (&raw mut LARGE).cast::<u8>().add(byte).write_volatile(1) };\n}".to_owned(),
            Self::Symbols(_) => "for byte in (0..SIZE).step_by(8) {\n    // SAFETY: the tests run one at a time.\n    unsafe { (&raw mut LARGE).cast::<u8>().add(byte).write_volatile(1) };\n}".to_owned(),
            Self::Statics(_) => {
                "for state in &ALL {\n    state.store(1, std::sync::atomic::Ordering::Relaxed);\n}".to_owned()
            }
        }
    }
}

/// Memory that the assembler makes.
fn block(assembly: &str, size: usize) -> String {
    format!(
        "const SIZE: usize = {size};\nstd::arch::global_asm!(\"{assembly}\");\nunsafe extern \"C\" {{\n    static mut LARGE: [u8; SIZE];\n}}\n"
    )
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bss(mib) => write!(f, "{mib} MiB of `.bss`"),
            Self::Symbols(count) => write!(f, "{count} symbols"),
            Self::Statics(count) => write!(f, "{count} statics with debug info"),
        }
    }
}
