//! One HTTP request on a fresh connection, reading while it writes: an early answer, an informational one, the bytes
//! that were acknowledged when it stalled are evidence that a client library would hide.

use std::{
    net::SocketAddr,
    os::fd::AsFd as _,
    time::{Duration, Instant},
};

use mesh_proto::v1 as pb;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{
    Ask, tcp,
    tls::{self, Offer, Tap},
};
use crate::{failure, guard::Act, net::stream};

mod exchange;
mod proxy;
mod reuse;
mod two;
mod wire;

use exchange::{Line, exchange};
use proxy::Proxy;
use wire::Request;

/// Largest body that is sent.
const BODY_BYTES: u64 = 64 << 20;

pub(crate) async fn run(ask: &Ask, spec: &pb::HttpSpec) -> pb::Observation {
    let scheme = if spec.tls { "https" } else { "http" };
    let mut obs = tcp::about(&format!("{scheme} {} {}", spec.method, spec.path), &spec.name, &spec.address, spec.port);
    obs.payload_bytes = spec.body_bytes.min(BODY_BYTES);
    if spec.body_bytes > BODY_BYTES {
        obs.caveats.push(format!("a body of {} bytes was asked for, {BODY_BYTES} are sent", spec.body_bytes));
    }
    let Some(to) = tcp::target(&mut obs, &spec.address, spec.port) else { return obs };
    let host = host_header(spec);
    let request = Request {
        method: &spec.method,
        path: &spec.path,
        host: &host,
        headers: &spec.headers,
        body_bytes: obs.payload_bytes,
        keep: spec.idle_ms > 0,
    };
    if let Some(reason) = wire::unsendable(&request) {
        return cannot(obs, reason);
    }
    let (way, two) = match way(spec, to).and_then(|way| Ok((way, two(spec, &request)?))) {
        Ok(ways) => ways,
        Err(reason) => return cannot(obs, reason),
    };
    if two.is_some() && spec.idle_ms > 0 {
        obs.caveats.push("a connection of HTTP/2 is not used again".to_owned());
    }
    let ready = if spec.tls { Some(tls::prepare(offer(spec), to).await) } else { None };
    let act = if obs.payload_bytes > 0 { Act::Upload } else { Act::Request };
    let opened = if let Some(proxy) = &way {
        proxy::tunnel(ask, proxy, (to, act), &mut obs).await
    } else {
        let Some(way) = tcp::way(&mut obs, to, act, spec.source_port) else { return obs };
        tcp::connect(ask, way, ask.connect_deadline(), &mut obs).await.map(|connected| (connected.stream, 0))
    };
    let Some((stream, sent)) = opened else { return obs };
    let descriptor = stream.as_fd().try_clone_to_owned().ok();
    let through = obs.http.take().and_then(|http| http.proxy);
    let tap = Tap::after(stream, sent);
    let line = Line { to, counts: tap.counts(), descriptor: descriptor.as_ref(), tls: spec.tls };
    let asked = Asked { request, two, idle: Duration::from_millis(spec.idle_ms.into()) };
    match ready {
        None => asked.over(ask.deadline, tap, line, &mut obs).await,
        // Over a certificate that was not accepted nothing is sent.
        Some(ready) => {
            if let Some(session) = tls::handshake(ask, tap, to, ready, &mut obs).await
                && asked.is_understood(to, &mut obs)
            {
                asked.over(ask.deadline, session, line, &mut obs).await;
            }
        }
    }
    if through.is_some() {
        obs.http.get_or_insert_default().proxy = through;
    }
    if let (Some(tcp), Some(fd)) = (&mut obs.tcp, &descriptor) {
        tcp.info = stream::info(fd.as_fd());
    }
    obs
}

/// What is asked over an open connection, and in which version.
struct Asked<'r> {
    request: Request<'r>,
    two: Option<http::Request<()>>,
    idle: Duration,
}

impl Asked<'_> {
    async fn over<S: AsyncRead + AsyncWrite + Unpin>(
        self,
        deadline: Instant,
        session: S,
        line: Line<'_>,
        obs: &mut pb::Observation,
    ) {
        match self.two {
            Some(head) => two::exchange(deadline, session, line, (&self.request, head), obs).await,
            None => exchange(deadline, session, line, &self.request, self.idle, obs).await,
        }
    }

    /// False, and the failure said, when HTTP/2 is to be spoken and the server chose something else.
    fn is_understood(&self, to: SocketAddr, obs: &mut pb::Observation) -> bool {
        let chosen = obs.tls.as_ref().map_or("", |tls| tls.alpn.as_str());
        if self.two.is_none() || chosen == "h2" {
            return true;
        }
        let chosen = if chosen.is_empty() { "nothing" } else { chosen };
        let text = format!("the server did not select h2 (it chose {chosen})");
        obs.outcome = pb::Outcome::Fail.into();
        obs.failure = Some(failure::told("tls", &format!("tls handshake with {to}"), &text, "protocol"));
        false
    }
}

/// The request in HTTP/2, when it is to be that.
fn two(spec: &pb::HttpSpec, request: &Request<'_>) -> Result<Option<http::Request<()>>, String> {
    match spec.version.as_str() {
        "" | "1.1" => Ok(None),
        "2" => two::head(request, spec.tls).map(Some),
        other => Err(format!("HTTP version {other:?} is not spoken here: \"1.1\" and \"2\" are")),
    }
}

fn cannot(mut obs: pb::Observation, reason: String) -> pb::Observation {
    obs.outcome = pb::Outcome::CouldNotLook.into();
    obs.missing = reason;
    obs
}

/// The proxy to go through, when there is one.
fn way(spec: &pb::HttpSpec, to: SocketAddr) -> Result<Option<Proxy>, String> {
    if spec.proxy.is_empty() { Ok(None) } else { proxy::of(spec, to).map(Some) }
}

fn offer(spec: &pb::HttpSpec) -> Offer {
    let name = if spec.sni.is_empty() { &spec.name } else { &spec.sni };
    Offer {
        name: name.clone(),
        sni: name.clone(),
        // What the server takes instead of HTTP/2 is worth knowing, so it is offered beside it.
        alpn: match spec.version.as_str() {
            "2" => vec!["h2".to_owned(), "http/1.1".to_owned()],
            _ => vec!["http/1.1".to_owned()],
        },
        ca_pem: spec.ca_pem.clone(),
        large_hello: spec.large_hello,
        version: String::new(),
    }
}

/// Port and brackets as RFC 9110 §7.2 wants them; the default port is left out.
fn host_header(spec: &pb::HttpSpec) -> String {
    let name = if spec.name.is_empty() { &spec.address } else { &spec.name };
    let name = if name.contains(':') { format!("[{name}]") } else { name.clone() };
    let default = if spec.tls { 443 } else { 80 };
    if spec.port == default { name } else { format!("{name}:{}", spec.port) }
}

#[cfg(test)]
mod tests;
