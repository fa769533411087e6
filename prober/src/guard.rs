//! Which targets a prober may ask, decided on the binary address immediately before a socket is used.
//!
//! Effective permission = compiled denials ∩ the owner's deny list ∩ what the policy allows. A file can only narrow what
//! is compiled in. Its rules can be replaced while probes go on; what was used up of a ceiling stays used.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError, RwLock},
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

/// How a refusal by policy is called where a system error has the name of its errno.
pub const DENIED_POLICY: &str = "DENIED_POLICY";

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
    rules: Arc<RwLock<Rules>>,
    /// The mesh's own ports: the coordinator's as it was dialled, and this prober's.
    control: Arc<RwLock<BTreeSet<SocketAddr>>>,
    used: Arc<Mutex<BTreeMap<Use, Bucket>>>,
}

#[derive(Debug, Clone)]
struct Rules {
    allow: Vec<IpNet>,
    deny: Vec<IpNet>,
    allow_metadata: bool,
    connects: (f64, f64),
}

/// The mesh's own ports that are remembered. A prober dials a handful of addresses.
const CONTROL: usize = 64;

/// Vantage, address and class of act.
type Use = (Arc<str>, IpAddr, Act);

impl Guard {
    fn new(allow: Vec<IpNet>, deny: Vec<IpNet>) -> Self {
        Self::of(Rules { allow, deny, allow_metadata: false, connects: CONNECTS })
    }

    fn of(rules: Rules) -> Self {
        Self { rules: Arc::new(RwLock::new(rules)), control: Arc::default(), used: Arc::default() }
    }

    /// For a prober that runs inside the user's own command: everything but the compiled denials.
    pub fn embedded() -> Self {
        Self::new(everything(), Vec::new())
    }

    /// As [`Guard::embedded`], with bare connects to metadata services too: the user said so.
    pub fn embedded_with_metadata() -> Self {
        Self::of(Rules { allow: everything(), deny: Vec::new(), allow_metadata: true, connects: CONNECTS })
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
        Self::allowing_within(Vec::new(), text)
    }

    /// A policy file, and networks beside those that it allows. What the file denies is denied all the same.
    pub fn allowing_within(mut networks: Vec<IpNet>, policy: &str) -> Result<Self, PolicyError> {
        let file: File = toml::from_str(policy).map_err(|e| PolicyError::Toml {
            line: e.span().and_then(|span| policy.get(..span.start)).map_or(1, |text| text.matches('\n').count() + 1),
            message: e.message().to_owned(),
        })?;
        networks.extend(file.allow);
        let connects = match file.connects_per_second {
            None => CONNECTS,
            Some(rate) if (0.1..=CONNECTS.1).contains(&rate) => ((rate * CONNECTS.0 / CONNECTS.1).max(1.0), rate),
            Some(rate) => return Err(PolicyError::Ceiling(rate)),
        };
        let (deny, allow_metadata) = (file.deny, file.allow_metadata);
        Ok(Self::of(Rules { allow: networks, deny, allow_metadata, connects }))
    }

    /// From now on the rules of another one hold.
    pub fn follow(&self, other: &Self) {
        let rules = other.rules().clone();
        *self.rules.write().unwrap_or_else(PoisonError::into_inner) = rules;
    }

    /// A port of the mesh itself: nobody asks a prober to knock there.
    pub fn keep_out_of(&self, port: SocketAddr) {
        let mut control = self.control.write().unwrap_or_else(PoisonError::into_inner);
        if control.len() < CONTROL {
            control.insert(SocketAddr::new(port.ip().to_canonical(), port.port()));
        }
    }

    fn rules(&self) -> std::sync::RwLockReadGuard<'_, Rules> {
        self.rules.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// True when nothing at all may be asked.
    pub fn is_closed(&self) -> bool {
        self.rules().allow.is_empty()
    }

    /// Decides about one act on one address, and counts it. Port 0 is none. Ceilings are kept for each vantage apart.
    pub fn check(&self, vantage: &Arc<str>, to: SocketAddr, act: Act) -> Result<(), Denied> {
        let address = to.ip().to_canonical();
        let denied = |rule: String| Denied { address, rule };
        let connects = {
            let rules = self.rules();
            for judged in std::iter::once(address).chain(embedded_v4(address)) {
                if let Some(rule) = compiled(judged) {
                    return Err(denied(rule.to_owned()));
                }
                if self.is_control(SocketAddr::new(judged, to.port())) {
                    return Err(denied(format!("port {} there is the mesh's own", to.port())));
                }
                rules.judge(judged, act).map_err(denied)?;
            }
            rules.connects
        };
        self.spend(vantage, address, act, connects, Instant::now())
            .map_err(|(burst, rate)| denied(format!("the ceiling is used up: {burst} at once, then {rate} a second")))
    }

    fn is_control(&self, port: SocketAddr) -> bool {
        self.control.read().unwrap_or_else(PoisonError::into_inner).contains(&port)
    }

    fn spend(
        &self,
        vantage: &Arc<str>,
        address: IpAddr,
        act: Act,
        connects: (f64, f64),
        now: Instant,
    ) -> Result<(), (f64, f64)> {
        let (class, (burst, rate)) = match act {
            Act::Connect | Act::Request => (Act::Connect, connects),
            Act::Upload => (act, UPLOADS),
            Act::Packet => (act, PACKETS),
            Act::Dns => (act, QUESTIONS),
        };
        // A poisoned lock means that a thread died in here; what it counted is as good as before.
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
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

impl Rules {
    /// Why the owner does not want it.
    fn judge(&self, address: IpAddr, act: Act) -> Result<(), String> {
        if METADATA.contains(&address) {
            match act {
                // The same address is the resolver of some clouds' machines, and a DNS message fetches no secret.
                Act::Dns => {}
                Act::Request | Act::Upload => {
                    return Err("requests to a cloud metadata service are never sent".to_owned());
                }
                Act::Connect | Act::Packet if self.allow_metadata => {}
                Act::Connect | Act::Packet => {
                    return Err("a cloud metadata service; --allow-metadata connects to it all the same".to_owned());
                }
            }
        }
        if let Some(net) = self.deny.iter().find(|net| net.contains(&address)) {
            return Err(format!("the owner denies {net}"));
        }
        if self.allow.iter().any(|net| net.contains(&address)) { Ok(()) } else { Err("no policy allows it".to_owned()) }
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
        // RFC 1122 §3.2.1.3. Linux sends to all of them but the first.
        IpAddr::V4(v4) if v4.octets().starts_with(&[0]) => Some("\"this network\" is no target"),
        _ => None,
    }
}

/// IPv4 addresses that an IPv6 one may lead to: NAT64 with its well-known and its local prefix (RFC 6052, RFC 8215), 6to4
/// (RFC 3056), Teredo's server and client (RFC 4380 §4), IPv4-compatible (RFC 4291 §2.5.5.1), translated by SIIT (RFC 2765
/// §2.1), ISATAP (RFC 5214 §6.1).
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
        [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [.., 0 | 0x200, 0x5efe, high, low] => [pair(high, low), None],
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
        let address: IpAddr = address.parse().map_err(|e| format!("no address: {e}"))?;
        guard.check(&Arc::from("here"), SocketAddr::new(address, 80), act).map_err(|denied| denied.rule)
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

    /// Names under which a host may reach itself: a check of text would have to know them all, a check of the address none.
    const ALIASES: [&str; 43] = [
        "127.0.0.1",
        "127.0.0.2",
        "127.0.1.1",
        "127.1.2.3",
        "127.255.255.254",
        "127.255.255.255",
        "0.0.0.0",
        "0.0.0.1",
        "0.255.255.255",
        "::",
        "::1",
        "0:0:0:0:0:0:0:1",
        "0000:0000:0000:0000:0000:0000:0000:0001",
        "::0.0.0.1",
        "::127.0.0.1",
        "::7f00:1",
        "::127.255.255.254",
        "::ffff:127.0.0.1",
        "::ffff:7f00:1",
        "::FFFF:7F00:0001",
        "0:0:0:0:0:ffff:127.0.0.1",
        "::ffff:127.1.2.3",
        "::ffff:0.0.0.0",
        "::ffff:0:0",
        "::ffff:0:127.0.0.1",
        "::ffff:0:7f00:1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::7f01:203",
        "64:ff9b::",
        "64:ff9b:1::7f00:1",
        "64:ff9b:1:7f00:0:100::",
        "64:ff9b:1:abcd::7f00:1",
        "2002:7f00:1::",
        "2002:7f00:1::1",
        "2002:7f00:1:ffff:1:2:3:4",
        "2001:0:7f00:1::",
        "2001:0:102:304::80ff:fffe",
        "2001::80ff:fffe",
        "fe80::5efe:127.0.0.1",
        "fe80::200:5efe:7f00:1",
        "2001:db8::5efe:7f00:1",
        "::ffff:127.0.0.2",
    ];

    #[test]
    fn every_alias_of_loopback_is_denied_where_the_owner_denies_loopback() {
        let deny = "allow = [\"0.0.0.0/0\", \"::/0\"]\ndeny = [\"127.0.0.0/8\", \"::1/128\"]";
        let elsewhere = "allow = [\"10.0.0.0/8\", \"64:ff9b::/96\", \"2002::/16\"]";
        for policy in [deny, elsewhere] {
            let guard = Guard::from_policy(policy).unwrap();
            for address in ALIASES {
                for kind in [Act::Connect, Act::Request, Act::Upload, Act::Packet, Act::Dns] {
                    assert!(act(&guard, address, kind).is_err(), "{address} {kind:?}");
                }
            }
            assert_eq!(check(&guard, "64:ff9b::a00:1"), Ok(()), "the control: NAT64 of an allowed address");
            assert_eq!(check(&guard, "10.0.0.1"), Ok(()), "control");
        }
        // Spellings that are no addresses reach no guard: they do not parse. Nor do scopes.
        for text in
            ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "localhost", "fe80::1%lo", "[::1]", "127.0.0.1."]
        {
            assert!(text.parse::<IpAddr>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_ports_of_the_mesh_are_out_of_bounds_and_their_neighbours_are_not() {
        let guard = Guard::embedded();
        guard.keep_out_of("10.9.1.2:7443".parse().unwrap());
        guard.keep_out_of("[::ffff:10.9.1.3]:7443".parse().unwrap());
        let ask = |to: &str| guard.check(&Arc::from("here"), to.parse().unwrap(), Act::Connect).map_err(|d| d.rule);
        for to in ["10.9.1.2:7443", "[::ffff:10.9.1.2]:7443", "[64:ff9b::a09:102]:7443", "10.9.1.3:7443"] {
            assert_eq!(ask(to), Err("port 7443 there is the mesh's own".to_owned()), "{to}");
        }
        for to in ["10.9.1.2:443", "10.9.1.4:7443"] {
            assert_eq!(ask(to), Ok(()), "control: {to}");
        }
    }

    #[test]
    fn flags_widen_what_a_file_allows_and_not_what_it_denies_and_new_rules_hold_at_once() {
        let flags = || vec!["192.168.0.0/16".parse().unwrap()];
        let guard = Guard::allowing_within(flags(), "allow = [\"10.0.0.0/8\"]\ndeny = [\"192.168.7.0/24\"]").unwrap();
        assert_eq!((check(&guard, "10.1.0.1"), check(&guard, "192.168.1.1")), (Ok(()), Ok(())));
        assert_eq!(check(&guard, "192.168.7.1"), Err("the owner denies 192.168.7.0/24".to_owned()));
        let used = guard.clone();
        guard.follow(&Guard::allowing_within(flags(), "deny = [\"192.168.1.0/24\"]").unwrap());
        assert_eq!(check(&used, "192.168.1.1"), Err("the owner denies 192.168.1.0/24".to_owned()));
        assert_eq!(check(&used, "192.168.7.1"), Ok(()));
        assert_eq!(check(&used, "10.1.0.1"), Err("no policy allows it".to_owned()));
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
        let other = guard.check(&Arc::from("elsewhere"), "10.0.0.1:80".parse().unwrap(), Act::Request);
        assert_eq!(other, Ok(()), "another vantage has its own");
    }

    #[test]
    fn a_burst_passes_and_time_gives_the_rest() {
        let (guard, here, now) = (Guard::embedded(), Arc::from("here"), Instant::now());
        let spend = |at| guard.spend(&here, "10.0.0.1".parse().unwrap(), Act::Connect, CONNECTS, at).is_ok();
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
