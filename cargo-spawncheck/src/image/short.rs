//! A type as its author would write it, from the full name that the compiler gives it. Pure.
//!
//! `std::sync::lazy_lock::LazyLock<core::option::Option<u32>, fn() -> core::option::Option<u32>>` is
//! `LazyLock<Option<u32>>`: no modules, and no parameter that has its default.

/// Longer names are cut off: nobody reads them, and what reads them recurses.
const LONGEST: usize = 4_096;
const DEEPEST: usize = 48;

/// The short form of a type's name; `None` if there is nothing to be made of it.
pub(super) fn short(name: &str) -> Option<String> {
    (name.len() <= LONGEST).then(|| shorten(name, 0)).flatten()
}

fn shorten(name: &str, depth: usize) -> Option<String> {
    if depth > DEEPEST {
        return None;
    }
    let name = name.trim();
    for prefix in ["&mut ", "&", "*const ", "*mut "] {
        if let Some(rest) = name.strip_prefix(prefix) {
            return Some(format!("{prefix}{}", shorten_target(rest, depth)?));
        }
    }
    if let Some(bounds) = name.strip_prefix("dyn ") {
        let bounds: Option<Vec<_>> =
            split(bounds, " + ").into_iter().map(|bound| shorten(bound, depth + 1)).collect();
        return Some(format!("dyn {}", bounds?.join(" + ")));
    }
    if let Some(function) = shorten_function(name, depth) {
        return Some(function);
    }
    if let Some(inner) = name.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let parts: Option<Vec<_>> =
            split(inner, ", ").into_iter().map(|part| shorten(part, depth + 1)).collect();
        let parts = parts?;
        let alone = parts.len() == 1 && !inner.ends_with(',');
        // `(dyn A + B)` is in parentheses wherever it stands.
        return Some(if alone && inner.starts_with("dyn ") {
            parts[0].clone()
        } else if parts.len() == 1 && !parts[0].is_empty() {
            format!("({},)", parts[0].trim_end_matches(','))
        } else {
            format!("({})", parts.join(", "))
        });
    }
    if let Some(inner) = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let (element, count) = inner.rsplit_once("; ").map_or((inner, None), |(e, count)| (e, Some(count)));
        let element = shorten(element, depth + 1)?;
        return Some(count.map_or(format!("[{element}]"), |count| format!("[{element}; {count}]")));
    }
    shorten_path(name, depth)
}

/// What a pointer points to: several bounds need their parentheses there.
fn shorten_target(name: &str, depth: usize) -> Option<String> {
    let target = shorten(name, depth + 1)?;
    Some(if target.starts_with("dyn ") && target.contains(" + ") { format!("({target})") } else { target })
}

/// `unsafe extern "C" fn(a::B) -> c::D`
fn shorten_function(name: &str, depth: usize) -> Option<String> {
    let (before, rest) = name.split_once("fn(")?;
    let qualifiers = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '"' | '-' | '_');
    if !before.chars().all(qualifiers) || !(before.is_empty() || before.ends_with(' ')) {
        return None;
    }
    let end = closing(rest, ')')?;
    let arguments: Option<Vec<_>> =
        split(&rest[..end], ", ").into_iter().map(|one| shorten(one, depth + 1)).collect();
    let result = match rest[end + 1..].strip_prefix(" -> ") {
        Some(result) => format!(" -> {}", shorten(result, depth + 1)?),
        None => String::new(),
    };
    Some(format!("{before}fn({}){result}", arguments?.join(", ")))
}

/// `a::b::C<d::E>` and, inside a bound, `Output=f::G`.
fn shorten_path(name: &str, depth: usize) -> Option<String> {
    if let Some((label, value)) = name.split_once('=').filter(|(label, _)| !label.contains(['<', ':', '{'])) {
        return Some(format!("{}={}", label.trim(), shorten(value, depth + 1)?));
    }
    let Some(open) = name.find('<').filter(|open| *open > 0) else {
        return Some(last_segment(name).to_owned());
    };
    let close = open + 1 + closing(&name[open + 1..], '>')?;
    let path = &name[..open];
    let arguments = split(&name[open + 1..close], ", ");
    let kept: Option<Vec<String>> = arguments
        .iter()
        .enumerate()
        .filter(|(index, argument)| !is_default(path, *index, argument))
        .map(|(_, argument)| shorten(argument, depth + 1))
        .collect();
    let (base, kept) = (last_segment(path), kept?);
    if matches!(base, "Fn" | "FnMut" | "FnOnce") {
        return Some(called(base, &kept));
    }
    Some(if kept.is_empty() { base.to_owned() } else { format!("{base}<{}>", kept.join(", ")) })
}

/// `Fn<(A,), Output=B>` is written `Fn(A) -> B`.
fn called(base: &str, arguments: &[String]) -> String {
    let taken = arguments.first().map_or("()", String::as_str);
    let taken = taken.strip_suffix(",)").map_or(taken.to_owned(), |alone| format!("{alone})"));
    match arguments.get(1).and_then(|output| output.strip_prefix("Output=")) {
        Some(result) if result != "()" => format!("{base}{taken} -> {result}"),
        _ => format!("{base}{taken}"),
    }
}

/// Whether an argument is the one that is there if none is written, or the macro's or the crate's choice.
fn is_default(path: &str, index: usize, argument: &str) -> bool {
    match last_segment(path) {
        "LazyLock" | "LazyCell" | "Lazy" => index == 1 && argument.starts_with("fn() -> "),
        "HashMap" | "HashSet" if argument == "std::hash::random::RandomState" => true,
        "Mutex" | "RwLock" | "ReentrantMutex" if path.starts_with("lock_api::") => {
            argument.starts_with("parking_lot::raw_") || argument.starts_with("spin::")
        }
        _ => index > 0 && argument == "alloc::alloc::Global",
    }
}

fn last_segment(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// Splits where no bracket is open.
fn split<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    let mut index = 0;
    let bytes = text.as_bytes();
    while index < bytes.len() {
        match bytes[index] {
            b'<' | b'(' | b'[' | b'{' => depth += 1,
            b'>' if index > 0 && bytes[index - 1] == b'-' => {}
            b'>' | b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ if depth == 0 && bytes[index..].starts_with(separator.as_bytes()) => {
                parts.push(&text[start..index]);
                start = index + separator.len();
                index = start;
                continue;
            }
            _ => {}
        }
        index += 1;
    }
    if start < text.len() {
        parts.push(&text[start..]);
    }
    parts
}

/// Where the bracket is closed that was opened just before `text`.
fn closing(text: &str, bracket: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, c) in text.char_indices() {
        match c {
            '<' | '(' | '[' | '{' => depth += 1,
            '>' if text[..index].ends_with('-') => {}
            _ if c == bracket && depth == 0 => return Some(index),
            '>' | ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    None
}
