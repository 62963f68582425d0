//! No way leads inside.

use crate::guard::SPELLINGS;
use crate::support::{INSIDE, Names, OUTSIDE, Site, WANT, client, client_with, moved, page};
use outbound::{Client, Error, Options, Refusal};

const REFUSED: Error = Error::Refused(Refusal::Inside);

#[tokio::test]
async fn a_name_that_leads_inside_is_refused() {
    let secret = Site::secret().await;
    for inside in [INSIDE, "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fe80::1", "64:ff9b::7f00:1"] {
        let client = client_with(&Names::of("evil.test", &[&[inside]]));
        let error = client.get(&format!("http://evil.test:{}/", secret.at.port()), &WANT).await.unwrap_err();
        assert_eq!(error, REFUSED, "{inside}");
        assert!(!error.to_string().contains("127"), "{error}");
    }
    assert!(secret.heard().is_empty());
}

#[tokio::test]
async fn localhost_is_resolved_and_refused() {
    let client = Client::new(Options::default()).unwrap();
    for name in ["localhost", "LOCALHOST", "localhost."] {
        let error = client.get(&format!("http://{name}:3000/"), &WANT).await.unwrap_err();
        assert!(matches!(error, REFUSED | Error::Resolve), "{error}");
    }
}

/// Were only the good one used, whoever mixes them could try until the order suits them.
#[tokio::test]
async fn one_address_inside_spoils_a_name() {
    let (outside, secret) = (Site::new(|_| page("text/plain", "hello")).await, Site::secret().await);
    for mixed in [[OUTSIDE, INSIDE], [INSIDE, OUTSIDE], [OUTSIDE, "10.0.0.1"], [OUTSIDE, "fd00::1"]] {
        let client = client_with(&Names::of("mixed.test", &[&mixed]));
        let got = client.get(&format!("http://mixed.test:{}/", outside.at.port()), &WANT).await;
        assert_eq!(got.unwrap_err(), REFUSED);
    }
    assert!(outside.heard().is_empty() && secret.heard().is_empty());
}

#[tokio::test]
async fn a_name_is_resolved_once_for_a_connection() {
    let outside = Site::new(|_| page("text/plain", "hello")).await;
    let names = Names::of("rebinding.test", &[&[OUTSIDE], &[INSIDE]]);
    let client = client_with(&names);
    let url = format!("http://rebinding.test:{}/", outside.at.port());
    assert_eq!(client.get(&url, &WANT).await.unwrap().bytes, b"hello");
    assert_eq!(*names.asked.lock().unwrap(), ["rebinding.test"]);
    // The next connection asks again, and judges again.
    assert_eq!(client.get(&url, &WANT).await.unwrap_err(), REFUSED);
    assert_eq!(outside.heard().len(), 1);
}

#[tokio::test]
async fn a_name_that_changes_between_redirects_is_judged_again() {
    let outside = Site::new(|_| moved("/again")).await;
    let client = client_with(&Names::of("rebinding.test", &[&[OUTSIDE], &[INSIDE]]));
    let got = client.get(&format!("http://rebinding.test:{}/", outside.at.port()), &WANT).await;
    assert_eq!(got.unwrap_err(), REFUSED);
    assert_eq!(outside.heard().len(), 1);
}

#[tokio::test]
async fn redirects_inside_are_refused_however_they_are_written() {
    let secret = Site::secret().await;
    let port = secret.at.port();
    let outside = Site::new(move |path| {
        let n: usize = path.trim_start_matches('/').parse().unwrap();
        moved(&format!("http://{}:{port}/", SPELLINGS[n]))
    })
    .await;
    for (n, spelling) in SPELLINGS.iter().enumerate() {
        let got = client().get(&outside.url(&format!("/{n}")), &WANT).await;
        assert_eq!(got.unwrap_err(), REFUSED, "{spelling}");
    }
    assert!(secret.heard().is_empty());
}

#[tokio::test]
async fn redirects_elsewhere_than_to_the_web_are_refused() {
    for (to, error) in [
        ("file:///etc/passwd", Error::Refused(Refusal::Scheme)),
        ("gopher://site.test/", Error::Refused(Refusal::Scheme)),
        ("data:text/html,x", Error::Refused(Refusal::Scheme)),
        ("http://site.test:25/", Error::Refused(Refusal::Port)),
        ("http://user:pass@site.test/", Error::Refused(Refusal::Credentials)),
        ("//127.1/", REFUSED),
        ("http://[", Error::Broken),
    ] {
        let site = Site::new(move |_| moved(to)).await;
        assert_eq!(client().get(&site.url("/"), &WANT).await.unwrap_err(), error, "{to}");
    }
}
