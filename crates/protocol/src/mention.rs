//! Whom a text calls by `@name`. The web client marks the same names by the same rule.

use std::collections::BTreeSet;

/// The names that a text calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    /// User names in small letters, without doubles. Whether somebody bears one is not known here.
    pub names: BTreeSet<String>,
    /// The text says `@room`.
    pub everyone: bool,
}

/// Finds `@name` where the sign does not follow a letter, a digit or another such sign (so that an address
/// such as `a@b.example` calls nobody). Dots and dashes at the end belong to the sentence.
pub fn calls(text: &str) -> Calls {
    let mut calls = Calls::default();
    let mut before = ' ';
    for (at, sign) in text.char_indices() {
        let free = !(before.is_alphanumeric() || matches!(before, '@' | '.' | '_' | '-' | '/'));
        before = sign;
        if sign != '@' || !free {
            continue;
        }
        let rest = &text[at + 1..];
        let end =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))).unwrap_or(rest.len());
        let name = rest[..end].trim_end_matches(['.', '-', '_']);
        let exact = rest[..end].to_ascii_lowercase();
        match name.to_ascii_lowercase() {
            name if name == "room" => calls.everyone = true,
            name => {
                // A name may really end in a dash: both readings are looked up.
                for reading in [name, exact] {
                    if (2..=32).contains(&reading.len()) {
                        calls.names.insert(reading);
                    }
                }
            }
        }
    }
    calls
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, names: &[&str], everyone: bool) {
        let calls = calls(text);
        assert_eq!(calls.names.iter().map(String::as_str).collect::<Vec<_>>(), names, "{text}");
        assert_eq!(calls.everyone, everyone, "{text}");
    }

    #[test]
    fn names_are_found_where_people_mean_them() {
        check("@ana hello", &["ana"], false);
        check("hello @Ana, and (@bo)!", &["ana", "bo"], false);
        check("@ana @ana", &["ana"], false);
        check("mail a@b.example or x@y", &[], false);
        check("see @ana.", &["ana", "ana."], false);
        check("@room please", &[], true);
        check("@roommate", &["roommate"], false);
        check("a @ alone @@twice", &[], false);
        check("https://host/@ana", &[], false);
    }
}
