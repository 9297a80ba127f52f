//! Differences as carriers, in words.

use super::compare::Difference;
use super::objects::{Loaded, MAX_VALUE};
use super::repair::Repair;
use crate::explanation::Carrier;
use crate::trace::Stopped;
use std::fmt::Write;

/// How many bytes to show where there is nothing better to say.
const MAX_BYTES: usize = 16;

/// Of a static that is larger than what is put into words, this much is looked at where it differs.
const AREA: u64 = 4096;

/// A value in words, and its bytes.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) text: String,
    bytes: Vec<u8>,
    /// Where in the static those begin.
    start: u64,
    /// How large the static is.
    size: u64,
}

impl Difference {
    /// What it is called, and the values that are known without a process to look at.
    pub(super) fn carrier(&self) -> Carrier {
        Carrier {
            channel: self.channel,
            name: self.name.clone(),
            type_name: None,
            location: None,
            fresh: self.fresh.clone(),
            inherited: self.inherited.clone(),
        }
    }

    /// The value of a static in a process that stands still; `None` for everything else.
    pub(super) fn value(&self, stopped: &Stopped<'_>, objects: &[Loaded]) -> Option<Value> {
        let (object, known) = self.place.as_ref()?;
        let object = &objects[*object];
        let (address, size) = (known.address + object.base, known.size);
        let start = match &self.to_fresh {
            Some(Repair::Memory(areas)) => areas.first().map_or(0, |(at, _)| at.saturating_sub(address)),
            _ => 0,
        };
        if size <= MAX_VALUE || start + AREA <= MAX_VALUE {
            let (text, bytes) = object.value(known, stopped, objects)?;
            return Some(Value { text, bytes, start: 0, size });
        }
        let mut bytes = vec![0; size.saturating_sub(start).min(AREA) as usize];
        stopped.read(address + start, &mut bytes).ok()?;
        let value = Value { text: String::new(), bytes, start, size };
        Some(Value { text: value.dump(0), ..value })
    }

    /// All that can be said, given its fresh and its inherited value.
    pub(super) fn described(
        &self,
        objects: &[Loaded],
        (fresh, inherited): (Option<Value>, Option<Value>),
    ) -> Carrier {
        let mut carrier = self.carrier();
        let Some((object, known)) = &self.place else { return carrier };
        let words = &objects[*object].file.words;
        let description = words.describe(known);
        (carrier.name, carrier.type_name, carrier.location) =
            (description.name, description.type_name, description.location);
        let initial = self.initial.as_ref().map(|bytes| Value {
            text: words.value(known, bytes, &|_, _| None, &|_| None),
            bytes: bytes.clone(),
            start: 0,
            size: known.size,
        });
        if let (Some(fresh), Some(inherited)) = (initial.or(fresh), inherited) {
            (carrier.fresh, carrier.inherited) = told_apart(fresh, inherited);
        }
        carrier
    }
}

fn told_apart(fresh: Value, inherited: Value) -> (String, String) {
    if fresh.text != inherited.text {
        return (fresh.text, inherited.text);
    }
    // What differs may be where words do not look.
    let mut pairs = fresh.bytes.iter().zip(&inherited.bytes);
    let at = pairs.position(|(one, other)| one != other).unwrap_or(0);
    (fresh.dump(at), inherited.dump(at))
}

impl Value {
    /// Some bytes, from the first one that differs on.
    fn dump(&self, at: usize) -> String {
        let at = at / 8 * 8;
        let shown = &self.bytes[at..self.bytes.len().min(at + MAX_BYTES)];
        let mut text = shown.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x} ");
            text
        });
        let _ = write!(text, "at byte {} of {}", self.start + at as u64, self.size);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, told_apart};

    fn value(text: &str, bytes: impl IntoIterator<Item = u8>, (start, size): (u64, u64)) -> Value {
        Value { text: text.to_owned(), bytes: bytes.into_iter().collect(), start, size }
    }

    #[test]
    fn bytes_where_they_differ() {
        assert_eq!(value("", 1..=3, (0, 3)).dump(0), "01 02 03 at byte 0 of 3");
        assert_eq!(
            value("", 0..40, (0, 40)).dump(19),
            "10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f at byte 16 of 40"
        );
    }

    #[test]
    fn words_where_they_differ() {
        let (one, other) = (value("1", [1], (0, 1)), value("2", [2], (0, 1)));
        assert_eq!(told_apart(one, other), ("1".to_owned(), "2".to_owned()));
        let far = |last| value("…", [0, 0, 0, 0, 0, 0, 0, 0, 7, last], (4096, 8000));
        let expected = ["07 01 at byte 4104 of 8000", "07 02 at byte 4104 of 8000"].map(str::to_owned);
        assert_eq!(<[String; 2]>::from(told_apart(far(1), far(2))), expected);
    }
}
