//! TCP segments of our own making towards one port, from ports that are reserved so that nobody else uses them. The
//! local kernel answers a SYN-ACK with a reset, for no socket of its own opened the connection.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    os::fd::AsFd as _,
    time::Instant,
};

use mesh_proto::v1 as pb;
use socket2::{Protocol, SockFilter, Socket, Type};

use super::{Arrival, drain, open, setup, trace, wait};
use crate::{
    guard::Act,
    net::{Net, Refused, any_of},
    packet::{
        icmp::{IPV4_HEADER, Quoted, quoted},
        tcp::{self, Answered, Syn},
    },
    sys::icmp::{Discovery, set_discovery},
};

/// What gives the right.
pub(crate) const RIGHT: &str = "CAP_NET_RAW";

pub(crate) struct Segments {
    to: SocketAddr,
    from: IpAddr,
    raw: Socket,
    /// Bound and never used: they keep their ports ours.
    reserved: Vec<Socket>,
}

/// What came back for one source port.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Echoed {
    Segment { answered: Answered, ttl: Option<u32> },
    Error { source_port: u16, error: pb::IcmpError },
}

impl Segments {
    pub(crate) fn open(net: &Net, to: SocketAddr) -> Result<Self, Refused> {
        net.allow(to, Act::Packet)?;
        let ipv6 = to.is_ipv6();
        let raw = open(ipv6, Type::RAW, Protocol::TCP, "SOCK_RAW IPPROTO_TCP")?;
        setup("IP_MTU_DISCOVER", set_discovery(raw.as_fd(), ipv6, Discovery::Interface))?;
        setup("IP_RECVERR", trace(&raw, ipv6))?;
        setup("SO_ATTACH_FILTER", raw.attach_filter(&from_port(to)))?;
        setup(&format!("connect {}", to.ip()), raw.connect(&SocketAddr::new(to.ip(), 0).into()))?;
        let local = setup("getsockname", raw.local_addr())?;
        let from = local.as_socket().map_or(any_of(to).ip(), |local| local.ip());
        Ok(Self { to, from, raw, reserved: Vec::new() })
    }

    /// The address the segments leave from.
    pub(crate) fn source(&self) -> IpAddr {
        self.from
    }

    /// Sends a SYN from a port of its own, which is returned.
    pub(crate) fn syn(&mut self, mss: u16, sequence: u32) -> Result<u16, Refused> {
        let held = open(self.to.is_ipv6(), Type::STREAM, Protocol::TCP, "SOCK_STREAM TCP")?;
        setup("bind", held.bind(&SocketAddr::new(self.from, 0).into()))?;
        let port = setup("getsockname", held.local_addr())?.as_socket().map_or(0, |local| local.port());
        self.reserved.push(held);
        self.again(port, mss, sequence)?;
        Ok(port)
    }

    /// Sends the SYN of a port once more.
    pub(crate) fn again(&self, port: u16, mss: u16, sequence: u32) -> Result<(), Refused> {
        let syn = Syn { source: (self.from, port), destination: (self.to.ip(), self.to.port()), sequence, mss };
        let segment = tcp::syn(syn).ok_or(io::Error::from(io::ErrorKind::InvalidInput));
        setup(&format!("send SYN {}", self.to), segment.and_then(|segment| self.raw.send(&segment)))?;
        Ok(())
    }

    pub(crate) fn wait(&self, until: Instant) -> io::Result<bool> {
        wait(&[&self.raw], until)
    }

    /// What arrived since, without waiting.
    pub(crate) fn events(&self) -> Vec<Echoed> {
        let queued = drain(&self.raw, true);
        let errors = queued.iter().filter_map(|entry| {
            let error = entry.icmp_error()?;
            let Quoted::Tcp { source_port, destination_port } = quoted(6, &entry.bytes)? else { return None };
            (destination_port == self.to.port()).then_some(Echoed::Error { source_port, error })
        });
        let arrived = drain(&self.raw, false);
        errors.chain(arrived.iter().filter_map(|entry| self.segment(entry))).collect()
    }

    fn segment(&self, entry: &Arrival) -> Option<Echoed> {
        // A raw IPv4 socket yields the header, an IPv6 one does not (raw(7), ipv6(7)).
        let (ttl, segment) = if self.to.is_ipv6() {
            (entry.ttl, entry.bytes.as_slice())
        } else {
            let length = usize::from(entry.bytes.first()? & 0xf) * 4;
            (entry.bytes.get(8).map(|ttl| u32::from(*ttl)), entry.bytes.get(length.max(IPV4_HEADER)..)?)
        };
        let answered = tcp::answer(segment)?;
        (answered.source_port == self.to.port()).then_some(Echoed::Segment { answered, ttl })
    }
}

/// A classic BPF program that keeps segments of the target's port: other flows of a busy host would fill the buffer.
fn from_port(to: SocketAddr) -> Vec<SockFilter> {
    /// `BPF_LDX | BPF_B | BPF_MSH`: the length of the IPv4 header. `BPF_LD | BPF_H | BPF_IND` and `BPF_ABS`.
    const HEADER_LENGTH: u16 = 0xb1;
    const HALF_AT_INDEX: u16 = 0x48;
    const HALF_AT: u16 = 0x28;
    /// `BPF_JMP | BPF_JEQ | BPF_K` and `BPF_RET | BPF_K`.
    const IF_EQUAL: u16 = 0x15;
    const RETURN: u16 = 0x06;
    let port = u32::from(to.port());
    let mut program = if to.is_ipv6() {
        vec![SockFilter::new(HALF_AT, 0, 0, 0)]
    } else {
        vec![SockFilter::new(HEADER_LENGTH, 0, 0, 0), SockFilter::new(HALF_AT_INDEX, 0, 0, 0)]
    };
    program.extend([
        SockFilter::new(IF_EQUAL, 0, 1, port),
        SockFilter::new(RETURN, 0, 0, u32::MAX),
        SockFilter::new(RETURN, 0, 0, 0),
    ]);
    program
}
