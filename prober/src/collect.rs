//! One arm per source of local evidence. Collectors read the kernel; they run no command and take no path.

use std::{io, net::IpAddr, time::Instant};

use mesh_proto::v1 as pb;

use crate::probe::{Ask, could_not_look};

mod conntrack;
mod counters;
mod firewall;
mod kernel_log;
mod links;
mod neighbours;
mod proxy_state;
pub(crate) mod resolver;
pub(crate) mod routes;
mod sockets;

/// What a kernel may take to list its links.
const OWN: std::time::Duration = std::time::Duration::from_secs(1);
/// Addresses one question may be about.
const ADDRESSES: usize = 16;

pub(crate) async fn run(ask: &Ask, spec: &pb::CollectSpec) -> pb::Observation {
    match spec.source() {
        pb::Source::Routes => routes::run(ask, spec).await,
        pb::Source::Resolver => resolver::run(ask, spec).await,
        pb::Source::Sockets => sockets::run(ask, spec).await,
        pb::Source::Counters => counters::run(ask, spec).await,
        pb::Source::Firewall => firewall::run(ask, spec).await,
        pb::Source::Links => links::run(ask, spec).await,
        pb::Source::Neighbours => neighbours::run(ask, spec).await,
        pb::Source::Conntrack => conntrack::run(ask, spec).await,
        pb::Source::KernelLog => kernel_log::run(ask, spec).await,
        pb::Source::ProxyState => proxy_state::run(ask, spec).await,
        pb::Source::Unspecified => could_not_look(
            format!("collect source {}", spec.source),
            "this prober does not know that source".to_owned(),
        ),
    }
}

/// The addresses asked about; what is no address is named in a caveat, as are those beyond the bound.
fn addresses(spec: &pb::CollectSpec) -> (Vec<IpAddr>, Vec<String>) {
    let mut caveats = Vec::new();
    let mut known = Vec::new();
    for text in spec.addresses.iter().take(ADDRESSES) {
        match text.parse::<IpAddr>() {
            Ok(address) => known.push(address.to_canonical()),
            Err(_) => caveats.push(format!("not an address, left out: {text}")),
        }
    }
    if spec.addresses.len() > ADDRESSES {
        caveats.push(format!("{} addresses asked, the first {ADDRESSES} were looked at", spec.addresses.len()));
    }
    (known, caveats)
}

/// What a look at this host shows.
fn seen(asked: String, caveats: Vec<String>) -> pb::Observation {
    pb::Observation {
        asked,
        protocol: "local".to_owned(),
        outcome: pb::Outcome::Pass.into(),
        caveats,
        ..Default::default()
    }
}

/// A look that failed: a missing right is named with what would give it, anything else with the system's own words.
fn blind(asked: String, error: &io::Error, right: &str) -> pb::Observation {
    let missing = match error.kind() {
        io::ErrorKind::PermissionDenied => format!("{right} ({error})"),
        _ => error.to_string(),
    };
    pb::Observation { protocol: "local".to_owned(), ..could_not_look(asked, missing) }
}

/// Addresses held in the calling thread's namespace, without their prefixes.
pub(crate) fn own_addresses() -> io::Result<Vec<String>> {
    let (links, _) = links::links(Instant::now() + OWN)?;
    let addresses = links.into_iter().filter(|link| link.up).flat_map(|link| link.addresses);
    Ok(addresses.map(|address| address.split('/').next().unwrap_or_default().to_owned()).collect())
}

/// Runs a look inside the namespace.
async fn look<T: Send + 'static>(
    ask: &Ask,
    job: impl FnOnce(Instant) -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let deadline = ask.deadline;
    ask.net.run(move || job(deadline)).await.flatten()
}

#[cfg(test)]
pub(crate) mod bench;
