//! Socket options of ip(7), ipv6(7), icmp(7) and raw(7) that no crate sets.
#![expect(unsafe_code, reason = "setsockopt(2) with options that neither nix nor socket2 knows")]

use std::{
    io,
    os::fd::{AsRawFd as _, BorrowedFd},
};

/// How a socket takes part in path MTU discovery (`IP_PMTUDISC_*`, linux/in.h; the IPv6 values are the same).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Discovery {
    /// DF on the wire, sizes up to the interface's MTU; ICMP claims change the host's route.
    Probe = 3,
    /// No DF from this option; claims are shown to the socket and leave the host's route alone.
    Interface = 4,
    /// As `Interface`, and a packet above the MTU is fragmented rather than refused.
    Omit = 5,
}

/// Sets `IP_MTU_DISCOVER` or `IPV6_MTU_DISCOVER`.
pub(crate) fn set_discovery(fd: BorrowedFd<'_>, ipv6: bool, discovery: Discovery) -> io::Result<()> {
    let value = discovery as libc::c_int;
    if ipv6 {
        set(fd, libc::IPPROTO_IPV6, libc::IPV6_MTU_DISCOVER, &value.to_ne_bytes())
    } else {
        set(fd, libc::IPPROTO_IP, libc::IP_MTU_DISCOVER, &value.to_ne_bytes())
    }
}

/// Lets a raw ICMP socket receive these types alone (`ICMP_FILTER`, raw(7); `ICMP6_FILTER`, RFC 3542 §3.2): a set bit
/// blocks.
pub(crate) fn pass_types(fd: BorrowedFd<'_>, ipv6: bool, types: &[u8]) -> io::Result<()> {
    const ICMP_FILTER: libc::c_int = 1;
    const SOL_RAW: libc::c_int = 255;
    // ICMP_FILTER covers types 0 to 31 and knows no others.
    let mut filter = vec![u32::MAX; if ipv6 { 8 } else { 1 }];
    for kind in types {
        if let Some(word) = filter.get_mut(usize::from(kind / 32)) {
            *word &= !(1 << (kind % 32));
        }
    }
    let bytes: Vec<u8> = filter.into_iter().flat_map(u32::to_ne_bytes).collect();
    set(fd, if ipv6 { libc::IPPROTO_ICMPV6 } else { SOL_RAW }, ICMP_FILTER, &bytes)
}

fn set(fd: BorrowedFd<'_>, level: libc::c_int, name: libc::c_int, value: &[u8]) -> io::Result<()> {
    let length = libc::socklen_t::try_from(value.len()).map_err(io::Error::other)?;
    // SAFETY: `value` is readable for `length` bytes during the call, and the kernel only reads it (setsockopt(2)).
    let result = unsafe { libc::setsockopt(fd.as_raw_fd(), level, name, value.as_ptr().cast(), length) };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
