//! What a symbol is called in the source. Pure.

/// Whose a symbol is, by its name alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// That crate's.
    Crate(String),
    /// The standard library's, or libtest's.
    Std,
    /// Not mangled as Rust does: of another language, or exported under a name of its own.
    Foreign,
}

/// A path as it is written in Rust, without the hash.
pub(crate) fn demangle(symbol: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(symbol))
}

/// A static's path as its author would write it: `a::B` for what `lazy_static!` and `thread_local!` make of `B`.
pub(crate) fn readable(symbol: &str) -> String {
    let path = demangle(symbol);
    if !is_rust(symbol) {
        return path;
    }
    let path = without_part_number(&path);
    let path = of_lazy_static(path).or_else(|| of_thread_local(path)).unwrap_or(path);
    without_brackets(path).replace("{{", "{").replace("}}", "}")
}

/// Whether it is where `std::panic::set_hook` keeps the hook.
pub(crate) fn is_panic_hook(symbol: &str) -> bool {
    readable(symbol) == "std::panicking::HOOK"
}

pub(crate) fn origin(symbol: &str) -> Origin {
    if !is_rust(symbol) {
        return Origin::Foreign;
    }
    let path = demangle(symbol);
    // `<std::X as a::Trait>::f::STATIC` is `a`'s; `<a::X as std::Trait>::f::STATIC` is `a`'s as well.
    let mut crates = path.strip_prefix('<').map_or(vec![&*path], |inner| inner.splitn(2, " as ").collect());
    crates.iter_mut().for_each(|path| *path = first_segment(path));
    match crates.into_iter().find(|name| !is_std(name)) {
        Some(name) => Origin::Crate(name.to_owned()),
        None => Origin::Std,
    }
}

fn is_rust(symbol: &str) -> bool {
    rustc_demangle::try_demangle(symbol).is_ok()
}

fn is_std(name: &str) -> bool {
    const CRATES: [&str; 9] = [
        "std",
        "core",
        "alloc",
        "test",
        "proc_macro",
        "panic_unwind",
        "panic_abort",
        "std_detect",
        "compiler_builtins",
    ];
    // A type without a path (`u8`, `[T]`, `(A, B)`) is the language's own.
    name.is_empty() || CRATES.contains(&name)
}

/// The crate in a path or type; empty for a type that has none.
fn first_segment(path: &str) -> &str {
    const LEADING: [&str; 8] = ["<", "&", "(", "[", "mut ", "*const ", "*mut ", "dyn "];
    let mut path = path;
    while let Some(rest) = LEADING.iter().find_map(|leading| path.strip_prefix(leading)) {
        path = rest;
    }
    path.split_once("::").map_or("", |(first, _)| {
        if first.chars().all(|c| c.is_alphanumeric() || c == '_') { first } else { "" }
    })
}

/// The optimizer splits a static into `NAME.0`, `NAME.1`.
fn without_part_number(path: &str) -> &str {
    match path.rsplit_once('.') {
        Some((path, number)) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => path,
        _ => path,
    }
}

/// The macro makes a type `B` and keeps its value in a static inside `<a::B as Deref>::deref`.
fn of_lazy_static(path: &str) -> Option<&str> {
    let (implementer, rest) = path.strip_prefix('<')?.split_once(" as core::ops::deref::Deref>::deref::")?;
    rest.ends_with("__stability::LAZY").then_some(implementer)
}

/// The macro keeps the value in a static inside a function or closure inside a constant `T`.
fn of_thread_local(path: &str) -> Option<&str> {
    const VALUES: [&str; 6] = ["__RUST_STD_INTERNAL_VAL", "VAL", "STORAGE", "STATE", "__KEY", "KEY"];
    let (outside, value) = path.rsplit_once("::")?;
    if !VALUES.contains(&value) {
        return None;
    }
    // The older mangling says `{{constant}}` where the newer one says `{K#0}`.
    let of_macro =
        |segment: &str| segment == "__getit" || segment == "{{constant}}" || segment.starts_with("{K#");
    let closure = |segment: &str| segment == "{{closure}}" || segment.starts_with("{closure#");
    let (mut owner, mut of_the_macro) = (outside, false);
    while let Some((rest, segment)) = owner.rsplit_once("::") {
        if !of_macro(segment) && !closure(segment) {
            break;
        }
        of_the_macro |= of_macro(segment);
        owner = rest;
    }
    of_the_macro.then_some(owner)
}

/// `<a::T>::f::X`, as the newer mangling writes an inherent method's static, is `a::T::f::X`.
fn without_brackets(path: &str) -> String {
    let Some(inner) = path.strip_prefix('<') else { return path.to_owned() };
    let mut depth = 1_usize;
    for (index, c) in inner.char_indices() {
        depth = match c {
            '<' => depth + 1,
            '>' if !inner[..index].ends_with('-') => depth - 1,
            _ => depth,
        };
        if depth == 0 {
            let (owner, rest) = (&inner[..index], &inner[index + 1..]);
            return if owner.contains(" as ") { path.to_owned() } else { format!("{owner}{rest}") };
        }
    }
    path.to_owned()
}
