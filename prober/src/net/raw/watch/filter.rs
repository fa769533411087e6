//! A classic BPF program that keeps the TCP segments from and to one address and port (socket filters in the kernel's
//! networking documentation): other flows of a busy host would fill the buffer.

use std::net::{IpAddr, SocketAddr};

use socket2::SockFilter;

/// `BPF_LD` of a byte, a half word and a word at an offset, of a half word behind X; `BPF_LDX | BPF_MSH`: X = the length
/// of the IPv4 header.
const BYTE_AT: u16 = 0x30;
const HALF_AT: u16 = 0x28;
const WORD_AT: u16 = 0x20;
const HALF_AT_INDEX: u16 = 0x48;
const HEADER_LENGTH: u16 = 0xb1;
/// `BPF_ALU | BPF_AND | BPF_K`, `BPF_JMP | BPF_JEQ | BPF_K`, `BPF_RET | BPF_K`.
const AND: u16 = 0x54;
const IF_EQUAL: u16 = 0x15;
const RETURN: u16 = 0x06;
/// `BPF_LD` of a byte behind X; `BPF_ALU` with `BPF_RSH | BPF_K`, `BPF_ADD | BPF_X`, `BPF_ADD | BPF_K`; `BPF_RET | BPF_A`.
const BYTE_AT_INDEX: u16 = 0x50;
const SHIFT: u16 = 0x74;
const ADD_INDEX: u16 = 0x0c;
const ADD: u16 = 0x04;
const RETURN_RESULT: u16 = 0x16;
const TCP: u32 = 6;
/// Next header of the jumbo option of segments above 64 kB, eight bytes long; the parser looks again.
const HOP_BY_HOP: u32 = 0;

/// Where a comparison leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    Next,
    Destination,
    Ports,
    Keep,
    Drop,
    Whole,
}

/// A load, or a comparison with where it leads.
#[derive(Debug, Clone, Copy)]
enum Line {
    Do(u16, u32),
    If(u32, Then, Then),
}

/// Keeps the IP and TCP header of what matches, or `snap` bytes where a jumbo option stands between them. A packet begins
/// with its IP header, as `SOCK_DGRAM` has it.
///
/// Not a byte of payload: with the first of it the kernel keeps, and counts against the buffer, the memory of all of it.
pub(super) fn of_peer(peer: SocketAddr, snap: u32) -> Vec<SockFilter> {
    let is_transport = |version, at| {
        [Line::Do(BYTE_AT, 0), Line::Do(AND, 0xf0), Line::If(version, Then::Next, Then::Drop), Line::Do(BYTE_AT, at)]
    };
    let (mut head, words, sides, ports): (Vec<_>, Vec<u32>, [u32; 2], Vec<_>) = match peer.ip() {
        IpAddr::V4(v4) => {
            let mut head = is_transport(0x40, 9).to_vec();
            head.extend([Line::If(TCP, Then::Next, Then::Drop), Line::Do(HEADER_LENGTH, 0)]);
            (head, vec![v4.to_bits()], [12, 16], vec![(HALF_AT_INDEX, 0), (HALF_AT_INDEX, 2)])
        }
        IpAddr::V6(v6) => {
            let mut head = is_transport(0x60, 6).to_vec();
            // The two differ in the bits of 6 alone; what else passes is no segment to the parser.
            head.extend([Line::Do(AND, 0xff & !TCP), Line::If(HOP_BY_HOP, Then::Next, Then::Drop)]);
            let bytes = v6.octets();
            let words = bytes.chunks(4).map(|word| word.iter().fold(0, |all, byte| all << 8 | u32::from(*byte)));
            (head, words.collect(), [8, 24], [40, 42, 48, 50].map(|at| (HALF_AT, at)).to_vec())
        }
    };
    let [source, destination] = sides;
    let source = side(&words, source, Then::Destination);
    let destination = side(&words, destination, Then::Drop);
    let port = u32::from(peer.port());
    let ports = ports.into_iter().flat_map(|(code, at)| [Line::Do(code, at), Line::If(port, Then::Keep, Then::Next)]);
    let at_destination = head.len() + source.len();
    let at_ports = at_destination + destination.len();
    head.extend(source.into_iter().chain(destination).chain(ports));
    let at_drop = head.len();
    head.push(Line::Do(RETURN, 0));
    head.extend(lengths(peer.is_ipv6()));
    let at_whole = head.len();
    head.push(Line::Do(RETURN, snap));
    let place = |here: usize, then| match then {
        Then::Next => here + 1,
        Then::Destination => at_destination,
        Then::Ports => at_ports,
        Then::Drop => at_drop,
        Then::Keep => at_drop + 1,
        Then::Whole => at_whole,
    };
    // The whole program has less than 60 lines.
    let jump = |here, then| u8::try_from(place(here, then).saturating_sub(here + 1)).unwrap_or(0);
    head.iter()
        .enumerate()
        .map(|(here, line)| match *line {
            Line::Do(code, k) => SockFilter::new(code, 0, 0, k),
            Line::If(value, yes, no) => SockFilter::new(IF_EQUAL, jump(here, yes), jump(here, no), value),
        })
        .collect()
}

/// Returns the length of both headers: the upper half of a TCP header's byte 12 counts words (RFC 9293 §3.1).
fn lengths(ipv6: bool) -> Vec<Line> {
    let words = [Line::Do(AND, 0xf0), Line::Do(SHIFT, 2)];
    let mut lines = if ipv6 {
        vec![Line::Do(BYTE_AT, 6), Line::If(TCP, Then::Next, Then::Whole), Line::Do(BYTE_AT, 52)]
    } else {
        vec![Line::Do(BYTE_AT_INDEX, 12)]
    };
    lines.extend(words);
    lines.push(if ipv6 { Line::Do(ADD, 40) } else { Line::Do(ADD_INDEX, 0) });
    lines.push(Line::Do(RETURN_RESULT, 0));
    lines
}

/// All words of an address, from an offset on.
fn side(words: &[u32], offset: u32, otherwise: Then) -> Vec<Line> {
    let mut lines = Vec::new();
    for (at, word) in (offset..).step_by(4).zip(words) {
        lines.extend([Line::Do(WORD_AT, at), Line::If(*word, Then::Next, otherwise)]);
    }
    if let Some(Line::If(_, yes, _)) = lines.last_mut() {
        *yes = Then::Ports;
    }
    lines
}
