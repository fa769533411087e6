//! Options of tcp(7) that no crate reads.
#![expect(unsafe_code, reason = "getsockopt(2) with a length that is evidence")]

use std::{
    io,
    os::fd::{AsRawFd as _, BorrowedFd},
};

/// Room for `struct tcp_info`, bytes; the kernel fills what it knows (280 on Linux 6.18).
const ROOM: usize = 512;

/// `TCP_INFO` of a socket, exactly as many bytes as the kernel returned.
pub(crate) fn info(fd: BorrowedFd<'_>) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0u8; ROOM];
    let mut length = libc::socklen_t::try_from(bytes.len()).map_err(io::Error::other)?;
    // SAFETY: `bytes` is writable for `length` bytes during the call, and the kernel writes no more than that and tells
    // how many (getsockopt(2), tcp(7)).
    let result = unsafe {
        libc::getsockopt(fd.as_raw_fd(), libc::IPPROTO_TCP, libc::TCP_INFO, bytes.as_mut_ptr().cast(), &raw mut length)
    };
    if result != 0 {
        return Err(io::Error::last_os_error());
    }
    bytes.truncate(usize::try_from(length).map_err(io::Error::other)?);
    Ok(bytes)
}
