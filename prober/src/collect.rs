//! One arm per source of local evidence. Collectors read the kernel; they run no command and take no path.

use mesh_proto::v1 as pb;

use crate::probe::{Ask, could_not_look};

mod counters;
mod firewall;
mod links;
mod resolver;
mod routes;
mod sockets;

pub(crate) async fn run(ask: &Ask, spec: &pb::CollectSpec) -> pb::Observation {
    match spec.source() {
        pb::Source::Routes => routes::run(ask, spec).await,
        pb::Source::Resolver => resolver::run(ask, spec).await,
        pb::Source::Sockets => sockets::run(ask, spec).await,
        pb::Source::Counters => counters::run(ask, spec).await,
        pb::Source::Firewall => firewall::run(ask, spec).await,
        pb::Source::Links => links::run(ask, spec).await,
        pb::Source::Unspecified => {
            could_not_look(format!("collect source {}", spec.source), "this prober does not know that source".to_owned())
        }
    }
}
