//! What a register holds: which part of the packet or of its circumstances, and how nft(8) writes its values.

use std::net::IpAddr;

use crate::packet::netlink::{address, text};

/// The source of a register's bytes, as the expression names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Payload {
        base: u32,
        offset: u32,
        length: u32,
    },
    Meta(u32),
    Ct(u32),
    /// A number that changes per packet, below the modulus.
    Numgen {
        random: bool,
        modulus: u32,
    },
}

/// Where the meaning of a test goes in the evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Source,
    Destination,
    Protocol,
    SourcePort,
    DestinationPort,
    /// Of the IP packet; IPv6 counts its payload alone.
    Length {
        add: u64,
    },
    InInterface,
    OutInterface,
    CtState,
    /// IPv4 or IPv6, in tables of both.
    NfProto,
    /// Understood, with no place of its own.
    Other,
}

/// How values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Address,
    Number,
    Protocol,
    Name,
    States,
    NfProto,
}

/// A test's subject in the words of nft(8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Subject {
    pub(super) slot: Slot,
    pub(super) name: &'static str,
    form: Form,
    /// Bytes of the field as a whole; a load of fewer is a prefix.
    pub(super) bytes: usize,
    /// Kept in the host's order by the kernel until an expression turns it round.
    pub(super) host_order: bool,
    /// Of a number that changes per packet.
    modulus: Option<u32>,
}

const fn subject(slot: Slot, name: &'static str, form: Form, bytes: usize, host_order: bool) -> Subject {
    Subject { slot, name, form, bytes, host_order, modulus: None }
}

/// `NFT_META_*`.
fn meta(key: u32) -> Option<Subject> {
    use Form::{Name, NfProto, Number, Protocol};
    Some(match key {
        0 => subject(Slot::Length { add: 0 }, "meta length", Number, 4, true),
        3 => subject(Slot::Other, "meta mark", Number, 4, true),
        4 => subject(Slot::InInterface, "iif", Number, 4, true),
        5 => subject(Slot::OutInterface, "oif", Number, 4, true),
        6 => subject(Slot::InInterface, "iifname", Name, 16, false),
        7 => subject(Slot::OutInterface, "oifname", Name, 16, false),
        10 => subject(Slot::Other, "meta skuid", Number, 4, true),
        11 => subject(Slot::Other, "meta skgid", Number, 4, true),
        15 => subject(Slot::NfProto, "meta nfproto", NfProto, 1, false),
        16 => subject(Slot::Protocol, "meta l4proto", Protocol, 1, false),
        19 => subject(Slot::Other, "meta pkttype", Number, 1, false),
        20 => subject(Slot::Other, "meta cpu", Number, 4, true),
        24 => subject(Slot::Other, "meta random", Number, 4, true),
        _ => return None,
    })
}

/// `NFT_CT_*`.
fn ct(key: u32) -> Option<Subject> {
    match key {
        0 => Some(subject(Slot::CtState, "ct state", Form::States, 4, true)),
        2 => Some(subject(Slot::Other, "ct status", Form::Number, 4, true)),
        3 => Some(subject(Slot::Other, "ct mark", Form::Number, 4, true)),
        _ => None,
    }
}

/// IPv4 header, RFC 791: offset and field.
const IPV4: [(u32, Subject); 5] = [
    (2, subject(Slot::Length { add: 0 }, "ip length", Form::Number, 2, false)),
    (8, subject(Slot::Other, "ip ttl", Form::Number, 1, false)),
    (9, subject(Slot::Protocol, "ip protocol", Form::Protocol, 1, false)),
    (12, subject(Slot::Source, "ip saddr", Form::Address, 4, false)),
    (16, subject(Slot::Destination, "ip daddr", Form::Address, 4, false)),
];

/// IPv6 header, RFC 8200.
const IPV6: [(u32, Subject); 5] = [
    (4, subject(Slot::Length { add: 40 }, "ip6 length", Form::Number, 2, false)),
    (6, subject(Slot::Protocol, "ip6 nexthdr", Form::Protocol, 1, false)),
    (7, subject(Slot::Other, "ip6 hoplimit", Form::Number, 1, false)),
    (8, subject(Slot::Source, "ip6 saddr", Form::Address, 16, false)),
    (24, subject(Slot::Destination, "ip6 daddr", Form::Address, 16, false)),
];

const TCP: [(u32, Subject); 3] = [
    (0, subject(Slot::SourcePort, "tcp sport", Form::Number, 2, false)),
    (2, subject(Slot::DestinationPort, "tcp dport", Form::Number, 2, false)),
    (13, subject(Slot::Other, "tcp flags", Form::Number, 1, false)),
];

const UDP: [(u32, Subject); 3] = [
    (0, subject(Slot::SourcePort, "udp sport", Form::Number, 2, false)),
    (2, subject(Slot::DestinationPort, "udp dport", Form::Number, 2, false)),
    (4, subject(Slot::Other, "udp length", Form::Number, 2, false)),
];

/// Where the protocol is not known from the rule: `th sport`, `th dport`.
const PORTS: [(u32, Subject); 2] = [
    (0, subject(Slot::SourcePort, "th sport", Form::Number, 2, false)),
    (2, subject(Slot::DestinationPort, "th dport", Form::Number, 2, false)),
];

const ICMP: [(u32, Subject); 2] = [
    (0, subject(Slot::Other, "icmp type", Form::Number, 1, false)),
    (1, subject(Slot::Other, "icmp code", Form::Number, 1, false)),
];

const ICMPV6: [(u32, Subject); 2] = [
    (0, subject(Slot::Other, "icmpv6 type", Form::Number, 1, false)),
    (1, subject(Slot::Other, "icmpv6 code", Form::Number, 1, false)),
];

/// The fields of the header a payload expression reads from.
fn header(base: u32, nfproto: Option<u8>, l4proto: Option<u8>) -> &'static [(u32, Subject)] {
    match (base, nfproto, l4proto) {
        (1, Some(2), _) => &IPV4,
        (1, Some(10), _) => &IPV6,
        (2, _, Some(6)) => &TCP,
        (2, _, Some(17)) => &UDP,
        (2, _, Some(1)) => &ICMP,
        (2, _, Some(58)) => &ICMPV6,
        (2, _, None) => &PORTS,
        _ => &[],
    }
}

/// What a field means, given the protocols that the rule has established. One load may cover several neighbouring fields
/// (nft merges equal tests), each with its bytes; `None` when a part of it is nothing known.
pub(super) fn resolve(field: Field, nfproto: Option<u8>, l4proto: Option<u8>) -> Option<Vec<(Subject, usize)>> {
    let whole = |subject: Subject| vec![(subject, subject.bytes)];
    match field {
        Field::Meta(key) => meta(key).map(whole),
        Field::Ct(key) => ct(key).map(whole),
        Field::Numgen { random, modulus } => {
            let name = if random { "numgen random" } else { "numgen inc" };
            let number = subject(Slot::Other, name, Form::Number, 4, true);
            Some(whole(Subject { modulus: Some(modulus), ..number }))
        }
        Field::Payload { base, offset, length } => {
            let fields = header(base, nfproto, l4proto);
            let (mut at, mut left) = (offset, usize::try_from(length).ok()?);
            let mut parts = Vec::new();
            while left > 0 {
                let (_, subject) = fields.iter().find(|(start, _)| *start == at)?;
                let bytes = subject.bytes.min(left);
                // Only an address has prefixes.
                if bytes < subject.bytes && subject.form != Form::Address {
                    return None;
                }
                parts.push((*subject, bytes));
                at = at.checked_add(u32::try_from(bytes).ok()?)?;
                left -= bytes;
            }
            Some(parts)
        }
    }
}

impl Subject {
    /// In the words of nft(8).
    pub(super) fn words(&self) -> String {
        match self.modulus {
            Some(modulus) => format!("{} mod {modulus}", self.name),
            None => self.name.to_owned(),
        }
    }

    /// A value as nft(8) writes it; `None` when it can't be one.
    pub(super) fn write(&self, value: &[u8]) -> Option<String> {
        match self.form {
            Form::Address if value.len() == self.bytes => address(value).map(|address| address.to_string()),
            Form::Address => self.prefix(value, value.len() * 8),
            Form::Number => number(value, self.host_order).map(|number| number.to_string()),
            Form::Protocol => number(value, false).map(protocol),
            Form::NfProto => match value {
                [2] => Some("ipv4".to_owned()),
                [10] => Some("ipv6".to_owned()),
                _ => None,
            },
            // A name shorter than the field without its NUL is a beginning: "eth*".
            Form::Name if value.contains(&0) => Some(text(value)),
            Form::Name => Some(format!("{}*", text(value))),
            Form::States => number(value, self.host_order).and_then(states),
        }
    }

    /// A network: the first bytes of an address and the number of bits that count.
    fn prefix(&self, value: &[u8], bits: usize) -> Option<String> {
        let mut bytes = value.to_vec();
        bytes.resize(self.bytes, 0);
        Some(format!("{}/{bits}", address(&bytes)?))
    }

    /// A value under a mask.
    pub(super) fn write_masked(&self, value: &[u8], mask: &[u8]) -> Option<String> {
        match self.form {
            Form::Address => self.prefix(value, contiguous(mask)?),
            _ => None,
        }
    }

    /// An inclusive range. A range of addresses that is a network is written as one.
    pub(super) fn write_range(&self, from: &[u8], to: &[u8]) -> Option<String> {
        if from == to {
            return self.write(from);
        }
        if self.form == Form::Address
            && let Some(network) = network(address(from)?, address(to)?)
        {
            return Some(network);
        }
        Some(format!("{}-{}", self.write(from)?, self.write(to)?))
    }

    /// The number behind a value.
    pub(super) fn number(&self, value: &[u8]) -> Option<u64> {
        (self.form == Form::Number).then(|| number(value, self.host_order)).flatten()
    }
}

fn network(from: IpAddr, to: IpAddr) -> Option<String> {
    let bits = |address: IpAddr| match address {
        IpAddr::V4(v4) => (u128::from(v4.to_bits()), 32u32),
        IpAddr::V6(v6) => (v6.to_bits(), 128),
    };
    let ((low, width), (high, other)) = (bits(from), bits(to));
    let size = high.checked_sub(low)?;
    let host = 128 - size.leading_zeros();
    let is_network = width == other && size.checked_add(1).is_none_or(u128::is_power_of_two) && low & size == 0;
    is_network.then(|| format!("{from}/{}", width - host.min(width)))
}

fn number(value: &[u8], host_order: bool) -> Option<u64> {
    let mut bytes = [0; 8];
    if host_order && cfg!(target_endian = "little") {
        bytes.get_mut(..value.len())?.copy_from_slice(value);
        return Some(u64::from_le_bytes(bytes));
    }
    bytes.get_mut(8usize.checked_sub(value.len())?..)?.copy_from_slice(value);
    Some(u64::from_be_bytes(bytes))
}

/// Leading ones of a mask that has no others.
fn contiguous(mask: &[u8]) -> Option<usize> {
    let all: u32 = mask.iter().map(|byte| byte.count_ones()).sum();
    let full = mask.iter().take_while(|byte| **byte == u8::MAX).count();
    let leading = full * 8 + mask.get(full).map_or(0, |byte| byte.leading_ones()) as usize;
    (all as usize == leading).then_some(leading)
}

fn protocol(number: u64) -> String {
    match number {
        1 => "icmp".to_owned(),
        6 => "tcp".to_owned(),
        17 => "udp".to_owned(),
        33 => "dccp".to_owned(),
        58 => "ipv6-icmp".to_owned(),
        132 => "sctp".to_owned(),
        other => other.to_string(),
    }
}

/// `NF_CT_STATE_BIT`, `linux/netfilter/nf_conntrack_common.h`.
pub(super) fn states(bits: u64) -> Option<String> {
    const STATES: [(u64, &str); 5] =
        [(1, "invalid"), (2, "established"), (4, "related"), (8, "new"), (64, "untracked")];
    let known: u64 = STATES.iter().map(|(bit, _)| bit).sum();
    if bits == 0 || bits & !known != 0 {
        return None;
    }
    let names: Vec<&str> = STATES.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, name)| *name).collect();
    Some(names.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_of_networks_are_contiguous() {
        assert_eq!(contiguous(&[255, 255, 240, 0]), Some(20));
        assert_eq!(contiguous(&[255, 255, 255, 255]), Some(32));
        assert_eq!(contiguous(&[0, 0, 0, 0]), Some(0));
        assert_eq!(contiguous(&[255, 0, 255, 0]), None);
        assert_eq!(contiguous(&[240, 128, 0, 0]), None);
        assert_eq!(contiguous(&[0, 255, 0, 0]), None);
    }

    #[test]
    fn ranges_that_are_networks_are_written_as_one() {
        let range = |from: &str, to: &str| network(from.parse().unwrap(), to.parse().unwrap());
        assert_eq!(range("10.0.0.0", "10.0.0.255").as_deref(), Some("10.0.0.0/24"));
        assert_eq!(range("0.0.0.0", "255.255.255.255").as_deref(), Some("0.0.0.0/0"));
        assert_eq!(range("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").as_deref(), Some("::/0"));
        assert_eq!(range("10.0.0.1", "10.0.0.4"), None);
        assert_eq!(range("10.0.0.1", "10.0.0.2"), None);
    }

    #[test]
    fn merged_fields_are_taken_apart() {
        let both = Field::Payload { base: 1, offset: 12, length: 8 };
        let names: Vec<_> = resolve(both, Some(2), None).unwrap().iter().map(|(s, n)| (s.name, *n)).collect();
        assert_eq!(names, [("ip saddr", 4), ("ip daddr", 4)]);
        assert_eq!(resolve(Field::Payload { base: 1, offset: 13, length: 1 }, Some(2), None), None);
        assert_eq!(resolve(both, None, None), None);
    }
}
