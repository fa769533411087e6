//! TLS handshake: the chain and the exact reason even when verification fails, the first bytes even when it is no TLS,
//! and one read after the handshake, where TLS 1.3 refuses client certificates.

use std::{net::SocketAddr, os::fd::AsFd as _, sync::Arc, time::Duration};

use mesh_proto::v1 as pb;
use rustls::{
    ClientConfig, SupportedProtocolVersion,
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::ServerName,
};
use tokio::{
    io::AsyncReadExt as _,
    task,
    time::{self, timeout_at},
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{Ask, tcp};
use crate::{
    failure,
    guard::Act,
    net::stream::{self, Way},
};

mod alert;
mod chain;
mod recorder;
mod tap;
mod trust;
mod wide;

pub(crate) use tap::{Counts, Tap};

use recorder::Recorder;

/// What a server may say after the handshake without being asked: session tickets and alerts come at once.
const AFTER: Duration = Duration::from_millis(120);

/// What a handshake is to offer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Offer {
    /// Name the certificate must have; the address when it is empty or an address itself.
    pub(crate) name: String,
    /// Server name sent; empty or an address = none.
    pub(crate) sni: String,
    pub(crate) alpn: Vec<String>,
    pub(crate) ca_pem: Vec<u8>,
    pub(crate) large_hello: bool,
    /// "1.2" or "1.3" = this version alone; empty = both.
    pub(crate) version: String,
}

pub(crate) async fn run(ask: &Ask, spec: &pb::TlsSpec) -> pb::Observation {
    let mut obs = tcp::about("tls", &spec.name, &spec.address, spec.port);
    let Some(to) = tcp::target(&mut obs, &spec.address, spec.port) else { return obs };
    if spec.wide {
        return wide::run(ask, spec, to, obs).await;
    }
    let offer = Offer {
        name: if spec.sni.is_empty() { spec.name.clone() } else { spec.sni.clone() },
        sni: spec.sni.clone(),
        alpn: spec.alpn.clone(),
        ca_pem: spec.ca_pem.clone(),
        large_hello: spec.large_hello,
        version: spec.version.clone(),
    };
    let ready = prepare(offer, to).await;
    let Some(connected) = tcp::connect(ask, Way::new(to, Act::Connect), ask.connect_deadline(), &mut obs).await else {
        return obs;
    };
    let descriptor = connected.stream.as_fd().try_clone_to_owned().ok();
    if let Some(mut tls) = handshake(ask, Tap::new(connected.stream), to, ready, &mut obs).await {
        after(&mut tls, to, &mut obs).await;
    }
    if let (Some(tcp), Some(fd)) = (&mut obs.tcp, descriptor) {
        tcp.info = stream::info(fd.as_fd());
    }
    obs
}

/// A handshake made ready before anything is timed.
pub(crate) struct Ready {
    connector: TlsConnector,
    recorder: Arc<Recorder>,
    name: ServerName<'static>,
    sni: String,
}

/// Makes a handshake ready, or names what is missing: without something to trust there is nothing to judge by.
pub(crate) async fn prepare(offer: Offer, to: SocketAddr) -> Result<Ready, String> {
    // The first use in a process reads the system's certificates.
    let made = task::spawn_blocking(move || configure(&offer, to)).await;
    made.unwrap_or_else(|broken| Err(format!("TLS library: {broken}")))
}

/// Shakes hands and fills the TLS part. None when there is no session, and also when the certificate was not accepted:
/// nothing may be sent then.
pub(crate) async fn handshake(
    ask: &Ask,
    stream: Tap,
    to: SocketAddr,
    ready: Result<Ready, String>,
    obs: &mut pb::Observation,
) -> Option<TlsStream<Tap>> {
    let operation = format!("tls handshake with {to}");
    let Ready { connector, recorder, name, sni } = match ready {
        Ok(ready) => ready,
        Err(missing) => {
            obs.outcome = pb::Outcome::CouldNotLook.into();
            obs.missing = missing;
            return None;
        }
    };
    let tap = stream.counts();
    let began = std::time::Instant::now();
    let met = timeout_at(ask.deadline.into(), connector.connect(name, stream)).await;
    let took = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    let mut detail = pb::TlsDetail {
        sni,
        client_hello_bytes: tap.hello(),
        first_record: tap.first(),
        bytes_in: tap.bytes_in(),
        judged_at: recorder.judged_at(),
        chain: chain::describe(&recorder.chain()),
        client_certificate_requested: recorder.asked_for_certificate(),
        ..Default::default()
    };
    let session = match met {
        Ok(Ok(session)) => {
            detail.handshake_done = true;
            detail.handshake_us = Some(took);
            agreed(&session, &mut detail);
            Some(session)
        }
        Ok(Err(error)) => {
            obs.outcome = pb::Outcome::Fail.into();
            obs.failure = Some(broken(&operation, &error, &mut detail));
            None
        }
        Err(_elapsed) => {
            obs.outcome = pb::Outcome::Fail.into();
            obs.failure = Some(failure::timeout("tls", &operation, began.elapsed()));
            None
        }
    };
    let refused = recorder.refused();
    if let Some((kind, text)) = &refused {
        detail.verify_error.clone_from(kind);
        detail.verify_text.clone_from(text);
        obs.outcome = pb::Outcome::Fail.into();
        obs.failure = Some(failure::told("tls", &operation, text, "verify"));
    }
    obs.tls = Some(detail);
    session.filter(|_| refused.is_none())
}

/// Without a name the certificate is compared with the address.
fn server_name(name: &str, to: SocketAddr) -> ServerName<'static> {
    match ServerName::try_from(name.to_owned()) {
        Ok(name) => name,
        Err(_) => ServerName::IpAddress(to.ip().into()),
    }
}

static TLS12_ALONE: [&SupportedProtocolVersion; 1] = [&rustls::version::TLS12];
static TLS13_ALONE: [&SupportedProtocolVersion; 1] = [&rustls::version::TLS13];

fn versions(only: &str) -> Result<&'static [&'static SupportedProtocolVersion], String> {
    match only {
        "" => Ok(rustls::ALL_VERSIONS),
        "1.2" => Ok(&TLS12_ALONE),
        "1.3" => Ok(&TLS13_ALONE),
        other => Err(format!("TLS version {other:?} can't be offered alone: \"1.2\" and \"1.3\" can")),
    }
}

/// A provider and configuration of this connection alone; nothing process-wide but the system's authorities.
fn configure(offer: &Offer, to: SocketAddr) -> Result<Ready, String> {
    let mut provider: CryptoProvider = aws_lc_rs::default_provider();
    if offer.large_hello {
        let post_quantum = rustls::NamedGroup::X25519MLKEM768;
        provider.kx_groups.sort_by_key(|group| group.name() != post_quantum);
    } else {
        // X25519 first keeps the ClientHello within one segment.
        provider.kx_groups.sort_by_key(|group| group.name() != rustls::NamedGroup::X25519);
    }
    let provider = Arc::new(provider);
    let roots = if offer.ca_pem.is_empty() { trust::system()? } else { trust::given(&offer.ca_pem)? };
    let recorder = Recorder::new(roots, trust::as_they_are(&offer.ca_pem), Arc::clone(&provider))
        .map_err(|e| format!("certificates to trust: {e}"))?;
    let recorder = Arc::new(recorder);
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions(&offer.version)?)
        .map_err(|e| format!("TLS library: {e}"))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::<Recorder>::clone(&recorder));
    let mut config = config.with_client_cert_resolver(Arc::<Recorder>::clone(&recorder));
    config.alpn_protocols = offer.alpn.iter().map(|name| name.clone().into_bytes()).collect();
    // A resumed session would show no certificate.
    config.resumption = rustls::client::Resumption::disabled();
    let sent = matches!(ServerName::try_from(offer.sni.as_str()), Ok(ServerName::DnsName(_)));
    config.enable_sni = sent;
    Ok(Ready {
        connector: TlsConnector::from(Arc::new(config)),
        recorder,
        name: server_name(&offer.name, to),
        sni: if sent { offer.sni.clone() } else { String::new() },
    })
}

fn agreed(session: &TlsStream<Tap>, detail: &mut pb::TlsDetail) {
    let (_, connection) = session.get_ref();
    if let Some(version) = connection.protocol_version() {
        detail.version = match version {
            rustls::ProtocolVersion::TLSv1_3 => "TLS 1.3".to_owned(),
            rustls::ProtocolVersion::TLSv1_2 => "TLS 1.2".to_owned(),
            other => format!("{other:?}"),
        };
    }
    if let Some(suite) = connection.negotiated_cipher_suite() {
        detail.cipher = format!("{:?}", suite.suite());
    }
    if let Some(group) = connection.negotiated_key_exchange_group() {
        detail.key_exchange = format!("{:?}", group.name());
    }
    if let Some(protocol) = connection.alpn_protocol() {
        detail.alpn = String::from_utf8_lossy(protocol).into_owned();
    }
}

/// What ended a handshake. An alert keeps its number and name.
fn broken(operation: &str, error: &std::io::Error, detail: &mut pb::TlsDetail) -> pb::Failure {
    broken_by_tls(operation, error, detail).unwrap_or_else(|| failure::io("tls", operation, error))
}

/// An error of TLS itself in what a stream said, also long after the handshake; none when it is the connection's. TLS 1.3
/// refuses client certificates in the first read.
pub(crate) fn broken_by_tls(
    operation: &str,
    error: &std::io::Error,
    detail: &mut pb::TlsDetail,
) -> Option<pb::Failure> {
    let inner = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    if let rustls::Error::AlertReceived(alert) = inner {
        alerted(u8::from(*alert), detail);
    }
    Some(failure::told("tls", operation, &error.to_string(), "protocol"))
}

fn alerted(number: u8, detail: &mut pb::TlsDetail) {
    detail.alert = Some(number.into());
    detail.alert_name = alert::name(number);
}

/// One read after the handshake: a server that wanted a certificate says so here.
async fn after(session: &mut TlsStream<Tap>, to: SocketAddr, obs: &mut pb::Observation) {
    let mut bytes = [0u8; 64];
    let met = time::timeout(AFTER, session.read(&mut bytes)).await;
    let Some(detail) = &mut obs.tls else { return };
    let operation = format!("read from {to} after the handshake");
    let after = match met {
        Err(_elapsed) => "silent",
        Ok(Ok(0)) => "fin",
        Ok(Ok(_)) => "data",
        // A close without close_notify is how many servers end an idle connection.
        Ok(Err(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => "fin",
        Ok(Err(error)) => {
            obs.outcome = pb::Outcome::Fail.into();
            obs.failure = Some(broken(&operation, &error, detail));
            match (detail.alert, error.raw_os_error()) {
                (Some(_), _) => "alert",
                (None, Some(_)) => "rst",
                (None, None) => "data",
            }
        }
    };
    after.clone_into(&mut detail.after_handshake);
}

/// Makes the library draw its first random bytes, which cost about 30 ms once in a process, and reads the system's
/// authorities, before anything is timed.
pub(crate) fn warm_up() {
    let mut bytes = [0u8; 8];
    // That there is no randomness shows in the first handshake, with its own error.
    drop(aws_lc_rs::default_provider().secure_random.fill(&mut bytes));
    // That there are none is said by the first handshake that needs them.
    drop(trust::system());
}

#[cfg(test)]
mod tests;
