//! Envoy's admin interface: `/server_info` and `/clusters?format=json` (envoy.admin.v3.ServerInfo, envoy.admin.v3.Clusters).

use std::{io, net::SocketAddr};

use mesh_proto::v1 as pb;
use serde_json::Value;

use crate::net::admin;

/// Head of an answer.
const HEADERS: usize = 32;

pub(super) async fn state(admin: SocketAddr, mut state: pb::ProxyState) -> io::Result<pb::ProxyState> {
    let (info, clusters) = tokio::try_join!(get(admin, "/server_info"), get(admin, "/clusters?format=json"))?;
    state.version = text(&info, "/version");
    state.servers = servers(&clusters);
    if clusters.get("cluster_statuses").is_none() {
        super::also(&mut state, "the interface did not answer as Envoy's does: no cluster_statuses");
    }
    super::bound(&mut state);
    Ok(state)
}

async fn get(admin: SocketAddr, path: &str) -> io::Result<Value> {
    let question =
        format!("GET {path} HTTP/1.1\r\nhost: {admin}\r\nconnection: close\r\naccept: application/json\r\n\r\n");
    let (answer, whole) = admin::ask_loopback(admin, &question).await?;
    if !whole {
        return Err(io::Error::other(format!("{path}: more than {} bytes", admin::BYTES)));
    }
    let body = body(&answer).map_err(|reason| io::Error::other(format!("{path}: {reason}")))?;
    serde_json::from_slice(&body).map_err(|e| io::Error::other(format!("{path}: {e}")))
}

/// The body of an answer that ended with its connection (RFC 9112 §6.3, §7.1).
fn body(answer: &[u8]) -> Result<Vec<u8>, String> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut head = httparse::Response::new(&mut headers);
    let length = match head.parse(answer) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Err("the answer ended within its head".to_owned()),
        Err(e) => return Err(format!("not HTTP: {e}")),
    };
    if head.code != Some(200) {
        return Err(format!("status {}", head.code.unwrap_or_default()));
    }
    let chunked = head.headers.iter().any(|header| {
        header.name.eq_ignore_ascii_case("transfer-encoding") && header.value.eq_ignore_ascii_case(b"chunked")
    });
    let rest = answer.get(length..).unwrap_or_default();
    if chunked { unchunked(rest) } else { Ok(rest.to_vec()) }
}

fn unchunked(mut rest: &[u8]) -> Result<Vec<u8>, String> {
    let cut = || "the answer ended within a chunk".to_owned();
    let mut body = Vec::new();
    loop {
        let (at, size) = match httparse::parse_chunk_size(rest) {
            Ok(httparse::Status::Complete(found)) => found,
            Ok(httparse::Status::Partial) => return Err(cut()),
            Err(_invalid) => return Err("a chunk without a size".to_owned()),
        };
        if size == 0 {
            return Ok(body);
        }
        let end = usize::try_from(size).ok().and_then(|size| at.checked_add(size)).ok_or_else(cut)?;
        body.extend(rest.get(at..end).ok_or_else(cut)?);
        // The line's end behind a chunk.
        rest = rest.get(end.saturating_add(2)..).ok_or_else(cut)?;
    }
}

fn servers(clusters: &Value) -> Vec<pb::ProxyServer> {
    let list = |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    list(clusters, "cluster_statuses")
        .iter()
        .flat_map(|cluster| {
            let group = text(cluster, "/name");
            list(cluster, "host_statuses").into_iter().map(move |host| server(group.clone(), &host))
        })
        .collect()
}

fn server(group: String, host: &Value) -> pb::ProxyServer {
    let address = address(host);
    let name = match text(host, "/hostname") {
        empty if empty.is_empty() => address.clone(),
        name => name,
    };
    pb::ProxyServer {
        group,
        name,
        address,
        state: health(host.get("health_status").unwrap_or(&Value::Null)),
        connect_errors: Some(stat(host, "cx_connect_fail")),
        response_errors: Some(stat(host, "rq_error")),
        ..Default::default()
    }
}

/// "10.0.0.1:80", or the path of a pipe.
fn address(host: &Value) -> String {
    let socket = |key: &str| text(host, &format!("/address/socket_address/{key}"));
    let port = host.pointer("/address/socket_address/port_value").and_then(Value::as_u64).unwrap_or_default();
    match socket("address") {
        none if none.is_empty() => text(host, "/address/pipe/path"),
        v6 if v6.contains(':') => format!("[{v6}]:{port}"),
        other => format!("{other}:{port}"),
    }
}

/// The flags in the words of the interface's text format, "healthy" when there is none (`HEALTH_FLAG_ENUM_VALUES` in
/// envoy/upstream/upstream.h).
fn health(status: &Value) -> String {
    const FLAGS: [(&str, &str); 7] = [
        ("failed_active_health_check", "failed_active_hc"),
        ("failed_outlier_check", "failed_outlier_check"),
        ("failed_active_degraded_check", "degraded_active_hc"),
        ("pending_dynamic_removal", "pending_dynamic_removal"),
        ("pending_active_hc", "pending_active_hc"),
        ("excluded_via_immediate_hc_fail", "excluded_via_immediate_hc_fail"),
        ("active_hc_timeout", "active_hc_timeout"),
    ];
    let set = |name: &str| status.get(name).and_then(Value::as_bool).unwrap_or(false);
    let mut words: Vec<&str> = FLAGS.iter().filter(|(name, _)| set(name)).map(|(_, word)| *word).collect();
    match status.get("eds_health_status").and_then(Value::as_str) {
        Some("UNHEALTHY") => words.push("failed_eds_health"),
        Some("DEGRADED") => words.push("degraded_eds_health"),
        Some("DRAINING") => words.push("eds_status_draining"),
        _ => {}
    }
    if words.is_empty() { "healthy".to_owned() } else { words.join(" ") }
}

/// A counter of a host; proto3 JSON leaves zeros out and writes 64 bits as text.
fn stat(host: &Value, name: &str) -> u64 {
    let stats = host.get("stats").and_then(Value::as_array);
    let found =
        stats.and_then(|stats| stats.iter().find(|stat| stat.get("name").and_then(Value::as_str) == Some(name)));
    let value = found.and_then(|stat| stat.get("value"));
    value.and_then(|value| value.as_u64().or_else(|| value.as_str()?.parse().ok())).unwrap_or_default()
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read as _, Write as _},
        net::TcpListener,
    };

    use proptest::prelude::*;

    use super::*;
    use crate::{collect::bench::Space, proxy::Proxy};

    const INFO: &str =
        r#"{"version":"816188b86a0a52095b116b107f576324082c7c02/1.30.1/Clean/RELEASE/BoringSSL","state":"LIVE"}"#;
    const CLUSTERS: &str = r#"{"cluster_statuses":[{"name":"web","added_via_api":false,"host_statuses":[
        {"address":{"socket_address":{"address":"10.0.0.1","port_value":80}},
         "stats":[{"name":"cx_connect_fail"},{"value":"12","name":"rq_error"}],
         "health_status":{"eds_health_status":"HEALTHY"},"locality":{}},
        {"address":{"socket_address":{"address":"fd00::1","port_value":80}},"hostname":"b.lab",
         "stats":[{"value":"7","name":"cx_connect_fail"}],
         "health_status":{"failed_active_health_check":true,"eds_health_status":"UNHEALTHY"}}]}]}"#;

    /// Answers two requests, one of them in chunks as Envoy does.
    fn serve() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming().take(2) {
                let (mut stream, mut request) = (stream.unwrap(), Vec::new());
                while !request.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    stream.read_exact(&mut byte).unwrap();
                    request.push(byte[0]);
                }
                let answer = if request.starts_with(b"GET /server_info ") {
                    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{INFO}", INFO.len())
                } else {
                    let (a, b) = CLUSTERS.split_at(100);
                    format!(
                        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{a}\r\n{:x}\r\n{b}\r\n0\r\n\r\n",
                        a.len(),
                        b.len()
                    )
                };
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        address
    }

    /// No Envoy was there to be asked when this was written: its answers are those of its documentation.
    #[tokio::test]
    async fn a_stand_in_for_envoy_tells_which_host_is_healthy() {
        let mut ask = Space::fresh().ask();
        ask.net = ask.net.with_proxies([Proxy::Envoy(serve())].into());
        let obs = super::super::run(&ask, &pb::CollectSpec::default()).await;
        assert_eq!(obs.outcome(), pb::Outcome::Pass, "{obs:?}");
        let detail = obs.proxies.unwrap();
        let state = &detail.proxies[0];
        assert!(state.version.contains("/1.30.1/") && state.error.is_empty(), "{state:?}");
        let told: Vec<_> = state
            .servers
            .iter()
            .map(|s| (s.name.as_str(), s.address.as_str(), s.state.as_str(), s.connect_errors, s.response_errors))
            .collect();
        assert_eq!(
            told,
            [
                ("10.0.0.1:80", "10.0.0.1:80", "healthy", Some(0), Some(12)),
                ("b.lab", "[fd00::1]:80", "failed_active_hc failed_eds_health", Some(7), Some(0)),
            ]
        );
    }

    proptest! {
        #[test]
        fn any_answer_is_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), head: bool) {
            let mut answer = if head { b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec() } else { Vec::new() };
            answer.extend(bytes);
            drop(body(&answer));
        }
    }
}
