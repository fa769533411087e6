//! getaddrinfo(3), with the code and text that std hides.
#![expect(unsafe_code, reason = "getaddrinfo(3) and its list of results")]

use std::{
    ffi::{CStr, CString},
    net::IpAddr,
    ptr,
};

/// Addresses of one answer that are kept.
const ADDRESSES: usize = 64;

/// Why the name gave no address: name and number of the code, and the library's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GaiError {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// Resolves a name as every program of this host does, in the order this host prefers. `family` is "4", "6" or empty.
/// Blocks for as long as the library does.
pub(crate) fn getaddrinfo(name: &str, family: &str) -> Result<Vec<IpAddr>, GaiError> {
    let own = |name: &str, text: &str| GaiError { name: name.to_owned(), text: text.to_owned() };
    let Ok(node) = CString::new(name) else { return Err(own("EAI_NONAME", "a name with a NUL byte in it")) };
    let hints = libc::addrinfo {
        ai_flags: 0,
        ai_family: match family {
            "4" => libc::AF_INET,
            "6" => libc::AF_INET6,
            _ => libc::AF_UNSPEC,
        },
        // One entry per address instead of one per socket type.
        ai_socktype: libc::SOCK_STREAM,
        ai_protocol: 0,
        ai_addrlen: 0,
        ai_addr: ptr::null_mut(),
        ai_canonname: ptr::null_mut(),
        ai_next: ptr::null_mut(),
    };
    let mut list: *mut libc::addrinfo = ptr::null_mut();
    // SAFETY: `node` is a NUL-terminated string and `hints` a valid addrinfo during the call; the library writes a list
    // of its own to `list` when it returns 0 (getaddrinfo(3)).
    let code = unsafe { libc::getaddrinfo(node.as_ptr(), ptr::null(), &raw const hints, &raw mut list) };
    if code != 0 {
        return Err(GaiError { name: code_name(code), text: text_of(code) });
    }
    let mut addresses = Vec::new();
    let mut next = list;
    while !next.is_null() && addresses.len() < ADDRESSES {
        // SAFETY: `next` is an element of the list that getaddrinfo returned and that is not freed yet.
        let entry = unsafe { &*next };
        addresses.extend(address_of(entry).filter(|address| !addresses.contains(address)));
        next = entry.ai_next;
    }
    // SAFETY: `list` is the head that getaddrinfo returned, freed once.
    unsafe { libc::freeaddrinfo(list) };
    Ok(addresses)
}

fn address_of(entry: &libc::addrinfo) -> Option<IpAddr> {
    if entry.ai_addr.is_null() {
        return None;
    }
    match entry.ai_family {
        libc::AF_INET => {
            // SAFETY: for AF_INET the library stores a sockaddr_in; it may lie at any address, hence unaligned.
            let raw = unsafe { entry.ai_addr.cast::<libc::sockaddr_in>().read_unaligned() };
            Some(IpAddr::from(raw.sin_addr.s_addr.to_ne_bytes()))
        }
        libc::AF_INET6 => {
            // SAFETY: for AF_INET6 the library stores a sockaddr_in6; it may lie at any address, hence unaligned.
            let raw = unsafe { entry.ai_addr.cast::<libc::sockaddr_in6>().read_unaligned() };
            Some(IpAddr::from(raw.sin6_addr.s6_addr))
        }
        _ => None,
    }
}

fn text_of(code: libc::c_int) -> String {
    // SAFETY: gai_strerror takes any code and returns a string of the library that is never freed.
    let text = unsafe { libc::gai_strerror(code) };
    if text.is_null() {
        return format!("code {code}");
    }
    // SAFETY: `text` is NUL-terminated and lives as long as the process (gai_strerror(3)).
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

fn code_name(code: libc::c_int) -> String {
    match code {
        libc::EAI_AGAIN => "EAI_AGAIN",
        libc::EAI_BADFLAGS => "EAI_BADFLAGS",
        libc::EAI_FAIL => "EAI_FAIL",
        libc::EAI_FAMILY => "EAI_FAMILY",
        libc::EAI_MEMORY => "EAI_MEMORY",
        libc::EAI_NONAME => "EAI_NONAME",
        libc::EAI_NODATA => "EAI_NODATA",
        libc::EAI_SERVICE => "EAI_SERVICE",
        libc::EAI_SOCKTYPE => "EAI_SOCKTYPE",
        libc::EAI_SYSTEM => "EAI_SYSTEM",
        other => return format!("EAI {other}"),
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn localhost_resolves_and_nonsense_keeps_the_librarys_words() {
        assert!(getaddrinfo("localhost", "4").unwrap().contains(&IpAddr::from([127, 0, 0, 1])));
        let error = getaddrinfo("no host\u{7f}", "").unwrap_err();
        assert!(error.name.starts_with("EAI_") && !error.text.is_empty(), "{error:?}");
    }
}
