//! The two forms of a shared slice: a handle between a parent and its children, its content everywhere else.
//!
//! A handle names a file to open. In a document from elsewhere (a kept input, a user's own configuration) it
//! would let that document choose the file, and by the time somebody reads a kept one, the file is gone. So
//! it is neither written nor read there.

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::any::type_name;
use std::ffi::OsString;
use std::marker::PhantomData;
use std::path::PathBuf;
use std::{fmt, io, iter};

use super::file::{Mapping, unfit};
use super::plain::Content;
use super::{Plain, Shared};
use crate::wire;

/// What another process needs to map the same file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Handle {
    /// Not a `PathBuf`, which serde refuses to write unless it is UTF-8.
    path: OsString,
    items: u64,
    /// The name of the items' type. Parent and child are the same executable, so they call it the same.
    kind: String,
}

impl Handle {
    fn to<T: Plain>(shared: &Shared<T>) -> Self {
        let path = shared.mapping.path().into();
        Self { path, items: shared.items as u64, kind: type_name::<T>().into() }
    }

    fn open<T: Plain>(self) -> io::Result<Shared<T>> {
        let (path, kind) = (PathBuf::from(self.path), type_name::<T>());
        if self.kind != kind {
            return Err(unfit(&path, format!("holds `{}` instead of `{kind}`", self.kind)));
        }
        let items = usize::try_from(self.items).ok();
        let len = items.and_then(|items| items.checked_mul(size_of::<T>()));
        let (Some(items), Some(len)) = (items, len) else {
            return Err(unfit(&path, format!("{} items of `{kind}` are too many", self.items)));
        };
        Shared::over(Mapping::open(path, len as u64)?, items)
    }
}

impl<T: Plain> Serialize for Shared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if wire::in_transit() {
            Handle::to(self).serialize(serializer)
        } else {
            serializer.collect_seq(self.iter().copied().map(Content))
        }
    }
}

/// # Errors
/// As the format says, and: a handle outside of its transit to a child, or one whose file is missing, is not
/// a regular file, or does not have the length and kind that it tells; content for which no file can be made.
impl<'de, T: Plain> Deserialize<'de> for Shared<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let form = Form(PhantomData);
        // Elsewhere the format may be one that has to be told what comes.
        if wire::in_transit() {
            deserializer.deserialize_any(form)
        } else {
            deserializer.deserialize_seq(form)
        }
    }
}

struct Form<T>(PhantomData<T>);

impl<'de, T: Plain> Visitor<'de> for Form<T> {
    type Value = Shared<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a sequence of `{}` (or, but only from our own parent, a handle to one)", type_name::<T>())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Shared<T>, A::Error> {
        if !wire::in_transit() {
            return Err(A::Error::invalid_type(Unexpected::Map, &self));
        }
        let handle = Handle::deserialize(MapAccessDeserializer::new(map))?;
        handle.open().map_err(A::Error::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Shared<T>, A::Error> {
        let mut failed = None;
        let items = iter::from_fn(|| match seq.next_element() {
            Ok(item) => item.map(|Content(item)| item),
            Err(error) => {
                failed = Some(error);
                None
            }
        });
        let shared = Shared::collect(items);
        // An error of the document comes first: without it there may have been more items.
        failed.map_or_else(|| shared.map_err(A::Error::custom), Err)
    }
}
