//! Which file a program's name means, the same way on every system.
//!
//! Left to the standard library, a bare name would be looked up in the child's `PATH` on Unix and in five places on
//! Windows, and a relative path would start from the child's directory on Unix and from ours on Windows.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

/// The absolute path of `program`: a bare name is looked up in our `PATH`, anything else starts from our directory.
pub(super) fn find(program: &Path) -> io::Result<PathBuf> {
    if program.parent() != Some(Path::new("")) {
        return with_suffix(&std::path::absolute(program)?);
    }
    find_in(program, &std::env::var_os("PATH").unwrap_or_default())
}

fn find_in(name: &Path, path: &OsStr) -> io::Result<PathBuf> {
    for folder in std::env::split_paths(path) {
        let Ok(file) = with_suffix(&std::path::absolute(folder)?.join(name)) else { continue };
        if is_executable(&file) {
            return Ok(file);
        }
    }
    Err(io::Error::new(io::ErrorKind::NotFound, format!("cannot find `{}` in `PATH`", name.display())))
}

/// On Windows the name with `.exe`, where that is a file and the name has no suffix of its own.
///
/// Batch files are refused: `cmd.exe` takes their arguments apart by rules that no quoting satisfies.
fn with_suffix(file: &Path) -> io::Result<PathBuf> {
    if !cfg!(windows) {
        return Ok(file.into());
    }
    let Some(suffix) = file.extension() else {
        let longer = file.with_extension("exe");
        return Ok(if longer.is_file() { longer } else { file.into() });
    };
    if suffix.eq_ignore_ascii_case("bat") || suffix.eq_ignore_ascii_case("cmd") {
        let message = format!("cannot start the batch file `{}` (hint: name the program)", file.display());
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    Ok(file.into())
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}

#[cfg(test)]
mod tests {
    use super::{find, find_in};
    use std::io::ErrorKind;
    use std::path::Path;

    #[test]
    fn bare_names_come_from_the_path() {
        let us = std::env::current_exe().unwrap();
        let folder = us.parent().unwrap();
        let path = std::env::join_paths([folder.join("nowhere"), folder.into()]).unwrap();
        assert_eq!(find_in(Path::new(us.file_name().unwrap()), &path).unwrap(), us);
        assert_eq!(find_in(Path::new(us.file_stem().unwrap()), &path).unwrap(), us);
        let error = find_in(Path::new("no-such-program"), &path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert_eq!(error.to_string(), "cannot find `no-such-program` in `PATH`");
    }

    #[test]
    #[cfg(unix)]
    fn files_that_cannot_be_executed_are_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("program"), "").unwrap();
        assert!(find_in(Path::new("program"), folder.path().as_os_str()).is_err());
    }

    #[test]
    fn paths_start_from_our_directory() {
        let here = std::env::current_dir().unwrap();
        assert_eq!(find(&Path::new("folder").join("program")).unwrap(), here.join("folder").join("program"));
        assert_eq!(find(&Path::new(".").join("program")).unwrap(), here.join("program"));
    }

    #[test]
    #[cfg(windows)]
    fn batch_files_are_refused() {
        let error = find(Path::new(r".\script.Cmd")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
}
