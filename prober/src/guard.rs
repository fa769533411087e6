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
    /// A request with a body is sent.
    Upload,
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

/// Connects from one vantage to one address: a burst, then so many a second (the product's ceilings by class of act).
const CONNECTS: (f64, f64) = (64.0, 10.0);
/// Acts that send packets to one address. One act is a whole ladder, whose packets are bounded where it is built.
const PACKETS: (f64, f64) = (16.0, 4.0);
/// Requests with a body: a round from one vantage, then two a second.
const UPLOADS: (f64, f64) = (8.0, 2.0);
/// Questions to one resolver.
const QUESTIONS: (f64, f64) = (64.0, 20.0);
/// Uses that are remembered; the least recently used go first. A hostile caller can name addresses without end.
const REMEMBERED: usize = 4_096;

/// After this long every bucket has filled up and need not be remembered.
const FULL_AGAIN: Duration = Duration::from_mins(1);

/// Cloud metadata services, which hand out credentials to whoever asks from the right machine: EC2, GCE and Azure; ECS
/// tasks and EKS Pods; Alibaba; Azure's wire server; their IPv6 forms.
const METADATA: [IpAddr; 8] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 23)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)),
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
    /// Metadata services may be connected to; requests to them are never sent.
    allow_metadata: bool,
    /// Lowered ceiling of connects a second to one address.
    connects_per_second: Option<f64>,
}

/// Why a policy can't be used.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error("line {line}: {message}")]
    Toml { line: usize, message: String },
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
    used: Arc<Mutex<BTreeMap<Use, Bucket>>>,
}

/// Vantage, address and class of act.
type Use = (Arc<str>, IpAddr, Act);

impl Guard {
    fn new(allow: Vec<IpNet>, deny: Vec<IpNet>) -> Self {
        Self { allow, deny, allow_metadata: false, connects: CONNECTS, used: Arc::default() }
    }

    /// For a prober that runs inside the user's own command: everything but the compiled denials.
    pub fn embedded() -> Self {
        Self::new(everything(), Vec::new())
    }

    /// As [`Guard::embedded`], with bare connects to metadata services too: the user said so.
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
        let file: File = toml::from_str(text).map_err(|e| PolicyError::Toml {
            line: e.span().and_then(|span| text.get(..span.start)).map_or(1, |before| before.matches('\n').count() + 1),
            message: e.message().to_owned(),
        })?;
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

    /// Decides about one act on one address, and counts it. Ceilings are kept for each vantage apart.
    pub fn check(&self, vantage: &Arc<str>, address: IpAddr, act: Act) -> Result<(), Denied> {
        let address = address.to_canonical();
        let denied = |rule: &str| Err(Denied { address, rule: rule.to_owned() });
        for judged in std::iter::once(address).chain(embedded_v4(address)) {
            if let Some(rule) = compiled(judged) {
                return denied(rule);
            }
            if METADATA.contains(&judged) {
                match act {
                    // The same address is the resolver of some clouds' machines, and a DNS message fetches no secret.
                    Act::Dns => {}
                    Act::Request | Act::Upload => {
                        return denied("requests to a cloud metadata service are never sent");
                    }
                    Act::Connect | Act::Packet if self.allow_metadata => {}
                    Act::Connect | Act::Packet => {
                        return denied("a cloud metadata service; --allow-metadata connects to it all the same");
                    }
                }
            }
            if let Some(net) = self.deny.iter().find(|net| net.contains(&judged)) {
                return denied(&format!("the owner denies {net}"));
            }
            if !self.allow.iter().any(|net| net.contains(&judged)) {
                return denied("no policy allows it");
            }
        }
        match self.spend(vantage, address, act, Instant::now()) {
            Ok(()) => Ok(()),
            Err((burst, rate)) => denied(&format!("the ceiling is used up: {burst} at once, then {rate} a second")),
        }
    }

    fn spend(&self, vantage: &Arc<str>, address: IpAddr, act: Act, now: Instant) -> Result<(), (f64, f64)> {
        let (class, (burst, rate)) = match act {
            Act::Connect | Act::Request => (Act::Connect, self.connects),
            Act::Upload => (act, UPLOADS),
            Act::Packet => (act, PACKETS),
            Act::Dns => (act, QUESTIONS),
        };
        // A poisoned lock means that a thread died in here; what it counted is as good as before.
        let mut used = self.used.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let key = (Arc::clone(vantage), address, class);
        if used.len() >= REMEMBERED && !used.contains_key(&key) {
            used.retain(|_, bucket| now.duration_since(bucket.filled) < FULL_AGAIN);
            if used.len() >= REMEMBERED
                && let Some(oldest) = used.iter().min_by_key(|(_, bucket)| bucket.filled).map(|(key, _)| key.clone())
            {
                used.remove(&oldest);
            }
        }
        let bucket = used.entry(key).or_insert(Bucket { tokens: burst, filled: now });
        let refill = now.duration_since(bucket.filled).as_secs_f64() * rate;
        bucket.tokens = (bucket.tokens + refill).min(burst);
        bucket.filled = now;
        if bucket.tokens < 1.0 {
            return Err((burst, rate));
        }
        bucket.tokens -= 1.0;
        Ok(())
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

/// IPv4 addresses that an IPv6 one may lead to: NAT64 with its well-known and its local prefix (RFC 6052, RFC 8215), 6to4
/// (RFC 3056), Teredo's server and client (RFC 4380 §4), IPv4-compatible (RFC 4291 §2.5.5.1).
fn embedded_v4(address: IpAddr) -> impl Iterator<Item = IpAddr> {
    let pair = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Some(IpAddr::V4(Ipv4Addr::new(a, b, c, d)))
    };
    let segments = match address {
        IpAddr::V6(v6) => v6.segments(),
        IpAddr::V4(_) => [u16::MAX; 8],
    };
    let found = match segments {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => [pair(high, low), None],
        // A network may embed at /48 (around the zero byte of bits 64 to 71) or at /96.
        [0x64, 0xff9b, 1, high, middle, last, h, l] => {
            let [c, d] = [middle.to_be_bytes()[1], last.to_be_bytes()[0]];
            // The form that is not used reads as 0.0.0.0.
            [pair(high, u16::from_be_bytes([c, d])), pair(h, l)].map(|one| one.filter(|v4| !v4.is_unspecified()))
        }
        [0x2001, 0, high, low, _, _, h, l] => [pair(high, low), pair(!h, !l)],
        // :: and ::1 are addresses of their own.
        [0, 0, 0, 0, 0, 0, high, low] if high > 0 => [pair(high, low), None],
        _ => [None, None],
    };
    found.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn act(guard: &Guard, address: &str, act: Act) -> Result<(), String> {
        let address = address.parse().map_err(|e| format!("no address: {e}"))?;
        guard.check(&Arc::from("here"), address, act).map_err(|denied| denied.rule)
    }

    fn check(guard: &Guard, address: &str) -> Result<(), String> {
        act(guard, address, Act::Request)
    }

    #[test]
    fn a_daemon_without_a_policy_asks_nobody() {
        assert!(Guard::closed().is_closed());
        assert_eq!(check(&Guard::closed(), "127.0.0.1"), Err("no policy allows it".to_owned()));
    }

    #[test]
    fn disguises_of_a_denied_address_are_denied_too() {
        let guard = Guard::embedded();
        for address in [
            "169.254.169.254",
            "169.254.170.2",
            "168.63.129.16",
            "::ffff:169.254.169.254",
            "::a9fe:a9fe",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::a9fe:a9fe",
            "64:ff9b:1:a9fe:a9:fe00::",
            "2002:a9fe:a9fe::1",
            "2001:0:102:304::5601:5601",
            "2001:0:a9fe:a9fe::",
            "fd00:ec2::254",
            "fd20:ce::254",
            "0.0.0.0",
            "::",
            "::ffff:0.0.0.0",
            "64:ff9b::",
            "224.0.0.1",
            "64:ff9b::e000:1",
            "ff02::1",
            "255.255.255.255",
        ] {
            assert!(check(&guard, address).is_err(), "{address}");
        }
        for address in [
            "127.0.0.1",
            "169.254.20.10",
            "10.0.0.1",
            "2001:db8::1",
            "2001:4860::1",
            "::1",
            "64:ff9b::808:808",
            "64:ff9b:1::808:808",
        ] {
            assert_eq!(check(&guard, address), Ok(()), "{address}");
        }
    }

    #[test]
    fn every_alias_of_loopback_is_denied_where_only_another_network_is_allowed() {
        let guard = Guard::from_policy("allow = [\"10.0.0.0/8\", \"64:ff9b::/96\", \"2002::/16\"]").unwrap();
        for address in [
            "127.0.0.1",
            "127.255.255.254",
            "0.0.0.0",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:7f00:1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::127.0.0.1",
            "2002:7f00:1::",
        ] {
            for kind in [Act::Connect, Act::Request, Act::Upload, Act::Packet, Act::Dns] {
                assert!(act(&guard, address, kind).is_err(), "{address} {kind:?}");
            }
        }
        assert_eq!(check(&guard, "64:ff9b::a00:1"), Ok(()), "the control: NAT64 of an allowed address");
        // Spellings that are no addresses reach no guard: they do not parse.
        for text in ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "localhost"] {
            assert!(text.parse::<IpAddr>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_metadata_service_gets_no_request_and_a_connect_only_on_demand() {
        let (plain, told) = (Guard::embedded(), Guard::embedded_with_metadata());
        let address = "169.254.169.254";
        assert!(act(&plain, address, Act::Connect).is_err());
        assert_eq!(act(&told, address, Act::Connect), Ok(()));
        for guard in [&plain, &told] {
            assert!(act(guard, address, Act::Request).is_err());
            assert!(act(guard, address, Act::Upload).is_err());
            assert_eq!(act(guard, address, Act::Dns), Ok(()), "a resolver of some clouds");
        }
    }

    #[test]
    fn the_owner_only_narrows() {
        let guard = Guard::from_policy("allow = [\"10.0.0.0/8\"]\ndeny = [\"10.9.0.0/16\"]").unwrap();
        assert_eq!(check(&guard, "10.1.0.1"), Ok(()));
        assert_eq!(check(&guard, "10.9.0.1"), Err("the owner denies 10.9.0.0/16".to_owned()));
        assert_eq!(check(&guard, "192.168.0.1"), Err("no policy allows it".to_owned()));
        assert!(matches!(Guard::from_policy("connects_per_second = 1000.0"), Err(PolicyError::Ceiling(_))));
    }

    #[test]
    fn what_is_wrong_with_a_policy_is_said_with_its_line() {
        let said = |text: &str| Guard::from_policy(text).unwrap_err().to_string();
        let unknown = said("allow = []\n\nallow_all = true\n");
        assert!(unknown.starts_with("line 3: ") && unknown.contains("allow_all"), "{unknown}");
        let bad = said("allow = [\"10.0.0.0/8\",\n  \"10.0.0.0/33\"]");
        assert!(bad.starts_with("line 2: "), "{bad}");
    }

    #[test]
    fn a_ceiling_that_is_used_up_refuses_and_names_itself() {
        let guard = Guard::from_policy("allow = [\"0.0.0.0/0\"]\nconnects_per_second = 0.2").unwrap();
        assert_eq!(check(&guard, "10.0.0.1"), Ok(()));
        assert!(check(&guard, "10.0.0.1").unwrap_err().contains("ceiling"));
        assert_eq!(check(&guard, "10.0.0.2"), Ok(()), "another address has its own");
        let other = guard.check(&Arc::from("elsewhere"), "10.0.0.1".parse().unwrap(), Act::Request);
        assert_eq!(other, Ok(()), "another vantage has its own");
    }

    #[test]
    fn a_burst_passes_and_time_gives_the_rest() {
        let (guard, here, now) = (Guard::embedded(), Arc::from("here"), Instant::now());
        let spend = |at| guard.spend(&here, "10.0.0.1".parse().unwrap(), Act::Connect, at).is_ok();
        assert_eq!((0..100).filter(|_| spend(now)).count(), 64);
        assert_eq!((0..100).filter(|_| spend(now + Duration::from_secs(1))).count(), 10);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let guard = Guard::embedded();
        for n in 0..10_000u32 {
            assert_eq!(check(&guard, &Ipv4Addr::from(0x0a00_0000 + n).to_string()), Ok(()));
        }
        assert!(guard.used.lock().unwrap().len() <= REMEMBERED);
    }
}
