//! Listens to the TCP flows that this namespace begins towards one peer, as they pass its interfaces (packet(7)). It
//! sends nothing: the guard is asked by the probe that is listened to.

use std::{
    collections::VecDeque,
    io::{self, IoSliceMut, PipeReader, PipeWriter},
    net::{IpAddr, SocketAddr},
    os::fd::{AsFd as _, AsRawFd as _},
    thread,
    time::{SystemTime, UNIX_EPOCH},
};

use mesh_proto::v1 as pb;
use nix::{
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::socket::{ControlMessageOwned, LinkAddr, MsgFlags, recvmsg, setsockopt, sockopt},
};
use socket2::{Domain, SockFilter, Socket, Type};
use tokio::sync::oneshot;

use super::{BUFFER, nanoseconds};
use crate::{
    net::{Net, Refused},
    packet::watched::{self, Seen},
    sys,
};

mod filter;

/// What gives the right.
pub(crate) const RIGHT: &str = "CAP_NET_RAW";
/// Bytes of a packet that are looked at: both headers at their longest and a jumbo option.
const SNAP: u32 = 128;
/// Packets kept of the beginning of a flow and of its end: handshake and request, answer and the way it ended.
const KEPT: usize = 32;
/// Flows kept apart until the probe's own is known by its port: those that other probes of a round begin meanwhile.
const FLOWS: usize = 128;
/// Kept packets that a new one is compared with, for the interfaces of one host that are stacked on each other.
const STACKED: usize = 8;
/// Packets taken before the end is looked for; more than a buffer holds by default, so that the last look misses none.
const BATCH: usize = 4096;

/// A packet of a flow.
#[derive(Debug, Clone)]
struct Passed {
    interface: usize,
    stamp_ns: i64,
    packet: pb::WatchedPacket,
}

#[derive(Debug)]
struct Flow {
    local: SocketAddr,
    first: Vec<Passed>,
    last: VecDeque<Passed>,
    left_out: u32,
}

impl Flow {
    fn push(&mut self, passed: Passed) {
        // A packet passes a bond and its port, a VLAN and its link: one packet. A repetition on the same interface is
        // one that was sent twice.
        let mut recent = self.first.iter().chain(&self.last).rev().take(STACKED);
        if recent.any(|other| {
            other.interface != passed.interface
                && other.packet.sent == passed.packet.sent
                && other.packet.head == passed.packet.head
        }) {
            return;
        }
        if self.first.len() < KEPT {
            self.first.push(passed);
            return;
        }
        self.last.push_back(passed);
        if self.last.len() > KEPT {
            self.last.pop_front();
            self.left_out = self.left_out.saturating_add(1);
        }
    }
}

/// What was heard up to the end.
#[derive(Debug)]
struct Record {
    flows: Vec<Flow>,
    dropped: io::Result<u32>,
    /// What ended it before its time.
    broken: Option<io::Error>,
}

/// A packet socket that a thread of its own empties: a probe that sends much at once would keep the runtime from it, and
/// the end of a flow would not fit into the buffer.
#[derive(Debug)]
pub(crate) struct Watch {
    record: oneshot::Receiver<Record>,
    /// The thread ends when this is closed, also when the probe is cut.
    end: PipeWriter,
}

impl Watch {
    /// Listens from now on to what this namespace begins towards this peer.
    pub(crate) async fn open(net: &Net, peer: SocketAddr) -> Result<Self, Refused> {
        let io = |source| Refused::Io { operation: "socket AF_PACKET SOCK_DGRAM".to_owned(), source };
        let socket = net.run(move || open(peer)).await.and_then(|made| made).map_err(io)?;
        let (told, end) = io::pipe().map_err(io)?;
        let (tell, record) = oneshot::channel();
        thread::Builder::new()
            .name("watch".to_owned())
            // Nobody waits for the record when the probe was cut.
            .spawn(move || drop(tell.send(listen(&socket, peer, &told))))
            .map_err(io)?;
        Ok(Self { record, end })
    }

    /// What passed until now of the flow from this port; from this address where it is known.
    pub(crate) async fn end(self, address: Option<IpAddr>, port: u16) -> pb::WatchDetail {
        drop(self.end);
        let mut detail = pb::WatchDetail::default();
        let mut record = match self.record.await {
            Ok(record) => record,
            Err(gone) => {
                detail.missing = format!("the listening thread broke: {gone}");
                return detail;
            }
        };
        match (record.broken, record.dropped) {
            (Some(error), _) => detail.missing = format!("recvmsg AF_PACKET: {error}"),
            (None, Err(error)) => detail.missing = format!("PACKET_STATISTICS: {error}"),
            (None, Ok(dropped)) => detail.dropped = dropped,
        }
        let is_own = |flow: &Flow| {
            flow.local.port() == port && address.is_none_or(|address| flow.local.ip().to_canonical() == address)
        };
        let Some(at) = record.flows.iter().position(is_own) else { return detail };
        let flow = record.flows.swap_remove(at);
        let began = flow.first.first().map_or(0, |passed| passed.stamp_ns);
        detail.left_out = flow.left_out;
        detail.packets = flow
            .first
            .into_iter()
            .chain(flow.last)
            .map(|passed| pb::WatchedPacket {
                at_us: u64::try_from(passed.stamp_ns.saturating_sub(began) / 1000).unwrap_or_default(),
                ..passed.packet
            })
            .collect();
        detail.works = detail.packets.iter().any(|packet| packet.sent);
        detail
    }
}

/// Takes packets until the pipe is closed from the other side, then what is left.
fn listen(socket: &Socket, peer: SocketAddr, until: &PipeReader) -> Record {
    let mut flows = Vec::new();
    let mut is_over = false;
    let broken = loop {
        if let Err(error) = take(socket, peer, &mut flows) {
            break Some(error);
        }
        if is_over {
            break None;
        }
        let mut fds = [PollFd::new(socket.as_fd(), PollFlags::POLLIN), PollFd::new(until.as_fd(), PollFlags::POLLIN)];
        match poll(&mut fds, PollTimeout::NONE) {
            Ok(_) | Err(nix::Error::EINTR) => {}
            Err(error) => break Some(error.into()),
        }
        let [_, end] = &fds;
        is_over = end.any().unwrap_or(true);
    };
    Record { flows, dropped: sys::packet::dropped(socket.as_fd()), broken }
}

/// What waits in the socket.
fn take(socket: &Socket, peer: SocketAddr, flows: &mut Vec<Flow>) -> io::Result<()> {
    for _ in 0..BATCH {
        match read(socket) {
            Ok(heard) => sort(flows, peer, heard),
            Err(nix::Error::EAGAIN) => break,
            Err(nix::Error::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Filter before bind, so that no foreign packet gets in between.
#[expect(clippy::disallowed_methods, reason = "this is the place")]
fn open(peer: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::PACKET, Type::DGRAM, None)?;
    socket.set_nonblocking(true)?;
    let program: Vec<SockFilter> = filter::of_peer(peer, SNAP);
    socket.attach_filter(&program)?;
    setsockopt(&socket.as_fd(), sockopt::ReceiveTimestampns, &true)?;
    // Best effort: above net.core.rmem_max only with CAP_NET_ADMIN. What a small buffer loses is counted.
    if setsockopt(&socket.as_fd(), sockopt::RcvBufForce, &BUFFER).is_err() {
        drop(socket.set_recv_buffer_size(BUFFER));
    }
    sys::packet::bind_all(socket.as_fd())?;
    Ok(socket)
}

/// A packet that was read, and where it passed.
struct Heard {
    seen: Option<Seen>,
    interface: usize,
    /// `PACKET_HOST`, `PACKET_OUTGOING` …, `linux/if_packet.h`.
    kind: u8,
    stamp_ns: i64,
}

fn read(socket: &Socket) -> nix::Result<Heard> {
    let mut bytes = [0u8; SNAP as usize];
    let mut parts = [IoSliceMut::new(&mut bytes)];
    let mut control = nix::cmsg_space!(nix::sys::time::TimeSpec);
    let message = recvmsg::<LinkAddr>(socket.as_raw_fd(), &mut parts, Some(&mut control), MsgFlags::MSG_DONTWAIT)?;
    let (length, link) = (message.bytes, message.address);
    let stamp_ns = message.cmsgs()?.find_map(|part| match part {
        ControlMessageOwned::ScmTimestampns(time) => nanoseconds(time),
        _ => None,
    });
    let seen = watched::parse(bytes.get(..length).unwrap_or_default());
    let (interface, kind) = link.map_or((0, u8::MAX), |link| (link.ifindex(), link.pkttype()));
    Ok(Heard { seen, interface, kind, stamp_ns: stamp_ns.unwrap_or_else(now) })
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}

/// Puts a packet to its flow. On the loopback interface every packet passes twice, out and in: what was sent counts on
/// its way out, what was received on its way in.
fn sort(flows: &mut Vec<Flow>, peer: SocketAddr, heard: Heard) {
    let Some(seen) = heard.seen else { return };
    let (local, sent) = match (seen.destination == peer, heard.kind) {
        (true, libc::PACKET_OUTGOING) => (seen.source, true),
        (_, libc::PACKET_HOST) if seen.source == peer => (seen.destination, false),
        _ => return,
    };
    let begins = sent && seen.begins();
    let passed = Passed {
        interface: heard.interface,
        stamp_ns: heard.stamp_ns,
        packet: pb::WatchedPacket { sent, ..seen.packet },
    };
    if let Some(flow) = flows.iter_mut().find(|flow| flow.local == local) {
        flow.push(passed);
    } else if begins && flows.len() < FLOWS {
        // Flows that were there before are somebody else's.
        flows.push(Flow { local, first: vec![passed], last: VecDeque::new(), left_out: 0 });
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::{collect::bench::Space, guard::Act, net::stream::Way};

    /// How many packets the kernel hands over of a refused connect and of a datagram.
    async fn heard(space: &Space, peer: SocketAddr, to: SocketAddr) -> (usize, usize) {
        let socket = space.run(move || open(peer)).unwrap();
        let count = || std::iter::from_fn(|| read(&socket).ok()).count();
        let way = Way::new(to, Act::Connect);
        let missed = space.net.connect(way, Instant::now() + Duration::from_secs(1)).await.unwrap().unwrap_err();
        assert_eq!(missed.error.unwrap().raw_os_error(), Some(libc::ECONNREFUSED));
        let segments = count();
        space.net.datagrams(way).await.unwrap().unwrap().send(b"x").await.unwrap();
        (segments, count())
    }

    #[tokio::test]
    async fn the_filter_keeps_the_segments_of_the_peer_and_lets_nothing_else_into_the_buffer() {
        let space = Space::fresh();
        space.sh("ip addr add 10.0.0.9/32 dev lo; ip addr add fd00::9/128 dev lo nodad");
        for (peer, others) in [
            ("127.0.0.1:81", ["127.0.0.1:82", "10.0.0.9:81", "[::1]:81"]),
            ("[fd00::9]:81", ["[fd00::9]:82", "[::1]:81", "127.0.0.1:81"]),
        ] {
            let peer = peer.parse().unwrap();
            // SYN and RST, each out of the loopback interface and into it.
            assert_eq!(heard(&space, peer, peer).await, (4, 0));
            for other in others {
                assert_eq!(heard(&space, peer, other.parse().unwrap()).await, (0, 0), "{other}");
            }
        }
    }
}
