//! Words for what later rounds look at: packets of the own flow, hops, tables, logs, proxies.

use mesh_proto::v1 as pb;

use super::time;

/// Lines of a kernel's or a proxy's log that one line of evidence shows; the bundle has them all.
const LINES: usize = 3;
const RST: u32 = 4;
const SYN_ACK: u32 = 18;

/// Only where a reset came: otherwise the connection itself says more than its packets.
pub(super) fn watch(obs: &pb::Observation, detail: &pb::WatchDetail) -> Option<String> {
    let received = |flags: u32| detail.packets.iter().find(|p| !p.sent && p.flags & flags == flags);
    let rst = received(RST).filter(|_| obs.outcome() == pb::Outcome::Fail)?;
    let other = received(SYN_ACK).map_or(String::new(), |p| format!(", SYN-ACK ttl {}", p.ttl));
    let form = if rst.options != 0 || rst.window != 0 { "with options or a window" } else { "bare" };
    Some(format!("RST ttl {} {form}{other}", rst.ttl))
}

pub(super) fn trace(detail: &pb::TraceDetail) -> String {
    let hops = detail.hops.iter().map(|hop| match (hop.address.as_str(), hop.answer.as_str()) {
        ("", _) => "*".to_owned(),
        (address, "time-exceeded") => address.to_owned(),
        (address, answer) => format!("{address} ({answer})"),
    });
    format!("by {} to port {}: {}", detail.protocol, detail.port, hops.collect::<Vec<_>>().join("; "))
}

pub(super) fn neighbours(detail: &pb::NeighbourDetail) -> String {
    let each = detail.neighbours.iter().take(LINES).map(|row| {
        let link = if row.link_address.is_empty() { String::new() } else { format!(" at {}", row.link_address) };
        format!("{} dev {}{link} {}", row.address, row.interface, row.state)
    });
    let text = each.collect::<Vec<_>>().join("; ");
    if text.is_empty() { "no neighbour of the addresses asked about".to_owned() } else { text }
}

pub(super) fn conntrack(detail: &pb::ConntrackDetail) -> String {
    let mut parts = Vec::new();
    if let (Some(count), Some(max)) = (detail.count, detail.max) {
        parts.push(format!("{count} of {max} entries"));
    }
    parts.extend(detail.stats.iter().filter(|stat| stat.value > 0).map(|stat| format!("{} {}", stat.name, stat.value)));
    parts.push(format!("{} of the flow asked about", detail.entries.len()));
    parts.join(", ")
}

pub(super) fn kernel_log(detail: &pb::KernelLogDetail) -> String {
    if detail.lines.is_empty() {
        return "nothing about the network in the last minutes".to_owned();
    }
    let last: Vec<String> = detail.lines.iter().rev().take(LINES).map(|line| format!("{:?}", line.text)).collect();
    format!("{} lines, the last: {}", detail.lines.len(), last.join("; "))
}

pub(super) fn proxies(detail: &pb::ProxyDetail) -> String {
    let each = detail.proxies.iter().map(|proxy| {
        if !proxy.error.is_empty() && proxy.servers.is_empty() && proxy.lines.is_empty() {
            return format!("{} {}: {}", proxy.kind, proxy.name, proxy.error);
        }
        let servers = proxy.servers.iter().filter(|server| !server.state.is_empty());
        let shown: Vec<String> = servers
            .map(|server| format!("{}/{} {} {}", server.group, server.name, server.address, server.state))
            .collect();
        let lines: Vec<String> = proxy.lines.iter().rev().take(LINES).map(|line| format!("{line:?}")).collect();
        format!("{}: {}", proxy.kind, shown.into_iter().chain(lines).collect::<Vec<_>>().join("; "))
    });
    each.collect::<Vec<_>>().join("; ")
}

pub(super) fn reuse(detail: &pb::ReuseDetail) -> String {
    let rested = time(detail.idle_us);
    let closed = match (detail.closed_by.as_str(), detail.closed_at_us) {
        ("", _) => String::new(),
        (by, at) => format!(", {} after {}", by.to_uppercase(), at.map_or_else(|| "some time".to_owned(), time)),
    };
    let again = if detail.status > 0 { format!("answered {}", detail.status) } else { "not answered".to_owned() };
    format!("rested {rested}{closed}, then {again}")
}
