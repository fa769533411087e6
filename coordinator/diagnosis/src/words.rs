//! One observation in one line, for people. Facts only; names, addresses and error texts exactly as observed.

use mesh_proto::v1 as pb;

use crate::report::Outcome;

mod more;

/// Outcome of the wire as the report names it.
pub(crate) fn outcome(obs: &pb::Observation) -> Outcome {
    match obs.outcome() {
        pb::Outcome::Pass => Outcome::Pass,
        pb::Outcome::Fail => Outcome::Fail,
        pb::Outcome::Degraded => Outcome::Degraded,
        pb::Outcome::NotReached => Outcome::NotReached,
        pb::Outcome::NotAsked => Outcome::NotAsked,
        pb::Outcome::Intercepted => Outcome::Intercepted,
        // A value this build does not know is not evidence of anything.
        pb::Outcome::CouldNotLook | pb::Outcome::Unspecified => Outcome::CouldNotLook,
    }
}

/// Microseconds as a reader says them: "0.6 ms", "21 ms", "2.0 s".
pub(crate) fn time(us: u64) -> String {
    match us {
        0..10_000 => format!("{}.{} ms", us / 1000, us % 1000 / 100),
        10_000..1_000_000 => format!("{} ms", us / 1000),
        _ => format!("{}.{} s", us / 1_000_000, us % 1_000_000 / 100_000),
    }
}

/// RFC 3339 in UTC, milliseconds.
pub(crate) fn instant(unix_us: i64) -> String {
    jiff::Timestamp::from_microsecond(unix_us)
        .map(|at| at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
        .unwrap_or_default()
}

/// What was seen.
pub(crate) fn seen(obs: &pb::Observation) -> String {
    if matches!(obs.outcome(), pb::Outcome::CouldNotLook) {
        return format!("could not look: {}", obs.missing);
    }
    let mut parts: Vec<String> = [
        obs.resolve.as_ref().map(resolved),
        obs.dns.as_ref().map(dns),
        obs.tcp.as_ref().and_then(|tcp| connected(obs, tcp)),
        obs.tls.as_ref().map(tls),
        obs.http.as_ref().and_then(http),
        obs.icmp.as_ref().map(icmp),
        obs.pmtu.as_ref().map(pmtu),
        obs.mss.as_ref().map(mss),
        obs.routes.as_ref().map(routes),
        obs.resolver.as_ref().map(|r| format!("nameservers {}", list(&r.nameservers))),
        obs.sockets.as_ref().map(|s| sockets(obs, s)),
        obs.counters.as_ref().map(counters),
        obs.firewall.as_ref().map(firewall),
        obs.links.as_ref().map(links),
        obs.cluster.as_ref().map(cluster),
        obs.watch.as_ref().and_then(|watch| more::watch(obs, watch)),
        obs.trace.as_ref().map(more::trace),
        obs.neighbours.as_ref().map(more::neighbours),
        obs.conntrack.as_ref().map(more::conntrack),
        obs.kernel_log.as_ref().map(more::kernel_log),
        obs.proxies.as_ref().map(more::proxies),
    ]
    .into_iter()
    .flatten()
    .filter(|text| !text.is_empty())
    .collect();
    if let Some(failure) = &obs.failure
        && !failure.text.is_empty()
    {
        let errno = if failure.errno_name.is_empty() { String::new() } else { format!(" ({})", failure.errno_name) };
        parts.push(format!("\"{}\"{errno}", failure.text));
    }
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

fn list(items: &[String]) -> String {
    if items.is_empty() { "none".to_owned() } else { items.join(", ") }
}

fn resolved(detail: &pb::ResolveDetail) -> String {
    if detail.addresses.is_empty() {
        return match (detail.gai_error.as_str(), detail.gai_text.as_str()) {
            ("", "") => format!("{} gave no address", detail.flavour),
            (name, text) => format!("{}: {name} {text:?}", detail.flavour),
        };
    }
    format!("{}: {}", detail.flavour, detail.addresses.join(", "))
}

fn dns(detail: &pb::DnsDetail) -> String {
    let asked = format!("{} {} from {} over {}", detail.r#type, detail.question, detail.server, detail.transport);
    let data: Vec<&str> = detail.answers.iter().map(|record| record.data.as_str()).collect();
    let answer = match (detail.rcode.as_str(), data.join(", ").as_str()) {
        ("", _) => String::new(),
        (rcode, "") => format!(": {rcode}"),
        (rcode, data) => format!(": {rcode} {data}"),
    };
    let cut = if detail.truncated { ", truncated" } else { "" };
    let icmp = detail.icmp.as_ref().map_or(String::new(), |icmp| format!(", {}", icmp_error(icmp)));
    format!("{asked}{answer}{cut}{icmp}")
}

fn icmp_error(icmp: &pb::IcmpError) -> String {
    let mtu = icmp.mtu.map_or(String::new(), |mtu| format!(" mtu {mtu}"));
    let family = if icmp.origin == 3 { "ICMPv6" } else { "ICMP" };
    format!("{family} type {} code {}{mtu} from {}", icmp.r#type, icmp.code, icmp.offender)
}

fn connected(obs: &pb::Observation, tcp: &pb::TcpDetail) -> Option<String> {
    if tcp.connected {
        let took = tcp.connect_us.map_or(String::new(), |us| format!(" in {}", time(us)));
        let retried =
            tcp.syn_retransmits.filter(|n| *n > 0).map_or(String::new(), |n| format!(" after {n} SYN resent"));
        let info = tcp.info.as_ref().filter(|_| obs.outcome() == pb::Outcome::Fail).map_or(String::new(), hung);
        return Some(format!("connected{took}{retried}{info}"));
    }
    let mut parts = Vec::new();
    if let Some(resent) = tcp.syn_retransmits {
        parts.push(format!("{} SYN, 0 SYN-ACK", resent + 1));
    }
    match &tcp.icmp {
        Some(icmp) => parts.push(icmp_error(icmp)),
        None if tcp.queue_read => parts.push("no ICMP".to_owned()),
        None => {}
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// What the kernel knew of a connection that failed.
fn hung(info: &pb::TcpInfo) -> String {
    let acked = info.bytes_acked.map_or(String::new(), |acked| format!(", {acked} bytes acked"));
    format!(
        "; TCP_INFO: mss {}, retrans {}, unacked {}, rto {}{acked}",
        info.snd_mss,
        info.total_retrans,
        info.unacked,
        time(info.rto_us.into())
    )
}

fn tls(detail: &pb::TlsDetail) -> String {
    let mut parts = Vec::new();
    if !detail.version.is_empty() {
        parts.push(format!("{} {}", detail.version, detail.cipher).trim().to_owned());
    }
    if let Some(leaf) = detail.chain.first() {
        parts.push(format!(
            "certificate {} by {} valid {} to {}",
            leaf.subject,
            leaf.issuer,
            date(leaf.not_before),
            date(leaf.not_after)
        ));
    }
    if !detail.wide_version.is_empty() {
        parts.push(format!("ServerHello version {} suite {}", detail.wide_version, detail.wide_cipher));
    }
    if detail.alert.is_some() {
        parts.push(format!("alert {}", detail.alert_name));
    }
    parts.join(", ")
}

fn date(unix: i64) -> String {
    jiff::Timestamp::from_second(unix).map(|at| at.strftime("%Y-%m-%d").to_string()).unwrap_or_default()
}

fn http(detail: &pb::HttpDetail) -> Option<String> {
    let mut parts = Vec::new();
    if detail.status > 0 {
        let first = detail.first_byte_us.map_or(String::new(), |us| format!(" after {}", time(us)));
        parts.push(format!("{} {}{first}", detail.status, detail.reason).replace("  ", " "));
        if let Some(server) = detail.headers.iter().find(|header| header.name.eq_ignore_ascii_case("server")) {
            parts.push(format!("server {:?}", server.value));
        }
    }
    if detail.body_bytes_sent > 0 {
        parts.push(format!("{} bytes of body sent", detail.body_bytes_sent));
    }
    if let Some(reuse) = &detail.reuse {
        parts.push(more::reuse(reuse));
    }
    if let Some(answer) = &detail.proxy {
        parts.push(format!("the proxy answers CONNECT with {} {}", answer.status, answer.reason));
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn icmp(detail: &pb::IcmpDetail) -> String {
    let ttl = detail.reply_ttl.map_or(String::new(), |ttl| format!(", ttl {ttl}"));
    let errors: Vec<String> = detail.errors.iter().map(icmp_error).collect();
    let errors = if errors.is_empty() { String::new() } else { format!(", {}", errors.join(", ")) };
    format!("{} of {} echoes of {} bytes answered{ttl}{errors}", detail.received, detail.sent, detail.packet_bytes)
}

fn pmtu(detail: &pb::PmtuDetail) -> String {
    let mut parts = Vec::new();
    match (detail.passed_bytes, detail.lost_bytes) {
        (Some(passed), Some(lost)) => parts.push(format!("{passed} passes, {lost} does not")),
        (Some(passed), None) => parts.push(format!("{passed} passes")),
        (None, Some(lost)) => parts.push(format!("{lost} gets no answer")),
        (None, None) => parts.push("no size got an answer".to_owned()),
    }
    match &detail.claim {
        Some(claim) => {
            let sure = if detail.claim_confirmed { "confirmed" } else { "not confirmed" };
            parts.push(format!("{} ({sure})", icmp_error(claim)));
        }
        None if detail.lost_bytes.is_some() => parts.push("nobody says \"too big\"".to_owned()),
        None => {}
    }
    if !detail.hops.is_empty() {
        let hops: Vec<String> = detail
            .hops
            .iter()
            .map(|hop| {
                let who = if hop.address.is_empty() { "*" } else { hop.address.as_str() };
                hop.largest_answered.map_or_else(|| format!("{who} small only"), |bytes| format!("{who} {bytes}"))
            })
            .collect();
        parts.push(format!("hops: {}", hops.join("; ")));
    }
    parts.join(", ")
}

fn mss(detail: &pb::MssDetail) -> String {
    let rungs: Vec<String> = detail
        .rungs
        .iter()
        .map(|rung| {
            let ttl = rung.reply_ttl.map_or(String::new(), |ttl| format!(" ttl {ttl}"));
            match rung.arrived_mss {
                Some(arrived) => format!("sent {}, arrived {arrived} ({}{ttl})", rung.sent_mss, rung.answer),
                None => format!("sent {}: {}{ttl}", rung.sent_mss, rung.answer),
            }
        })
        .collect();
    format!("MSS {}", rungs.join("; "))
}

fn routes(detail: &pb::RouteDetail) -> String {
    let each: Vec<String> = detail
        .routes
        .iter()
        .map(|route| {
            if !route.error.is_empty() {
                return format!("{}: \"{}\"", route.destination, route.error);
            }
            let via = if route.gateway.is_empty() { String::new() } else { format!(" via {}", route.gateway) };
            let mtu = route
                .mtu
                .map_or(String::new(), |mtu| format!(" mtu {mtu}{}", if route.mtu_cached { " (cached)" } else { "" }));
            format!("{}{via} dev {} src {}{mtu}", route.destination, route.interface, route.source)
        })
        .collect();
    each.join("; ")
}

fn sockets(obs: &pb::Observation, detail: &pb::SocketDetail) -> String {
    let each: Vec<String> = detail
        .listeners
        .iter()
        .map(|row| format!("{}/{}:{}", row.protocol, row.local_address, row.local_port))
        .collect();
    let port = if obs.port > 0 { format!(" on port {}", obs.port) } else { String::new() };
    let listeners =
        if each.is_empty() { format!("no listener{port}") } else { format!("listeners {}", each.join(", ")) };
    let cut = if detail.complete { "" } else { " (table cut off)" };
    let mut states: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for peer in &detail.peers {
        *states.entry(peer.state.as_str()).or_default() += 1;
    }
    let peers: Vec<String> = states.into_iter().map(|(state, count)| format!("{count} {state}")).collect();
    let peers = if peers.is_empty() { "no connection".to_owned() } else { peers.join(", ") };
    format!("{listeners}; with the peers asked about: {peers}{cut}")
}

fn counters(detail: &pb::CounterDetail) -> String {
    let moved: Vec<String> = detail
        .counters
        .iter()
        .filter(|counter| counter.after > counter.before)
        .map(|counter| format!("{} +{}", counter.name, counter.after - counter.before))
        .collect();
    if moved.is_empty() { "no counter moved".to_owned() } else { moved.join(", ") }
}

fn firewall(detail: &pb::FirewallDetail) -> String {
    if detail.rules.is_empty() {
        return format!("{} rules read, none drops, rejects or redirects", detail.rules_seen);
    }
    // A node's table can hold thousands; the cited rule is quoted where it matters.
    let shown = detail.rules.iter().take(3).map(|rule| {
        let count = rule.packets.map_or(String::new(), |packets| format!(" [{packets} packets]"));
        format!("{} {}: {}{count}", rule.table, rule.chain, rule.text)
    });
    let more = detail.rules.len().saturating_sub(3);
    let more = if more > 0 { format!("; {more} more") } else { String::new() };
    format!("{} rules read; {}{more}", detail.rules_seen, shown.collect::<Vec<_>>().join("; "))
}

fn links(detail: &pb::LinkDetail) -> String {
    let each = detail.links.iter().filter(|link| link.name != "lo").map(|link| {
        let dropped = link.rx_dropped.filter(|n| *n > 0).map_or(String::new(), |n| format!(" rx dropped {n}"));
        format!("{} mtu {}{}{dropped}", link.name, link.mtu, if link.up { "" } else { " down" })
    });
    each.collect::<Vec<_>>().join(", ")
}

fn cluster(detail: &pb::ClusterDetail) -> String {
    let services: Vec<String> = detail
        .services
        .iter()
        .take(4)
        .map(|service| {
            let ready = service.ports.iter().flat_map(|port| &port.endpoints).filter(|e| e.ready).count();
            format!("{}/{} {} ready", service.namespace, service.name, ready)
        })
        .collect();
    let more = detail.services.len().saturating_sub(4);
    let more = if more > 0 { format!(", {more} more") } else { String::new() };
    format!("Services: {}{more}", if services.is_empty() { "none".to_owned() } else { services.join(", ") })
}

/// Label of a matrix cell for a failed stage.
pub(crate) fn failed_label(failure: &pb::Failure) -> String {
    match (failure.errno_name.as_str(), failure.how.as_str()) {
        ("ECONNREFUSED", _) => "refused".to_owned(),
        ("ECONNRESET" | "EPIPE", _) => "reset".to_owned(),
        ("ETIMEDOUT", _) | ("", "timeout") => "timeout".to_owned(),
        ("EHOSTUNREACH" | "ENETUNREACH", _) => "unreachable".to_owned(),
        ("", "eof") => "closed".to_owned(),
        ("", _) => String::new(),
        (name, _) => name.to_owned(),
    }
}
