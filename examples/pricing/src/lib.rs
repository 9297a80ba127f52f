//! A small price list that keeps its settings in statics, as many a library does.
//!
//! Two of its tests have a verdict that depends on the tests before them:
//!
//! - `tests::quote_uses_rate` is *brittle*. It never sets the rate; it passes because
//!   `tests::configured_rate_is_applied` ran earlier in the same process. Alone, the rate is 0 and so is the quote.
//! - `tests::starts_empty` is a *victim*. It is right about a new process, and fails after `tests::registers` left an
//!   entry behind.
//!
//! Each could be repaired by a line in the test (`configure(2)`, `clear()`), which lasts until the next test forgets
//! it. The lasting repair is a value in place of the statics, so that each test has its own: see `examples/clean`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

/// Cents for one unit; 0 until [`configure`] was called.
static RATE: AtomicU64 = AtomicU64::new(0);

/// Articles with a price of their own, in cents.
static REGISTRY: LazyLock<Mutex<BTreeMap<String, u64>>> = LazyLock::new(Mutex::default);

/// Sets the price of one unit, in cents, for the whole process.
pub fn configure(rate: u64) {
    RATE.store(rate, Ordering::Relaxed);
}

/// The price of `quantity` units, in cents.
pub fn quote(quantity: u64) -> u64 {
    quantity * RATE.load(Ordering::Relaxed)
}

/// Gives an article a price of its own and returns the one that it had before.
pub fn register(article: &str, cents: u64) -> Option<u64> {
    registry().insert(article.to_owned(), cents)
}

/// The price of a registered article, in cents.
pub fn price_of(article: &str) -> Option<u64> {
    registry().get(article).copied()
}

/// How many articles have a price of their own.
pub fn registered() -> usize {
    registry().len()
}

/// What is left of a price after a discount, rounded down to whole cents.
///
/// # Panics
///
/// If the discount is more than 100 percent.
pub fn discounted(cents: u64, percent: u64) -> u64 {
    assert!(percent <= 100, "a discount of {percent} percent");
    cents * (100 - percent) / 100
}

/// An amount as it is printed on an invoice: `1234` is `12.34`.
pub fn format_amount(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// Reads what [`format_amount`] writes.
pub fn parse_amount(text: &str) -> Option<u64> {
    let (units, cents) = text.split_once('.')?;
    if cents.len() != 2 {
        return None;
    }
    units.parse::<u64>().ok()?.checked_mul(100)?.checked_add(cents.parse().ok()?)
}

/// The map is whole after any panic, so a poisoned lock is no reason to fail.
fn registry() -> MutexGuard<'static, BTreeMap<String, u64>> {
    REGISTRY.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_parsed() {
        assert_eq!(parse_amount("12.34"), Some(1234));
        assert_eq!(parse_amount("12"), None);
        assert_eq!(parse_amount("12.3"), None);
    }

    #[test]
    fn amounts_survive_a_round_trip() {
        for cents in [0, 5, 99, 100, 1234] {
            assert_eq!(parse_amount(&format_amount(cents)), Some(cents));
        }
    }

    /// Leaves the rate set, which `quote_uses_rate` lives on.
    #[test]
    fn configured_rate_is_applied() {
        configure(2);
        assert_eq!(quote(3), 6);
    }

    #[test]
    fn discount_is_rounded_down() {
        assert_eq!(discounted(999, 10), 899);
    }

    #[test]
    #[should_panic(expected = "a discount of 101 percent")]
    fn discount_of_more_than_everything_is_refused() {
        discounted(999, 101);
    }

    /// Brittle: nobody in this test sets the rate.
    #[test]
    fn quote_uses_rate() {
        assert_eq!(quote(10), 20);
    }

    /// Leaves an entry, which `starts_empty` trips over.
    #[test]
    fn registers() {
        register("tea", 350);
        assert_eq!(price_of("tea"), Some(350));
    }

    /// Victim: true of a new process, and of no process in which `registers` ran.
    #[test]
    fn starts_empty() {
        assert_eq!(registered(), 0);
    }
}
