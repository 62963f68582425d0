//! Whoever answers must be who the URL names.

use crate::support::{OUTSIDE, WANT, client, head, moved, options, page};
use outbound::{Client, Error, Options};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::Arc;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A server with a certificate of an authority of its own. Returns its port and that authority.
pub async fn serve(
    name: &str,
    answer: impl Fn(String) -> Vec<u8> + Send + Sync + 'static,
) -> (u16, CertificateDer<'static>) {
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = CertificateParams::new([]).unwrap();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = ca.self_signed(&ca_key).unwrap().der().clone();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new([name.to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &Issuer::new(ca, ca_key)).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((OUTSIDE, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // One that trusts nobody hangs up.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let bytes = answer(head(&mut stream).await);
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
    });
    (port, root)
}

fn trusting(root: CertificateDer<'static>) -> Client {
    Client::new(Options { roots: vec![root], ..options() }).unwrap()
}

#[tokio::test]
async fn a_trusted_name_is_spoken_to() {
    let (port, root) = serve("site.test", |_| page("text/plain", "private")).await;
    let client = trusting(root);
    for host in ["site.test", "SITE.test", "site.test."] {
        let got = client.get(&format!("https://{host}:{port}/"), &WANT).await.unwrap();
        assert_eq!(got.bytes, b"private", "{host}");
    }
}

#[tokio::test]
async fn another_name_is_not() {
    let (port, root) = serve("site.test", |_| page("text/plain", "private")).await;
    let client = trusting(root);
    for host in ["other.test", OUTSIDE] {
        assert_eq!(client.get(&format!("https://{host}:{port}/"), &WANT).await.unwrap_err(), Error::Tls, "{host}");
    }
}

#[tokio::test]
async fn an_address_may_have_a_certificate() {
    let (port, root) = serve(OUTSIDE, |_| page("text/plain", "private")).await;
    let got = trusting(root).get(&format!("https://{OUTSIDE}:{port}/"), &WANT).await.unwrap();
    assert_eq!(got.bytes, b"private");
}

#[tokio::test]
async fn an_unknown_authority_is_not_trusted() {
    let (port, _) = serve("site.test", |_| page("text/plain", "private")).await;
    let (_, other) = serve("site.test", |_| Vec::new()).await;
    let url = format!("https://site.test:{port}/");
    assert_eq!(trusting(other).get(&url, &WANT).await.unwrap_err(), Error::Tls);
    assert_eq!(client().get(&url, &WANT).await.unwrap_err(), Error::Tls);
}

#[tokio::test]
async fn a_redirect_from_https_leads_inside_as_little() {
    let (port, root) = serve("site.test", |_| moved("http://127.0.0.1/")).await;
    let got = trusting(root).get(&format!("https://site.test:{port}/"), &WANT).await;
    assert!(matches!(got, Err(Error::Refused(_))));
}
