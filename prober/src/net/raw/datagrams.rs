//! UDP towards a closed port of one address: the target's "port unreachable" is the answer. Every packet has a socket of
//! its own, so its source port tells it from the others however little an ICMP error quotes.
//!
//! With `CAP_NET_RAW` the sockets take no part in path MTU discovery and a raw receiver shows the errors: IPv4 packets
//! are written whole with DF, IPv6 ones by the kernel with `IPV6_DONTFRAG`. Without it the sockets probe and trace by
//! themselves, and a "too big" lowers the host's route for up to ten minutes.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    os::fd::AsFd as _,
    time::Instant,
};

use mesh_proto::v1 as pb;
use nix::sys::socket::{setsockopt, sockopt};
use socket2::{Protocol, Socket, Type};

use super::{Arrival, Event, Probe, drain, open, send, set_ttl, setup, trace, wait};
use crate::{
    guard::Act,
    net::{Net, Refused, any_of},
    packet::icmp::{self, IPV4_HEADER, IPV6_HEADER, Message, Quoted, UDP_HEADER},
    sys::icmp::{Discovery, pass_types, set_discovery},
};

/// `IPDEFTTL`, linux/ip.h.
const DEFAULT_TTL: u8 = 64;
/// Sockets open at once: a ladder and three packets for each of sixteen hops.
const SOCKETS: usize = 96;

struct Lane {
    key: u16,
    local: SocketAddr,
    socket: Socket,
}

pub(crate) struct Datagrams {
    to: SocketAddr,
    lanes: Vec<Lane>,
    /// Receiver of ICMP errors; absent without the right.
    receiver: Option<Socket>,
    /// Writes whole IPv4 packets; absent for IPv6 and without the right.
    sender: Option<Socket>,
}

impl Datagrams {
    pub(crate) fn open(net: &Net, to: SocketAddr) -> Result<Self, Refused> {
        net.allow(to, Act::Packet)?;
        let denied = |refused: &Refused| matches!(refused, Refused::Io { source, .. } if source.kind() == io::ErrorKind::PermissionDenied);
        let receiver = match receiver(to.is_ipv6()) {
            Ok(socket) => Some(socket),
            Err(refused) if denied(&refused) => None,
            Err(refused) => return Err(refused),
        };
        let sender = if to.is_ipv4() && receiver.is_some() {
            let sender = open(false, Type::RAW, Protocol::from(255), "SOCK_RAW IPPROTO_RAW")?;
            setup("IP_MTU_DISCOVER", set_discovery(sender.as_fd(), false, Discovery::Interface))?;
            Some(sender)
        } else {
            None
        };
        Ok(Self { to, lanes: Vec::new(), receiver, sender })
    }

    /// True when an ICMP "too big" met by this wire lowers the MTU of the host's route.
    pub(crate) fn marks_route(&self) -> bool {
        self.receiver.is_none()
    }

    pub(crate) fn send(&mut self, probe: Probe) -> io::Result<()> {
        let at = match self.lanes.iter().position(|lane| lane.key == probe.key) {
            Some(at) => at,
            None => self.lane(probe.key)?,
        };
        let lane = self.lanes.get(at).ok_or(io::ErrorKind::NotFound)?;
        let size = usize::try_from(probe.bytes).map_err(io::Error::other)?;
        let ttl = probe.ttl.unwrap_or(DEFAULT_TTL);
        if let (Some(sender), SocketAddr::V4(to), SocketAddr::V4(from)) = (&self.sender, self.to, lane.local) {
            let packet = icmp::ipv4_udp((*from.ip(), from.port()), (*to.ip(), to.port()), ttl, size)
                .ok_or_else(|| io::Error::from_raw_os_error(libc::EMSGSIZE))?;
            sender.send_to(&packet, &SocketAddr::from((*to.ip(), 0)).into())?;
            return Ok(());
        }
        let ipv6 = self.to.is_ipv6();
        set_ttl(&lane.socket, ipv6, ttl)?;
        let header = UDP_HEADER + if ipv6 { IPV6_HEADER } else { IPV4_HEADER };
        send(&lane.socket, &vec![0; size.saturating_sub(header)])
    }

    fn lane(&mut self, key: u16) -> io::Result<usize> {
        if self.lanes.len() >= SOCKETS {
            return Err(io::Error::from_raw_os_error(libc::EMFILE));
        }
        let socket = self.socket().map_err(|refused| match refused {
            Refused::Io { source, .. } => source,
            Refused::Policy(denied) => io::Error::other(denied),
        })?;
        // Connected, so the kernel has chosen the source: the checksum covers it.
        let local = socket.local_addr()?.as_socket().ok_or(io::ErrorKind::AddrNotAvailable)?;
        self.lanes.push(Lane { key, local, socket });
        Ok(self.lanes.len() - 1)
    }

    fn socket(&self) -> Result<Socket, Refused> {
        let ipv6 = self.to.is_ipv6();
        let socket = open(ipv6, Type::DGRAM, Protocol::UDP, "SOCK_DGRAM UDP")?;
        let discovery = if self.receiver.is_some() { Discovery::Omit } else { Discovery::Probe };
        setup("IP_MTU_DISCOVER", set_discovery(socket.as_fd(), ipv6, discovery))?;
        if ipv6 {
            setup("IPV6_DONTFRAG", setsockopt(&socket.as_fd(), sockopt::Ipv6DontFrag, &true).map_err(io::Error::from))?;
        }
        if self.receiver.is_none() {
            setup("IP_RECVERR", trace(&socket, ipv6))?;
        }
        setup("bind", socket.bind(&any_of(self.to).into()))?;
        setup(&format!("connect {}", self.to), socket.connect(&self.to.into()))?;
        Ok(socket)
    }

    pub(crate) fn wait(&self, until: Instant) -> io::Result<bool> {
        let lanes = self.lanes.iter().map(|lane| &lane.socket);
        let sockets: Vec<&Socket> = self.receiver.iter().chain(lanes).collect();
        wait(&sockets, until)
    }

    /// What arrived since, without waiting.
    pub(crate) fn events(&self) -> Vec<Event> {
        let mut events = Vec::new();
        if let Some(receiver) = &self.receiver {
            events.extend(drain(receiver, false).iter().filter_map(|entry| self.message(entry)));
        }
        for lane in &self.lanes {
            if self.receiver.is_none() {
                events.extend(drain(&lane.socket, true).iter().filter_map(|entry| {
                    let error = entry.icmp_error()?;
                    Some(self.judge(lane.key, error, None))
                }));
            }
            // Somebody listens there and answered in its own words.
            let answers = drain(&lane.socket, false);
            events.extend(answers.iter().map(|entry| Event::Reply { key: lane.key, ttl: entry.ttl, stamp_ns: None }));
        }
        events
    }

    fn message(&self, entry: &Arrival) -> Option<Event> {
        let ipv6 = self.to.is_ipv6();
        let (from, ttl, message) = if ipv6 {
            (entry.from?, entry.ttl, icmp::parse(true, &entry.bytes)?)
        } else {
            let (from, ttl, message) = icmp::parse_ipv4(&entry.bytes)?;
            (from, Some(u32::from(ttl)), message)
        };
        let Message::Error(error) = message else { return None };
        let Quoted::Udp { source_port, destination_port } = error.quote.packet else { return None };
        if error.quote.destination != self.to.ip() || destination_port != self.to.port() {
            return None;
        }
        let lane = self.lanes.iter().find(|lane| lane.local.port() == source_port)?;
        Some(self.judge(lane.key, told(&error, from, ipv6), ttl))
    }

    /// "Port unreachable" from the target itself is the answer; from anybody else it is a refusal on the way.
    fn judge(&self, key: u16, error: pb::IcmpError, ttl: Option<u32>) -> Event {
        let port_unreachable = if self.to.is_ipv6() { (1, 4) } else { (3, 3) };
        let own = error.offender.parse() == Ok(self.to.ip());
        if own && (error.r#type, error.code) == port_unreachable {
            Event::Reply { key, ttl, stamp_ns: None }
        } else {
            Event::Error { key, error }
        }
    }
}

fn receiver(ipv6: bool) -> Result<Socket, Refused> {
    let (protocol, what) =
        if ipv6 { (Protocol::ICMPV6, "SOCK_RAW IPPROTO_ICMPV6") } else { (Protocol::ICMPV4, "SOCK_RAW IPPROTO_ICMP") };
    let socket = open(ipv6, Type::RAW, protocol, what)?;
    setup("IP_MTU_DISCOVER", set_discovery(socket.as_fd(), ipv6, Discovery::Interface))?;
    let types: &[u8] = if ipv6 { &[1, 2, 3, 4] } else { &[3, 11, 12] };
    setup("ICMP_FILTER", pass_types(socket.as_fd(), ipv6, types))?;
    if ipv6 {
        setup(
            "IPV6_RECVHOPLIMIT",
            setsockopt(&socket.as_fd(), sockopt::Ipv6RecvHopLimit, &true).map_err(io::Error::from),
        )?;
    }
    Ok(socket)
}

/// The error as evidence.
pub(super) fn told(error: &icmp::Error, from: IpAddr, ipv6: bool) -> pb::IcmpError {
    /// `SO_EE_ORIGIN_ICMP` and `SO_EE_ORIGIN_ICMP6`, linux/errqueue.h.
    const ORIGIN: [u32; 2] = [2, 3];
    pb::IcmpError {
        r#type: error.kind.into(),
        code: error.code.into(),
        offender: from.to_string(),
        mtu: error.mtu,
        origin: if ipv6 { ORIGIN[1] } else { ORIGIN[0] },
    }
}
