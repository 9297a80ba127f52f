//! When the file is there, and for whom.

#[cfg(unix)]
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::{handle, receive};
use crate::Shared;
use crate::shared::file::Mapping;

#[test]
fn the_file_lives_as_long_as_its_creators_last_clone() {
    let made = Shared::new(&[1_u8, 2]).unwrap();
    let path = made.mapping.path().to_owned();
    let sent = handle(&made);
    drop(receive::<u8>(&sent).unwrap());
    assert!(path.exists(), "deleted by one that only opened it");
    let clone = made.clone();
    drop(made);
    assert!(path.exists(), "deleted although a clone lives");
    let opened: Shared<u8> = receive(&sent).unwrap();
    drop(clone);
    assert_eq!(*opened, [1, 2], "what is mapped stays readable");
    drop(opened);
    assert!(!path.exists());
    #[cfg(unix)]
    assert!(!path.parent().unwrap().exists());
    let error = receive::<u8>(&sent).unwrap_err();
    assert!(error.contains(&format!("shared file `{}`: ", path.display())), "{error}");
}

#[test]
#[cfg(unix)]
fn is_closed_to_other_users() {
    use std::os::unix::fs::PermissionsExt;
    let made = Shared::new(&[1]).unwrap();
    let path = made.mapping.path();
    assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn a_file_that_cannot_be_filled_does_not_stay() {
    let Err(error) = Mapping::create(|_| Err::<(), _>(ErrorKind::StorageFull.into())) else { panic!("made") };
    assert_eq!(error.kind(), ErrorKind::StorageFull);
    let error = error.to_string();
    let path = Path::new(error.split('`').nth(1).unwrap());
    assert!(path.is_absolute() && !path.exists(), "{error}");
    #[cfg(unix)]
    assert!(!path.parent().unwrap().exists());
}
