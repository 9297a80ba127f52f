//! State that is inherited through an environment variable.
//!
//! `tests::german_on_request` sets `GREETING_LANGUAGE` and leaves it set, for every test that runs later in the same
//! process:
//!
//! - `tests::greets_in_english` is a *victim*: it expects the default and gets German.
//! - `tests::knows_the_polite_form` is *brittle*: it expects German, which nobody asked for when it runs alone.
//!
//! Setting the variable back at the end of the test would not be enough, a failing assertion skips it. Repair: read the
//! variable once, in `main`, and hand the language on as an argument; see `examples/clean`.

use std::env;

/// The variable that chooses the language, `de` or anything else for English.
pub const LANGUAGE: &str = "GREETING_LANGUAGE";

/// A greeting in the language of the environment.
pub fn greeting(name: &str) -> String {
    if german() { format!("Hallo, {name}!") } else { format!("Hello, {name}!") }
}

/// The form of address for somebody one does not know.
pub fn polite_form() -> &'static str {
    if german() { "Sie" } else { "you" }
}

fn german() -> bool {
    env::var(LANGUAGE).is_ok_and(|language| language == "de")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Leaves the variable set.
    #[test]
    fn german_on_request() {
        // SAFETY: right only while no other thread reads the environment, as with `--test-threads=1`. That this needs
        // `unsafe` at all is a hint that the test should do without it.
        unsafe { env::set_var(LANGUAGE, "de") };
        assert_eq!(greeting("Ada"), "Hallo, Ada!");
    }

    /// Victim: true where nobody has set the variable.
    #[test]
    fn greets_in_english() {
        assert_eq!(greeting("Ada"), "Hello, Ada!");
    }

    /// Brittle: nobody in this test sets the variable.
    #[test]
    fn knows_the_polite_form() {
        assert_eq!(polite_form(), "Sie");
    }
}
