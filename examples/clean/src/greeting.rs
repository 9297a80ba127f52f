//! `examples/environment` with the language as an argument.

/// The language of a greeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    English,
    German,
}

impl Language {
    /// What the value of `GREETING_LANGUAGE` asks for. Reading the variable is left to `main`: only there is it certain
    /// that nothing was changed yet.
    pub fn from_setting(value: Option<&str>) -> Self {
        match value {
            Some("de") => Self::German,
            _ => Self::English,
        }
    }
}

/// A greeting in this language.
pub fn greeting(language: Language, name: &str) -> String {
    match language {
        Language::English => format!("Hello, {name}!"),
        Language::German => format!("Hallo, {name}!"),
    }
}

/// The form of address for somebody one does not know.
pub fn polite_form(language: Language) -> &'static str {
    match language {
        Language::English => "you",
        Language::German => "Sie",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn german_on_request() {
        assert_eq!(greeting(Language::from_setting(Some("de")), "Ada"), "Hallo, Ada!");
    }

    #[test]
    fn greets_in_english() {
        assert_eq!(greeting(Language::from_setting(None), "Ada"), "Hello, Ada!");
    }

    #[test]
    fn knows_the_polite_form() {
        assert_eq!(polite_form(Language::German), "Sie");
    }
}
