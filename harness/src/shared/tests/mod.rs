mod life;
mod refused;

use proptest::prelude::*;
use serde::de::IntoDeserializer;
use serde::de::value::Error as ValueError;
use serde_json::{Value, from_value, json, to_value};
use std::path::Path;

use super::{CHUNK, Plain, Shared};
use crate::wire::transit::while_in_transit;

/// What a child would be sent.
fn handle<T: Plain>(shared: &Shared<T>) -> Value {
    while_in_transit(|| to_value(shared)).unwrap()
}

/// What a child would make of it.
fn receive<T: Plain>(sent: &Value) -> Result<Shared<T>, String> {
    while_in_transit(|| from_value(sent.clone())).map_err(|error| error.to_string())
}

/// A handle to the file at `path`.
fn handle_to(path: &Path, items: usize, kind: &str) -> Value {
    let path = while_in_transit(|| to_value(path.as_os_str())).unwrap();
    json!({ "path": path, "items": items, "kind": kind })
}

fn crosses<T: Plain + PartialEq>(items: &[T]) {
    let made = Shared::new(items).unwrap();
    let opened: Shared<T> = receive(&handle(&made)).unwrap();
    assert_eq!(opened, made);
    assert_eq!(*opened, *items);
    assert!(opened.as_ptr().is_aligned());
    assert_eq!(opened.mapping.path(), made.mapping.path());
}

#[test]
fn crosses_as_a_handle() {
    crosses(&[1_u8, 2, 3]);
    crosses(&[u128::MAX, 1]);
    crosses(&[[[1_i16, 2, 3]; 2]; 40]);
    crosses::<f64>(&[]);
    crosses(&[[0_u8; 0]; 5]);
    assert!(handle(&Shared::new(&[7_u16; 5000]).unwrap()).to_string().len() < 2000, "content was sent");
}

#[test]
fn a_receiver_can_send_it_on() {
    let made = Shared::new(&[1, 2, 3]).unwrap();
    let opened: Shared<i32> = receive(&handle(&made)).unwrap();
    assert_eq!(handle(&opened), handle(&made));
}

#[test]
fn collects_without_losing_an_item() {
    let per_chunk = CHUNK / size_of::<u32>();
    for count in [0, 1, per_chunk - 1, per_chunk, 2 * per_chunk + 1] {
        let count = u32::try_from(count).unwrap();
        assert!(Shared::collect(0..count).unwrap().iter().copied().eq(0..count));
    }
    let large = [1_u8; 2 * CHUNK];
    assert_eq!(*Shared::collect([large]).unwrap(), [large]);
}

#[test]
#[cfg(unix)]
fn a_path_need_not_be_text() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(std::ffi::OsStr::from_bytes(b"\xFF"));
    // Not every file system takes such a name.
    if std::fs::write(&path, [5; 4]).is_ok() {
        let opened = receive::<u8>(&handle_to(&path, 4, "u8")).unwrap();
        assert_eq!(handle(&opened), handle_to(&path, 4, "u8"));
    }
}

#[test]
fn is_kept_as_its_content() {
    let pairs = Shared::new(&[[1_u8, 2], [3, 4]]).unwrap();
    assert_eq!(to_value(&pairs).unwrap(), json!([[1, 2], [3, 4]]));
    assert_eq!(from_value::<Shared<[u8; 2]>>(json!([[1, 2], [3, 4]])).unwrap(), pairs);
    assert_eq!(receive::<[u8; 2]>(&json!([[1, 2], [3, 4]])).unwrap(), pairs);
    for wrong in [json!([[1]]), json!([[1, 2, 3]]), json!([[1, 256]]), json!([1])] {
        assert!(from_value::<Shared<[u8; 2]>>(wrong).is_err());
    }
    let plain = vec![1_u32, 2].into_deserializer();
    let content: Result<Shared<u32>, ValueError> = serde::Deserialize::deserialize(plain);
    assert_eq!(*content.unwrap(), [1, 2]);
}

#[test]
fn compares_bits() {
    let odd = [f64::NAN, -0.0, f64::from_bits(0x7FF0_0000_0000_0001), f64::INFINITY];
    let made = Shared::new(&odd).unwrap();
    let opened: Shared<f64> = receive(&handle(&made)).unwrap();
    assert_eq!(opened, made);
    assert!(opened.iter().zip(odd).all(|(a, b)| a.to_bits() == b.to_bits()));
    assert_ne!(Shared::new(&[0.0]).unwrap(), Shared::new(&[-0.0]).unwrap());
    assert_ne!(Shared::new(&[1]).unwrap(), Shared::new(&[1, 1]).unwrap());
}

#[test]
fn shows_short_content_whole() {
    let shown = |items: &[i8]| format!("{:?}", Shared::new(items).unwrap());
    assert_eq!(shown(&[]), "Shared([], 0 items)");
    assert_eq!(shown(&[-1]), "Shared([-1], 1 item)");
    assert_eq!(shown(&[1, 2, 3, 4]), "Shared([1, 2, 3, 4], 4 items)");
    assert_eq!(shown(&[9; 17]), "Shared([9, 9, 9, …], 17 items)");
    assert_ne!(shown(&[9; 16]), shown(&[[9; 15].as_slice(), &[8]].concat()));
}

#[test]
fn goes_between_threads() {
    fn check<
        T: Send + Sync + Clone + Unpin + std::panic::UnwindSafe + std::panic::RefUnwindSafe + 'static,
    >() {
    }
    check::<Shared<u8>>();
    check::<Shared<[f32; 3]>>();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn content_and_handle_come_back(items: Vec<[i64; 3]>, wide: Vec<u128>) {
        let (items, wide) = (Shared::new(&items).unwrap(), Shared::collect(wide).unwrap());
        prop_assert_eq!(&receive::<[i64; 3]>(&handle(&items)).unwrap(), &items);
        prop_assert_eq!(&receive::<u128>(&handle(&wide)).unwrap(), &wide);
        let text = serde_json::to_string(&(&items, &wide)).unwrap();
        let back: (Shared<[i64; 3]>, Shared<u128>) = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&back, &(items, wide));
    }
}
