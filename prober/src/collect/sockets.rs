//! Listeners of this host and its own connections towards the addresses asked about.

use std::{io, net::IpAddr, time::Instant};

use mesh_proto::v1 as pb;

use crate::{
    net::netlink::{self, SOCK_DIAG},
    packet::socket_table::{BY_FAMILY, Protocol, Row, question, row},
    probe::Ask,
};

/// Rows reported. Every listener of a node fits, and the connections of a busy client towards one target.
const ROWS: usize = 1024;

pub(crate) async fn run(ask: &Ask, spec: &pb::CollectSpec) -> pb::Observation {
    let (addresses, caveats) = super::addresses(spec);
    let port = spec.port;
    let asked = match port {
        0 => "sockets".to_owned(),
        port => format!("sockets on port {port}"),
    };
    match super::look(ask, move |deadline| table(&addresses, port, deadline)).await {
        Ok(detail) => pb::Observation { port, sockets: Some(detail), ..super::seen(asked, caveats) },
        Err(e) => super::blind(asked, &e, "the right to open a netlink socket"),
    }
}

fn table(addresses: &[IpAddr], port: u32, deadline: Instant) -> io::Result<pb::SocketDetail> {
    let mut detail = pb::SocketDetail { complete: true, ..Default::default() };
    for protocol in [Protocol::Tcp, Protocol::Udp] {
        for ipv6 in [false, true] {
            let answer = match netlink::dump(SOCK_DIAG, BY_FAMILY, &question(protocol, ipv6), deadline) {
                Ok(answer) => answer,
                // A kernel without that family or without the module of its table.
                Err(e) if matches!(e.raw_os_error(), Some(libc::ENOENT | libc::EAFNOSUPPORT)) => {
                    detail.complete = false;
                    continue;
                }
                Err(e) => return Err(e),
            };
            detail.complete &= answer.complete;
            for payload in &answer.payloads {
                match row(protocol, payload) {
                    Some(row) => keep(&mut detail, row, addresses, port),
                    None => detail.complete = false,
                }
            }
        }
    }
    Ok(detail)
}

fn keep(detail: &mut pb::SocketDetail, row: Row, addresses: &[IpAddr], port: u32) {
    let list = if row.listens {
        if port != 0 && u32::from(row.local.port()) != port {
            return;
        }
        &mut detail.listeners
    } else if addresses.contains(&row.remote.ip()) {
        &mut detail.peers
    } else {
        return;
    };
    if list.len() < ROWS {
        list.push(row.seen);
    } else {
        detail.complete = false;
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

    use super::*;
    use crate::collect::bench::Space;

    #[expect(clippy::disallowed_methods, reason = "the test opens what the collector must find")]
    fn open() -> (TcpListener, TcpListener, std::net::UdpSocket, std::net::TcpStream) {
        let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, 8080)).unwrap();
        let v6 = TcpListener::bind((Ipv6Addr::UNSPECIFIED, 8081)).unwrap();
        let udp = std::net::UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 8080)).unwrap();
        let peer = std::net::TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, 8080))).unwrap();
        (v4, v6, udp, peer)
    }

    #[tokio::test]
    async fn listeners_of_the_port_and_peers_of_the_address_are_told() {
        let space = Space::fresh();
        let held = space.run(open);
        let spec =
            pb::CollectSpec { source: pb::Source::Sockets.into(), addresses: vec!["127.0.0.1".to_owned()], port: 8080 };
        let detail = run(&space.ask(), &spec).await.sockets.unwrap();
        assert!(detail.complete);
        let listeners: Vec<_> =
            detail.listeners.iter().map(|row| (row.protocol.as_str(), row.state.as_str(), row.local_port)).collect();
        assert_eq!(listeners, [("tcp", "LISTEN", 8080), ("udp", "UNCONN", 8080)]);
        // One connection waits to be accepted; std's backlog is 4096, cut to somaxconn.
        assert_eq!(detail.listeners[0].recv_queue, 1);
        assert!(detail.listeners[0].send_queue >= 128);
        let client = detail.peers.iter().find(|row| row.remote_port == 8080).unwrap();
        assert_eq!(client.state, "ESTABLISHED");
        let info = client.info.as_ref().unwrap();
        assert!(info.snd_mss > 1000 && info.returned_bytes >= 104, "{info:?}");
        let all = run(&space.ask(), &pb::CollectSpec { port: 0, ..spec }).await.sockets.unwrap();
        assert!(all.listeners.iter().any(|row| row.local_address == "::" && row.local_port == 8081));
        drop(held);
        let gone = pb::CollectSpec { port: 8081, ..Default::default() };
        assert!(run(&space.ask(), &gone).await.sockets.unwrap().listeners.is_empty());
    }

    #[expect(clippy::disallowed_methods, reason = "the test opens what the collector must find")]
    fn open_v6only(port: u16, only: bool) -> socket2::Socket {
        let socket = socket2::Socket::new(socket2::Domain::IPV6, socket2::Type::STREAM, None).unwrap();
        socket.set_only_v6(only).unwrap();
        socket.bind(&SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)).into()).unwrap();
        socket.listen(1).unwrap();
        socket
    }

    #[tokio::test]
    async fn a_listener_that_takes_no_ipv4_is_told_from_one_that_does() {
        let space = Space::fresh();
        let held = space.run(|| [open_v6only(80, true), open_v6only(81, false)]);
        let detail = run(&space.ask(), &pb::CollectSpec::default()).await.sockets.unwrap();
        let mut listeners: Vec<_> = detail.listeners.iter().map(|row| (row.local_port, row.v6only)).collect();
        listeners.sort_unstable();
        assert_eq!(listeners, [(80, true), (81, false)]);
        drop(held);
    }
}
