//! The command line: `-i N`, and `--method fork|spawn`.

/// What it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Args {
    /// Some input.
    pub input: i64,
    /// How the workers are started.
    pub method: Method,
}

/// A way of starting a worker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// As a copy of the parent. Not on Windows.
    Fork,
    /// As a new process of the same executable.
    Spawn,
}

impl Default for Args {
    fn default() -> Self {
        Self { input: 0, method: if cfg!(unix) { Method::Fork } else { Method::Spawn } }
    }
}

impl Args {
    /// Reads the arguments after the program's name.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut args = Self::default();
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let value = words.next().ok_or_else(|| format!("`{word}` needs a value"))?;
            match (&*word, &*value) {
                ("-i" | "--input", number) => {
                    args.input =
                        number.parse().map_err(|error| format!("`{word}` cannot be `{number}`: {error}"))?;
                }
                ("--method", "fork") if cfg!(unix) => args.method = Method::Fork,
                ("--method", "spawn") => args.method = Method::Spawn,
                ("--method", other) => return Err(format!("there is no method `{other}` here")),
                _ => return Err(format!("unknown argument `{word}`")),
            }
        }
        Ok(args)
    }
}
