//! `struct tcp_info` (linux/tcp.h), which grew by appending: a kernel that returns fewer bytes did not measure the rest.

use mesh_proto::v1 as pb;

use super::netlink::{u16_at, u32_at, u64_at};

/// Fields this kernel filled; `None` when not even the first ones are there.
pub(crate) fn parse(bytes: &[u8]) -> Option<pb::TcpInfo> {
    // Up to tcpi_total_retrans: what Linux 2.6 returned already.
    let old = |at| u32_at(bytes, at);
    Some(pb::TcpInfo {
        returned_bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        state: (*bytes.first()?).into(),
        ca_state: (*bytes.get(1)?).into(),
        retransmits: (*bytes.get(2)?).into(),
        options: (*bytes.get(5)?).into(),
        rto_us: old(8)?,
        snd_mss: old(16)?,
        rcv_mss: old(20)?,
        unacked: old(24)?,
        lost: old(32)?,
        pmtu: old(60)?,
        rtt_us: old(68)?,
        advmss: old(84)?,
        total_retrans: old(100)?,
        bytes_acked: u64_at(bytes, 120),
        bytes_received: u64_at(bytes, 128),
        segs_out: u32_at(bytes, 136),
        data_segs_in: u32_at(bytes, 152),
        rwnd_limited_us: u64_at(bytes, 176),
        bytes_sent: u64_at(bytes, 200),
        bytes_retrans: u64_at(bytes, 208),
        rcv_ooopack: u32_at(bytes, 224),
        snd_wnd: u32_at(bytes, 228),
        total_rto: u16_at(bytes, 240).map(Into::into),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_agree_with_the_struct_of_libc() {
        use std::mem::offset_of;
        type T = libc::tcp_info;
        assert_eq!(offset_of!(T, tcpi_rto), 8);
        assert_eq!(offset_of!(T, tcpi_snd_mss), 16);
        assert_eq!(offset_of!(T, tcpi_lost), 32);
        assert_eq!(offset_of!(T, tcpi_pmtu), 60);
        assert_eq!(offset_of!(T, tcpi_rtt), 68);
        assert_eq!(offset_of!(T, tcpi_advmss), 84);
        assert_eq!(offset_of!(T, tcpi_total_retrans), 100);
        assert_eq!(offset_of!(T, tcpi_bytes_acked), 120);
        assert_eq!(offset_of!(T, tcpi_segs_out), 136);
        assert_eq!(offset_of!(T, tcpi_data_segs_in), 152);
        assert_eq!(offset_of!(T, tcpi_rwnd_limited), 176);
        assert_eq!(offset_of!(T, tcpi_bytes_sent), 200);
        assert_eq!(offset_of!(T, tcpi_bytes_retrans), 208);
        assert_eq!(offset_of!(T, tcpi_rcv_ooopack), 224);
        assert_eq!(offset_of!(T, tcpi_snd_wnd), 228);
        assert_eq!(offset_of!(T, tcpi_total_rto), 240);
    }

    #[test]
    fn what_an_old_kernel_did_not_return_is_absent_and_not_zero() {
        let mut bytes = vec![0u8; 104];
        bytes[0] = 1;
        bytes[84..88].copy_from_slice(&1460u32.to_ne_bytes());
        let info = parse(&bytes).unwrap();
        assert_eq!((info.state, info.advmss, info.returned_bytes), (1, 1460, 104));
        assert_eq!((info.bytes_acked, info.snd_wnd, info.total_rto), (None, None, None));
        assert_eq!(parse(&bytes[..50]), None);
    }
}
