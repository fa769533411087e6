//! Counters of the kernel's network stack at both ends of a window: /proc/net/{snmp,netstat,snmp6} (proc(5)).

use std::{collections::BTreeMap, fs, io, time::Duration};

use mesh_proto::v1 as pb;

use crate::probe::Ask;

/// A collector asked for together with probes must not outlive them; longer windows are made by asking twice.
const WINDOW: Duration = Duration::from_millis(50);
/// These decide causes, so their standing still is evidence as well.
const DECIDING: [&str; 20] = [
    "Icmp.InErrors",
    "Icmp.OutRateLimitGlobal",
    "Icmp.OutRateLimitHost",
    "Ip.ForwDatagrams",
    "Ip.InDiscards",
    "Ip.InHdrErrors",
    "Ip.OutDiscards",
    "Ip.OutNoRoutes",
    "Ip.ReasmFails",
    "Ip6.InNoRoutes",
    "Ip6.InTooBigErrors",
    "Tcp.InCsumErrors",
    "TcpExt.IPReversePathFilter",
    "TcpExt.ListenDrops",
    "TcpExt.ListenOverflows",
    "TcpExt.OutOfWindowIcmps",
    "TcpExt.TCPReqQFullDoCookies",
    "TcpExt.TCPReqQFullDrop",
    "TcpExt.TCPSynRetrans",
    "Udp.RcvbufErrors",
];
/// Counters reported; a kernel has about 400.
const COUNTERS: usize = 512;

type Table = BTreeMap<String, u64>;

pub(crate) async fn run(ask: &Ask, _spec: &pb::CollectSpec) -> pb::Observation {
    let asked = "network counters".to_owned();
    let window = WINDOW.min(ask.left());
    let began = std::time::Instant::now();
    let before = match super::look(ask, |_| read()).await {
        Ok(table) => table,
        Err(e) => return super::blind(asked, &e, "the right to read /proc/net"),
    };
    tokio::time::sleep(window).await;
    match super::look(ask, |_| read()).await {
        Ok(after) => {
            let window_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
            let detail = pb::CounterDetail { counters: moved(&before, &after), window_us };
            pb::Observation { counters: Some(detail), ..super::seen(asked, Vec::new()) }
        }
        Err(e) => super::blind(asked, &e, "the right to read /proc/net"),
    }
}

/// The counters of the calling thread's namespace; `/proc/net` itself is that of the process's first thread.
fn read() -> io::Result<Table> {
    let file = |name: &str| fs::read_to_string(format!("/proc/thread-self/net/{name}"));
    let mut table = pairs_of_lines(&file("snmp")?);
    table.extend(pairs_of_lines(&file("netstat")?));
    // Absent without IPv6.
    table.extend(file("snmp6").map(|text| lines(&text)).unwrap_or_default());
    for (name, path) in [("Conntrack.Count", "nf_conntrack_count"), ("Conntrack.Max", "nf_conntrack_max")] {
        // Absent without the module; the maximum can be read in the first namespace only.
        let value = fs::read_to_string(format!("/proc/sys/net/netfilter/{path}"));
        table.extend(value.ok().and_then(|text| text.trim().parse().ok()).map(|value| (name.to_owned(), value)));
    }
    Ok(table)
}

/// snmp and netstat: a line of names and a line of values, both with the group's name in front.
fn pairs_of_lines(text: &str) -> Table {
    let mut table = Table::new();
    let mut rows = text.lines();
    while let (Some(names), Some(values)) = (rows.next(), rows.next()) {
        let (Some((group, names)), Some((same, values))) = (names.split_once(':'), values.split_once(':')) else {
            continue;
        };
        if group != same {
            continue;
        }
        for (name, value) in names.split_ascii_whitespace().zip(values.split_ascii_whitespace()) {
            // Tcp.MaxConn is -1: a setting and no counter.
            if let Ok(value) = value.parse() {
                table.insert(format!("{group}.{name}"), value);
            }
        }
    }
    table
}

/// snmp6: name and value on one line, `Ip6InNoRoutes 0` is told as `Ip6.InNoRoutes`.
fn lines(text: &str) -> Table {
    let mut table = Table::new();
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace();
        let (Some(name), Some(Ok(value))) = (words.next(), words.next().map(str::parse)) else { continue };
        let grouped = name.split_once('6').map_or_else(|| name.to_owned(), |(group, rest)| format!("{group}6.{rest}"));
        table.insert(grouped, value);
    }
    table
}

fn moved(before: &Table, after: &Table) -> Vec<pb::Counter> {
    after
        .iter()
        .filter_map(|(name, after)| {
            let before = *before.get(name)?;
            let decides = DECIDING.contains(&name.as_str()) || name.starts_with("Conntrack.");
            (before != *after || decides).then(|| pb::Counter { name: name.clone(), before, after: *after })
        })
        .take(COUNTERS)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::collect::bench::Space;

    #[test]
    fn names_and_values_on_two_lines_are_paired() {
        let table = pairs_of_lines("Tcp: MaxConn ActiveOpens\nTcp: -1 5\nTcpExt: ListenOverflows\nTcpExt: 7\n");
        assert_eq!(table.get("Tcp.ActiveOpens"), Some(&5));
        assert_eq!(table.get("TcpExt.ListenOverflows"), Some(&7));
        assert_eq!(table.get("Tcp.MaxConn"), None);
        assert_eq!(lines("Ip6InNoRoutes   \t3\nIcmp6InType128 1\n").get("Ip6.InNoRoutes"), Some(&3));
    }

    #[test]
    fn what_stood_still_is_told_when_it_decides() {
        let before: Table =
            [("TcpExt.ListenDrops".into(), 4), ("Tcp.InSegs".into(), 9), ("Tcp.OutSegs".into(), 9)].into();
        let after: Table =
            [("TcpExt.ListenDrops".into(), 4), ("Tcp.InSegs".into(), 9), ("Tcp.OutSegs".into(), 12)].into();
        let told: Vec<_> = moved(&before, &after).into_iter().map(|c| (c.name, c.before, c.after)).collect();
        assert_eq!(told, [("Tcp.OutSegs".to_owned(), 9, 12), ("TcpExt.ListenDrops".to_owned(), 4, 4)]);
    }

    #[expect(clippy::disallowed_methods, reason = "the test makes the counters move")]
    fn refused() {
        let refused = std::net::TcpStream::connect((std::net::Ipv4Addr::LOCALHOST, 9));
        assert!(refused.is_err(), "nothing listens in a fresh namespace");
    }

    #[tokio::test]
    async fn a_fresh_namespace_counts_for_itself() {
        let space = Space::fresh();
        let ask = space.ask();
        let spec = pb::CollectSpec::default();
        let (obs, ()) = tokio::join!(run(&ask, &spec), async {
            tokio::time::sleep(Duration::from_millis(15)).await;
            space.run(refused);
        });
        let counters = obs.counters.unwrap();
        let named = |name: &str| counters.counters.iter().find(|c| c.name == name).map(|c| (c.before, c.after));
        assert_eq!(named("TcpExt.ListenOverflows"), Some((0, 0)));
        assert_eq!(named("Tcp.ActiveOpens"), Some((0, 1)));
        assert!(counters.window_us >= 50_000, "{}", counters.window_us);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "(.{0,40}\n){0,6}") {
            std::hint::black_box((pairs_of_lines(&text), lines(&text)));
        }
    }
}
