//! What an S3 store's refusals mean, told without its request: that holds the key's name and what was signed.

use crate::Error;
use object_store::Error as Failure;
use object_store::client::{HttpError, HttpErrorKind};
use std::error::Error as Cause;

pub fn error(failure: Failure) -> Error {
    let text = failure.to_string();
    let answer = Answer::of(&text);
    let not_found = matches!(failure, Failure::NotFound { .. });
    answer.error(not_found).or_else(|| transport(&failure).map(Error::Unavailable)).unwrap_or_else(|| {
        let why = deepest(&failure);
        Error::Other(format!("the answer was not understood ({why}): is AWS_ENDPOINT a store that speaks S3?"))
    })
}

/// Whether the store says that a range begins beyond the end.
pub fn beyond_the_end(failure: &Failure) -> bool {
    let text = failure.to_string();
    let answer = Answer::of(&text);
    answer.status == Some(416) || answer.code == "InvalidRange"
}

/// What stores say when no more fits: Amazon's has no end, MinIO, Ceph and others have.
const FULL: [&str; 5] =
    ["QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "InsufficientStorage", "StorageFull"];

/// What the store answered, as far as there was an answer.
struct Answer<'a> {
    status: Option<u16>,
    /// S3's own word for it, such as `NoSuchBucket`; empty where it said none.
    code: &'a str,
}

impl Answer<'_> {
    /// The library keeps its type of a failed answer to itself, so the text is read: `… status code: 403 Forbidden:
    /// <Error><Code>AccessDenied</Code>…`.
    fn of(text: &str) -> Answer<'_> {
        let status = text.split_once("status code: ").and_then(|(_, rest)| rest.get(..3)?.parse().ok());
        let code = text.split_once("<Code>").and_then(|(_, rest)| Some(rest.split_once("</Code>")?.0));
        let sane = |code: &&str| code.len() < 80 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
        Answer { status, code: code.filter(sane).unwrap_or_default() }
    }

    fn error(&self, not_found: bool) -> Option<Error> {
        let answers = || match (self.status, self.code) {
            (Some(status), code) => format!("the store answers {status} {code}").trim_end().to_owned(),
            (None, code) => format!("the store answers {code}"),
        };
        Some(match (self.status, self.code) {
            // A bucket that is missing is no missing file: the sweep must not take it for one.
            (_, "NoSuchBucket") => Error::Other("there is no such bucket (NoSuchBucket)".into()),
            (Some(404), _) => Error::NotFound,
            (Some(507), _) => Error::Full,
            (_, code) if FULL.contains(&code) => Error::Full,
            (Some(412), _) => Error::Other("the file was replaced while it was read".into()),
            (Some(401 | 403), _) => Error::Other(format!(
                "{}: look at AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what that key may do",
                answers()
            )),
            (Some(301 | 307), _) | (_, "AuthorizationHeaderMalformed") => {
                Error::Other(format!("{}: AWS_REGION or AWS_ENDPOINT may be wrong", answers()))
            }
            (Some(408 | 429 | 500..), _) | (None, "InternalError" | "SlowDown") => Error::Unavailable(answers()),
            (Some(_), _) => Error::Other(answers()),
            (None, _) if not_found => Error::NotFound,
            (None, "") => return None,
            (None, _) => Error::Other(answers()),
        })
    }
}

/// How the line to the store failed, and why, without the URL.
fn transport(failure: &Failure) -> Option<String> {
    let kind = causes(failure).find_map(|cause| cause.downcast_ref::<HttpError>()).map(HttpError::kind)?;
    let what = match kind {
        HttpErrorKind::Connect => "it cannot be reached (look at AWS_ENDPOINT)",
        HttpErrorKind::Timeout => "it did not answer in time",
        _ => "the line broke",
    };
    Some(format!("{what}: {}", deepest(failure)))
}

fn causes(failure: &Failure) -> impl Iterator<Item = &(dyn Cause + 'static)> {
    let first: &(dyn Cause + 'static) = failure;
    std::iter::successors(Some(first), |&cause| cause.source())
}

/// The plainest of the causes, such as "Connection refused" or what is wrong with a certificate. The others repeat
/// the request.
fn deepest(failure: &Failure) -> String {
    causes(failure).skip(1).last().map(ToString::to_string).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(answer: &str) -> Error {
        let source = format!("Error performing PUT http://host/b/k in 3ms - Server returned non-2xx {answer}").into();
        error(Failure::Generic { store: "S3", source })
    }

    #[test]
    fn answers_have_meanings() {
        for (answer, meaning) in [
            ("status code: 507 Insufficient Storage: ", "no room"),
            ("status code: 403 Forbidden: <Error><Code>QuotaExceeded</Code></Error>", "no room"),
            ("status code: 500 X: <Error><Code>XMinioStorageFull</Code></Error>", "no room"),
            ("status code: 404 Not Found: ", "no such file"),
            ("status code: 404 Not Found: <Error><Code>NoSuchBucket</Code></Error>", "no such bucket"),
            ("status code: 503 Service Unavailable: ", "unavailable: the store answers 503"),
            ("status code: 403 Forbidden: <Code>SignatureDoesNotMatch</Code>", "AWS_SECRET_ACCESS_KEY"),
            ("status code: 403 Forbidden: <Code>an odd <b>one</b></Code>", "answers 403:"),
            ("status code: 400 Bad Request: <Code>AuthorizationHeaderMalformed</Code>", "AWS_REGION"),
            ("nonsense", "the answer was not understood"),
        ] {
            let text = refused(answer).to_string();
            assert!(text.contains(meaning), "{answer}: {text}");
            assert!(answer == "nonsense" || !text.contains("host/b/k"), "{text}");
        }
    }
}
