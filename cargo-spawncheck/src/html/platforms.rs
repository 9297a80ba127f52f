//! What a platform is called on the page.

use super::text;
use crate::matrix::Platform;

/// `linux x86_64`; the whole target where that would name two of them.
pub(super) fn labels(platforms: &[Platform]) -> Vec<String> {
    let short = |platform: &Platform| format!("{} {}", platform.os, platform.arch);
    platforms
        .iter()
        .map(|platform| {
            let same = platforms.iter().filter(|other| short(other) == short(platform)).count();
            let unknown = platform.os.is_empty() && platform.arch.is_empty();
            text::name(&if same > 1 || unknown { platform.target.clone() } else { short(platform) })
        })
        .collect()
}

/// The names of those that `which` are indices of.
pub(super) fn of<'a>(labels: &'a [String], which: &[usize]) -> Vec<&'a str> {
    which.iter().filter_map(|index| labels.get(*index)).map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::{labels, of};
    use crate::matrix::Platform;

    fn platform(target: &str, os: &str) -> Platform {
        Platform { target: target.into(), os: os.into(), arch: "x86_64".into() }
    }

    #[test]
    fn as_short_as_it_stays_clear() {
        let platforms = [
            platform("x86_64-unknown-linux-gnu", "linux"),
            platform("x86_64-unknown-linux-musl", "linux"),
            platform("x86_64-pc-windows-gnu", "windows"),
        ];
        let labels = labels(&platforms);
        assert_eq!(labels, ["x86_64-unknown-linux-gnu", "x86_64-unknown-linux-musl", "windows x86_64"]);
        // An index from a broken report is no reason to end.
        assert_eq!(of(&labels, &[2, 9]), ["windows x86_64"]);
    }
}
