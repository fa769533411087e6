//! Packets of a probe's own flow as a pcapng file (draft-ietf-opsawg-pcapng), which Wireshark and tcpdump read.

use crate::v1;

/// `LINKTYPE_RAW`: packets begin with their IP header.
const RAW: u16 = 101;
/// Bytes of a packet that are written. A head has at most 120; what is foreign may claim more.
const SNAP: usize = 256;

/// A file with one interface and the packets' heads, each with its length on the wire. `start_us` is when the probe
/// began, Unix microseconds; the first packet is taken to be of that instant.
pub fn write(interface: &str, start_us: i64, packets: &[v1::WatchedPacket]) -> Vec<u8> {
    let mut file = Vec::new();
    // Byte-order magic, version 1.0, length of the section not stated.
    let mut section = 0x1a2b_3c4d_u32.to_le_bytes().to_vec();
    section.extend([1, 0, 0, 0]);
    section.extend([0xff; 8]);
    block(&mut file, 0x0a0d_0d0a, section);
    let mut description = RAW.to_le_bytes().to_vec();
    description.extend([0, 0]);
    description.extend(length(SNAP).to_le_bytes());
    // if_name; times are microseconds where nothing else is said.
    option(&mut description, 2, interface.get(..interface.floor_char_boundary(SNAP)).unwrap_or_default().as_bytes());
    option(&mut description, 0, &[]);
    block(&mut file, 1, description);
    for packet in packets {
        let head = packet.head.get(..SNAP).unwrap_or(&packet.head);
        let time = u64::try_from(start_us).unwrap_or_default().saturating_add(packet.at_us);
        let [t0, t1, t2, t3, t4, t5, t6, t7] = time.to_le_bytes();
        let mut body = vec![0; 4];
        body.extend([t4, t5, t6, t7, t0, t1, t2, t3]);
        body.extend(length(head.len()).to_le_bytes());
        body.extend(packet.packet_bytes.max(length(head.len())).to_le_bytes());
        body.extend(head);
        pad(&mut body);
        // epb_flags: 1 inbound, 2 outbound.
        option(&mut body, 2, &(if packet.sent { 2u32 } else { 1 }).to_le_bytes());
        option(&mut body, 0, &[]);
        block(&mut file, 6, body);
    }
    file
}

/// Type, length, body, length.
fn block(file: &mut Vec<u8>, kind: u32, body: Vec<u8>) {
    let total = length(body.len().saturating_add(12)).to_le_bytes();
    file.extend(kind.to_le_bytes());
    file.extend(total);
    file.extend(body);
    file.extend(total);
}

/// Code, length, value, padded; code 0 ends a list.
fn option(body: &mut Vec<u8>, code: u16, value: &[u8]) {
    body.extend(code.to_le_bytes());
    body.extend(u16::try_from(value.len()).unwrap_or(u16::MAX).to_le_bytes());
    body.extend(value);
    pad(body);
}

/// Every part of a block is a multiple of four bytes long.
fn pad(body: &mut Vec<u8>) {
    body.resize(body.len().next_multiple_of(4), 0);
}

fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A SYN from 10.0.0.1:40000 to 10.0.0.2:80, and what it claims to be long.
    fn packet(sent: bool, at_us: u64, packet_bytes: u32) -> v1::WatchedPacket {
        let mut head = vec![0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
        let [high, low] = u16::try_from(packet_bytes).unwrap().to_be_bytes();
        (head[2], head[3]) = (high, low);
        head.extend([0x9c, 0x40, 0, 80, 0, 0, 0, 7, 0, 0, 0, 0, 0x50, 2, 0xff, 0xff, 0, 0, 0, 0]);
        v1::WatchedPacket { sent, at_us, packet_bytes, head, ..Default::default() }
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the reader that people use is the judge of the file")]
    fn tshark_reads_what_is_written() {
        let file = std::env::temp_dir().join(format!("probemesh-pcapng-{}.pcapng", std::process::id()));
        let packets = [packet(true, 0, 40), packet(false, 1_500, 1_400)];
        std::fs::write(&file, write("host/web-1", 1_700_000_000_000_000, &packets)).unwrap();
        let fields =
            ["frame.time_epoch", "frame.len", "frame.cap_len", "ip.src", "tcp.dstport", "frame.packet_flags_direction"];
        let out = std::process::Command::new("tshark")
            .arg("-r")
            .arg(&file)
            .args(["-T", "fields", "-E", "separator=,"])
            .args(fields.iter().flat_map(|field| ["-e", field]))
            .output()
            .unwrap();
        std::fs::remove_file(&file).unwrap();
        let told = String::from_utf8_lossy(&out.stdout).into_owned();
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines.len(), 2, "{told}{}", String::from_utf8_lossy(&out.stderr));
        assert!(lines[0].starts_with("1700000000.000000000,40,40,10.0.0.1,80,"), "{told}");
        assert!(lines[1].starts_with("1700000000.001500000,1400,40,10.0.0.1,80,"), "{told}");
        assert!(lines[0].ends_with('2') && lines[1].ends_with('1'), "{told}");
    }

    proptest::proptest! {
        #[test]
        fn blocks_are_whole_whatever_a_packet_claims(
            head in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400),
            packet_bytes: u32,
            at_us: u64,
            start_us: i64,
            name in ".{0,300}",
        ) {
            let packet = v1::WatchedPacket { head, packet_bytes, at_us, ..Default::default() };
            let file = write(&name, start_us, &[packet]);
            let (mut at, mut blocks) = (0, 0);
            while at < file.len() {
                let total = u32::from_le_bytes(file[at + 4..at + 8].try_into().unwrap()) as usize;
                proptest::prop_assert_eq!(&file[at + 4..at + 8], &file[at + total - 4..at + total]);
                at += total;
                blocks += 1;
            }
            proptest::prop_assert_eq!((at, blocks), (file.len(), 3));
        }
    }
}
