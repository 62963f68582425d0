//! What a request brings, checked before a controller sees it. Every refusal names the field at fault.

mod body;
mod fields;

pub use body::{Body, drain, parse};

use crate::fault::Fault;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use protocol::{Code, Refusal};
use serde::de::DeserializeOwned;

/// The numbers in the path. What does not parse names nothing: 404.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Path(value)),
            Err(_) => Err(Refusal::not_found().into()),
        }
    }
}

/// The part of the address after the question mark.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        let query = parts.uri.query().unwrap_or_default();
        // No text that a database could not hold, and nothing that is no text.
        for pair in query.split('&') {
            let wrong = if pair.contains("%00") {
                "The character U+0000 cannot stand in a query."
            } else if percent_encoding::percent_decode_str(pair).decode_utf8().is_err() {
                "This is not UTF-8."
            } else {
                continue;
            };
            let name = pair.split('=').next().unwrap_or_default();
            let field = fields::of::<T>().iter().find(|field| **field == name).copied();
            return Err(Refusal { field, ..Refusal::new(Code::Invalid, wrong) }.into());
        }
        let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
        serde_path_to_error::deserialize(pairs).map(Query).map_err(|error| {
            let path = error.path().to_string();
            fields::refusal(fields::of::<T>(), &path, &error.into_inner().to_string()).into()
        })
    }
}
