//! What is a static, and what is not.

use super::program::{compile, open};
use crate::image::{Image, Origin, Words, demangle, is_panic_hook, origin, readable};

#[test]
fn statics_are_found_and_kept_apart() {
    let folder = tempfile::tempdir().unwrap();
    let image = open(&compile(folder.path(), &[]));
    let names: Vec<_> = image.statics().iter().map(|known| readable(&known.symbol)).collect();
    assert!(names.iter().any(|name| name == "statics::PLACED"), "{names:?}");
    assert!(names.iter().any(|name| name == "std::panicking::HOOK"), "{names:?}");
    for mark in ["_GLOBAL_OFFSET_TABLE_", "_DYNAMIC", "_edata", "_end", "__TMC_END__", "__dso_handle"] {
        assert!(names.iter().all(|name| name != mark), "{mark}");
    }
    let locals: Vec<_> = image.thread_locals().iter().map(|known| readable(&known.symbol)).collect();
    for local in ["statics::LOCAL", "statics::DROPPED"] {
        assert!(locals.iter().any(|name| name == local), "{locals:?}");
        assert!(names.iter().all(|name| name != local), "{local}");
    }
    assert_eq!(image.functions(|name| name == "statics::main").len(), 1);
    let hooks: Vec<_> = image.statics().iter().filter(|known| is_panic_hook(&known.symbol)).collect();
    assert_eq!(hooks.len(), 1);
}

#[test]
fn every_static_is_found_by_its_addresses_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let image = open(&compile(folder.path(), &[]));
    for pair in image.statics().windows(2) {
        assert!(pair[0].address + pair[0].size <= pair[1].address, "{pair:?}");
    }
    for known in image.statics() {
        assert!(known.size > 0, "{known:?}");
        for address in [known.address, known.address + known.size - 1] {
            assert_eq!(image.static_at(address), Some(known));
        }
        assert_ne!(image.static_at(known.address + known.size), Some(known));
    }
    assert_eq!(image.static_at(0), None);
    assert_eq!(image.static_at(u64::MAX), None);
}

/// A shared object of the system has no symbols but those that others link to.
#[test]
fn a_shared_object_is_read_by_its_dynamic_symbols() {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let Some(libc) =
        maps.lines().find_map(|line| line.find("/").map(|at| &line[at..]).filter(|p| p.contains("libc.so")))
    else {
        return; // Linked statically.
    };
    let image = Image::open(std::path::Path::new(libc), &|_| false).unwrap();
    let environment = image.statics().iter().find(|known| known.symbol.ends_with("environ")).unwrap();
    assert_eq!((environment.symbol.as_str(), environment.size), ("environ", 8));
    assert_eq!(origin(&environment.symbol), Origin::Foreign);
}

/// Where it begins, and nowhere else.
#[test]
fn functions_are_named_by_their_addresses() {
    let folder = tempfile::tempdir().unwrap();
    let image = open(&compile(folder.path(), &[]));
    let words = Words::of(&image);
    let [main] = image.functions(|name| name == "statics::main")[..] else { panic!("one main") };
    assert_eq!(words.function(main).as_deref(), Some("fn statics::main"));
    assert_eq!([0, main + 1, u64::MAX].map(|address| words.function(address)), [None, None, None]);
}

#[test]
fn names_are_as_in_the_source() {
    for (symbol, name) in [
        ("_ZN1a1m4LAZY17he257ca24c063615bE", "a::m::LAZY"),
        ("_RNvNtCs6xxl1lAjzDf_1a1m4LAZY", "a::m::LAZY"),
        (
            "_ZN48_$LT$a..B$u20$as$u20$core..ops..deref..Deref$GT$5deref11__stability4LAZY17h0123456789abcdefE",
            "a::B",
        ),
        (
            "_ZN1a1m1T29_$u7b$$u7b$constant$u7d$$u7d$28_$u7b$$u7b$closure$u7d$$u7d$23__RUST_STD_INTERNAL_VAL17h0123456789abcdefE",
            "a::m::T",
        ),
        ("_RNvNCNKNvNtCs6xxl1lAjzDf_1a1m1T0s_023___RUST_STD_INTERNAL_VAL", "a::m::T"),
        ("_ZN1a1T7__getit5__KEY17h0123456789abcdefE", "a::T"),
        (
            "_RNvNvMNtNtCsjrHSEGnQ3l9_3std6thread2idNtB4_8ThreadId3new7COUNTER",
            "std::thread::id::ThreadId::new::COUNTER",
        ),
        ("_RNvNtNtCsjrHSEGnQ3l9_3std6thread11main_thread4MAIN.0", "std::thread::main_thread::MAIN"),
        ("_RNvNtCsjrHSEGnQ3l9_3std9panicking4HOOK", "std::panicking::HOOK"),
        // A static of that name is somebody's own, outside what the macro makes.
        ("_ZN1a1m3VAL17he257ca24c063615bE", "a::m::VAL"),
        ("environ", "environ"),
        ("_ZN", "_ZN"),
    ] {
        assert_eq!(readable(symbol), name, "{}", demangle(symbol));
    }
}

#[test]
fn origins_are_told_apart() {
    let of = |name: &str| Origin::Crate(name.to_owned());
    for (symbol, expected) in [
        ("_ZN1a1m4LAZY17he257ca24c063615bE", of("a")),
        ("_RNvNtCsjrHSEGnQ3l9_3std9panicking4HOOK", Origin::Std),
        ("_RNvNvMNtNtCsjrHSEGnQ3l9_3std6thread2idNtB4_8ThreadId3new7COUNTER", Origin::Std),
        (
            "_ZN48_$LT$a..B$u20$as$u20$core..ops..deref..Deref$GT$5deref11__stability4LAZY17h0123456789abcdefE",
            of("a"),
        ),
        ("environ", Origin::Foreign),
    ] {
        assert_eq!(origin(symbol), expected, "{}", demangle(symbol));
    }
}
