//! The way to a coordinator: join once, connect as a member, renew. Every failure is one message that names the peer, its
//! address, the reason and the next step.

use std::{
    error::Error as _,
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use rcgen::KeyPair;
use rustls::{
    AlertDescription, CertificateError, ClientConfig, Error as TlsError,
    pki_types::{ServerName, UnixTime},
};
use tokio::{io::AsyncBufReadExt as _, net::TcpStream, time};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tonic::{Code, Status, transport::Channel};

use super::{
    authority::{AuthorityError, key_and_request},
    credential::{Credential, CredentialError},
    now_s,
    tls::{self, Leaf},
    token::{JoinToken, Pin},
};
use crate::{
    transport,
    v1::{EnrollRequest, RenewRequest, mesh_client::MeshClient},
};

mod skew;

/// Until TLS is agreed on and the coordinator accepted this side's certificate.
const HANDSHAKE: Duration = Duration::from_secs(5);
/// Until an answer about membership.
const ANSWER: Duration = Duration::from_secs(10);
/// How long a coordinator that has no room is asked again.
const BUSY: Duration = Duration::from_secs(8);
/// Least and most time between two such tries.
const BUSY_PAUSE_MS: (u64, u64) = (200, 1_200);
/// Tries of one enrolment whose answer is lost. The coordinator gives the same answer to the same key for 60 s.
const ENROLMENTS: u32 = 3;

/// A connection to a coordinator.
pub type Stream = TlsStream<TcpStream>;

/// Why a coordinator could not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("coordinator at {address}: {reason}; {next}")]
pub struct Unusable {
    pub address: String,
    pub reason: String,
    /// What the reader can do.
    pub next: String,
    /// Asking again changes nothing.
    pub lasting: bool,
    /// The coordinator's clock minus this machine's, microseconds, when that is why.
    pub skew_us: Option<i64>,
    why: Why,
}

/// What can be done about a failure without anybody's help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// A certificate is out of its time: by which of the two clocks?
    Time,
    /// The coordinator has no room at the moment.
    Busy,
    /// The connection broke, and with it perhaps an answer.
    Broken,
    Other,
}

impl Unusable {
    fn new(address: &str, reason: impl Into<String>, next: &str) -> Self {
        Self {
            address: address.to_owned(),
            reason: reason.into(),
            next: next.to_owned(),
            lasting: false,
            skew_us: None,
            why: Why::Other,
        }
    }

    fn because(mut self, why: Why) -> Self {
        self.why = why;
        self
    }

    fn lasting(mut self) -> Self {
        self.lasting = true;
        self
    }
}

/// A key that is to be certified. It stays the same over every try, so that an answer that was lost can be had again.
pub struct Joining {
    key: KeyPair,
    csr: Vec<u8>,
}

impl std::fmt::Debug for Joining {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Joining").finish_non_exhaustive()
    }
}

impl Joining {
    /// Makes the key.
    pub fn new(address: &str) -> Result<Self, Unusable> {
        let (key, csr) = key_and_request().map_err(|e| own_key(address, &e))?;
        Ok(Self { key, csr })
    }

    /// Spends a token, once however often it is called within a minute.
    pub async fn enrol(&self, address: &str, token: &JoinToken, name: &str) -> Result<Credential, Unusable> {
        let mut tried = 0;
        loop {
            tried += 1;
            match self.once(address, token, name).await {
                Err(e) if matches!(e.why, Why::Broken | Why::Busy) && tried < ENROLMENTS => pause().await,
                Err(e) => return Err(skew::explained(address, token.pin, e).await),
                Ok(credential) => return Ok(credential),
            }
        }
    }

    async fn once(&self, address: &str, token: &JoinToken, name: &str) -> Result<Credential, Unusable> {
        let config = tls::enrol_client(token.pin).map_err(|e| tls_reason(address, &e))?;
        let channel = channel_over(address, handshake(address, config).await?).await?;
        let request = EnrollRequest { token: token.to_string(), csr: self.csr.clone(), name: name.to_owned() };
        let answer = time::timeout(ANSWER, MeshClient::new(channel).enroll(request)).await;
        let answer = answer.map_err(|_elapsed| late(address).because(Why::Broken))?;
        let issued = answer.map_err(|status| said(address, &status))?.into_inner();
        Credential::issued(&self.key, issued.chain).map_err(|e| answer_unusable(address, &e))
    }
}

/// Spends a token: makes a key, and gets its certificate.
pub async fn enrol(address: &str, token: &JoinToken, name: &str) -> Result<Credential, Unusable> {
    Joining::new(address)?.enrol(address, token, name).await
}

/// A new key and its certificate, under the name that the channel's member has.
pub async fn renew(address: &str, channel: Channel) -> Result<Credential, Unusable> {
    let (key, csr) = key_and_request().map_err(|e| own_key(address, &e))?;
    let answer = time::timeout(ANSWER, MeshClient::new(channel).renew(RenewRequest { csr })).await;
    let issued = answer.map_err(|_elapsed| late(address))?.map_err(|status| said(address, &status))?.into_inner();
    Credential::issued(&key, issued.chain).map_err(|e| answer_unusable(address, &e))
}

/// Connects as a member. When this returns, the coordinator has accepted the member's certificate.
pub async fn open(address: &str, credential: &Credential, leaf: Arc<Leaf>, alpn: &[u8]) -> Result<Stream, Unusable> {
    let opened = async {
        own_validity(address, credential, now_s())?;
        let mesh = credential.member.identity.mesh();
        let config =
            tls::member_client(credential.authority(), mesh, leaf, alpn).map_err(|e| tls_reason(address, &e))?;
        handshake(address, config).await
    };
    match opened.await {
        Ok(stream) => Ok(stream),
        Err(e) => Err(skew::explained(address, Pin::of(credential.authority()), e).await),
    }
}

/// A channel as a member. A coordinator ends every connection after about an hour; the channel then opens the next one.
pub async fn connect(address: &str, credential: &Credential) -> Result<Channel, Unusable> {
    let leaf = credential.leaf().map_err(|e| answer_unusable(address, &e))?;
    let mesh = credential.member.identity.mesh();
    let config = tls::member_client(credential.authority(), mesh, Arc::clone(&leaf), tls::ALPN_MEMBERS)
        .map_err(|e| tls_reason(address, &e))?;
    let stream = open(address, credential, leaf, tls::ALPN_MEMBERS).await?;
    let to = address.to_owned();
    let again = move || {
        let (to, config) = (to.clone(), Arc::clone(&config));
        async move { handshake(&to, config).await.map_err(io::Error::other) }
    };
    transport::over_and_again(stream, again).await.map_err(|e| Unusable::new(address, e.to_string(), "try again"))
}

/// Asks for nothing but the handshake: when this returns, the coordinator of that authority answers there.
pub async fn greet(address: &str, pin: Pin) -> Result<(), Unusable> {
    let config = tls::enrol_client(pin).map_err(|e| tls_reason(address, &e))?;
    handshake(address, config).await.map(drop)
}

async fn channel_over(address: &str, stream: Stream) -> Result<Channel, Unusable> {
    transport::over(stream).await.map_err(|e| Unusable::new(address, e.to_string(), "try again"))
}

/// A handshake; a coordinator without room is asked again for a while.
async fn handshake(address: &str, config: Arc<ClientConfig>) -> Result<Stream, Unusable> {
    let began = Instant::now();
    loop {
        match handshake_once(address, Arc::clone(&config)).await {
            Err(e) if e.why == Why::Busy && began.elapsed() < BUSY => pause().await,
            done => return done,
        }
    }
}

async fn pause() {
    let (least, most) = BUSY_PAUSE_MS;
    let number = tls::random().map_or(0, u64::from_le_bytes);
    time::sleep(Duration::from_millis(least + number % (most - least))).await;
}

async fn handshake_once(address: &str, config: Arc<ClientConfig>) -> Result<Stream, Unusable> {
    let tcp = transport::tcp(address).await.map_err(|e| {
        let next = "is `coordinator serve` running there, and does every firewall on the way let the port pass?";
        Unusable::new(address, format!("can't be reached: {e}"), next)
    })?;
    let name =
        ServerName::try_from(tls::SERVER_NAME).map_err(|e| Unusable::new(address, e.to_string(), "report it"))?;
    let agreed = async {
        let mut stream = TlsConnector::from(config).connect(name, tcp).await?;
        // In TLS 1.3 the client is done before the server has looked at its certificate. The server speaks first in either
        // direction of gRPC, so its first byte says that it accepted, and an alert says why not.
        if stream.fill_buf().await?.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(stream)
    };
    match time::timeout(HANDSHAKE, agreed).await {
        Ok(done) => done.map_err(|e| io_reason(address, &e)),
        Err(_) => Err(late(address)),
    }
}

fn late(address: &str) -> Unusable {
    Unusable::new(address, "no answer in time", "is it a coordinator, and is it overloaded?")
}

fn own_key(address: &str, error: &AuthorityError) -> Unusable {
    Unusable::new(address, format!("no key can be made here: {error}"), "does this system give random bytes?").lasting()
}

fn answer_unusable(address: &str, error: &CredentialError) -> Unusable {
    Unusable::new(address, format!("the certificate can't be used: {error}"), "join again with a new token").lasting()
}

/// What the coordinator answered to a call about membership.
fn said(address: &str, status: &Status) -> Unusable {
    let reason = format!("it refuses: {}", status.message());
    match status.code() {
        Code::PermissionDenied | Code::Unauthenticated | Code::InvalidArgument => {
            Unusable::new(address, reason, "an operator makes a new token with: meshctl token create").lasting()
        }
        Code::ResourceExhausted => Unusable::new(address, reason, "try again in a few seconds").because(Why::Busy),
        Code::Unavailable | Code::Unknown | Code::Cancelled if status.source().is_some() => {
            let reason = format!("the connection broke before it answered: {}", status.message());
            Unusable::new(address, reason, "try again").because(Why::Broken)
        }
        code => Unusable::new(address, format!("{code:?}: {}", status.message()), "try again; its log says more"),
    }
}

/// Says what is wrong with the own certificate before a coordinator says less.
fn own_validity(address: &str, credential: &Credential, now: i64) -> Result<(), Unusable> {
    let member = &credential.member;
    let name = member.identity.short();
    if now > member.not_after {
        let reason = format!(
            "the certificate of {name} expired {} ago by this machine's clock",
            span(now.saturating_sub(member.not_after))
        );
        let next = "join again with a new token, unless this clock is wrong";
        return Err(Unusable::new(address, reason, next).lasting().because(Why::Time));
    }
    if now < member.not_before {
        let reason = format!(
            "the certificate of {name} is valid only in {} by this machine's clock",
            span(member.not_before.saturating_sub(now))
        );
        return Err(Unusable::new(address, reason, "set this machine's clock (timedatectl)").because(Why::Time));
    }
    Ok(())
}

fn io_reason(address: &str, error: &io::Error) -> Unusable {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<TlsError>()) {
        Some(tls) => tls_reason(address, tls),
        None if matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset) => {
            let next = "its log says why; when it is overloaded, try again";
            Unusable::new(address, "it closed the connection during the handshake", next).because(Why::Broken)
        }
        None => Unusable::new(address, error.to_string(), "try again"),
    }
}

fn tls_reason(address: &str, error: &TlsError) -> Unusable {
    const CLOCK: &str = "compare this machine's clock with the coordinator's (timedatectl)";
    const REJOIN: &str = "join again with a new token: meshctl token create";
    let refused = |reason: &str, next: &str| Unusable::new(address, reason, next);
    match error {
        TlsError::InvalidCertificate(CertificateError::ExpiredContext { time, not_after }) => {
            let reason = format!("its certificate expired {} ago by this machine's clock", apart(*time, *not_after));
            refused(&reason, CLOCK).because(Why::Time)
        }
        TlsError::InvalidCertificate(CertificateError::NotValidYetContext { time, not_before }) => refused(
            &format!("its certificate is valid only in {} by this machine's clock", apart(*not_before, *time)),
            CLOCK,
        )
        .because(Why::Time),
        // The latter, when another authority calls its mesh by the same name.
        TlsError::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::BadSignature) => {
            refused("its certificate is not signed by the authority of this mesh", REJOIN).lasting()
        }
        TlsError::InvalidCertificate(
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. },
        ) => {
            let reason = "it shows the certificate of another member, and only the coordinator's may answer here";
            refused(reason, "is the address right? If it is, revoke that member").lasting()
        }
        TlsError::InvalidCertificate(CertificateError::Other(reason)) => {
            refused(&reason.0.to_string(), "is the address right? A new token comes from: meshctl token create")
                .lasting()
        }
        TlsError::AlertReceived(alert) => match alert {
            AlertDescription::CertificateRevoked => refused("it refuses this member: it was revoked", REJOIN).lasting(),
            AlertDescription::CertificateExpired => {
                refused("it refuses this member's certificate as expired, or not valid yet, by its own clock", CLOCK)
                    .because(Why::Time)
            }
            // Sent in place of a handshake (RFC 5246 §7.2.2: cancelled for a reason that is no failure of the protocol).
            AlertDescription::UserCanceled => refused(
                "it has no room: too many connect or join just now",
                "try again in a few seconds; its log says who",
            )
            .because(Why::Busy),
            AlertDescription::UnknownCA | AlertDescription::DecryptError => {
                refused("it refuses this member's certificate: it is of another mesh", REJOIN).lasting()
            }
            AlertDescription::NoApplicationProtocol => {
                refused("it does not speak this version of the mesh's protocol", "are both of one release?").lasting()
            }
            AlertDescription::CertificateUnknown => {
                let reason = "it refuses this member's certificate: there is no one name of its mesh in it";
                refused(reason, REJOIN).lasting()
            }
            other => refused(&format!("it refuses this member's certificate (alert {other:?})"), "its log says why"),
        },
        TlsError::InvalidMessage(_) => {
            refused("what listens there does not speak TLS", "is the address that of a coordinator?").lasting()
        }
        other => refused(&other.to_string(), "is the address that of a coordinator?"),
    }
}

fn apart(later: UnixTime, earlier: UnixTime) -> String {
    span(i64::try_from(later.as_secs().saturating_sub(earlier.as_secs())).unwrap_or(i64::MAX))
}

/// Two units at most: "1 d 3 h".
fn span(seconds: i64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests;
