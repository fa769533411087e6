//! ICMP (RFC 792, RFC 1191) and `ICMPv6` (RFC 4443): echoes out, replies and errors in. An error is of interest only
//! through what it quotes of the packet that caused it.

use std::net::{IpAddr, Ipv4Addr};

use etherparse::PacketBuilder;

use super::netlink::{address, be16_at, be32_at, be64_at};

/// IPv4 header without options, ICMP header of an echo, and the nonce behind it.
pub(crate) const IPV4_HEADER: usize = 20;
pub(crate) const IPV6_HEADER: usize = 40;
pub(crate) const ECHO_HEADER: usize = 8;
pub(crate) const UDP_HEADER: usize = 8;
const NONCE: usize = 8;

/// Protocol numbers of a quoted packet.
const ICMP: u8 = 1;
const TCP: u8 = 6;
const UDP: u8 = 17;
const ICMPV6: u8 = 58;

/// Smallest IP packet that carries an echo of ours, bytes.
pub(crate) fn smallest_echo(ipv6: bool) -> u32 {
    if ipv6 { 40 + 8 + 8 } else { 20 + 8 + 8 }
}

/// What identifies one echo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Echo {
    pub(crate) id: u16,
    pub(crate) sequence: u16,
    pub(crate) nonce: u64,
}

/// An ICMP echo request of `length` bytes. The checksum is left to the kernel, which fills it for `ICMPv6` and for
/// unprivileged ICMP sockets.
pub(crate) fn echo_request(ipv6: bool, echo: Echo, length: usize) -> Vec<u8> {
    let mut bytes = vec![if ipv6 { 128 } else { 8 }, 0, 0, 0];
    bytes.extend(echo.id.to_be_bytes());
    bytes.extend(echo.sequence.to_be_bytes());
    bytes.extend(echo.nonce.to_be_bytes());
    bytes.resize(length.max(ECHO_HEADER + NONCE), 0);
    bytes
}

/// A whole IPv4 packet of `length` bytes with DF set, for a socket that includes the header. The kernel fills an
/// unspecified source (raw(7)). `None` when no packet has that length.
pub(crate) fn ipv4_echo(from: Ipv4Addr, to: Ipv4Addr, ttl: u8, echo: Echo, length: usize) -> Option<Vec<u8>> {
    let mut payload = echo.nonce.to_be_bytes().to_vec();
    payload.resize(length.checked_sub(IPV4_HEADER + ECHO_HEADER)?.max(NONCE), 0);
    let mut packet = Vec::with_capacity(length);
    PacketBuilder::ipv4(from.octets(), to.octets(), ttl)
        .icmpv4_echo_request(echo.id, echo.sequence)
        .write(&mut packet, &payload)
        .ok()?;
    Some(packet)
}

/// A whole IPv4 packet of `length` bytes with a UDP datagram in it, DF set. The source must be said: the checksum covers
/// it.
pub(crate) fn ipv4_udp(from: (Ipv4Addr, u16), to: (Ipv4Addr, u16), ttl: u8, length: usize) -> Option<Vec<u8>> {
    let payload = vec![0; length.checked_sub(IPV4_HEADER + UDP_HEADER)?];
    let mut packet = Vec::with_capacity(length);
    PacketBuilder::ipv4(from.0.octets(), to.0.octets(), ttl).udp(from.1, to.1).write(&mut packet, &payload).ok()?;
    Some(packet)
}

/// What an error says about the packet that caused it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quote {
    pub(crate) destination: IpAddr,
    pub(crate) packet: Quoted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quoted {
    Echo { id: u16, sequence: u16 },
    Udp { source_port: u16, destination_port: u16 },
    Tcp { source_port: u16, destination_port: u16 },
}

/// An error message, RFC 792 and RFC 4443 §2.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Error {
    pub(crate) kind: u8,
    pub(crate) code: u8,
    /// Next-hop MTU claimed. A zero of a router older than RFC 1191 is no claim of a size.
    pub(crate) mtu: Option<u32>,
    pub(crate) quote: Quote,
}

/// What arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Message {
    Reply(Echo),
    Error(Error),
}

/// A packet as a raw IPv4 socket delivers it: source, TTL, message.
pub(crate) fn parse_ipv4(packet: &[u8]) -> Option<(IpAddr, u8, Message)> {
    let (header, payload) = ipv4(packet)?;
    Some((address(header.get(12..16)?)?, *header.get(8)?, parse(false, payload)?))
}

/// An ICMP message without its IP header.
pub(crate) fn parse(ipv6: bool, message: &[u8]) -> Option<Message> {
    let (kind, code) = (*message.first()?, *message.get(1)?);
    let is_reply = kind == if ipv6 { 129 } else { 0 };
    if is_reply {
        return Some(Message::Reply(Echo {
            id: be16_at(message, 4)?,
            sequence: be16_at(message, 6)?,
            nonce: be64_at(message, ECHO_HEADER)?,
        }));
    }
    let is_error = if ipv6 { matches!(kind, 1..=4) } else { matches!(kind, 3 | 11 | 12) };
    if !is_error {
        return None;
    }
    let mtu = match (ipv6, kind, code) {
        (false, 3, 4) => be16_at(message, 6).map(u32::from),
        (true, 2, _) => be32_at(message, 4),
        _ => None,
    };
    let quote = quote(ipv6, message.get(ECHO_HEADER..)?)?;
    Some(Message::Error(Error { kind, code, mtu: mtu.filter(|mtu| *mtu != 0), quote }))
}

fn quote(ipv6: bool, packet: &[u8]) -> Option<Quote> {
    let (protocol, destination, transport) = if ipv6 {
        // A quoted extension header is nothing we sent.
        (*packet.get(6)?, address(packet.get(24..40)?)?, packet.get(IPV6_HEADER..)?)
    } else {
        let (header, payload) = ipv4(packet)?;
        (*header.get(9)?, address(header.get(16..20)?)?, payload)
    };
    Some(Quote { destination, packet: quoted(protocol, transport)? })
}

/// The first bytes of a quoted transport header; eight are guaranteed (RFC 792).
pub(crate) fn quoted(protocol: u8, transport: &[u8]) -> Option<Quoted> {
    let (first, second) = (be16_at(transport, 0)?, be16_at(transport, 2)?);
    match protocol {
        ICMP | ICMPV6 => Some(Quoted::Echo { id: be16_at(transport, 4)?, sequence: be16_at(transport, 6)? }),
        UDP => Some(Quoted::Udp { source_port: first, destination_port: second }),
        TCP => Some(Quoted::Tcp { source_port: first, destination_port: second }),
        _ => None,
    }
}

/// Header and payload, by the header's own length.
fn ipv4(packet: &[u8]) -> Option<(&[u8], &[u8])> {
    let first = *packet.first()?;
    let length = usize::from(first & 0xf) * 4;
    if first >> 4 != 4 || length < IPV4_HEADER {
        return None;
    }
    packet.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ECHO: Echo = Echo { id: 7, sequence: 9, nonce: 0x0102_0304_0506_0708 };
    const A: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
    const B: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);

    #[test]
    fn an_echo_has_the_size_asked_for_and_forbids_fragments() {
        for length in [36, 84, 1401, 65_535] {
            let packet = ipv4_echo(A, B, 64, ECHO, length).unwrap();
            assert_eq!(packet.len(), length);
            assert_eq!(be16_at(&packet, 2).map(usize::from), Some(length));
            assert_eq!(packet[6], 0x40, "DF");
        }
        assert_eq!(ipv4_echo(A, B, 64, ECHO, 65_536), None);
        assert_eq!(ipv4_echo(A, B, 64, ECHO, 20), None);
        assert_eq!(ipv4_udp((A, 1), (B, 2), 64, 1280).unwrap().len(), 1280);
    }

    #[test]
    fn a_reply_is_matched_on_its_nonce() {
        let mut packet = ipv4_echo(B, A, 61, ECHO, 84).unwrap();
        packet[20] = 0;
        assert_eq!(parse_ipv4(&packet), Some((B.into(), 61, Message::Reply(ECHO))));
        let six = {
            let mut m = echo_request(true, ECHO, 64);
            m[0] = 129;
            m
        };
        assert_eq!(parse(true, &six), Some(Message::Reply(ECHO)));
    }

    fn too_big(mtu: u16, quoted: &[u8]) -> Vec<u8> {
        let mut message = vec![3, 4, 0, 0, 0, 0];
        message.extend(mtu.to_be_bytes());
        message.extend(quoted);
        message
    }

    #[test]
    fn a_claim_carries_its_size_and_what_it_quotes() {
        let sent = ipv4_echo(A, B, 1, ECHO, 1500).unwrap();
        let quote = Quote { destination: B.into(), packet: Quoted::Echo { id: 7, sequence: 9 } };
        let want = Error { kind: 3, code: 4, mtu: Some(1400), quote };
        // Twenty-eight bytes are what RFC 792 guarantees.
        assert_eq!(parse(false, &too_big(1400, &sent[..28])), Some(Message::Error(want)));
        assert_eq!(parse(false, &too_big(0, &sent[..28])), Some(Message::Error(Error { mtu: None, ..want })));
        assert_eq!(parse(false, &too_big(1400, &sent[..26])), None);
        let udp = ipv4_udp((A, 4000), (B, 33_434), 1, 1500).unwrap();
        let Some(Message::Error(error)) = parse(false, &too_big(1400, &udp[..28])) else { panic!() };
        assert_eq!(error.quote.packet, Quoted::Udp { source_port: 4000, destination_port: 33_434 });
    }

    #[test]
    fn an_error_that_quotes_nothing_of_ours_is_nothing() {
        let mut esp = ipv4_echo(A, B, 1, ECHO, 84).unwrap();
        esp[9] = 50;
        assert_eq!(parse(false, &too_big(1400, &esp)), None);
        assert_eq!(parse(false, &[8, 0, 0, 0, 0, 7, 0, 9]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
            std::hint::black_box((parse_ipv4(&bytes), parse(false, &bytes), parse(true, &bytes)));
        }
    }
}
