//! A node's translation from Service to endpoint.
//!
//! For Services the API outranks the wire: an ICMP refusal is "no endpoints" only when the API shows none ready for that
//! port and the port exists (kube-proxy in nftables mode rejects undefined ports of a known Service the same way).

use super::{Ask, Class, Opinion, Rule, Trouble, View, endpoint, look};
use crate::evidence::{RefusedBy, SeenIx, Symptom};

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
    let (api, service, port) = view.service_at(attempt.address)?;
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

fn rules_missing(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let attempt = view.attempt_at(trouble.sample())?;
    let (api, service, port) = view.service_at(attempt.address)?;
    if port?.endpoints.iter().all(|endpoint| !endpoint.ready) {
        return None;
    }
    let name = format!("{}/{}", service.namespace, service.name);
    Some(
        Opinion::possible(
            format!(
                "{name} has ready endpoints and its address {} does not answer",
                endpoint(&view.at(trouble.sample()).obs)
            ),
            vec![api, trouble.sample()],
        )
        .decided_by("the node's translation rules, and the endpoint asked directly", None),
    )
}
