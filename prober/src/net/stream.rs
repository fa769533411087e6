//! TCP and UDP sockets for probes: made in the namespace, driven by the main runtime.

use std::{
    io::{self, IoSliceMut},
    net::{IpAddr, SocketAddr},
    os::fd::{AsFd as _, AsRawFd as _, BorrowedFd},
    time::{Duration, Instant},
};

use mesh_proto::v1 as pb;
use nix::sys::socket::{ControlMessageOwned, MsgFlags, recvmsg, setsockopt, sockopt};
use socket2::{Domain, Protocol, SockAddr, Socket, Type};
use tokio::{
    net::{TcpStream, UdpSocket},
    time,
};

use super::{Net, Refused, any_of};
use crate::{guard::Act, packet::tcp_info, sys};

/// ICMP errors read from one queue; a peer that sends more says nothing new.
const QUEUED: usize = 8;

/// Where a socket leads, and from which port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) to: SocketAddr,
    pub(crate) act: Act,
    /// Bound before anything is sent; 0 = a free one, which a socket keeps after its connect failed. None = the kernel
    /// chooses while connecting and takes the port back on failure.
    pub(crate) from_port: Option<u16>,
}

impl Way {
    pub(crate) fn new(to: SocketAddr, act: Act) -> Self {
        Self { to, act, from_port: None }
    }

    /// The same from a port that the socket keeps: a watched flow is found by it, which an unbound socket forgets when it is
    /// refused.
    #[must_use]
    pub(crate) fn bound(self) -> Self {
        Self { from_port: self.from_port.or(Some(0)), ..self }
    }
}

/// A connection that came to be.
#[derive(Debug)]
pub(crate) struct Connected {
    pub(crate) stream: TcpStream,
    pub(crate) took: Duration,
    pub(crate) local: Option<SocketAddr>,
}

/// A connection that did not.
#[derive(Debug)]
pub(crate) struct NotConnected {
    /// None = the bound ended the wait.
    pub(crate) error: Option<io::Error>,
    pub(crate) icmp: Option<pb::IcmpError>,
    pub(crate) queue_read: bool,
    pub(crate) info: Option<pb::TcpInfo>,
    pub(crate) local: Option<SocketAddr>,
    pub(crate) took: Duration,
}

fn refused(operation: &str) -> impl FnOnce(io::Error) -> Refused {
    let operation = operation.to_owned();
    move |source| Refused::Io { operation, source }
}

impl Net {
    /// connect(2), once, until `deadline`. `IP_RECVERR` is on while connecting, so that an ICMP error keeps its sender,
    /// and off afterwards: on an established connection it would turn a passing ICMP error into a failure.
    pub(crate) async fn connect(
        &self,
        way: Way,
        deadline: Instant,
    ) -> Result<Result<Connected, NotConnected>, Refused> {
        let to = way.to;
        let begun = if let Some(begun) = self.fired.as_ref().and_then(|fired| fired.take(way)) {
            begun?
        } else {
            self.allow(to, way.act)?;
            let made = self.run(move || begin(prepare(way)?, way)).await;
            made.map_err(refused(&format!("socket for {to}")))??
        };
        let Begun { socket, began, sent, at_once } = begun;
        if let Some(first) = &self.first {
            // A later connect of the same probe does not change when it began.
            first.get_or_init(|| (began, sent));
        }
        let local = local_of(&socket);
        if let Some(error) = at_once {
            return Ok(Err(failed(&socket, Some(error), local, began.elapsed())));
        }
        let stream = TcpStream::from_std(socket.into()).map_err(refused(&format!("socket for {to}")))?;
        let waited = time::timeout_at(deadline.into(), stream.writable()).await;
        let took = began.elapsed();
        let error = match waited {
            Ok(Ok(())) => stream.take_error().unwrap_or_else(Some),
            Ok(Err(error)) => Some(error),
            Err(_elapsed) => return Ok(Err(failed_stream(&stream, None, local, took))),
        };
        if let Some(error) = error {
            return Ok(Err(failed_stream(&stream, Some(error), local, took)));
        }
        trace_errors(stream.as_fd(), to.is_ipv6(), false).map_err(refused(&format!("IP_RECVERR for {to}")))?;
        let local = stream.local_addr().ok().or(local);
        Ok(Ok(Connected { stream, took, local }))
    }

    /// A UDP socket connected to one peer, with its error queue on. The inner error is that of connect(2): no route, a
    /// route that forbids, no source address.
    pub(crate) async fn datagrams(&self, way: Way) -> Result<io::Result<UdpSocket>, Refused> {
        let to = way.to;
        self.allow(to, way.act)?;
        let operation = format!("udp socket for {to}");
        let made = self
            .run(move || {
                let socket = socket(way, Type::DGRAM, Protocol::UDP)?;
                Ok::<_, Refused>(connect(&socket, way)?.map(|()| socket))
            })
            .await
            .map_err(refused(&operation))??;
        match made {
            Ok(socket) => UdpSocket::from_std(socket.into()).map(Ok).map_err(refused(&operation)),
            Err(error) => Ok(Err(error)),
        }
    }
}

fn socket(way: Way, kind: Type, protocol: Protocol) -> Result<Socket, Refused> {
    let to = way.to;
    let socket = open(to, kind, protocol).map_err(refused(&format!("socket for {to}")))?;
    if let Some(port) = way.from_port {
        let mut from = any_of(to);
        from.set_port(port);
        // The same number over IPv4 is another port.
        let alone = if to.is_ipv6() { socket.set_only_v6(true) } else { Ok(()) };
        let shared = match port {
            0 => Ok(()),
            // The connection before may still be in TIME-WAIT; one that lives towards the same peer is an error all the
            // same, when connecting.
            _ => socket.set_reuse_address(true),
        };
        alone
            .and(shared)
            .and_then(|()| socket.bind(&SockAddr::from(from)))
            .map_err(refused(&format!("bind source port {port} towards {to}")))?;
    }
    Ok(socket)
}

/// Whether the calling thread's namespace takes an IPv4 address for a broadcast: connect(2) of a datagram socket sends
/// nothing, and is refused (EACCES) until `SO_BROADCAST` is set. A route that prohibits refuses it then too.
#[expect(clippy::disallowed_methods, reason = "this is the place")]
pub(super) fn is_broadcast(to: SocketAddr) -> bool {
    let to = SocketAddr::new(to.ip().to_canonical(), 9);
    let Ok(socket) = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP)) else { return false };
    let refused = socket.connect(&to.into()).is_err_and(|e| e.raw_os_error() == Some(libc::EACCES));
    refused && socket.set_broadcast(true).is_ok() && socket.connect(&to.into()).is_ok()
}

/// A non-blocking socket of the peer's family whose ICMP errors are kept with their sender.
#[expect(clippy::disallowed_methods, reason = "this is the place")]
pub(super) fn open(to: SocketAddr, kind: Type, protocol: Protocol) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(to), kind, Some(protocol))?;
    socket.set_nonblocking(true)?;
    trace_errors(socket.as_fd(), to.is_ipv6(), true)?;
    Ok(socket)
}

/// connect(2). A port of our choice that another socket holds towards this peer says nothing about the network.
fn connect(socket: &Socket, way: Way) -> Result<io::Result<()>, Refused> {
    match (socket.connect(&SockAddr::from(way.to)), way.from_port.filter(|port| *port > 0)) {
        (Err(e), Some(port)) if matches!(e.raw_os_error(), Some(libc::EADDRINUSE | libc::EADDRNOTAVAIL)) => {
            Err(refused(&format!("connect from source port {port} to {}", way.to))(e))
        }
        (met, _) => Ok(met),
    }
}

/// A connect that has begun.
#[derive(Debug)]
pub(super) struct Begun {
    socket: Socket,
    /// Before the call and after it: the SYN left in between.
    began: Instant,
    sent: Instant,
    /// An error that was met at once.
    at_once: Option<io::Error>,
}

/// A socket that has sent nothing yet.
pub(super) fn prepare(way: Way) -> Result<Socket, Refused> {
    let socket = socket(way, Type::STREAM, Protocol::TCP)?;
    // A delayed segment would be read as a slow peer.
    socket.set_tcp_nodelay(true).map_err(refused(&format!("TCP_NODELAY for {}", way.to)))?;
    Ok(socket)
}

/// Begins to connect.
pub(super) fn begin(socket: Socket, way: Way) -> Result<Begun, Refused> {
    let began = Instant::now();
    let met = connect(&socket, way)?;
    let sent = Instant::now();
    let at_once = met.err().filter(|e| e.raw_os_error() != Some(libc::EINPROGRESS));
    Ok(Begun { socket, began, sent, at_once })
}

fn trace_errors(fd: BorrowedFd<'_>, ipv6: bool, on: bool) -> io::Result<()> {
    if ipv6 {
        setsockopt(&fd, sockopt::Ipv6RecvErr, &on)?;
    } else {
        setsockopt(&fd, sockopt::Ipv4RecvErr, &on)?;
    }
    Ok(())
}

fn local_of(socket: &Socket) -> Option<SocketAddr> {
    socket.local_addr().ok().and_then(|address| address.as_socket()).filter(|address| address.port() != 0)
}

fn failed(socket: &Socket, error: Option<io::Error>, local: Option<SocketAddr>, took: Duration) -> NotConnected {
    let (icmp, queue_read) = queued(socket.as_fd());
    NotConnected { error, icmp, queue_read, info: info(socket.as_fd()), local, took }
}

fn failed_stream(
    stream: &TcpStream,
    error: Option<io::Error>,
    began_from: Option<SocketAddr>,
    took: Duration,
) -> NotConnected {
    let (icmp, queue_read) = queued(stream.as_fd());
    // A connect that failed has given its address back, and its port unless it was bound; what it began from is better.
    let local = stream.local_addr().ok().filter(|address| !address.ip().is_unspecified()).or(began_from);
    NotConnected { error, icmp, queue_read, info: info(stream.as_fd()), local, took }
}

/// `TCP_INFO`, as far as this kernel filled it.
pub(crate) fn info(fd: BorrowedFd<'_>) -> Option<pb::TcpInfo> {
    sys::tcp::info(fd).ok().and_then(|bytes| tcp_info::parse(&bytes))
}

/// The first ICMP error in a socket's queue, and whether the queue could be read to its end.
pub(crate) fn queued(fd: BorrowedFd<'_>) -> (Option<pb::IcmpError>, bool) {
    let mut found = None;
    for _ in 0..QUEUED {
        match one(fd) {
            Ok(Some(error)) if error.origin != 1 => found = found.or(Some(error)),
            Ok(_) => {}
            Err(nix::errno::Errno::EAGAIN) => return (found, true),
            Err(_) => return (found, false),
        }
    }
    (found, true)
}

fn one(fd: BorrowedFd<'_>) -> nix::Result<Option<pb::IcmpError>> {
    let mut payload = [0u8; 64];
    let mut iov = [IoSliceMut::new(&mut payload)];
    let mut control = nix::cmsg_space!(libc::sock_extended_err, libc::sockaddr_in6);
    // Entries of the queue may carry no address: asking for one panics in nix.
    let message =
        recvmsg::<()>(fd.as_raw_fd(), &mut iov, Some(&mut control), MsgFlags::MSG_ERRQUEUE | MsgFlags::MSG_DONTWAIT)?;
    let mut found = None;
    for part in message.cmsgs()? {
        let (error, offender) = match part {
            ControlMessageOwned::Ipv4RecvErr(error, from) => {
                (error, from.map(|a| IpAddr::from(a.sin_addr.s_addr.to_ne_bytes())))
            }
            ControlMessageOwned::Ipv6RecvErr(error, from) => (error, from.map(|a| IpAddr::from(a.sin6_addr.s6_addr))),
            _ => continue,
        };
        let too_big = matches!((error.ee_origin, error.ee_type, error.ee_code), (2, 3, 4) | (3, 2, _));
        found = Some(pb::IcmpError {
            r#type: error.ee_type.into(),
            code: error.ee_code.into(),
            offender: offender
                .filter(|a| !a.is_unspecified())
                .map(|a| a.to_canonical().to_string())
                .unwrap_or_default(),
            mtu: too_big.then_some(error.ee_info),
            origin: error.ee_origin.into(),
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;
    use crate::collect::bench::Space;

    async fn missed(space: &Space, to: &str) -> NotConnected {
        let deadline = Instant::now() + Duration::from_millis(1_300);
        let met = space.net.connect(Way::new(to.parse().unwrap(), Act::Connect), deadline).await.unwrap();
        met.map(|_| to).unwrap_err()
    }

    #[tokio::test]
    async fn a_reset_an_icmp_error_and_silence_are_told_apart() {
        let space = Space::fresh();
        space.sh("nft add table inet t
             nft add chain inet t in '{ type filter hook input priority 0; }'
             nft add rule inet t in tcp dport 81 reject with icmpx admin-prohibited
             nft add rule inet t in tcp dport 82 drop");
        for (host, origin, kind) in [("127.0.0.1", 2, (3, 13)), ("[::1]", 3, (1, 1))] {
            let reset = missed(&space, &format!("{host}:80")).await;
            assert_eq!(reset.error.unwrap().raw_os_error(), Some(libc::ECONNREFUSED));
            assert!(reset.queue_read && reset.icmp.is_none(), "a reset leaves the queue empty");

            let rejected = missed(&space, &format!("{host}:81")).await;
            let icmp = rejected.icmp.unwrap();
            assert_eq!((icmp.origin, (icmp.r#type, icmp.code)), (origin, kind));
            assert_eq!(icmp.offender, host.trim_matches(['[', ']']));
            assert!(rejected.error.is_some() && rejected.took < Duration::from_millis(900));

            let silent = missed(&space, &format!("{host}:82")).await;
            assert!(silent.error.is_none() && silent.queue_read && silent.icmp.is_none());
            // SYN-SENT, linux/tcp_states.h; the second SYN leaves after one second.
            let info = silent.info.unwrap();
            assert_eq!((info.state, info.total_retrans), (2, 1));
            assert!(silent.local.is_some_and(|local| local.port() > 0));
        }
    }

    #[tokio::test]
    async fn an_icmp_error_does_not_end_a_connection_that_stands() {
        let space = Space::fresh();
        let port = space.run(|| {
            let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let port = server.local_addr().unwrap().port();
            std::thread::spawn(move || {
                let (mut stream, _) = server.accept().unwrap();
                io::copy(&mut stream.try_clone().unwrap(), &mut stream).unwrap_or_default();
            });
            port
        });
        let to = SocketAddr::from(([127, 0, 0, 1], port));
        let deadline = Instant::now() + Duration::from_secs(2);
        let mut connected = space.net.connect(Way::new(to, Act::Connect), deadline).await.unwrap().unwrap();
        space.sh(&format!(
            "nft add table inet t
             nft add chain inet t in '{{ type filter hook input priority 0; }}'
             nft add rule inet t in tcp dport {port} reject with icmpx host-unreachable"
        ));
        connected.stream.write_all(b"hello").await.unwrap();
        time::sleep(Duration::from_millis(100)).await;
        space.sh("nft delete table inet t");
        let mut bytes = [0u8; 5];
        let echoed = time::timeout(Duration::from_secs(3), connected.stream.read_exact(&mut bytes)).await.unwrap();
        assert_eq!((echoed.unwrap(), &bytes), (5, b"hello"));
    }
}
