//! Who the client appears to be: access by source, the way back to it.

use std::net::IpAddr;

use mesh_proto::v1 as pb;

use super::{
    Ask, Claim, Class, Opinion, Rule, Trouble, View,
    client_host::evidence,
    endpoint,
    look::{self, Place},
    ways,
};
use crate::evidence::{SeenIx, VantageIx};

pub(crate) const RULES: &[Rule] = &[
    Rule {
        slug: "source-address/acl-drop",
        meaning: "the target's side drops packets from this source address and accepts others",
        classes: &[Class::Timeout],
        asks: &[Ask::Firewall, Ask::Listeners, Ask::Pmtu],
        judge: acl_drop,
    },
    Rule {
        slug: "source-address/no-return-route",
        meaning: "the target's side has no way back to this source address",
        classes: &[Class::Timeout],
        asks: &[Ask::Listeners, Ask::Routes, Ask::Pmtu],
        judge: no_return_route,
    },
    Rule {
        slug: "source-address/missing-snat",
        meaning: "packets leave the node with a Pod's address that nobody outside can answer",
        classes: &[Class::Timeout],
        asks: &[Ask::Firewall],
        judge: missing_snat,
    },
];

fn acl_drop(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let blocks = look::blocks(view, trouble, &["drop"]);
    let by_source = blocks.iter().find(|b| !b.rule.source.is_empty() && !b.answer && b.place == Place::Target);
    if let Some(block) = by_source {
        let target = view.vantage(block.vantage).id.clone();
        let spared: Vec<_> = trouble.passing.clone();
        let summary = format!(
            "{target} drops packets from {} (rule: {}); {}",
            block.rule.source,
            block.rule.text,
            if spared.is_empty() {
                "nobody with another source was asked".to_owned()
            } else {
                super::passing(view, &spared)
            },
        );
        let because = evidence(&block.rows, block.seen).into_iter().chain(spared).collect();
        return Some(Opinion::proved(look::rule_text(view, block), because).at([target]).says(summary));
    }
    if let Some(other) = blocks.iter().find(|b| b.place != Place::Aside) {
        return Some(Opinion::excluded(
            format!("another rule takes the flow: {}", look::rule_text(view, other)),
            evidence(&other.rows, other.seen),
        ));
    }
    if let Some(read) = target_rules_read(view, trouble) {
        return Some(Opinion::excluded("the target's own rules were read; none drops this source", read));
    }
    if let Some(ix) = look::arrived(view, trouble) {
        return Some(Opinion::excluded("the SYN arrived: the target holds a half-open connection", vec![ix]));
    }
    if let Some(excluded) = ways::before_the_end(view, trouble) {
        return Some(excluded);
    }
    by_difference(view, trouble, "others with another source pass, these time out")
}

/// Readings of the rules at whoever holds the address.
fn target_rules_read(view: &View<'_>, trouble: &Trouble) -> Option<Vec<usize>> {
    let sample = view.at(trouble.sample());
    let holder = view.holder(sample.obs.address.parse().ok()?, sample.vantage)?;
    let ix = view.of(holder).filter(|(_, obs)| obs.firewall.is_some()).map(|(ix, _)| ix).last()?;
    Some(vec![ix])
}

/// The cause stays possible where sources differ between failing and passing vantages, and where nobody passes.
#[expect(clippy::unnecessary_wraps, reason = "the signature of a judge")]
fn by_difference(view: &View<'_>, trouble: &Trouble, why: &str) -> Option<Opinion> {
    let target = endpoint(&view.at(trouble.sample()).obs);
    let opinion = if trouble.passing.is_empty() {
        Opinion::possible("no vantage with another source address passes or was asked", trouble.failing.clone())
    } else {
        Opinion::possible(why, trouble.all())
    };
    Some(opinion.decided_by(format!("a vantage on the host that holds {target}: its rules, SYN-RECV sockets"), None))
}

fn no_return_route(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let sample = &view.at(trouble.sample()).obs;
    let untranslated = missing_snat(view, trouble).filter(|known| known.claim <= Claim::Likely);
    if let Some(known) = untranslated.clone().filter(|known| known.claim == Claim::Proved) {
        // The way back is missing on purpose: this address is not to be seen outside.
        return Some(Opinion::excluded("the source is one that other nodes translate", known.because));
    }
    if let Some(source) = view.source_of(trouble.sample())
        && let Some(end) = look::dead_ends(view, trouble.sample(), source).into_iter().next()
    {
        let name = view.vantage(end.vantage).id.clone();
        let (why, because) =
            (format!("the route of {name} to {source}: {}", end.kind), evidence(&trouble.failing, end.seen));
        // Pods that pass may be translated where these are not.
        let others = trouble.passing.iter().any(|row| look::is_pod(view, *row));
        let sure = end.on_path && !others && untranslated.is_none();
        let opinion = if sure { Opinion::proved(why, because) } else { Opinion::likely(why, because) };
        return Some(opinion.at([name.clone()]).says(format!("{name} has no way back to {source} ({})", end.kind)));
    }
    if let Some(excluded) = ways::any_port(view, trouble) {
        return Some(excluded);
    }
    let holder = view.holder(sample.address.parse().ok()?, view.at(trouble.sample()).vantage);
    let Some(holder) = holder else {
        return by_difference(view, trouble, "others with another source pass");
    };
    let source = view.source_of(trouble.sample())?.to_string();
    let table = view.of(holder).filter_map(|(ix, obs)| obs.sockets.as_ref().map(|table| (ix, table))).last();
    let Some((ix, table)) = table else { return by_difference(view, trouble, "others with another source pass") };
    if table.peers.iter().any(|row| row.state == "SYN-RECV" && row.remote_address == source) {
        let name = view.vantage(holder).id.clone();
        return Some(
            Opinion::possible(
                "the target holds the connection half open: its answer does not arrive",
                vec![ix, trouble.sample()],
            )
            .at([name.clone(), source.clone()])
            .says(format!("{name} received the SYN from {source} and its answer does not come back"))
            .decided_by(format!("the routes back to {source} on the way"), None),
        );
    }
    Some(
        Opinion::possible(
            "the target's socket table was read after the attempt and shows no half-open connection",
            vec![ix],
        )
        .decided_by("the target's sockets while the SYN is being sent", None),
    )
}

/// Rules of a node that translate what this source sends, and the reading.
fn translates(view: &View<'_>, node: VantageIx, source: IpAddr) -> Option<(SeenIx, bool)> {
    let (ix, table) = view.of(node).filter_map(|(ix, obs)| obs.firewall.as_ref().map(|table| (ix, table))).last()?;
    let covers = |rule: &pb::FirewallRule| {
        matches!(rule.verdict.as_str(), "masquerade" | "snat")
            && rule.source.parse::<ipnet::IpNet>().is_ok_and(|net| net.contains(&source))
    };
    // Of a rule that was not understood nobody knows what it translates.
    let unclear = table.rules.iter().any(|rule| !rule.understood && rule.hook == "postrouting");
    let found = table.rules.iter().any(covers);
    (found || !unclear).then_some((ix, found))
}

fn missing_snat(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    if !trouble.failing.iter().all(|row| look::is_pod(view, *row)) {
        return None;
    }
    let sample = trouble.sample();
    let seen = view.at(sample);
    let ways = look::node_of(view, seen.vantage).zip(view.source_of(sample));
    let own = ways.and_then(|(node, source)| Some((node, translates(view, node, source)?)));
    // Another node translates what its own Pods send, and they pass.
    let other = trouble.passing.iter().filter(|row| look::is_pod(view, **row)).find_map(|row| {
        let node = look::node_of(view, view.at(*row).vantage)?;
        let (ix, found) = translates(view, node, view.source_of(*row)?)?;
        found.then_some((node, ix, *row))
    });
    let elsewhere = ways.and_then(|(node, source)| {
        (0..view.vantages.len())
            .filter(|other| *other != node)
            .find_map(|other| translates(view, other, source).filter(|(_, found)| *found).map(|(ix, _)| (other, ix)))
    });
    match (own, other) {
        (Some((node, (_, true))), _) => Some(Opinion::excluded(
            format!("{} translates what its Pods send", view.vantage(node).id),
            own.map(|(_, (ix, _))| ix).into_iter().collect(),
        )),
        (Some((node, (here, false))), Some((far, there, pass))) => {
            let (name, far) = (view.vantage(node).id.clone(), view.vantage(far).id.clone());
            let why = format!("{far} translates the source of its Pods, and they pass; {name} has no such rule");
            let because: Vec<SeenIx> = trouble.failing.iter().copied().chain([here, there, pass]).collect();
            // That the answer has no way back contradicts what else could keep a Pod from an answer.
            let back =
                view.source_of(sample).and_then(|source| look::dead_ends(view, sample, source).into_iter().next());
            let arrived = look::arrived(view, trouble);
            let lost = back.map(|end| end.seen).or(arrived);
            let claim = if lost.is_some() { Claim::Proved } else { Claim::Likely };
            let because = because.into_iter().chain(lost).collect();
            Some(Opinion::new(claim, why, because).at([name.clone()]).says(format!(
                "{name} does not translate what its Pods send to {}, as {far} does",
                endpoint(&seen.obs)
            )))
        }
        (Some((node, (here, false))), None) if elsewhere.is_some() => {
            let (far, there) = elsewhere?;
            let (name, far) = (view.vantage(node).id.clone(), view.vantage(far).id.clone());
            let why = format!("{far} translates such sources, {name} has no such rule");
            let because = trouble.failing.iter().copied().chain([here, there]).collect();
            Some(
                Opinion::likely(why, because)
                    .at([name.clone()])
                    .says(format!("{name} does not translate what its Pods send to {}", endpoint(&seen.obs)))
                    .decided_by(format!("a Pod on {far}"), None),
            )
        }
        _ => Some(
            Opinion::possible("only Pods fail", trouble.failing.clone())
                .decided_by("the source address as the target sees it, and the rules of another node", None),
        ),
    }
}
