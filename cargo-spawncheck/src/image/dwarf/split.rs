//! Debug information in files of its own: `-C split-debuginfo=packed` and `unpacked`.

use super::{Slice, load, section};
use crate::image::mapped;
use gimli::{Dwarf, DwarfPackage, DwoId, Unit};
use object::read::File;
use std::path::{Path, PathBuf};

/// Whether a unit only says where the rest of it is.
pub(super) fn is_skeleton(unit: &Unit<Slice>) -> bool {
    unit.dwo_id.is_some() && matches!(unit.dwo_name(), Ok(Some(_)))
}

/// Hands the rest of a skeleton to `read`. `None` where the file is missing, or of another build.
pub(super) fn with<T>(
    executable: &Path,
    dwarf: &Dwarf<Slice>,
    skeleton: &Unit<Slice>,
    read: impl Fn(&Dwarf<Slice>, &Unit<Slice>) -> Option<T>,
) -> Option<T> {
    let id = skeleton.dwo_id?;
    let packed = packages(executable).into_iter().find_map(|path| {
        let bytes = mapped::map(&path).ok()?;
        let file = File::parse(&*bytes).ok()?;
        let empty = section(&file, None);
        let load = |id: gimli::SectionId| Ok::<_, gimli::Error>(section(&file, id.dwo_name()));
        let package = DwarfPackage::load(load, empty).ok()?;
        let own = package.find_cu(id, dwarf).ok()??;
        unit_of(&own, id, skeleton).and_then(|unit| read(&own, &unit))
    });
    packed.or_else(|| {
        files(executable, dwarf, skeleton).into_iter().find_map(|path| {
            let bytes = mapped::map(&path).ok()?;
            let file = File::parse(&*bytes).ok()?;
            let mut own = load(&file, |id| id.dwo_name());
            own.make_dwo(dwarf);
            unit_of(&own, id, skeleton).and_then(|unit| read(&own, &unit))
        })
    })
}

/// The unit with that id: another build's file has another one.
fn unit_of<'a>(own: &Dwarf<Slice<'a>>, id: DwoId, skeleton: &Unit<Slice<'a>>) -> Option<Unit<Slice<'a>>> {
    let mut units = own.units();
    while let Ok(Some(header)) = units.next() {
        let Ok(mut unit) = own.unit(header) else { continue };
        if unit.dwo_id == Some(id) {
            unit.copy_relocated_attributes(skeleton);
            return Some(unit);
        }
    }
    None
}

fn packages(executable: &Path) -> Vec<PathBuf> {
    let mut appended = executable.as_os_str().to_owned();
    appended.push(".dwp");
    vec![appended.into(), executable.with_extension("dwp")]
}

/// Where the compiler put it, or beside the executable if both were moved.
fn files(executable: &Path, dwarf: &Dwarf<Slice>, skeleton: &Unit<Slice>) -> Vec<PathBuf> {
    let Ok(Some(name)) = skeleton.dwo_name() else { return Vec::new() };
    let Ok(name) = dwarf.attr_string(skeleton, name) else { return Vec::new() };
    let name = PathBuf::from(name.to_string_lossy().into_owned());
    let compiled_in =
        skeleton.comp_dir.map(|folder| folder.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = name.file_name().map(|name| executable.with_file_name(name));
    std::iter::once(Path::new(&compiled_in).join(&name)).chain(beside).collect()
}
