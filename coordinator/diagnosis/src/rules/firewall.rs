//! A box between the ends that drops, rejects or injects.

use super::{
    Ask, Claim, Class, Opinion, Rule, Trouble, View,
    client_host::evidence,
    endpoint,
    look::{self, Listener, Place},
    places,
};
use crate::evidence::{RefusedBy, Symptom};

pub(crate) const RULES: &[Rule] = &[
    Rule {
        slug: "firewall/drop",
        meaning: "a packet filter between the ends drops the packets",
        classes: &[Class::Timeout, Class::Name],
        asks: &[Ask::Firewall, Ask::Listeners, Ask::Pmtu],
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
        slug: "firewall/network-policy",
        meaning: "a NetworkPolicy drops what this Pod sends or receives",
        classes: &[Class::Timeout],
        asks: &[],
        judge: network_policy,
    },
];

fn drop(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let blocks = look::blocks(view, trouble, &["drop"]);
    let between = blocks.iter().find(|b| b.place == Place::Between && !b.answer);
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
    super::route::unheard(view, trouble, "a filter that drops looks the same from here")
}

fn reject_rst(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let attempt = view.attempt_at(trouble.sample())?;
    if !matches!(attempt.symptom, Symptom::Refused(RefusedBy::Rst | RefusedBy::Unknown)) {
        return None;
    }
    let blocks = look::blocks(view, trouble, &["reject"]);
    if let Some(block) = blocks.iter().find(|b| b.place == Place::Between && b.rule.to.starts_with("tcp")) {
        let name = view.vantage(block.vantage).id.clone();
        return Some(
            Opinion::proved(look::rule_text(view, block), evidence(&block.rows, block.seen))
                .at([name.clone()])
                .says(format!("{name} resets connections to {} in its name", endpoint(&view.at(trouble.sample()).obs))),
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

/// TTL of the reset and of the same host's echo reply, when both were measured from one failing vantage and agree.
/// A box can forge it: it narrows, it does not prove.
fn same_ttl(view: &View<'_>, trouble: &Trouble) -> Option<(u32, Vec<usize>)> {
    let sample = view.at(trouble.sample());
    let own = || view.of(sample.vantage).filter(|(_, obs)| obs.address == sample.obs.address);
    let (rst, ttl) = own().find_map(|(ix, obs)| {
        let rung = obs.mss.as_ref()?.rungs.iter().find(|rung| rung.answer == "rst")?;
        rung.reply_ttl.map(|ttl| (ix, ttl))
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
            let claim = if view.cluster().is_some() && refused { Claim::Likely } else { Claim::Possible };
            Opinion::new(claim, why, vec![trouble.sample()])
                .at([name.clone()])
                .says(summary)
                .decided_by(format!("the firewall rules of {name}"), None)
        }
    })
}

fn network_policy(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    if !trouble.failing.iter().all(|row| look::is_pod(view, *row)) {
        return None;
    }
    match look::blocks(view, trouble, &["drop"]).into_iter().find(|b| b.place != Place::Aside) {
        Some(block) => Some(Opinion::excluded(
            format!("a rule takes the flow: {}", look::rule_text(view, &block)),
            evidence(&block.rows, block.seen),
        )),
        None => Some(
            Opinion::possible(format!("only Pods fail: {}", places(view, &trouble.failing)), trouble.failing.clone())
                .decided_by("the policies that select these Pods, and the rules of their nodes", None),
        ),
    }
}
