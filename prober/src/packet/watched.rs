//! A packet of TCP as it passed an interface: from the IP header on, cut after the headers (RFC 791, RFC 8200, RFC 9293).

use std::net::SocketAddr;

use mesh_proto::v1 as pb;

use super::netlink::{address, be16_at, be32_at};

/// Most bytes of IP and TCP header together: 60 each.
const HEAD: usize = 120;
const TCP: u8 = 6;
/// Fixed part of a TCP header, bytes.
const TCP_HEADER: usize = 20;
const FLAGS: u8 = 0x1f;

/// A packet and its two ends. Direction and time are not in it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    pub(crate) source: SocketAddr,
    pub(crate) destination: SocketAddr,
    pub(crate) packet: pb::WatchedPacket,
}

impl Seen {
    /// A first SYN: it begins a flow.
    pub(crate) fn begins(&self) -> bool {
        /// FIN, SYN, RST and ACK.
        const OF_INTEREST: u32 = 1 | 2 | 4 | 16;
        self.packet.flags & OF_INTEREST == 2
    }
}

/// What the IP header says.
struct Outer<'a> {
    addresses: (&'a [u8], &'a [u8]),
    ttl: u8,
    ip_id: Option<u32>,
    /// Of the header, then of the whole packet.
    lengths: (usize, usize),
}

/// Reads the first bytes of an IP packet; `None` for what is no TCP segment or too short to be read, and for later
/// fragments.
pub(crate) fn parse(bytes: &[u8]) -> Option<Seen> {
    let outer = match bytes.first()? >> 4 {
        4 => ipv4(bytes)?,
        6 => ipv6(bytes)?,
        _ => return None,
    };
    let (ip_header, whole) = outer.lengths;
    let tcp = bytes.get(ip_header..)?;
    let tcp_header = usize::from(tcp.get(12)? >> 4) * 4;
    let options = tcp.get(TCP_HEADER..tcp_header.min(tcp.len()))?;
    let headers = ip_header + tcp_header;
    let (from, to) = outer.addresses;
    Some(Seen {
        source: SocketAddr::new(address(from)?, be16_at(tcp, 0)?),
        destination: SocketAddr::new(address(to)?, be16_at(tcp, 2)?),
        packet: pb::WatchedPacket {
            flags: u32::from(tcp.get(13)? & FLAGS),
            seq: be32_at(tcp, 4)?,
            ack: be32_at(tcp, 8)?,
            window: be16_at(tcp, 14)?.into(),
            ttl: outer.ttl.into(),
            ip_id: outer.ip_id,
            payload_bytes: u32::try_from(whole.saturating_sub(headers)).unwrap_or(u32::MAX),
            packet_bytes: u32::try_from(whole).unwrap_or(u32::MAX),
            options: kinds(options),
            head: bytes.get(..headers.min(bytes.len()).min(HEAD))?.to_vec(),
            ..Default::default()
        },
    })
}

fn ipv4(bytes: &[u8]) -> Option<Outer<'_>> {
    let header = usize::from(bytes.first()? & 0xf) * 4;
    let is_later_fragment = be16_at(bytes, 6)? & 0x1fff != 0;
    if header < 20 || is_later_fragment || *bytes.get(9)? != TCP {
        return None;
    }
    Some(Outer {
        addresses: (bytes.get(12..16)?, bytes.get(16..20)?),
        ttl: *bytes.get(8)?,
        ip_id: Some(be16_at(bytes, 4)?.into()),
        lengths: (header, whole(be16_at(bytes, 2)?.into())),
    })
}

fn ipv6(bytes: &[u8]) -> Option<Outer<'_>> {
    const HEADER: usize = 40;
    /// The hop-by-hop header with nothing but the jumbo option (RFC 2675), which Linux puts before segments above 64 kB:
    /// next header, length, option type, option length, size without the fixed header.
    const JUMBO: usize = 8;
    let payload = usize::from(be16_at(bytes, 4)?);
    let (header, payload) = match *bytes.get(6)? {
        TCP if payload == 0 => (HEADER, None),
        TCP => (HEADER, Some(payload)),
        0 if bytes.get(HEADER..HEADER + 4)? == [TCP, 0, 0xc2, 4] => {
            (HEADER + JUMBO, usize::try_from(be32_at(bytes, HEADER + 4)?).ok())
        }
        _ => return None,
    };
    Some(Outer {
        addresses: (bytes.get(8..24)?, bytes.get(24..40)?),
        ttl: *bytes.get(7)?,
        ip_id: None,
        lengths: (header, payload.map_or_else(|| whole(0), |payload| HEADER.saturating_add(payload))),
    })
}

/// Segments that the kernel hands to its driver in one piece may be above what the field can say, and are 0 in it (BIG
/// TCP, linux/ip.h `iph_totlen`): that many bytes at least.
fn whole(said: usize) -> usize {
    const AT_LEAST: usize = 1 << 16;
    if said == 0 { AT_LEAST } else { said }
}

/// Which options are there, as bits: 1 MSS, 2 window scale, 4 SACK permitted, 8 timestamps, 16 SACK blocks (RFC 9293
/// §3.2, RFC 7323, RFC 2018).
fn kinds(mut options: &[u8]) -> u32 {
    let mut found = 0;
    while let Some((kind, rest)) = options.split_first() {
        options = match kind {
            0 => break,
            1 => rest,
            _ => {
                found |= match kind {
                    2 => 1,
                    3 => 2,
                    4 => 4,
                    8 => 8,
                    5 => 16,
                    _ => 0,
                };
                // The length counts kind and length: below two it is none, and nothing behind it can be read.
                let length = rest.first().map_or(0, |length| usize::from(*length));
                match options.get(length.max(1)..) {
                    Some(behind) if length >= 2 => behind,
                    _ => break,
                }
            }
        };
    }
    found
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use etherparse::{PacketBuilder, TcpOptionElement as Choice};
    use proptest::prelude::*;

    use super::*;

    const OPTIONS: [Choice; 5] = [
        Choice::MaximumSegmentSize(1460),
        Choice::SelectiveAcknowledgementPermitted,
        Choice::Timestamp(1, 0),
        Choice::Noop,
        Choice::WindowScale(7),
    ];

    fn v4(payload: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        PacketBuilder::ipv4([10, 0, 0, 1], [10, 0, 0, 2], 61)
            .tcp(40_000, 443, 77, 512)
            .syn()
            .options(&OPTIONS)
            .unwrap()
            .write(&mut bytes, payload)
            .unwrap();
        bytes
    }

    fn v6(payload: &[u8]) -> Vec<u8> {
        let addresses = ["fd00::1", "fd00::2"].map(|text| text.parse::<std::net::Ipv6Addr>().unwrap().octets());
        let mut bytes = Vec::new();
        PacketBuilder::ipv6(addresses[0], addresses[1], 62)
            .tcp(40_000, 443, 77, 512)
            .rst()
            .ack(9)
            .write(&mut bytes, payload)
            .unwrap();
        bytes
    }

    #[test]
    fn a_segment_is_read_whole_and_kept_without_its_payload() {
        let bytes = v4(&[0xaa; 100]);
        for cut in [bytes.len(), 128, 60] {
            let seen = parse(&bytes[..cut]).unwrap();
            assert_eq!(seen.source, SocketAddr::new(IpAddr::from([10, 0, 0, 1]), 40_000));
            assert_eq!(seen.destination.to_string(), "10.0.0.2:443");
            let packet = &seen.packet;
            assert_eq!((packet.flags, packet.seq, packet.window, packet.ttl), (2, 77, 512, 61));
            assert_eq!((packet.payload_bytes, packet.packet_bytes, packet.options), (100, 160, 1 | 2 | 4 | 8));
            assert_eq!((packet.ip_id, packet.head.as_slice()), (Some(0), &bytes[..60]));
            assert!(seen.begins());
        }
        let six = v6(&[]);
        let seen = parse(&six).unwrap();
        assert_eq!((seen.source.to_string().as_str(), seen.packet.ttl), ("[fd00::1]:40000", 62));
        assert_eq!((seen.packet.flags, seen.packet.ack, seen.packet.ip_id), (4 | 16, 9, None));
        assert_eq!((seen.packet.packet_bytes, seen.packet.payload_bytes, seen.packet.head.len()), (60, 0, 60));
        assert!(!seen.begins());
    }

    #[test]
    fn a_segment_above_64_kb_is_counted_as_far_as_its_header_says() {
        let mut four = v4(&[]);
        four[2..4].fill(0);
        assert_eq!(parse(&four).unwrap().packet.packet_bytes, 65_536);
        let mut six = v6(&[]);
        six[4..6].fill(0);
        assert_eq!(parse(&six).unwrap().packet.packet_bytes, 65_536);
        // RFC 2675: 100,000 bytes behind the fixed header, of which 8 are the option's and 20 are TCP's.
        six[6] = 0;
        six.splice(40..40, [6, 0, 0xc2, 4].into_iter().chain(100_000u32.to_be_bytes()));
        let packet = parse(&six).unwrap().packet;
        assert_eq!((packet.packet_bytes, packet.payload_bytes, packet.head.len()), (100_040, 99_972, 68));
    }

    #[test]
    fn what_is_no_first_part_of_a_segment_is_nothing() {
        assert!(parse(&v4(&[])).is_some());
        let mut fragment = v4(&[]);
        fragment[7] = 1;
        assert_eq!(parse(&fragment), None);
        let mut udp = v4(&[]);
        udp[9] = 17;
        assert_eq!(parse(&udp), None);
        assert_eq!(parse(&v4(&[])[..39]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(
            first in prop::sample::select(vec![0x45u8, 0x4f, 0x60, 0]),
            mut bytes in proptest::collection::vec(any::<u8>(), 1..140),
            transport in prop::sample::select(vec![0u8, 6]),
        ) {
            bytes[0] = first;
            if let Some(next) = bytes.get_mut(if first == 0x60 { 6 } else { 9 }) {
                *next = transport;
            }
            if let Some(seen) = parse(&bytes) {
                prop_assert!(seen.packet.head.len() <= HEAD);
            }
        }
    }
}
