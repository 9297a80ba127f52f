//! Invoices through the public interface. Each test sets what it needs and no other test reads it, so both ways of
//! running them agree.

use pricing::{configure, discounted, format_amount, price_of, quote, register};

#[test]
fn article_price_is_replaced() {
    assert_eq!(register("coffee", 450), None);
    assert_eq!(register("coffee", 480), Some(450));
    assert_eq!(price_of("coffee"), Some(480));
}

#[test]
fn discount_applies_to_the_quote() {
    configure(250);
    assert_eq!(format_amount(discounted(quote(4), 20)), "8.00");
}

#[test]
fn unknown_article_has_no_price() {
    assert_eq!(price_of("gold"), None);
}
