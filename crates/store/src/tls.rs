//! TLS to PostgreSQL, as hosts ask for it in the URL they give.
//!
//! `sslmode=require`, which Heroku and others set, means what it means to PostgreSQL's own clients: encrypted,
//! whoever answers. Their certificates are self-signed. `verify-full` asks for a name that an authority vouches for.

use crate::error::OpenError;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;

/// Whether the server must prove who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verify {
    Nobody,
    Full,
}

/// Takes the modes out of a URL that the driver does not know, and says what they ask for.
pub(crate) fn mode(url: &str) -> (String, Verify) {
    for strict in ["sslmode=verify-full", "sslmode=verify-ca"] {
        if url.contains(strict) {
            return (url.replace(strict, "sslmode=require"), Verify::Full);
        }
    }
    (url.to_owned(), Verify::Nobody)
}

/// A connector that encrypts where the URL's mode and the server agree on it.
///
/// # Errors
/// The system has no authorities to verify with.
pub(crate) fn connector(verify: Verify) -> Result<MakeRustlsConnect, OpenError> {
    let failed = |error: Error| OpenError::Failed(format!("TLS cannot be set up: {error}"));
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
    let config = config.map_err(failed)?;
    let config = match verify {
        Verify::Nobody => config.dangerous().with_custom_certificate_verifier(Arc::new(Anybody(provider))),
        Verify::Full => {
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if roots.is_empty() {
                return Err(OpenError::Failed(
                    "no certificate authorities are installed to verify the database with".into(),
                ));
            }
            config.with_root_certificates(roots)
        }
    };
    Ok(MakeRustlsConnect::new(config.with_no_client_auth()))
}

/// Takes any certificate; the key exchange is checked all the same.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_told_apart() {
        let url = "postgres://u:p@host/db?sslmode=";
        assert_eq!(mode(&format!("{url}verify-full")), (format!("{url}require"), Verify::Full));
        assert_eq!(mode(&format!("{url}require")), (format!("{url}require"), Verify::Nobody));
        assert_eq!(mode("postgres:///db"), ("postgres:///db".to_owned(), Verify::Nobody));
    }
}
