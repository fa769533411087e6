//! A ladder of ordinary sockets towards one target, each with a TTL of its own; the answers are read from their error
//! queues (`IP_RECVERR`, ip(7)). No right is needed.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    os::fd::AsFd as _,
    thread,
    time::{Duration, Instant},
};

use mesh_proto::v1 as pb;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use socket2::{Protocol, SockAddr, Socket, Type};

use super::{Net, Refused, stream};
use crate::guard::Act;

/// How long one try is listened to: below the first retransmission of a SYN (1 s, RFC 6298 §2.1), so that what was sent
/// is what was counted.
const TRY: Duration = Duration::from_millis(900);
/// Routers ration ICMP errors, and a lost packet looks like a silent router: silence is asked once more.
const TRIES: u32 = 2;
/// From one try to the next: Linux grants a destination one ICMP error a second once a burst of six is used up
/// (`net.ipv4.icmp_ratelimit`, and the same for IPv6).
const PACE: Duration = Duration::from_millis(1050);
/// A second try that could not be answered over a long way is not made.
const SHORTEST_TRY: Duration = Duration::from_millis(100);
/// What traceroute(8) sends to UDP ports that nobody listens on: port 33434 and up.
const UDP_BASE: u16 = 33_434;
/// Payload of a datagram, bytes: enough that no filter takes it for an empty scan.
const PAYLOAD: [u8; 32] = [0x40; 32];

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Means {
    Tcp,
    /// Port 0 = 33434 and the distance.
    Udp,
}

/// Who said what about a packet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    SynAck,
    Rst,
    /// A datagram of the service itself.
    Reply,
    Icmp(pb::IcmpError),
    /// This host did not send it, or gave it up without anybody's answer.
    Local {
        errno: i32,
    },
}

/// One distance.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rung {
    pub(crate) ttl: u8,
    /// None = silence.
    pub(crate) answer: Option<(Answer, Duration)>,
    /// Packets sent.
    pub(crate) sent: u32,
}

impl Rung {
    /// True when the target itself answered, which a mere expiry in its name does not show: a translator on the way
    /// writes the target's address into the errors of what is behind it.
    pub(crate) fn is_target(&self, target: IpAddr) -> bool {
        match self.answer.as_ref().map(|(answer, _)| answer) {
            Some(Answer::SynAck | Answer::Rst | Answer::Reply) => true,
            Some(Answer::Icmp(error)) => {
                !is_expiry(error) && error.offender.parse::<IpAddr>().is_ok_and(|from| from.to_canonical() == target)
            }
            Some(Answer::Local { .. }) | None => false,
        }
    }
}

/// Time exceeded in transit (RFC 792; RFC 4443 §3.3). Origins: linux/errqueue.h, ICMP 2, `ICMPv6` 3.
pub(crate) fn is_expiry(error: &pb::IcmpError) -> bool {
    matches!((error.origin, error.r#type, error.code), (2, 11, 0) | (3, 3, 0))
}

/// Port unreachable (RFC 792; RFC 4443 §3.1).
pub(crate) fn is_port_unreachable(error: &pb::IcmpError) -> bool {
    matches!((error.origin, error.r#type, error.code), (2, 3, 3) | (3, 1, 4))
}

impl Net {
    /// Asks every distance up to `hops` at once, and the silent ones again. Costs the guard one act: the ladder is
    /// bounded here, 2 packets for each distance. The rungs come back in order and end with the target's own answer.
    pub(crate) async fn trace(
        &self,
        to: SocketAddr,
        means: Means,
        hops: u8,
        deadline: Instant,
    ) -> Result<Vec<Rung>, Refused> {
        self.allow(to, Act::Packet)?;
        let io = |source| Refused::Io { operation: format!("trace sockets for {to}"), source };
        self.run(move || climb(to, means, hops, deadline)).await.and_then(|climbed| climbed).map_err(io)
    }
}

fn climb(to: SocketAddr, means: Means, hops: u8, deadline: Instant) -> io::Result<Vec<Rung>> {
    let mut rungs: Vec<Rung> = (1..=hops).map(|ttl| Rung { ttl, answer: None, sent: 0 }).collect();
    let began = Instant::now();
    for turn in 0..TRIES {
        let start = began + PACE * turn;
        let until = deadline.min(start + TRY);
        if until.saturating_duration_since(start.max(Instant::now())) < SHORTEST_TRY {
            break;
        }
        thread::sleep(start.saturating_duration_since(Instant::now()));
        attempt(to, means, &mut rungs, until)?;
        if is_complete(&rungs, to.ip()) {
            break;
        }
    }
    if let Some(at) = rungs.iter().position(|rung| rung.is_target(to.ip())) {
        rungs.truncate(at + 1);
    }
    Ok(rungs)
}

/// Nothing more is to be learned: everybody answered, up to the target where that has been reached.
fn is_complete(rungs: &[Rung], target: IpAddr) -> bool {
    for rung in rungs {
        if rung.is_target(target) {
            return true;
        }
        if rung.answer.is_none() {
            return false;
        }
    }
    true
}

/// A packet that is on its way.
struct Pending<'a> {
    rung: &'a mut Rung,
    socket: Socket,
    began: Instant,
}

/// Sends one packet for each silent distance below the target and listens until then.
fn attempt(to: SocketAddr, means: Means, rungs: &mut [Rung], until: Instant) -> io::Result<()> {
    let reached = rungs.iter().position(|rung| rung.is_target(to.ip())).unwrap_or(rungs.len());
    let silent = rungs.iter_mut().take(reached).filter(|rung| rung.answer.is_none());
    let made: io::Result<Vec<_>> = silent.map(|rung| Ok((socket(to, means, rung.ttl)?, rung))).collect();
    let mut pending = Vec::new();
    // Sockets are made before the first packet leaves: the distances are asked at one time.
    for (socket, rung) in made? {
        let began = Instant::now();
        rung.sent += 1;
        let sent = send(&socket, to, means, rung.ttl);
        let mut one = Pending { rung, socket, began };
        if !take(&mut one, means, sent.err()) {
            pending.push(one);
        } else if one.rung.is_target(to.ip()) {
            // It answered before the next one left: this host, or a neighbour on the same machine.
            break;
        }
    }
    let mut target: Option<u8> = None;
    while !pending.is_empty() && wait(&pending, until)? {
        pending.retain_mut(|one| {
            let done = take(one, means, None);
            if done && one.rung.is_target(to.ip()) {
                target = Some(target.map_or(one.rung.ttl, |nearest| nearest.min(one.rung.ttl)));
            }
            !done
        });
        // What is beyond the target says nothing about the way.
        pending.retain(|one| target.is_none_or(|nearest| one.rung.ttl < nearest));
    }
    Ok(())
}

fn socket(to: SocketAddr, means: Means, ttl: u8) -> io::Result<Socket> {
    let (kind, protocol) = match means {
        Means::Tcp => (Type::STREAM, Protocol::TCP),
        Means::Udp => (Type::DGRAM, Protocol::UDP),
    };
    let socket = stream::open(to, kind, protocol)?;
    if to.is_ipv6() {
        socket.set_unicast_hops_v6(ttl.into())?;
    } else {
        socket.set_ttl_v4(ttl.into())?;
    }
    Ok(socket)
}

fn send(socket: &Socket, mut to: SocketAddr, means: Means, ttl: u8) -> io::Result<()> {
    if means == Means::Udp && to.port() == 0 {
        to.set_port(UDP_BASE + u16::from(ttl));
    }
    match socket.connect(&SockAddr::from(to)) {
        Err(e) if e.raw_os_error() == Some(libc::EINPROGRESS) => Ok(()),
        met => met,
    }?;
    if means == Means::Udp {
        socket.send(&PAYLOAD)?;
    }
    Ok(())
}

/// Reads what came of a packet; true when that is known. The queue is read first: its entry says who is behind an errno.
fn take(one: &mut Pending<'_>, means: Means, at_once: Option<io::Error>) -> bool {
    let (icmp, _) = stream::queued(one.socket.as_fd());
    let error = at_once.or_else(|| one.socket.take_error().unwrap_or_else(Some));
    let answer = match (icmp, error.and_then(|error| error.raw_os_error())) {
        (Some(icmp), _) => Some(Answer::Icmp(icmp)),
        (None, Some(libc::ECONNREFUSED)) if means == Means::Tcp => Some(Answer::Rst),
        (None, Some(errno)) => Some(Answer::Local { errno }),
        (None, None) => heard(&one.socket, means),
    };
    one.rung.answer = answer.map(|answer| (answer, one.began.elapsed()));
    one.rung.answer.is_some()
}

/// An answer that is no error: a connection that stands, or a datagram.
fn heard(socket: &Socket, means: Means) -> Option<Answer> {
    match means {
        // A socket that is still connecting has no peer (getpeername(2)).
        Means::Tcp => socket.peer_addr().is_ok().then_some(Answer::SynAck),
        Means::Udp => {
            let mut byte = [std::mem::MaybeUninit::uninit(); 1];
            socket.recv(&mut byte).is_ok().then_some(Answer::Reply)
        }
    }
}

/// Waits until one of the sockets has something. False when the time is over.
fn wait(pending: &[Pending<'_>], until: Instant) -> io::Result<bool> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Ok(false);
    }
    // Rounded up: a wait that ends a little early would spin.
    let timeout = PollTimeout::try_from(left.as_millis().saturating_add(1)).unwrap_or(PollTimeout::MAX);
    // A datagram socket can always be written to; one that connects, when it is connected.
    let events = |socket: &Socket| match socket.r#type() {
        Ok(Type::STREAM) => PollFlags::POLLOUT,
        _ => PollFlags::POLLIN,
    };
    let mut fds: Vec<PollFd<'_>> =
        pending.iter().map(|one| PollFd::new(one.socket.as_fd(), events(&one.socket))).collect();
    match poll(&mut fds, timeout) {
        Ok(ready) => Ok(ready > 0),
        Err(nix::Error::EINTR) => Ok(true),
        Err(e) => Err(e.into()),
    }
}
