//! When a value is in transit.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::wire::{decode, encode, encode_for_keeps, in_transit};

/// Remembers whether it was in transit when it was encoded, and when it was decoded.
#[derive(Debug, PartialEq)]
struct Witness(bool, bool);

impl Serialize for Witness {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        in_transit().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Witness {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(bool::deserialize(deserializer)?, in_transit()))
    }
}

/// Encodes something for keeps on its way.
struct Keeper;

impl Serialize for Keeper {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kept: Witness = decode(&encode_for_keeps(&Witness(false, false)).unwrap()).unwrap();
        (kept.0, in_transit()).serialize(serializer)
    }
}

struct Panicking;

impl Serialize for Panicking {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        std::panic::resume_unwind(Box::new(()))
    }
}

#[test]
fn values_can_tell() {
    let witness = Witness(false, false);
    assert_eq!(decode::<Witness>(&encode(&witness).unwrap()).unwrap(), Witness(true, true));
    assert_eq!(decode::<Witness>(&encode_for_keeps(&witness).unwrap()).unwrap(), Witness(false, true));
    assert!(!in_transit());
}

#[test]
fn calls_nest() {
    assert_eq!(decode::<(bool, bool)>(&encode(&Keeper).unwrap()).unwrap(), (false, true));
}

#[test]
fn a_panic_ends_it() {
    std::panic::catch_unwind(|| encode(&Panicking)).unwrap_err();
    assert!(!in_transit());
}
