//! Mutual TLS of the mesh: version 1.3 alone, our authority alone, no tickets, no resumption.
//!
//! Resumption would take a peer's identity from the stored session and verify nothing again (SPIRE shipped that bypass).
//! The certificate is verified by webpki, then its one URI is read by [`Member::of`].

use std::{
    fmt, io,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName, Error, OtherError,
    RootCertStore, ServerConfig, SignatureScheme,
    client::{
        ResolvesClientCert, Resumption,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_cert_signed_by_trust_anchor,
    },
    crypto::{self, CryptoProvider, WebPkiSupportedAlgorithms, aws_lc_rs},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime},
    server::{
        ClientHello, NoServerSessionStorage, ParsedCertificate, ResolvesServerCert, WebPkiClientVerifier,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
    sign::CertifiedKey,
    version::TLS13,
};

use super::{BadIdentity, Member, Role, token::Pin};

/// gRPC from members, with a client certificate.
pub const ALPN_MEMBERS: &[u8] = b"h2";
/// gRPC towards a prober over the connection that the prober opened.
pub const ALPN_PROBER: &[u8] = b"probemesh-prober/1";
/// gRPC from whoever holds a join token, without a client certificate.
pub const ALPN_ENROL: &[u8] = b"probemesh-enroll/1";
/// Server name sent by every client. The coordinator is known by its URI, not by a host name.
pub const SERVER_NAME: &str = "coordinator.probemesh.invalid";
/// Certificates looked at for the pinned authority; a coordinator sends two.
const CHAIN: usize = 4;

/// Why a peer's certificate is refused although webpki has nothing against it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(transparent)]
    Identity(#[from] BadIdentity),
    #[error(
        "it is not the coordinator that the join token was made for: the token names authority {wanted:?}, it shows {shown}"
    )]
    Pin { wanted: Pin, shown: String },
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(refusal))))
    }
}

/// Why a handshake failed, as the coordinator's log has it: rustls shows reasons of ours in their debug form.
pub fn plain(error: &io::Error) -> String {
    let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) else { return error.to_string() };
    match tls {
        Error::InvalidCertificate(CertificateError::Other(reason)) => reason.0.to_string(),
        Error::InvalidCertificate(CertificateError::Revoked) => "this member was revoked".to_owned(),
        // The latter, when the other authority calls its mesh by the same name.
        Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::BadSignature) => {
            "its certificate is signed by another authority".to_owned()
        }
        Error::InvalidCertificate(
            reason @ (CertificateError::ExpiredContext { .. } | CertificateError::NotValidYetContext { .. }),
        ) => {
            format!(
                "its {reason}; one of the two clocks is wrong, or it was away too long and joins again with a new token"
            )
        }
        Error::NoCertificatesPresented => "it shows no certificate".to_owned(),
        Error::AlertReceived(AlertDescription::CertificateExpired) => {
            "by its clock this coordinator's certificate is expired, or not valid yet: one of the two clocks is wrong"
                .to_owned()
        }
        Error::AlertReceived(AlertDescription::UnknownCA | AlertDescription::DecryptError) => {
            "it belongs to another mesh: this coordinator's certificate is not signed by the authority it knows"
                .to_owned()
        }
        Error::AlertReceived(alert) => format!("it refuses this coordinator (alert {alert:?})"),
        other => other.to_string(),
    }
}

/// Random bytes; none when the system gives none.
pub fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    provider().secure_random.fill(&mut bytes).ok().map(|()| bytes)
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

fn algorithms() -> WebPkiSupportedAlgorithms {
    aws_lc_rs::default_provider().signature_verification_algorithms
}

/// A member's certificate and key as TLS uses them; replaced at renewal while connections go on.
#[derive(Debug)]
pub struct Leaf {
    own: RwLock<Arc<CertifiedKey>>,
    /// Shown to clients that know a server by its host.
    by_host: RwLock<Option<Arc<CertifiedKey>>>,
}

impl Leaf {
    /// `chain` begins with the member's own certificate.
    pub fn new(chain: Vec<CertificateDer<'static>>, key: &PrivateKeyDer<'_>) -> Result<Arc<Self>, Error> {
        Ok(Arc::new(Self { own: RwLock::new(certified(chain, key)?), by_host: RwLock::default() }))
    }

    pub fn replace(&self, chain: Vec<CertificateDer<'static>>, key: &PrivateKeyDer<'_>) -> Result<(), Error> {
        *self.own.write().unwrap_or_else(PoisonError::into_inner) = certified(chain, key)?;
        Ok(())
    }

    /// Clients that ask for another name than [`SERVER_NAME`], or for none, are shown this from now on.
    pub fn by_host(&self, chain: Vec<CertificateDer<'static>>, key: &PrivateKeyDer<'_>) -> Result<(), Error> {
        *self.by_host.write().unwrap_or_else(PoisonError::into_inner) = Some(certified(chain, key)?);
        Ok(())
    }

    fn get(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.own.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn certified(chain: Vec<CertificateDer<'static>>, key: &PrivateKeyDer<'_>) -> Result<Arc<CertifiedKey>, Error> {
    Ok(Arc::new(CertifiedKey::new(chain, aws_lc_rs::sign::any_supported_type(key)?)))
}

impl ResolvesServerCert for Leaf {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let by_host = self.by_host.read().unwrap_or_else(PoisonError::into_inner);
        match by_host.as_ref().filter(|_| hello.server_name() != Some(SERVER_NAME)) {
            Some(by_host) => Some(Arc::clone(by_host)),
            None => Some(self.get()),
        }
    }
}

impl ResolvesClientCert for Leaf {
    fn resolve(&self, _hints: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(self.get())
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// Trusts one authority.
pub fn roots(authority: &CertificateDer<'static>) -> Result<Arc<RootCertStore>, Error> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.clone())?;
    Ok(Arc::new(roots))
}

/// Asked about every member that begins a connection.
pub trait Revoked: fmt::Debug + Send + Sync {
    fn is_revoked(&self, member: &Member) -> bool;
}

/// The coordinator's side towards members: a certificate of this mesh is mandatory.
pub fn member_server(
    authority: &CertificateDer<'static>,
    mesh: &str,
    leaf: Arc<Leaf>,
    revoked: Arc<dyn Revoked>,
) -> Result<Arc<ServerConfig>, Error> {
    let webpki = WebPkiClientVerifier::builder_with_provider(roots(authority)?, provider())
        .build()
        .map_err(|e| Error::General(e.to_string()))?;
    let clients = Arc::new(Clients { webpki, mesh: mesh.to_owned(), revoked });
    let config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&TLS13])?
        .with_client_cert_verifier(clients)
        .with_cert_resolver(leaf);
    Ok(without_resumption(config, &[ALPN_MEMBERS, ALPN_PROBER]))
}

/// The coordinator's side towards whoever joins.
pub fn enrol_server(leaf: Arc<Leaf>) -> Result<Arc<ServerConfig>, Error> {
    let config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&TLS13])?
        .with_no_client_auth()
        .with_cert_resolver(leaf);
    Ok(without_resumption(config, &[ALPN_ENROL]))
}

fn without_resumption(mut config: ServerConfig, alpn: &[&[u8]]) -> Arc<ServerConfig> {
    config.alpn_protocols = alpn.iter().map(|protocol| protocol.to_vec()).collect();
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Arc::new(config)
}

/// A member's side.
pub fn member_client(
    authority: &CertificateDer<'static>,
    mesh: &str,
    leaf: Arc<Leaf>,
    alpn: &[u8],
) -> Result<Arc<ClientConfig>, Error> {
    let servers = Servers { trust: Trust::Roots(roots(authority)?), mesh: Some(mesh.to_owned()), at: At::Now };
    let config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(servers))
        .with_client_cert_resolver(leaf);
    Ok(client(config, alpn))
}

/// The side of whoever joins: the authority is known by its hash alone.
pub fn enrol_client(pin: Pin) -> Result<Arc<ClientConfig>, Error> {
    stranger(pin, At::Now)
}

/// The side of whoever asks the coordinator for its clock. The certificate is judged at a time within its own validity:
/// what this connection brings explains a refusal and never lifts it.
pub fn clock_client(pin: Pin) -> Result<Arc<ClientConfig>, Error> {
    stranger(pin, At::ItsOwnTime)
}

fn stranger(pin: Pin, at: At) -> Result<Arc<ClientConfig>, Error> {
    let servers = Servers { trust: Trust::Pin(pin), mesh: None, at };
    let config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(servers))
        .with_no_client_auth();
    Ok(client(config, ALPN_ENROL))
}

fn client(mut config: ClientConfig, alpn: &[u8]) -> Arc<ClientConfig> {
    config.alpn_protocols = vec![alpn.to_vec()];
    config.resumption = Resumption::disabled();
    Arc::new(config)
}

#[derive(Debug)]
struct Clients {
    webpki: Arc<dyn ClientCertVerifier>,
    mesh: String,
    revoked: Arc<dyn Revoked>,
}

impl ClientCertVerifier for Clients {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.webpki.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let verified = self.webpki.verify_client_cert(certificate, intermediates, now)?;
        let member = Member::of(certificate).map_err(Refusal::from)?;
        member.expect(Some(&self.mesh), None).map_err(Refusal::from)?;
        if self.revoked.is_revoked(&member) {
            return Err(Error::InvalidCertificate(CertificateError::Revoked));
        }
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.webpki.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.webpki.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.webpki.supported_verify_schemes()
    }
}

#[derive(Debug)]
enum Trust {
    Roots(Arc<RootCertStore>),
    Pin(Pin),
}

impl Trust {
    fn roots(&self, chain: &[CertificateDer<'_>]) -> Result<Arc<RootCertStore>, Error> {
        let wanted = match self {
            Self::Roots(roots) => return Ok(Arc::clone(roots)),
            Self::Pin(pin) => *pin,
        };
        let chain = chain.iter().take(CHAIN);
        if let Some(authority) = chain.clone().find(|certificate| Pin::of(certificate) == wanted) {
            return roots(&authority.clone().into_owned());
        }
        let shown: Vec<String> = chain.map(|certificate| format!("{:?}", Pin::of(certificate))).collect();
        let shown = if shown.is_empty() { "none".to_owned() } else { shown.join(", ") };
        Err(Refusal::Pin { wanted, shown }.into())
    }
}

/// When a coordinator's certificate must be valid.
#[derive(Debug, Clone, Copy)]
enum At {
    Now,
    ItsOwnTime,
}

#[derive(Debug)]
struct Servers {
    trust: Trust,
    mesh: Option<String>,
    at: At,
}

impl ServerCertVerifier for Servers {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let roots = self.trust.roots(intermediates)?;
        let member = Member::of(certificate).map_err(Refusal::from);
        let now = match (self.at, &member) {
            (At::ItsOwnTime, Ok(member)) => {
                UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(member.not_before).unwrap_or(0)))
            }
            (At::Now, _) | (At::ItsOwnTime, Err(_)) => now,
        };
        let parsed = ParsedCertificate::try_from(certificate)?;
        verify_server_cert_signed_by_trust_anchor(&parsed, &roots, intermediates, now, algorithms().all)?;
        let member = member?;
        member.expect(self.mesh.as_deref(), Some(Role::Coordinator)).map_err(Refusal::from)?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        crypto::verify_tls12_signature(message, certificate, signed, &algorithms())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        crypto::verify_tls13_signature(message, certificate, signed, &algorithms())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        algorithms().supported_schemes()
    }
}
