//! A box between the ends that drops, rejects or injects.

use super::{
    Ask, Claim, Class, Opinion, Rule, Trouble, View,
    client_host::evidence,
    egress_proxy, endpoint, idle,
    look::{self, Listener, Place},
    maybe_service, network_policy, route, ways, wire,
};
use crate::{
    evidence::{RefusedBy, Role, Symptom},
    plan,
};

pub(crate) const RULES: &[Rule] = &[
    Rule {
        slug: "firewall/drop",
        meaning: "a packet filter between the ends drops the packets",
        classes: &[Class::Timeout, Class::Name],
        asks: &[Ask::Firewall, Ask::Listeners, Ask::Pmtu, Ask::Trace, Ask::KernelLog],
        judge: drop,
    },
    Rule {
        slug: "firewall/reject-rst",
        meaning: "a packet filter between the ends answers with a reset in the target's name",
        classes: &[Class::Refused],
        asks: &[Ask::Firewall, Ask::Mss, Ask::Echo, Ask::Pmtu],
        judge: reject_rst,
    },
    Rule {
        slug: "firewall/reject-icmp",
        meaning: "a packet filter between the ends answers with an ICMP error",
        classes: &[Class::Refused, Class::Unreachable],
        asks: &[Ask::Firewall],
        judge: reject_icmp,
    },
    Rule {
        slug: "firewall/rst-injected",
        meaning: "a box between the ends resets an established connection in the other end's name",
        classes: &[Class::Reset, Class::Handshake],
        asks: &[Ask::Firewall, Ask::Trace],
        judge: injected,
    },
    Rule {
        slug: "firewall/split-clienthello-reset",
        meaning: "a box between the ends resets a ClientHello of more than one segment",
        classes: &[Class::Handshake],
        asks: &[Ask::Hellos, Ask::Firewall, Ask::Trace],
        judge: split_hello,
    },
    Rule {
        slug: "firewall/idle-expiry",
        meaning: "a stateful box on the way forgets connections that rest too long",
        classes: &[Class::Idle],
        asks: &[Ask::Firewall, Ask::Conntrack, Ask::Trace],
        judge: |view, trouble| idle::silent(view, trouble, true),
    },
    Rule {
        slug: "firewall/state-lost-silent",
        meaning: "a stateful box on the way has lost its table and drops what it does not know",
        classes: &[Class::Idle],
        asks: &[Ask::Firewall, Ask::Conntrack, Ask::Trace],
        judge: |view, trouble| idle::silent(view, trouble, false),
    },
    Rule {
        slug: "firewall/nat-mapping-lost",
        meaning: "a translating box on the way has lost the connection's mapping",
        classes: &[Class::Idle],
        asks: &[],
        judge: idle::reset,
    },
];

/// A rule between the ends that resets packets of a connection it has seen begin.
fn resetting(view: &View<'_>, trouble: &Trouble) -> Option<look::Block> {
    let blocks = look::later_blocks(view, trouble, &["reject"]);
    blocks.into_iter().find(|b| b.place == Place::Between && b.rule.to.starts_with("tcp"))
}

fn injected(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let symptom = &view.attempt_at(trouble.sample())?.symptom;
    if !matches!(symptom, Symptom::HttpReset | Symptom::TlsReset) || hello_matters(view, trouble) == Some(true) {
        return None;
    }
    let target = endpoint(&view.at(trouble.sample()).obs);
    let reset = wire::reset(view, trouble.sample());
    let says = |name: &str| format!("{name} resets established connections to {target} in its name");
    match reset.map(|reset| (reset, reset.is_targets())) {
        Some((reset, Some(false))) => {
            let why = wire::reset_text(&reset);
            match resetting(view, trouble) {
                Some(block) => {
                    let name = view.vantage(block.vantage).id.clone();
                    let why = format!("{why}; {}", look::rule_text(view, &block));
                    let because = evidence(&trouble.failing, block.seen);
                    // Of a handshake nobody knows yet whether its size decides.
                    let size = *symptom == Symptom::TlsReset && hello_matters(view, trouble).is_none();
                    let claim = if size { Claim::Likely } else { Claim::Proved };
                    Some(Opinion::new(claim, why, because).at([name.clone()]).says(says(&name)))
                }
                None => Some(
                    Opinion::likely(why, trouble.failing.clone())
                        .says(says("a box on the way"))
                        .decided_by("a vantage on the target: it sent no reset and keeps the connection", None),
                ),
            }
        }
        Some((reset, Some(true))) => Some(Opinion::excluded(wire::reset_text(&reset), vec![trouble.sample()])),
        _ => Some(
            Opinion::possible("who sent the reset was not seen", trouble.failing.clone())
                .decided_by("the packets of the flow (CAP_NET_RAW)", None),
        ),
    }
}

/// Whether the size of the `ClientHello` decides; none = a small one was not tried.
pub(crate) fn hello_matters(view: &View<'_>, trouble: &Trouble) -> Option<bool> {
    let small = plan::of_role(view, trouble.sample(), &[Role::SmallHello])?;
    let shook = view.at(small.seen).obs.tls.as_ref().is_some_and(|tls| tls.handshake_done || !tls.chain.is_empty());
    let large = view.at(trouble.sample()).obs.tls.as_ref().map_or(0, |tls| tls.client_hello_bytes);
    let less = view.at(small.seen).obs.tls.as_ref().map_or(0, |tls| tls.client_hello_bytes);
    Some(shook && less < large)
}

fn split_hello(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    if view.attempt_at(trouble.sample())?.symptom != Symptom::TlsReset {
        return None;
    }
    let small = plan::of_role(view, trouble.sample(), &[Role::SmallHello]).map(|attempt| attempt.seen);
    match hello_matters(view, trouble) {
        None => return Some(Opinion::possible("a smaller ClientHello was not tried", trouble.failing.clone())),
        Some(false) => {
            return Some(Opinion::excluded(
                "a ClientHello of one segment is reset as well",
                small.into_iter().collect(),
            ));
        }
        Some(true) => {}
    }
    let target = endpoint(&view.at(trouble.sample()).obs);
    let because: Vec<_> = trouble.failing.iter().copied().chain(small).collect();
    let says =
        |name: &str| format!("{name} resets a ClientHello of more than one segment to {target}; a small one passes");
    match wire::reset(view, trouble.sample()) {
        Some(reset) if reset.is_targets() == Some(true) => Some(Opinion::excluded(wire::reset_text(&reset), because)),
        seen => {
            let why =
                seen.map_or_else(|| "who sent the reset was not seen".to_owned(), |reset| wire::reset_text(&reset));
            // The rule must be one that spares the small hello.
            Some(match resetting(view, trouble).filter(|block| !block.rule.length.is_empty()) {
                Some(block) => {
                    let name = view.vantage(block.vantage).id.clone();
                    let why = format!("{why}; {}", look::rule_text(view, &block));
                    Opinion::proved(why, evidence(&because, block.seen)).at([name.clone()]).says(says(&name))
                }
                None if seen.is_some() => Opinion::likely(why, because).says(says("a box on the way")),
                None => Opinion::possible(why, because).decided_by("the packets of the flow (CAP_NET_RAW)", None),
            })
        }
    }
}

fn drop(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let blocks = look::blocks(view, trouble, &["drop"]);
    let between = blocks.iter().find(|b| b.place == Place::Between && !b.answer);
    if let (Some(block), Some(denial)) = (between, network_policy::denies(view, trouble)) {
        return Some(denial.explains(&look::rule_text(view, block), block.seen));
    }
    if let Some(block) = between {
        let name = view.vantage(block.vantage).id.clone();
        let target = endpoint(&view.at(trouble.sample()).obs);
        let because: Vec<_> =
            evidence(&block.rows, block.seen).into_iter().chain(trouble.passing.iter().copied()).collect();
        return Some(
            Opinion::proved(look::rule_text(view, block), because)
                .at([name.clone()])
                .says(format!("{name} drops packets to {target} (rule: {})", block.rule.text)),
        );
    }
    if let Some(other) = blocks.iter().find(|b| b.place != Place::Aside) {
        return Some(Opinion::excluded(
            format!("the rule that takes the flow stands on an end: {}", look::rule_text(view, other)),
            evidence(&other.rows, other.seen),
        ));
    }
    if let Some(block) = blocks.iter().find(|b| !b.answer) {
        let name = view.vantage(block.vantage).id.clone();
        return Some(
            Opinion::likely(
                format!("{}; that the flow crosses {name} was not seen", look::rule_text(view, block)),
                evidence(&block.rows, block.seen),
            )
            .at([name.clone()])
            .says(format!("{name} has a rule that drops packets to {}", endpoint(&view.at(trouble.sample()).obs))),
        );
    }
    if let Some(alone) = ways::port_alone(view, trouble)
        && let Some((last, next)) = alone.gap
    {
        let target = endpoint(&view.at(trouble.sample()).obs);
        let why =
            format!("packets of this port get as far as {last}, those of another port to {next} and on to the target");
        return Some(
            Opinion::likely(why, alone.because)
                .at([last.clone(), next.clone()])
                .says(format!("packets to {target} vanish between {last} and {next}; another port of it is reached"))
                .decided_by(format!("the firewall rules of {last} and {next}"), None),
        );
    }
    route::unheard(view, trouble, "a filter that drops looks the same from here")
}

fn reject_rst(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let attempt = view.attempt_at(trouble.sample())?;
    if !matches!(attempt.symptom, Symptom::Refused(RefusedBy::Rst | RefusedBy::Unknown)) {
        return None;
    }
    let blocks = look::blocks(view, trouble, &["reject"]);
    if let Some(block) = blocks.iter().find(|b| b.place == Place::Between && b.rule.to.starts_with("tcp")) {
        if let Some(denial) = network_policy::denies(view, trouble) {
            return Some(denial.explains(&look::rule_text(view, block), block.seen));
        }
        let name = view.vantage(block.vantage).id.clone();
        return Some(
            Opinion::proved(look::rule_text(view, block), evidence(&block.rows, block.seen))
                .at([name.clone()])
                .says(format!("{name} resets connections to {} in its name", endpoint(&view.at(trouble.sample()).obs))),
        );
    }
    if let Some((block, _)) = egress_proxy::turned_at_home(view, trouble) {
        return Some(Opinion::excluded(
            format!("the connection does not leave the asking host: {}", look::rule_text(view, &block)),
            evidence(&block.rows, block.seen),
        ));
    }
    let behind: Vec<_> = view.attempts.iter().filter(|a| a.role == Role::Endpoint).collect();
    if !behind.is_empty() && behind.iter().all(|a| matches!(a.symptom, Symptom::Refused(_))) {
        return Some(Opinion::excluded(
            "the Service's endpoints refuse when asked directly",
            behind.iter().map(|a| a.seen).collect(),
        ));
    }
    if let Some((reset, echo, because)) = other_ttl(view, trouble) {
        let target = endpoint(&view.at(trouble.sample()).obs);
        let why = format!("the reset arrives with TTL {reset}, the target's echo reply with {echo}");
        return Some(
            Opinion::likely(why, because)
                .says(format!("a box on the way resets connections to {target} in its name"))
                .decided_by("a vantage on the target: it sees no SYN", None),
        );
    }
    if let Some((ttl, because)) = same_ttl(view, trouble) {
        return Some(Opinion::excluded(
            format!("the reset and the target's echo reply arrive with the same TTL {ttl}"),
            because,
        ));
    }
    let holder = view.holder(attempt.address, attempt.vantage);
    if let Some(holder) = holder
        && matches!(
            look::listener(view, holder, "tcp", attempt.address, attempt.port),
            Listener::Absent(_) | Listener::Elsewhere(_)
        )
    {
        // The closed port explains the reset; a box that also rejects could only be seen behind it.
        return None;
    }
    Some(
        Opinion::possible("who sent the reset was not seen", trouble.failing.clone())
            .decided_by("a raw SYN and an echo, to compare their TTL (CAP_NET_RAW)", None)
            .decided_by("a vantage on the target", None),
    )
}

/// Hops that two answers of one host may differ by, because they come back by different ways; beyond that the sender's
/// first TTLs differ (64, 128, 255 are usual) and say nothing.
const NEAR: u32 = 20;

/// TTLs of the reset that refused a watched connect and of the target's echo reply, when they differ by some hops.
pub(crate) fn other_ttl(view: &View<'_>, trouble: &Trouble) -> Option<(u32, u32, Vec<usize>)> {
    let sample = view.at(trouble.sample());
    let reset = wire::reset(view, trouble.sample())?;
    let (ix, echo) = view
        .of(sample.vantage)
        .filter(|(_, obs)| obs.address == sample.obs.address)
        .find_map(|(ix, obs)| obs.icmp.as_ref().and_then(|icmp| icmp.reply_ttl).map(|ttl| (ix, ttl)))?;
    (reset.ttl != echo && reset.ttl.abs_diff(echo) <= NEAR).then(|| (reset.ttl, echo, vec![trouble.sample(), ix]))
}

/// TTL of the reset and of the same host's echo reply, when both were measured from one failing vantage and agree.
/// A box can forge it: it narrows, it does not prove.
fn same_ttl(view: &View<'_>, trouble: &Trouble) -> Option<(u32, Vec<usize>)> {
    let sample = view.at(trouble.sample());
    let own = || view.of(sample.vantage).filter(|(_, obs)| obs.address == sample.obs.address);
    let watched = wire::reset(view, trouble.sample()).map(|reset| (trouble.sample(), reset.ttl));
    let (rst, ttl) = watched.or_else(|| {
        own().find_map(|(ix, obs)| {
            let rung = obs.mss.as_ref()?.rungs.iter().find(|rung| rung.answer == "rst")?;
            rung.reply_ttl.map(|ttl| (ix, ttl))
        })
    })?;
    let echo = own().find(|(_, obs)| obs.icmp.as_ref().is_some_and(|icmp| icmp.reply_ttl == Some(ttl)))?.0;
    Some((ttl, vec![rst, echo]))
}

fn reject_icmp(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let attempt = view.attempt_at(trouble.sample())?;
    let offender = match &attempt.symptom {
        Symptom::Refused(RefusedBy::Icmp { offender, .. }) | Symptom::Unreachable { offender } => (*offender)?,
        _ => return None,
    };
    if view.service_at(attempt.address).is_some() {
        // What a Service's node answers is judged by the API first.
        return None;
    }
    if let Some(denial) = network_policy::denies(view, trouble) {
        return Some(denial.explains("an ICMP error", trouble.sample()));
    }
    let name = view.name_of(offender);
    let block = look::blocks(view, trouble, &["reject"])
        .into_iter()
        .find(|b| view.vantage(b.vantage).addresses.contains(&offender.to_string()));
    let summary = format!("{name} answers {} with an ICMP error", endpoint(&view.at(trouble.sample()).obs));
    Some(match block {
        Some(block) => {
            Opinion::proved(look::rule_text(view, &block), evidence(&block.rows, block.seen)).at([name]).says(summary)
        }
        None if offender == attempt.address => {
            Opinion::possible("the ICMP error comes from the target's own address", vec![trouble.sample()])
                .decided_by("the target's firewall rules", None)
        }
        None => {
            let why = "the ICMP error comes from another address than the target's";
            // A node answers so for a Service without endpoints; nobody said whether this address is one.
            // An unreachable may be a route's as well.
            let refused = matches!(attempt.symptom, Symptom::Refused(_));
            // Another port of the address is reached: it is a matter of the port, as filters are and routes are not.
            let alone = ways::port_alone(view, trouble).is_some() && !maybe_service(view, trouble);
            let known = (view.cluster().is_some() && refused) || (alone && !refused);
            let claim = if known { Claim::Likely } else { Claim::Possible };
            if route::waited_for_neighbour(view, trouble.sample()) {
                return None;
            }
            Opinion::new(claim, why, vec![trouble.sample()])
                .at([name.clone()])
                .says(summary)
                .decided_by(format!("the firewall rules of {name}"), None)
        }
    })
}
