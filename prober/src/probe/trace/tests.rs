//! The probe on real paths of network namespaces.

use std::time::Duration;

use super::*;
use crate::collect::bench::{Path, Space};

async fn trace(space: &Space, protocol: &str, address: &str, port: u32) -> (pb::Observation, pb::TraceDetail) {
    let (protocol, address) = (protocol.to_owned(), address.to_owned());
    let spec = pb::TraceSpec { address, port, protocol, max_hops: 6, ..Default::default() };
    let began = Instant::now();
    let obs = run(&space.ask(), &spec).await;
    assert!(began.elapsed() < Duration::from_millis(2200), "{obs:?}");
    let detail = obs.trace.clone().unwrap_or_else(|| panic!("{obs:?}"));
    (obs, detail)
}

fn hops(detail: &pb::TraceDetail) -> Vec<(u32, &str, &str)> {
    detail.hops.iter().map(|hop| (hop.ttl, hop.address.as_str(), hop.answer.as_str())).collect()
}

/// Listens on both families until the server's namespace ends.
fn listen(path: &Path, port: u16) {
    path.server.run(move || {
        let server = std::net::TcpListener::bind(("::", port)).unwrap();
        std::thread::spawn(move || server.incoming().for_each(drop));
    });
}

#[tokio::test]
async fn every_router_and_the_target_are_named_over_both_protocols_and_families() {
    let path = Path::fresh();
    listen(&path, 80);
    for (address, [r1, r2]) in [("10.3.0.2", ["10.1.0.1", "10.2.0.2"]), ("fd03::2", ["fd01::1", "fd02::2"])] {
        for (protocol, port, last) in [
            ("tcp", 80, "syn-ack"),
            ("tcp", 81, "rst"),
            ("udp", 0, "port-unreachable"),
            ("udp", 53, "port-unreachable"),
        ] {
            let (obs, detail) = trace(&path.client, protocol, address, port).await;
            assert_eq!((obs.outcome(), detail.reached), (pb::Outcome::Pass, true), "{obs:?}");
            let want = [(1, r1, "time-exceeded"), (2, r2, "time-exceeded"), (3, address, last)];
            assert_eq!(hops(&detail), want, "{protocol} {port}");
            assert!(detail.hops.iter().all(|hop| hop.rtt_us.is_some_and(|us| us < 900_000)), "{detail:?}");
        }
    }
}

#[tokio::test]
async fn a_router_that_rations_its_errors_is_named_by_the_second_try() {
    let path = Path::fresh();
    let mut tries = Vec::new();
    // Linux grants a burst of six to one destination.
    while tries.len() < 8 && tries.last() != Some(&2) {
        let (_, detail) = trace(&path.client, "udp", "10.3.0.2", 0).await;
        let names: Vec<_> = hops(&detail).into_iter().map(|(_, address, _)| address).collect();
        assert_eq!(names, ["10.1.0.1", "10.2.0.2", "10.3.0.2"], "{detail:?}");
        tries.push(detail.hops[1].sent);
    }
    assert_eq!((tries[0], tries.last()), (1, Some(&2)), "{tries:?}");
}

#[tokio::test]
async fn a_dropped_port_is_silent_behind_the_last_router_where_another_is_reached() {
    let path = Path::fresh();
    listen(&path, 80);
    listen(&path, 443);
    path.server.sh("nft 'table inet t { chain i { type filter hook input priority 0; tcp dport 443 drop; }; }'");
    for (address, [r1, r2]) in [("10.3.0.2", ["10.1.0.1", "10.2.0.2"]), ("fd03::2", ["fd01::1", "fd02::2"])] {
        let (obs, detail) = trace(&path.client, "tcp", address, 443).await;
        let failure = obs.failure.as_ref().unwrap();
        assert_eq!((failure.stage.as_str(), failure.how.as_str()), ("trace", "timeout"));
        assert_eq!((obs.outcome(), detail.reached, detail.hops.len()), (pb::Outcome::Fail, false, 6));
        let silence = (3, "", "");
        assert_eq!(hops(&detail)[..3], [(1, r1, "time-exceeded"), (2, r2, "time-exceeded"), silence]);
        let sent: Vec<_> = detail.hops.iter().map(|hop| hop.sent).collect();
        assert_eq!(sent, [1, 1, 2, 2, 2, 2], "silence is asked again");
        let (_, control) = trace(&path.client, "tcp", address, 80).await;
        assert_eq!(hops(&control).last(), Some(&(3, address, "syn-ack")));
    }
}

#[tokio::test]
async fn a_router_that_rejects_is_named_and_is_not_taken_for_the_target() {
    let path = Path::fresh();
    listen(&path, 80);
    // Three ladders would use up what a router grants.
    path.r2
        .sh("sysctl -qw net.ipv4.icmp_ratelimit=0; nft 'table inet t { chain f { type filter hook forward priority 0;
        tcp dport 443 reject with icmpx admin-prohibited; udp dport 33437 reject; }; }'");
    let (obs, detail) = trace(&path.client, "tcp", "10.3.0.2", 443).await;
    assert_eq!((obs.outcome(), detail.reached), (pb::Outcome::Fail, false), "{obs:?}");
    assert_eq!(hops(&detail)[2], (3, "10.2.0.2", "icmp"));
    let (_, control) = trace(&path.client, "tcp", "10.3.0.2", 80).await;
    assert!(control.reached);
    // The datagram of distance 3 is refused by a port-unreachable that is the router's.
    let (_, detail) = trace(&path.client, "udp", "10.3.0.2", 0).await;
    assert_eq!(hops(&detail)[2..], [(3, "10.2.0.2", "icmp"), (4, "10.3.0.2", "port-unreachable")]);
}

#[tokio::test]
async fn this_host_is_its_own_first_distance_and_no_route_is_an_errno() {
    let space = Space::fresh();
    for (protocol, address, answer) in
        [("tcp", "127.0.0.1", "rst"), ("tcp", "::1", "rst"), ("udp", "127.0.0.1", "port-unreachable")]
    {
        let (obs, detail) = trace(&space, protocol, address, 9).await;
        assert_eq!(hops(&detail), [(1, address, answer)], "{obs:?}");
        assert_eq!(obs.outcome(), pb::Outcome::Pass);
    }
    let (obs, detail) = trace(&space, "tcp", "10.9.0.1", 9).await;
    assert_eq!(obs.failure.unwrap().errno_name, "ENETUNREACH");
    assert!(!detail.reached && detail.hops.iter().all(|hop| hop.answer.is_empty()));
}

#[tokio::test]
async fn what_cannot_be_traced_is_said_and_nothing_is_sent() {
    let space = Space::fresh();
    let ask = |protocol: &str, port| pb::TraceSpec {
        address: "127.0.0.1".to_owned(),
        protocol: protocol.to_owned(),
        port,
        ..Default::default()
    };
    for (spec, said) in [
        (ask("sctp", 9), "\"sctp\" is not a protocol to trace with"),
        (ask("tcp", 0), "\"127.0.0.1\" port 0 is not an address and port"),
    ] {
        let obs = run(&space.ask(), &spec).await;
        assert_eq!((obs.outcome(), obs.missing.as_str()), (pb::Outcome::CouldNotLook, said));
        assert!(obs.trace.is_none());
    }
    let obs = run(&space.ask(), &ask("tcp", 9)).await;
    assert_eq!(obs.outcome(), pb::Outcome::Pass, "{obs:?}");
}
