//! Questions that several rules put to the evidence.

use std::net::IpAddr;

use mesh_proto::v1 as pb;

use super::{Trouble, View};
use crate::{
    evidence::{SeenIx, VantageIx},
    flow::{self, Flow},
};

/// Whether anything listens where the question went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listener {
    /// On this port, for this address.
    Present(SeenIx),
    /// On this port, but bound to another address.
    Elsewhere(SeenIx),
    /// The whole table was read and holds none.
    Absent(SeenIx),
    /// Nobody looked at the holder's socket table.
    NotLooked,
}

/// What a vantage's socket table says about a TCP or UDP port.
pub(crate) fn listener(view: &View<'_>, vantage: VantageIx, protocol: &str, address: IpAddr, port: u16) -> Listener {
    // The latest table counts: a listener may have come or gone between rounds.
    let table = view
        .of(vantage)
        .filter_map(|(ix, obs)| obs.sockets.as_ref().map(|table| (ix, table)))
        .filter(|(_, table)| table.complete)
        .last();
    let Some((ix, table)) = table else { return Listener::NotLooked };
    let on_port = |row: &&pb::SocketRow| row.local_port == u32::from(port) && row.protocol == protocol;
    let serves = |row: &pb::SocketRow| match row.local_address.parse::<IpAddr>() {
        Ok(bound) if bound.is_unspecified() => (bound.is_ipv6() && !row.v6only) || bound.is_ipv6() == address.is_ipv6(),
        Ok(bound) => bound.to_canonical() == address.to_canonical(),
        Err(_) => false,
    };
    if table.listeners.iter().filter(on_port).any(serves) {
        Listener::Present(ix)
    } else if table.listeners.iter().any(|row| on_port(&row)) {
        Listener::Elsewhere(ix)
    } else {
        Listener::Absent(ix)
    }
}

/// Where a rule stands in relation to a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// On the host that asks.
    Asker,
    /// On the host that holds the address.
    Target,
    /// On a host in between that was seen to carry the flow.
    Between,
    /// On another vantage; nothing shows that the flow crosses it.
    Aside,
}

/// A rule that takes a failing flow.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) seen: SeenIx,
    pub(crate) vantage: VantageIx,
    pub(crate) rule: pb::FirewallRule,
    pub(crate) place: Place,
    /// It takes the answer, not the question.
    pub(crate) answer: bool,
    /// Failing rows it explains.
    pub(crate) rows: Vec<SeenIx>,
}

/// Rules with one of the verdicts that take failing flows, those on the path first.
pub(crate) fn blocks(view: &View<'_>, trouble: &Trouble, verdicts: &[&str]) -> Vec<Block> {
    let flows: Vec<(SeenIx, Flow)> =
        trouble.failing.iter().filter_map(|row| flow_of(view, *row).map(|flow| (*row, flow))).collect();
    taking(view, &flows, verdicts)
}

/// A full packet in the middle of a flow.
const FULL_BYTES: u32 = 1_500;

/// Rules that take what follows the handshake.
pub(crate) fn later_blocks(view: &View<'_>, trouble: &Trouble, verdicts: &[&str]) -> Vec<Block> {
    let later = |flow: Flow| Flow { length: FULL_BYTES, begun: true, ..flow };
    let flows: Vec<(SeenIx, Flow)> =
        trouble.failing.iter().filter_map(|row| flow_of(view, *row).map(|flow| (*row, later(flow)))).collect();
    taking(view, &flows, verdicts)
}

/// Rules that take questions to the configured nameservers, over one transport.
pub(crate) fn dns_blocks(view: &View<'_>, trouble: &Trouble, verdicts: &[&str], protocol: &'static str) -> Vec<Block> {
    let asked = trouble.failing.iter().flat_map(|row| {
        let vantage = view.at(*row).vantage;
        view.of(vantage).filter(|(_, obs)| obs.dns.as_ref().is_some_and(|dns| dns.transport == protocol))
    });
    let flows: Vec<(SeenIx, Flow)> =
        asked.filter_map(|(ix, _)| flow_of(view, ix).map(|flow| (ix, Flow { protocol, ..flow }))).collect();
    taking(view, &flows, verdicts)
}

fn taking(view: &View<'_>, flows: &[(SeenIx, Flow)], verdicts: &[&str]) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    for (seen, vantage, obs) in view.all() {
        let Some(table) = &obs.firewall else { continue };
        for rule in table.rules.iter().filter(|rule| verdicts.contains(&rule.verdict.as_str())) {
            for answer in [false, true] {
                let rows: Vec<(SeenIx, Place)> = flows
                    .iter()
                    .filter_map(|(row, flow)| {
                        let asker = view.at(*row).vantage;
                        place(view, (asker, *flow), vantage, (rule, &table.rules), answer).map(|place| (*row, place))
                    })
                    .collect();
                if let Some(place) = rows.iter().map(|(_, place)| *place).min() {
                    let rows = rows.into_iter().map(|(row, _)| row).collect();
                    // The same rule read in several rounds is one rule; the last reading has the last counters.
                    found.retain(|known| {
                        (known.vantage, known.rule.handle, &known.rule.table, known.answer)
                            != (vantage, rule.handle, &rule.table, answer)
                    });
                    found.push(Block { seen, vantage, rule: rule.clone(), place, answer, rows });
                }
            }
        }
    }
    found.sort_by_key(|block| (block.place, std::cmp::Reverse(block.rows.len()), block.answer));
    found
}

/// The flow of an attempt's first packet.
pub(crate) fn flow_of(view: &View<'_>, row: SeenIx) -> Option<Flow> {
    let obs = &view.at(row).obs;
    Some(Flow {
        source: view.source_of(row)?,
        source_port: u16::try_from(obs.local_port).ok()?,
        destination: obs.address.parse().ok()?,
        destination_port: u16::try_from(obs.port).ok()?,
        length: flow::SYN_BYTES,
        answer: false,
        begun: false,
        protocol: "tcp",
    })
}

fn place(
    view: &View<'_>,
    (asker, flow): (VantageIx, Flow),
    vantage: VantageIx,
    (rule, rules): (&pb::FirewallRule, &[pb::FirewallRule]),
    answer: bool,
) -> Option<Place> {
    let packet = if answer { flow.reversed() } else { flow };
    if !flow::takes(rule, packet) || flow::spared(rules, rule, packet) {
        return None;
    }
    let target = view.holder(flow.destination, asker);
    let (sends, receives) = if answer { (target, Some(asker)) } else { (Some(asker), target) };
    let hook = rule.hook.as_str();
    if sends == Some(vantage) || receives == Some(vantage) {
        let own = (sends == Some(vantage) && matches!(hook, "output" | "postrouting"))
            || (receives == Some(vantage) && matches!(hook, "input" | "prerouting"));
        return own.then_some(if vantage == asker { Place::Asker } else { Place::Target });
    }
    if !matches!(hook, "forward" | "prerouting" | "postrouting") {
        return None;
    }
    Some(if carries(view, asker, flow.destination, vantage) || rule_moved(view, vantage, rule) {
        Place::Between
    } else {
        Place::Aside
    })
}

/// The node that a Pod's packets leave by.
pub(crate) fn node_of(view: &View<'_>, pod: VantageIx) -> Option<VantageIx> {
    let name = &view.vantage(pod).node;
    view.vantages.iter().position(|vantage| !name.is_empty() && vantage.id.trim_start_matches("node/") == name)
}

/// The vantage was seen as a hop on the way from `asker` to `address`, or is the asker's node.
pub(crate) fn carries(view: &View<'_>, asker: VantageIx, address: IpAddr, vantage: VantageIx) -> bool {
    let host = view.vantage(vantage);
    if !view.vantage(asker).node.is_empty() && view.vantage(asker).node == host.id.trim_start_matches("node/") {
        return true;
    }
    let text = address.to_string();
    let own = || view.of(asker).filter(|(_, obs)| obs.address == text);
    let by_size = own().filter_map(|(_, obs)| obs.pmtu.as_ref()).flat_map(|pmtu| &pmtu.hops);
    let by_ttl = own().filter_map(|(_, obs)| obs.trace.as_ref()).flat_map(|trace| &trace.hops);
    by_size.filter(|hop| !hop.is_target).any(|hop| host.addresses.contains(&hop.address))
        || by_ttl.filter(|hop| hop.answer == "time-exceeded").any(|hop| host.addresses.contains(&hop.address))
}

/// The rule's own counter rose while the flow was asked again.
fn rule_moved(view: &View<'_>, vantage: VantageIx, rule: &pb::FirewallRule) -> bool {
    let readings: Vec<u64> = view
        .of(vantage)
        .filter_map(|(_, obs)| obs.firewall.as_ref())
        .flat_map(|table| &table.rules)
        .filter(|known| known.handle == rule.handle && known.table == rule.table && known.chain == rule.chain)
        .filter_map(|known| known.packets)
        .collect();
    matches!((readings.first(), readings.last()), (Some(first), Some(last)) if last > first)
}

/// "r3: ip length > 1400 drop (inet fault forward)".
pub(crate) fn rule_text(view: &View<'_>, block: &Block) -> String {
    let rule = &block.rule;
    format!("{}: {} ({} {} {})", view.vantage(block.vantage).id, rule.text, rule.family, rule.table, rule.chain)
}

/// The row was seen from inside a Pod.
pub(crate) fn is_pod(view: &View<'_>, row: SeenIx) -> bool {
    view.vantage(view.at(row).vantage).kind == "pod"
}

/// Failing and passing rows stand on different machines.
pub(crate) fn independent(view: &View<'_>, failing: &[SeenIx], passing: &[SeenIx]) -> bool {
    let witness = |ix: &SeenIx| view.vantage(view.at(*ix).vantage).witness.as_str();
    failing.iter().any(|bad| passing.iter().any(|good| witness(bad) != witness(good)))
}

/// Last router that answered on the way from a row's vantage. On the failing port itself where that was traced.
pub(crate) fn last_hop(view: &View<'_>, row: SeenIx) -> Option<(SeenIx, String)> {
    let obs = &view.at(row).obs;
    let own = || view.of(view.at(row).vantage).filter(|(_, other)| other.address == obs.address);
    let traced = own().filter(|(_, other)| other.port == obs.port).find_map(|(ix, other)| {
        let hop = other.trace.as_ref()?.hops.iter().rfind(|hop| hop.answer == "time-exceeded")?;
        Some((ix, hop.address.clone()))
    });
    let by_size = || {
        own().filter_map(|(ix, other)| {
            let hop = other.pmtu.as_ref()?.hops.iter().rfind(|hop| hop.small_answered && !hop.address.is_empty())?;
            Some((ix, hop.address.clone()))
        })
    };
    let (ix, address) = traced.or_else(|| by_size().last())?;
    Some((ix, view.name_of(address.parse().ok()?)))
}

/// How far a counter of a vantage rose from its first reading in this run to its last, and the last reading.
pub(crate) fn moved(view: &View<'_>, vantage: VantageIx, name: &str) -> Option<(SeenIx, u64)> {
    let readings: Vec<(SeenIx, &pb::Counter)> = view
        .of(vantage)
        .filter_map(|(ix, obs)| obs.counters.as_ref().map(|detail| (ix, detail)))
        .filter_map(|(ix, detail)| Some((ix, detail.counters.iter().find(|counter| counter.name == name)?)))
        .collect();
    let ((_, first), (ix, last)) = (readings.first()?, readings.last()?);
    let rose = last.after.checked_sub(first.before).filter(|rose| *rose > 0)?;
    Some((*ix, rose))
}

/// Hosts that a walk along routing tables visits.
const HOPS: usize = 16;

/// A route that refuses or discards.
#[derive(Debug, Clone)]
pub(crate) struct DeadEnd {
    pub(crate) seen: SeenIx,
    pub(crate) vantage: VantageIx,
    /// "blackhole", "unreachable", "prohibit", or the look-up's error.
    pub(crate) kind: String,
    /// The host was seen to answer for the flow, or holds the address; otherwise only the routing tables lead to it, and
    /// where there are several ways they may lead elsewhere.
    pub(crate) on_path: bool,
}

/// Routes towards `destination` that lead nowhere, on hosts that `row`'s packets meet.
pub(crate) fn dead_ends(view: &View<'_>, row: SeenIx, destination: IpAddr) -> Vec<DeadEnd> {
    let asked = view.at(row);
    let Ok(address) = asked.obs.address.parse::<IpAddr>() else { return Vec::new() };
    let holder = view.holder(address, asked.vantage);
    let by_table = walk(view, asked.vantage, address);
    let text = destination.to_string();
    let mut found: Vec<DeadEnd> = view
        .all()
        .filter(|(_, vantage, _)| *vantage != asked.vantage)
        .filter_map(|(seen, vantage, obs)| {
            let route = obs.routes.as_ref()?.routes.iter().find(|route| route.destination == text)?;
            let on_path = Some(vantage) == holder || carries(view, asked.vantage, address, vantage);
            if !on_path && !by_table.contains(&vantage) {
                return None;
            }
            Some(DeadEnd { seen, vantage, kind: refusal(route)?, on_path })
        })
        .collect();
    found.sort_by_key(|end| !end.on_path);
    found
}

/// How a route refuses; a look-up of such a route fails with the errno of its type (ip-route(8)).
fn refusal(route: &pb::Route) -> Option<String> {
    let by_errno = match route.errno {
        22 => "blackhole",
        113 => "unreachable",
        13 => "prohibit",
        _ => "",
    };
    match (route.kind.as_str(), by_errno, route.error.as_str()) {
        (kind @ ("blackhole" | "unreachable" | "prohibit"), _, _) => Some(kind.to_owned()),
        (_, "", "") => None,
        (_, "", error) => Some(error.to_owned()),
        (_, kind, _) => Some(kind.to_owned()),
    }
}

/// Hosts on the way as each one's own routing table leads on.
fn walk(view: &View<'_>, from: VantageIx, to: IpAddr) -> Vec<VantageIx> {
    let text = to.to_string();
    let mut hosts = Vec::new();
    let mut current = from;
    // A loop of routes ends here too.
    for _ in 0..HOPS {
        let route = view
            .of(current)
            .filter_map(|(_, obs)| obs.routes.as_ref())
            .filter_map(|detail| detail.routes.iter().find(|route| route.destination == text))
            .last();
        let gateway = route.and_then(|route| route.gateway.parse::<IpAddr>().ok());
        let Some(next) = gateway.and_then(|gateway| view.holder(gateway, current)) else { break };
        hosts.push(next);
        current = next;
    }
    hosts
}

/// The target holds a half-open connection from a failing vantage: its SYN arrived. The reading that shows it.
pub(crate) fn arrived(view: &View<'_>, trouble: &Trouble) -> Option<SeenIx> {
    trouble.failing.iter().find_map(|row| {
        let seen = view.at(*row);
        let holder = view.holder(seen.obs.address.parse().ok()?, seen.vantage)?;
        let source = view.source_of(*row)?.to_string();
        view.of(holder).find_map(|(ix, obs)| {
            let peers = &obs.sockets.as_ref()?.peers;
            peers.iter().any(|peer| peer.state == "SYN-RECV" && peer.remote_address == source).then_some(ix)
        })
    })
}
