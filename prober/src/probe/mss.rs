//! Raw SYNs with a chosen maximum segment size, and what the SYN-ACKs say. A box that clamps rewrites the option in the
//! SYN-ACK on its way back as well, so a value below the server's own shows it. No connection comes of it: the local
//! kernel resets what it did not open.

use std::{
    hash::{BuildHasher as _, RandomState},
    io,
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

use mesh_proto::v1 as pb;

use super::{Ask, could_not_look};
use crate::{
    collect::routes,
    failure,
    net::{
        Net, Refused,
        raw::{
            not_opened,
            segments::{Echoed, RIGHT, Segments},
        },
    },
    packet::tcp::Answer,
};

/// SYNs of one probe; they leave together.
const RUNGS: usize = 8;
/// IP and TCP header without options, by family.
const HEADERS: (u32, u32) = (40, 60);
/// Asked beside the route's own: a usual clamp, and the smallest that hosts must take (RFC 9293 §3.7.1; IPv6: 1280
/// less the headers).
const CLAMPED: u32 = 1360;
const SMALLEST: (u32, u32) = (536, 1220);
/// A SYN is sent once more after this; the kernel's own would wait a second.
const AGAIN: Duration = Duration::from_millis(300);

pub(crate) async fn run(ask: &Ask, spec: &pb::MssSpec) -> pb::Observation {
    let asked = format!("tcp syn {}", spec.address);
    let (Ok(to), Ok(port)) = (spec.address.parse::<IpAddr>(), u16::try_from(spec.port)) else {
        return could_not_look(asked, format!("not an address and port: {} {}", spec.address, spec.port));
    };
    let to = SocketAddr::new(to.to_canonical(), port);
    let asked = format!("tcp syn {to}");
    let (net, deadline, wanted) = (ask.net.clone(), ask.deadline, spec.mss.clone());
    let mut obs = match ask.net.run(move || exchange(&net, to, &wanted, deadline)).await {
        Ok(Ok(seen)) => told(asked, seen),
        Ok(Err(refused)) => not_opened(asked, &refused, RIGHT),
        Err(e) => could_not_look(asked, e.to_string()),
    };
    obs.name.clone_from(&spec.name);
    obs.address = to.ip().to_string();
    obs.port = spec.port;
    "tcp".clone_into(&mut obs.protocol);
    obs.flow = pb::Flow::Fresh.into();
    obs
}

struct Rung {
    port: u16,
    mss: u16,
    sequence: u32,
    sent: Instant,
    seen: pb::MssRung,
}

struct Seen {
    source: IpAddr,
    rungs: Vec<Rung>,
    route_mtu: Option<u32>,
}

fn exchange(net: &Net, to: SocketAddr, wanted: &[u32], deadline: Instant) -> Result<Seen, Refused> {
    let mut wire = Segments::open(net, to)?;
    let route_mtu = route_mtu(to.ip(), deadline);
    let mut rungs = Vec::new();
    for mss in ladder(wanted, route_mtu, to.is_ipv6()) {
        // Nobody who does not see the SYN can answer it.
        let sequence = u32::try_from(RandomState::new().hash_one(mss) >> 32).unwrap_or_default();
        let sent = Instant::now();
        let port = wire.syn(mss, sequence)?;
        let seen = pb::MssRung { sent_mss: mss.into(), ..Default::default() };
        rungs.push(Rung { port, mss, sequence, sent, seen });
    }
    let mut again = Some(Instant::now() + AGAIN);
    while Instant::now() < deadline && rungs.iter().any(|rung| rung.seen.answer.is_empty()) {
        let failed = |source| Refused::Io { operation: "poll".to_owned(), source };
        wire.wait(again.unwrap_or(deadline).min(deadline)).map_err(failed)?;
        let now = Instant::now();
        for event in wire.events() {
            for rung in &mut rungs {
                rung.take(&event, now);
            }
        }
        if again.is_some_and(|again| now >= again) {
            again = None;
            for rung in rungs.iter().filter(|rung| rung.seen.answer.is_empty()) {
                wire.again(rung.port, rung.mss, rung.sequence)?;
            }
        }
    }
    Ok(Seen { source: wire.source(), rungs, route_mtu })
}

fn route_mtu(to: IpAddr, deadline: Instant) -> Option<u32> {
    let look = || -> io::Result<Option<u32>> {
        let links = routes::interfaces(deadline)?;
        Ok(routes::mtu(&routes::way(to, deadline)?, &links))
    };
    look().ok().flatten()
}

/// The sizes asked for, or the three that tell a clamp from a small server.
fn ladder(wanted: &[u32], route_mtu: Option<u32>, ipv6: bool) -> Vec<u16> {
    let (headers, smallest) = if ipv6 { (HEADERS.1, SMALLEST.1) } else { (HEADERS.0, SMALLEST.0) };
    let own = route_mtu.unwrap_or(1500).saturating_sub(headers);
    let defaults = [own, CLAMPED, smallest];
    let list = if wanted.is_empty() { &defaults[..] } else { wanted };
    let mut sizes: Vec<u16> = list.iter().map(|mss| u16::try_from(*mss).unwrap_or(u16::MAX)).collect();
    let mut known = std::collections::BTreeSet::new();
    sizes.retain(|mss| known.insert(*mss));
    sizes.truncate(RUNGS);
    sizes
}

impl Rung {
    fn take(&mut self, event: &Echoed, now: Instant) {
        if !self.seen.answer.is_empty() {
            return;
        }
        match event {
            Echoed::Segment { answered, ttl }
                if answered.destination_port == self.port && answered.acknowledged == self.sequence.wrapping_add(1) =>
            {
                self.seen.reply_ttl = *ttl;
                self.seen.window = Some(answered.window.into());
                match answered.answer {
                    Answer::SynAck { mss } => {
                        "syn-ack".clone_into(&mut self.seen.answer);
                        self.seen.arrived_mss = mss.map(Into::into);
                    }
                    Answer::Rst => "rst".clone_into(&mut self.seen.answer),
                }
            }
            Echoed::Error { source_port, error } if *source_port == self.port => {
                "icmp".clone_into(&mut self.seen.answer);
                self.seen.icmp = Some(error.clone());
            }
            _ => return,
        }
        self.seen.rtt_us = u64::try_from(now.saturating_duration_since(self.sent).as_micros()).ok();
    }
}

fn told(asked: String, seen: Seen) -> pb::Observation {
    let local_port = seen.rungs.first().map_or(0, |rung| rung.port.into());
    let rungs: Vec<pb::MssRung> = seen
        .rungs
        .into_iter()
        .map(|mut rung| {
            if rung.seen.answer.is_empty() {
                "silent".clone_into(&mut rung.seen.answer);
            }
            rung.seen
        })
        .collect();
    let failure = if rungs.iter().any(|rung| rung.answer == "syn-ack") {
        None
    } else {
        rungs.first().map(|r| why_not(&asked, r))
    };
    let outcome = if failure.is_some() { pb::Outcome::Fail } else { pb::Outcome::Pass };
    pb::Observation {
        asked,
        outcome: outcome.into(),
        failure,
        local_address: seen.source.to_string(),
        local_port,
        mss: Some(pb::MssDetail { rungs, route_mtu: seen.route_mtu }),
        ..Default::default()
    }
}

fn why_not(asked: &str, rung: &pb::MssRung) -> pb::Failure {
    let (text, side, how) = match (rung.answer.as_str(), &rung.icmp) {
        ("rst", _) => ("the SYN was answered with a reset".to_owned(), "", "errno"),
        (_, Some(e)) => (format!("ICMP type {} code {} from {}", e.r#type, e.code, e.offender), "path", "errno"),
        _ => ("no answer to a SYN".to_owned(), "", "timeout"),
    };
    pb::Failure { side: side.to_owned(), ..failure::told("connect", asked, &text, how) }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::collect::bench::Path;

    fn serve(path: &Path) -> [TcpListener; 2] {
        path.server.run(|| ["10.3.0.2:8080", "[fd03::2]:8080"].map(|at| TcpListener::bind(at).unwrap()))
    }

    async fn syn(
        path: &Path,
        address: &str,
        port: u32,
        mss: &[u32],
    ) -> (pb::Observation, Vec<(u32, String, Option<u32>, Option<u32>)>) {
        let mut ask = path.client.ask();
        ask.deadline = Instant::now() + Duration::from_millis(600);
        let spec = pb::MssSpec { address: address.to_owned(), port, mss: mss.to_vec(), ..Default::default() };
        let obs = run(&ask, &spec).await;
        let detail = obs.mss.clone().unwrap_or_else(|| panic!("{obs:?}"));
        let rungs = detail.rungs.into_iter().map(|r| (r.sent_mss, r.answer, r.arrived_mss, r.reply_ttl)).collect();
        (obs, rungs)
    }

    fn rung(sent: u32, answer: &str, arrived: Option<u32>, ttl: u32) -> (u32, String, Option<u32>, Option<u32>) {
        (sent, answer.to_owned(), arrived, Some(ttl))
    }

    #[tokio::test]
    async fn the_servers_own_size_arrives_unless_a_router_clamps_it() {
        let path = Path::fresh();
        let held = serve(&path);
        let (obs, rungs) = syn(&path, "10.3.0.2", 8080, &[]).await;
        assert_eq!(obs.outcome(), pb::Outcome::Pass);
        assert_eq!(rungs, [1460, 1360, 536].map(|sent| rung(sent, "syn-ack", Some(1460), 62)));
        assert_eq!(obs.mss.unwrap().route_mtu, Some(1500));
        let (_, rungs) = syn(&path, "fd03::2", 8080, &[1440]).await;
        assert_eq!(rungs, [rung(1440, "syn-ack", Some(1440), 62)]);
        path.r1.sh("nft 'table inet t { chain f { type filter hook forward priority 0; tcp flags syn tcp option maxseg size set 1360; }; }'");
        let (_, rungs) = syn(&path, "10.3.0.2", 8080, &[1460]).await;
        assert_eq!(rungs, [rung(1460, "syn-ack", Some(1360), 62)]);
        let (_, rungs) = syn(&path, "fd03::2", 8080, &[1440]).await;
        assert_eq!(rungs, [rung(1440, "syn-ack", Some(1360), 62)]);
        drop(held);
    }

    #[tokio::test]
    async fn resets_icmp_and_silence_are_told_apart() {
        let path = Path::fresh();
        path.r1.sh(
            "nft 'table inet t { chain f { type filter hook forward priority 0; tcp dport 81 reject with tcp reset; tcp dport 82 reject; tcp dport 83 drop; }; }'",
        );
        for (address, code, router) in [("10.3.0.2", (3, 3), "10.1.0.1"), ("fd03::2", (1, 4), "fd01::1")] {
            // The server itself, two routers away; then the first router in its name.
            assert_eq!(syn(&path, address, 80, &[1460]).await.1, [rung(1460, "rst", None, 62)]);
            assert_eq!(syn(&path, address, 81, &[1460]).await.1, [rung(1460, "rst", None, 64)]);
            let (obs, rungs) = syn(&path, address, 82, &[1460]).await;
            assert_eq!(rungs[0].1, "icmp");
            let icmp = obs.mss.unwrap().rungs[0].icmp.clone().unwrap();
            assert_eq!(((icmp.r#type, icmp.code), icmp.offender.as_str()), (code, router));
            let (obs, rungs) = syn(&path, address, 83, &[1460]).await;
            assert_eq!((rungs[0].1.as_str(), obs.failure.unwrap().how.as_str()), ("silent", "timeout"));
        }
    }

    #[test]
    fn the_ladder_follows_the_route_and_is_bounded() {
        assert_eq!(ladder(&[], Some(1500), false), [1460, 1360, 536]);
        assert_eq!(ladder(&[], Some(1400), false), [1360, 536]);
        assert_eq!(ladder(&[], None, true), [1440, 1360, 1220]);
        assert_eq!(ladder(&[70_000, 1, 1], Some(1500), false), [65_535, 1]);
        assert_eq!(ladder(&(0..99).collect::<Vec<_>>(), None, false).len(), RUNGS);
    }
}
