//! The client's own kernel: routes, limits, local filters, clock.
//!
//! Seen from the failing vantage alone; other vantages pass. A kernel fact of the vantage itself may prove it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{
    Ask, Class, Opinion, Rule, Trouble, View, egress_proxy, endpoint,
    look::{self, Place},
    places,
};
use crate::evidence::{SeenIx, Symptom};

pub(crate) const RULES: &[Rule] = &[
    Rule {
        slug: "client-host/output-drop",
        meaning: "a packet filter on the asking host drops what it sends",
        classes: &[Class::Timeout, Class::Local],
        asks: &[Ask::Firewall],
        judge: output_drop,
    },
    Rule {
        slug: "client-host/output-reject",
        meaning: "a packet filter on the asking host rejects what it sends",
        classes: &[Class::Refused, Class::Unreachable],
        asks: &[Ask::Firewall],
        judge: output_reject,
    },
    Rule {
        slug: "client-host/local-route-reject",
        meaning: "the asking host's own routing table refuses the destination",
        classes: &[Class::Local, Class::Unreachable, Class::Timeout],
        asks: &[],
        judge: local_route,
    },
    Rule {
        slug: "client-host/link-or-route-missing",
        meaning: "the asking host has no route to the destination",
        classes: &[Class::Unreachable, Class::Local, Class::Name],
        asks: &[Ask::Servers],
        judge: no_route,
    },
    Rule {
        slug: "client-host/clock-skew",
        meaning: "the asking host's clock is wrong, so a valid certificate looks expired or not yet valid",
        classes: &[Class::Certificate],
        asks: &[Ask::Certificate],
        judge: clock_skew,
    },
    Rule {
        slug: "client-host/sidecar-not-ready",
        meaning: "a rule on the asking host sends its connections into a local proxy that does not listen",
        classes: &[Class::Refused],
        asks: &[Ask::Firewall, Ask::OwnListeners],
        judge: sidecar_not_ready,
    },
    Rule {
        slug: "client-host/gateway-arp-failed",
        meaning: "the asking host's gateway does not answer on the link",
        classes: &[Class::Unreachable],
        asks: &[Ask::Neighbours],
        judge: gateway_silent,
    },
];

/// Every connection is turned to a local port on which nothing listens.
fn sidecar_not_ready(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let (block, port) = egress_proxy::turned_at_home(view, trouble)?;
    let attempt = view.attempt_at(trouble.sample())?;
    let name = view.vantage(block.vantage).id.clone();
    let because = evidence(&block.rows, block.seen);
    let why = look::rule_text(view, &block);
    let port = port?;
    let says = format!("{name} sends its connections into its own port {port}, and nothing listens there");
    // Redirected packets of the host itself arrive at loopback.
    let own = if attempt.address.is_ipv6() { IpAddr::V6(Ipv6Addr::LOCALHOST) } else { IpAddr::V4(Ipv4Addr::LOCALHOST) };
    Some(match look::listener(view, block.vantage, "tcp", own, port) {
        look::Listener::Absent(ix) | look::Listener::Elsewhere(ix) => {
            Opinion::proved(format!("{why}; no listener on port {port}"), evidence(&because, ix)).at([name]).says(says)
        }
        look::Listener::Present(ix) => Opinion::excluded(format!("port {port} has a listener"), vec![ix]),
        look::Listener::NotLooked => Opinion::likely(why, because).at([name]).says(says),
    })
}

/// Neighbour discovery gave up on the gateway: EHOSTUNREACH after three seconds, said by no router.
fn gateway_silent(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let attempt = view.attempt_at(trouble.sample())?;
    if !matches!(attempt.symptom, Symptom::Unreachable { offender: None }) {
        return None;
    }
    let (_, route) = route_of(view, trouble.sample())?;
    if route.gateway.is_empty() || !route.error.is_empty() {
        return None;
    }
    let name = view.vantage(attempt.vantage).id.clone();
    let says = format!("{name} gets no answer from its gateway {} on the link", route.gateway);
    let looked = view.of(attempt.vantage).find_map(|(ix, obs)| obs.neighbours.as_ref().map(|table| (ix, table)));
    let Some((ix, table)) = looked else {
        return Some(
            Opinion::likely("EHOSTUNREACH without a router that says so, behind a gateway", trouble.failing.clone())
                .at([name])
                .says(says)
                .decided_by("the host's neighbour table", Some(format!("ip neigh show {}", route.gateway))),
        );
    };
    match table.neighbours.iter().find(|row| row.address == route.gateway) {
        Some(row) if matches!(row.state.as_str(), "FAILED" | "INCOMPLETE") => {
            let why = format!("its neighbour {} is {}", row.address, row.state);
            Some(Opinion::proved(why, evidence(&trouble.failing, ix)).at([name]).says(says))
        }
        Some(row) => Some(Opinion::excluded(format!("its neighbour {} is {}", row.address, row.state), vec![ix])),
        // A failed entry is forgotten after a while; none at all is what is left of it.
        None => Some(
            Opinion::likely("its neighbour table has no entry for the gateway", evidence(&trouble.failing, ix))
                .at([name])
                .says(says),
        ),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of a judge")]
fn output_drop(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let block = look::blocks(view, trouble, &["drop"]).into_iter().find(|b| b.place == Place::Asker && !b.answer);
    Some(match block {
        Some(block) => {
            let name = view.vantage(block.vantage).id.clone();
            Opinion::proved(look::rule_text(view, &block), evidence(&block.rows, block.seen))
                .at([name.clone()])
                .says(format!("{name} drops its own packets to {}", endpoint(&view.at(trouble.sample()).obs)))
        }
        None => match own_rules_read(view, trouble) {
            Some(read) => Opinion::excluded("the asking hosts' own rules were read; none takes this flow", read),
            None => Opinion::possible("the asking host's own packet filter could not be read", trouble.failing.clone())
                .decided_by("the asking host's firewall rules (root there)", None),
        },
    })
}

fn output_reject(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let block = look::blocks(view, trouble, &["reject"]).into_iter().find(|b| b.place == Place::Asker && !b.answer)?;
    let name = view.vantage(block.vantage).id.clone();
    let address = view.at(trouble.sample()).obs.address.parse().ok()?;
    if view.service_at(address).is_some() {
        // A node rejects a Service's address on purpose; why is for the Service's own rules.
        return None;
    }
    let why = look::rule_text(view, &block);
    if block.rule.to.starts_with("icmp") && view.cluster().is_none() {
        // kube-proxy writes such a rule for a Service without endpoints, and nobody said whether this is one.
        return Some(Opinion::possible(why, evidence(&block.rows, block.seen)).at([name]).decided_by(
            "whether the address is a Service's",
            Some("meshctl diagnose … --cluster-state FILE".to_owned()),
        ));
    }
    Some(
        Opinion::proved(why, evidence(&block.rows, block.seen))
            .at([name.clone()])
            .says(format!("{name} itself rejects packets to {}", endpoint(&view.at(trouble.sample()).obs))),
    )
}

/// Readings of the failing vantages' own rules, when all of them could be read.
pub(crate) fn own_rules_read(view: &View<'_>, trouble: &Trouble) -> Option<Vec<SeenIx>> {
    trouble
        .failing
        .iter()
        .map(|row| {
            let vantage = view.at(*row).vantage;
            view.of(vantage).filter(|(_, obs)| obs.firewall.is_some()).map(|(ix, _)| ix).last()
        })
        .collect()
}

fn route_of(view: &View<'_>, row: SeenIx) -> Option<(SeenIx, mesh_proto::v1::Route)> {
    let seen = view.at(row);
    view.of(seen.vantage).find_map(|(ix, obs)| {
        let detail = obs.routes.as_ref()?;
        detail.routes.iter().find(|route| route.destination == seen.obs.address).map(|route| (ix, route.clone()))
    })
}

/// The gateway that a row's packets leave by.
pub(crate) fn gateway_of(view: &View<'_>, row: SeenIx) -> Option<String> {
    route_of(view, row).map(|(_, route)| route.gateway).filter(|gateway| !gateway.is_empty())
}

fn local_route(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let (ix, route) = route_of(view, trouble.sample())?;
    if !matches!(route.kind.as_str(), "blackhole" | "prohibit" | "unreachable") {
        return None;
    }
    let name = view.vantage(view.at(trouble.sample()).vantage).id.clone();
    Some(
        Opinion::proved(
            format!("its route to {} is of type {}", route.destination, route.kind),
            vec![ix, trouble.sample()],
        )
        .at([name.clone()])
        .says(format!("{name} has a {} route for {}", route.kind, route.destination)),
    )
}

fn no_route(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    if trouble.class == Class::Name {
        return no_route_to_servers(view, trouble);
    }
    let attempt = view.attempt_at(trouble.sample())?;
    if !matches!(attempt.symptom, Symptom::Unreachable { offender: None }) {
        return None;
    }
    let (ix, route) = route_of(view, trouble.sample())?;
    if route.error.is_empty() {
        return None;
    }
    let name = view.vantage(attempt.vantage).id.clone();
    Some(
        Opinion::proved(format!("route to {}: {}", route.destination, route.error), vec![ix, trouble.sample()])
            .at([name.clone()])
            .says(format!("{name} has no route to {}", route.destination)),
    )
}

/// No question reached a configured server, because this host has no way to any of them.
fn no_route_to_servers(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let vantage = view.at(trouble.sample()).vantage;
    let asked: Vec<(SeenIx, bool)> = view
        .of(vantage)
        .filter(|(_, obs)| obs.dns.is_some())
        .map(|(ix, obs)| {
            let unreachable = obs.failure.as_ref().is_some_and(|failure| failure.errno_name == "ENETUNREACH");
            (ix, unreachable && obs.dns.as_ref().is_some_and(|dns| dns.icmp.is_none()))
        })
        .collect();
    if asked.is_empty() || asked.iter().any(|(_, unreachable)| !unreachable) {
        return None;
    }
    let name = view.vantage(vantage).id.clone();
    let because = asked.into_iter().map(|(ix, _)| ix).chain([trouble.sample()]).collect();
    Some(
        Opinion::proved("every configured server: ENETUNREACH, and no router said so", because)
            .at([name.clone()])
            .says(format!("{name} has no route to any of its nameservers")),
    )
}

fn clock_skew(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let Symptom::TlsVerify(kind) = &view.attempt_at(trouble.sample())?.symptom else { return None };
    if kind != "expired" && kind != "not_yet_valid" {
        return None;
    }
    if !trouble.passing.is_empty() {
        let why = "another vantage's clock accepts the same certificate";
        let name = view.vantage(view.at(trouble.sample()).vantage).id.clone();
        return Some(
            Opinion::likely(why, trouble.all()).at([name.clone()]).says(format!("the clock of {name} is wrong")),
        );
    }
    if look::independent(view, &trouble.failing, &trouble.failing) {
        let why = format!("{} judge it alike by their own clocks", places(view, &trouble.failing));
        return Some(Opinion::excluded(why, trouble.failing.clone()));
    }
    // One machine, one clock: the peer's own Date header would be a second.
    Some(
        Opinion::possible("only one machine's clock judged the certificate", trouble.failing.clone())
            .decided_by("a vantage on another machine", Some("meshctl diagnose … --from ext/NAME".to_owned())),
    )
}

pub(crate) fn evidence(rows: &[SeenIx], more: SeenIx) -> Vec<SeenIx> {
    rows.iter().copied().chain([more]).collect()
}
