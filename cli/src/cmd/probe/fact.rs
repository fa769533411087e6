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
        obs.http.as_ref().filter(|http| http.status > 0).map(|http| format!("{} {}", http.status, http.reason)),
        obs.tls.as_ref().filter(|_| obs.http.is_none()).map(tls),
        obs.tcp
            .as_ref()
            .filter(|tcp| tcp.connected && obs.tls.is_none() && obs.http.is_none())
            .map(|_| format!("connected from {}:{}", obs.local_address, obs.local_port)),
        obs.icmp.as_ref().map(icmp),
        obs.pmtu.as_ref().map(pmtu),
        obs.mss.as_ref().map(mss),
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

fn tls(detail: &pb::TlsDetail) -> String {
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
