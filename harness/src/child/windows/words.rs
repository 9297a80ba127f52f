//! Arguments and variables in the form in which Windows passes them on: two strings of UTF-16 units.

use std::cmp::Ordering;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::windows::ffi::OsStrExt;
use windows_sys::Win32::Globalization::{CSTR_EQUAL, CSTR_LESS_THAN, CompareStringOrdinal};

const QUOTE: u16 = b'"' as u16;
const BACKSLASH: u16 = b'\\' as u16;
const EQUALS: u16 = b'=' as u16;

/// The text with a zero at its end, and none before.
pub(super) fn terminated(text: &OsStr) -> io::Result<Vec<u16>> {
    let mut units = units(text)?;
    units.push(0);
    Ok(units)
}

/// The program's own name and its arguments, quoted so that the C runtime and the standard library take them apart
/// as they were: [Parsing C++ command-line arguments][1].
///
/// [1]: https://learn.microsoft.com/en-us/cpp/cpp/main-function-command-line-args
pub(super) fn command_line(program: &OsStr, args: &[OsString]) -> io::Result<Vec<u16>> {
    // In the first word backslashes mean themselves, and nothing can stand for a quote.
    let name = units(program)?;
    if name.contains(&QUOTE) {
        return Err(refused(program, "has a `\"` in it"));
    }
    let mut line = [&[QUOTE], &*name, &[QUOTE]].concat();
    for arg in args {
        line.push(u16::from(b' '));
        push_quoted(&mut line, &units(arg)?);
    }
    line.push(0);
    Ok(line)
}

/// Backslashes are doubled where a quote follows, and only there.
fn push_quoted(line: &mut Vec<u16>, arg: &[u16]) {
    line.push(QUOTE);
    let mut backslashes = 0;
    for unit in arg {
        match *unit {
            BACKSLASH => backslashes += 1,
            QUOTE => {
                line.extend(std::iter::repeat_n(BACKSLASH, backslashes + 1));
                backslashes = 0;
            }
            _ => backslashes = 0,
        }
        line.push(*unit);
    }
    line.extend(std::iter::repeat_n(BACKSLASH, backslashes));
    line.push(QUOTE);
}

/// `NAME=VALUE` strings, each with a zero at its end, sorted by name as the system wants them, and a zero after all.
/// Names that differ in nothing but case are the same: the last one counts.
pub(super) fn environment(variables: &[(OsString, OsString)]) -> io::Result<Vec<u16>> {
    let mut sorted: Vec<(Vec<u16>, Vec<u16>)> = Vec::with_capacity(variables.len());
    for (name, value) in variables {
        let (key, value) = (units(name)?, units(value)?);
        // The names in which the system keeps the current directory of each drive begin with `=`.
        if key.is_empty() || key[1..].contains(&EQUALS) {
            return Err(refused(name, "is no name of a variable"));
        }
        match sorted.binary_search_by(|(other, _)| compare(other, &key)) {
            Ok(index) => sorted[index] = (key, value),
            Err(index) => sorted.insert(index, (key, value)),
        }
    }
    let mut block: Vec<u16> = Vec::new();
    for (name, value) in &sorted {
        block.extend([&**name, &[EQUALS], value, &[0]].concat());
    }
    if block.is_empty() {
        block.push(0);
    }
    block.push(0);
    Ok(block)
}

/// The system's own order of names, which ignores case in a way that no other function does.
fn compare(left: &[u16], right: &[u16]) -> Ordering {
    // SAFETY: each pointer is to as many units as the number after it says.
    let result = unsafe {
        CompareStringOrdinal(left.as_ptr(), left.len() as i32, right.as_ptr(), right.len() as i32, 1)
    };
    match result {
        CSTR_LESS_THAN => Ordering::Less,
        CSTR_EQUAL => Ordering::Equal,
        _ => Ordering::Greater,
    }
}

fn units(text: &OsStr) -> io::Result<Vec<u16>> {
    let units: Vec<u16> = text.encode_wide().collect();
    if units.contains(&0) { Err(refused(text, "has a zero byte in it")) } else { Ok(units) }
}

fn refused(text: &OsStr, why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, format!("`{}` {why}", text.display()))
}

#[cfg(test)]
mod tests {
    use super::{command_line, environment};
    use std::ffi::OsString;

    #[track_caller]
    fn check_line(args: &[&str], expected: &str) {
        let args: Vec<OsString> = args.iter().map(OsString::from).collect();
        let line = command_line("a b".as_ref(), &args).unwrap();
        assert_eq!(String::from_utf16(&line).unwrap(), format!("\"a b\"{expected}\0"));
    }

    #[test]
    fn arguments_are_quoted() {
        check_line(&[], "");
        check_line(&["", "x"], r#" "" "x""#);
        check_line(&["a b\tc"], " \"a b\tc\"");
        check_line(&[r#"say "hi""#], r#" "say \"hi\"""#);
        check_line(&[r"c:\x\", r"\\"], r#" "c:\x\\" "\\\\""#);
        check_line(&[r#"\"\\"x"#], r#" "\\\"\\\\\"x""#);
    }

    #[test]
    fn what_cannot_be_passed_is_refused() {
        assert!(command_line("a\"b".as_ref(), &[]).is_err());
        assert!(command_line("a".as_ref(), &["b\0c".into()]).is_err());
        for name in ["", "a=b", "a\0", "==x"] {
            assert!(environment(&[(name.into(), "".into())]).is_err(), "{name:?}");
        }
    }

    #[track_caller]
    fn check_block(variables: &[(&str, &str)], expected: &str) {
        let variables: Vec<_> = variables.iter().map(|(name, value)| (name.into(), value.into())).collect();
        assert_eq!(String::from_utf16(&environment(&variables).unwrap()).unwrap(), expected);
    }

    #[test]
    fn variables_are_sorted_and_the_last_counts() {
        check_block(&[], "\0\0");
        check_block(&[("b", "1"), ("A", ""), ("_", "=2=")], "A=\0b=1\0_==2=\0\0");
        check_block(&[("Path", "1"), ("PATH", "2")], "PATH=2\0\0");
        check_block(&[("ß", "1"), ("ä", "2"), ("Ä", "3"), ("=C:", r"C:\x")], "=C:=C:\\x\0Ä=3\0ß=1\0\0");
    }
}
