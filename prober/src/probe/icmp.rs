//! ICMP echo with DF: does the address answer, from how far, how fast, and what does the way say.

use std::{
    collections::BTreeMap,
    io,
    net::IpAddr,
    time::{Duration, Instant},
};

use mesh_proto::v1 as pb;

use super::{Ask, could_not_look};
use crate::{
    failure,
    net::{
        Net,
        raw::{
            Event, Probe,
            echo::{Echo, RIGHT},
            is_too_big, not_opened,
        },
    },
    packet::icmp::smallest_echo,
};

/// What ping(8) sends: 56 bytes of payload, by family.
const DEFAULT_BYTES: (u32, u32) = (84, 104);
/// Echoes of one probe; they leave together.
const COUNT: u32 = 16;
/// Errors reported.
const ERRORS: usize = 8;
/// A router may say the same of each packet, and a reply may come twice; the time for transmit timestamps to be read
/// when the last reply overtakes them.
const STRAGGLERS: Duration = Duration::from_millis(2);

pub(crate) async fn run(ask: &Ask, spec: &pb::IcmpSpec) -> pb::Observation {
    let asked = format!("icmp echo {}", spec.address);
    let Ok(to) = spec.address.parse::<IpAddr>() else {
        return could_not_look(asked, format!("not an address: {}", spec.address));
    };
    let to = to.to_canonical();
    let bytes = match spec.packet_bytes {
        0 if to.is_ipv4() => DEFAULT_BYTES.0,
        0 => DEFAULT_BYTES.1,
        bytes => bytes.clamp(smallest_echo(to.is_ipv6()), u16::MAX.into()),
    };
    let (net, deadline) = (ask.net.clone(), ask.deadline);
    let count = spec.count.clamp(1, COUNT);
    let answer = ask.net.run(move || exchange(&net, to, bytes, count, deadline)).await;
    let mut obs = match answer {
        Ok(Ok(seen)) => told(asked, bytes, seen),
        Ok(Err(Trouble::Open(refused))) => not_opened(asked, &refused, RIGHT),
        Ok(Err(Trouble::Io(e))) | Err(e) => could_not_look(asked, e.to_string()),
    };
    obs.address = to.to_string();
    "icmp".clone_into(&mut obs.protocol);
    obs.flow = pb::Flow::Fresh.into();
    obs
}

enum Trouble {
    Open(crate::net::Refused),
    Io(io::Error),
}

/// What was met, by key.
#[derive(Default)]
struct Seen {
    socket: &'static str,
    marks_route: bool,
    sent: BTreeMap<u16, Instant>,
    stamps: BTreeMap<u16, i64>,
    replies: BTreeMap<u16, Reply>,
    errors: Vec<pb::IcmpError>,
    refused: Option<io::Error>,
}

struct Reply {
    at: Instant,
    stamp_ns: Option<i64>,
    ttl: Option<u32>,
}

fn exchange(net: &Net, to: IpAddr, bytes: u32, count: u32, deadline: Instant) -> Result<Seen, Trouble> {
    let mut wire = Echo::open(net, to).map_err(Trouble::Open)?;
    let mut seen = Seen { socket: wire.socket(), marks_route: wire.marks_route(), ..Seen::default() };
    for key in (0..count).filter_map(|key| u16::try_from(key).ok()) {
        let now = Instant::now();
        match wire.send(Probe { key, bytes, ttl: None }) {
            Ok(()) => drop(seen.sent.insert(key, now)),
            Err(e) => seen.refused = Some(e),
        }
    }
    let mut until = deadline;
    while Instant::now() < until && !seen.sent.is_empty() {
        wire.wait(until).map_err(Trouble::Io)?;
        let now = Instant::now();
        for event in wire.events() {
            seen.take(event, now);
        }
        if seen.answered() {
            until = until.min(if seen.stamped() { now } else { now + STRAGGLERS });
        }
    }
    Ok(seen)
}

impl Seen {
    fn take(&mut self, event: Event, at: Instant) {
        match event {
            Event::Sent { key, stamp_ns } => drop(self.stamps.insert(key, stamp_ns)),
            Event::Reply { key, ttl, stamp_ns } => {
                self.replies.entry(key).or_insert(Reply { at, stamp_ns, ttl });
            }
            Event::Error { error, .. } if self.errors.len() < ERRORS => self.errors.push(error),
            Event::Error { .. } => {}
        }
    }

    /// Every echo was answered by a reply or an error.
    fn answered(&self) -> bool {
        self.replies.len() + self.errors.len() >= self.sent.len()
    }

    fn stamped(&self) -> bool {
        self.stamps.len() >= self.sent.len()
    }

    /// The fastest exchange: kernel timestamps where there are both, this process's clock otherwise.
    fn fastest(&self) -> Option<(u64, Option<(i64, i64)>)> {
        let exchanges = self.replies.iter().filter_map(|(key, reply)| {
            let kernel = self.stamps.get(key).copied().zip(reply.stamp_ns).filter(|(tx, rx)| rx >= tx);
            let us = match kernel {
                Some((tx, rx)) => u64::try_from((rx - tx) / 1000).ok()?,
                None => u64::try_from(reply.at.saturating_duration_since(*self.sent.get(key)?).as_micros()).ok()?,
            };
            Some((us, kernel))
        });
        exchanges.min_by_key(|(us, _)| *us)
    }
}

fn told(asked: String, bytes: u32, seen: Seen) -> pb::Observation {
    let count = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
    let fastest = seen.fastest();
    let kernel = fastest.and_then(|(_, kernel)| kernel);
    let too_big = seen.refused.as_ref().is_some_and(is_too_big);
    let mut caveats = Vec::new();
    if seen.marks_route && seen.errors.iter().any(|error| error.mtu.is_some()) {
        caveats.push(
            "a \"too big\" answered this echo, and this host's route now has its MTU for up to ten minutes".to_owned(),
        );
    }
    let received = count(seen.replies.len());
    let outcome = if received == 0 { pb::Outcome::Fail } else { pb::Outcome::Pass };
    let failure = (received == 0).then(|| why_not(&asked, &seen));
    let detail = pb::IcmpDetail {
        sent: count(seen.sent.len()),
        received,
        packet_bytes: bytes,
        rtt_us: fastest.map(|(us, _)| us),
        reply_ttl: seen.replies.values().find_map(|reply| reply.ttl),
        errors: seen.errors,
        socket: seen.socket.to_owned(),
        local_too_big: too_big,
    };
    pb::Observation {
        asked,
        outcome: outcome.into(),
        failure,
        caveats,
        kernel_tx_ns: kernel.map(|(tx, _)| tx),
        kernel_rx_ns: kernel.map(|(_, rx)| rx),
        payload_bytes: bytes.into(),
        icmp: Some(detail),
        ..Default::default()
    }
}

fn why_not(asked: &str, seen: &Seen) -> pb::Failure {
    if let Some(error) = seen.errors.first() {
        let text = format!("ICMP type {} code {} from {}", error.r#type, error.code, error.offender);
        return pb::Failure { side: "path".to_owned(), ..failure::told("icmp", asked, &text, "errno") };
    }
    if let Some(e) = &seen.refused {
        return pb::Failure { side: "local".to_owned(), ..failure::io("icmp", asked, e) };
    }
    failure::told("icmp", asked, "no reply", "timeout")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::bench::Space;

    async fn echo(space: &Space, address: &str, packet_bytes: u32) -> pb::Observation {
        let mut ask = space.ask();
        ask.deadline = Instant::now() + Duration::from_millis(400);
        run(&ask, &pb::IcmpSpec { address: address.to_owned(), packet_bytes, count: 2 }).await
    }

    #[tokio::test]
    async fn both_families_answer_with_ttl_and_kernel_time() {
        let space = Space::fresh();
        for address in ["127.0.0.1", "::1"] {
            let obs = echo(&space, address, 0).await;
            assert_eq!(obs.outcome(), pb::Outcome::Pass, "{obs:?}");
            let detail = obs.icmp.unwrap();
            assert_eq!(
                (detail.sent, detail.received, detail.reply_ttl, detail.socket.as_str()),
                (2, 2, Some(64), "raw")
            );
            assert!(detail.rtt_us.unwrap() < 100_000, "{detail:?}");
            // The kernel switches its stamping of packets on and off in the background, for all sockets of the machine
            // together (net_enable_timestamp, net/core/dev.c): one echo may be a moment early.
            let mut times = obs.kernel_tx_ns.zip(obs.kernel_rx_ns);
            for _ in 0..20 {
                if times.is_none() {
                    let again = echo(&space, address, 0).await;
                    times = again.kernel_tx_ns.zip(again.kernel_rx_ns);
                }
            }
            let (sent, received) = times.expect("a kernel time in one of twenty echoes");
            assert!(sent <= received);
        }
    }

    #[tokio::test]
    async fn an_unprivileged_socket_answers_where_the_group_may() {
        let space = Space::fresh();
        space.sh("sysctl -qw net.ipv4.ping_group_range='0 0'");
        for address in ["127.0.0.1", "::1"] {
            let to = address.parse().unwrap();
            let detail = space.run(move || {
                let mut wire = Echo::dgram(to).unwrap_or_else(|e| panic!("{e:?}"));
                wire.send(Probe { key: 5, bytes: 200, ttl: None }).unwrap();
                wire.wait(Instant::now() + Duration::from_millis(300)).unwrap();
                std::thread::sleep(Duration::from_millis(5));
                wire.events()
            });
            assert!(
                detail.iter().any(|event| matches!(event, Event::Reply { key: 5, ttl: Some(64), .. })),
                "{detail:?}"
            );
        }
    }

    #[tokio::test]
    async fn silence_and_a_refused_size_are_told_apart() {
        let space = Space::fresh();
        space.sh(
            "ip link add a0 type veth peer name a1; ip link set a0 mtu 1400 up; ip link set a1 up; ip addr add 10.9.0.1/24 dev a0
             ip neigh add 10.9.0.2 lladdr 02:00:00:00:00:02 dev a0",
        );
        let silent = echo(&space, "10.9.0.2", 0).await;
        assert_eq!((silent.outcome(), silent.failure.unwrap().how.as_str()), (pb::Outcome::Fail, "timeout"));
        let large = echo(&space, "10.9.0.2", 1401).await;
        assert!(large.icmp.unwrap().local_too_big);
        assert_eq!(large.failure.unwrap().text, "Message too long (os error 90)");
    }

    #[tokio::test]
    async fn a_word_that_is_no_address_is_not_asked() {
        let obs = echo(&Space::fresh(), "api.lab", 0).await;
        assert_eq!((obs.outcome(), obs.missing.as_str()), (pb::Outcome::CouldNotLook, "not an address: api.lab"));
    }
}
