//! One HTTP/1.1 request on a fresh connection, reading while it writes: an early answer, an informational one, the bytes
//! that were acknowledged when it stalled are evidence that a client library would hide.

use std::os::fd::AsFd as _;

use mesh_proto::v1 as pb;

use super::{
    Ask, tcp,
    tls::{self, Offer, Tap},
};
use crate::{guard::Act, net::stream};

mod exchange;
mod wire;

use exchange::{Line, exchange};
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
    };
    if let Some(reason) = wire::unsendable(&request) {
        obs.outcome = pb::Outcome::CouldNotLook.into();
        obs.missing = reason;
        return obs;
    }
    let ready = if spec.tls {
        let name = if spec.sni.is_empty() { &spec.name } else { &spec.sni };
        let offer = Offer {
            name: name.clone(),
            sni: name.clone(),
            alpn: vec!["http/1.1".to_owned()],
            ca_pem: spec.ca_pem.clone(),
            large_hello: false,
        };
        Some(tls::prepare(offer, to).await)
    } else {
        None
    };
    let act = if obs.payload_bytes > 0 { Act::Upload } else { Act::Request };
    let Some(way) = tcp::way(&mut obs, to, act, spec.source_port) else { return obs };
    let Some(connected) = tcp::connect(ask, way, ask.connect_deadline(), &mut obs).await else {
        return obs;
    };
    let descriptor = connected.stream.as_fd().try_clone_to_owned().ok();
    let tap = Tap::new(connected.stream);
    let line = Line { to, counts: tap.counts(), descriptor: descriptor.as_ref(), tls: spec.tls };
    match ready {
        None => exchange(ask.deadline, tap, line, &request, &mut obs).await,
        // Over a certificate that was not accepted nothing is sent.
        Some(ready) => {
            if let Some(session) = tls::handshake(ask, tap, to, ready, &mut obs).await {
                exchange(ask.deadline, session, line, &request, &mut obs).await;
            }
        }
    }
    if let (Some(tcp), Some(fd)) = (&mut obs.tcp, &descriptor) {
        tcp.info = stream::info(fd.as_fd());
    }
    obs
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
