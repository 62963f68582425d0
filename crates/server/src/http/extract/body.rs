//! The JSON body of a request.

use super::fields;
use crate::app::App;
use crate::fault::Fault;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use protocol::{Code, Refusal};
use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use std::time::Duration;

/// A JSON object, read into `T`. `T` must be a plain struct.
pub struct Body<T>(pub T);

/// Fields that could be mistaken for power, for an identity, or for a bound that is set. Where a request does not know them,
/// it is refused: a client that sends `role` believes that it gave one.
const POWER: [&str; 11] = ["role", "owner", "admin", "id", "author", "seq", "at", "banned", "by", "uses", "expires_at"];

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, app: &App) -> Result<Self, Fault> {
        let limits = &app.config.limits;
        if !is_json(request.headers()) {
            let detail = "The body of a request is application/json.";
            return Err(Refusal::new(Code::UnsupportedMediaType, detail).into());
        }
        if request.headers().get(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
            let detail = "The body of a request is sent as it is, not compressed.";
            return Err(Refusal::new(Code::UnsupportedMediaType, detail).into());
        }
        let reading = read(request, limits.body);
        let bytes = tokio::time::timeout(Duration::from_millis(limits.body_ms), reading)
            .await
            .map_err(|_| Refusal::new(Code::Timeout, "The body of the request did not arrive in time."))??;
        Ok(Body(parse(&bytes, limits.json_depth)?))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = value.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// Reads the body, and no more of it than may be there.
async fn read(request: Request, most: usize) -> Result<Bytes, Refusal> {
    let too_large = || Refusal::new(Code::TooLarge, format!("The body of a request can have {most} bytes."));
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let too_long = length.is_some_and(|length: u64| length > most as u64);
    let mut body = request.into_body();
    if too_long {
        drain(body);
        return Err(too_large());
    }
    let mut all = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::new(Code::Invalid, "The body of the request broke off."))?;
        if let Ok(data) = frame.into_data() {
            if all.len() + data.len() > most {
                drain(body);
                return Err(too_large());
            }
            all.extend_from_slice(&data);
        }
    }
    Ok(all.freeze())
}

/// Takes some of what still comes and forgets it, while the refusal is on its way: a client that is cut off while
/// it sends never reads the answer. Bounded in bytes and time: then it is cut off all the same.
pub fn drain(mut body: axum::body::Body) {
    let rest = async move {
        let mut left: usize = 1 << 20;
        while let Some(Ok(frame)) = body.frame().await {
            left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
            if left == 0 {
                return;
            }
        }
    };
    tokio::spawn(tokio::time::timeout(Duration::from_secs(1), rest));
}

/// Reads JSON into `T`, naming the field that does not fit.
///
/// # Errors
/// It is not JSON, too deep, no object, or a field does not fit.
pub fn parse<T: DeserializeOwned>(bytes: &[u8], deepest: u32) -> Result<T, Refusal> {
    if depth(bytes) > deepest {
        return Err(Refusal::new(Code::Invalid, format!("JSON can be nested {deepest} deep.")));
    }
    // The types would take an array of their fields as well.
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(Refusal::new(Code::Invalid, "The body of the request is one JSON object."));
    }
    let fields = fields::of::<T>();
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        fields::refusal(fields, &path, &error.into_inner().to_string())
    })?;
    json.end().map_err(|_| Refusal::new(Code::Invalid, "After the JSON object something else follows."))?;
    // The object has the form of `T`; what else does it have?
    let Keys(power) = serde_json::from_slice(bytes).map_err(|_| Refusal::new(Code::Invalid, "Not JSON."))?;
    match power.into_iter().find(|name| !fields.contains(name)) {
        Some(name) => Err(Refusal::invalid(name, "This cannot be given here.")),
        None => Ok(value),
    }
}

/// How deep the JSON is nested. Counted before parsing, without recursion.
fn depth(bytes: &[u8]) -> u32 {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_u32, 0, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Those of the names in [`POWER`] that an object has.
struct Keys(Vec<&'static str>);

impl<'de> serde::Deserialize<'de> for Keys {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Keys;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut power = Vec::new();
                while let Some((key, IgnoredAny)) = map.next_entry::<String, IgnoredAny>()? {
                    power.extend(POWER.into_iter().find(|name| *name == key));
                }
                Ok(Keys(power))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Sample {
        text: String,
        #[serde(default)]
        seq: i64,
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let deep = format!("{{\"text\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        for (json, field) in [
            (&b"{\"text\":[\"a\"]}"[..], Some("text")),
            (b"{\"text\":null}", Some("text")),
            (b"{\"text\":\"a\",\"text\":\"b\"}", Some("text")),
            (b"{\"text\":\"\\ud800\"}", Some("text")),
            (b"{\"text\":\"\xff\"}", Some("text")),
            (b"{\"seq\":1}", Some("text")),
            (b"{\"text\":\"a\",\"seq\":\"1\"}", Some("seq")),
            (b"{\"text\":\"a\",\"role\":\"admin\"}", Some("role")),
            (b"{\"text\":\"a\",\"ro\\u006ce\":\"admin\"}", Some("role")),
            (b"[]", None),
            (b"", None),
            (b"{\"text\":\"a\"} x", None),
            (deep.as_bytes(), None),
        ] {
            let refusal = parse::<Sample>(json, 32).expect_err("does not fit");
            assert_eq!((refusal.code, refusal.field), (Code::Invalid, field), "{:?}", json.get(..40));
        }
    }

    #[test]
    fn what_is_unknown_and_harmless_is_ignored() {
        let sample: Sample = parse(b"{\"text\":\"a [\\\" {\",\"colour\":{\"x\":[1]},\"seq\":4}", 32).expect("fits");
        assert_eq!((sample.text.as_str(), sample.seq), ("a [\" {", 4));
    }

    #[test]
    fn depth_at_its_limit_and_one_more() {
        let nested = |n: usize| format!("{{\"text\":\"a\",\"x\":{}{}}}", "[".repeat(n), "]".repeat(n));
        assert!(parse::<Sample>(nested(31).as_bytes(), 32).is_ok());
        assert!(parse::<Sample>(nested(32).as_bytes(), 32).is_err());
    }
}
