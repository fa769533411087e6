//! Causes: what each predicts, what contradicts it, what to ask when that was not asked yet.
//!
//! A rule speaks about one class of trouble. It answers with an [`Opinion`] or stays silent; it never invents evidence.

use mesh_proto::v1 as pb;

use crate::{
    evidence::{Role, SeenIx, Standing, Symptom, VantageIx, View},
    report::Decider,
    synchrony,
};

pub(crate) mod application;
pub(crate) mod client_host;
pub(crate) mod dns_data;
pub(crate) mod edge;
pub(crate) mod egress_proxy;
mod ending;
pub(crate) mod endpoints;
pub(crate) mod firewall;
pub(crate) mod flaky;
mod idle;
pub(crate) mod look;
pub(crate) mod network_policy;
pub(crate) mod path_mtu;
pub(crate) mod resolver;
pub(crate) mod resolver_config;
pub(crate) mod route;
pub(crate) mod service_datapath;
pub(crate) mod source_address;
pub(crate) mod timeout_budget;
pub(crate) mod tls;
mod ways;
mod wire;

/// Boundaries in path order (decisions: fifteen).
pub(crate) const BOUNDARIES: [&str; 15] = [
    "client-host",
    "egress-proxy",
    "resolver-config",
    "resolver",
    "dns-data",
    "source-address",
    "route",
    "path-mtu",
    "firewall",
    "service-datapath",
    "endpoints",
    "edge",
    "tls",
    "application",
    "timeout-budget",
];

/// What kind of failure is to be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Name,
    Local,
    Unreachable,
    Timeout,
    Refused,
    Handshake,
    Certificate,
    Large,
    NoAnswer,
    Reset,
    Status,
    /// Some fresh connections of one vantage fail and some do not.
    Intermittent,
    /// A connection does not survive the pause that was asked for.
    Idle,
    /// The name resolves, later than the caller waits.
    SlowName,
}

/// The failures that share a class, and the vantages that pass the same question.
#[derive(Debug, Clone)]
pub(crate) struct Trouble {
    pub(crate) class: Class,
    /// One per failing vantage.
    pub(crate) failing: Vec<SeenIx>,
    /// Of the same moment, or of a vantage that fails, too.
    pub(crate) passing: Vec<SeenIx>,
}

impl Trouble {
    /// The failure that stands for the others.
    pub(crate) fn sample(&self) -> SeenIx {
        self.failing.first().copied().unwrap_or_default()
    }

    pub(crate) fn all(&self) -> Vec<SeenIx> {
        self.failing.iter().chain(&self.passing).copied().collect()
    }
}

/// How sure a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Claim {
    Proved,
    Likely,
    Possible,
    Excluded,
}

/// What a rule says about its cause.
#[derive(Debug, Clone)]
pub(crate) struct Opinion {
    pub(crate) claim: Claim,
    /// Why, in a few words.
    pub(crate) why: String,
    pub(crate) because: Vec<SeenIx>,
    /// One end, or two.
    pub(crate) between: Vec<String>,
    /// The verdict's sentence when this is the answer.
    pub(crate) summary: String,
    pub(crate) deciders: Vec<Decider>,
}

impl Opinion {
    pub(crate) fn new(claim: Claim, why: impl Into<String>, because: Vec<SeenIx>) -> Self {
        Self { claim, why: why.into(), because, between: Vec::new(), summary: String::new(), deciders: Vec::new() }
    }

    pub(crate) fn proved(why: impl Into<String>, because: Vec<SeenIx>) -> Self {
        Self::new(Claim::Proved, why, because)
    }

    pub(crate) fn likely(why: impl Into<String>, because: Vec<SeenIx>) -> Self {
        Self::new(Claim::Likely, why, because)
    }

    pub(crate) fn possible(why: impl Into<String>, because: Vec<SeenIx>) -> Self {
        Self::new(Claim::Possible, why, because)
    }

    pub(crate) fn excluded(why: impl Into<String>, because: Vec<SeenIx>) -> Self {
        Self::new(Claim::Excluded, why, because)
    }

    pub(crate) fn at(mut self, between: impl IntoIterator<Item = String>) -> Self {
        self.between = between.into_iter().collect();
        self
    }

    pub(crate) fn says(mut self, summary: impl Into<String>) -> Self {
        self.summary = summary.into();
        self
    }

    pub(crate) fn decided_by(mut self, what: impl Into<String>, command: Option<String>) -> Self {
        self.deciders.push(Decider { what: what.into(), command });
        self
    }
}

/// Further evidence a rule wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ask {
    /// Packet filter rules, everywhere.
    Firewall,
    /// The socket table of whoever holds the address, and of the askers.
    Listeners,
    /// Each configured DNS server over UDP and TCP.
    Servers,
    /// A DF ladder with hops, from failing and passing vantages.
    Pmtu,
    /// A raw SYN: who answers it, with which TTL.
    Mss,
    /// Echo of the address.
    Echo,
    /// The servers behind the proxy, directly.
    Upstream,
    /// Kernel counters everywhere, before and after one more SYN.
    Counters,
    /// Every vantage's route to the address and back to who asks.
    Routes,
    /// The certificate as every vantage sees it.
    Certificate,
    /// Who answers at each distance on the failing port, and on one that must be closed.
    Trace,
    /// The vantages' own neighbours.
    Neighbours,
    /// Connection tracking on whoever may carry the flow.
    Conntrack,
    /// What the proxy at the address says of its upstreams.
    ProxyState,
    /// The endpoints of the Service, directly.
    Endpoints,
    /// The failing ports again, and as many fresh ones.
    Same,
    /// The same question with more time.
    Patient,
    /// A `ClientHello` of one segment, and one that offers every version.
    Hellos,
    /// The nameservers that other vantages use.
    OtherServers,
    /// The same request with bodies of other sizes.
    Sizes,
    /// The same again, to compare how long it takes to fail.
    Repeat,
    /// What the kernels said lately.
    KernelLog,
    /// The asking hosts' own listeners, on every port.
    OwnListeners,
    /// The asking hosts' own packet filter rules.
    OwnRules,
}

/// A cause, and how it is judged.
pub(crate) struct Rule {
    /// `boundary/cause`; never renamed.
    pub(crate) slug: &'static str,
    /// One sentence: what it would mean.
    pub(crate) meaning: &'static str,
    pub(crate) classes: &'static [Class],
    pub(crate) asks: &'static [Ask],
    pub(crate) judge: fn(&View<'_>, &Trouble) -> Option<Opinion>,
}

impl Rule {
    pub(crate) fn boundary(&self) -> &'static str {
        self.slug.split_once('/').map_or(self.slug, |(boundary, _)| boundary)
    }

    pub(crate) fn cause(&self) -> &'static str {
        self.slug.split_once('/').map_or("", |(_, cause)| cause)
    }

    /// Place of the boundary on the path.
    pub(crate) fn order(&self) -> usize {
        BOUNDARIES.iter().position(|boundary| *boundary == self.boundary()).unwrap_or(BOUNDARIES.len())
    }
}

/// Every rule, by boundary in path order.
pub(crate) const RULES: &[&[Rule]] = &[
    client_host::RULES,
    egress_proxy::RULES,
    resolver_config::RULES,
    resolver::RULES,
    dns_data::RULES,
    source_address::RULES,
    route::RULES,
    path_mtu::RULES,
    firewall::RULES,
    network_policy::RULES,
    service_datapath::RULES,
    endpoints::RULES,
    edge::RULES,
    tls::RULES,
    application::RULES,
    timeout_budget::RULES,
];

/// All rules, flat.
pub(crate) fn all() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().flat_map(|rules| rules.iter())
}

/// The class of one failure.
pub(crate) fn class_of(view: &View<'_>, seen: SeenIx) -> Class {
    let Some(attempt) = view.attempt_at(seen) else {
        return if view.at(seen).obs.outcome() == pb::Outcome::Pass { Class::SlowName } else { Class::Name };
    };
    if view.captured(attempt.vantage).is_some() {
        return Class::Status;
    }
    match &attempt.symptom {
        Symptom::LocalError | Symptom::NotLooked | Symptom::Works => Class::Local,
        Symptom::Unreachable { .. } => Class::Unreachable,
        Symptom::ConnectTimeout => Class::Timeout,
        Symptom::Refused(_) => Class::Refused,
        Symptom::TlsVerify(_) => Class::Certificate,
        Symptom::TlsAlert(_)
        | Symptom::TlsReset
        | Symptom::TlsEof
        | Symptom::TlsSilent
        | Symptom::NotTls
        | Symptom::TlsOther => Class::Handshake,
        Symptom::Stalled => Class::Large,
        Symptom::NoAnswer if small_passes(view, attempt.vantage, attempt.address) => Class::Large,
        Symptom::NoAnswer => Class::NoAnswer,
        Symptom::HttpReset | Symptom::HttpEof | Symptom::HttpOther | Symptom::Truncated | Symptom::Garbage => {
            Class::Reset
        }
        Symptom::Reuse(_) => Class::Idle,
        Symptom::Status(_) | Symptom::ProxyRefuses(_) => Class::Status,
    }
}

/// The same request without a body works from there.
pub(crate) fn small_passes(view: &View<'_>, vantage: VantageIx, address: std::net::IpAddr) -> bool {
    view.tries(vantage, &[Role::Small])
        .any(|small| small.address == address && matches!(small.symptom, Symptom::Works | Symptom::Status(_)))
}

/// The failures to be explained: those of the class most vantages share, the earliest stage first when even.
pub(crate) fn trouble(view: &View<'_>) -> Option<Trouble> {
    struct Group {
        class: Class,
        vantages: usize,
        rows: Vec<SeenIx>,
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut passing = Vec::new();
    for vantage in view.askers() {
        let (class, rows) = if let Some((bad, good)) = view.mixed(vantage) {
            passing.extend(good);
            (Class::Intermittent, bad)
        } else {
            match view.standing(vantage) {
                Standing::Works(seen) => {
                    passing.push(seen);
                    continue;
                }
                Standing::Fails(seen) | Standing::NameFails(seen) => (class_of(view, seen), vec![seen]),
                Standing::Unknown(_) => continue,
            }
        };
        match groups.iter_mut().find(|group| group.class == class) {
            Some(group) => {
                group.vantages += 1;
                group.rows.extend(rows);
            }
            None => groups.push(Group { class, vantages: 1, rows }),
        }
    }
    groups.sort_by_key(|group| (std::cmp::Reverse(group.vantages), group.class));
    let group = groups.into_iter().next()?;
    let passing = synchrony::comparable(view, &group.rows, passing);
    Some(Trouble { class: group.class, failing: group.rows, passing })
}

/// The address may be a Service's: only Pods and nodes ask, and nobody said what the cluster knows.
pub(crate) fn maybe_service(view: &View<'_>, trouble: &Trouble) -> bool {
    let inside = |row: &SeenIx| matches!(view.vantage(view.at(*row).vantage).kind.as_str(), "pod" | "node");
    view.cluster().is_none() && !trouble.failing.is_empty() && trouble.failing.iter().all(inside)
}

/// What a Service's cause says while nobody knows whether the address is one.
pub(crate) fn if_service(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    maybe_service(view, trouble).then(|| {
        Opinion::possible("no cluster state says whether the address is a Service's", trouble.failing.clone())
            .decided_by("the cluster's API", Some("meshctl diagnose … --cluster-state FILE".to_owned()))
    })
}

/// "client and 2 more", for sentences.
pub(crate) fn places(view: &View<'_>, rows: &[SeenIx]) -> String {
    let mut names: Vec<&str> = rows.iter().map(|ix| view.vantage(view.at(*ix).vantage).id.as_str()).collect();
    names.dedup();
    match names.as_slice() {
        [] => "nobody".to_owned(),
        ["local"] => "here".to_owned(),
        [one] => (*one).to_owned(),
        [one, two] => format!("{one} and {two}"),
        [one, two, rest @ ..] => format!("{one}, {two} and {} more", rest.len()),
    }
}

/// "client passes", "client and node-a pass", for sentences.
pub(crate) fn passing(view: &View<'_>, rows: &[SeenIx]) -> String {
    let names = places(view, rows);
    if names == "here" {
        "this host itself passes".to_owned()
    } else if rows.len() == 1 {
        format!("{names} passes")
    } else {
        format!("{names} pass")
    }
}

/// Address and port as one text, an IPv6 address in brackets.
pub(crate) fn endpoint(obs: &pb::Observation) -> String {
    if obs.address.contains(':') {
        format!("[{}]:{}", obs.address, obs.port)
    } else if obs.address.is_empty() {
        obs.name.clone()
    } else {
        format!("{}:{}", obs.address, obs.port)
    }
}
