//! Connection tracking: how full, what it dropped, the entries of the flow asked about.

use std::{collections::BTreeMap, fs, io, net::IpAddr, time::Instant};

use mesh_proto::v1 as pb;

use crate::{
    net::netlink::{self, NETFILTER},
    packet::conntrack,
    probe::Ask,
};

/// What gives the right to read statistics and entries; how full the table is can be read by everybody.
const RIGHT: &str = "statistics and entries of conntrack: CAP_NET_ADMIN";
/// Entries kept. One flow has one; a client that retries has as many as it has source ports in use.
const ENTRIES: usize = 256;
/// Settings that decide what is dropped and what is forgotten (nf_conntrack-sysctl.rst).
const SETTINGS: [&str; 6] = [
    "nf_conntrack_tcp_loose",
    "nf_conntrack_tcp_be_liberal",
    "nf_conntrack_tcp_timeout_established",
    "nf_conntrack_tcp_timeout_syn_sent",
    "nf_conntrack_tcp_timeout_close_wait",
    "nf_conntrack_udp_timeout",
];

/// What was seen, and why the rest was not.
struct Look {
    detail: pb::ConntrackDetail,
    /// The table exists here.
    in_use: bool,
    failed: Option<io::Error>,
}

pub(super) async fn run(ask: &Ask, spec: &pb::CollectSpec) -> pb::Observation {
    let (addresses, mut caveats) = super::addresses(spec);
    let port = spec.port;
    let asked = match addresses.as_slice() {
        [] => "conntrack".to_owned(),
        some => format!("conntrack of {}", some.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")),
    };
    let look = match super::look(ask, move |deadline| Ok(read(&addresses, port, deadline))).await {
        Ok(look) => look,
        Err(e) => return super::blind(asked, &e, RIGHT),
    };
    if !look.in_use {
        let missing = "conntrack is not in use here".to_owned();
        return pb::Observation { protocol: "local".to_owned(), port, ..crate::probe::could_not_look(asked, missing) };
    }
    let envelope = match &look.failed {
        None => super::seen(asked, caveats),
        // nfnetlink knows no such subsystem: the module that would answer is not loaded, and a look loads none.
        Some(e) if matches!(e.raw_os_error(), Some(libc::EINVAL | libc::EPROTONOSUPPORT)) => {
            caveats.push(format!("statistics and entries need nf_conntrack_netlink, which this kernel lacks: {e}"));
            super::seen(asked, caveats)
        }
        Some(e) => pb::Observation { caveats, ..super::blind(asked, e, RIGHT) },
    };
    pb::Observation { port, conntrack: Some(look.detail), ..envelope }
}

/// The answers are those of the calling thread's namespace, `/proc/sys/net` among them.
fn read(addresses: &[IpAddr], port: u32, deadline: Instant) -> Look {
    let count = setting("nf_conntrack_count");
    let settings = SETTINGS.iter().filter_map(|name| Some((*name, setting(name)?)));
    let mut detail = pb::ConntrackDetail {
        count,
        max: setting("nf_conntrack_max"),
        settings: settings.map(|(name, value)| pb::NamedValue { name: name.to_owned(), value }).collect(),
        ..Default::default()
    };
    let in_use = fs::exists(file("nf_conntrack_count")).unwrap_or(false);
    let failed = if in_use { ask_kernel(&mut detail, addresses, port, deadline).err() } else { None };
    Look { detail, in_use, failed }
}

fn file(name: &str) -> String {
    format!("/proc/sys/net/netfilter/{name}")
}

fn setting(name: &str) -> Option<u64> {
    fs::read_to_string(file(name)).ok()?.trim().parse().ok()
}

fn ask_kernel(detail: &mut pb::ConntrackDetail, addresses: &[IpAddr], port: u32, deadline: Instant) -> io::Result<()> {
    let everything = conntrack::everything();
    let answer = netlink::dump(NETFILTER, conntrack::GET_STATS, &everything, deadline)?;
    detail.stats = summed(&answer.payloads);
    detail.complete = answer.complete;
    if addresses.is_empty() {
        return Ok(());
    }
    let (mut kept, mut cut) = (Vec::new(), false);
    let whole = netlink::scan(NETFILTER, conntrack::GET_ENTRIES, &everything, deadline, |payload| {
        let Some(entry) = conntrack::entry(payload) else { return };
        if !entry.concerns(addresses, port) {
            return;
        }
        if kept.len() < ENTRIES {
            kept.push(entry.into_told());
        } else {
            cut = true;
        }
    })?;
    detail.entries = kept;
    detail.complete &= whole && !cut;
    Ok(())
}

/// Sums over processors.
fn summed(payloads: &[Vec<u8>]) -> Vec<pb::NamedValue> {
    let mut sums = BTreeMap::<&str, u64>::new();
    for (name, value) in payloads.iter().flat_map(|payload| conntrack::stats(payload)) {
        let sum = sums.entry(name).or_default();
        *sum = sum.saturating_add(value);
    }
    sums.into_iter().map(|(name, value)| pb::NamedValue { name: name.to_owned(), value }).collect()
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener, TcpStream};

    use super::*;
    use crate::collect::bench::Space;

    #[expect(clippy::disallowed_methods, reason = "the test opens what must be tracked")]
    fn connection(port: u16) -> (TcpListener, TcpStream) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        (listener, stream)
    }

    fn spec(address: &str, port: u32) -> pb::CollectSpec {
        pb::CollectSpec { source: pb::Source::Conntrack.into(), addresses: vec![address.to_owned()], port }
    }

    #[tokio::test]
    async fn the_entries_of_the_address_and_port_are_told_with_how_full_the_table_is() {
        let space = Space::fresh();
        // A rule that asks for the state makes the kernel track.
        space.sh("nft add table ip t; nft add chain ip t in '{ type filter hook input priority 0; }'
             nft add rule ip t in ct state invalid drop");
        let held = space.run(|| (connection(8080), connection(8081)));
        let obs = run(&space.ask(), &spec("127.0.0.1", 8080)).await;
        assert_eq!(obs.outcome(), pb::Outcome::Pass, "{obs:?}");
        let detail = obs.conntrack.unwrap();
        assert!(detail.complete);
        let told: Vec<_> =
            detail.entries.iter().map(|e| (e.protocol.as_str(), e.destination_port, e.state.as_str())).collect();
        assert_eq!(told, [("tcp", 8080, "ESTABLISHED")]);
        assert!(detail.entries[0].assured && detail.entries[0].seen_reply);
        assert!(detail.entries[0].timeout_s > Some(1000));
        assert!(detail.count >= Some(2), "{detail:?}");
        assert!(detail.stats.iter().any(|stat| stat.name == "insert_failed"), "{detail:?}");
        assert!(detail.settings.iter().any(|s| s.name == "nf_conntrack_tcp_timeout_syn_sent" && s.value > 0));
        // Without a port both are told, and none of an address that nobody asked.
        let both = run(&space.ask(), &spec("127.0.0.1", 0)).await.conntrack.unwrap();
        assert_eq!(both.entries.len(), 2);
        let none = run(&space.ask(), &spec("10.1.1.1", 0)).await.conntrack.unwrap();
        assert!(none.entries.is_empty() && none.complete);
        drop(held);
    }

    #[expect(clippy::disallowed_methods, reason = "the test makes flows that must be tracked")]
    fn datagrams(ports: std::ops::Range<u16>) {
        let socket = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        for port in ports {
            // A closed port's answer to the one before ends up here.
            let sent = (0..3).any(|_| socket.send_to(b"x", (Ipv4Addr::LOCALHOST, port)).is_ok());
            assert!(sent, "port {port}");
        }
    }

    #[tokio::test]
    async fn more_entries_than_are_kept_are_told_as_incomplete_and_a_port_narrows_them() {
        let space = Space::fresh();
        space.sh("nft add table ip t; nft add chain ip t in '{ type filter hook input priority 0; }'
             nft add rule ip t in ct state invalid drop");
        space.run(|| datagrams(20_000..20_300));
        let all = run(&space.ask(), &spec("127.0.0.1", 0)).await.conntrack.unwrap();
        assert_eq!((all.entries.len(), all.complete), (ENTRIES, false));
        assert!(all.count >= Some(300), "{:?}", all.count);
        let one = run(&space.ask(), &spec("127.0.0.1", 20_299)).await.conntrack.unwrap();
        assert!(one.complete);
        assert_eq!((one.entries.len(), one.entries[0].protocol.as_str()), (1, "udp"));
        assert_eq!((one.entries[0].state.as_str(), one.entries[0].seen_reply), ("", false));
    }

    #[tokio::test]
    async fn a_translated_flow_is_told_with_the_address_that_answers_for_it() {
        let space = Space::fresh();
        space.sh("nft add table ip t; nft add chain ip t out '{ type nat hook output priority -100; }'
             nft add rule ip t out ip daddr 127.9.9.9 tcp dport 443 dnat to 127.0.0.1:8080");
        #[expect(clippy::disallowed_methods, reason = "the test opens what must be translated")]
        let held = space.run(|| {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 8080)).unwrap();
            (listener, TcpStream::connect("127.9.9.9:443").unwrap())
        });
        let detail = run(&space.ask(), &spec("127.9.9.9", 443)).await.conntrack.unwrap();
        let entry = &detail.entries[0];
        assert_eq!((entry.destination.as_str(), entry.destination_port), ("127.9.9.9", 443));
        assert_eq!((entry.reply_source.as_str(), entry.reply_source_port), ("127.0.0.1", 8080));
        drop(held);
    }
}
