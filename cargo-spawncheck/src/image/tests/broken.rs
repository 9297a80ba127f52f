//! Files and values that are not what they say.

use crate::image::short::short;
use crate::image::types::{Field, Id, Shape, Type, Types, Variant};
use crate::image::{Image, Static, Words, value};
use proptest::prelude::*;
use std::path::Path;
use std::sync::LazyLock;

#[test]
fn what_is_no_elf_file_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let written = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    for (path, part) in [
        (folder.path().join("absent"), ""),
        (folder.path().to_owned(), "not a regular file"),
        (written("empty", b""), ""),
        (written("script", b"#!/bin/sh\n"), "magic"),
        (written("half", b"\x7fELF\x02\x01\x01"), ""),
        (
            written("macho", &[&[0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1][..], &[0; 100]].concat()),
            "it is built for macOS, and only processes of Linux",
        ),
        (written("pe", &windows()), "it is built for Windows, and only processes of Linux"),
    ] {
        let error = Image::open(&path, &|_| true).unwrap_err().to_string();
        assert!(!error.is_empty() && error.contains(part), "{path:?}: {error}");
    }
}

/// As little as makes a program for Windows: a header that leads to another one.
fn windows() -> Vec<u8> {
    let mut bytes = vec![0; 1024];
    bytes[..2].copy_from_slice(b"MZ");
    bytes[0x3c] = 0x80;
    bytes[0x80..0x86].copy_from_slice(b"PE\0\0\x64\x86");
    // The size of the optional header, and its kind: 64 bits.
    bytes[0x94] = 240;
    bytes[0x98..0x9a].copy_from_slice(&[0x0b, 0x02]);
    bytes
}

/// Opens a file with those bytes and says all it can about some statics of it.
fn use_all_of(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, bytes).unwrap();
    let Ok(image) = Image::open(&path, &|_| true) else { return };
    let words = Words::of(&image);
    image.functions(|_| true);
    let step = (image.statics().len() / 20).max(1);
    for known in image.statics().iter().step_by(step) {
        assert!(known.address.checked_add(known.size).is_some());
        words.describe(known);
        let size = known.size.min(1 << 16) as usize;
        let memory = |address: u64, size: usize| Some(vec![address as u8; size]);
        assert!(words.value(known, &vec![0xa5; size], &memory, &|_| None).len() < 4_096);
    }
    words.describe(&Static { address: u64::MAX, size: 8, symbol: String::new() });
}

/// A program with debug information, compiled once.
#[cfg(target_os = "linux")]
static PROGRAM: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    std::fs::read(super::program::compile(folder.path(), &["-g"])).unwrap()
});
#[cfg(not(target_os = "linux"))]
static PROGRAM: LazyLock<Vec<u8>> =
    LazyLock::new(|| std::fs::read(std::env::current_exe().unwrap()).unwrap());

#[derive(Clone, Debug)]
enum Damage {
    Cut(prop::sample::Index),
    Byte(prop::sample::Index, u8),
    /// In the section headers, which are at the end.
    Header(u16, u64),
    /// In the sections with debug information and symbols.
    Run(prop::sample::Index, Vec<u8>),
}

fn damage() -> impl Strategy<Value = Damage> {
    let extreme = prop::sample::select(vec![0, 1, 0xffff, u64::from(u32::MAX), 1 << 40, 1 << 63, u64::MAX]);
    prop_oneof![
        1 => any::<prop::sample::Index>().prop_map(Damage::Cut),
        4 => (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        4 => (any::<u16>(), extreme).prop_map(|(at, value)| Damage::Header(at, value)),
        4 => (any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 1..64))
            .prop_map(|(at, bytes)| Damage::Run(at, bytes)),
    ]
}

fn damaged(all: &[Damage]) -> Vec<u8> {
    let mut bytes = PROGRAM.clone();
    for damage in all {
        let length = bytes.len();
        match damage {
            Damage::Cut(at) => bytes.truncate(at.index(length)),
            Damage::Byte(at, byte) => bytes[at.index(length)] ^= byte,
            Damage::Header(at, value) => {
                let headers = bytes.get(40..48).map_or(0, |at| u64::from_le_bytes(at.try_into().unwrap()));
                let start = (headers as usize).saturating_add(usize::from(*at) % 3_000);
                if let Some(place) = bytes.get_mut(start..start.saturating_add(8)) {
                    place.copy_from_slice(&value.to_le_bytes());
                }
            }
            Damage::Run(at, run) => {
                let start = at.index(length);
                let end = (start + run.len()).min(length);
                bytes[start..end].copy_from_slice(&run[..end - start]);
            }
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_damaged_file_is_an_error_or_says_less(all in prop::collection::vec(damage(), 1..12)) {
        use_all_of(&damaged(&all));
    }
}

/// Types that refer to each other in any way, and bytes that have nothing to do with them.
fn types() -> impl Strategy<Value = Types> {
    const PATHS: [&str; 14] = [
        "alloc::string::String",
        "alloc::vec::Vec<T>",
        "&str",
        "&[u8]",
        "alloc::boxed::Box<T>",
        "alloc::sync::Arc<T>",
        "std::sync::once_lock::OnceLock<T>",
        "std::sync::lazy_lock::LazyLock<T>",
        "std::sync::poison::mutex::Mutex<T>",
        "std::collections::hash::map::HashMap<T>",
        "core::cell::Cell<T>",
        "lazy_static::lazy::Lazy<T>",
        "core::time::Duration",
        "a::Own",
    ];
    const FIELDS: [&str; 16] = [
        "__0",
        "value",
        "data",
        "once",
        "inner",
        "ptr",
        "pointer",
        "len",
        "cap",
        "buf",
        "data_ptr",
        "length",
        "items",
        "bucket_mask",
        "secs",
        "nanos",
    ];
    const COUNT: usize = 12;
    let field =
        || {
            (prop::sample::select(FIELDS.to_vec()), 0..40_u64, 0..COUNT)
                .prop_map(|(name, offset, id)| Field { name: name.to_owned(), offset, id })
        };
    let variant = (prop::option::of(0..4_u64), field()).prop_map(|(tag, field)| Variant { tag, field });
    let shape = prop_oneof![
        Just(Shape::Unsigned),
        Just(Shape::Signed),
        Just(Shape::Bool),
        Just(Shape::Char),
        Just(Shape::Float),
        prop::collection::vec(field(), 0..4).prop_map(Shape::Struct),
        prop::collection::vec(field(), 0..4).prop_map(Shape::Struct),
        (prop::option::of(field()), prop::collection::vec(variant, 0..4))
            .prop_map(|(tag, variants)| Shape::Enum { tag, variants }),
        (0..COUNT, any::<u64>()).prop_map(|(element, count): (Id, u64)| Shape::Array { element, count }),
        prop::option::of(0..COUNT).prop_map(Shape::Pointer),
    ];
    let size = prop::sample::select(vec![0_u64, 1, 4, 8, 8, 16, 24, 40, u64::MAX]);
    let one =
        (prop::sample::select(PATHS.to_vec()), size, shape, 0..COUNT).prop_map(|(path, size, shape, id)| {
            Type { path: path.to_owned(), size, shape, parameters: vec![("T".to_owned(), id)] }
        });
    prop::collection::vec(one, COUNT).prop_map(|all| Types { all })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_bytes_of_any_type_are_read_in_bounds(types in types(), bytes in prop::collection::vec(any::<u8>(), 40)) {
        for root in 0..types.all.len() {
            let size = types.all[root].size.min(40) as usize;
            let reads = std::cell::Cell::new(0);
            let memory = |address: u64, size: usize| {
                reads.set(reads.get() + 1);
                assert!(size <= 4_096);
                (!address.is_multiple_of(3)).then(|| vec![address as u8; size])
            };
            let function = |address: u64| {
                reads.set(reads.get() + 1);
                Some(format!("fn {address}"))
            };
            let around = value::Around { memory: &memory, function: &function };
            let said = value::read(&types, root, &bytes[..size], Some(&bytes[..size]), around);
            prop_assert!(said.is_none_or(|said| said.chars().count() <= 170));
            prop_assert!(reads.get() <= 32);
        }
    }

    #[test]
    fn any_name_is_shortened_or_not(name in "[a-z<>(),:&; =-]{0,60}") {
        if let Some(short) = short(&name) {
            prop_assert!(short.len() <= name.len() + 8, "{short}");
        }
    }
}

#[test]
fn names_are_short() {
    for (long, expected) in [
        ("u32", "u32"),
        ("alloc::vec::Vec<u8, alloc::alloc::Global>", "Vec<u8>"),
        ("&mut [alloc::string::String]", "&mut [String]"),
        ("[core::option::Option<a::B>; 3]", "[Option<B>; 3]"),
        ("(a::B, c::D)", "(B, D)"),
        ("unsafe extern \"C\" fn(*const a::B, u8) -> c::D", "unsafe extern \"C\" fn(*const B, u8) -> D"),
        (
            "alloc::boxed::Box<(dyn core::ops::function::Fn<(u8,), Output=a::B> + core::marker::Send), alloc::alloc::Global>",
            "Box<dyn Fn(u8) -> B + Send>",
        ),
        ("&(dyn a::B + core::marker::Sync)", "&(dyn B + Sync)"),
        ("&dyn a::B", "&dyn B"),
        ("once_cell::sync::Lazy<a::B, fn() -> a::B>", "Lazy<B>"),
        ("lock_api::mutex::Mutex<parking_lot::raw_mutex::RawMutex, a::B>", "Mutex<B>"),
        ("std::collections::hash::set::HashSet<a::B, a::Hasher, alloc::alloc::Global>", "HashSet<B, Hasher>"),
        ("a::{impl#0}::f::{closure_env#0}<a::B>", "{closure_env#0}<B>"),
    ] {
        assert_eq!(short(long).as_deref(), Some(expected));
    }
    assert_eq!(short(&"a<".repeat(5_000)), None);
    assert_eq!(short(&format!("{}u8{}", "a<".repeat(200), ">".repeat(200))), None);
}

#[test]
fn a_path_that_is_no_file_is_not_waited_for() {
    assert!(Image::open(Path::new("/dev/null"), &|_| true).is_err());
}
