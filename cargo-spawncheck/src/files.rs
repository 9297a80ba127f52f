//! Files that users keep: whole or not there at all.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::NamedTempFile;

/// How long somebody else may be at the file. On Windows that keeps it from being replaced: another run that replaces it at this
/// moment, or a scanner that looks at each new file.
const PATIENCE: Duration = Duration::from_secs(2);

const NAP: Duration = Duration::from_millis(10);

/// Writes a file, in place of one that may be there.
pub(crate) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    replace(written(path, content)?, path)
}

/// Writes a file unless there is one; says whether it did. Nobody who makes one at the same time loses it.
pub(crate) fn write_new(path: &Path, content: &[u8]) -> io::Result<bool> {
    // Without this, a folder that cannot be written to would matter where there is nothing to write.
    if path.symlink_metadata().is_ok() {
        return Ok(false);
    }
    match written(path, content)?.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.error),
    }
}

/// A file beside `path` with that content.
fn written(path: &Path, content: &[u8]) -> io::Result<NamedTempFile> {
    std::fs::create_dir_all(folder(path))?;
    let mut file = temporary(path)?;
    file.write_all(content)?;
    Ok(file)
}

/// A file that is to replace the one at `path`, in the same folder. Others may read it, as any new file.
pub(crate) fn temporary(path: &Path) -> io::Result<NamedTempFile> {
    let open = |path: &Path| File::options().read(true).write(true).create_new(true).open(path);
    tempfile::Builder::new().prefix(".spawncheck-").make_in(folder(path), open)
}

/// A reader sees the old content or the new one, and of several writers the last one wins.
pub(crate) fn replace(mut file: NamedTempFile, path: &Path) -> io::Result<()> {
    let until = Instant::now() + PATIENCE;
    loop {
        let error = match file.persist(path) {
            Ok(_) => return Ok(()),
            Err(error) => error,
        };
        let may_pass = cfg!(windows) && error.error.kind() == io::ErrorKind::PermissionDenied;
        if !may_pass || Instant::now() >= until {
            return Err(error.error);
        }
        std::thread::sleep(NAP);
        file = error.file;
    }
}

/// Where a file is, or is going to be.
pub(crate) fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::{write, write_new};

    #[test]
    fn new_ones_replace_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b");
        assert!(write_new(&path, b"1").unwrap());
        assert!(!write_new(&path, b"2").unwrap());
        assert_eq!(std::fs::read(&path).unwrap(), b"1");
        write(&path, b"3").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"3");
        assert_eq!(path.parent().unwrap().read_dir().unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn others_may_read_them() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (ours, usual) = (folder.path().join("ours"), folder.path().join("usual"));
        write(&ours, b"").unwrap();
        std::fs::write(&usual, b"").unwrap();
        let mode = |path| std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&usual));
    }
}
