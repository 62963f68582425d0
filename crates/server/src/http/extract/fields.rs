//! Which fields a request type has, and which of them an error speaks of.

use protocol::{Code, Refusal};
use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;

/// The names of the fields of a struct, as its derive gave them to serde.
pub fn of<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut fields: &'static [&'static str] = &[];
    // Always an error; what matters is what the type asked for.
    let _ = T::deserialize(Probe(&mut fields));
    fields
}

struct Probe<'p>(&'p mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(Self::Error::custom("only a probe"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = fields;
        Err(Self::Error::custom("only a probe"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// The refusal for a value that did not fit: `path` is where, `message` is what serde says of it.
pub fn refusal(fields: &'static [&'static str], path: &str, message: &str) -> Refusal {
    // Where in the text is of no use to who made it with a library; what was sent need not come back whole.
    let message = message.split(" at line ").next().unwrap_or_default();
    let detail: String = plain(message).chars().take(200).collect();
    let first = path.split(['.', '[']).next().unwrap_or_default();
    let named = fields.iter().find(|field| **field == first);
    // `missing field` and `duplicate field` have no path, but a name in backquotes.
    let named = named.or_else(|| fields.iter().find(|field| message.contains(&format!("field `{field}`"))));
    Refusal { field: named.copied(), ..Refusal::new(Code::Invalid, detail) }
}

/// What serde says, in words of JSON instead of Rust's.
fn plain(message: &str) -> String {
    let number =
        ["cannot parse integer from", "invalid digit found", "number too large to fit", "number too small to fit"];
    if number.iter().any(|start| message.starts_with(start)) {
        return "A whole number is expected, one that is not too large.".to_owned();
    }
    if message.starts_with("data did not match any variant") {
        return "It has none of the forms that it can have.".to_owned();
    }
    let Some((found, expected)) = message.rsplit_once(", expected ") else { return message.to_owned() };
    let expected = match expected.split(' ').next().unwrap_or_default() {
        "struct" | "map" => "an object",
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "tuple" | "sequence" => "an array",
        _ => expected,
    };
    format!("{}, expected {expected}", found.replace("sequence", "array").replace("map", "object"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    #[allow(dead_code)]
    struct Sample {
        text: String,
        thread: Option<i64>,
    }

    #[test]
    fn a_type_names_its_fields() {
        assert_eq!(of::<Sample>(), ["text", "thread"]);
        assert_eq!(refusal(of::<Sample>(), "text", "x").field, Some("text"));
        assert_eq!(refusal(of::<Sample>(), ".", "missing field `text` at line 1").field, Some("text"));
        assert_eq!(refusal(of::<Sample>(), "other", "x").field, None);
    }

    #[test]
    fn nothing_is_said_of_rust() {
        for (said, told) in [
            (
                "invalid type: string \"1\", expected i64 at line 1",
                "invalid type: string \"1\", expected a whole number",
            ),
            ("invalid type: map, expected struct Forward with 2 elements", "invalid type: object, expected an object"),
            ("invalid type: sequence, expected a string", "invalid type: array, expected a string"),
            ("cannot parse integer from empty string", "A whole number is expected, one that is not too large."),
            ("data did not match any variant of untagged enum FileRef", "It has none of the forms that it can have."),
            ("missing field `text`", "missing field `text`"),
        ] {
            assert_eq!(refusal(of::<Sample>(), "text", said).detail, told);
        }
    }
}
