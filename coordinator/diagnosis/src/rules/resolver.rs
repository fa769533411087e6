//! The recursive resolver and the path to it.

use std::{collections::BTreeMap, net::IpAddr};

use mesh_proto::v1 as pb;

use super::{
    Ask, Claim, Class, Opinion, Rule, Trouble, View,
    look::{self, Listener, Place},
    network_policy, places,
};
use crate::evidence::{SeenIx, VantageIx};

/// Where name service listens (RFC 1035 §4.2).
const DNS_PORT: u16 = 53;

pub(crate) const RULES: &[Rule] = &[
    Rule {
        slug: "resolver/daemon-dead",
        meaning: "nothing listens for DNS on the configured resolver",
        classes: &[Class::Name],
        asks: &[Ask::Servers, Ask::Listeners],
        judge: daemon_dead,
    },
    Rule {
        slug: "resolver/udp-dropped",
        meaning: "questions over UDP are dropped on the way to the resolver, over TCP they pass",
        classes: &[Class::Name],
        asks: &[Ask::Servers, Ask::Firewall, Ask::Trace],
        judge: |view, trouble| udp_lost(view, trouble, false),
    },
    Rule {
        slug: "resolver/udp-answer-dropped",
        meaning: "the resolver's answers over UDP are dropped on the way back",
        classes: &[Class::Name],
        asks: &[Ask::Servers, Ask::Firewall, Ask::Trace],
        judge: |view, trouble| udp_lost(view, trouble, true),
    },
    Rule {
        slug: "resolver/tcp-dropped",
        meaning: "answers too long for UDP can't be fetched: DNS over TCP is dropped",
        classes: &[Class::Name],
        asks: &[Ask::Servers, Ask::Firewall, Ask::Trace],
        judge: tcp_dropped,
    },
    Rule {
        slug: "resolver/servfail-upstream",
        meaning: "the resolver answers, but cannot reach whoever knows the name",
        classes: &[Class::Name],
        asks: &[Ask::Servers],
        judge: |view, trouble| rcode(view, trouble, "SERVFAIL", "the resolver answers SERVFAIL"),
    },
    Rule {
        slug: "resolver/refused-by-acl",
        meaning: "the resolver refuses to serve this client",
        classes: &[Class::Name],
        asks: &[Ask::Servers],
        judge: |view, trouble| rcode(view, trouble, "REFUSED", "the resolver answers REFUSED"),
    },
];

/// What one server said to a failing vantage, over each transport.
#[derive(Debug, Default)]
pub(crate) struct Spoken {
    pub(crate) udp: Vec<(SeenIx, Said)>,
    pub(crate) tcp: Vec<(SeenIx, Said)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    Rcode(String),
    /// Refused by the server's own address.
    RefusedByServer,
    RefusedByOther,
    Silent,
    /// No way there: no route, or no host at the address.
    NoWay,
    Other,
}

/// Every server asked by the failing vantages.
pub(crate) fn spoken(view: &View<'_>, trouble: &Trouble) -> BTreeMap<(VantageIx, String), Spoken> {
    let mut servers: BTreeMap<(VantageIx, String), Spoken> = BTreeMap::new();
    for row in &trouble.failing {
        let vantage = view.at(*row).vantage;
        for (ix, obs) in view.of(vantage) {
            let Some(dns) = obs.dns.as_ref().filter(|_| !obs.task.starts_with("dns-other:")) else { continue };
            let entry = servers.entry((vantage, dns.server.clone())).or_default();
            let list = if dns.transport == "tcp" { &mut entry.tcp } else { &mut entry.udp };
            list.push((ix, said(obs, dns)));
        }
    }
    servers
}

/// What a server that a failing vantage asked said to passing vantages on other machines: whether it resolved the name
/// for all of them, over every transport.
pub(crate) fn told_others(view: &View<'_>, trouble: &Trouble, server: &str) -> Option<Vec<SeenIx>> {
    let told: Vec<(SeenIx, Said)> = trouble
        .passing
        .iter()
        .flat_map(|row| view.of(view.at(*row).vantage))
        .filter_map(|(ix, obs)| obs.dns.as_ref().filter(|dns| dns.server == server).map(|dns| (ix, said(obs, dns))))
        .collect();
    let good = told.iter().all(|(_, said)| *said == Said::Rcode("NOERROR".to_owned()));
    (!told.is_empty() && good && look::independent(view, &trouble.failing, &trouble.passing))
        .then(|| told.into_iter().map(|(ix, _)| ix).collect())
}

fn said(obs: &pb::Observation, dns: &pb::DnsDetail) -> Said {
    if !dns.rcode.is_empty() {
        return Said::Rcode(dns.rcode.clone());
    }
    let failure = obs.failure.clone().unwrap_or_default();
    match failure.errno_name.as_str() {
        "ECONNREFUSED" => match &dns.icmp {
            Some(icmp) if icmp.offender != dns.server => Said::RefusedByOther,
            _ => Said::RefusedByServer,
        },
        "EHOSTUNREACH" | "ENETUNREACH" => Said::NoWay,
        "" | "ETIMEDOUT" if failure.how == "timeout" || failure.errno_name == "ETIMEDOUT" => Said::Silent,
        _ => Said::Other,
    }
}

/// No configured server says anything, over either transport: the evidence of that.
pub(crate) fn silent(view: &View<'_>, trouble: &Trouble) -> Option<Vec<SeenIx>> {
    let servers = spoken(view, trouble);
    let each = || servers.values().flat_map(|s| s.udp.iter().chain(&s.tcp));
    let all = !servers.is_empty()
        && servers.values().all(|s| !s.udp.is_empty() && !s.tcp.is_empty())
        && each().all(|(_, said)| matches!(said, Said::Silent | Said::NoWay));
    all.then(|| each().map(|(ix, _)| *ix).chain(trouble.failing.iter().copied()).collect())
}

fn daemon_dead(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let servers = spoken(view, trouble);
    if servers.is_empty() {
        return Some(
            Opinion::possible("no configured server was asked yet", trouble.failing.clone())
                .decided_by("each configured server, asked over UDP and TCP", None),
        );
    }
    let mut because = trouble.failing.clone();
    because.extend(servers.values().flat_map(|spoken| spoken.udp.iter().chain(&spoken.tcp)).map(|(ix, _)| *ix));
    let refused =
        |list: &[(SeenIx, Said)]| !list.is_empty() && list.iter().all(|(_, said)| *said == Said::RefusedByServer);
    // A host answers a closed UDP port with an ICMP error only so many times a second; silence beside a refused TCP port
    // is that ration spent.
    let shut = |spoken: &Spoken| {
        refused(&spoken.tcp) && spoken.udp.iter().all(|(_, said)| matches!(said, Said::RefusedByServer | Said::Silent))
    };
    if !servers.values().all(shut) {
        let any = servers.values().any(|s| s.udp.iter().chain(&s.tcp).any(|(_, said)| *said == Said::RefusedByServer));
        let told = |(_, said): &(SeenIx, Said)| matches!(said, Said::Rcode(_) | Said::Silent);
        let all = servers.values().all(|s| s.udp.iter().chain(&s.tcp).all(told));
        return (!any && all)
            .then(|| Opinion::excluded("no configured server refuses: it answers, or is silent", because));
    }
    let names: Vec<String> = servers.keys().map(|(_, server)| server.clone()).collect();
    let summary = format!("nothing answers DNS on {}: port 53 is refused", names.join(", "));
    let mut absent = Vec::new();
    for (vantage, server) in servers.keys() {
        let Ok(address) = server.parse::<IpAddr>() else { continue };
        let Some(holder) = view.holder(address, *vantage) else { continue };
        match (listener(view, holder, "udp", address), listener(view, holder, "tcp", address)) {
            (Listener::Absent(ix) | Listener::Elsewhere(ix), Listener::Absent(_) | Listener::Elsewhere(_)) => {
                absent.push((ix, view.vantage(holder).id.clone()));
            }
            (Listener::Present(ix), _) | (_, Listener::Present(ix)) => {
                because.push(ix);
                return Some(Opinion::excluded(format!("something listens on {server} port 53"), because));
            }
            _ => {}
        }
    }
    if absent.len() == servers.len() {
        because.extend(absent.iter().map(|(ix, _)| *ix));
        let at: Vec<String> = absent.into_iter().map(|(_, name)| name).collect();
        return Some(
            Opinion::proved("its own socket table has no listener on port 53", because)
                .at(at.into_iter().take(1))
                .says(summary),
        );
    }
    Some(
        Opinion::likely("the resolver's own address refuses; a rejecting host firewall there looks alike", because)
            .at(names.into_iter().take(1))
            .says(summary)
            .decided_by("the resolver host's socket table", None),
    )
}

fn listener(view: &View<'_>, holder: VantageIx, protocol: &str, address: IpAddr) -> Listener {
    look::listener(view, holder, protocol, address, DNS_PORT)
}

/// What the rules that were read say of questions (or, `back`, of answers) over one transport.
fn by_rule(
    view: &View<'_>,
    trouble: &Trouble,
    protocol: &'static str,
    back: bool,
    because: &[SeenIx],
) -> Option<Opinion> {
    let blocks = look::dns_blocks(view, trouble, &["drop"], protocol);
    // What the asking host itself drops is no matter of the resolver.
    let sure = |block: &&look::Block| matches!(block.place, Place::Between | Place::Target);
    // A rule that takes both directions takes the question first.
    let forth = blocks.iter().filter(sure).find(|block| !block.answer);
    let hit = if back { blocks.iter().filter(sure).find(|block| block.answer && forth.is_none()) } else { forth };
    if let Some(block) = hit {
        if let Some(denial) = network_policy::denies(view, trouble) {
            return Some(denial.explains(&look::rule_text(view, block), block.seen));
        }
        let name = view.vantage(block.vantage).id.clone();
        let what = if back { "the resolver's answers" } else { "questions to the resolver" };
        let because = because.iter().copied().chain([block.seen]).collect();
        return Some(Opinion::proved(look::rule_text(view, block), because).at([name.clone()]).says(format!(
            "{name} drops {what} over {} (rule: {})",
            protocol.to_uppercase(),
            block.rule.text
        )));
    }
    let other = blocks.iter().find(sure)?;
    Some(Opinion::excluded(
        format!("a rule takes the other direction: {}", look::rule_text(view, other)),
        vec![other.seen],
    ))
}

/// UDP answers are cut short and TCP is silent.
fn tcp_dropped(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let servers = spoken(view, trouble);
    let because: Vec<SeenIx> = servers.values().flat_map(|s| s.udp.iter().chain(&s.tcp)).map(|(ix, _)| *ix).collect();
    let cut = |(ix, said): &(SeenIx, Said)| {
        matches!(said, Said::Rcode(_)) && view.at(*ix).obs.dns.as_ref().is_some_and(|dns| dns.truncated)
    };
    let quiet = |list: &[(SeenIx, Said)]| !list.is_empty() && list.iter().all(|(_, said)| *said == Said::Silent);
    let ((_, server), _) = servers.iter().find(|(_, s)| s.udp.iter().any(cut) && quiet(&s.tcp))?;
    if let Some(known) = by_rule(view, trouble, "tcp", false, &because).filter(|known| known.claim == Claim::Proved) {
        return Some(known);
    }
    Some(
        Opinion::likely("its answer over UDP is truncated and TCP is silent", because)
            .at([server.clone()])
            .says(format!("the answer for {} is too long for UDP, and {server} is silent over TCP", view.target().host))
            .decided_by("the firewall rules on the way to the resolver, TCP port 53", None),
    )
}

fn udp_lost(view: &View<'_>, trouble: &Trouble, back: bool) -> Option<Opinion> {
    let servers = spoken(view, trouble);
    let because: Vec<SeenIx> = servers.values().flat_map(|s| s.udp.iter().chain(&s.tcp)).map(|(ix, _)| *ix).collect();
    let quiet = |list: &[(SeenIx, Said)]| !list.is_empty() && list.iter().all(|(_, said)| *said == Said::Silent);
    let answered = |list: &[(SeenIx, Said)]| list.iter().any(|(_, said)| matches!(said, Said::Rcode(_)));
    if servers.values().any(|s| answered(&s.udp)) {
        return Some(Opinion::excluded("a configured server answers over UDP", because));
    }
    if silent(view, trouble).is_some() {
        return Some(Opinion::excluded("TCP is as silent as UDP: it is not UDP alone", because));
    }
    let split = servers.iter().any(|(_, s)| quiet(&s.udp) && answered(&s.tcp));
    if let Some(opinion) = split.then(|| by_rule(view, trouble, "udp", back, &because)).flatten() {
        return Some(opinion);
    }
    let hit = servers.iter().find(|(_, s)| quiet(&s.udp) && answered(&s.tcp));
    match hit {
        Some(((_, server), _)) => Some(
            Opinion::possible(
                "UDP is silent and TCP answers; whether the question or the answer is lost shows only there",
                because,
            )
            .at([server.clone()])
            .says(format!("{server} answers DNS over TCP and is silent over UDP"))
            .decided_by("a vantage on the resolver: whether the question arrives", None),
        ),
        None if servers
            .values()
            .any(|s| quiet(&s.udp) && !s.tcp.iter().any(|(_, said)| *said == Said::RefusedByServer)) =>
        {
            Some(
                Opinion::possible("a configured server is silent", because)
                    .decided_by("a vantage on the resolver", None),
            )
        }
        None => None,
    }
}

fn rcode(view: &View<'_>, trouble: &Trouble, code: &str, why: &str) -> Option<Opinion> {
    let servers = spoken(view, trouble);
    let hits: Vec<(SeenIx, String)> = servers
        .iter()
        .flat_map(|((_, server), s)| s.udp.iter().chain(&s.tcp).map(move |(ix, said)| (*ix, said, server)))
        .filter(|(_, said, _)| **said == Said::Rcode(code.to_owned()))
        .map(|(ix, _, server)| (ix, server.clone()))
        .collect();
    let (_, server) = hits.first()?.clone();
    let because: Vec<SeenIx> = hits.into_iter().map(|(ix, _)| ix).chain(trouble.failing.iter().copied()).collect();
    let says = format!("{server} answers {code} for the name, asked from {}", places(view, &trouble.failing));
    if code == "REFUSED"
        && let Some(others) = told_others(view, trouble, &server)
    {
        let because = because.into_iter().chain(others).collect();
        return Some(Opinion::proved("the same server resolves the name for others", because).at([server]).says(says));
    }
    Some(Opinion::likely(why, because).at([server]).says(says))
}
