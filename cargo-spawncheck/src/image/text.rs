//! Bytes and strings that a test left behind, as text that a terminal can be given. Pure.

/// Of a string, in characters.
const LONGEST_STRING: usize = 60;
const LONGEST_VALUE: usize = 160;
const MOST_BYTES: usize = 16;
pub(super) const MORE: &str = "...";

/// How many bytes of a string are worth reading.
pub(super) const STRING_BYTES: usize = LONGEST_STRING * 4 + 4;

/// In quotes, escaped, and clipped; `bytes` may be the beginning of `length` ones. `None` for what is no text.
pub(super) fn quoted(bytes: &[u8], length: u64) -> Option<String> {
    let whole = bytes.len() as u64 == length;
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        // The last character may have been cut in two.
        Err(error) if !whole && error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    let clipped: String = text.chars().take(LONGEST_STRING).collect();
    let more = if whole && clipped.len() == text.len() { "" } else { MORE };
    Some(format!("\"{}\"{more}", escaped(&clipped)))
}

/// As `Debug` escapes, and what turns the direction of a line or hides in it as well.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\'' => escaped.push(c),
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => {
                escaped.extend(c.escape_unicode());
            }
            c => escaped.extend(c.escape_debug()),
        }
    }
    escaped
}

/// A value that got too long, cut off.
pub(super) fn clipped(value: String) -> String {
    match value.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}{MORE}", &value[..end]),
        None => value,
    }
}

/// Bytes of which nothing else is known.
pub(super) fn raw(bytes: &[u8]) -> String {
    let count = bytes.len();
    let unit = if count == 1 { "byte" } else { "bytes" };
    if matches!(count, 1 | 2 | 4 | 8) {
        // Every platform that statics are read on is little endian.
        let number = bytes.iter().rev().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        return format!("{number:#0width$x}, {count} {unit}", width = 2 + 2 * count);
    }
    let shown: Vec<String> = bytes.iter().take(MOST_BYTES).map(|byte| format!("{byte:02x}")).collect();
    let more = if count > MOST_BYTES { " ..." } else { "" };
    format!("{}{more}, {count} {unit}", shown.join(" "))
}
