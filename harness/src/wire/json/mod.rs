//! The text form of an encoding: what people read in a regression file, commit and edit.
//!
//! It is the JSON that serde_json would write, as far as that decodes to the same value; the type is not known here.
//! The rest is an object whose one key starts with `$`:
//!
//! | value                                 | as                                   |
//! |---------------------------------------|--------------------------------------|
//! | `()`                                  | `{"$unit": null}`                    |
//! | `Some` of `None` or `()`              | `{"$some": null}`                    |
//! | `char`                                | `{"$char": "x"}`                     |
//! | bytes (not sequences of `u8`)         | `{"$bytes": "00ff"}`                 |
//! | integers beyond 64 bits               | `{"$u128": "…"}`, `{"$i128": "…"}`   |
//! | floats that text would change         | `{"$f64": "inf"}`, `{"$f32": "0.1"}` |
//! | maps with other keys, or out of order | `{"$map": [[key, value], …]}`        |
//! | what text cannot nest any deeper      | `{"$wire": "…"}`, its encoding       |
//!
//! Keys that start with `$` themselves get another in front. Integers lose their width, which no value depends on.
//!
//! serde_json's features `preserve_order` and `float_roundtrip` would save some of these, but Cargo would turn them on
//! for the crate under test too, and change what it does.

mod read;
mod write;

pub(crate) use read::from_json;
pub(crate) use write::to_json;
