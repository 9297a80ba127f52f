//! What test binaries are built for, which need not be what this executable runs on.

use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::path::Path;

/// A target of the compiler.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Platform {
    /// As `--target` names it.
    pub(crate) triple: String,
}

impl Platform {
    /// Its operating system, as `std::env::consts::OS` names it there.
    ///
    /// Read from the triple: `rustc --print cfg` would know of custom targets too, but has to be found, and started.
    pub(crate) fn os(&self) -> &str {
        let parts = || self.name().split('-').skip(1);
        let system = parts().find_map(|part| match part {
            "windows" | "android" | "ios" => Some(part),
            "androideabi" => Some("android"),
            "darwin" => Some("macos"),
            "wasip1" | "wasip2" => Some("wasi"),
            _ => None,
        });
        let linux = || parts().find(|part| *part == "linux");
        // ARCH-VENDOR-OS, or ARCH-OS; some with a version.
        let last = || parts().nth(1).or_else(|| parts().next());
        let name = system.or_else(linux).or_else(last).unwrap_or("unknown");
        name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.')
    }

    /// Its kind of processor, as `std::env::consts::ARCH` names it there.
    pub(crate) fn arch(&self) -> &str {
        let arch = self.name().split('-').next().unwrap_or_default();
        match arch {
            "i386" | "i586" | "i686" => "x86",
            "arm64" | "arm64e" | "arm64ec" => "aarch64",
            "powerpc64le" => "powerpc64",
            _ if arch.starts_with("x86_64") => "x86_64",
            _ if arch.starts_with("aarch64") => "aarch64",
            _ if arch.starts_with("riscv64") => "riscv64",
            _ if arch.starts_with("arm") || arch.starts_with("thumb") => "arm",
            _ => arch,
        }
    }

    /// Whether its programs run here with no help.
    pub(crate) fn starts_here(&self) -> bool {
        let here = std::env::consts::ARCH;
        self.os() == std::env::consts::OS
            && (self.arch() == here || (here == "x86_64" && self.arch() == "x86"))
    }

    /// Whether its programs run here through something like Wine.
    pub(crate) fn is_foreign_windows(&self) -> bool {
        cfg!(unix) && self.os() == "windows"
    }

    /// An absolute path of ours, as its programs name it: where they run under Wine, the root directory is drive `Z:`.
    pub(crate) fn path(&self, path: &Path) -> OsString {
        match path.to_str() {
            Some(text) if self.is_foreign_windows() => format!("Z:{}", text.replace('/', "\\")).into(),
            _ => path.into(),
        }
    }

    /// Without the folder and the suffix of a file that describes a custom target.
    pub(crate) fn name(&self) -> &str {
        let file = self.triple.rsplit(['/', '\\']).next().unwrap_or_default();
        file.trim_end_matches(".json")
    }
}

#[cfg(test)]
mod tests {
    use super::Platform;
    use std::path::Path;

    fn platform(triple: &str) -> Platform {
        Platform { triple: triple.into() }
    }

    #[test]
    fn what_triples_stand_for() {
        for (triple, os, arch) in [
            ("x86_64-unknown-linux-gnu", "linux", "x86_64"),
            ("armv7-unknown-linux-gnueabihf", "linux", "arm"),
            ("aarch64-linux-android", "android", "aarch64"),
            ("arm-linux-androideabi", "android", "arm"),
            ("riscv64gc-unknown-linux-gnu", "linux", "riscv64"),
            ("x86_64-pc-windows-gnu", "windows", "x86_64"),
            ("i686-pc-windows-msvc", "windows", "x86"),
            ("aarch64-apple-darwin", "macos", "aarch64"),
            ("x86_64-unknown-freebsd", "freebsd", "x86_64"),
            ("wasm32-wasip1", "wasi", "wasm32"),
            ("targets/i686-uwp-windows-gnu.json", "windows", "x86"),
            ("odd", "unknown", "odd"),
        ] {
            let platform = platform(triple);
            assert_eq!((platform.os(), platform.arch()), (os, arch), "{triple}");
        }
    }

    #[test]
    fn what_starts_here() {
        let here = format!("{}-unknown-{}", std::env::consts::ARCH, std::env::consts::OS);
        assert!(platform(&here).starts_here());
        assert!(!platform("pdp11-dec-plan9").starts_here());
        assert_eq!(platform("i686-pc-windows-gnu").starts_here(), cfg!(all(windows, target_arch = "x86_64")));
    }

    #[test]
    #[cfg(unix)]
    fn paths_for_wine() {
        let path = Path::new("/tmp/a folder/log");
        assert_eq!(platform("x86_64-pc-windows-gnu").path(path), r"Z:\tmp\a folder\log");
        assert_eq!(platform("x86_64-unknown-linux-gnu").path(path), path);
    }

    #[test]
    #[cfg(windows)]
    fn paths_on_windows_are_what_they_are() {
        let path = Path::new(r"C:\Temp\log");
        assert_eq!(platform("x86_64-pc-windows-gnu").path(path), path);
    }
}
