//! The socket table of `sock_diag(7)` (`linux/inet_diag.h`).

use std::net::{IpAddr, SocketAddr};

use mesh_proto::v1 as pb;

use super::{
    netlink::{address, attribute, be16_at, u32_at},
    tcp_info,
};

/// `SOCK_DIAG_BY_FAMILY`.
pub(crate) const BY_FAMILY: u16 = 20;
/// `TCP_LISTEN`, as a state and as a bit of the mask.
const LISTEN: u8 = 10;
/// `TCP_CLOSE`: for UDP a socket that is bound and not connected.
const CLOSE: u8 = 7;
/// All states but `TIME_WAIT`, which says nothing about a flow that is under way and may fill the table.
const STATES: u32 = 0xfff & !(1 << 6);
/// struct `inet_diag_msg`.
const MESSAGE: usize = 72;
/// `INET_DIAG_INFO`.
const INFO: u16 = 2;
/// `INET_DIAG_SKV6ONLY`.
const V6ONLY: u16 = 11;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Tcp,
    Udp,
}

impl Protocol {
    fn number(self) -> u8 {
        match self {
            Self::Tcp => 6,
            Self::Udp => 17,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

/// One row: the addresses as the kernel has them, and the evidence.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) local: SocketAddr,
    pub(crate) remote: SocketAddr,
    /// Waits for peers: TCP in LISTEN, UDP without a peer.
    pub(crate) listens: bool,
    pub(crate) seen: pb::SocketRow,
}

/// Body of the dump request for one protocol and family (struct `inet_diag_req_v2`).
pub(crate) fn question(protocol: Protocol, ipv6: bool) -> Vec<u8> {
    const SOCKET_ID: usize = 48;
    let family = if ipv6 { 10 } else { 2 };
    let mut body = vec![family, protocol.number(), 1 << (INFO - 1), 0];
    body.extend(STATES.to_ne_bytes());
    body.resize(body.len() + SOCKET_ID, 0);
    body
}

/// One message of the dump.
pub(crate) fn row(protocol: Protocol, payload: &[u8]) -> Option<Row> {
    let bytes = if *payload.first()? == 10 { 16 } else { 4 };
    let state = *payload.get(1)?;
    let end = |port: usize, at: usize| -> Option<SocketAddr> {
        let ip: IpAddr = address(payload.get(at..at + bytes)?)?;
        // An IPv4 peer of a dual-stack socket reads as ::ffff:a.b.c.d.
        Some(SocketAddr::new(ip.to_canonical(), be16_at(payload, port)?))
    };
    let (local, remote) = (end(4, 8)?, end(6, 24)?);
    let details = payload.get(MESSAGE..)?;
    let info = attribute(details, INFO).and_then(tcp_info::parse);
    let listens = match protocol {
        Protocol::Tcp => state == LISTEN,
        Protocol::Udp => state == CLOSE,
    };
    let seen = pb::SocketRow {
        state: state_name(protocol, state).to_owned(),
        local_address: local.ip().to_string(),
        local_port: local.port().into(),
        remote_address: if listens { String::new() } else { remote.ip().to_string() },
        remote_port: if listens { 0 } else { remote.port().into() },
        recv_queue: u32_at(payload, 56)?,
        send_queue: u32_at(payload, 60)?,
        uid: u32_at(payload, 64)?,
        info: if protocol == Protocol::Tcp { info } else { None },
        protocol: protocol.name().to_owned(),
        v6only: attribute(details, V6ONLY).is_some_and(|value| value.first() == Some(&1)),
    };
    Some(Row { local, remote, listens, seen })
}

fn state_name(protocol: Protocol, state: u8) -> &'static str {
    match (protocol, state) {
        (Protocol::Udp, CLOSE) => "UNCONN",
        (_, 1) => "ESTABLISHED",
        (_, 2) => "SYN-SENT",
        (_, 3 | 12) => "SYN-RECV",
        (_, 4) => "FIN-WAIT-1",
        (_, 5) => "FIN-WAIT-2",
        (_, 6) => "TIME-WAIT",
        (_, CLOSE) => "CLOSE",
        (_, 8) => "CLOSE-WAIT",
        (_, 9) => "LAST-ACK",
        (_, LISTEN) => "LISTEN",
        (_, 11) => "CLOSING",
        _ => "UNKNOWN",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_peer_of_a_dual_stack_socket_reads_as_ipv4() {
        let mut payload = vec![0u8; MESSAGE];
        (payload[0], payload[1]) = (10, 1);
        payload[4..8].copy_from_slice(&[0x1f, 0x90, 0xc0, 0x00]);
        payload[8..24].copy_from_slice(&"::ffff:10.0.0.1".parse::<std::net::Ipv6Addr>().unwrap().octets());
        payload[24..40].copy_from_slice(&"::ffff:10.0.0.2".parse::<std::net::Ipv6Addr>().unwrap().octets());
        let row = row(Protocol::Tcp, &payload).unwrap();
        assert_eq!(row.local, "10.0.0.1:8080".parse().unwrap());
        assert_eq!(row.remote, "10.0.0.2:49152".parse().unwrap());
        assert_eq!((row.seen.state.as_str(), row.listens), ("ESTABLISHED", false));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            std::hint::black_box((row(Protocol::Tcp, &bytes), row(Protocol::Udp, &bytes)));
        }
    }
}
