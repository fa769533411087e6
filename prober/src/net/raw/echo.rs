//! ICMP echo towards one address.
//!
//! IPv4 with `CAP_NET_RAW` uses a sender that writes its own header and a receiver that takes no part in path MTU
//! discovery: the one pair with which a "too big" is seen and the host's route stays as it was. An unprivileged ICMP
//! socket lowers the route for up to ten minutes when a "too big" arrives; `ICMPv6` echoes always do.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    os::fd::AsFd as _,
    time::Instant,
};

use nix::sys::socket::{setsockopt, sockopt};
use socket2::{Protocol, Socket, Type};

use super::{Arrival, Event, Probe, drain, open, send, set_ttl, setup, stamp, trace, wait};
use crate::{
    guard::Act,
    net::{Net, Refused},
    packet::icmp::{self, IPV4_HEADER, IPV6_HEADER, Message, Quoted},
    sys::icmp::{Discovery, pass_types, set_discovery},
};

/// What gives the right to send echoes.
pub(crate) const RIGHT: &str = "CAP_NET_RAW, or net.ipv4.ping_group_range to include this group";
/// `IPDEFTTL`, linux/ip.h; a packet with an own header needs one said.
const DEFAULT_TTL: u8 = 64;

enum Way {
    /// IPv4 packets with an own header, and a receiver of ICMP.
    Packets { to: Ipv4Addr, sender: Socket, receiver: Socket },
    /// One connected socket; the kernel writes the header.
    Ping { socket: Socket, raw: bool },
}

pub(crate) struct Echo {
    ipv6: bool,
    id: u16,
    nonce: u64,
    way: Way,
    /// Keys in the order of the kernel's transmit numbers.
    sent: Vec<u16>,
}

impl Echo {
    /// Opens what the rights allow: raw first.
    pub(crate) fn open(net: &Net, to: IpAddr) -> Result<Self, Refused> {
        net.allow(SocketAddr::new(to, 0), Act::Packet)?;
        let (id, nonce) = (u16::try_from(random() >> 48).unwrap_or_default(), random());
        let ipv6 = to.is_ipv6();
        let raw = match to {
            IpAddr::V4(to) => packets(to),
            IpAddr::V6(_) => ping(to, true),
        };
        let way = match raw {
            Err(Refused::Io { source, .. }) if source.kind() == io::ErrorKind::PermissionDenied => ping(to, false)?,
            other => other?,
        };
        Ok(Self { ipv6, id, nonce, way, sent: Vec::new() })
    }

    /// The unprivileged way alone.
    #[cfg(test)]
    pub(crate) fn dgram(to: IpAddr) -> Result<Self, Refused> {
        Ok(Self { ipv6: to.is_ipv6(), id: 0, nonce: random(), way: ping(to, false)?, sent: Vec::new() })
    }

    /// "raw" or "dgram".
    pub(crate) fn socket(&self) -> &'static str {
        if matches!(self.way, Way::Ping { raw: false, .. }) { "dgram" } else { "raw" }
    }

    /// True when an ICMP "too big" met by this wire lowers the MTU of the host's route.
    pub(crate) fn marks_route(&self) -> bool {
        matches!(self.way, Way::Ping { .. })
    }

    pub(crate) fn send(&mut self, probe: Probe) -> io::Result<()> {
        let echo = icmp::Echo { id: self.id, sequence: probe.key, nonce: self.nonce };
        let size = usize::try_from(probe.bytes).map_err(io::Error::other)?;
        let ttl = probe.ttl.unwrap_or(DEFAULT_TTL);
        match &self.way {
            Way::Packets { to, sender, .. } => {
                let packet = icmp::ipv4_echo(Ipv4Addr::UNSPECIFIED, *to, ttl, echo, size)
                    .ok_or_else(|| io::Error::from_raw_os_error(libc::EMSGSIZE))?;
                sender.send_to(&packet, &SocketAddr::from((*to, 0)).into())?;
            }
            Way::Ping { socket, .. } => {
                set_ttl(socket, self.ipv6, ttl)?;
                let header = if self.ipv6 { IPV6_HEADER } else { IPV4_HEADER };
                send(socket, &icmp::echo_request(self.ipv6, echo, size.saturating_sub(header)))?;
            }
        }
        self.sent.push(probe.key);
        Ok(())
    }

    pub(crate) fn wait(&self, until: Instant) -> io::Result<bool> {
        match &self.way {
            Way::Packets { sender, receiver, .. } => wait(&[sender, receiver], until),
            Way::Ping { socket, .. } => wait(&[socket], until),
        }
    }

    /// What arrived since, without waiting. Packets of others are passed over.
    pub(crate) fn events(&self) -> Vec<Event> {
        match &self.way {
            Way::Packets { to, sender, receiver } => {
                let stamps = drain(sender, true).into_iter().filter_map(|entry| self.stamped(&entry));
                let packets = drain(receiver, false).into_iter().filter_map(|entry| self.packet((*to).into(), &entry));
                stamps.chain(packets).collect()
            }
            Way::Ping { socket, .. } => {
                let queued = drain(socket, true).into_iter().filter_map(|entry| self.queued(&entry));
                queued.chain(drain(socket, false).into_iter().filter_map(|entry| self.message(&entry))).collect()
            }
        }
    }

    fn stamped(&self, entry: &Arrival) -> Option<Event> {
        let (number, stamp_ns) = entry.sent()?;
        let key = *self.sent.get(usize::try_from(number).ok()?)?;
        Some(Event::Sent { key, stamp_ns })
    }

    fn packet(&self, to: IpAddr, entry: &Arrival) -> Option<Event> {
        let (from, ttl, message) = icmp::parse_ipv4(&entry.bytes)?;
        match message {
            Message::Reply(echo) => self.reply(echo, Some(ttl.into()), entry.stamp_ns),
            Message::Error(error) => {
                let Quoted::Echo { id, sequence } = error.quote.packet else { return None };
                if id != self.id || error.quote.destination != to {
                    return None;
                }
                Some(Event::Error { key: sequence, error: super::datagrams::told(&error, from, false) })
            }
        }
    }

    fn message(&self, entry: &Arrival) -> Option<Event> {
        match icmp::parse(self.ipv6, &entry.bytes)? {
            Message::Reply(echo) => self.reply(echo, entry.ttl, entry.stamp_ns),
            Message::Error(_) => None,
        }
    }

    fn reply(&self, echo: icmp::Echo, ttl: Option<u32>, stamp_ns: Option<i64>) -> Option<Event> {
        // The kernel replaces the id of an unprivileged socket; the nonce is ours in any case.
        (echo.nonce == self.nonce).then_some(Event::Reply { key: echo.sequence, ttl, stamp_ns })
    }

    fn queued(&self, entry: &Arrival) -> Option<Event> {
        let Some(error) = entry.icmp_error() else { return self.stamped(entry) };
        let protocol = if self.ipv6 { 58 } else { 1 };
        let Quoted::Echo { id, sequence } = icmp::quoted(protocol, &entry.bytes)? else { return None };
        // An unprivileged socket is shown its own errors alone, with the kernel's id.
        (id == self.id || self.socket() == "dgram").then_some(Event::Error { key: sequence, error })
    }
}

fn packets(to: Ipv4Addr) -> Result<Way, Refused> {
    /// `IPPROTO_RAW`: the header is ours, nothing is received.
    const RAW: i32 = 255;
    let sender = open(false, Type::RAW, Protocol::from(RAW), "SOCK_RAW IPPROTO_RAW")?;
    let receiver = open(false, Type::RAW, Protocol::ICMPV4, "SOCK_RAW IPPROTO_ICMP")?;
    // Neither may take part in discovery: a claim would lower the host's route, and a lowered route would refuse sizes.
    for socket in [&sender, &receiver] {
        setup("IP_MTU_DISCOVER", set_discovery(socket.as_fd(), false, Discovery::Interface))?;
        setup("SO_TIMESTAMPING", stamp(socket))?;
    }
    setup("ICMP_FILTER", pass_types(receiver.as_fd(), false, &[0, 3, 11, 12]))?;
    Ok(Way::Packets { to, sender, receiver })
}

fn ping(to: IpAddr, raw: bool) -> Result<Way, Refused> {
    let ipv6 = to.is_ipv6();
    let (kind, what) = if raw { (Type::RAW, "SOCK_RAW ICMP") } else { (Type::DGRAM, "SOCK_DGRAM ICMP") };
    let protocol = if ipv6 { Protocol::ICMPV6 } else { Protocol::ICMPV4 };
    let socket = open(ipv6, kind, protocol, what)?;
    setup("IP_MTU_DISCOVER", set_discovery(socket.as_fd(), ipv6, Discovery::Probe))?;
    setup("IP_RECVERR", trace(&socket, ipv6))?;
    setup("SO_TIMESTAMPING", stamp(&socket))?;
    if ipv6 {
        setup("IPV6_DONTFRAG", setsockopt(&socket.as_fd(), sockopt::Ipv6DontFrag, &true).map_err(io::Error::from))?;
        if raw {
            setup("ICMP6_FILTER", pass_types(socket.as_fd(), true, &[129]))?;
        }
    }
    setup(&format!("connect {to}"), socket.connect(&SocketAddr::new(to, 0).into()))?;
    Ok(Way::Ping { socket, raw })
}

/// Unpredictable enough that neither another prober nor a forger is mistaken for us: `SipHash` with the process's random
/// keys over the time.
fn random() -> u64 {
    use std::hash::{BuildHasher as _, RandomState};
    RandomState::new().hash_one(Instant::now())
}
