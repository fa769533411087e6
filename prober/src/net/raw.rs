//! Raw, ICMP and traced UDP sockets towards one target each. Every opening asks the guard about the target; what is
//! opened sends to that address alone.

use std::{
    io::{self, IoSliceMut},
    net::IpAddr,
    os::fd::{AsFd as _, AsRawFd as _},
    time::Instant,
};

use mesh_proto::v1 as pb;
use nix::{
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::socket::{
        ControlMessageOwned as Control, MsgFlags, RecvMsg, SockaddrStorage, TimestampingFlag as Stamp, recvmsg,
        setsockopt, sockopt,
    },
};
use socket2::{Domain, Protocol, Socket, Type};

use super::Refused;
use crate::failure;

pub(crate) mod datagrams;
pub(crate) mod echo;
pub(crate) mod segments;
pub(crate) mod watch;

/// Headers, nonce and quote fit; the rest of a large packet is not read.
const READ: usize = 2048;
/// Control messages of one packet: an extended error with address, three timestamps, a TTL.
const CONTROL: usize = 512;
/// Packets taken from one socket at a time, so that a flood does not outlive the deadline.
const DRAIN: usize = 4096;
/// A ladder of jumbo packets answered at once, as the kernel counts memory, bytes.
const BUFFER: usize = 1 << 20;
/// `SO_EE_ORIGIN_TIMESTAMPING`, linux/errqueue.h.
const ORIGIN_STAMP: u8 = 4;

/// A packet to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Probe {
    /// Tells it from the others of this wire; errors and replies carry it.
    pub(crate) key: u16,
    /// Size of the whole IP packet.
    pub(crate) bytes: u32,
    /// TTL or hop limit; the system's own when absent.
    pub(crate) ttl: Option<u8>,
}

/// What came of a packet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Event {
    /// It reached the target, which answered.
    Reply { key: u16, ttl: Option<u32>, stamp_ns: Option<i64> },
    /// Somebody sent an ICMP error about it.
    Error { key: u16, error: pb::IcmpError },
    /// The kernel handed it to the driver at this time of `CLOCK_REALTIME`.
    Sent { key: u16, stamp_ns: i64 },
}

/// What was read from a socket or its error queue.
#[derive(Debug, Default)]
struct Arrival {
    bytes: Vec<u8>,
    ttl: Option<u32>,
    stamp_ns: Option<i64>,
    error: Option<libc::sock_extended_err>,
    from: Option<IpAddr>,
}

impl Arrival {
    /// The ICMP error of an error queue entry; `None` for a packet or a transmit timestamp.
    fn icmp_error(&self) -> Option<pb::IcmpError> {
        let error = self.error.filter(|error| error.ee_origin != ORIGIN_STAMP)?;
        let too_big = error.ee_errno == u32::try_from(libc::EMSGSIZE).unwrap_or_default();
        Some(pb::IcmpError {
            r#type: error.ee_type.into(),
            code: error.ee_code.into(),
            offender: self.from.map(|from| from.to_string()).unwrap_or_default(),
            mtu: too_big.then_some(error.ee_info).filter(|mtu| *mtu != 0),
            origin: error.ee_origin.into(),
        })
    }

    /// Which of the socket's packets a transmit timestamp is about (`SOF_TIMESTAMPING_OPT_ID`), and the time.
    fn sent(&self) -> Option<(u32, i64)> {
        let error = self.error.filter(|error| error.ee_origin == ORIGIN_STAMP)?;
        // ee_info: SCM_TSTAMP_SND is 0.
        (error.ee_info == 0).then_some((error.ee_data, self.stamp_ns?))
    }
}

/// Everything that waits in a socket, or in its error queue. A pending error of the socket itself is no answer to this
/// question and is dropped by reading the queue.
fn drain(socket: &Socket, queue: bool) -> Vec<Arrival> {
    let mut arrivals = Vec::new();
    while arrivals.len() < DRAIN {
        match read(socket, queue) {
            Ok(arrival) => arrivals.push(arrival),
            Err(nix::Error::EINTR) => {}
            // A socket without RECVERR shows an ICMP error as errno once; the packet behind it is still there.
            Err(
                nix::Error::ECONNREFUSED | nix::Error::EHOSTUNREACH | nix::Error::ENETUNREACH | nix::Error::EMSGSIZE,
            ) if !queue => {}
            Err(_) => break,
        }
    }
    arrivals
}

/// recvmsg(2) with `MSG_DONTWAIT`.
fn read(socket: &Socket, queue: bool) -> nix::Result<Arrival> {
    let mut bytes = vec![0; READ];
    let mut parts = [IoSliceMut::new(&mut bytes)];
    let mut control = vec![0; CONTROL];
    let fd = socket.as_raw_fd();
    let (read, mut arrival) = if queue {
        // An entry of a transmit timestamp carries no address, and reading one as an address is a panic.
        let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_ERRQUEUE;
        let message = recvmsg::<()>(fd, &mut parts, Some(&mut control), flags)?;
        (message.bytes, controls(&message)?)
    } else {
        let message = recvmsg::<SockaddrStorage>(fd, &mut parts, Some(&mut control), MsgFlags::MSG_DONTWAIT)?;
        let mut arrival = controls(&message)?;
        arrival.from = message.address.as_ref().and_then(ip_of);
        (message.bytes, arrival)
    };
    bytes.truncate(read);
    arrival.bytes = bytes;
    Ok(arrival)
}

fn ip_of(address: &SockaddrStorage) -> Option<IpAddr> {
    let v4 = address.as_sockaddr_in().map(|address| IpAddr::from(address.ip()));
    v4.or_else(|| address.as_sockaddr_in6().map(|address| IpAddr::from(address.ip())))
}

fn controls<S>(message: &RecvMsg<'_, '_, S>) -> nix::Result<Arrival> {
    let mut arrival = Arrival::default();
    for item in message.cmsgs()? {
        match item {
            Control::Ipv4RecvErr(error, from) => {
                arrival.error = Some(error);
                arrival.from = from
                    .filter(|from| i32::from(from.sin_family) == libc::AF_INET)
                    .map(|from| IpAddr::from(from.sin_addr.s_addr.to_ne_bytes()));
            }
            Control::Ipv6RecvErr(error, from) => {
                arrival.error = Some(error);
                arrival.from = from
                    .filter(|from| i32::from(from.sin6_family) == libc::AF_INET6)
                    .map(|from| IpAddr::from(from.sin6_addr.s6_addr).to_canonical());
            }
            Control::Ipv4Ttl(ttl) | Control::Ipv6HopLimit(ttl) => arrival.ttl = u32::try_from(ttl).ok(),
            Control::ScmTimestampsns(stamps) => arrival.stamp_ns = nanoseconds(stamps.system),
            _ => {}
        }
    }
    Ok(arrival)
}

fn nanoseconds(time: nix::sys::time::TimeSpec) -> Option<i64> {
    let whole = time.tv_sec().checked_mul(1_000_000_000)?.checked_add(time.tv_nsec())?;
    (whole != 0).then_some(whole)
}

/// Waits until one of the sockets has something, or until then. True when something is there.
fn wait(sockets: &[&Socket], until: Instant) -> io::Result<bool> {
    let left = until.saturating_duration_since(Instant::now());
    // Rounded up: a wait that ends a little early would spin.
    let timeout = PollTimeout::try_from(left.as_millis().saturating_add(1)).unwrap_or(PollTimeout::MAX);
    let mut fds: Vec<PollFd<'_>> =
        sockets.iter().map(|socket| PollFd::new(socket.as_fd(), PollFlags::POLLIN)).collect();
    match poll(&mut fds, timeout) {
        Ok(ready) => Ok(ready > 0),
        Err(nix::Error::EINTR) => Ok(true),
        Err(e) => Err(e.into()),
    }
}

/// socket(2), with what was attempted in the error.
#[expect(clippy::disallowed_methods, reason = "this is the place")]
fn open(ipv6: bool, kind: Type, protocol: Protocol, what: &str) -> Result<Socket, Refused> {
    let domain = if ipv6 { Domain::IPV6 } else { Domain::IPV4 };
    let family = if ipv6 { "AF_INET6" } else { "AF_INET" };
    let failed = |source| Refused::Io { operation: format!("socket {family} {what}"), source };
    let socket = Socket::new(domain, kind, Some(protocol)).map_err(failed)?;
    // Best effort: the kernel caps it at net.core.rmem_max, and a small buffer loses replies, which are asked again.
    drop(socket.set_recv_buffer_size(BUFFER));
    Ok(socket)
}

/// Names the socket and the step in an error of setting it up.
fn setup<T>(what: &str, result: io::Result<T>) -> Result<T, Refused> {
    result.map_err(|source| Refused::Io { operation: what.to_owned(), source })
}

/// Errors of the path go to the socket's error queue, and arriving packets tell their TTL.
fn trace(socket: &Socket, ipv6: bool) -> io::Result<()> {
    let fd = socket.as_fd();
    if ipv6 {
        setsockopt(&fd, sockopt::Ipv6RecvErr, &true)?;
        setsockopt(&fd, sockopt::Ipv6RecvHopLimit, &true)?;
    } else {
        setsockopt(&fd, sockopt::Ipv4RecvErr, &true)?;
        setsockopt(&fd, sockopt::Ipv4RecvTtl, &true)?;
    }
    Ok(())
}

/// Software timestamps of what is sent and received (timestamping in the kernel's networking documentation).
fn stamp(socket: &Socket) -> io::Result<()> {
    /// `SOF_TIMESTAMPING_OPT_ID` and `SOF_TIMESTAMPING_OPT_TSONLY`, `linux/net_tstamp.h`.
    const NUMBERED: u32 = 1 << 7 | 1 << 11;
    let wanted = Stamp::SOF_TIMESTAMPING_SOFTWARE
        | Stamp::SOF_TIMESTAMPING_RX_SOFTWARE
        | Stamp::SOF_TIMESTAMPING_TX_SOFTWARE
        | Stamp::from_bits_retain(NUMBERED);
    setsockopt(&socket.as_fd(), sockopt::Timestamping, &wanted).map_err(io::Error::from)
}

/// send(2) on a socket that errors of earlier packets arrive at: the kernel tells such an error once, at whatever call
/// comes next, and does not send then.
fn send(socket: &Socket, bytes: &[u8]) -> io::Result<()> {
    socket.take_error()?;
    match socket.send(bytes) {
        Ok(_) => Ok(()),
        Err(_) => socket.send(bytes).map(drop),
    }
}

fn set_ttl(socket: &Socket, ipv6: bool, ttl: u8) -> io::Result<()> {
    if ipv6 { socket.set_unicast_hops_v6(ttl.into()) } else { socket.set_ttl_v4(ttl.into()) }
}

/// True when send(2) itself refused the size: the interface's MTU is smaller.
pub(crate) fn is_too_big(error: &io::Error) -> bool {
    error.raw_os_error() == Some(libc::EMSGSIZE)
}

/// The observation of a socket that was not handed out: a missing right is named with what would give it, the policy
/// with its rule, anything else with the system's own words.
pub(crate) fn not_opened(asked: String, refused: &Refused, right: &str) -> pb::Observation {
    match refused {
        Refused::Policy(denied) => pb::Observation {
            failure: Some(failure::denied(&asked, denied)),
            ..crate::probe::could_not_look(asked, denied.to_string())
        },
        Refused::Io { operation, source } => {
            let missing = match source.kind() {
                io::ErrorKind::PermissionDenied => format!("{right} ({operation}: {source})"),
                _ => format!("{operation}: {source}"),
            };
            crate::probe::could_not_look(asked, missing)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_right_is_told_apart_from_a_refusal_by_policy() {
        let source = io::Error::from_raw_os_error(libc::EPERM);
        let refused = Refused::Io { operation: "socket AF_INET SOCK_RAW".to_owned(), source };
        let obs = not_opened("icmp echo 10.0.0.1".to_owned(), &refused, "CAP_NET_RAW");
        assert_eq!(obs.outcome(), pb::Outcome::CouldNotLook);
        assert_eq!(obs.missing, "CAP_NET_RAW (socket AF_INET SOCK_RAW: Operation not permitted (os error 1))");
        let denied = crate::guard::Denied { address: IpAddr::from([10, 0, 0, 1]), rule: "veto".to_owned() };
        let obs = not_opened("icmp echo 10.0.0.1".to_owned(), &denied.into(), "CAP_NET_RAW");
        let failure = obs.failure.clone().unwrap();
        assert_eq!((obs.outcome(), failure.stage.as_str()), (pb::Outcome::CouldNotLook, "policy"));
        assert_eq!(failure.errno_name, "DENIED_POLICY");
        assert_eq!(obs.missing, "10.0.0.1 is refused by policy: veto");
    }
}
