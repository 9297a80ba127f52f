//! State that is inherited through the current directory.
//!
//! cargo starts tests in the directory of their package. `tests::changes_into_the_data` goes elsewhere and does not
//! come back:
//!
//! - `tests::finds_the_list_from_the_package` is a *victim*: its relative path now leads nowhere.
//! - `tests::finds_the_list_from_the_data` is *brittle*: its relative path leads somewhere only after that move.
//!
//! Repair: name the file from a fixed point, `CARGO_MANIFEST_DIR`, and leave the current directory to the caller of the
//! program; see `examples/clean`.

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
    use std::env;

    /// Leaves the process in `data`.
    #[test]
    fn changes_into_the_data() {
        env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/data")).unwrap();
        assert!(Path::new("prices.txt").exists());
    }

    /// Brittle: this path leads to the list from `data` only.
    #[test]
    fn finds_the_list_from_the_data() {
        assert_eq!(read_prices(Path::new("prices.txt")).unwrap()[0], ("tea".to_owned(), 350));
    }

    /// Victim: this path leads to the list from the package only, where cargo starts a test.
    #[test]
    fn finds_the_list_from_the_package() {
        assert_eq!(read_prices(Path::new("data/prices.txt")).unwrap().len(), 2);
    }

    #[test]
    fn says_what_is_missing() {
        let missing = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data/missing.txt"));
        assert_eq!(read_prices(missing).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
