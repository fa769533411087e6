//! A node's translation from Service to endpoint.
//!
//! For Services the API outranks the wire: an ICMP refusal is "no endpoints" only when the API shows none ready for that
//! port and the port exists (kube-proxy in nftables mode rejects undefined ports of a known Service the same way).

use std::net::IpAddr;

use mesh_proto::v1 as pb;

use super::{Ask, Class, Opinion, Rule, Trouble, View, endpoint, if_service, look};
use crate::evidence::{RefusedBy, Role, SeenIx, Symptom, VantageIx};

pub(crate) const RULES: &[Rule] = &[
    Rule {
        slug: "service-datapath/no-endpoints-reject",
        meaning: "the Service has no ready endpoint, so the node rejects",
        classes: &[Class::Refused, Class::Unreachable],
        asks: &[Ask::Firewall],
        judge: no_endpoints,
    },
    Rule {
        slug: "service-datapath/port-not-in-service",
        meaning: "the Service exists and does not have this port",
        classes: &[Class::Refused, Class::Unreachable, Class::Timeout],
        asks: &[],
        judge: port_missing,
    },
    Rule {
        slug: "service-datapath/rules-missing",
        meaning: "this node does not translate the Service's address",
        classes: &[Class::Timeout, Class::Unreachable],
        asks: &[Ask::Firewall],
        judge: rules_missing,
    },
    Rule {
        slug: "service-datapath/hairpin",
        meaning: "a Pod can't reach itself through its Service: its node does not translate the source",
        classes: &[Class::Timeout],
        asks: &[Ask::Endpoints, Ask::Firewall],
        judge: hairpin,
    },
];

fn refused_by(view: &View<'_>, row: SeenIx) -> Option<RefusedBy> {
    match &view.attempt_at(row)?.symptom {
        Symptom::Refused(by) => Some(by.clone()),
        _ => None,
    }
}

fn no_endpoints(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let attempt = view.attempt_at(trouble.sample())?;
    let by = refused_by(view, trouble.sample());
    let Some((api, service, port)) = view.service_at(attempt.address) else {
        let RefusedBy::Icmp { offender: Some(offender), kind: (3, 3) | (1, 4) } = by? else { return None };
        if view.cluster().is_some() || offender == attempt.address {
            return None;
        }
        return Some(
            Opinion::possible(
                "an ICMP refusal from another address; no cluster state says whether this is a Service",
                vec![trouble.sample()],
            )
            .decided_by("the cluster's API", Some("meshctl diagnose … --cluster-state FILE".to_owned())),
        );
    };
    let port = port?;
    let name = format!("{}/{}", service.namespace, service.name);
    let ready: Vec<&str> = port.endpoints.iter().filter(|e| e.ready).map(|e| e.address.as_str()).collect();
    if !ready.is_empty() {
        return Some(Opinion::excluded(format!("{name} has ready endpoints: {}", ready.join(", ")), vec![api]));
    }
    let summary = format!("Service {name} has no ready endpoint for port {}, so its address is refused", port.port);
    let rejecting = look::blocks(view, trouble, &["reject"]).into_iter().next();
    let mut because = vec![api];
    because.extend(&trouble.failing);
    let place = match (&by, &rejecting) {
        (_, Some(block)) => view.vantage(block.vantage).id.clone(),
        (Some(RefusedBy::Icmp { offender: Some(offender), .. }), None) => view.name_of(*offender),
        _ => format!("service/{name}"),
    };
    let why = match &rejecting {
        Some(block) => {
            because.push(block.seen);
            format!("0 ready endpoints in the API; {}", look::rule_text(view, block))
        }
        None => "0 ready endpoints in the API".to_owned(),
    };
    let opinion = match by {
        // The API and the wire agree, and they are independent of each other.
        Some(RefusedBy::Icmp { .. }) => Opinion::proved(why, because),
        _ => Opinion::likely(why, because),
    };
    Some(opinion.at([place]).says(summary))
}

fn port_missing(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let attempt = view.attempt_at(trouble.sample())?;
    let Some((api, service, port)) = view.service_at(attempt.address) else { return if_service(view, trouble) };
    let name = format!("{}/{}", service.namespace, service.name);
    if port.is_some() {
        return Some(Opinion::excluded(format!("{name} has port {}", attempt.port), vec![api]));
    }
    let known: Vec<String> = service.ports.iter().map(|port| port.port.to_string()).collect();
    Some(
        Opinion::proved(format!("the API lists ports {} for it", known.join(", ")), vec![api, trouble.sample()])
            .at([format!("service/{name}")])
            .says(format!("Service {name} has no port {}", attempt.port)),
    )
}

/// What a node's translation rules say of a Service's address, when every rule that could translate was understood.
fn translated(view: &View<'_>, node: VantageIx, address: IpAddr) -> Option<(SeenIx, bool)> {
    let (ix, table) = view.of(node).filter_map(|(ix, obs)| obs.firewall.as_ref().map(|table| (ix, table))).last()?;
    // A rule that names the address may jump to where it is translated (kube-proxy writes it so).
    let covers = |rule: &pb::FirewallRule| {
        rule.destination.parse() == Ok(address)
            || rule.destination.parse::<ipnet::IpNet>().is_ok_and(|net| net.prefix_len() > 0 && net.contains(&address))
    };
    // Sets, maps and jumps may translate what no rule names.
    let unclear = table.rules.iter().any(|rule| {
        let elsewhere = !rule.understood || matches!(rule.verdict.as_str(), "jump" | "goto" | "other");
        elsewhere && matches!(rule.hook.as_str(), "prerouting" | "output" | "")
    });
    let found = table.rules.iter().any(covers);
    (found || !unclear).then_some((ix, found))
}

fn rules_missing(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let attempt = view.attempt_at(trouble.sample())?;
    let Some((api, service, port)) = view.service_at(attempt.address) else { return if_service(view, trouble) };
    if port?.endpoints.iter().all(|endpoint| !endpoint.ready) {
        return None;
    }
    let name = format!("{}/{}", service.namespace, service.name);
    let target = endpoint(&view.at(trouble.sample()).obs);
    // The Pod's node translates, or the vantage itself.
    let node = look::node_of(view, attempt.vantage).unwrap_or(attempt.vantage);
    let place = view.vantage(node).id.clone();
    let here = translated(view, node, attempt.address);
    let elsewhere = (0..view.vantages.len()).filter(|other| *other != node).find_map(|other| {
        translated(view, other, attempt.address).filter(|(_, found)| *found).map(|(ix, _)| (ix, other))
    });
    match (here, elsewhere) {
        (Some((ix, true)), _) => Some(Opinion::excluded(format!("{place} translates {}", attempt.address), vec![ix])),
        (Some((ix, false)), Some((there, other))) => {
            let other = view.vantage(other).id.clone();
            let why = format!("{other} translates {}, {place} has no such rule", attempt.address);
            let because = trouble.failing.iter().copied().chain([api, ix, there]).collect();
            Some(
                Opinion::proved(why, because).at([place.clone()]).says(format!(
                    "{place} does not translate the address of Service {name}: {target} leaves it as it is"
                )),
            )
        }
        (Some((ix, false)), None) => Some(
            Opinion::likely(
                format!("{place} has no rule for {}, and the API lists ready endpoints", attempt.address),
                vec![api, ix, trouble.sample()],
            )
            .at([place.clone()])
            .says(format!("{place} does not translate the address of Service {name}"))
            .decided_by("the rules of another node; a datapath in eBPF leaves no rules", None),
        ),
        (None, _) => Some(
            Opinion::possible(
                format!("{name} has ready endpoints and its address {target} does not answer"),
                vec![api, trouble.sample()],
            )
            .decided_by("the node's translation rules, and the endpoint asked directly", None),
        ),
    }
}

/// A Pod that asks a Service whose endpoint it is itself: without masquerade the answer never passes the node.
fn hairpin(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let attempt = view.attempt_at(trouble.sample())?;
    let Some((api, service, port)) = view.service_at(attempt.address) else {
        return if_service(view, trouble).filter(|_| look::is_pod(view, trouble.sample()));
    };
    let own = &view.vantage(attempt.vantage).addresses;
    let ready: Vec<&pb::EndpointAddress> = port?.endpoints.iter().filter(|endpoint| endpoint.ready).collect();
    if !ready.iter().all(|endpoint| own.contains(&endpoint.address)) || ready.is_empty() {
        return None;
    }
    let name = format!("{}/{}", service.namespace, service.name);
    let pod = view.vantage(attempt.vantage).id.clone();
    // The Pod's node translates, or the vantage itself.
    let node = look::node_of(view, attempt.vantage).unwrap_or(attempt.vantage);
    let place = view.vantage(node).id.clone();
    let direct = view.tries(attempt.vantage, &[Role::Endpoint]).find(|direct| direct.symptom == Symptom::Works);
    let says =
        format!("{pod} asks Service {name}, whose endpoint it is itself, and its answer does not come back by {place}");
    let Some(direct) = direct else {
        return Some(
            Opinion::possible(format!("{pod} is the only endpoint of {name}"), vec![api, trouble.sample()])
                .at([place])
                .decided_by("the endpoint asked directly by itself", None),
        );
    };
    let because = vec![api, trouble.sample(), direct.seen];
    let rules = view.of(node).filter_map(|(ix, obs)| obs.firewall.as_ref().map(|table| (ix, table))).last();
    let masked = |table: &pb::FirewallDetail| {
        table.rules.iter().any(|rule| {
            matches!(rule.verdict.as_str(), "masquerade" | "snat") || (!rule.understood && rule.hook == "postrouting")
        })
    };
    Some(
        match rules {
            Some((ix, table)) if !masked(table) => {
                let why = format!("{place} translates the destination and has no rule that translates the source");
                Opinion::proved(why, because.into_iter().chain([ix]).collect())
            }
            _ => Opinion::likely("the endpoint answers itself directly", because),
        }
        .at([place])
        .says(says),
    )
}
