//! What to ask next. The first rounds are broad and cheap; later ones ask only what separates the causes that are left.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use mesh_proto::v1 as pb;

use crate::{
    evidence::{Standing, VantageIx, View},
    noticed,
};

mod closer;
mod deepen;
mod focus;

pub(crate) use closer::of_role;
pub(crate) use deepen::further;

/// Addresses of one name that are asked; beyond that the report says how many were left out.
pub(crate) const ADDRESSES: usize = 4;
/// Failing vantages from which ladders and raw SYNs are sent; passing ones to compare with.
const LADDERS: (usize, usize) = (4, 2);
/// Bound of a connect: just above the three seconds after which an unanswered neighbour look-up becomes an error.
const CONNECT_MS: u32 = 3_300;
/// Bound of a look-up: glibc asks its second server after five seconds.
const RESOLVE_MS: u32 = 6_000;
/// Bound of one request when the caller stated none.
const REQUEST_MS: u32 = 10_000;
/// A connect that must fail; below the first retransmission.
const CONTROL_MS: u32 = 900;
const ECHO_MS: u32 = 600;
const COLLECT_MS: u32 = 1_000;
const PMTU_MS: u32 = 2_500;
/// Kept from the end of the run for judging, milliseconds.
const RESERVE_MS: u32 = 300;

/// Fresh connections of one question (the ceiling of a burst, less the controls).
const TIMES: u32 = 48;
/// Source ports of several connections: below the ephemeral range of Linux (32768, ip-sysctl), so that no other socket
/// of the host is likely to hold them.
const FIRST_PORT: u32 = 20_000;
const SPREAD: u64 = 12_000;

/// Dead by definition: TEST-NET-1 (RFC 5737) and the IPv6 documentation prefix (RFC 3849).
const DEAD_V4: &str = "192.0.2.1";
const DEAD_V6: &str = "2001:db8::1";
/// Port of the connect to the dead address.
const DEAD_PORT: u32 = 9;

/// One round, before it is numbered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    pub(crate) why: String,
    pub(crate) tasks: BTreeMap<VantageIx, Vec<pb::ProbeSpec>>,
}

impl Plan {
    fn new(why: impl Into<String>) -> Self {
        Self { why: why.into(), tasks: BTreeMap::new() }
    }

    fn extend(&mut self, vantage: VantageIx, spec: Option<pb::ProbeSpec>) {
        self.tasks.entry(vantage).or_default().extend(spec);
    }

    fn add(&mut self, vantage: VantageIx, spec: pb::ProbeSpec) {
        self.tasks.entry(vantage).or_default().push(spec);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.tasks.values().all(Vec::is_empty)
    }
}

fn spec(task: impl Into<String>, timeout_ms: u32, probe: pb::probe_spec::Probe) -> pb::ProbeSpec {
    pb::ProbeSpec {
        task: task.into(),
        purpose: pb::Purpose::Question.into(),
        timeout_ms,
        connect_ms: 0,
        probe: Some(probe),
        ..Default::default()
    }
}

fn collect(task: &str, source: pb::Source, addresses: &[String], port: u16) -> pb::ProbeSpec {
    let detail = pb::CollectSpec { source: source.into(), addresses: addresses.to_vec(), port: port.into() };
    spec(task, COLLECT_MS, pb::probe_spec::Probe::Collect(detail))
}

/// The target's host is an address, or the caller named addresses.
pub(crate) fn fixed_addresses(view: &View<'_>) -> Option<Vec<String>> {
    let want = view.want();
    if !want.resolve.is_empty() {
        return Some(want.resolve);
    }
    view.target().host.parse::<IpAddr>().ok().map(|address| vec![address.to_string()])
}

/// Addresses that one vantage is to ask, in the order its resolver gave them.
pub(crate) fn addresses(view: &View<'_>, vantage: VantageIx) -> Vec<String> {
    let family = view.want().family;
    let all = fixed_addresses(view).unwrap_or_else(|| {
        view.resolution(vantage)
            .and_then(|(_, obs)| obs.resolve.as_ref())
            .map(|detail| detail.addresses.clone())
            .unwrap_or_default()
    });
    let mut known = BTreeSet::new();
    all.into_iter()
        .filter(|address| match address.parse::<IpAddr>() {
            Ok(ip) => (family != "4" || ip.is_ipv4()) && (family != "6" || ip.is_ipv6()),
            Err(_) => false,
        })
        .filter(|address| known.insert(address.clone()))
        .take(ADDRESSES)
        .collect()
}

/// The name, as each asking vantage resolves it.
pub(crate) fn names(view: &View<'_>) -> Plan {
    let target = view.target();
    let mut plan = Plan::new(format!("what does {} resolve to, from each place?", target.host));
    for vantage in view.askers() {
        let resolve = pb::ResolveSpec { name: target.host.clone(), family: view.want().family };
        plan.add(vantage, spec("resolve", RESOLVE_MS, pb::probe_spec::Probe::Resolve(resolve)));
        plan.add(vantage, collect("resolver", pb::Source::Resolver, std::slice::from_ref(&target.host), 0));
    }
    plan
}

/// The plain question, with the controls that say whether its answer means anything.
pub(crate) fn question(view: &View<'_>, left_ms: u32, salt: u64) -> Plan {
    let mut plan = Plan::new(format!("does {} answer, from each place?", view.target().input));
    for vantage in view.askers() {
        let addresses = addresses(view, vantage);
        let Some(first) = addresses.first().cloned() else { continue };
        for address in &addresses {
            plan.add(vantage, watched(ask(view, "ask", address, left_ms)));
            if !view.want().proxy.is_empty() {
                plan.extend(vantage, proxied(view, address, left_ms));
            }
            if view.want().body_bytes > 0 {
                plan.add(vantage, small(view, address, left_ms));
            }
            if view.target().bare_name {
                plan.add(vantage, connect("port80", &view.target().host, address, 80, pb::Purpose::Contrast));
            }
            let echo = pb::IcmpSpec { address: address.clone(), packet_bytes: 0, count: 1 };
            plan.add(vantage, spec(format!("echo:{address}"), ECHO_MS, pb::probe_spec::Probe::Icmp(echo)));
        }
        for number in 1..view.want().times.clamp(1, TIMES) {
            plan.add(vantage, from_port(ask(view, "more", &first, left_ms), number, salt));
        }
        plan.add(vantage, collect("routes", pb::Source::Routes, &addresses, view.port()));
        plan.add(vantage, collect("sockets", pb::Source::Sockets, &addresses, view.port()));
        controls(view, &mut plan, vantage, &first, salt);
    }
    plan
}

fn controls(view: &View<'_>, plan: &mut Plan, vantage: VantageIx, first: &str, salt: u64) {
    // A port nobody is asked to serve, other in each run so that nobody learns it.
    let range = 65_535 - 49_152 + 1;
    let mut port = 49_152 + u32::try_from(salt % range).unwrap_or(0);
    if port == u32::from(view.port()) {
        port -= 1;
    }
    plan.add(vantage, control("control-port", first, port));
    let near = first.parse::<IpAddr>().is_ok_and(|address| is_near(view, vantage, address));
    if !near {
        let dead = if first.contains(':') { DEAD_V6 } else { DEAD_V4 };
        plan.add(vantage, control("control-net", dead, DEAD_PORT));
    }
    if let Some((host, port)) = view.want().control.rsplit_once(':')
        && let Ok(port) = port.parse::<u16>()
    {
        let host = host.trim_matches(['[', ']']);
        plan.add(vantage, connect("positive", host, host, port, pb::Purpose::PositiveControl));
    }
}

fn control(task: &str, address: &str, port: u32) -> pb::ProbeSpec {
    let tcp = pb::TcpSpec {
        name: String::new(),
        address: address.to_owned(),
        port,
        single_syn: true,
        greet_ms: 0,
        ..Default::default()
    };
    pb::ProbeSpec {
        purpose: pb::Purpose::NegativeControl.into(),
        ..spec(format!("{task}:{address}"), CONTROL_MS, pb::probe_spec::Probe::Tcp(tcp))
    }
}

/// The target is this host, or so near that a packet to a dead address would leave the neighbourhood it stays in.
fn is_near(view: &View<'_>, vantage: VantageIx, address: IpAddr) -> bool {
    if address.is_loopback() {
        return true;
    }
    view.vantage(vantage).addresses.iter().filter_map(|own| own.parse::<IpAddr>().ok()).any(|own| {
        match (own, address) {
            // Prefix lengths are not known here; these are the usual ones of a link.
            (IpAddr::V4(own), IpAddr::V4(other)) => own.octets().get(..3) == other.octets().get(..3),
            (IpAddr::V6(own), IpAddr::V6(other)) => own.octets().get(..8) == other.octets().get(..8),
            _ => false,
        }
    })
}

fn connect(task: &str, name: &str, address: &str, port: u16, purpose: pb::Purpose) -> pb::ProbeSpec {
    let tcp = pb::TcpSpec {
        name: name.to_owned(),
        address: address.to_owned(),
        port: port.into(),
        single_syn: false,
        greet_ms: 0,
        ..Default::default()
    };
    pb::ProbeSpec {
        purpose: purpose.into(),
        ..spec(format!("{task}:{address}"), CONNECT_MS, pb::probe_spec::Probe::Tcp(tcp))
    }
}

fn request_ms(view: &View<'_>, left_ms: u32) -> u32 {
    let stated = view.want().max_time_ms;
    let bound = if stated > 0 { stated } else { REQUEST_MS };
    bound.min(left_ms.saturating_sub(RESERVE_MS)).max(1)
}

/// With the packets of its own flow recorded: who sent a reset shows in its TTL and form.
fn watched(probe: pb::ProbeSpec) -> pb::ProbeSpec {
    pb::ProbeSpec { watch: true, ..probe }
}

/// One of several, from a source port of its own that can be asked from again.
fn from_port(mut probe: pb::ProbeSpec, number: u32, salt: u64) -> pb::ProbeSpec {
    let port = FIRST_PORT + u32::try_from(salt % SPREAD).unwrap_or(0) + number;
    match &mut probe.probe {
        Some(pb::probe_spec::Probe::Http(http)) => {
            http.source_port = port;
            http.idle_ms = 0;
        }
        Some(pb::probe_spec::Probe::Tcp(tcp)) => tcp.source_port = port,
        _ => {}
    }
    probe.task = format!("{}/{number}", probe.task);
    probe
}

/// The question through the forward proxy that the caller named.
fn proxied(view: &View<'_>, address: &str, left_ms: u32) -> Option<pb::ProbeSpec> {
    let mut probe = ask(view, "proxied", address, left_ms);
    let Some(pb::probe_spec::Probe::Http(http)) = &mut probe.probe else { return None };
    http.proxy = view.want().proxy;
    http.idle_ms = 0;
    probe.purpose = pb::Purpose::Contrast.into();
    Some(probe)
}

/// The question in the target's own protocol.
fn ask(view: &View<'_>, role: &str, address: &str, left_ms: u32) -> pb::ProbeSpec {
    let (target, want) = (view.target(), view.want());
    let task = format!("{role}:{address}");
    let port = target.port;
    let name = target.host.clone();
    let sni = if want.sni.is_empty() { target.host.clone() } else { want.sni.clone() };
    let probe = match target.scheme.as_str() {
        "http" | "https" => pb::probe_spec::Probe::Http(pb::HttpSpec {
            name,
            address: address.to_owned(),
            port,
            tls: target.scheme == "https",
            sni,
            method: method(&want),
            path: target.path.clone(),
            headers: want.headers.clone(),
            body_bytes: want.body_bytes,
            ca_pem: want.ca_pem,
            idle_ms: if role == "ask" { want.idle_ms } else { 0 },
            // As browsers and current libraries begin: more than one segment.
            large_hello: true,
            ..Default::default()
        }),
        "tls" | "grpc" => pb::probe_spec::Probe::Tls(pb::TlsSpec {
            name,
            address: address.to_owned(),
            port,
            sni,
            alpn: if target.scheme == "grpc" { vec!["h2".to_owned()] } else { Vec::new() },
            ca_pem: want.ca_pem,
            large_hello: true,
            ..Default::default()
        }),
        _ => pb::probe_spec::Probe::Tcp(pb::TcpSpec {
            name,
            address: address.to_owned(),
            port,
            single_syn: false,
            greet_ms: 0,
            ..Default::default()
        }),
    };
    pb::ProbeSpec { connect_ms: CONNECT_MS, ..spec(task, request_ms(view, left_ms), probe) }
}

fn method(want: &pb::Want) -> String {
    match (want.method.as_str(), want.body_bytes) {
        ("", 0) => "GET".to_owned(),
        ("", _) => "POST".to_owned(),
        (stated, _) => stated.to_owned(),
    }
}

fn small(view: &View<'_>, address: &str, left_ms: u32) -> pb::ProbeSpec {
    let mut probe = ask(view, "small", address, left_ms);
    if let Some(pb::probe_spec::Probe::Http(http)) = &mut probe.probe {
        http.body_bytes = 1;
    }
    probe.purpose = pb::Purpose::Contrast.into();
    probe
}

/// A round for a run that works: only what the caller's own question makes worth knowing.
pub(crate) fn healthy(view: &View<'_>) -> Option<Plan> {
    let mut plan = Plan::new("is it the target that answers?");
    for vantage in view.askers() {
        let Standing::Works(seen) = view.standing(vantage) else { continue };
        if noticed::redirected(view, seen).is_some() && view.target().scheme == "http" {
            let dead = if view.at(seen).obs.address.contains(':') { DEAD_V6 } else { DEAD_V4 };
            let mut probe = ask(view, "control-http", dead, CONTROL_MS);
            probe.timeout_ms = CONTROL_MS;
            probe.connect_ms = CONTROL_MS;
            probe.purpose = pb::Purpose::NegativeControl.into();
            if let Some(pb::probe_spec::Probe::Http(http)) = &mut probe.probe {
                http.name = String::new();
                http.body_bytes = 0;
            }
            plan.add(vantage, probe);
        }
    }
    if view.want().body_bytes == 0 {
        return (!plan.is_empty()).then_some(plan);
    }
    "which packet sizes pass?".clone_into(&mut plan.why);
    for vantage in view.askers().take(LADDERS.0) {
        if let Standing::Works(seen) = view.standing(vantage) {
            plan.add(vantage, pmtu(view, &view.at(seen).obs.address, false));
        }
    }
    Some(plan)
}

fn pmtu(view: &View<'_>, address: &str, hops: bool) -> pb::ProbeSpec {
    let detail = pb::PmtuSpec {
        name: view.target().host,
        address: address.to_owned(),
        port: view.port().into(),
        max_bytes: 0,
        hops,
    };
    spec(format!("pmtu:{address}"), PMTU_MS, pb::probe_spec::Probe::Pmtu(detail))
}
