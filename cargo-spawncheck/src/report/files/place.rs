//! A file that is written when everything is known.

use crate::blocking::unless_interrupted;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::files;
use spawncheck::child::Interrupt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Where it goes. Readers see the old content or the new one.
#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
    /// A pipe or a device: nothing that could be replaced.
    is_special: bool,
}

impl Place {
    /// # Errors
    /// It cannot be written. That is found now, and not when the tests have run for an hour.
    pub(super) fn new(path: &Path) -> Result<Self> {
        // What a link leads to is replaced, not the link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let is_special = fs::metadata(&path).is_ok_and(|metadata| !metadata.is_file());
        let place = Self { path, is_special };
        place.check().map_err(|error| unwritable(&place.path, error))?;
        Ok(place)
    }

    fn check(&self) -> io::Result<()> {
        if self.path.is_dir() || self.path.file_name().is_none() {
            return Err(io::Error::other("it is a folder"));
        }
        // To open a pipe and close it again would tell its reader that this was all.
        if self.is_special { Ok(()) } else { files::temporary(&self.path).map(drop) }
    }

    pub(super) fn write(&self, bytes: &[u8], interrupt: &Interrupt) -> io::Result<()> {
        let written = match self.is_special {
            true => {
                let path = self.path.clone();
                unless_interrupted(interrupt, || File::options().append(true).open(path))
                    .and_then(|mut file| file.write_all(bytes))
            }
            false => self.replace(bytes),
        };
        written.map_err(|error| io::Error::new(error.kind(), format!("`{}`: {error}", self.path.display())))
    }

    fn replace(&self, bytes: &[u8]) -> io::Result<()> {
        let mut file = files::temporary(&self.path)?;
        file.write_all(bytes)?;
        files::replace(file, &self.path)
    }
}

pub(in crate::report) fn unwritable(path: &Path, error: io::Error) -> Error {
    if error.kind() == io::ErrorKind::Interrupted {
        return Error::already_reported(ExitCode::Interrupted);
    }
    Error::new(ExitCode::WriteFailed, format!("cannot write to `{}`", path.display()))
        .source(error)
        .hint("nothing was run: does its folder exist?")
}

#[cfg(test)]
mod tests {
    use super::Place;
    use spawncheck::child::Interrupt;

    fn interrupt() -> Interrupt {
        Interrupt::new().unwrap()
    }

    #[test]
    fn replaced_in_one_piece() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.xml");
        for text in ["first", "second"] {
            Place::new(&path).unwrap().write(text.as_bytes(), &interrupt()).unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(folder.path().read_dir().unwrap().count(), 1, "nothing temporary stays");
    }

    #[test]
    fn what_cannot_be_written_is_known_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let error = |path: &str| Place::new(&folder.path().join(path)).unwrap_err();
        assert_eq!(error("missing/report.xml").code() as u8, 110);
        assert!(error("missing/report.xml").to_string().contains("report.xml"));
        // A folder.
        assert_eq!(error("").code() as u8, 110);
    }

    #[test]
    #[cfg(unix)]
    fn devices_stay_and_links_are_followed() {
        use std::os::unix::fs::{FileTypeExt, symlink};
        Place::new("/dev/null".as_ref()).unwrap().write(b"text", &interrupt()).unwrap();
        assert!(std::fs::metadata("/dev/null").unwrap().file_type().is_char_device());
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("report.xml"), folder.path().join("link"));
        std::fs::write(&path, "old").unwrap();
        symlink(&path, &link).unwrap();
        Place::new(&link).unwrap().write(b"new", &interrupt()).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
    }
}
