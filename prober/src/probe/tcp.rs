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
        stream::{self, Connected, NotConnected, Way},
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
    let Some(way) = way(&mut obs, to, Act::Connect, spec.source_port) else { return obs };
    let Some(mut connected) = connect(ask, way, deadline, &mut obs).await else { return obs };
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

/// The way to a target, from a port when one was asked for.
pub(crate) fn way(obs: &mut pb::Observation, to: SocketAddr, act: Act, source_port: u32) -> Option<Way> {
    if source_port == 0 {
        return Some(Way::new(to, act));
    }
    if let Ok(port) = u16::try_from(source_port) {
        obs.flow = pb::Flow::FixedPort.into();
        Some(Way { from_port: Some(port), ..Way::new(to, act) })
    } else {
        obs.outcome = pb::Outcome::CouldNotLook.into();
        obs.missing = format!("{source_port} is not a source port");
        None
    }
}

/// Fills what a refused socket means.
pub(crate) fn not_allowed(obs: &mut pb::Observation, refused: &Refused) {
    obs.outcome = pb::Outcome::CouldNotLook.into();
    obs.missing = crate::probe::why(refused);
    if let Refused::Policy(denied) = refused {
        obs.failure = Some(failure::denied(&obs.asked, denied));
    }
}

/// Connects and fills the TCP part; none when it did not come to be.
pub(crate) async fn connect(
    ask: &Ask,
    mut way: Way,
    deadline: Instant,
    obs: &mut pb::Observation,
) -> Option<Connected> {
    let operation = format!("connect {}", way.to);
    if ask.watch {
        way = way.bound();
    }
    let met = match ask.net.connect(way, deadline).await {
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

pub(crate) fn local(obs: &mut pb::Observation, address: Option<SocketAddr>) {
    if let Some(address) = address {
        // A refused socket may know its port alone.
        if !address.ip().is_unspecified() {
            obs.local_address = address.ip().to_canonical().to_string();
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{collect::bench::Space, probe};

    const SOURCE: u32 = 40_404;

    /// A listener that greets with the port it is asked from.
    fn serve(space: &Space) -> u32 {
        space.run(|| {
            let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let port = server.local_addr().unwrap().port();
            std::thread::spawn(move || {
                for stream in server.incoming() {
                    let mut stream = stream.unwrap();
                    let from = stream.peer_addr().unwrap().port().to_string();
                    std::io::Write::write_all(&mut stream, from.as_bytes()).unwrap();
                    std::thread::spawn(move || std::io::copy(&mut stream, &mut std::io::sink()));
                }
            });
            port.into()
        })
    }

    fn spec(port: u32, source_port: u32) -> pb::TcpSpec {
        pb::TcpSpec { address: "127.0.0.1".to_owned(), port, greet_ms: 500, source_port, ..Default::default() }
    }

    #[tokio::test]
    async fn a_source_port_that_was_asked_for_is_used_again_and_again() {
        let space = Space::fresh();
        let port = serve(&space);
        let other = serve(&space);
        for port in [port, other] {
            let obs = run(&space.ask(), &spec(port, SOURCE)).await;
            assert_eq!((obs.outcome(), obs.flow()), (pb::Outcome::Pass, pb::Flow::FixedPort), "{obs:?}");
            assert_eq!((obs.local_port, obs.tcp.unwrap().greeting.as_slice()), (SOURCE, b"40404".as_slice()));
        }
        let control = run(&space.ask(), &spec(port, 0)).await;
        assert_eq!((control.outcome(), control.flow()), (pb::Outcome::Pass, pb::Flow::Fresh));
        assert_ne!(control.local_port, SOURCE);
    }

    #[tokio::test]
    async fn a_source_port_that_is_taken_is_named_and_says_nothing_about_the_network() {
        let space = Space::fresh();
        let port = serve(&space);
        let holder = space.run(|| std::net::TcpListener::bind(("0.0.0.0", 40_404)).unwrap());
        let obs = run(&space.ask(), &spec(port, SOURCE)).await;
        assert_eq!(obs.outcome(), pb::Outcome::CouldNotLook);
        let said = format!("bind source port 40404 towards 127.0.0.1:{port}: Address already in use (os error 98)");
        assert_eq!(obs.missing, said);
        drop(holder);
        // A connection of the same four numbers is the other way of being taken.
        let to = SocketAddr::from(([127, 0, 0, 1], u16::try_from(port).unwrap()));
        let way = Way { from_port: Some(40_404), ..Way::new(to, Act::Connect) };
        let alive = space.net.connect(way, space.ask().deadline).await.unwrap().unwrap();
        let obs = run(&space.ask(), &spec(port, SOURCE)).await;
        assert_eq!(obs.outcome(), pb::Outcome::CouldNotLook);
        assert!(obs.missing.starts_with("connect from source port 40404 to 127.0.0.1:"), "{}", obs.missing);
        drop(alive);
        let obs = run(&space.ask(), &spec(port, 70_000)).await;
        assert_eq!(obs.missing, "70000 is not a source port");
    }

    #[tokio::test]
    async fn every_probe_with_a_source_port_leaves_from_it() {
        use pb::probe_spec::Probe;
        let space = Space::fresh();
        // A server each: the first connection of these four numbers may still be in TIME-WAIT.
        let (port, names) = (serve(&space), serve(&space));
        let http = |source_port| {
            let (address, method, path) = ("127.0.0.1".to_owned(), "GET".to_owned(), "/".to_owned());
            Probe::Http(pb::HttpSpec { address, port, method, path, source_port, ..Default::default() })
        };
        let dns = |transport: &str, source_port| {
            let (server, name, r#type) = ("127.0.0.1".to_owned(), "a.test".to_owned(), "A".to_owned());
            let transport = transport.to_owned();
            Probe::Dns(pb::DnsSpec { server, port: names, name, r#type, transport, source_port, ..Default::default() })
        };
        for (fixed, free) in
            [(http(SOURCE), http(0)), (dns("tcp", SOURCE), dns("tcp", 0)), (dns("udp", SOURCE), dns("udp", 0))]
        {
            let ask = Ask { deadline: Instant::now() + Duration::from_millis(300), ..space.ask() };
            let obs = probe::run(&ask, &fixed).await;
            assert_eq!((obs.local_port, obs.flow()), (SOURCE, pb::Flow::FixedPort), "{obs:?}");
            let control = probe::run(&ask, &free).await;
            assert_ne!(control.local_port, SOURCE);
            assert_eq!(control.flow(), pb::Flow::Fresh);
        }
    }
}
