//! Routes, links and addresses of rtnetlink(7) (`linux/rtnetlink.h`, `linux/if_link.h`, `linux/if_addr.h`).

use std::net::IpAddr;

use super::netlink::{address, attribute, put, text, u32_at, u64_at};

/// `RTM_GETROUTE`, `RTM_GETLINK`, `RTM_GETADDR`.
pub(crate) const GET_ROUTE: u16 = 26;
pub(crate) const GET_LINK: u16 = 18;
pub(crate) const GET_ADDRESS: u16 = 22;

const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
/// struct rtmsg, struct ifinfomsg, struct ifaddrmsg.
const RTMSG: usize = 12;
const IFINFO: usize = 16;
const IFADDR: usize = 8;
/// `IFF_UP`: what an administrator asked for; `IFF_LOWER_UP`: the link has a carrier.
const IFF_UP: u32 = 1;
const IFF_LOWER_UP: u32 = 1 << 16;

/// What the kernel answers to "which way to this address".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Way {
    /// "unicast", "local", "blackhole" …
    pub(crate) kind: &'static str,
    pub(crate) source: Option<IpAddr>,
    pub(crate) gateway: Option<IpAddr>,
    pub(crate) interface: Option<u32>,
    /// Of the route or of its exception, bytes; absent when the interface decides.
    pub(crate) mtu: Option<u32>,
    /// The answer is an exception with an end: its MTU was learnt from an ICMP message and not configured.
    pub(crate) learnt: bool,
}

/// Body of the question for one address.
pub(crate) fn way_question(to: IpAddr) -> Vec<u8> {
    /// `RTM_F_LOOKUP_TABLE` tells nothing more here and `RTM_F_FIB_MATCH` would hide exceptions: no flag.
    const NO_FLAGS: [u8; 4] = [0; 4];
    let (family, bits) = if to.is_ipv4() { (AF_INET, 32) } else { (AF_INET6, 128) };
    let mut body = vec![family, bits, 0, 0, 0, 0, 0, 0];
    body.extend(NO_FLAGS);
    match to {
        IpAddr::V4(v4) => put(&mut body, 1, &v4.octets()),
        IpAddr::V6(v6) => put(&mut body, 1, &v6.octets()),
    }
    body
}

/// The answer to [`way_question`], without the netlink header.
pub(crate) fn way(payload: &[u8]) -> Option<Way> {
    let kind = route_kind(*payload.get(7)?);
    // RTM_F_CLONED: IPv4 answers carry it always, IPv6 ones when they are an exception and not, say, a route whose
    // lifetime a router advertisement set.
    let cloned = u32_at(payload, 8)? & 0x200 != 0;
    let attributes = payload.get(RTMSG..)?;
    let metrics = attribute(attributes, 8);
    Some(Way {
        kind,
        source: attribute(attributes, 7).and_then(address),
        // RTA_GATEWAY, or RTA_VIA with a family of two bytes before the address.
        gateway: attribute(attributes, 5)
            .and_then(address)
            .or_else(|| attribute(attributes, 18).and_then(|via| via.get(2..)).and_then(address)),
        interface: attribute(attributes, 4).and_then(|value| u32_at(value, 0)),
        mtu: metrics.and_then(|metrics| attribute(metrics, 2)).and_then(|value| u32_at(value, 0)),
        // struct rta_cacheinfo: rta_clntref, rta_lastuse, rta_expires.
        learnt: cloned && attribute(attributes, 12).and_then(|cache| u32_at(cache, 8)).is_some_and(|ticks| ticks != 0),
    })
}

fn route_kind(kind: u8) -> &'static str {
    match kind {
        1 => "unicast",
        2 => "local",
        3 => "broadcast",
        4 => "anycast",
        5 => "multicast",
        6 => "blackhole",
        7 => "unreachable",
        8 => "prohibit",
        9 => "throw",
        10 => "nat",
        _ => "unknown",
    }
}

/// One interface.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Interface {
    pub(crate) index: u32,
    pub(crate) name: String,
    pub(crate) mtu: u32,
    /// Up and with a carrier.
    pub(crate) up: bool,
    pub(crate) counters: Option<Counters>,
}

/// Of struct `rtnl_link_stats64`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counters {
    pub(crate) rx_errors: u64,
    pub(crate) rx_dropped: u64,
    pub(crate) tx_dropped: u64,
}

/// Body of the question for every interface.
pub(crate) fn links_question() -> Vec<u8> {
    vec![0; IFINFO]
}

/// One message of the link dump.
pub(crate) fn link(payload: &[u8]) -> Option<Interface> {
    let flags = u32_at(payload, 8)?;
    let attributes = payload.get(IFINFO..)?;
    Some(Interface {
        index: u32_at(payload, 4)?,
        name: text(attribute(attributes, 3)?),
        mtu: attribute(attributes, 4).and_then(|value| u32_at(value, 0))?,
        up: flags & (IFF_UP | IFF_LOWER_UP) == IFF_UP | IFF_LOWER_UP,
        counters: attribute(attributes, 23).and_then(counters),
    })
}

fn counters(stats: &[u8]) -> Option<Counters> {
    Some(Counters { rx_errors: u64_at(stats, 32)?, rx_dropped: u64_at(stats, 48)?, tx_dropped: u64_at(stats, 56)? })
}

/// Body of the question for every address.
pub(crate) fn addresses_question() -> Vec<u8> {
    vec![0; IFADDR]
}

/// One message of the address dump: interface index and "address/prefix".
pub(crate) fn interface_address(payload: &[u8]) -> Option<(u32, String)> {
    let prefix = payload.get(1)?;
    let attributes = payload.get(IFADDR..)?;
    // On a point-to-point link IFA_ADDRESS is the peer and IFA_LOCAL is ours; IPv6 has no IFA_LOCAL elsewhere.
    let own = attribute(attributes, 2).or_else(|| attribute(attributes, 1)).and_then(address)?;
    Some((u32_at(payload, 4)?, format!("{own}/{prefix}")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A route answer as the kernel lays it out.
    fn answer(kind: u8, attributes: &[(u16, &[u8])]) -> Vec<u8> {
        let mut payload = vec![AF_INET, 32, 0, 0, 254, 0, 0, kind, 0, 2, 0, 0];
        for (number, value) in attributes {
            put(&mut payload, *number, value);
        }
        payload
    }

    #[test]
    fn a_cached_exception_is_told_from_a_configured_mtu() {
        let mut metrics = Vec::new();
        put(&mut metrics, 2, &1400u32.to_ne_bytes());
        let mut cache = vec![0u8; 32];
        let configured = answer(1, &[(4, &3u32.to_ne_bytes()), (5, &[10, 0, 0, 1]), (8, &metrics), (12, &cache)]);
        cache[8..12].copy_from_slice(&59_000u32.to_ne_bytes());
        let learnt = answer(1, &[(4, &3u32.to_ne_bytes()), (5, &[10, 0, 0, 1]), (8, &metrics), (12, &cache)]);
        let (configured, learnt) = (way(&configured).unwrap(), way(&learnt).unwrap());
        assert_eq!((configured.mtu, configured.learnt), (Some(1400), false));
        assert_eq!((learnt.mtu, learnt.learnt), (Some(1400), true));
        assert_eq!((learnt.kind, learnt.interface), ("unicast", Some(3)));
        assert_eq!(learnt.gateway, Some("10.0.0.1".parse().unwrap()));
    }

    #[test]
    fn an_ipv6_gateway_of_an_ipv4_route_is_read() {
        let mut via = vec![AF_INET6, 0];
        via.extend("fe80::1".parse::<std::net::Ipv6Addr>().unwrap().octets());
        assert_eq!(way(&answer(1, &[(18, &via)])).unwrap().gateway, Some("fe80::1".parse().unwrap()));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            std::hint::black_box((way(&bytes), link(&bytes), interface_address(&bytes)));
        }
    }
}
