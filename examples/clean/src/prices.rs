//! `examples/directory` with a fixed point in place of the current directory.

use std::path::Path;
use std::{fs, io};

/// Reads a price list: an article and its price in cents on each line. Lines that say anything else are left out.
pub fn read_prices(path: &Path) -> io::Result<Vec<(String, u64)>> {
    let price = |line: &str| {
        let (article, cents) = line.rsplit_once(' ')?;
        Some((article.to_owned(), cents.parse().ok()?))
    };
    Ok(fs::read_to_string(path)?.lines().filter_map(price).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Known when the test is compiled: nothing that runs can move it.
    const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data");

    #[test]
    fn finds_the_list() {
        assert_eq!(read_prices(&Path::new(DATA).join("prices.txt")).unwrap().len(), 2);
    }

    #[test]
    fn says_what_is_missing() {
        let missing = read_prices(&Path::new(DATA).join("missing.txt"));
        assert_eq!(missing.unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
