//! What proxies of this host say of their upstreams. Only those that the prober's owner named are asked.

use std::{io, net::IpAddr, time::Instant};

use mesh_proto::v1 as pb;

use crate::{
    probe::{Ask, could_not_look},
    proxy::Proxy,
};

mod envoy;
mod haproxy;
mod nginx;

/// Servers told of one proxy.
const SERVERS: usize = 512;
/// Proxies asked; one machine has two or three.
const PROXIES: usize = 8;

pub(super) async fn run(ask: &Ask, spec: &pb::CollectSpec) -> pb::Observation {
    let (addresses, mut caveats) = super::addresses(spec);
    let asked = "proxy state".to_owned();
    let proxies = ask.net.proxies();
    if proxies.is_empty() {
        let missing = "no proxy was named to this prober: --proxy KIND=PLACE".to_owned();
        return pb::Observation { protocol: "local".to_owned(), ..could_not_look(asked, missing) };
    }
    if proxies.len() > PROXIES {
        caveats.push(format!("{} proxies named, the first {PROXIES} were asked", proxies.len()));
    }
    let mut states = Vec::new();
    // At once: one that is silent takes the time of none but itself.
    let mut running = tokio::task::JoinSet::new();
    for (place, proxy) in proxies.iter().take(PROXIES).cloned().enumerate() {
        let addresses = addresses.clone();
        let deadline = ask.deadline;
        running.spawn(async move { (place, state(proxy, addresses, deadline).await) });
    }
    while let Some(ended) = running.join_next().await {
        match ended {
            Ok(state) => states.push(state),
            Err(e) => caveats.push(format!("a proxy's state was lost: {e}")),
        }
    }
    states.sort_by_key(|(place, _)| *place);
    let proxies: Vec<pb::ProxyState> = states.into_iter().map(|(_, state)| state).collect();
    let told =
        |state: &pb::ProxyState| state.error.is_empty() || !state.version.is_empty() || !state.servers.is_empty();
    let envelope = if proxies.iter().any(told) {
        super::seen(asked, caveats)
    } else {
        let errors: Vec<String> = proxies.iter().map(|state| format!("{}: {}", state.kind, state.error)).collect();
        pb::Observation { protocol: "local".to_owned(), caveats, ..could_not_look(asked, errors.join("; ")) }
    };
    pb::Observation { proxies: Some(pb::ProxyDetail { proxies }), port: spec.port, ..envelope }
}

async fn state(proxy: Proxy, addresses: Vec<IpAddr>, deadline: Instant) -> pb::ProxyState {
    let named = pb::ProxyState { kind: proxy.kind().to_owned(), name: proxy.to_string(), ..Default::default() };
    let read = async {
        match &proxy {
            Proxy::HaProxy(socket) => haproxy::state(socket, named.clone()).await,
            Proxy::Envoy(address) => envoy::state(*address, named.clone()).await,
            Proxy::Nginx(log) => nginx::state(log, addresses, named.clone()).await,
        }
    };
    let read = match tokio::time::timeout_at(deadline.into(), read).await {
        Ok(read) => read,
        Err(_elapsed) => Err(io::Error::new(io::ErrorKind::TimedOut, "the time for this question ended")),
    };
    read.unwrap_or_else(|e| pb::ProxyState { error: failure(&proxy, &e), ..named })
}

fn failure(proxy: &Proxy, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => format!("the right to use {proxy}: {error}"),
        _ => format!("{proxy}: {error}"),
    }
}

/// Keeps as many servers as are told of one proxy.
fn bound(state: &mut pb::ProxyState) {
    if state.servers.len() > SERVERS {
        also(state, &format!("{} servers, the first {SERVERS} are told", state.servers.len()));
        state.servers.truncate(SERVERS);
    }
}

fn also(state: &mut pb::ProxyState, error: &str) {
    if !state.error.is_empty() {
        state.error.push_str("; ");
    }
    state.error.push_str(error);
}
