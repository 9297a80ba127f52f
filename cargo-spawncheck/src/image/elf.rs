//! The symbol table of an ELF file. Pure: bytes in, tables out.

use super::{Segment, Static, Unreadable};
use object::read::elf::{ElfFile, FileHeader, ProgramHeader, SectionHeader};
use object::read::{File, ReadRef};
use object::{Architecture, Object, ObjectSection, ObjectSymbol, SectionFlags, SectionKind, SymbolKind, elf};
use std::ops::Range;

/// What an [`Image`](super::Image) is made of; names are as in the file.
pub(super) struct Tables {
    pub(super) architecture: Architecture,
    pub(super) entry: u64,
    pub(super) segments: Vec<Segment>,
    pub(super) writable: Vec<Range<u64>>,
    pub(super) statics: Vec<Static>,
    pub(super) thread_locals: Vec<Static>,
    pub(super) functions: Vec<(String, u64)>,
}

impl Tables {
    pub(super) fn read(bytes: &[u8], keep: &dyn Fn(&str) -> bool) -> Result<Self, Unreadable> {
        match File::parse(bytes).map_err(|error| error.to_string())? {
            File::Elf32(file) => Ok(Self::of(&file, keep)),
            File::Elf64(file) => Ok(Self::of(&file, keep)),
            other => Err(Unreadable::Foreign(other.format())),
        }
    }

    fn of<'data, H: FileHeader, R: ReadRef<'data>>(
        file: &ElfFile<'data, H, R>,
        keep: &dyn Fn(&str) -> bool,
    ) -> Self {
        let segments = segments(file);
        let writable = writable(file, &segments);
        let (mut statics, mut thread_locals, mut functions) = (Vec::new(), Vec::new(), Vec::new());
        // A shared object of the system has the dynamic table alone.
        let all: Vec<_> = file.symbols().filter(|symbol| !symbol.is_undefined()).collect();
        let all = if all.is_empty() { file.dynamic_symbols().collect() } else { all };
        for symbol in all.iter().filter(|symbol| !symbol.is_undefined()) {
            let Ok(name) = symbol.name() else { continue };
            let (address, size) = (symbol.address(), symbol.size());
            match symbol.kind() {
                SymbolKind::Text if keep(name) => functions.push((name.to_owned(), address)),
                SymbolKind::Tls if size > 0 => {
                    thread_locals.push(Static { address, size, symbol: name.to_owned() });
                }
                SymbolKind::Data | SymbolKind::Unknown | SymbolKind::Label
                    if section_of(&writable, address).is_some() && is_variable(name, size) =>
                {
                    statics.push(Static { address, size, symbol: name.to_owned() });
                }
                _ => {}
            }
        }
        let statics = without_overlaps(statics, &writable);
        thread_locals.sort_by(|a, b| order(a).cmp(&order(b)));
        thread_locals.dedup_by_key(|local| local.address);
        Self {
            architecture: file.architecture(),
            entry: file.entry(),
            segments,
            writable,
            statics,
            thread_locals,
            functions,
        }
    }
}

/// What the loader puts into memory.
fn segments<'data, H: FileHeader, R: ReadRef<'data>>(file: &ElfFile<'data, H, R>) -> Vec<Segment> {
    let endian = file.endian();
    let loaded = file.elf_program_headers().iter().filter(|segment| segment.p_type(endian) == elf::PT_LOAD);
    loaded
        .map(|segment| Segment {
            memory: range(segment.p_vaddr(endian).into(), segment.p_memsz(endian).into()),
            offset: segment.p_offset(endian).into(),
            in_file: segment.p_filesz(endian).into(),
            writable: segment.p_flags(endian).contains(elf::PF_W),
        })
        .collect()
}

/// The sections that the program itself writes to, by address: not what only the loader does.
fn writable<'data, H: FileHeader, R: ReadRef<'data>>(
    file: &ElfFile<'data, H, R>,
    segments: &[Segment],
) -> Vec<Range<u64>> {
    let endian = file.endian();
    let relro: Vec<Range<u64>> = file
        .elf_program_headers()
        .iter()
        .filter(|segment| segment.p_type(endian) == elf::PT_GNU_RELRO)
        .map(|segment| range(segment.p_vaddr(endian).into(), segment.p_memsz(endian).into()))
        .collect();
    let table = file.elf_section_table();
    let mut writable: Vec<Range<u64>> = table
        .iter()
        .filter(|section| {
            let name = table.section_name(endian, *section).unwrap_or_default();
            let flags = section.sh_flags(endian);
            let held = elf::SHF_WRITE | elf::SHF_ALLOC;
            flags & (held | elf::SHF_TLS) == held
                && matches!(section.sh_type(endian), elf::SHT_PROGBITS | elf::SHT_NOBITS)
                && !is_loaders_or_tools(name)
        })
        .map(|section| range(section.sh_addr(endian).into(), section.sh_size(endian).into()))
        .map(|section| loaded_part(&section, segments))
        .filter(|section| !section.is_empty() && !relro.iter().any(|fixed| fixed.contains(&section.start)))
        .collect();
    writable.sort_by_key(|section| section.start);
    // Only a corrupt file has sections that overlap.
    writable.dedup_by(|next, previous| next.start < previous.end);
    writable
}

/// A section's part of the segment that it begins in, empty if it is in none: a program runs whatever the table of its sections
/// says.
fn loaded_part(section: &Range<u64>, segments: &[Segment]) -> Range<u64> {
    let holds = |segment: &&Segment| segment.memory.contains(&section.start);
    let end = segments.iter().find(holds).map_or(section.start, |segment| segment.memory.end);
    section.start..section.end.min(end)
}

fn range(start: u64, size: u64) -> Range<u64> {
    start..start.saturating_add(size)
}

/// Sections with what the loader or the compiler's instrumentation (the counters of a coverage run) writes.
fn is_loaders_or_tools(name: &[u8]) -> bool {
    const NAMES: [&[u8]; 7] =
        [b".got", b".plt", b".data.rel.ro", b".bss.rel.ro", b".tm_clone_table", b".ctors", b".dtors"];
    const INSTRUMENTATION: [&[u8]; 3] = [b"__llvm_", b"__sanc", b".gcov"];
    let is_or_is_below =
        |known: &[u8]| name.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest[0] == b'.');
    NAMES.iter().any(|known| is_or_is_below(known))
        || INSTRUMENTATION.iter().any(|prefix| name.starts_with(prefix))
}

fn section_of(writable: &[Range<u64>], address: u64) -> Option<&Range<u64>> {
    let next = writable.partition_point(|section| section.start <= address);
    writable[..next].last().filter(|section| address < section.end)
}

/// Whether a symbol names something that a program can write to: linkers and assemblers mark places, too.
fn is_variable(name: &str, size: u64) -> bool {
    const MARKS: [&str; 11] = [
        "__TMC_END__",
        "__dso_handle",
        "__data_start",
        "data_start",
        "__bss_start",
        "__bss_start__",
        "_edata",
        "edata",
        "_end",
        "end",
        "__end__",
    ];
    let is_mark = size == 0 && MARKS.contains(&name);
    !(is_mark
        || name.is_empty()
        || name.starts_with('$')
        || name.starts_with(".L")
        || name.starts_with("DW.ref."))
}

/// Sorted; of several names for one place the best, and a size where the symbol has none.
fn without_overlaps(mut statics: Vec<Static>, writable: &[Range<u64>]) -> Vec<Static> {
    statics.sort_by(|a, b| order(a).cmp(&order(b)));
    statics.dedup_by_key(|known| known.address);
    for index in 0..statics.len() {
        let next = statics.get(index + 1).map_or(u64::MAX, |next| next.address);
        let this = &mut statics[index];
        let end = section_of(writable, this.address).map_or(this.address, |section| section.end);
        let room = end - this.address;
        this.size = if this.size == 0 { room.min(next - this.address) } else { this.size.min(room) };
    }
    statics.dedup_by(|next, previous| next.address - previous.address < previous.size);
    statics
}

/// By address; where several symbols share one, the largest first, then what looks least like an internal alias.
fn order(symbol: &Static) -> (u64, std::cmp::Reverse<u64>, bool, &str) {
    let name = symbol.symbol.as_str();
    let internal = name.starts_with('_') && !name.starts_with("_ZN") && !name.starts_with("_R");
    (symbol.address, std::cmp::Reverse(symbol.size), internal, name)
}

/// The symbols of the functions that begin at an address. They are looked through one by one: it is asked for few addresses, and
/// a table of all would stay in memory.
pub(super) fn functions_at(bytes: &[u8], address: u64) -> Vec<String> {
    let Ok(file) = File::parse(bytes) else { return Vec::new() };
    let begins = |symbol: &object::Symbol| {
        symbol.address() == address && symbol.kind() == SymbolKind::Text && !symbol.is_undefined()
    };
    let name = |symbol: object::Symbol| symbol.name().ok().filter(|name| !name.is_empty()).map(str::to_owned);
    let found: Vec<_> = file.symbols().filter(begins).filter_map(name).collect();
    if !found.is_empty() {
        return found;
    }
    // A shared object of the system has the dynamic table alone.
    file.dynamic_symbols().filter(begins).filter_map(name).collect()
}

/// Of larger statics nobody reads the inside.
const MOST_INITIAL: u64 = 1 << 20;

/// A static's bytes as the file has them: without what the loader adds to pointers.
pub(super) fn initial(bytes: &[u8], known: &Static) -> Option<Vec<u8>> {
    let file = File::parse(bytes).ok()?;
    let size = usize::try_from(known.size).ok().filter(|_| known.size <= MOST_INITIAL)?;
    let holds = |section: &object::Section| {
        known.address.checked_sub(section.address()).is_some_and(|offset| offset < section.size())
            && matches!(section.flags(), SectionFlags::Elf { sh_flags, .. } if !sh_flags.contains(elf::SHF_TLS))
    };
    let section = file.sections().find(holds)?;
    match section.data_range(known.address, known.size) {
        Ok(Some(data)) => Some(data.to_vec()),
        _ if section.kind() == SectionKind::UninitializedData => Some(vec![0; size]),
        _ => None,
    }
}
