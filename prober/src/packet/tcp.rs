//! A SYN of our own making and the answer to it (RFC 9293, MSS option §3.7.1).

use std::net::IpAddr;

use etherparse::{TcpHeader, TcpHeaderSlice, TcpOptionElement as Choice};

/// What a SYN is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Syn {
    pub(crate) source: (IpAddr, u16),
    pub(crate) destination: (IpAddr, u16),
    pub(crate) sequence: u32,
    pub(crate) mss: u16,
}

/// The TCP segment, checksum filled. `None` when the addresses are of two families.
///
/// The options are those of a Linux client, so that no middlebox sees an unusual SYN.
pub(crate) fn syn(syn: Syn) -> Option<Vec<u8>> {
    /// What Linux offers at first.
    const WINDOW: u16 = 64_240;
    let mut header = TcpHeader::new(syn.source.1, syn.destination.1, syn.sequence, WINDOW);
    header.syn = true;
    let options = [
        Choice::MaximumSegmentSize(syn.mss),
        Choice::SelectiveAcknowledgementPermitted,
        Choice::Timestamp(1, 0),
        Choice::Noop,
        Choice::WindowScale(7),
    ];
    header.set_options(&options).ok()?;
    header.checksum = match (syn.source.0, syn.destination.0) {
        (IpAddr::V4(from), IpAddr::V4(to)) => header.calc_checksum_ipv4_raw(from.octets(), to.octets(), &[]).ok()?,
        (IpAddr::V6(from), IpAddr::V6(to)) => header.calc_checksum_ipv6_raw(from.octets(), to.octets(), &[]).ok()?,
        _ => return None,
    };
    Some(header.to_bytes().to_vec())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    SynAck {
        /// Absent = the option is missing, which means 536 (RFC 9293 §3.7.1).
        mss: Option<u16>,
    },
    Rst,
}

/// A segment that answers one of our SYNs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Answered {
    pub(crate) source_port: u16,
    pub(crate) destination_port: u16,
    /// Sequence number acknowledged: that of the SYN plus one.
    pub(crate) acknowledged: u32,
    pub(crate) window: u16,
    pub(crate) answer: Answer,
}

/// A TCP segment without its IP header; `None` for what answers no SYN.
pub(crate) fn answer(segment: &[u8]) -> Option<Answered> {
    let tcp = TcpHeaderSlice::from_slice(segment).ok()?;
    let answer = match (tcp.syn(), tcp.ack(), tcp.rst()) {
        (true, true, false) => Answer::SynAck {
            mss: tcp.options_iterator().find_map(|option| match option {
                Ok(Choice::MaximumSegmentSize(mss)) => Some(mss),
                _ => None,
            }),
        },
        (_, true, true) => Answer::Rst,
        _ => return None,
    };
    Some(Answered {
        source_port: tcp.source_port(),
        destination_port: tcp.destination_port(),
        acknowledged: tcp.acknowledgment_number(),
        window: tcp.window_size(),
        answer,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sample(mss: u16) -> Syn {
        let (a, b) = ("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap());
        Syn { source: (a, 40_000), destination: (b, 443), sequence: 77, mss }
    }

    #[test]
    fn a_syn_carries_the_chosen_mss_and_a_right_checksum() {
        let segment = syn(sample(1234)).unwrap();
        let tcp = TcpHeaderSlice::from_slice(&segment).unwrap();
        assert_eq!(segment.len(), 40);
        assert!(tcp.syn() && !tcp.ack());
        assert_eq!(tcp.options_iterator().next(), Some(Ok(Choice::MaximumSegmentSize(1234))));
        let right = tcp.to_header().calc_checksum_ipv4_raw([10, 0, 0, 1], [10, 0, 0, 2], &[]).unwrap();
        assert_eq!(tcp.checksum(), right);
        let six = Syn { destination: ("fd00::2".parse().unwrap(), 443), ..sample(1) };
        assert_eq!(syn(six), None);
    }

    #[test]
    fn answers_are_told_apart_and_other_segments_are_none() {
        let mut segment = syn(sample(1360)).unwrap();
        assert_eq!(answer(&segment), None, "a SYN is no answer");
        segment[8..12].copy_from_slice(&78u32.to_be_bytes());
        segment[13] = 0x12;
        let seen = answer(&segment).unwrap();
        assert_eq!(seen.answer, Answer::SynAck { mss: Some(1360) });
        assert_eq!((seen.acknowledged, seen.window), (78, 64_240));
        segment[13] = 0x14;
        assert_eq!(answer(&segment).unwrap().answer, Answer::Rst);
        segment[13] = 0x10;
        assert_eq!(answer(&segment), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            std::hint::black_box(answer(&bytes));
        }
    }
}
