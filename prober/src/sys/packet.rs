//! What packet(7) has that no crate wraps.
#![expect(unsafe_code, reason = "bind(2) and getsockopt(2) with structures of packet(7)")]

use std::{
    io,
    os::fd::{AsRawFd as _, BorrowedFd},
};

/// Binds a packet socket to every protocol of every interface. Only this protocol also sees what is sent.
pub(crate) fn bind_all(fd: BorrowedFd<'_>) -> io::Result<()> {
    let protocol = u16::try_from(libc::ETH_P_ALL).map_err(io::Error::other)?.to_be();
    let address = libc::sockaddr_ll {
        sll_family: u16::try_from(libc::AF_PACKET).map_err(io::Error::other)?,
        sll_protocol: protocol,
        sll_ifindex: 0,
        sll_hatype: 0,
        sll_pkttype: 0,
        sll_halen: 0,
        sll_addr: [0; 8],
    };
    let length = libc::socklen_t::try_from(size_of_val(&address)).map_err(io::Error::other)?;
    // SAFETY: `address` is a whole `sockaddr_ll`, readable for `length` bytes during the call (bind(2), packet(7)).
    let result = unsafe { libc::bind(fd.as_raw_fd(), (&raw const address).cast(), length) };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Packets that did not fit into a packet socket's buffer since this was last asked (`PACKET_STATISTICS`).
pub(crate) fn dropped(fd: BorrowedFd<'_>) -> io::Result<u32> {
    // struct tpacket_stats, linux/if_packet.h: packets, drops.
    let mut counts = [0u32; 2];
    let mut length = libc::socklen_t::try_from(size_of_val(&counts)).map_err(io::Error::other)?;
    // SAFETY: `counts` is writable for `length` bytes during the call, and the kernel writes no more (getsockopt(2)).
    let result = unsafe {
        libc::getsockopt(
            fd.as_raw_fd(),
            libc::SOL_PACKET,
            libc::PACKET_STATISTICS,
            counts.as_mut_ptr().cast(),
            &raw mut length,
        )
    };
    let [_packets, drops] = counts;
    if result == 0 { Ok(drops) } else { Err(io::Error::last_os_error()) }
}
