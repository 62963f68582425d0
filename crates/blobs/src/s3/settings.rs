//! What a store that speaks S3 is told by the setting and the environment.

use super::S3;
use object_store::aws::AmazonS3Builder;
use object_store::path::Path as Location;
use object_store::{BackoffConfig, ClientOptions, RetryConfig};
use std::sync::Arc;
use std::time::Duration;

/// Silence of the store that ends a request. One part has to be sent within it: 85 KiB/s.
const SILENCE: Duration = Duration::from_secs(60);

/// `place` is what follows `s3://`: a bucket and perhaps a prefix.
pub fn open(place: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<S3, String> {
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    // Nothing of a text that may hold a password is repeated, as in s3://key:secret@bucket.
    let fit = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    if bucket.is_empty() || !bucket.bytes().all(fit) {
        return Err("s3:// is followed by the bucket's name and perhaps a prefix, s3://bucket/prefix; \
                    credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            .into());
    }
    let prefix = Location::parse(prefix).map_err(|_| format!("the prefix after s3://{bucket}/ is no path"))?;
    let set = |name: &str| env(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
    let needed = |name: &str| set(name).ok_or_else(|| format!("files in s3://{bucket} need {name} to be set"));
    let endpoint = set("AWS_ENDPOINT").or_else(|| set("AWS_ENDPOINT_URL"));
    let region = match (&endpoint, set("AWS_REGION").or_else(|| set("AWS_DEFAULT_REGION"))) {
        (_, Some(region)) => region,
        // Stores other than Amazon's have one region, and most call it that.
        (Some(_), None) => "us-east-1".into(),
        (None, None) => needed("AWS_REGION")?,
    };
    let plain = match &endpoint {
        Some(url) if url.starts_with("http://") => true,
        Some(url) if !url.starts_with("https://") => {
            return Err("AWS_ENDPOINT is a URL that begins with https:// or http://".into());
        }
        _ => false,
    };

    // Fails where the program has chosen its cryptography already, and then that is well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = ClientOptions::new().with_timeout_disabled().with_read_timeout(SILENCE).with_allow_http(plain);
    let retry = RetryConfig {
        max_retries: 3,
        backoff: BackoffConfig { max_backoff: Duration::from_secs(2), ..BackoffConfig::default() },
        ..RetryConfig::default()
    };
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(bucket)
        .with_region(region)
        .with_access_key_id(needed("AWS_ACCESS_KEY_ID")?)
        .with_secret_access_key(needed("AWS_SECRET_ACCESS_KEY")?)
        .with_client_options(client)
        .with_retry(retry)
        // Not every store has the call that deletes many at once.
        .with_disable_bulk_delete(true);
    if let Some(token) = set("AWS_SESSION_TOKEN") {
        builder = builder.with_token(token);
    }
    let mut shown = match prefix.as_ref() {
        "" => format!("s3://{bucket}"),
        prefix => format!("s3://{bucket}/{prefix}"),
    };
    if let Some(endpoint) = endpoint {
        // Where it is true, the endpoint's own host names the bucket.
        let hosted = set("AWS_VIRTUAL_HOSTED_STYLE_REQUEST").is_some_and(|value| value == "true");
        shown += &format!(" at {}", host(&endpoint));
        builder = builder.with_virtual_hosted_style_request(hosted).with_endpoint(endpoint);
    }
    let store = builder.build().map_err(|_| format!("the settings for s3://{bucket} (AWS_…) do not fit together"))?;
    Ok(S3 { store: Arc::new(store), prefix, place: shown })
}

/// The host and port of a URL, without the password that may stand before them.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}
