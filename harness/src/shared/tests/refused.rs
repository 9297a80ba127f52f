//! What a receiver does not take for a shared slice.

use serde::de::value::{Error as ValueError, MapAccessDeserializer, MapDeserializer};
use serde_json::{Value, from_value, json};
use std::fs;

use super::{handle, handle_to, receive};
use crate::Shared;

#[test]
fn refuses_a_file_that_is_not_what_the_handle_tells() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("six");
    fs::write(&path, [0; 6]).unwrap();
    let refused = |sent: &Value, why: &str| {
        let error = receive::<u16>(sent).unwrap_err();
        assert!(error.contains(why), "{error}");
    };
    assert_eq!(*receive::<u16>(&handle_to(&path, 3, "u16")).unwrap(), [0; 3]);
    let named = |why: &str| format!("shared file `{}`: {why}", path.display());
    refused(&handle_to(&path, 2, "u16"), &named("6 bytes long instead of 4"));
    refused(&handle_to(&path, 4, "u16"), &named("6 bytes long instead of 8"));
    refused(&handle_to(&path, 3, "i16"), &named("holds `i16` instead of `u16`"));
    refused(
        &handle_to(&path, usize::MAX, "u16"),
        &named(&format!("{} items of `u16` are too many", usize::MAX)),
    );
    refused(&handle_to(folder.path(), 3, "u16"), "shared file `");
    refused(&handle_to(&folder.path().join("none"), 3, "u16"), "shared file `");
    let mut more = handle_to(&path, 3, "u16");
    more["mode"] = json!("w");
    refused(&more, "unknown field `mode`");
}

#[test]
#[cfg(unix)]
fn opens_neither_links_nor_fifos() {
    let folder = tempfile::tempdir().unwrap();
    let [file, link, fifo] = ["file", "link", "fifo"].map(|name| folder.path().join(name));
    fs::write(&file, [0; 4]).unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRWXU).unwrap();
    assert!(receive::<u8>(&handle_to(&file, 4, "u8")).is_ok());
    let error = receive::<u8>(&handle_to(&link, 4, "u8")).unwrap_err();
    assert!(error.contains(&format!("shared file `{}`: ", link.display())), "{error}");
    let error = receive::<u8>(&handle_to(&fifo, 4, "u8")).unwrap_err();
    assert!(error.contains("not a regular file"), "{error}");
}

#[test]
fn a_handle_from_elsewhere_opens_nothing() {
    let made = Shared::new(&[1_u8, 2]).unwrap();
    let error = from_value::<Shared<u8>>(handle(&made)).unwrap_err().to_string();
    assert!(error.starts_with("invalid type: map, expected a sequence of `u8`"), "{error}");
    // A format that does not insist on a sequence either.
    let entries = [("path", "/etc/passwd"), ("kind", "u8")];
    let map = MapDeserializer::<_, ValueError>::new(entries.into_iter());
    let map = MapAccessDeserializer::new(map);
    let error = serde::Deserialize::deserialize(map).map(|_: Shared<u8>| ()).unwrap_err().to_string();
    assert!(error.starts_with("invalid type: map, "), "{error}");
    let error = from_value::<Shared<u8>>(json!("/etc/passwd")).unwrap_err().to_string();
    assert!(error.starts_with("invalid type: string"), "{error}");
}
