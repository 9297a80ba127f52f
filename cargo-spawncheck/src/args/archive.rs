//! Archives: making one, and using one in place of a project.

use super::{CargoArgs, ProfileArgs};
use crate::archive::LIMIT;
use std::ffi::OsString;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct ArchiveArgs {
    /// The file to write, e.g. tests.tar.zst
    #[arg(long, value_name = "FILE")]
    pub(crate) archive_file: PathBuf,

    #[command(flatten)]
    pub(crate) profile: ProfileArgs,
    #[command(flatten)]
    pub(crate) cargo: CargoArgs,
}

/// Where tests come from that were built elsewhere.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct FromArchive {
    /// Take the tests from an archive instead of building them; neither cargo nor rustc is needed
    #[arg(long, help_heading = "Archive options", value_name = "FILE")]
    pub(crate) archive: Option<PathBuf>,

    /// Where the sources are on this machine [default: where they were built]
    #[arg(long, help_heading = "Archive options", value_name = "DIR", requires = "archive")]
    pub(crate) workspace_remap: Option<PathBuf>,

    /// A new folder to unpack the archive in [default: a temporary one]
    #[arg(long, help_heading = "Archive options", value_name = "DIR", requires = "archive")]
    pub(crate) extract_to: Option<PathBuf>,

    /// How much the archive may take when it is unpacked
    #[arg(long, help_heading = "Archive options", value_name = "SIZE", requires = "archive", value_parser = size, default_value = "20GiB")]
    pub(crate) extract_limit: u64,
}

impl Default for FromArchive {
    fn default() -> Self {
        Self { archive: None, workspace_remap: None, extract_to: None, extract_limit: LIMIT }
    }
}

impl FromArchive {
    /// The flags that name the same archive and workspace again; it is unpacked anew.
    pub(crate) fn words(&self) -> Vec<OsString> {
        let mut words: Vec<OsString> = Vec::new();
        for (flag, path) in [("--archive", &self.archive), ("--workspace-remap", &self.workspace_remap)] {
            words.extend(path.iter().flat_map(|path| [flag.into(), path.clone().into()]));
        }
        if self.extract_limit != LIMIT {
            words.extend(["--extract-limit".into(), self.extract_limit.to_string().into()]);
        }
        words
    }

    /// The same for a person to type.
    pub(crate) fn text_words(&self) -> Vec<String> {
        self.words().into_iter().map(|word| word.to_string_lossy().into_owned()).collect()
    }
}

/// Parses `500MiB`, `20GiB`, or a number of bytes.
fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let unit = match text[digits.len()..].trim() {
        "" => Some(1),
        "KiB" => Some(1 << 10),
        "MiB" => Some(1 << 20),
        "GiB" => Some(1 << 30),
        "TiB" => Some(1_u64 << 40),
        _ => None,
    };
    let number = digits.parse::<u64>().ok();
    number
        .zip(unit)
        .and_then(|(number, unit)| number.checked_mul(unit))
        .ok_or_else(|| format!("`{text}` is no size (hint: write 500MiB or 20GiB)"))
}

#[cfg(test)]
mod tests {
    use super::{LIMIT, size};

    #[test]
    fn sizes() {
        assert_eq!(size("20GiB"), Ok(LIMIT));
        assert_eq!(size("0"), Ok(0));
        assert_eq!(size("7 KiB"), Ok(7 << 10));
        for text in ["", "GiB", "-1", "1.5GiB", "9GB", "99999999999TiB"] {
            assert!(size(text).unwrap_err().contains(&format!("`{text}`")), "{text}");
        }
    }
}
