//! Later rounds: what would separate the causes that are left.

use std::collections::{BTreeMap, BTreeSet};

use mesh_proto::v1 as pb;

use super::{LADDERS, Plan, RESERVE_MS, ask, closer, collect, focus, pmtu, spec};
use crate::{
    evidence::{KUBE_API, Role, VantageIx, View},
    rules::{self, Ask, Claim, Class, Trouble, edge, flaky, look},
};

/// Configured servers that are asked directly (resolv.conf(5) honours three).
const SERVERS: usize = 3;
/// Servers behind a proxy that are asked directly.
const UPSTREAMS: usize = 3;
const DNS_MS: u32 = 1_500;
const MSS_MS: u32 = 1_000;
/// Where name service listens (RFC 1035 §4.2).
const DNS_PORT: u32 = 53;
/// Long enough for the counters' window, which begins with it.
const SYN_MS: u32 = 300;

/// What would separate the causes that are left.
pub(crate) fn further(view: &View<'_>, trouble: &Trouble, left_ms: u32) -> Option<Plan> {
    let mut asks: BTreeMap<Ask, Vec<&'static str>> = BTreeMap::new();
    for rule in rules::all().filter(|rule| rule.classes.contains(&trouble.class)) {
        let Some(opinion) = (rule.judge)(view, trouble) else { continue };
        if opinion.claim == Claim::Proved {
            return None;
        }
        if opinion.claim != Claim::Excluded {
            for ask in rule.asks {
                asks.entry(*ask).or_default().push(rule.slug);
            }
        }
    }
    // A rule of the asking host may turn its connections elsewhere, whatever fails afterwards.
    if !matches!(trouble.class, Class::Name | Class::SlowName | Class::Local) && !asks.contains_key(&Ask::Firewall) {
        asks.entry(Ask::OwnRules).or_default();
    }
    let mut plan = Plan::new(String::new());
    for ask in asks.keys() {
        answer(view, trouble, *ask, left_ms, &mut plan);
    }
    focus::keep(view, trouble, &mut plan);
    drop_asked(view, &mut plan);
    if plan.is_empty() {
        watch_counters(view, trouble, left_ms, &mut plan);
    }
    if plan.is_empty() {
        return None;
    }
    let mut candidates: Vec<&str> = asks.into_values().flatten().collect();
    candidates.dedup();
    let mut known = BTreeSet::new();
    candidates.retain(|slug| known.insert(*slug));
    plan.why = format!("which of {}?", few(&candidates));
    Some(plan)
}

fn few(slugs: &[&str]) -> String {
    match slugs {
        [] => "several causes".to_owned(),
        [one] => format!("{one}, or something else"),
        [one, two] => format!("{one} or {two}"),
        [one, two, rest @ ..] => format!("{one}, {two} or {} more", rest.len()),
    }
}

/// A task is asked once of each vantage.
fn drop_asked(view: &View<'_>, plan: &mut Plan) {
    for (vantage, probes) in &mut plan.tasks {
        let known: BTreeSet<&str> = view.of(*vantage).map(|(_, obs)| obs.task.as_str()).collect();
        probes.retain(|probe| !known.contains(probe.task.as_str()));
    }
    plan.tasks.retain(|_, probes| !probes.is_empty());
}

fn everywhere(view: &View<'_>) -> impl Iterator<Item = VantageIx> {
    view.vantages.iter().enumerate().filter(|(_, vantage)| vantage.id != KUBE_API).map(|(ix, _)| ix)
}

fn failing_addresses(view: &View<'_>, trouble: &Trouble) -> Vec<String> {
    let known: BTreeSet<String> =
        trouble.failing.iter().map(|row| view.at(*row).obs.address.clone()).filter(|a| !a.is_empty()).collect();
    known.into_iter().collect()
}

fn answer(view: &View<'_>, trouble: &Trouble, ask: Ask, left_ms: u32, plan: &mut Plan) {
    let addresses = failing_addresses(view, trouble);
    match ask {
        Ask::Firewall => {
            for vantage in everywhere(view) {
                plan.add(vantage, collect("firewall", pb::Source::Firewall, &addresses, view.port()));
            }
        }
        Ask::Listeners => listeners(view, trouble, plan),
        Ask::Servers => servers(view, trouble, plan),
        // Towards a target that answers nothing, sizes show no more than the way itself; and routers ration what they say,
        // so that one ladder at a time is asked.
        Ask::Pmtu if !matches!(trouble.class, Class::Large | Class::NoAnswer | Class::Handshake) => {
            answer(view, trouble, Ask::Trace, left_ms, plan);
        }
        Ask::Pmtu => {
            let good = trouble.passing.iter().take(LADDERS.1);
            for row in trouble.failing.iter().take(LADDERS.0).chain(good) {
                let seen = view.at(*row);
                plan.add(seen.vantage, pmtu(view, &seen.obs.address, true));
            }
            if trouble.class == Class::Large {
                for vantage in everywhere(view) {
                    plan.add(vantage, collect("links", pb::Source::Links, &addresses, 0));
                }
            }
        }
        Ask::Mss => {
            for row in trouble.failing.iter().take(LADDERS.0) {
                let seen = view.at(*row);
                let detail = pb::MssSpec {
                    name: seen.obs.name.clone(),
                    address: seen.obs.address.clone(),
                    port: seen.obs.port,
                    mss: vec![1460],
                };
                let task = format!("mss:{}", seen.obs.address);
                plan.add(seen.vantage, spec(task, MSS_MS, pb::probe_spec::Probe::Mss(detail)));
            }
        }
        Ask::Counters => counters(view, trouble, left_ms, plan),
        Ask::Routes => {
            let sources = trouble.failing.iter().filter_map(|row| view.source_of(*row)).map(|ip| ip.to_string());
            let both: BTreeSet<String> = addresses.into_iter().chain(sources).collect();
            let both: Vec<String> = both.into_iter().collect();
            for vantage in everywhere(view) {
                plan.add(vantage, collect("ways", pb::Source::Routes, &both, view.port()));
            }
        }
        Ask::Upstream => upstreams(view, trouble, left_ms, plan),
        Ask::Trace if trouble.class == Class::Name => {
            for (vantage, server) in configured(view, trouble) {
                plan.add(vantage, closer::trace(&server, DNS_PORT));
            }
        }
        Ask::Trace => closer::traces(view, trouble, plan),
        Ask::Conntrack => {
            for vantage in everywhere(view) {
                plan.add(vantage, collect("conntrack", pb::Source::Conntrack, &addresses, view.port()));
            }
        }
        // Asked with the question itself, or by other vantages than those at hand.
        Ask::Echo | Ask::Certificate => {}
        other => closer::answer(view, trouble, other, left_ms, plan),
    }
}

/// Counters everywhere; a round later one more SYN, and the counters again. In one round a reading could begin after the
/// SYN has passed.
fn counters(view: &View<'_>, trouble: &Trouble, left_ms: u32, plan: &mut Plan) {
    let read = view.all().any(|(_, _, obs)| obs.task == "counters");
    let task = if read { "counters-again" } else { "counters" };
    for vantage in everywhere(view) {
        plan.add(vantage, collect(task, pb::Source::Counters, &failing_addresses(view, trouble), view.port()));
    }
    if !read {
        return;
    }
    if trouble.class == Class::Name {
        for (vantage, server) in configured(view, trouble) {
            let asked = pb::Observation { address: server, port: DNS_PORT, ..Default::default() };
            plan.add(vantage, syn("counted", &asked));
        }
    }
    let rows = trouble.failing.iter().map(|row| view.at(*row)).filter(|seen| !seen.obs.address.is_empty());
    for seen in rows.take(LADDERS.0) {
        if trouble.class == Class::Reset {
            // What is to be counted happens after the request.
            plan.add(seen.vantage, ask(view, "again", &seen.obs.address, left_ms.min(1_500)));
        } else {
            plan.add(seen.vantage, syn("counted", &seen.obs));
        }
    }
}

/// One SYN to where the question went, for counters to move by.
fn syn(task: &str, obs: &pb::Observation) -> pb::ProbeSpec {
    let tcp = pb::TcpSpec {
        name: obs.name.clone(),
        address: obs.address.clone(),
        port: obs.port,
        single_syn: true,
        greet_ms: 0,
        ..Default::default()
    };
    spec(format!("{task}:{}", obs.address), SYN_MS, pb::probe_spec::Probe::Tcp(tcp))
}

fn listeners(view: &View<'_>, trouble: &Trouble, plan: &mut Plan) {
    if trouble.class == Class::Name {
        for (vantage, server) in configured(view, trouble) {
            let Ok(address) = server.parse() else { continue };
            if let Some(holder) = view.holder(address, vantage) {
                plan.add(holder, collect("listeners", pb::Source::Sockets, &[server], 53));
            }
        }
        return;
    }
    if let Some(attempt) = view.attempt_at(trouble.sample()) {
        // What holds a Service's address are its endpoints.
        for (address, port) in flaky::endpoints(view, attempt.address) {
            if let Some(holder) = view.holder(address, attempt.vantage) {
                plan.add(holder, collect("listeners", pb::Source::Sockets, &[], port));
            }
        }
    }
    for row in &trouble.failing {
        let seen = view.at(*row);
        let Ok(address) = seen.obs.address.parse() else { continue };
        if let Some(holder) = view.holder(address, seen.vantage)
            && !plan.tasks.get(&holder).is_some_and(|tasks| tasks.iter().any(|task| task.task == "listeners"))
        {
            let from: Vec<String> =
                trouble.failing.iter().filter_map(|row| view.source_of(*row)).map(|ip| ip.to_string()).collect();
            plan.add(holder, collect("listeners", pb::Source::Sockets, &from, view.port()));
        }
    }
}

/// Nameservers of the failing vantages.
fn configured(view: &View<'_>, trouble: &Trouble) -> Vec<(VantageIx, String)> {
    let mut found = Vec::new();
    for row in &trouble.failing {
        let vantage = view.at(*row).vantage;
        for (_, obs) in view.of(vantage) {
            let Some(detail) = &obs.resolver else { continue };
            found.extend(detail.nameservers.iter().take(SERVERS).map(|server| (vantage, server.clone())));
        }
    }
    found
}

fn servers(view: &View<'_>, trouble: &Trouble, plan: &mut Plan) {
    let own = configured(view, trouble);
    // Who resolves the name by the same server shows that the server tells them apart.
    let good = trouble.passing.iter().take(LADDERS.1).map(|row| view.at(*row).vantage);
    let alike: Vec<(VantageIx, String)> = good
        .flat_map(|vantage| own.iter().map(move |(_, server)| (vantage, server.clone())))
        .filter(|(vantage, server)| {
            view.of(*vantage).any(|(_, obs)| obs.resolver.as_ref().is_some_and(|d| d.nameservers.contains(server)))
        })
        .collect();
    for (vantage, server) in own.into_iter().chain(alike) {
        for transport in ["udp", "tcp"] {
            let detail = pb::DnsSpec {
                server: server.clone(),
                port: 0,
                name: view.target().host,
                r#type: if view.want().family == "6" { "AAAA" } else { "A" }.to_owned(),
                transport: transport.to_owned(),
                edns_bytes: 0,
                ..Default::default()
            };
            let task = format!("dns:{server}/{transport}");
            plan.add(vantage, spec(task, DNS_MS, pb::probe_spec::Probe::Dns(detail)));
        }
    }
}

/// host:port pairs behind the proxy: those the caller named, else those the cluster's routes lead to.
fn behind(view: &View<'_>) -> Vec<(String, u16)> {
    let split = |text: &String| {
        let (host, port) = text.rsplit_once(':')?;
        Some((host.trim_matches(['[', ']']).to_owned(), port.parse().ok()?))
    };
    let want = view.want();
    if !want.upstreams.is_empty() {
        return want.upstreams.iter().filter_map(split).take(UPSTREAMS).collect();
    }
    let Some((_, cluster)) = view.cluster() else { return Vec::new() };
    let target = view.target();
    let route = cluster
        .routes
        .iter()
        .filter(|route| route.host == target.host && target.path.starts_with(&route.path))
        .max_by_key(|route| route.path.len());
    let Some(route) = route else { return Vec::new() };
    cluster
        .services
        .iter()
        .filter(|service| service.namespace == route.namespace && service.name == route.service)
        .flat_map(|service| service.ports.iter().filter(|port| port.port == route.port))
        .flat_map(|port| &port.endpoints)
        .filter(|endpoint| endpoint.ready)
        .filter_map(|endpoint| Some((endpoint.address.clone(), u16::try_from(endpoint.port).ok()?)))
        .take(UPSTREAMS)
        .collect()
}

fn upstreams(view: &View<'_>, trouble: &Trouble, left_ms: u32, plan: &mut Plan) {
    let behind = behind(view);
    let waited = edge::answer(view, trouble.sample()).map_or(0, |(_, waited, _)| waited);
    // Three times what the proxy waited shows whether the application would have finished at all.
    let patience = u32::try_from(waited / 1000).unwrap_or(u32::MAX).saturating_mul(3).max(5_000);
    let timeout = patience.min(left_ms.saturating_sub(RESERVE_MS)).max(1);
    let sample = view.at(trouble.sample());
    let proxy = sample.obs.address.parse().ok().and_then(|address| view.holder(address, sample.vantage));
    let from: BTreeSet<VantageIx> = view.askers().take(LADDERS.0).chain(proxy).collect();
    for (address, port) in behind {
        for vantage in &from {
            let mut probe = ask(view, "upstream", &address, left_ms);
            if let Some(pb::probe_spec::Probe::Http(http)) = &mut probe.probe {
                http.port = port.into();
                // The leg behind a proxy is plain unless somebody says otherwise.
                http.tls = false;
            }
            probe.task = format!("upstream:{address}/{port}");
            probe.purpose = pb::Purpose::Contrast.into();
            probe.timeout_ms = timeout;
            plan.add(*vantage, probe);
        }
    }
}

/// A rule that would take the flow stands on a host that was not seen to carry it: ask again and read its counter again.
fn watch_counters(view: &View<'_>, trouble: &Trouble, left_ms: u32, plan: &mut Plan) {
    let aside: BTreeSet<VantageIx> = look::blocks(view, trouble, &["drop", "reject"])
        .into_iter()
        .filter(|block| block.place == look::Place::Aside && block.rule.packets.is_some())
        .map(|block| block.vantage)
        .collect();
    let asked = view.attempts.iter().any(|attempt| attempt.role == Role::Again);
    if aside.is_empty() {
        return;
    }
    if asked {
        for vantage in aside {
            plan.add(
                vantage,
                collect("firewall-again", pb::Source::Firewall, &failing_addresses(view, trouble), view.port()),
            );
        }
    } else {
        for row in trouble.failing.iter().take(LADDERS.0) {
            let seen = view.at(*row);
            plan.add(seen.vantage, ask(view, "again", &seen.obs.address, left_ms.min(1_500)));
        }
    }
    drop_asked(view, plan);
}
