//! Panic messages without what differs from run to run.
//!
//! The same bug, hit twice, should count as one, so addresses, temporary folders and the numbers of threads must not
//! tell messages apart. The rules are narrow, since whatever they replace can no longer tell two bugs apart either:
//!
//! - `0x` and at least four hexadecimal digits become `0x…`.
//! - `ThreadId(12)` becomes `ThreadId(…)`.
//! - An absolute path becomes `…/` and its last component. It starts with `/` and a name, or with a drive (`C:\`, `C:/`
//!   or `\\?\C:\`, a capital letter), at the beginning of the text or after a space, a quote, one of `( [ {` or one of
//!   `= : , ;`. It ends before a space, a quote, a bracket or one of `: , ; * ? |`. After a quote that is closed in the
//!   same line, only that and `: * ? |` end it. Backslashes may be doubled, as they are in Debug output; in a Unix path
//!   one ends the path, since it begins a `\n` there.
//!
//! Relative paths, URLs (up to a space or a quote), divisions, dates, comments, a lone `/` and Windows network shares
//! stay. Not to be told from a path: a route (`GET /users/1`), and a division with a space on one side (`a /b`).
//!
//! Rejected: regular expressions, a dependency for three rules of which the longest depends on what precedes it; and
//! dropping every number, which would make one bug of `index 3` and `index 7`.

/// The message as it is compared with others. Normalizing twice changes nothing more.
pub(crate) fn normalize(message: &str) -> String {
    let mut text = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(next) = rest.chars().next() {
        // From the result, so that what follows a replacement reads the same the next time.
        let previous = text.chars().next_back();
        let (length, replacement) = if let Some(length) = url(rest) {
            (length, &rest[..length])
        } else if let Some(length) = address(rest, previous) {
            (length, "0x…")
        } else if let Some(length) = thread(rest, previous) {
            (length, "ThreadId(…)")
        } else if let Some(length) = folders(rest, previous) {
            (length, "…/")
        } else {
            (next.len_utf8(), &rest[..next.len_utf8()])
        };
        text.push_str(replacement);
        rest = &rest[length..];
    }
    text
}

/// The length of a URL from its `://` on.
fn url(rest: &str) -> Option<usize> {
    let ends = |char: char| char.is_whitespace() || is_quote(char);
    rest.starts_with("://").then(|| rest.find(ends).unwrap_or(rest.len()))
}

fn address(rest: &str, previous: Option<char>) -> Option<usize> {
    let digits = rest.strip_prefix("0x").filter(|_| !previous.is_some_and(is_word))?;
    let after = digits.trim_start_matches(|char: char| char.is_ascii_hexdigit());
    (digits.len() - after.len() >= 4).then(|| rest.len() - after.len())
}

fn thread(rest: &str, previous: Option<char>) -> Option<usize> {
    let number = rest.strip_prefix("ThreadId(").filter(|_| !previous.is_some_and(is_word))?;
    let after = number.trim_start_matches(|char: char| char.is_ascii_digit());
    (after.len() < number.len() && after.starts_with(')')).then(|| rest.len() - after.len() + 1)
}

/// The length of an absolute path without its last component, which may hold something to replace in turn.
fn folders(rest: &str, previous: Option<char>) -> Option<usize> {
    if previous.is_some_and(|char| !char.is_whitespace() && !is_quote(char) && !"([{=:,;".contains(char)) {
        return None;
    }
    let (root, separators) = root(rest)?;
    let path = &rest[root..];
    let never = |char: char| ":*?|".contains(char) || (char == '\\' && !separators.contains(&char));
    let quote = previous.filter(|&char| is_quote(char));
    let end = match quote.and_then(|quote| path.split('\n').next()?.find(quote)) {
        Some(closing) => path[..closing].find(never).unwrap_or(closing),
        None => {
            let ends = |char: char| char.is_whitespace() || is_quote(char) || "()[]{}<>,;".contains(char);
            path.find(|char| never(char) || ends(char)).unwrap_or(path.len())
        }
    };
    let last = path[..end].trim_end_matches(separators).rfind(separators)?;
    Some(root + last + 1)
}

/// What precedes the first separator of an absolute path, and the separators that it may have.
fn root(rest: &str) -> Option<(usize, &'static [char])> {
    if let Some(name) = rest.strip_prefix('/') {
        return name.starts_with(|char| is_word(char) || char == '.' || char == '-').then_some((0, &['/']));
    }
    let drive = rest.strip_prefix(r"\\?\").or_else(|| rest.strip_prefix(r"\\\\?\\")).unwrap_or(rest);
    let path = drive.strip_prefix(|char: char| char.is_ascii_uppercase())?.strip_prefix(':')?;
    path.starts_with(['/', '\\']).then(|| (rest.len() - path.len(), ['/', '\\'].as_slice()))
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

fn is_quote(char: char) -> bool {
    matches!(char, '"' | '\'' | '`')
}

#[cfg(test)]
mod tests {
    use super::normalize;
    use proptest::prelude::*;

    #[track_caller]
    fn check(message: &str, expected: &str) {
        assert_eq!(normalize(message), expected);
    }

    #[track_caller]
    fn check_stays(message: &str) {
        check(message, message);
    }

    #[test]
    fn addresses_and_threads() {
        check("at 0x7ffd12ab", "at 0x…");
        check("(0xDEADBEEF, 0xbeef)", "(0x…, 0x…)");
        check("0x7ffd12abz", "0x…z");
        check("on ThreadId(12), ThreadId(3)", "on ThreadId(…), ThreadId(…)");
        check("thread 'main' (ThreadId(1)) at 0x1000", "thread 'main' (ThreadId(…)) at 0x…");
        check_stays("0xfff 0x 0xg123 10x12345 index 12345");
        check_stays("ThreadId() ThreadId(x) ThreadId(1 MyThreadId(1)");
    }

    #[test]
    fn unix_paths() {
        check("/tmp/.tmpAb12/x.txt", "…/x.txt");
        check("/tmp", "…/tmp");
        check("no file /tmp/.tmpAb12/x.txt.", "no file …/x.txt.");
        check("src /home/me/src/lib.rs:12:5: oh", "src …/lib.rs:12:5: oh");
        check("path=/a/b, (/a/b) [/a/b] {/a/b}", "path=…/b, (…/b) […/b] {…/b}");
        check("'/a/b' `/a/b` \"/a/b\"", "'…/b' `…/b` \"…/b\"");
        check(r#""no \"/a b/c d\"", x"#, r#""no \"…/c d\"", x"#);
        check("\"/a/b (1), c/d\" /a/b c/d", "\"…/d\" …/b c/d");
        check("\"/a/b: 1/2\"", "\"…/b: 1/2\"");
        check("it isn't '/a/b c/d", "it isn't '…/b c/d");
        check(r"at /a/b\nc/d", r"at …/b\nc/d");
        check("PATH=/a/b:/c/d:", "PATH=…/b:…/d:");
        check("in /a/b/ and /a//b//", "in …/b/ and …/b//");
        check("/tmp/0x7ffd12ab and /tmp/ü/ö", "…/0x… and …/ö");
    }

    #[test]
    fn windows_paths() {
        check(r"C:\Users\x\f.txt", r"…/f.txt");
        check(r"in D:/a/b.rs:3:1", r"in …/b.rs:3:1");
        check(r"(\\?\C:\Users\x\f.txt)", r"(…/f.txt)");
        check(r#""C:\\Users\\John Doe\\f.txt""#, r#""…/f.txt""#);
        check(r#"no "\\\\?\\C:\\Users\\f.txt": x"#, r#"no "…/f.txt": x"#);
        check(r"C:\dir\", r"…/dir\");
        check_stays(r"C:\ C: c:\n \\server\share\x \\?\x");
    }

    #[test]
    fn what_is_no_absolute_path_stays() {
        check_stays("src/lib.rs ./a/b ../a/b ~/a a\\b");
        check_stays("see http://a/b, https://a.b:80/c?d=/e/f and file:///a/b");
        check_stays("a / b, 1/2, a/b, (a) /(b), a /= b, 2024/01/02");
        check_stays("// comment /* comment */ /// doc //a/b");
        check_stays("/ '/' \"/\" (/) and/or </b> */*");
        check_stays("…/x.txt 0x… ThreadId(…)");
        check_stays("");
    }

    proptest! {
        #[test]
        fn twice_is_once(
            noise in any::<String>(),
            text in r#"([/\\ :"'?.,(=…\n]|C:|://|/a|\\b|0x|1234|ThreadId\(|1\)|\\\\\?\\){0,24}"#,
        ) {
            for message in [noise, text] {
                let once = normalize(&message);
                prop_assert_eq!(normalize(&once), once);
            }
        }
    }
}
