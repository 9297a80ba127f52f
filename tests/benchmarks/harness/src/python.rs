//! The same with Python's `multiprocessing`.

use crate::Result;
use std::process::{Command, Stdio};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/fresh.py");

/// `Python X.Y.Z`; `None` if it is not installed.
pub(crate) fn version() -> Option<String> {
    let output =
        Command::new("python3").arg("--version").output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

/// The seconds that so many cases take in Python, without the start of the first interpreter.
pub(crate) fn fresh_cases(cases: u32) -> Result<f64> {
    let output =
        Command::new("python3").args([SCRIPT, &cases.to_string()]).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("python3: {}", output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}
