//! A verifier that judges as any client would, keeps the chain and the exact reason, and lets the handshake go on so
//! that the rest can be learnt. What it refused is reported; nothing is sent afterwards.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

use rustls::{
    CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        ResolvesClientCert, VerifierBuilderError, WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name,
    },
    crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
    sign::CertifiedKey,
};
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// Certificates of one chain that are kept.
const CHAIN: usize = 10;
/// Bytes of one chain that are kept.
const CHAIN_BYTES: usize = 64 << 10;

/// Keeps what the server showed and what was thought of it.
#[derive(Debug)]
pub(crate) struct Recorder {
    judge: Arc<WebPkiServerVerifier>,
    /// Certificates that were given to be trusted, as they are.
    given: Vec<Vec<u8>>,
    provider: Arc<CryptoProvider>,
    chain: Mutex<Vec<Vec<u8>>>,
    refused: Mutex<Option<(String, String)>>,
    judged_at: AtomicI64,
    asked: AtomicBool,
}

impl Recorder {
    /// Fails when nothing is trusted: there would be nothing to judge by.
    pub(crate) fn new(
        roots: Arc<RootCertStore>,
        given: Vec<Vec<u8>>,
        provider: Arc<CryptoProvider>,
    ) -> Result<Self, VerifierBuilderError> {
        Ok(Self {
            given,
            judge: WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider)).build()?,
            provider,
            chain: Mutex::default(),
            refused: Mutex::default(),
            judged_at: AtomicI64::new(0),
            asked: AtomicBool::new(false),
        })
    }

    /// Certificates as sent, leaf first.
    pub(crate) fn chain(&self) -> Vec<Vec<u8>> {
        self.chain.lock().map(|chain| chain.clone()).unwrap_or_default()
    }

    /// Class and exact text of a refusal.
    pub(crate) fn refused(&self) -> Option<(String, String)> {
        self.refused.lock().map_or(None, |refused| refused.clone())
    }

    /// Unix seconds of this host's clock when the chain was judged; 0 = it was not.
    pub(crate) fn judged_at(&self) -> i64 {
        self.judged_at.load(Ordering::Relaxed)
    }

    pub(crate) fn asked_for_certificate(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    fn keep(&self, leaf: &CertificateDer<'_>, others: &[CertificateDer<'_>]) {
        let mut room = CHAIN_BYTES;
        let kept = std::iter::once(leaf)
            .chain(others)
            .take(CHAIN)
            .take_while(|certificate| {
                let fits = certificate.len() <= room;
                room = room.saturating_sub(certificate.len());
                fits
            })
            .map(|certificate| certificate.to_vec())
            .collect();
        if let Ok(mut chain) = self.chain.lock() {
            *chain = kept;
        }
    }
}

/// The classes of `TlsDetail.verify_error`.
fn class(error: &Error) -> &'static str {
    let Error::InvalidCertificate(reason) = error else { return "other" };
    match reason {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "not_yet_valid",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => "name_mismatch",
        CertificateError::UnknownIssuer => "unknown_issuer",
        CertificateError::BadSignature
        | CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => "bad_signature",
        CertificateError::Revoked => "revoked",
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => "purpose",
        CertificateError::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => "ca_as_leaf",
        _ => "other",
    }
}

/// A certificate that was itself given to be trusted stands for itself, also when it may sign others: OpenSSL and the
/// tools on it accept that, webpki does not. Its name and its time are judged all the same.
fn as_given(certificate: &CertificateDer<'_>, name: &ServerName<'_>, now: UnixTime) -> Result<(), Error> {
    verify_server_name(&ParsedCertificate::try_from(certificate)?, name)?;
    let unreadable = |_reason| Error::InvalidCertificate(CertificateError::BadEncoding);
    let (_, parsed) = X509Certificate::from_der(certificate).map_err(unreadable)?;
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    if now < parsed.validity().not_before.timestamp() {
        return Err(Error::InvalidCertificate(CertificateError::NotValidYet));
    }
    if now > parsed.validity().not_after.timestamp() {
        return Err(Error::InvalidCertificate(CertificateError::Expired));
    }
    Ok(())
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.keep(end_entity, intermediates);
        self.judged_at.store(i64::try_from(now.as_secs()).unwrap_or(i64::MAX), Ordering::Relaxed);
        let judged = self.judge.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        let judged = match judged {
            Err(error) if class(&error) == "ca_as_leaf" && self.given.iter().any(|one| one == end_entity.as_ref()) => {
                as_given(end_entity, server_name, now)
            }
            other => other.map(drop),
        };
        if let Err(error) = judged
            && let Ok(mut refused) = self.refused.lock()
        {
            *refused = Some((class(&error).to_owned(), error.to_string()));
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

impl ResolvesClientCert for Recorder {
    fn resolve(&self, _root_hint_subjects: &[&[u8]], _sigschemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.asked.store(true, Ordering::Relaxed);
        None
    }

    fn has_certs(&self) -> bool {
        // False would let the library skip asking us, and with it the record of having been asked.
        true
    }
}
