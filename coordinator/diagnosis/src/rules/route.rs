//! Forwarding, both ways.

use super::{
    Ask, Claim, Class, Opinion, Rule, Trouble, View,
    client_host::{self, evidence},
    endpoint, flaky,
    look::{self, Place},
    maybe_service, resolver, ways,
};
use crate::evidence::{SeenIx, Symptom};

/// ARP and neighbour discovery give up after three seconds (three solicitations, one second apart: arp(7), RFC 4861).
const NEIGHBOUR_GIVES_UP_US: u64 = 2_900_000;

pub(crate) const RULES: &[Rule] = &[
    Rule {
        slug: "route/router-unreachable",
        meaning: "a router on the way says that it can't or won't forward",
        classes: &[Class::Unreachable],
        asks: &[Ask::Firewall, Ask::Routes, Ask::Pmtu],
        judge: router_unreachable,
    },
    Rule {
        slug: "route/last-hop-arp-failed",
        meaning: "the last router gets no answer from the host's link address: the host is gone",
        classes: &[Class::Unreachable, Class::Timeout],
        asks: &[Ask::Neighbours],
        judge: last_hop,
    },
    Rule {
        slug: "route/blackhole",
        meaning: "a router on the way discards without a word",
        classes: &[Class::Timeout, Class::Name],
        asks: &[Ask::Pmtu, Ask::Routes, Ask::Trace],
        judge: blackhole,
    },
    Rule {
        slug: "route/return-path-lost",
        meaning: "the target answers and its answer is lost",
        classes: &[Class::Timeout],
        asks: &[Ask::Firewall],
        judge: return_path,
    },
    Rule {
        slug: "route/asymmetric-rp-filter",
        meaning: "question and answer take different ways and a router's reverse-path filter drops one",
        classes: &[Class::Timeout, Class::Name],
        asks: &[Ask::Counters],
        judge: rp_filter,
    },
    Rule {
        slug: "route/ecmp-member-bad",
        meaning: "of several equal ways one loses everything, and a hash of the flow chooses the way",
        classes: &[Class::Intermittent],
        asks: &[Ask::Same, Ask::Firewall, Ask::Trace, Ask::Routes],
        judge: |view, trouble| flaky::by_path(view, trouble, true),
    },
    Rule {
        slug: "route/random-loss",
        meaning: "packets are lost without a pattern",
        classes: &[Class::Intermittent],
        asks: &[Ask::Same, Ask::Firewall, Ask::Trace],
        judge: |view, trouble| flaky::by_path(view, trouble, false),
    },
];

fn router_unreachable(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let attempt = view.attempt_at(trouble.sample())?;
    let Symptom::Unreachable { offender: Some(offender) } = attempt.symptom else { return None };
    let rejecting = look::blocks(view, trouble, &["reject"]).into_iter().any(|b| b.place != Place::Aside);
    if rejecting || view.service_at(attempt.address).is_some() {
        // A Service's address is to be translated before any router sees it.
        return None;
    }
    let name = view.name_of(offender);
    let target = endpoint(&view.at(trouble.sample()).obs);
    let by_route = look::dead_ends(view, trouble.sample(), attempt.address)
        .into_iter()
        .find(|end| view.vantage(end.vantage).addresses.contains(&offender.to_string()));
    if let Some(end) = by_route {
        let why = format!("its route to the address: {}", end.kind);
        return Some(
            Opinion::proved(why, evidence(&trouble.failing, end.seen))
                .at([name.clone()])
                .says(format!("{name} has no way to {target} and says so ({})", end.kind)),
        );
    }
    let icmp = view.at(trouble.sample()).obs.tcp.as_ref().and_then(|tcp| tcp.icmp.clone()).unwrap_or_default();
    // "Administratively prohibited" (RFC 1812 §5.2.7.1, RFC 4443 §3.1): a filter says so more often than a route.
    let prohibited = matches!((icmp.origin, icmp.r#type, icmp.code), (2, 3, 9 | 10 | 13) | (3, 1, 1));
    if let Some(alone) = ways::port_alone(view, trouble) {
        return Some(Opinion::excluded(
            "a route takes every port, and another port of the address is reached",
            alone.because,
        ));
    }
    let unsure = prohibited || waited_for_neighbour(view, trouble.sample()) || maybe_service(view, trouble);
    let claim = if unsure { Claim::Possible } else { Claim::Likely };
    Some(
        Opinion::new(claim, "an ICMP error names the router; its routing table was not read", vec![trouble.sample()])
            .at([name.clone()])
            .says(format!("{name} answers that {target} is unreachable"))
            .decided_by(format!("a vantage on {name}: its route, its rules"), None),
    )
}

/// The error came after the time in which a neighbour is looked for.
pub(crate) fn waited_for_neighbour(view: &View<'_>, row: SeenIx) -> bool {
    view.at(row).obs.timing.as_ref().is_some_and(|timing| timing.duration_us >= NEIGHBOUR_GIVES_UP_US)
}

/// The neighbour table of whoever looked for the address on its link (the router that says so, or the asking host) has
/// it as failed.
fn neighbour_failed(
    view: &View<'_>,
    row: SeenIx,
    offender: Option<std::net::IpAddr>,
) -> Option<(SeenIx, String, String)> {
    let seen = view.at(row);
    let looked = match offender {
        Some(router) => view.holder(router, seen.vantage)?,
        None => seen.vantage,
    };
    view.of(looked).find_map(|(ix, obs)| {
        let known = obs.neighbours.as_ref()?.neighbours.iter().find(|known| known.address == seen.obs.address)?;
        matches!(known.state.as_str(), "FAILED" | "INCOMPLETE")
            .then(|| (ix, view.vantage(looked).id.clone(), known.state.clone()))
    })
}

fn last_hop(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let sample = view.at(trouble.sample());
    let attempt = view.attempt_at(trouble.sample())?;
    let address = sample.obs.address.clone();
    match attempt.symptom {
        Symptom::Unreachable { offender } if waited_for_neighbour(view, trouble.sample()) => {
            if let Some((ix, name, state)) = neighbour_failed(view, trouble.sample(), offender) {
                let why = format!("{name} has the neighbour {address} as {state}");
                return Some(
                    Opinion::proved(why, evidence(&trouble.failing, ix))
                        .at([name.clone(), address.clone()])
                        .says(format!("{name} finds no host at {address} on its link")),
                );
            }
            // Said by nobody: it is this host's own neighbour that is missing, and that is the address itself only where
            // there is no gateway.
            if offender.is_none() && client_host::gateway_of(view, trouble.sample()).is_some() {
                return Some(Opinion::excluded(
                    "no router says so: it is the asking host that looked",
                    vec![trouble.sample()],
                ));
            }
            let router = offender.map_or_else(|| view.vantage(attempt.vantage).id.clone(), |ip| view.name_of(ip));
            Some(
                Opinion::likely(
                    "EHOSTUNREACH after the three seconds in which a neighbour is looked for",
                    vec![trouble.sample()],
                )
                .at([router.clone(), address.clone()])
                .says(format!("{router} finds no host at {address}")),
            )
        }
        Symptom::ConnectTimeout if !echoed(view, trouble) => ways::any_port(view, trouble)
            .or_else(|| ways::node_passes(view, trouble))
            .or_else(|| unheard(view, trouble, "routers often keep silent about a host that is gone")),
        _ => None,
    }
}

/// The address answered an echo or a raw SYN, so host and link are there.
fn echoed(view: &View<'_>, trouble: &Trouble) -> bool {
    let address = &view.at(trouble.sample()).obs.address;
    view.all().any(|(_, _, obs)| {
        obs.address == *address
            && (obs.icmp.as_ref().is_some_and(|icmp| icmp.received > 0)
                || obs.tcp.as_ref().is_some_and(|tcp| tcp.connected)
                || obs.failure.as_ref().is_some_and(|f| f.errno_name == "ECONNREFUSED"))
    })
}

/// As [`silent`], for what would have kept the question itself from arriving.
pub(crate) fn unheard(view: &View<'_>, trouble: &Trouble, why: &str) -> Option<Opinion> {
    match look::arrived(view, trouble) {
        Some(ix) => Some(Opinion::excluded("the SYN arrived: the target holds a half-open connection", vec![ix])),
        None => silent(view, trouble, why),
    }
}

/// Possible while nobody shows where the packets end; excluded once a filter that takes the flow was found.
pub(crate) fn silent(view: &View<'_>, trouble: &Trouble, why: &str) -> Option<Opinion> {
    if trouble.class == Class::Name {
        // Nothing of the target was asked; what is silent is the way to the resolver.
        let silent = resolver::silent(view, trouble)?;
        return Some(
            Opinion::possible(why, silent).decided_by("a vantage on the resolver, or beyond the last router", None),
        );
    }
    let found = look::blocks(view, trouble, &["drop"]).into_iter().find(|b| b.place != Place::Aside);
    if let Some(block) = found {
        return Some(Opinion::excluded(
            format!("a rule takes the flow before that: {}", look::rule_text(view, &block)),
            evidence(&block.rows, block.seen),
        ));
    }
    let last = trouble.failing.iter().find_map(|row| look::last_hop(view, *row));
    let mut opinion = Opinion::possible(why, trouble.failing.clone());
    if let Some((ix, name)) = last {
        opinion.because.push(ix);
        opinion = opinion.at([name, view.at(trouble.sample()).obs.address.clone()]);
    }
    Some(opinion.decided_by(
        "a vantage beyond the last router that answers, or on the target",
        Some("meshctl diagnose … --vantage ext/NAME=unix:SOCKET".to_owned()),
    ))
}

/// A router on the way has a route that discards.
fn blackhole(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let row = trouble.sample();
    let destination = view.at(row).obs.address.parse().ok();
    let end = destination.and_then(|to| look::dead_ends(view, row, to).into_iter().find(|end| end.kind == "blackhole"));
    let Some(end) = end else {
        return ways::any_port(view, trouble)
            .or_else(|| ways::node_passes(view, trouble))
            .or_else(|| unheard(view, trouble, "a router that discards looks the same from here"));
    };
    let (name, target) = (view.vantage(end.vantage).id.clone(), endpoint(&view.at(row).obs));
    let because = evidence(&trouble.failing, end.seen);
    let opinion = if end.on_path {
        Opinion::proved(format!("the route of {name} to the address is of type blackhole"), because)
    } else {
        let why = format!("the routing tables lead to {name}, whose route to the address is of type blackhole");
        Opinion::likely(why, because)
    };
    Some(opinion.at([name.clone()]).says(format!("{name} discards packets to {target} by a blackhole route")))
}

/// A host counted packets that its reverse-path filter dropped while one more SYN was on its way.
fn rp_filter(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let filtered = (0..view.vantages.len()).find_map(|vantage| {
        let (ix, count) = look::moved(view, vantage, "TcpExt.IPReversePathFilter")?;
        Some((ix, vantage, count))
    });
    let Some((ix, vantage, count)) = filtered else {
        return ways::any_port(view, trouble)
            .or_else(|| silent(view, trouble, "a reverse-path filter on the way looks the same from here"));
    };
    let name = view.vantage(vantage).id.clone();
    let target = if trouble.class == Class::Name {
        resolver::silent(view, trouble)?;
        "the resolver".to_owned()
    } else {
        endpoint(&view.at(trouble.sample()).obs)
    };
    Some(
        Opinion::likely(
            format!("its reverse-path filter dropped {count} packets while one SYN more was sent"),
            vec![ix, trouble.sample()],
        )
        .at([name.clone()])
        .says(format!("{name} drops packets to {target} by its reverse-path filter: its way back is another one"))
        .decided_by(format!("the routes of {name}: by which interface it would answer"), None),
    )
}

fn return_path(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let blocks = look::blocks(view, trouble, &["drop"]);
    let forth = blocks.iter().any(|b| !b.answer && b.place != Place::Aside);
    match blocks.iter().find(|b| b.answer && b.place != Place::Aside) {
        // A rule that takes both directions takes the question first.
        Some(block) if !forth => {
            let name = view.vantage(block.vantage).id.clone();
            Some(
                Opinion::proved(look::rule_text(view, block), evidence(&block.rows, block.seen))
                    .at([name.clone()])
                    .says(format!("{name} drops the answers of {}", endpoint(&view.at(trouble.sample()).obs))),
            )
        }
        _ => match look::arrived(view, trouble) {
            Some(ix) => Some(
                Opinion::possible("the SYN arrived and the answer did not", vec![ix, trouble.sample()])
                    .decided_by("the vantages between the target and who asks", None),
            ),
            None => ways::before_the_end(view, trouble)
                .or_else(|| silent(view, trouble, "whether the target answers is not visible from here")),
        },
    }
}
