//! Netlink messages and their attributes (RFC 3549, netlink(7), linux/netlink.h): headers in host byte order, payloads
//! aligned to four bytes. Foreign lengths are never trusted: a walker ends at the first that does not fit.

/// `NLMSG_ALIGNTO` and `NLA_ALIGNTO`.
const ALIGN: usize = 4;
/// struct nlmsghdr.
pub(crate) const HEADER: usize = 16;
/// struct nlattr.
const ATTRIBUTE: usize = 4;
/// `NLA_TYPE_MASK`: the two upper bits say "nested" and "network byte order".
const TYPE_MASK: u16 = 0x3fff;

/// `NLMSG_ERROR`: a negative errno, or zero as acknowledgement.
const ERROR: u16 = 2;
/// `NLMSG_DONE`: end of a dump.
const DONE: u16 = 3;
/// `NLM_F_DUMP_INTR`: the table changed while it was read.
const INTERRUPTED: u16 = 0x10;
/// `NLM_F_REQUEST`.
const REQUEST: u16 = 1;
/// `NLM_F_DUMP`.
const DUMP: u16 = 0x300;

/// Whether one object is asked for or the whole table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    One,
    Dump,
}

/// A request: header, then `body` (family header and attributes).
pub(crate) fn request(kind: u16, mode: Mode, body: &[u8]) -> Vec<u8> {
    let flags = match mode {
        Mode::One => REQUEST,
        Mode::Dump => REQUEST | DUMP,
    };
    let length = u32::try_from(HEADER + body.len()).unwrap_or(u32::MAX);
    let mut message = Vec::with_capacity(HEADER + body.len());
    message.extend(length.to_ne_bytes());
    message.extend(kind.to_ne_bytes());
    message.extend(flags.to_ne_bytes());
    // Sequence number and port: one request is under way per socket, and the socket hears the kernel alone.
    message.extend([1, 0, 0, 0, 0, 0, 0, 0]);
    message.extend(body);
    message
}

/// Appends an attribute, padded.
pub(crate) fn put(message: &mut Vec<u8>, kind: u16, value: &[u8]) {
    let length = u16::try_from(ATTRIBUTE + value.len()).unwrap_or(u16::MAX);
    message.extend(length.to_ne_bytes());
    message.extend(kind.to_ne_bytes());
    message.extend(value);
    message.resize(message.len().next_multiple_of(ALIGN), 0);
}

/// One message of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Message<'a> {
    /// Type and payload, without the netlink header.
    Data {
        kind: u16,
        payload: &'a [u8],
        interrupted: bool,
    },
    /// errno, positive; 0 = acknowledged.
    Error(i32),
    Done,
}

/// The messages of one datagram.
pub(crate) fn messages(mut datagram: &[u8]) -> impl Iterator<Item = Message<'_>> {
    std::iter::from_fn(move || {
        let length = usize::try_from(u32_at(datagram, 0)?).ok()?;
        let (kind, flags) = (u16_at(datagram, 4)?, u16_at(datagram, 6)?);
        let payload = datagram.get(HEADER..length)?;
        datagram = datagram.get(length.next_multiple_of(ALIGN)..).unwrap_or_default();
        Some(match kind {
            ERROR => Message::Error(i32_at(payload, 0)?.saturating_neg()),
            DONE => Message::Done,
            _ => Message::Data { kind, payload, interrupted: flags & INTERRUPTED != 0 },
        })
    })
}

/// The attributes of a payload: type and value.
pub(crate) fn attributes(mut bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let length = usize::from(u16_at(bytes, 0)?);
        let kind = u16_at(bytes, 2)? & TYPE_MASK;
        let value = bytes.get(ATTRIBUTE..length)?;
        bytes = bytes.get(length.next_multiple_of(ALIGN)..).unwrap_or_default();
        Some((kind, value))
    })
}

/// The first attribute of a type.
pub(crate) fn attribute(bytes: &[u8], kind: u16) -> Option<&[u8]> {
    attributes(bytes).find(|(found, _)| *found == kind).map(|(_, value)| value)
}

/// A text attribute, which ends at its first NUL.
pub(crate) fn text(value: &[u8]) -> String {
    String::from_utf8_lossy(value.split(|byte| *byte == 0).next().unwrap_or_default()).into_owned()
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

/// Host byte order.
pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_ne_bytes)
}

/// Host byte order.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_ne_bytes)
}

/// Host byte order.
pub(crate) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    array(bytes, at).map(u64::from_ne_bytes)
}

fn i32_at(bytes: &[u8], at: usize) -> Option<i32> {
    array(bytes, at).map(i32::from_ne_bytes)
}

/// Network byte order.
pub(crate) fn be16_at(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_be_bytes)
}

/// Network byte order.
pub(crate) fn be32_at(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_be_bytes)
}

/// Network byte order.
pub(crate) fn be64_at(bytes: &[u8], at: usize) -> Option<u64> {
    array(bytes, at).map(u64::from_be_bytes)
}

/// An address of four or sixteen bytes.
pub(crate) fn address(bytes: &[u8]) -> Option<std::net::IpAddr> {
    match bytes.len() {
        4 => array::<4>(bytes, 0).map(Into::into),
        16 => array::<16>(bytes, 0).map(Into::into),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_put_is_walked() {
        let mut body = Vec::new();
        put(&mut body, 3, b"lo\0");
        put(&mut body, 0x8004, &[1, 2, 3, 4, 5]);
        let seen: Vec<_> = attributes(&body).collect();
        assert_eq!(seen, [(3, &b"lo\0"[..]), (4, &[1, 2, 3, 4, 5][..])]);
        assert_eq!(text(attribute(&body, 3).unwrap()), "lo");
        let message = request(26, Mode::One, &body);
        let read: Vec<_> = messages(&message).collect();
        assert_eq!(read, [Message::Data { kind: 26, payload: &body[..], interrupted: false }]);
    }

    #[test]
    fn an_error_message_yields_its_errno() {
        let message = request(ERROR, Mode::One, &(-101i32).to_ne_bytes());
        assert_eq!(messages(&message).collect::<Vec<_>>(), [Message::Error(101)]);
    }

    #[test]
    fn an_attribute_longer_than_its_buffer_ends_the_walk() {
        assert_eq!(attributes(&[200, 0, 1, 0, 9]).count(), 0);
        // A length below the header's own would never advance.
        assert_eq!(attributes(&[0, 0, 1, 0, 9, 9, 9, 9]).count(), 0);
    }

    proptest! {
        #[test]
        fn any_bytes_are_walked_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
            prop_assert!(attributes(&bytes).count() <= 64);
            prop_assert!(messages(&bytes).count() <= 16);
        }
    }
}
