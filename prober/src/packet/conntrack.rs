//! Tracked connections and their statistics as ctnetlink dumps them (`linux/netfilter/nfnetlink_conntrack.h`): attributes
//! in network byte order.

use std::net::IpAddr;

use mesh_proto::v1 as pb;

use super::netlink::{address, attribute, attributes, be16_at, be32_at};

/// `NFNL_SUBSYS_CTNETLINK << 8`, `IPCTNL_MSG_CT_GET` and `IPCTNL_MSG_CT_GET_STATS_CPU`.
pub(crate) const GET_ENTRIES: u16 = (1 << 8) + 1;
pub(crate) const GET_STATS: u16 = (1 << 8) + 4;

/// struct nfgenmsg: family, version, resource.
const NFGENMSG: usize = 4;
/// `IPS_SEEN_REPLY`, `IPS_ASSURED` (`linux/netfilter/nf_conntrack_common.h`).
const SEEN_REPLY: u32 = 1 << 1;
const ASSURED: u32 = 1 << 2;
const TCP: u8 = 6;

/// Body of the question for everything of a kind.
pub(crate) fn everything() -> Vec<u8> {
    vec![0; NFGENMSG]
}

/// One direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tuple {
    pub(crate) protocol: u8,
    pub(crate) source: IpAddr,
    pub(crate) destination: IpAddr,
    /// 0 for protocols without ports.
    pub(crate) source_port: u16,
    pub(crate) destination_port: u16,
}

impl Tuple {
    fn names(&self, address: IpAddr) -> bool {
        self.source == address || self.destination == address
    }

    fn has(&self, port: u32) -> bool {
        [self.source_port, self.destination_port].into_iter().any(|own| u32::from(own) == port)
    }
}

/// One tracked connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) original: Tuple,
    pub(crate) reply: Tuple,
    pub(crate) state: &'static str,
    pub(crate) timeout_s: Option<u32>,
    pub(crate) status: u32,
}

impl Entry {
    /// Whether it is of one of these addresses and, unless `port` is 0, of that port, in either direction.
    pub(crate) fn concerns(&self, addresses: &[IpAddr], port: u32) -> bool {
        let both = [self.original, self.reply];
        both.iter().any(|tuple| addresses.iter().any(|address| tuple.names(*address)))
            && (port == 0 || both.iter().any(|tuple| tuple.has(port)))
    }

    pub(crate) fn into_told(self) -> pb::ConntrackEntry {
        let Self { original, reply, .. } = self;
        pb::ConntrackEntry {
            protocol: protocol(original.protocol),
            source: original.source.to_string(),
            destination: original.destination.to_string(),
            source_port: original.source_port.into(),
            destination_port: original.destination_port.into(),
            reply_source: reply.source.to_string(),
            reply_destination: reply.destination.to_string(),
            reply_source_port: reply.source_port.into(),
            reply_destination_port: reply.destination_port.into(),
            state: self.state.to_owned(),
            timeout_s: self.timeout_s,
            seen_reply: self.status & SEEN_REPLY != 0,
            assured: self.status & ASSURED != 0,
        }
    }
}

/// One message of the dump.
pub(crate) fn entry(payload: &[u8]) -> Option<Entry> {
    let attributes = payload.get(NFGENMSG..)?;
    let original = tuple(attribute(attributes, 1)?)?;
    let number = |kind| attribute(attributes, kind).and_then(|value| be32_at(value, 0));
    // CTA_PROTOINFO, CTA_PROTOINFO_TCP, CTA_PROTOINFO_TCP_STATE.
    let tcp_state = attribute(attributes, 4).and_then(|info| attribute(info, 1)).and_then(|tcp| attribute(tcp, 1));
    let tcp_state = tcp_state.and_then(<[u8]>::first).filter(|_| original.protocol == TCP);
    Some(Entry {
        original,
        reply: tuple(attribute(attributes, 2)?)?,
        state: tcp_state.map(|state| state_name(*state)).unwrap_or_default(),
        timeout_s: number(7),
        status: number(3).unwrap_or_default(),
    })
}

fn tuple(bytes: &[u8]) -> Option<Tuple> {
    // CTA_TUPLE_IP with source and destination of IPv4 (1, 2) or IPv6 (3, 4).
    let ip = attribute(bytes, 1)?;
    let of = |v4, v6| attribute(ip, v4).or_else(|| attribute(ip, v6)).and_then(address);
    // CTA_TUPLE_PROTO with number, source port, destination port.
    let protocol = attribute(bytes, 2)?;
    let port = |kind| attribute(protocol, kind).and_then(|value| be16_at(value, 0)).unwrap_or_default();
    Some(Tuple {
        protocol: *attribute(protocol, 1)?.first()?,
        source: of(1, 3)?,
        destination: of(2, 4)?,
        source_port: port(2),
        destination_port: port(3),
    })
}

/// "tcp"; the number where this program knows no name (IANA protocol numbers).
fn protocol(number: u8) -> String {
    match number {
        1 => "icmp".to_owned(),
        TCP => "tcp".to_owned(),
        17 => "udp".to_owned(),
        33 => "dccp".to_owned(),
        47 => "gre".to_owned(),
        58 => "icmpv6".to_owned(),
        132 => "sctp".to_owned(),
        136 => "udplite".to_owned(),
        other => other.to_string(),
    }
}

/// enum `tcp_conntrack` (`linux/netfilter/nf_conntrack_tcp.h`).
fn state_name(state: u8) -> &'static str {
    match state {
        0 => "NONE",
        1 => "SYN_SENT",
        2 => "SYN_RECV",
        3 => "ESTABLISHED",
        4 => "FIN_WAIT",
        5 => "CLOSE_WAIT",
        6 => "LAST_ACK",
        7 => "TIME_WAIT",
        8 => "CLOSE",
        9 => "SYN_SENT2",
        _ => "",
    }
}

/// Statistics of one processor: name and value, of enum `ctattr_stats_cpu`. Those that kernels since 2016 leave at zero
/// have no name here.
pub(crate) fn stats(payload: &[u8]) -> Vec<(&'static str, u64)> {
    let named = |kind| match kind {
        2 => Some("found"),
        4 => Some("invalid"),
        8 => Some("insert"),
        9 => Some("insert_failed"),
        10 => Some("drop"),
        11 => Some("early_drop"),
        12 => Some("error"),
        13 => Some("search_restart"),
        14 => Some("clash_resolve"),
        15 => Some("chaintoolong"),
        _ => None,
    };
    attributes(payload.get(NFGENMSG..).unwrap_or_default())
        .filter_map(|(kind, value)| Some((named(kind)?, u64::from(be32_at(value, 0)?))))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::packet::netlink::put;

    fn direction(from: [u8; 4], to: [u8; 4], ports: [u16; 2]) -> Vec<u8> {
        let (mut ip, mut protocol, mut tuple) = (Vec::new(), Vec::new(), Vec::new());
        put(&mut ip, 1, &from);
        put(&mut ip, 2, &to);
        put(&mut protocol, 1, &[TCP]);
        put(&mut protocol, 2, &ports[0].to_be_bytes());
        put(&mut protocol, 3, &ports[1].to_be_bytes());
        put(&mut tuple, 0x8001, &ip);
        put(&mut tuple, 0x8002, &protocol);
        tuple
    }

    fn translated() -> Vec<u8> {
        let (mut payload, mut tcp, mut info) = (vec![2, 0, 0, 0], Vec::new(), Vec::new());
        put(&mut payload, 0x8001, &direction([10, 0, 0, 1], [10, 96, 0, 1], [40_000, 443]));
        put(&mut payload, 0x8002, &direction([10, 0, 0, 9], [10, 0, 0, 1], [6443, 40_000]));
        put(&mut payload, 3, &(SEEN_REPLY | 8).to_be_bytes());
        put(&mut tcp, 1, &[3]);
        put(&mut info, 0x8001, &tcp);
        put(&mut payload, 0x8004, &info);
        put(&mut payload, 7, &431_999u32.to_be_bytes());
        payload
    }

    #[test]
    fn a_translated_connection_is_found_by_either_of_its_faces() {
        let entry = entry(&translated()).unwrap();
        for (address, port, expected) in [
            ("10.96.0.1", 0, true),
            ("10.0.0.9", 6443, true),
            ("10.96.0.1", 443, true),
            ("10.0.0.9", 80, false),
            ("10.0.0.8", 0, false),
        ] {
            assert_eq!(entry.concerns(&[address.parse().unwrap()], port), expected, "{address} {port}");
        }
        let told = entry.into_told();
        assert_eq!(
            (told.protocol.as_str(), told.state.as_str(), told.timeout_s),
            ("tcp", "ESTABLISHED", Some(431_999))
        );
        assert_eq!((told.seen_reply, told.assured), (true, false));
        assert_eq!((told.reply_source.as_str(), told.reply_source_port), ("10.0.0.9", 6443));
    }

    #[test]
    fn statistics_are_read_by_name_and_what_has_no_name_is_left_out() {
        let mut payload = vec![0, 0, 0, 3];
        put(&mut payload, 9, &7u32.to_be_bytes());
        put(&mut payload, 1, &5u32.to_be_bytes());
        assert_eq!(stats(&payload), [("insert_failed", 7)]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            std::hint::black_box((entry(&bytes), stats(&bytes)));
        }

        #[test]
        fn a_damaged_entry_is_read_without_panic(at in 4usize..120, byte: u8) {
            let mut payload = translated();
            if let Some(place) = payload.get_mut(at) {
                *place = byte;
            }
            std::hint::black_box(entry(&payload));
        }
    }
}
