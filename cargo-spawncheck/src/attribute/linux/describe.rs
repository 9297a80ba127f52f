//! Differences as carriers, in words.

use super::compare::Difference;
use super::objects::Loaded;
use crate::explanation::Carrier;
use crate::trace::Stopped;
use std::fmt::Write;

/// How many bytes to show where there is nothing better to say.
const MAX_BYTES: usize = 16;

/// A value in words, and its bytes.
pub(super) type Value = (String, Vec<u8>);

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
        objects[*object].value(known, stopped, objects)
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
        let initial = self
            .initial
            .as_ref()
            .map(|bytes| (words.value(known, bytes, &|_, _| None, &|_| None), bytes.clone()));
        if let (Some((fresh_text, fresh_bytes)), Some((inherited_text, inherited_bytes))) =
            (initial.or(fresh), inherited)
        {
            // What differs may be where words do not look.
            let same = fresh_text == inherited_text;
            let at =
                fresh_bytes.iter().zip(&inherited_bytes).position(|(one, other)| one != other).unwrap_or(0);
            let text = |text: String, bytes: &[u8]| if same { dump(bytes, at) } else { text };
            carrier.fresh = text(fresh_text, &fresh_bytes);
            carrier.inherited = text(inherited_text, &inherited_bytes);
        }
        carrier
    }
}

/// Some bytes, from the first one that differs on.
fn dump(bytes: &[u8], at: usize) -> String {
    let at = at / 8 * 8;
    let shown = &bytes[at..bytes.len().min(at + MAX_BYTES)];
    let mut text = shown.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x} ");
        text
    });
    let _ = write!(text, "at byte {at} of {}", bytes.len());
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn bytes_where_they_differ() {
        assert_eq!(super::dump(&[1, 2, 3], 0), "01 02 03 at byte 0 of 3");
        assert_eq!(
            super::dump(&(0..40).collect::<Vec<u8>>(), 19),
            "10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f at byte 16 of 40"
        );
    }
}
