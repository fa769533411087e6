//! What one measurement saw, in one line. Facts only; error texts exactly as observed.

use mesh_proto::v1::{self as pb, Observation};

/// The line.
pub(crate) fn of(obs: &Observation) -> String {
    if !obs.missing.is_empty() {
        return format!("could not look: {}", obs.missing);
    }
    let mut parts: Vec<String> = [
        obs.resolve.as_ref().map(resolve),
        obs.dns.as_ref().map(dns),
        obs.http
            .as_ref()
            .filter(|http| http.status > 0)
            .map(|http| format!("{} {}{}", http.status, http.reason, reused(http))),
        obs.tls.as_ref().filter(|_| obs.http.is_none()).map(tls),
        obs.tcp
            .as_ref()
            .filter(|tcp| tcp.connected && obs.tls.is_none() && obs.http.is_none())
            .map(|_| format!("connected from {}:{}", obs.local_address, obs.local_port)),
        obs.icmp.as_ref().map(icmp),
        obs.pmtu.as_ref().map(pmtu),
        obs.mss.as_ref().map(mss),
        obs.trace.as_ref().map(trace),
    ]
    .into_iter()
    .flatten()
    .map(|text| text.trim().to_owned())
    .filter(|text| !text.is_empty())
    .collect();
    if let Some(failure) = obs.failure.as_ref().filter(|failure| !failure.text.is_empty()) {
        parts.push(format!("{}: \"{}\"", failure.stage, failure.text));
    }
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

fn resolve(detail: &pb::ResolveDetail) -> String {
    if detail.addresses.is_empty() {
        format!("{} {} {}", detail.flavour, detail.gai_error, detail.gai_text)
    } else {
        format!("{}: {}", detail.flavour, detail.addresses.join(", "))
    }
}

fn dns(detail: &pb::DnsDetail) -> String {
    let data: Vec<String> =
        detail.answers.iter().map(|record| format!("{} (ttl {})", record.data, record.ttl)).collect();
    let cut = if detail.truncated { " truncated" } else { "" };
    format!("{} {}{cut}", detail.rcode, data.join(", "))
}

/// What became of the same connection after its pause.
fn reused(http: &pb::HttpDetail) -> String {
    let Some(reuse) = &http.reuse else { return String::new() };
    let closed = match (reuse.closed_by.as_str(), reuse.closed_at_us) {
        ("", _) => String::new(),
        (by, Some(us)) => format!(", a {by} came after {} ms of rest", us / 1000),
        (by, None) => format!(", a {by} came during the rest"),
    };
    let again = if reuse.status > 0 { format!(", used again: {}", reuse.status) } else { String::new() };
    format!("{closed}{again}")
}

fn tls(detail: &pb::TlsDetail) -> String {
    if !detail.wide_version.is_empty() {
        return format!("ServerHello version {} suite {}", detail.wide_version, detail.wide_cipher);
    }
    let leaf = detail.chain.first().map_or(String::new(), |leaf| format!(", {} by {}", leaf.subject, leaf.issuer));
    let verified = if detail.verify_error.is_empty() { String::new() } else { format!(", {}", detail.verify_text) };
    format!("{} {}{leaf}{verified}", detail.version, detail.alpn).replace(" ,", ",")
}

fn icmp(detail: &pb::IcmpDetail) -> String {
    let ttl = detail.reply_ttl.map_or(String::new(), |ttl| format!(", ttl {ttl}"));
    let errors: Vec<String> = detail.errors.iter().map(error).collect();
    let errors = if errors.is_empty() { String::new() } else { format!(", {}", errors.join(", ")) };
    format!("{} of {} answered, {} bytes{ttl}{errors}", detail.received, detail.sent, detail.packet_bytes)
}

fn error(icmp: &pb::IcmpError) -> String {
    let mtu = icmp.mtu.map_or(String::new(), |mtu| format!(" mtu {mtu}"));
    format!("ICMP type {} code {}{mtu} from {}", icmp.r#type, icmp.code, icmp.offender)
}

fn pmtu(detail: &pb::PmtuDetail) -> String {
    let sizes = match (detail.passed_bytes, detail.lost_bytes) {
        (Some(passed), Some(lost)) => format!("{passed} passes, {lost} does not"),
        (Some(passed), None) => format!("{passed} passes"),
        (None, Some(lost)) => format!("{lost} gets no answer"),
        (None, None) => "no size got an answer".to_owned(),
    };
    let claim = match &detail.claim {
        Some(claim) => format!(", {}", error(claim)),
        None if detail.lost_bytes.is_some() => ", nobody says \"too big\"".to_owned(),
        None => String::new(),
    };
    format!("{sizes}{claim}, by {}", detail.method)
}

fn mss(detail: &pb::MssDetail) -> String {
    let rungs: Vec<String> = detail
        .rungs
        .iter()
        .map(|rung| match rung.arrived_mss {
            Some(arrived) => format!("sent {}, arrived {arrived}", rung.sent_mss),
            None => format!("sent {}: {}", rung.sent_mss, rung.answer),
        })
        .collect();
    rungs.join("; ")
}

/// "10.0.0.1 0.3 ms; *; 10.9.2.2 0.6 ms (rst)".
fn trace(detail: &pb::TraceDetail) -> String {
    let hops = detail.hops.iter().map(|hop| {
        if hop.address.is_empty() {
            return "*".to_owned();
        }
        let took = hop.rtt_us.map_or(String::new(), |us| format!(" {}.{} ms", us / 1000, us % 1000 / 100));
        let end = if hop.answer == "time-exceeded" { String::new() } else { format!(" ({})", hop.answer) };
        format!("{}{took}{end}", hop.address)
    });
    hops.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_what_was_missing_before_anything_else() {
        let obs = Observation { missing: "CAP_NET_RAW".into(), ..Default::default() };
        assert_eq!(of(&obs), "could not look: CAP_NET_RAW");
        assert_eq!(of(&Observation::default()), "nothing");
    }

    #[test]
    fn a_failure_keeps_its_stage_and_exact_text() {
        let failure = pb::Failure {
            stage: "connect".into(),
            text: "Connection refused (os error 111)".into(),
            ..Default::default()
        };
        let obs = Observation { tcp: Some(pb::TcpDetail::default()), failure: Some(failure), ..Default::default() };
        assert_eq!(of(&obs), "connect: \"Connection refused (os error 111)\"");
    }
}
