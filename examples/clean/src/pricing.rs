//! `examples/pricing` with a value in place of the statics.

use std::collections::BTreeMap;

/// Prices in cents: one for each unit, and those of the articles that have one of their own.
#[derive(Debug)]
pub struct PriceList {
    rate: u64,
    articles: BTreeMap<String, u64>,
}

impl PriceList {
    /// A list with this price for one unit and no articles. There is no list without a rate that could quote 0.
    pub fn new(rate: u64) -> Self {
        Self { rate, articles: BTreeMap::new() }
    }

    /// The price of `quantity` units.
    pub fn quote(&self, quantity: u64) -> u64 {
        quantity * self.rate
    }

    /// Gives an article a price of its own and returns the one that it had before.
    pub fn register(&mut self, article: &str, cents: u64) -> Option<u64> {
        self.articles.insert(article.to_owned(), cents)
    }

    /// The price of a registered article.
    pub fn price_of(&self, article: &str) -> Option<u64> {
        self.articles.get(article).copied()
    }

    /// How many articles have a price of their own.
    pub fn registered(&self) -> usize {
        self.articles.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quote_uses_rate() {
        assert_eq!(PriceList::new(2).quote(10), 20);
    }

    #[test]
    fn registers() {
        let mut prices = PriceList::new(2);
        assert_eq!(prices.register("tea", 350), None);
        assert_eq!(prices.price_of("tea"), Some(350));
    }

    #[test]
    fn starts_empty() {
        assert_eq!(PriceList::new(2).registered(), 0);
    }
}
