//! connect(2), once; a greeting when asked for. With negative controls it says whether a success means anything.

use std::{
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

use mesh_proto::v1 as pb;
use tokio::{io::AsyncReadExt as _, net::TcpStream, time};

use super::Ask;
use crate::{
    failure,
    guard::Act,
    net::{
        Refused,
        stream::{self, Connected, NotConnected},
    },
};

/// Below the first retransmission of a SYN (1 s, RFC 6298 §2.1).
const SINGLE_SYN: Duration = Duration::from_millis(900);
/// Most bytes of a greeting that are kept.
const GREETING: usize = 256;

pub(crate) async fn run(ask: &Ask, spec: &pb::TcpSpec) -> pb::Observation {
    let mut obs = about("tcp connect", &spec.name, &spec.address, spec.port);
    let Some(to) = target(&mut obs, &spec.address, spec.port) else { return obs };
    let mut deadline = ask.connect_deadline();
    if spec.single_syn {
        deadline = deadline.min(Instant::now() + SINGLE_SYN);
    }
    let Some(mut connected) = connect(ask, to, Act::Connect, deadline, &mut obs).await else { return obs };
    if spec.greet_ms > 0 {
        let patience = Duration::from_millis(spec.greet_ms.into()).min(ask.left());
        greeting(&mut connected.stream, patience, &mut obs).await;
    }
    if let Some(tcp) = &mut obs.tcp {
        tcp.info = stream::info(std::os::fd::AsFd::as_fd(&connected.stream));
    }
    obs
}

/// The envelope every TCP question shares.
pub(crate) fn about(what: &str, name: &str, address: &str, port: u32) -> pb::Observation {
    let at = if address.contains(':') { format!("[{address}]:{port}") } else { format!("{address}:{port}") };
    pb::Observation {
        asked: format!("{what} {at}"),
        name: name.to_owned(),
        address: address.to_owned(),
        port,
        protocol: "tcp".to_owned(),
        flow: pb::Flow::Fresh.into(),
        ..Default::default()
    }
}

/// The socket address asked about; an address that is none is the asker's mistake and is said so.
pub(crate) fn target(obs: &mut pb::Observation, address: &str, port: u32) -> Option<SocketAddr> {
    match (address.parse::<IpAddr>(), u16::try_from(port)) {
        (Ok(ip), Ok(port)) if port > 0 => Some(SocketAddr::new(ip.to_canonical(), port)),
        _ => {
            obs.outcome = pb::Outcome::CouldNotLook.into();
            obs.missing = format!("{address:?} port {port} is not an address and port");
            None
        }
    }
}

/// Fills what a refused socket means.
pub(crate) fn not_allowed(obs: &mut pb::Observation, refused: &Refused) {
    obs.outcome = pb::Outcome::CouldNotLook.into();
    obs.missing = crate::probe::why(refused);
}

/// Connects and fills the TCP part; none when it did not come to be.
pub(crate) async fn connect(
    ask: &Ask,
    to: SocketAddr,
    act: Act,
    deadline: Instant,
    obs: &mut pb::Observation,
) -> Option<Connected> {
    let operation = format!("connect {to}");
    let met = match ask.net.connect(to, act, deadline).await {
        Ok(met) => met,
        Err(refused) => {
            // An errno of socket or connect before anything was sent belongs to this host.
            not_allowed(obs, &refused);
            return None;
        }
    };
    match met {
        Ok(connected) => {
            local(obs, connected.local);
            let info = stream::info(std::os::fd::AsFd::as_fd(&connected.stream));
            obs.outcome = pb::Outcome::Pass.into();
            obs.tcp = Some(pb::TcpDetail {
                connected: true,
                connect_us: Some(u64::try_from(connected.took.as_micros()).unwrap_or(u64::MAX)),
                queue_read: true,
                syn_retransmits: info.map(|info| info.total_retrans),
                info,
                ..Default::default()
            });
            Some(connected)
        }
        Err(missed) => {
            local(obs, missed.local);
            obs.outcome = pb::Outcome::Fail.into();
            obs.failure = Some(match &missed.error {
                Some(error) => failure::io("connect", &operation, error),
                None => failure::timeout("connect", &operation, missed.took),
            });
            obs.tcp = Some(detail_of(&missed));
            None
        }
    }
}

fn detail_of(missed: &NotConnected) -> pb::TcpDetail {
    pb::TcpDetail {
        connected: false,
        icmp: missed.icmp.clone(),
        queue_read: missed.queue_read,
        // Only a socket that is still connecting counts its SYNs; a refused one has been reset to nothing.
        syn_retransmits: missed.info.filter(|_| missed.error.is_none()).map(|info| info.total_retrans),
        info: missed.info.filter(|_| missed.error.is_none()),
        ..Default::default()
    }
}

fn local(obs: &mut pb::Observation, address: Option<SocketAddr>) {
    if let Some(address) = address {
        obs.local_address = address.ip().to_canonical().to_string();
        obs.local_port = address.port().into();
    }
}

async fn greeting(stream: &mut TcpStream, patience: Duration, obs: &mut pb::Observation) {
    let mut bytes = vec![0u8; GREETING];
    let Some(tcp) = &mut obs.tcp else { return };
    match time::timeout(patience, stream.read(&mut bytes)).await {
        Ok(Ok(0)) => "fin".clone_into(&mut tcp.closed_by_peer),
        Ok(Ok(length)) => {
            bytes.truncate(length);
            tcp.greeting = bytes;
        }
        Ok(Err(_)) => "rst".clone_into(&mut tcp.closed_by_peer),
        // Nothing was said unasked: the usual case.
        Err(_elapsed) => {}
    }
}
