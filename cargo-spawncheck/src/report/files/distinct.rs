//! No report takes the place of another one, or of one that it is made of.

use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::files;
use std::path::{Path, PathBuf};

/// # Errors
/// One of `written` is another one of them, or one of `read`, however that is spelled.
pub(crate) fn check_distinct(written: &[&Path], read: &[PathBuf]) -> Result<()> {
    let mut known: Vec<_> = read.iter().map(|path| identity(path)).collect();
    for path in written {
        let this = identity(path);
        if known.contains(&this) {
            let message = format!("`{}` is given for two reports", path.display());
            return Err(Error::new(ExitCode::Usage, message));
        }
        known.push(this);
    }
    Ok(())
}

/// The same for each way to write a path.
fn identity(path: &Path) -> PathBuf {
    let identity = path.canonicalize().ok().or_else(|| {
        // It does not exist yet.
        Some(files::folder(path).canonicalize().ok()?.join(path.file_name()?))
    });
    // Without its folder it cannot be written anyway.
    let identity = identity.unwrap_or_else(|| path.to_owned());
    match cfg!(any(windows, target_os = "macos")) {
        true => identity.to_string_lossy().to_lowercase().into(),
        false => identity,
    }
}

#[cfg(test)]
mod tests {
    use super::check_distinct;
    use std::path::{Path, PathBuf};

    #[test]
    fn however_they_are_spelled() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir(root.join("sub")).unwrap();
        std::fs::write(root.join("there"), "").unwrap();
        let check = |written: [&str; 2], read: &[&str]| {
            let written = written.map(|path| root.join(path));
            let read: Vec<PathBuf> = read.iter().map(|path| root.join(path)).collect();
            check_distinct(&written.each_ref().map(PathBuf::as_path), &read)
                .map_err(|error| error.code() as u8)
        };
        for name in ["new", "there"] {
            assert_eq!(check([name, "other"], &["sub/old"]), Ok(()));
            for spelled in [name.to_owned(), format!("./{name}"), format!("sub/../{name}")] {
                assert_eq!(check([name, &spelled], &[]), Err(2), "{spelled}");
                assert_eq!(check(["other", name], &["sub/old", &spelled]), Err(2), "{spelled}");
            }
        }
        // Input twice is for somebody else to say, and so is a folder that is not there.
        assert_eq!(check(["a", "missing/a"], &["there", "there"]), Ok(()));
        assert!(check_distinct(&[Path::new("a"), Path::new("./a")], &[]).is_err());
    }

    #[test]
    #[cfg(unix)]
    fn by_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("report"), folder.path().join("link"));
        std::fs::write(&path, "").unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(check_distinct(&[&path, &link], &[]).is_err());
    }
}
