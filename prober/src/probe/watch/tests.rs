//! Flows of real probes on real paths of network namespaces.

use std::io::{Read as _, Write as _};

use pb::probe_spec::Probe;

use super::*;
use crate::{
    collect::bench::{Path, Space},
    probe::run,
};

/// RST, SYN and SYN-ACK, RST-ACK, data.
const SYN: u32 = 2;
const RST: u32 = 4;
const SYN_ACK: u32 = 18;
const RST_ACK: u32 = 20;

fn tcp(address: &str, port: u32) -> Probe {
    Probe::Tcp(pb::TcpSpec { address: address.to_owned(), port, ..Default::default() })
}

fn http(address: &str, port: u32, body_bytes: u64) -> Probe {
    Probe::Http(pb::HttpSpec {
        address: address.to_owned(),
        port,
        method: if body_bytes > 0 { "POST" } else { "GET" }.to_owned(),
        path: "/".to_owned(),
        body_bytes,
        ..Default::default()
    })
}

async fn watched(space: &Space, probe: Probe) -> (pb::Observation, pb::WatchDetail) {
    let obs = run(&Ask { watch: true, ..space.ask() }, &probe).await;
    let detail = obs.watch.clone().unwrap_or_else(|| panic!("{obs:?}"));
    (obs, detail)
}

/// Direction, flags and TTL of every packet.
fn form(detail: &pb::WatchDetail) -> Vec<(bool, u32, u32)> {
    detail.packets.iter().map(|packet| (packet.sent, packet.flags, packet.ttl)).collect()
}

/// Reads what comes and answers each request once its body of so many bytes is there.
fn serve(space: &Space, port: u16, body: usize) {
    space.run(move || {
        let server = std::net::TcpListener::bind(("::", port)).unwrap();
        std::thread::spawn(move || {
            for stream in server.incoming() {
                let mut stream = stream.unwrap();
                let (mut read, mut buffer) = (0, vec![0; 1 << 16]);
                while read <= body {
                    match stream.read(&mut buffer) {
                        Ok(more) if more > 0 => read += more,
                        _ => break,
                    }
                }
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap_or_default();
            }
        });
    });
}

#[tokio::test]
async fn a_refused_connect_shows_its_syn_and_the_reset_with_their_ttl_and_form() {
    let path = Path::fresh();
    for (address, is_v4) in [("10.3.0.2", true), ("fd03::2", false)] {
        let (obs, detail) = watched(&path.client, tcp(address, 80)).await;
        assert_eq!(obs.failure.as_ref().unwrap().errno_name, "ECONNREFUSED");
        // Two routers on the way take two from the 64 that the server sent.
        assert_eq!(form(&detail), [(true, SYN, 64), (false, RST_ACK, 62)], "{obs:?}");
        assert!(detail.works && detail.missing.is_empty());
        assert_eq!((detail.dropped, detail.left_out), (0, 0));
        let [syn, reset] = detail.packets.as_slice() else { panic!() };
        assert_eq!(reset.ack, syn.seq.wrapping_add(1));
        assert_eq!((syn.options, reset.options), (1 | 2 | 4 | 8, 0));
        assert_eq!((syn.ip_id.is_some(), syn.payload_bytes, syn.at_us), (is_v4, 0, 0));
        assert!(reset.at_us < 900_000 && syn.packet_bytes == u32::try_from(syn.head.len()).unwrap());
        assert!(obs.local_port > 0);
    }
}

#[tokio::test]
async fn a_syn_that_nobody_answers_is_seen_alone() {
    let path = Path::fresh();
    path.r1.sh("nft 'table inet t { chain f { type filter hook forward priority 0; tcp dport 80 drop; }; }'");
    let single =
        |port| Probe::Tcp(pb::TcpSpec { address: "10.3.0.2".to_owned(), port, single_syn: true, ..Default::default() });
    let (obs, detail) = watched(&path.client, single(80)).await;
    assert_eq!(obs.failure.unwrap().how, "timeout");
    assert_eq!(form(&detail), [(true, SYN, 64)]);
    let (_, control) = watched(&path.client, single(81)).await;
    assert_eq!(form(&control).len(), 2);
}

#[tokio::test]
async fn a_reset_in_the_middle_of_a_flow_has_the_ttl_of_the_router_that_made_it() {
    let path = Path::fresh();
    for port in [80, 81] {
        serve(&path.server, port, 0);
    }
    path.r1.sh("nft 'table inet t { chain f { type filter hook forward priority 0;
        tcp dport 80 tcp flags & psh == psh reject with tcp reset; }; }'");
    for address in ["10.3.0.2", "fd03::2"] {
        let (obs, detail) = watched(&path.client, http(address, 80, 0)).await;
        assert_eq!(obs.failure.as_ref().unwrap().errno_name, "ECONNRESET", "{obs:?}");
        let received: Vec<_> = form(&detail).into_iter().filter(|(sent, ..)| !sent).collect();
        let [(_, SYN_ACK, 62), (_, flags, 64)] = received[..] else { panic!("{received:?}") };
        assert!(flags & RST > 0);
        let (obs, control) = watched(&path.client, http(address, 81, 0)).await;
        assert_eq!(obs.outcome(), pb::Outcome::Pass);
        let received = || control.packets.iter().filter(|packet| !packet.sent);
        assert!(received().count() >= 2 && received().all(|packet| packet.ttl == 62 && packet.flags & RST == 0));
    }
}

#[tokio::test]
async fn a_large_upload_keeps_its_beginning_and_its_end() {
    let path = Path::fresh();
    serve(&path.server, 80, 4 << 20);
    let (obs, detail) = watched(&path.client, http("10.3.0.2", 80, 4 << 20)).await;
    assert_eq!(obs.outcome(), pb::Outcome::Pass, "{obs:?}");
    assert_eq!(detail.packets.len(), 64);
    assert!(detail.left_out > 0);
    let first: Vec<_> = form(&detail).into_iter().take(2).map(|(sent, flags, _)| (sent, flags)).collect();
    assert_eq!(first, [(true, SYN), (false, SYN_ACK)]);
    // Segments leave the socket in pieces far above the MTU, and no payload is kept of them.
    assert!(detail.packets.iter().any(|packet| packet.payload_bytes > 1460));
    assert!(detail.packets.iter().all(|packet| packet.head.len() <= 60));
    assert_eq!(detail.dropped, 0);
    assert!(detail.packets[32..].iter().any(|packet| packet.flags & (1 | RST) > 0), "{detail:?}");
}

#[tokio::test]
async fn each_probe_is_shown_its_own_flow_and_the_loopback_interface_shows_it_once() {
    let space = Space::fresh();
    serve(&space, 80, 0);
    let ask = Ask { watch: true, ..space.ask() };
    let (open, closed) = (http("127.0.0.1", 80, 0), tcp("127.0.0.1", 81));
    let (first, second, refused) = tokio::join!(run(&ask, &open), run(&ask, &open), run(&ask, &closed));
    assert_ne!(first.local_port, second.local_port);
    for obs in [&first, &second] {
        let detail = obs.watch.as_ref().unwrap();
        let begun: Vec<_> = detail.packets.iter().filter(|packet| packet.flags & SYN > 0).collect();
        assert_eq!(begun.len(), 2, "{obs:?}");
        for packet in &detail.packets {
            let at = if packet.sent { 20 } else { 22 };
            assert_eq!(u32::from(packet.head[at]) << 8 | u32::from(packet.head[at + 1]), obs.local_port);
        }
    }
    assert_eq!(form(&refused.watch.unwrap()), [(true, SYN, 64), (false, RST_ACK, 64)]);
}

#[tokio::test]
async fn a_probe_that_is_not_watched_says_nothing_and_one_without_a_flow_says_so() {
    let space = Space::fresh();
    let obs = run(&space.ask(), &tcp("127.0.0.1", 81)).await;
    assert!(obs.watch.is_none() && obs.failure.is_some());
    let (obs, detail) = watched(&space, tcp("10.9.0.1", 81)).await;
    assert_eq!(obs.failure.unwrap().errno_name, "ENETUNREACH");
    assert!(!detail.works && detail.packets.is_empty(), "{detail:?}");
}

#[test]
fn a_missing_right_is_named_and_another_refusal_is_not_taken_for_it() {
    let refused = |errno| Refused::Io {
        operation: "socket AF_PACKET SOCK_DGRAM".to_owned(),
        source: std::io::Error::from_raw_os_error(errno),
    };
    let said = missing(&refused(libc::EPERM));
    assert_eq!(said, "CAP_NET_RAW (socket AF_PACKET SOCK_DGRAM: Operation not permitted (os error 1))");
    let said = missing(&refused(libc::EAFNOSUPPORT));
    assert!(said.starts_with("socket AF_PACKET SOCK_DGRAM: Address family"), "{said}");
}
