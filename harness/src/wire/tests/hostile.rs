//! Bytes that nobody encoded.

use std::net::IpAddr;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::model::Model;
use super::random::models;
use crate::wire::token::tag;
use crate::wire::{decode, encode, from_json, same, to_json};

/// Whatever becomes of them: no panic, and one opinion on whether they are an encoding.
fn survive(bytes: &[u8]) {
    let is_encoding = decode::<IgnoredAny>(bytes).is_ok();
    assert_eq!(same(bytes, bytes), is_encoding);
    assert_eq!(to_json(bytes).is_ok(), is_encoding);
    if let Ok(json) = to_json(bytes) {
        from_json(&json).unwrap();
    }
    let _ = decode::<Model>(bytes);
    let _ = decode::<serde_json::Value>(bytes);
    let _ = decode::<Vec<(String, IpAddr)>>(bytes);
}

proptest! {
    #[test]
    fn garbage(bytes in vec(prop_oneof![0..=tag::END, any::<u8>()], 0..64)) {
        survive(&bytes);
    }

    #[test]
    fn truncated(model in models(), end: Index) {
        let bytes = encode(&model).unwrap();
        let part = &bytes[..end.index(bytes.len())];
        survive(part);
        prop_assert!(decode::<IgnoredAny>(part).is_err());
    }

    #[test]
    fn mutated(model in models(), changes in vec((any::<Index>(), prop_oneof![0..=tag::END, any::<u8>()]), 1..4)) {
        let mut bytes = encode(&model).unwrap();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        survive(&bytes);
    }
}

#[track_caller]
fn refuses<T: serde::de::DeserializeOwned>(bytes: &[u8], expected: &str) {
    survive(bytes);
    assert_eq!(decode::<T>(bytes).err().unwrap().to_string(), expected);
}

#[test]
fn says_what_is_wrong() {
    #[derive(Deserialize)]
    struct Chain(#[allow(dead_code, reason = "only decoded")] Option<Box<Chain>>);

    refuses::<u8>(&[], "unexpected end of input");
    refuses::<u8>(&[tag::U8, 1, 2, 3], "surplus bytes after the value: 2");
    refuses::<u8>(&[99], "unknown tag 0x63");
    refuses::<u8>(&[tag::END], "value missing at the end of a container");
    refuses::<bool>(&[tag::BOOL, 2], "neither true nor false: 0x02");
    refuses::<char>(&[tag::CHAR, 0, 0xd8, 0, 0], "not a character: 0xd800");
    refuses::<String>(&[tag::STR, 1, 0xff], "invalid utf-8 sequence of 1 bytes from index 0");
    refuses::<String>(&[tag::STR, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0], "unexpected end of input");
    refuses::<String>(&[[tag::STR].as_slice(), &[0xff; 20]].concat(), "length out of range");
    refuses::<Vec<u8>>(&[tag::SEQ, tag::U8, 1], "`[1]`: unexpected end of input");
    refuses::<IgnoredAny>(
        &[tag::MAP, tag::U8, 1, tag::END],
        "`[1]`: value missing at the end of a container",
    );
    refuses::<Chain>(&[tag::U8, 1], "nested more than 192 levels deep");
    let path = "[0]".repeat(66) + "[0";
    refuses::<IgnoredAny>(&[tag::SEQ; 1 << 20], &format!("`{path}…`: nested more than 192 levels deep"));
    refuses::<IgnoredAny>(&[tag::SOME; 1 << 20], "unexpected end of input");
}
