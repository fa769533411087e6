//! What an observation says of its question's end, in the protocol's own words.

use mesh_proto::v1 as pb;

use super::{RefusedBy, Reused, Symptom};

fn accepts(want: &pb::Want, status: u32) -> bool {
    if want.expect_status.is_empty() {
        // Somebody who is asked to log in has reached the application.
        status < 400 || status == 401 || status == 403
    } else {
        want.expect_status.contains(&status)
    }
}

pub(super) fn symptom(obs: &pb::Observation, want: &pb::Want) -> Symptom {
    if matches!(obs.outcome(), pb::Outcome::CouldNotLook | pb::Outcome::NotAsked | pb::Outcome::Unspecified) {
        return Symptom::NotLooked;
    }
    let failure = obs.failure.clone().unwrap_or_default();
    let tcp = obs.tcp.clone().unwrap_or_default();
    if !tcp.connected {
        return connect_symptom(&failure, &tcp);
    }
    if failure.stage == "proxy" {
        let answer = obs.http.as_ref().and_then(|http| http.proxy.as_ref());
        return Symptom::ProxyRefuses(answer.map_or(0, |answer| answer.status));
    }
    let failed = obs.outcome() == pb::Outcome::Fail;
    if failed && failure.stage == "tls" {
        return tls_symptom(&failure, &obs.tls.clone().unwrap_or_default());
    }
    match &obs.http {
        Some(http) if http.status > 0 && !accepts(want, http.status) => Symptom::Status(http.status),
        Some(http) if http.status > 0 && !failed => Symptom::Works,
        Some(http) if failure.stage == "reuse" => Symptom::Reuse(reused(http)),
        Some(http) if http.status > 0 && failure.how == "eof" => Symptom::Truncated,
        Some(_) if failure.how == "protocol" => Symptom::Garbage,
        Some(http) => http_symptom(&failure, http, obs.payload_bytes),
        None if failed => Symptom::HttpOther,
        None => Symptom::Works,
    }
}

fn connect_symptom(failure: &pb::Failure, tcp: &pb::TcpDetail) -> Symptom {
    let offender = tcp.icmp.as_ref().and_then(|icmp| icmp.offender.parse().ok());
    match failure.errno_name.as_str() {
        "ECONNREFUSED" => Symptom::Refused(match &tcp.icmp {
            Some(icmp) => RefusedBy::Icmp { offender, kind: (icmp.r#type, icmp.code) },
            None if tcp.queue_read => RefusedBy::Rst,
            None => RefusedBy::Unknown,
        }),
        "EHOSTUNREACH" | "ENETUNREACH" | "ENOPROTOOPT" => Symptom::Unreachable { offender },
        "ETIMEDOUT" | "" => Symptom::ConnectTimeout,
        _ => Symptom::LocalError,
    }
}

fn tls_symptom(failure: &pb::Failure, tls: &pb::TlsDetail) -> Symptom {
    if !tls.verify_error.is_empty() {
        return Symptom::TlsVerify(tls.verify_error.clone());
    }
    if let Some(alert) = tls.alert {
        return Symptom::TlsAlert(alert);
    }
    if tls.first_record.is_some_and(|first| first != 22 && first != 21) {
        return Symptom::NotTls;
    }
    match failure.errno_name.as_str() {
        "ECONNRESET" | "EPIPE" => Symptom::TlsReset,
        _ if failure.how == "eof" => Symptom::TlsEof,
        _ if tls.bytes_in == 0 => Symptom::TlsSilent,
        _ => Symptom::TlsOther,
    }
}

fn reused(http: &pb::HttpDetail) -> Reused {
    let Some(reuse) = &http.reuse else { return Reused::Other };
    match (reuse.closed_by.as_str(), reuse.errno_name.as_str(), reuse.how.as_str()) {
        ("fin", _, _) => Reused::Closed,
        ("rst", _, _) | (_, "ECONNRESET" | "EPIPE", _) => Reused::Reset,
        (_, _, "timeout") | (_, "ETIMEDOUT", _) => Reused::Silent,
        _ => Reused::Other,
    }
}

fn http_symptom(failure: &pb::Failure, http: &pb::HttpDetail, body: u64) -> Symptom {
    let silent = failure.how == "timeout" || failure.errno_name == "ETIMEDOUT";
    match failure.errno_name.as_str() {
        "ECONNRESET" | "EPIPE" => Symptom::HttpReset,
        "" | "ETIMEDOUT" if silent && body > http.body_bytes_sent && !http.answered_early => Symptom::Stalled,
        "" | "ETIMEDOUT" if silent => Symptom::NoAnswer,
        "" if failure.how == "eof" => Symptom::HttpEof,
        _ => Symptom::HttpOther,
    }
}
