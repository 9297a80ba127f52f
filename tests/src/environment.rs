//! The environment of the tool under test.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;

/// What cargo, rustc and the platform cannot do without. Everything else is left out: a variable of the developer's, or
/// one that the cargo around these tests set, must not decide what a test finds.
const KEPT: &[&str] = &[
    "APPDATA",
    "CARGO_HOME",
    "COMSPEC",
    "HOME",
    "LOCALAPPDATA",
    "PATH",
    "PATHEXT",
    "PROGRAMDATA",
    "PROGRAMFILES",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "SYSTEMDRIVE",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "TMPDIR",
    "USERPROFILE",
    "WINDIR",
    // How cargo reaches the registry.
    "ALL_PROXY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
];

/// Names are compared without regard to case, as Windows does and as the names of proxies need.
pub(crate) fn scrubbed() -> BTreeMap<OsString, OsString> {
    env::vars_os().filter(|(name, _)| KEPT.iter().any(|kept| name.eq_ignore_ascii_case(kept))).collect()
}
