//! An executable that is changed in place, byte by byte: its length and its time stay, so cargo takes it for what it has built.

use object::read::elf::{ElfFile64, FileHeader};
use object::{Endianness, Object, ObjectSection};
use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::SystemTime;

/// Fields of a section header, with their places in it.
pub(crate) const OFFSET: Range<usize> = 24..32;
pub(crate) const SIZE: Range<usize> = 32..40;
pub(crate) const LINK: Range<usize> = 40..44;

const SECTION_HEADER: usize = 64;

/// Fields of the file header.
const MACHINE: Range<usize> = 18..20;
const SECTION_HEADERS: Range<usize> = 40..48;

pub(crate) struct Binary {
    path: PathBuf,
    bytes: Vec<u8>,
    modified: SystemTime,
}

impl Binary {
    pub(crate) fn open(path: PathBuf) -> io::Result<Self> {
        let bytes = fs::read(&path)?;
        let modified = path.metadata()?.modified()?;
        Ok(Self { path, bytes, modified })
    }

    /// Fills a section with a byte that means nothing as a tag, a length or an address.
    pub(crate) fn overwrite(&mut self, section: &str) {
        let range = self.section(section).1;
        let (start, size) = range.expect("the section is in the file");
        self.bytes[start as usize..][..size as usize].fill(0xa5);
    }

    /// Changes a field of a section's header.
    pub(crate) fn set_header(&mut self, section: &str, field: Range<usize>, value: u64) {
        let header = self.section(section).0;
        self.set(header, field, value);
    }

    pub(crate) fn lose_section_headers(&mut self) {
        self.set(0, SECTION_HEADERS, 0x7fff_ffff_ffff);
    }

    pub(crate) fn set_machine(&mut self, machine: u16) {
        self.set(0, MACHINE, machine.into());
    }

    pub(crate) fn save(&self) -> io::Result<()> {
        // Not into the same file: cargo may have linked it to another name.
        fs::remove_file(&self.path)?;
        fs::write(&self.path, &self.bytes)?;
        fs::set_permissions(&self.path, fs::Permissions::from_mode(0o755))?;
        File::options().write(true).open(&self.path)?.set_modified(self.modified)
    }

    pub(crate) fn is_unchanged(&self) -> bool {
        fs::read(&self.path).is_ok_and(|bytes| bytes == self.bytes)
    }

    fn set(&mut self, start: usize, field: Range<usize>, value: u64) {
        let length = field.len();
        self.bytes[start..][field].copy_from_slice(&value.to_le_bytes()[..length]);
    }

    /// Where a section's header is, and where its content, with its size.
    fn section(&self, name: &str) -> (usize, Option<(u64, u64)>) {
        let elf: ElfFile64<'_, Endianness> =
            ElfFile64::parse(&self.bytes[..]).expect("it is an executable of 64 bits");
        let section = elf.section_by_name(name).expect("there is such a section");
        let headers = elf.elf_header().e_shoff(Endianness::Little) as usize;
        (headers + section.index().0 * SECTION_HEADER, section.file_range())
    }
}
