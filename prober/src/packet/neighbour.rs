//! Rows of the neighbour table as rtnetlink(7) dumps them (`linux/neighbour.h`).

use std::net::IpAddr;

use super::netlink::{address, attribute, u16_at, u32_at};

/// `RTM_GETNEIGH`.
pub(crate) const GET_NEIGHBOUR: u16 = 30;

/// struct ndmsg.
const NDMSG: usize = 12;
/// `NTF_ROUTER`: it said of itself that it forwards (RFC 4861 §4.4, R flag).
const ROUTER: u8 = 0x80;
/// `MAX_ADDR_LEN` (linux/netdevice.h).
const LINK_ADDRESS: usize = 32;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) interface: u32,
    pub(crate) address: IpAddr,
    /// "52:54:00:12:34:56"; empty when it is not known.
    pub(crate) link_address: String,
    pub(crate) state: &'static str,
    pub(crate) router: bool,
}

/// Body of the question for every neighbour of IPv4 and IPv6.
pub(crate) fn question() -> Vec<u8> {
    vec![0; NDMSG]
}

/// One message of the dump.
pub(crate) fn row(payload: &[u8]) -> Option<Row> {
    let attributes = payload.get(NDMSG..)?;
    // NDA_DST, NDA_LLADDR.
    let link_address = attribute(attributes, 2).unwrap_or_default();
    let octets: Vec<String> = link_address.iter().take(LINK_ADDRESS).map(|octet| format!("{octet:02x}")).collect();
    Some(Row {
        interface: u32_at(payload, 4)?,
        address: attribute(attributes, 1).and_then(address)?,
        link_address: octets.join(":"),
        state: state(u16_at(payload, 8)?),
        router: payload.get(10)? & ROUTER != 0,
    })
}

/// `NUD_…`: one bit is set, or none before the first use of a row.
fn state(bits: u16) -> &'static str {
    match bits {
        0x01 => "INCOMPLETE",
        0x02 => "REACHABLE",
        0x04 => "STALE",
        0x08 => "DELAY",
        0x10 => "PROBE",
        0x20 => "FAILED",
        0x40 => "NOARP",
        0x80 => "PERMANENT",
        _ => "NONE",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::packet::netlink::put;

    #[test]
    fn a_router_that_is_reachable_is_read_with_its_link_address() {
        let mut payload = vec![10, 0, 0, 0, 3, 0, 0, 0];
        payload.extend(2u16.to_ne_bytes());
        payload.extend([ROUTER, 1]);
        let address: std::net::Ipv6Addr = "fe80::1".parse().unwrap();
        put(&mut payload, 1, &address.octets());
        put(&mut payload, 2, &[0x52, 0x54, 0, 0x12, 0x34, 0x56]);
        let expected = Row {
            interface: u32::from_ne_bytes([3, 0, 0, 0]),
            address: address.into(),
            link_address: "52:54:00:12:34:56".to_owned(),
            state: "REACHABLE",
            router: true,
        };
        assert_eq!(row(&payload), Some(expected));
        assert_eq!(row(&payload[..NDMSG]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            std::hint::black_box(row(&bytes));
        }
    }
}
