//! Pure codecs; parsing never panics.

pub(crate) mod conntrack;
pub(crate) mod icmp;
pub(crate) mod neighbour;
pub(crate) mod netlink;
pub(crate) mod nft;
pub(crate) mod route;
pub(crate) mod socket_table;
pub(crate) mod tcp;
pub(crate) mod tcp_info;
pub(crate) mod watched;
