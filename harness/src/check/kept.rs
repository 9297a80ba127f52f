//! Counterexamples that are kept: serialized inputs and histories in a file that people read and commit.
//!
//! Inputs and not seeds: a seed means another input once the strategy has changed.

use super::executor::{Input, Parcel};
use super::worker::Subject;
use crate::error::{Error, ErrorKind};
use crate::wire;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs::File;
use std::io::{ErrorKind as IoErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// The largest file that is read, in bytes.
const LONGEST: u64 = 16 << 20;

/// The largest case that is kept, in bytes of its encoding.
const LARGEST: usize = 1 << 20;

/// The file of one worker.
pub(crate) struct Kept {
    path: PathBuf,
    /// What to call it in reports.
    shown: String,
    /// The suite, or the test that does the check: several may have a worker of this name.
    owner: String,
    worker: String,
}

/// The format of the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    schema: u32,
    cases: Vec<Entry>,
}

/// A counterexample in the file.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    owner: String,
    worker: String,
    history: Vec<Value>,
    input: Value,
}

/// A counterexample to try.
pub(crate) struct Case {
    pub(crate) history: Vec<Input>,
    pub(crate) input: Input,
}

impl Kept {
    /// The file for `worker` of `owner` below `folder`, which starts from the package's folder.
    pub(crate) fn new(folder: &Path, owner: &str, worker: &str) -> Self {
        let name = format!("{}.json", file_name(worker));
        let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
        Self {
            path: package.join(folder).join(&name),
            shown: folder.join(&name).display().to_string(),
            owner: owner.to_owned(),
            worker: worker.to_owned(),
        }
    }

    /// The cases that were kept, and what is wrong with the file or with cases in it.
    pub(crate) fn load(&self, subject: &dyn Subject) -> (Vec<Case>, Vec<Error>) {
        let document = match self.read() {
            Ok(document) => document,
            Err(error) => return (Vec::new(), vec![error]),
        };
        let (mut cases, mut errors) = (Vec::new(), Vec::new());
        for (number, entry) in (1..).zip(document.cases).filter(|(_, entry)| self.is_ours(entry)) {
            let input = |value: &Value| wire::from_json(value).and_then(|kept| subject.for_transit(&kept));
            let history: Result<Vec<_>, _> = entry.history.iter().map(input).collect();
            match history.and_then(|history| Ok(Case { history, input: input(&entry.input)? })) {
                Ok(case) => cases.push(case),
                Err(error) => errors.push(
                    self.error(&format!("case {number} is no input of worker `{}` any more", self.worker))
                        .with_source(error),
                ),
            }
        }
        (cases, errors)
    }

    /// Adds a case, and returns the name of the file; `None` if the case is too large to be kept.
    pub(crate) fn keep(
        &self,
        subject: &dyn Subject,
        history: &[Input],
        input: &Input,
    ) -> Result<Option<String>, Error> {
        let bytes: usize = history.iter().chain([input]).map(|input| input.bytes.len()).sum();
        if bytes > LARGEST {
            return Ok(None);
        }
        let json = |parcel: &Parcel| subject.for_keeps(parcel).and_then(|bytes| wire::to_json(&bytes));
        let history: Result<Vec<_>, _> = history.iter().map(|input| json(input)).collect();
        let entry = history.and_then(|history| {
            let (owner, worker) = (self.owner.clone(), self.worker.clone());
            Ok(Entry { owner, worker, history, input: json(input)? })
        });
        let entry = entry.map_err(|error| self.error("cannot keep a case").with_source(error))?;
        // What cannot be kept there is told, so that it is not lost.
        self.add(&entry).map_err(|error| {
            let case = serde_json::to_string(&entry).unwrap_or_default();
            self.error(&format!("cannot keep this case: {case}")).with_source(error)
        })?;
        Ok(Some(self.shown.clone()))
    }

    fn add(&self, entry: &Entry) -> Result<(), Error> {
        let mut document = self.read()?;
        if document.cases.contains(entry) {
            return Ok(());
        }
        document.cases.push(entry.clone());
        self.write(&document).map_err(|error| self.error("cannot be written").with_source(error))
    }

    fn is_ours(&self, entry: &Entry) -> bool {
        entry.owner == self.owner && entry.worker == self.worker
    }

    fn read(&self) -> Result<Document, Error> {
        let mut text = String::new();
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == IoErrorKind::NotFound => {
                return Ok(Document { schema: 1, cases: Vec::new() });
            }
            Err(error) => return Err(self.error("cannot be opened").with_source(error)),
        };
        file.take(LONGEST + 1)
            .read_to_string(&mut text)
            .map_err(|error| self.error("cannot be read").with_source(error))?;
        if text.len() as u64 > LONGEST {
            return Err(self.error(&format!("is larger than {} MiB", LONGEST >> 20)));
        }
        let hint = "is no file of kept cases (hint: restore or remove it)";
        let document: Document =
            serde_json::from_str(&text).map_err(|error| self.error(hint).with_source(error))?;
        if document.schema != 1 {
            return Err(self.error(&format!("has schema {}, and this version knows 1", document.schema)));
        }
        Ok(document)
    }

    /// Through a temporary file, so that the file is whole at any time.
    fn write(&self, document: &Document) -> std::io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        std::fs::create_dir_all(folder)?;
        let temporary = self.path.with_extension(format!("json.{}.tmp", std::process::id()));
        let written = (|| {
            let mut file = File::create_new(&temporary)?;
            serde_json::to_writer_pretty(&mut file, document)?;
            file.write_all(b"\n")?;
            file.sync_all()?;
            std::fs::rename(&temporary, &self.path)
        })();
        if written.is_err() {
            // Whatever is there of it is of no use.
            let _ = std::fs::remove_file(&temporary);
        }
        written
    }

    fn error(&self, what: &str) -> Error {
        Error::new(ErrorKind::Regressions, format!("`{}`: {what}", self.shown))
    }
}

/// A name that is a file on every system, whatever the worker is called: no separators, no reserved names, no capitals that some
/// systems take for small letters. What had to be changed gets a number made of the original, so that two workers never share
/// one file by accident; and if they did, each case says whose it is.
fn file_name(worker: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    let mut name: String = worker.chars().map(|c| if plain(c) { c } else { '-' }).take(60).collect();
    let reserved = ["con", "prn", "aux", "nul"].contains(&&*name)
        || ["com", "lpt"].iter().any(|device| name.strip_prefix(device).is_some_and(|rest| rest.len() == 1));
    if name != worker || name.is_empty() || reserved {
        // FNV-1a: short, and the same on every system and with every version.
        let hash = worker.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        name = format!("{name}-{hash:08x}", hash = hash as u32);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn names_are_files_everywhere() {
        assert_eq!(file_name("quote"), "quote");
        assert_eq!(file_name("tests::quote"), "tests--quote-169b2a3a");
        for name in ["", "con", "com1", "../../etc/passwd", "Quote", "a/b", "a\\b", "ü", &"x".repeat(300)] {
            let file = file_name(name);
            assert_ne!(file, name);
            assert!(file.len() < 80 && !file.contains(['/', '\\', '.', ':']), "{file}");
        }
        assert_ne!(file_name("a/b"), file_name("a\\b"));
    }
}
