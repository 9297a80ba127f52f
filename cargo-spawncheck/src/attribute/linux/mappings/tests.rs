use super::{Mappings, mapping};
use crate::image::Segment;

#[test]
fn lines_of_maps() {
    let with_path =
        mapping("7f00-7f80 rw-p 00001000 fe:00 1234                       /a path/with spaces").unwrap();
    assert_eq!((with_path.range, with_path.writable, with_path.offset), (0x7f00..0x7f80, true, 0x1000));
    assert_eq!(with_path.path.to_str(), Some("/a path/with spaces"));
    let anonymous = mapping("10-20 r--p 00000000 00:00 0 ").unwrap();
    assert_eq!((anonymous.writable, anonymous.path.to_str()), (false, Some("")));
    assert!(mapping("nonsense").is_none());
}

/// An object as linkers make them: its last segment ends in memory that is not in the file.
fn segments() -> [Segment; 4] {
    let segment = |memory, offset, in_file, writable| Segment { memory, offset, in_file, writable };
    [
        segment(0x1_0000..0x1_1000, 0, 0x1000, false),
        // All of it is protected once it is loaded.
        segment(0x1_1000..0x1_2000, 0x1000, 0x800, true),
        segment(0x1_2010..0x1_4800, 0x2010, 0x1800, true),
        segment(0x1_5000..0x1_6000, 0x3000, 0, true),
    ]
}

#[track_caller]
fn check_base(maps: &str, expected: Option<u64>) {
    let mappings = Mappings::parse(maps);
    assert_eq!(mappings.base(&segments(), &mappings.0[0]), expected, "{maps}");
}

#[test]
fn loaded_or_just_mapped() {
    let first = "50000-52000 r--p 00000000 fe:00 1 /lib/a.so\n";
    let behind = |text: &str| format!("{first}{text}");
    // The loader has protected the first page of what is written to.
    check_base(
        &behind(
            "52000-53000 r--p 00002000 fe:00 1 /lib/a.so\n\
             53000-54000 rw-p 00003000 fe:00 1 /lib/a.so\n\
             54000-56000 rw-p 00000000 00:00 0 \n",
        ),
        Some(0x4_0000),
    );
    check_base(&behind(""), None);
    check_base(&behind("52000-54000 rw-p 00002000 fe:00 2 /lib/b.so\n"), None);
    check_base(&behind("52000-54000 rw-p 00001000 fe:00 1 /lib/a.so\n"), None);
    // A copy of the file in one piece, to read and to write.
    check_base("50000-56000 r--p 00000000 fe:00 1 /lib/a.so\n", None);
    check_base("50000-56000 rw-p 00000000 fe:00 1 /lib/a.so\n", None);
    // Lower than where it says that it begins.
    check_base("1000-2000 r--p 00000000 fe:00 1 /lib/a.so\n", None);
}

#[test]
fn only_what_is_there() {
    let mappings = Mappings::parse("1000-2000 rw-p 0 0 0 \n2000-3000 r--p 0 0 0 \n5000-7000 rw-p 0 0 0 /x\n");
    let writable = |range| mappings.writable(range).collect::<Vec<_>>();
    assert_eq!(writable(0x1800..0x6000), [0x1800..0x2000, 0x5000..0x6000]);
    assert_eq!(writable(0..u64::MAX), [0x1000..0x2000, 0x5000..0x7000]);
    assert_eq!(writable(0x3000..0x5000), []);
}

#[test]
fn what_a_test_maps_is_its_own() {
    let mappings = Mappings::parse(
        "\
        50000-51000 r--p 00000000 fe:00 1 /lib/a.so\n\
        52000-53000 rw-p 00001000 fe:00 1 /lib/a.so\n\
        53000-59000 rw-p 00000000 00:00 0 [heap]\n\
        60000-61000 rw-s 00000000 00:01 9 /memfd:x (deleted)\n\
        62000-63000 rw-s 00000000 00:01 9 /dev/shm/x\n\
        64000-65000 r--s 00000000 00:01 9 /dev/shm/y\n",
    );
    let loaded = segments().map(|segment| segment.memory.start + 0x4_0000..segment.memory.end + 0x4_0000);
    let private = mappings.private(loaded.into_iter().rev());
    let is_private = |address| private.contains(address);
    assert_eq!([0x5_2800, 0x5_3800, 0x5_5800].map(is_private), [false; 3], "of the object");
    assert_eq!([0x5_4800, 0x5_7000, 0x6_0000, 0x6_2fff].map(is_private), [true; 4]);
    assert_eq!(
        [0x5_0000, 0x6_4000, 0x6_3000, 0].map(is_private),
        [false; 4],
        "not to be written to, or nothing"
    );
}
