//! The schema that users have of the events: `docs/events.schema.json`.

use jsonschema::Validator;
use std::sync::LazyLock;

static EVENTS: LazyLock<Validator> = LazyLock::new(|| {
    let schema = serde_json::from_str(include_str!("../../docs/events.schema.json")).expect("it is JSON");
    jsonschema::draft202012::new(&schema).expect("it is a schema")
});

/// Whether each line is an event with all the fields that it must have, and no others.
///
/// # Errors
/// Says which line is not, and why.
pub(crate) fn check(lines: &str) -> Result<(), String> {
    lines.lines().try_for_each(|line| {
        let event = serde_json::from_str(line).map_err(|error| format!("no JSON: {error}: {line}"))?;
        EVENTS.validate(&event).map_err(|error| format!("not as the schema says: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use super::check;

    const FAILURE: &str = r#"{"type":"failure","package":"p","binary":"p","test":"a","in_process":"failed","spawned":"crashed","output":""}"#;

    #[test]
    fn what_it_lets_pass() {
        check(&format!("{FAILURE}\n{FAILURE}\n")).unwrap();
        for wrong in [
            FAILURE.replace("crashed", "lost"),
            FAILURE.replace(r#""output":"""#, r#""output":"","more":1"#),
            FAILURE.replace(r#","output":"""#, ""),
            FAILURE.replace(r#""type":"failure""#, r#""type":"success""#),
            "{}".to_owned(),
        ] {
            assert!(check(&wrong).is_err(), "{wrong}");
        }
    }
}
