//! Questions to the kernel over netlink. Not towards a target, so the guard is not asked; the answers are those of the
//! namespace the calling thread stands in (see [`crate::net::Net::run`]).

use std::{io, os::fd::AsFd as _, time::Instant};

use netlink_sys::{Socket, SocketAddr};

use crate::packet::netlink::{Message, Mode, messages, request};

/// `NETLINK_ROUTE`, rtnetlink(7).
pub(crate) const ROUTE: isize = 0;
/// `NETLINK_SOCK_DIAG`, `sock_diag(7)`.
pub(crate) const SOCK_DIAG: isize = 4;
/// `NETLINK_NETFILTER`.
pub(crate) const NETFILTER: isize = 12;

/// The kernel writes at most 32 KiB per dump datagram (`netlink_dump`); one above that never truncates.
const DATAGRAM: usize = 65_536;
/// One answer. 10,005 nftables rules were 3 MB.
const ANSWER: usize = 16 << 20;
/// One table that is read and not kept: half a million tracked connections at about 250 bytes.
const SCAN: usize = 128 << 20;
/// How often a dump is read again when the table changed under it.
const ATTEMPTS: u32 = 4;

/// The payloads of an answer.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) payloads: Vec<Vec<u8>>,
    /// False when a bound of bytes or time was met, or when the table kept changing.
    pub(crate) complete: bool,
}

/// Asks for a table. An error is the kernel's own: `EPERM` where a capability is missing, `ENOENT` where nothing is.
pub(crate) fn dump(protocol: isize, kind: u16, body: &[u8], deadline: Instant) -> io::Result<Answer> {
    let mut answer = ask(protocol, kind, Mode::Dump, body, deadline)?;
    for _ in 1..ATTEMPTS {
        if answer.complete || Instant::now() >= deadline {
            break;
        }
        answer = ask(protocol, kind, Mode::Dump, body, deadline)?;
    }
    Ok(answer)
}

/// Asks for one object.
pub(crate) fn get(protocol: isize, kind: u16, body: &[u8], deadline: Instant) -> io::Result<Vec<u8>> {
    let answer = ask(protocol, kind, Mode::One, body, deadline)?;
    answer.payloads.into_iter().next().ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))
}

fn ask(protocol: isize, kind: u16, mode: Mode, body: &[u8], deadline: Instant) -> io::Result<Answer> {
    let mut payloads = Vec::new();
    let complete = listen(protocol, kind, mode, body, (deadline, ANSWER), |payload| payloads.push(payload.to_vec()))?;
    Ok(Answer { payloads, complete })
}

/// Reads a table that may be too long to be kept, once, and hands each payload over. False when a bound of bytes or time
/// was met, or when the table changed meanwhile.
pub(crate) fn scan(
    protocol: isize,
    kind: u16,
    body: &[u8],
    deadline: Instant,
    each: impl FnMut(&[u8]),
) -> io::Result<bool> {
    listen(protocol, kind, Mode::Dump, body, (deadline, SCAN), each)
}

fn listen(
    protocol: isize,
    kind: u16,
    mode: Mode,
    body: &[u8],
    (deadline, most): (Instant, usize),
    mut each: impl FnMut(&[u8]),
) -> io::Result<bool> {
    let mut socket = Socket::new(protocol)?;
    socket.bind_auto()?;
    // Connected to the kernel: messages of other processes do not arrive.
    socket.connect(&SocketAddr::new(0, 0))?;
    socket.send(&request(kind, mode, body), 0)?;
    let (mut complete, mut bytes) = (true, 0);
    let mut buffer = Vec::with_capacity(DATAGRAM);
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(false);
        }
        socket2::SockRef::from(&socket.as_fd()).set_read_timeout(Some(left))?;
        buffer.clear();
        match socket.recv(&mut buffer, 0) {
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => continue,
            Err(e) => return Err(e),
        }
        for message in messages(&buffer) {
            match message {
                Message::Data { payload, interrupted, .. } => {
                    complete &= !interrupted;
                    bytes += payload.len();
                    if bytes > most {
                        return Ok(false);
                    }
                    each(payload);
                    if mode == Mode::One {
                        return Ok(complete);
                    }
                }
                Message::Error(0) | Message::Done => return Ok(complete),
                Message::Error(errno) => return Err(io::Error::from_raw_os_error(errno)),
            }
        }
    }
}
