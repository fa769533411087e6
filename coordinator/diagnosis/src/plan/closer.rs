//! Questions of later rounds that follow one flow closely: its way by TTL, its ports, its hellos, what lies behind it.

use std::collections::BTreeSet;

use mesh_proto::v1 as pb;

use super::{LADDERS, Plan, RESERVE_MS, ask, collect, spec};
use crate::{
    evidence::{Attempt, Role, VantageIx, View},
    rules::{Ask, Class, Trouble},
};

const TRACE_MS: u32 = 2_000;
/// Closed ports asked beside the usual one: with four ways asked, both of two are seen seven times in eight.
const MORE_WAYS: u32 = 2;
const DNS_MS: u32 = 1_500;
/// Endpoints of a Service that are asked directly; a Service with more shows its pattern in as many.
const ENDPOINTS: usize = 4;
/// Failing ports that are asked again. Twelve that all fail again would be chance once in 4096 at a loss of a half.
const AGAIN: usize = 12;
/// What "more time" is, in the caller's own budgets, and at least, milliseconds.
const PATIENCE: (u32, u32) = (4, 3_000);

/// Adds what one of this file's questions needs.
pub(super) fn answer(view: &View<'_>, trouble: &Trouble, ask: Ask, left_ms: u32, plan: &mut Plan) {
    match ask {
        Ask::Neighbours => neighbours(view, trouble, plan),
        Ask::ProxyState => proxy_state(view, trouble, plan),
        Ask::Endpoints => endpoints(view, trouble, left_ms, plan),
        Ask::Same => same_ports(view, trouble, left_ms, plan),
        Ask::Patient => patient(view, trouble, left_ms, plan),
        Ask::Hellos => hellos(view, trouble, left_ms, plan),
        Ask::OtherServers => other_servers(view, trouble, plan),
        Ask::Sizes => sizes(view, trouble, left_ms, plan),
        Ask::Repeat => repeat(view, trouble, left_ms, plan),
        Ask::KernelLog => kernel_logs(view, trouble, plan),
        Ask::OwnRules => own(view, trouble, "firewall", pb::Source::Firewall, plan),
        Ask::OwnListeners => own(view, trouble, "own-listeners", pb::Source::Sockets, plan),
        // Those that `deepen` answers itself; named, so that a new question can't be forgotten in silence.
        Ask::Firewall
        | Ask::Listeners
        | Ask::Servers
        | Ask::Pmtu
        | Ask::Mss
        | Ask::Echo
        | Ask::Upstream
        | Ask::Counters
        | Ask::Routes
        | Ask::Certificate
        | Ask::Trace
        | Ask::Conntrack => {}
    }
}

/// A look at the failing vantages themselves, whatever it is about.
fn own(view: &View<'_>, trouble: &Trouble, task: &str, source: pb::Source, plan: &mut Plan) {
    for row in &trouble.failing {
        let seen = view.at(*row);
        let about: Vec<String> =
            Some(seen.obs.address.clone()).filter(|address| !address.is_empty()).into_iter().collect();
        // Every listener counts: which port a rule turns to is not known before.
        let (about, port) = if source == pb::Source::Sockets { (Vec::new(), 0) } else { (about, view.port()) };
        plan.add(seen.vantage, collect(task, source, &about, port));
    }
}

/// Who answers at each distance: on the failing port, and on the one that must be closed. Where both ways are the same
/// the difference between them is a matter of the port.
pub(super) fn traces(view: &View<'_>, trouble: &Trouble, plan: &mut Plan) {
    let good = trouble.passing.iter().take(LADDERS.1);
    for row in trouble.failing.iter().take(LADDERS.0).chain(good) {
        let seen = view.at(*row);
        let (address, vantage) = (seen.obs.address.as_str(), seen.vantage);
        if address.is_empty() {
            continue;
        }
        let control = view
            .tries(vantage, &[Role::ControlPort])
            .find(|attempt| attempt.address.to_string() == address)
            .map(|attempt| u32::from(attempt.port));
        // Where several ways are equal, one question shows one of them: some more show the others.
        let more = if trouble.class == Class::Intermittent { MORE_WAYS } else { 0 };
        let others = control.into_iter().flat_map(|port| (0..=more).map(move |less| port.saturating_sub(less)));
        for port in [seen.obs.port].into_iter().chain(others) {
            plan.add(vantage, trace(address, port));
        }
    }
}

pub(super) fn trace(address: &str, port: u32) -> pb::ProbeSpec {
    let detail = pb::TraceSpec {
        name: String::new(),
        address: address.to_owned(),
        port,
        protocol: "tcp".to_owned(),
        max_hops: 0,
    };
    spec(format!("trace:{address}/{port}"), TRACE_MS, pb::probe_spec::Probe::Trace(detail))
}

fn neighbours(view: &View<'_>, trouble: &Trouble, plan: &mut Plan) {
    for row in &trouble.failing {
        let seen = view.at(*row);
        let about = [seen.obs.address.clone()];
        plan.add(seen.vantage, collect("neighbours", pb::Source::Neighbours, &about, 0));
        // Whoever says that the host is unreachable may be the one that looked for it on its link.
        let icmp = seen.obs.tcp.as_ref().and_then(|tcp| tcp.icmp.as_ref());
        let router = icmp.and_then(|icmp| view.holder(icmp.offender.parse().ok()?, seen.vantage));
        if let Some(router) = router.filter(|router| *router != seen.vantage) {
            plan.add(router, collect("neighbours", pb::Source::Neighbours, &about, 0));
        }
    }
}

fn proxy_state(view: &View<'_>, trouble: &Trouble, plan: &mut Plan) {
    let seen = view.at(trouble.sample());
    let holder = seen.obs.address.parse().ok().and_then(|address| view.holder(address, seen.vantage));
    if let Some(holder) = holder {
        plan.add(holder, collect("proxies", pb::Source::ProxyState, &[], 0));
    }
}

/// The Service's ready endpoints, from those that fail.
fn endpoints(view: &View<'_>, trouble: &Trouble, left_ms: u32, plan: &mut Plan) {
    let Some(address) = view.attempt_at(trouble.sample()).map(|attempt| attempt.address) else { return };
    let Some((_, _, Some(port))) = view.service_at(address) else { return };
    let from: BTreeSet<VantageIx> = trouble.failing.iter().map(|row| view.at(*row).vantage).take(LADDERS.0).collect();
    for endpoint in port.endpoints.iter().filter(|endpoint| endpoint.ready).take(ENDPOINTS) {
        for vantage in &from {
            let mut probe = ask(view, "endpoint", &endpoint.address, left_ms);
            match &mut probe.probe {
                Some(pb::probe_spec::Probe::Http(http)) => http.port = endpoint.port,
                Some(pb::probe_spec::Probe::Tcp(tcp)) => tcp.port = endpoint.port,
                Some(pb::probe_spec::Probe::Tls(tls)) => tls.port = endpoint.port,
                _ => {}
            }
            probe.task = format!("endpoint:{}/{}", endpoint.address, endpoint.port);
            probe.purpose = pb::Purpose::Contrast.into();
            plan.add(*vantage, probe);
        }
    }
}

/// Those that failed, again from the same ports: what is chosen by a hash of the flow fails again.
fn same_ports(view: &View<'_>, trouble: &Trouble, left_ms: u32, plan: &mut Plan) {
    if trouble.class != Class::Intermittent {
        return;
    }
    for row in trouble.failing.iter().take(AGAIN) {
        let seen = view.at(*row);
        let port = seen.obs.local_port;
        if port == 0 {
            continue;
        }
        let mut probe = ask(view, "same", &seen.obs.address, left_ms);
        match &mut probe.probe {
            Some(pb::probe_spec::Probe::Http(http)) => http.source_port = port,
            Some(pb::probe_spec::Probe::Tcp(tcp)) => tcp.source_port = port,
            _ => continue,
        }
        probe.task = format!("same:{}/{port}", seen.obs.address);
        probe.purpose = pb::Purpose::Contrast.into();
        plan.add(seen.vantage, probe);
    }
}

/// The same question with several times the caller's own budget.
fn patient(view: &View<'_>, trouble: &Trouble, left_ms: u32, plan: &mut Plan) {
    let budget = view.want().max_time_ms;
    if budget == 0 {
        return;
    }
    let patience = budget.saturating_mul(PATIENCE.0).max(PATIENCE.1).min(left_ms.saturating_sub(RESERVE_MS)).max(1);
    for row in trouble.failing.iter().take(LADDERS.0) {
        let seen = view.at(*row);
        let mut probe = ask(view, "patient", &seen.obs.address, left_ms);
        probe.timeout_ms = patience;
        probe.purpose = pb::Purpose::Contrast.into();
        plan.add(seen.vantage, probe);
    }
}

/// A `ClientHello` of one segment, and one of hand that offers every version.
fn hellos(view: &View<'_>, trouble: &Trouble, left_ms: u32, plan: &mut Plan) {
    for row in trouble.failing.iter().take(LADDERS.0) {
        let seen = view.at(*row);
        let mut small = ask(view, "small-hello", &seen.obs.address, left_ms);
        let (name, sni, alpn) = match &mut small.probe {
            Some(pb::probe_spec::Probe::Http(http)) => {
                http.large_hello = false;
                (http.name.clone(), http.sni.clone(), Vec::new())
            }
            Some(pb::probe_spec::Probe::Tls(tls)) => {
                tls.large_hello = false;
                (tls.name.clone(), tls.sni.clone(), tls.alpn.clone())
            }
            _ => continue,
        };
        small.purpose = pb::Purpose::Contrast.into();
        plan.add(seen.vantage, super::watched(small));
        let wide = pb::TlsSpec {
            name,
            address: seen.obs.address.clone(),
            port: seen.obs.port,
            sni,
            alpn,
            wide: true,
            ..Default::default()
        };
        let probe = spec(format!("wide:{}", seen.obs.address), DNS_MS, pb::probe_spec::Probe::Tls(wide));
        plan.add(seen.vantage, pb::ProbeSpec { purpose: pb::Purpose::Contrast.into(), ..probe });
    }
}

/// The nameservers of vantages for whom the name resolves, asked from those for whom it does not.
fn other_servers(view: &View<'_>, trouble: &Trouble, plan: &mut Plan) {
    let of = |vantage: VantageIx| -> Vec<String> {
        let detail = view.of(vantage).find_map(|(_, obs)| obs.resolver.as_ref());
        detail.map(|detail| detail.nameservers.clone()).unwrap_or_default()
    };
    let others: BTreeSet<String> = trouble.passing.iter().flat_map(|row| of(view.at(*row).vantage)).collect();
    for row in trouble.failing.iter().take(LADDERS.0) {
        let vantage = view.at(*row).vantage;
        let own = of(vantage);
        for server in others.iter().filter(|server| !own.contains(server)).take(2) {
            let detail = pb::DnsSpec {
                server: server.clone(),
                name: view.target().host,
                r#type: if view.want().family == "6" { "AAAA" } else { "A" }.to_owned(),
                transport: "udp".to_owned(),
                ..Default::default()
            };
            let task = format!("dns-other:{server}");
            plan.add(vantage, spec(task, DNS_MS, pb::probe_spec::Probe::Dns(detail)));
        }
    }
}

/// Sizes of a ladder of bodies, bytes: each four times the one before.
const BODIES: [u64; 5] = [1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10];
/// Rungs that one vantage sends (the ceiling of requests with a body, less the question and its small twin).
const RUNGS: usize = 4;

/// The same request with smaller bodies, from one failing vantage: where the limit lies.
fn sizes(view: &View<'_>, trouble: &Trouble, left_ms: u32, plan: &mut Plan) {
    let seen = view.at(trouble.sample());
    let asked = view.want().body_bytes;
    for bytes in BODIES.into_iter().filter(|bytes| *bytes < asked).rev().take(RUNGS) {
        let mut probe = ask(view, "size", &seen.obs.address, left_ms);
        let Some(pb::probe_spec::Probe::Http(http)) = &mut probe.probe else { return };
        http.body_bytes = bytes;
        probe.task = format!("size:{}/{bytes}", seen.obs.address);
        probe.purpose = pb::Purpose::Contrast.into();
        plan.add(seen.vantage, probe);
    }
}

/// The same once more from one failing vantage: an error that takes as long again is a timer's.
fn repeat(view: &View<'_>, trouble: &Trouble, left_ms: u32, plan: &mut Plan) {
    let seen = view.at(trouble.sample());
    if !seen.obs.address.is_empty() {
        plan.add(seen.vantage, ask(view, "again", &seen.obs.address, left_ms));
    }
}

/// What the kernels of both ends said lately.
fn kernel_logs(view: &View<'_>, trouble: &Trouble, plan: &mut Plan) {
    for row in trouble.failing.iter().take(LADDERS.0) {
        let seen = view.at(*row);
        let holder = seen.obs.address.parse().ok().and_then(|address| view.holder(address, seen.vantage));
        for vantage in [Some(seen.vantage), holder].into_iter().flatten() {
            plan.add(vantage, collect("kernel-log", pb::Source::KernelLog, &[], 0));
        }
    }
}

/// The attempts in a role from one vantage to one address.
pub(crate) fn of_role<'v>(view: &'v View<'_>, row: usize, role: &'static [Role]) -> Option<&'v Attempt> {
    let seen = view.at(row);
    view.tries(seen.vantage, role).find(|attempt| attempt.address.to_string() == seen.obs.address)
}
