//! Which targets a prober may ask, decided on the binary address immediately before a socket is used.
//!
//! Effective permission = compiled denials ∩ the owner's deny list ∩ what the policy allows. A file can only narrow what
//! is compiled in.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use ipnet::IpNet;
use serde::Deserialize;

/// What a probe is about to do to an address; ceilings and denials differ by class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

/// Connects to one address: a burst, then so many a second (the product's ceilings by class of act).
const CONNECTS: (f64, f64) = (64.0, 10.0);
/// Acts that send packets to one address. One act is a whole ladder, whose packets are bounded where it is built.
const PACKETS: (f64, f64) = (16.0, 4.0);
/// Questions to one resolver.
const QUESTIONS: (f64, f64) = (64.0, 20.0);
/// Addresses whose use is remembered; the least recently used go first.
const REMEMBERED: usize = 4_096;

/// Cloud metadata services, which hand out credentials to whoever asks from the right machine.
const METADATA: [IpAddr; 5] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)),
];

/// A policy file. Unknown keys are errors.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    /// Networks that may be asked; nothing else may.
    allow: Vec<IpNet>,
    /// The owner's veto: never asked, whatever is allowed.
    deny: Vec<IpNet>,
    /// Metadata services may be asked like any other address.
    allow_metadata: bool,
    /// Lowered ceiling of connects a second to one address.
    connects_per_second: Option<f64>,
}

/// Why a policy can't be used.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    #[error("connects_per_second = {0}: it can only be lowered, between 0.1 and {most}", most = CONNECTS.1)]
    Ceiling(f64),
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    filled: Instant,
}

/// What this prober may ask.
#[derive(Debug, Clone)]
pub struct Guard {
    allow: Vec<IpNet>,
    deny: Vec<IpNet>,
    allow_metadata: bool,
    connects: (f64, f64),
    used: Arc<Mutex<BTreeMap<(IpAddr, Act), Bucket>>>,
}

impl Guard {
    fn new(allow: Vec<IpNet>, deny: Vec<IpNet>) -> Self {
        Self { allow, deny, allow_metadata: false, connects: CONNECTS, used: Arc::default() }
    }

    /// For a prober that runs inside the user's own command: everything but the compiled denials.
    pub fn embedded() -> Self {
        Self::new(everything(), Vec::new())
    }

    /// As [`Guard::embedded`], with metadata services too: the user said so.
    pub fn embedded_with_metadata() -> Self {
        Self { allow_metadata: true, ..Self::embedded() }
    }

    /// For a daemon without a policy: nothing may be asked.
    pub fn closed() -> Self {
        Self::new(Vec::new(), Vec::new())
    }

    /// For a daemon: these networks and nothing else.
    pub fn allowing(networks: Vec<IpNet>) -> Self {
        Self::new(networks, Vec::new())
    }

    /// A policy file: `allow`, `deny`, `allow_metadata`, `connects_per_second`.
    pub fn from_policy(text: &str) -> Result<Self, PolicyError> {
        let file: File = toml::from_str(text)?;
        let mut guard = Self { allow_metadata: file.allow_metadata, ..Self::new(file.allow, file.deny) };
        if let Some(rate) = file.connects_per_second {
            if !(0.1..=CONNECTS.1).contains(&rate) {
                return Err(PolicyError::Ceiling(rate));
            }
            guard.connects = ((rate * CONNECTS.0 / CONNECTS.1).max(1.0), rate);
        }
        Ok(guard)
    }

    /// True when nothing at all may be asked.
    pub fn is_closed(&self) -> bool {
        self.allow.is_empty()
    }

    /// Decides about one act on one address.
    pub fn check(&self, address: IpAddr, act: Act) -> Result<(), Denied> {
        let denied = |rule: &str| Err(Denied { address, rule: rule.to_owned() });
        for judged in std::iter::once(address.to_canonical()).chain(embedded_v4(address)) {
            if let Some(rule) = compiled(judged) {
                return denied(rule);
            }
            if !self.allow_metadata && METADATA.contains(&judged) {
                return denied("a cloud metadata service; --allow-metadata asks it all the same");
            }
            if let Some(net) = self.deny.iter().find(|net| net.contains(&judged)) {
                return denied(&format!("the owner denies {net}"));
            }
            if !self.allow.iter().any(|net| net.contains(&judged)) {
                return denied("no policy allows it");
            }
        }
        if self.spend(address, act) { Ok(()) } else { denied("its ceiling of acts a second is used up") }
    }

    fn spend(&self, address: IpAddr, act: Act) -> bool {
        let (burst, rate) = match act {
            Act::Connect | Act::Request => self.connects,
            Act::Packet => PACKETS,
            Act::Dns => QUESTIONS,
        };
        // A poisoned lock means that a thread died in here; what it counted is as good as before.
        let mut used = self.used.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let now = Instant::now();
        if used.len() >= REMEMBERED {
            used.retain(|_, bucket| now.duration_since(bucket.filled) < Duration::from_mins(1));
        }
        let class = if act == Act::Request { Act::Connect } else { act };
        let bucket = used.entry((address, class)).or_insert(Bucket { tokens: burst, filled: now });
        let refill = now.duration_since(bucket.filled).as_secs_f64() * rate;
        bucket.tokens = (bucket.tokens + refill).min(burst);
        bucket.filled = now;
        if bucket.tokens < 1.0 {
            return false;
        }
        bucket.tokens -= 1.0;
        true
    }
}

fn everything() -> Vec<IpNet> {
    vec![
        IpNet::new_assert(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0),
        IpNet::new_assert(IpAddr::V6(Ipv6Addr::UNSPECIFIED), 0),
    ]
}

/// Never asked, whatever a policy says.
fn compiled(address: IpAddr) -> Option<&'static str> {
    if address.is_unspecified() {
        return Some("an unspecified address means this host under another name");
    }
    if address.is_multicast() {
        return Some("multicast");
    }
    match address {
        IpAddr::V4(v4) if v4.is_broadcast() => Some("broadcast"),
        _ => None,
    }
}

/// The IPv4 address that an IPv6 one leads to: NAT64 (RFC 6052), 6to4 (RFC 3056).
fn embedded_v4(address: IpAddr) -> Option<IpAddr> {
    let IpAddr::V6(v6) = address else { return None };
    let s = v6.segments();
    let pair = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Some(IpAddr::V4(Ipv4Addr::new(a, b, c, d)))
    };
    match s {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => pair(high, low),
        [0x2002, high, low, ..] => pair(high, low),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(guard: &Guard, address: &str) -> Result<(), String> {
        guard.check(address.parse().unwrap(), Act::Request).map_err(|denied| denied.rule)
    }

    #[test]
    fn a_daemon_without_a_policy_asks_nobody() {
        assert!(Guard::closed().is_closed());
        assert!(check(&Guard::closed(), "127.0.0.1").is_err());
    }

    #[test]
    fn disguises_of_a_denied_address_are_denied_too() {
        let guard = Guard::embedded();
        for address in [
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::1",
            "fd00:ec2::254",
            "0.0.0.0",
            "::",
            "::ffff:0.0.0.0",
            "224.0.0.1",
            "ff02::1",
            "255.255.255.255",
        ] {
            assert!(check(&guard, address).is_err(), "{address}");
        }
        for address in ["127.0.0.1", "169.254.20.10", "10.0.0.1", "2001:db8::1", "::1"] {
            assert_eq!(check(&guard, address), Ok(()), "{address}");
        }
    }

    #[test]
    fn the_owner_only_narrows() {
        let guard = Guard::from_policy("allow = [\"10.0.0.0/8\"]\ndeny = [\"10.9.0.0/16\"]").unwrap();
        assert_eq!(check(&guard, "10.1.0.1"), Ok(()));
        assert_eq!(check(&guard, "10.9.0.1"), Err("the owner denies 10.9.0.0/16".to_owned()));
        assert_eq!(check(&guard, "192.168.0.1"), Err("no policy allows it".to_owned()));
        assert!(Guard::from_policy("allow_all = true").unwrap_err().to_string().contains("allow_all"));
        assert!(matches!(Guard::from_policy("connects_per_second = 1000.0"), Err(PolicyError::Ceiling(_))));
    }

    #[test]
    fn a_ceiling_that_is_used_up_refuses_and_names_itself() {
        let guard = Guard::from_policy("allow = [\"0.0.0.0/0\"]\nconnects_per_second = 0.2").unwrap();
        assert_eq!(check(&guard, "10.0.0.1"), Ok(()));
        assert!(check(&guard, "10.0.0.1").unwrap_err().contains("ceiling"));
        assert_eq!(check(&guard, "10.0.0.2"), Ok(()), "another address has its own");
    }
}
