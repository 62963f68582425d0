//! Whom a text calls by `@name`. The web client marks the same names by the same rule.

use std::collections::BTreeSet;
use std::ops::Range;

/// The names that a text calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    /// User names in small letters, without doubles. Whether somebody bears one is not known here.
    pub names: BTreeSet<String>,
    /// The text says `@room`.
    pub everyone: bool,
    /// The text says `@here`.
    pub here: bool,
}

/// Finds `@name` where the sign does not follow a letter, a digit or another such sign (so that an address
/// such as `a@b.example` calls nobody). Dots and dashes at the end belong to the sentence.
pub fn calls(text: &str) -> Calls {
    let mut calls = Calls::default();
    for place in find(text) {
        let exact = text[place].to_ascii_lowercase();
        match exact.trim_end_matches(['.', '-', '_']) {
            "room" => calls.everyone = true,
            "here" => calls.here = true,
            name => {
                // A name may really end in a dash: both readings are looked up.
                for reading in [name, &exact] {
                    if (2..=32).contains(&reading.len()) {
                        calls.names.insert(reading.to_owned());
                    }
                }
            }
        }
    }
    calls
}

/// Where the names stand, each without its sign and with what may end the sentence.
pub fn find(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut before = ' ';
    text.char_indices().filter_map(move |(at, sign)| {
        let free = !(before.is_alphanumeric() || matches!(before, '@' | '.' | '_' | '-' | '/'));
        before = sign;
        let rest = text.get(at + 1..).filter(|_| sign == '@' && free)?;
        let end =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))).unwrap_or(rest.len());
        // `@ana@host.example` is an address elsewhere.
        let elsewhere = rest[end..].strip_prefix('@').is_some_and(|host| host.starts_with(char::is_alphanumeric));
        (!elsewhere).then_some(at + 1..at + 1 + end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn here_is_nobodys_name() {
        for (text, here) in
            [("@here, tea", true), ("@Here", true), ("@here.", true), ("@hereford", false), ("a@here", false)]
        {
            let calls = calls(text);
            assert_eq!((calls.here, calls.names.contains("here"), calls.everyone), (here, false, false), "{text}");
        }
    }

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
        check("@ana@host.example, @bo@", &["bo"], false);
    }
}
