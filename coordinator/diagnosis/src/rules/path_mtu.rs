//! Packet size on the path: what passes small and vanishes large.
//!
//! From the client: connect and a small request pass, a large one stalls with retransmissions, and a DF ladder loses
//! every rung above a limit without an ICMP answer. Contradicted by a ladder that passes at full size, by a peer whose
//! window is closed, by a claim ("too big") that arrived.

use mesh_proto::v1 as pb;

use super::{Ask, Class, Opinion, Rule, Trouble, View, endpoint, firewall, look};
use crate::{
    evidence::{Role, SeenIx, Symptom, VantageIx},
    flow, plan,
};

pub(crate) const RULES: &[Rule] = &[
    Rule {
        slug: "path-mtu/blackhole",
        meaning: "packets above a size vanish on the way and nobody says \"too big\"",
        classes: &[Class::Large, Class::NoAnswer, Class::Handshake],
        asks: &[Ask::Pmtu, Ask::Firewall, Ask::KernelLog],
        judge: blackhole,
    },
    Rule {
        slug: "path-mtu/upload-size-filter",
        meaning: "large packets of this port alone vanish",
        classes: &[Class::Large],
        asks: &[Ask::Pmtu, Ask::Firewall],
        judge: size_filter,
    },
    Rule {
        slug: "path-mtu/download-only",
        meaning: "large packets vanish on the way back only",
        classes: &[Class::NoAnswer],
        asks: &[Ask::Pmtu, Ask::Firewall],
        judge: download_only,
    },
    Rule {
        slug: "path-mtu/pq-clienthello",
        meaning: "a ClientHello of more than one segment vanishes: post-quantum clients hang, others do not",
        classes: &[Class::Handshake],
        asks: &[Ask::Hellos, Ask::Pmtu, Ask::Firewall],
        judge: large_hello,
    },
];

fn large_hello(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    if view.attempt_at(trouble.sample())?.symptom != Symptom::TlsSilent {
        return None;
    }
    let sample = view.at(trouble.sample());
    let small = plan::of_role(view, trouble.sample(), &[Role::SmallHello]).map(|attempt| attempt.seen);
    let because: Vec<SeenIx> = trouble.failing.iter().copied().chain(small).collect();
    match firewall::hello_matters(view, trouble) {
        None => return Some(Opinion::possible("a smaller ClientHello was not tried", because)),
        Some(false) => return Some(Opinion::excluded("a ClientHello of one segment gets no answer either", because)),
        Some(true) => {}
    }
    let measured = ladder(view, sample.vantage, &sample.obs.address);
    if let Some((ix, _)) = measured.filter(|(_, detail)| silent_limit(detail).is_some()) {
        return Some(Opinion::excluded("other packets of that size vanish as well", vec![ix]));
    }
    let target = endpoint(&sample.obs);
    let bytes = sample.obs.tls.as_ref().map_or(0, |tls| tls.client_hello_bytes);
    let summary = format!("a ClientHello of {bytes} bytes to {target} gets no answer, one of a single segment does");
    if let Some((ix, name, text)) = port_length_rule(view, trouble) {
        let because = because.into_iter().chain([ix]).collect();
        return Some(Opinion::proved(text, because).at([name]).says(summary));
    }
    let why = "only the size of the ClientHello differs";
    Some(
        Opinion::likely(why, because)
            .at([target])
            .says(summary)
            .decided_by("a vantage on the target: which segments arrive", None),
    )
}

/// A rule on the way that drops full packets of this flow and spares its small ones.
fn port_length_rule(view: &View<'_>, trouble: &Trouble) -> Option<(SeenIx, String, String)> {
    let row = trouble.sample();
    let flow = flow::Flow { begun: true, ..look::flow_of(view, row)? };
    view.all().find_map(|(ix, vantage, obs)| {
        let rules = &obs.firewall.as_ref()?.rules;
        let rule = rules.iter().find(|rule| {
            rule.verdict == "drop"
                && !flow::spared(rules, rule, flow::Flow { length: FULL_BYTES, ..flow })
                && flow::selects_by_length(rule, flow, FULL_BYTES)
        })?;
        let name = view.vantage(vantage).id.clone();
        look::carries(view, view.at(row).vantage, flow.destination, vantage)
            .then(|| (ix, name.clone(), format!("{name} drops by length: {}", rule.text)))
    })
}

/// A packet of the usual Ethernet size.
const FULL_BYTES: u32 = 1_500;

/// A ladder of one vantage towards the failing address.
pub(crate) fn ladder<'v>(
    view: &'v View<'_>,
    vantage: VantageIx,
    address: &str,
) -> Option<(SeenIx, &'v pb::PmtuDetail)> {
    view.of(vantage)
        .filter(|(_, obs)| obs.address == address)
        .filter_map(|(ix, obs)| obs.pmtu.as_ref().map(|detail| (ix, detail)))
        .last()
}

/// A limit that was met in silence: passed, lost, and no claim.
fn silent_limit(detail: &pb::PmtuDetail) -> Option<(u32, u32)> {
    let (passed, lost) = (detail.passed_bytes?, detail.lost_bytes?);
    (detail.claim.is_none() && passed < lost).then_some((passed, lost))
}

/// The hop that large packets reach last, and the next that answered small ones.
fn segment(view: &View<'_>, vantage: VantageIx, detail: &pb::PmtuDetail) -> Option<(String, String)> {
    let lost = detail.lost_bytes?;
    let hops = &detail.hops;
    let reached = hops.iter().rposition(|hop| hop.largest_answered.is_some_and(|bytes| bytes >= lost));
    let first_lost = hops
        .iter()
        .enumerate()
        .skip(reached.map_or(0, |at| at + 1))
        .find(|(_, hop)| hop.small_answered && !hop.address.is_empty())?
        .1;
    let name =
        |hop: &pb::PmtuHop| hop.address.parse().map_or_else(|_| hop.address.clone(), |address| view.name_of(address));
    let before = match reached.and_then(|at| hops.get(at)) {
        Some(hop) => name(hop),
        None => view.vantage(vantage).id.clone(),
    };
    Some((before, name(first_lost)))
}

fn blackhole(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let address = view.at(trouble.sample()).obs.address.clone();
    let mut limits = Vec::new();
    let mut ladders = 0;
    for row in &trouble.failing {
        let vantage = view.at(*row).vantage;
        let Some((ix, detail)) = ladder(view, vantage, &address) else { continue };
        if detail.passed_bytes.is_none() {
            continue;
        }
        ladders += 1;
        if let Some((passed, lost)) = silent_limit(detail) {
            limits.push((ix, vantage, passed, lost, segment(view, vantage, detail)));
        }
    }
    if ladders == 0 {
        let meaning = "no ladder of sizes towards the address gave an answer";
        return (trouble.class == Class::Large).then(|| {
            Opinion::possible(meaning, trouble.failing.clone()).decided_by(
                "a DF ladder from a vantage with CAP_NET_RAW",
                Some(format!("sudo meshctl probe pmtu {address}")),
            )
        });
    }
    let seen: Vec<SeenIx> = limits.iter().map(|(ix, ..)| *ix).collect();
    if limits.is_empty() {
        let all: Vec<SeenIx> = trouble
            .failing
            .iter()
            .filter_map(|row| ladder(view, view.at(*row).vantage, &address))
            .map(|(ix, _)| ix)
            .collect();
        return Some(Opinion::excluded("full-size packets to the address pass, or somebody says \"too big\"", all));
    }
    if limits.len() < ladders {
        return Some(Opinion::possible("only some failing vantages lose large packets", seen));
    }
    let (_, vantage, passed, lost, place) = limits.first()?.clone();
    let between = place.map_or_else(|| vec![view.vantage(vantage).id.clone(), address.clone()], |(a, b)| vec![a, b]);
    let whole: Vec<SeenIx> = trouble
        .passing
        .iter()
        .filter_map(|row| ladder(view, view.at(*row).vantage, &address))
        .filter(|(_, detail)| detail.lost_bytes.is_none() && detail.passed_bytes.is_some_and(|bytes| bytes > passed))
        .map(|(ix, _)| ix)
        .collect();
    let rule = length_rule(view, trouble, (passed, lost)).or_else(|| uneven(view, &between, lost));
    let summary =
        format!("packets over {passed} bytes vanish between {} and nobody says \"too big\"", between.join(" and "));
    let mut because: Vec<SeenIx> = seen.into_iter().chain(trouble.failing.iter().copied()).collect();
    because.extend(whole.iter().copied());
    let opinion = if trouble.class != Class::Large {
        // Nothing large was sent from there on purpose; the ladder shows a hole that may or may not be what hurts.
        Opinion::likely(format!("sizes over {passed} get no answer"), because)
    } else if let Some((ix, text)) = rule {
        because.push(ix);
        Opinion::proved(format!("{passed} passes, more does not, on another protocol too; {text}"), because)
    } else if !whole.is_empty() && look::independent(view, &trouble.failing, &trouble.passing) {
        let good = super::passing(view, &trouble.passing);
        Opinion::proved(
            format!("small passes, large stalls and the ladder ends at {passed} in silence; {good} with full size"),
            because,
        )
    } else {
        Opinion::likely(format!("small passes, large stalls and the ladder ends at {passed} in silence"), because)
            .decided_by("a vantage that reaches the target another way", None)
    };
    Some(opinion.at(between).says(summary))
}

/// The two ends of the link in question carry different sizes: what one sends the other does not take.
fn uneven(view: &View<'_>, between: &[String], lost: u32) -> Option<(SeenIx, String)> {
    let [before, after] = between else { return None };
    let links = |id: &String| {
        let vantage = view.vantages.iter().position(|vantage| vantage.id == *id)?;
        view.of(vantage).find_map(|(ix, obs)| obs.links.as_ref().map(|detail| (ix, detail)))
    };
    let ((_, sender), (ix, receiver)) = (links(before)?, links(after)?);
    let nets = |link: &pb::Link| -> Vec<ipnet::IpNet> {
        link.addresses.iter().filter_map(|text| text.parse::<ipnet::IpNet>().ok()).map(|net| net.trunc()).collect()
    };
    for near in &sender.links {
        for far in &receiver.links {
            let shared = nets(near).into_iter().any(|net| !net.addr().is_loopback() && nets(far).contains(&net));
            // What was lost must be what the one end sends and the other does not take.
            if shared && far.mtu < lost && lost <= near.mtu {
                let text = format!("{before} sends up to {} there, {after} takes {}", near.mtu, far.mtu);
                return Some((ix, text));
            }
        }
    }
    None
}

/// A rule on a host of the way that drops by length alone what fails, and spares the small.
fn length_rule(view: &View<'_>, trouble: &Trouble, (passed, lost): (u32, u32)) -> Option<(SeenIx, String)> {
    let row = trouble.sample();
    let flow = look::flow_of(view, row)?;
    view.all().find_map(|(ix, vantage, obs)| {
        let rules = &obs.firewall.as_ref()?.rules;
        let rule = rules.iter().find(|rule| {
            rule.verdict == "drop"
                && !flow::spared(rules, rule, flow::Flow { length: lost, ..flow })
                && rule.destination_port.is_empty()
                && rule.source_port.is_empty()
                // The rule must draw the line where the ladder met it; another limit may lie elsewhere.
                && flow::selects_by_length(rule, flow::Flow { length: passed, ..flow }, lost)
        })?;
        look::carries(view, view.at(row).vantage, flow.destination, vantage)
            .then(|| (ix, format!("{} drops by length: {}", view.vantage(vantage).id, rule.text)))
    })
}

fn size_filter(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let sample = view.at(trouble.sample());
    let (ix, detail) = ladder(view, sample.vantage, &sample.obs.address)?;
    let info = sample.obs.tcp.as_ref()?.info?;
    if silent_limit(detail).is_some() {
        return Some(Opinion::excluded("another protocol loses the same sizes: it is not this port alone", vec![ix]));
    }
    if detail.passed_bytes.is_none() || info.total_retrans == 0 {
        return None;
    }
    if info.snd_wnd == Some(0) {
        return Some(Opinion::excluded(
            "the peer's window is closed: what is resent are probes of it",
            vec![trouble.sample()],
        ));
    }
    let target = endpoint(&sample.obs);
    if let Some((rule, name, text)) = port_length_rule(view, trouble) {
        let why = format!("other packets of that size pass; {text}");
        let summary = format!("{name} drops large packets to {target}, other packets of that size pass");
        return Some(Opinion::proved(why, vec![ix, trouble.sample(), rule]).at([name]).says(summary));
    }
    Some(
        Opinion::likely(
            format!("the ladder passes at {} and the upload retransmits", detail.passed_bytes.unwrap_or_default()),
            vec![ix, trouble.sample()],
        )
        .at([target.clone()])
        .says(format!("large packets to {target} are lost, other packets of that size are not"))
        .decided_by("a vantage on the target: which segments arrive", None),
    )
}

/// A rule on the way that takes full packets of the answer and not its small ones.
fn answer_length_rule(view: &View<'_>, trouble: &Trouble) -> Option<look::Block> {
    let blocks = look::later_blocks(view, trouble, &["drop"]);
    blocks
        .into_iter()
        .find(|block| block.answer && block.place == look::Place::Between && !block.rule.length.is_empty())
}

fn download_only(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let sample = view.at(trouble.sample());
    let info = sample.obs.tcp.as_ref()?.info?;
    if info.rcv_ooopack.unwrap_or(0) == 0 {
        return Some(Opinion::excluded("no later segment of the answer arrived either", vec![trouble.sample()]));
    }
    let target = endpoint(&sample.obs);
    if let Some(block) = answer_length_rule(view, trouble) {
        let name = view.vantage(block.vantage).id.clone();
        let why = format!("later segments of the answer arrived; {}", look::rule_text(view, &block));
        return Some(
            Opinion::proved(why, vec![trouble.sample(), block.seen])
                .at([name.clone()])
                .says(format!("{name} drops large packets from {target} on their way back")),
        );
    }
    Some(
        Opinion::likely("later segments of the answer arrived, the first full ones did not", vec![trouble.sample()])
            .at([target.clone()])
            .says(format!("large packets from {target} are lost on their way back")),
    )
}
