//! Records what a probe's own flow looks like on the wire while the probe runs.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use mesh_proto::v1 as pb;
use tokio::time;

use super::{Ask, why};
use crate::net::{Net, Refused, raw::watch::RIGHT};

/// How long a flow is listened to after its probe: an answer to the last packet, such as a late reset, is on its way.
const LATE: Duration = Duration::from_millis(30);

/// The other end of the probe's flow, when it has one and is to be watched.
pub(super) fn peer(ask: &Ask, probe: &pb::probe_spec::Probe) -> Option<SocketAddr> {
    use pb::probe_spec::Probe;
    let (address, port) = match probe {
        Probe::Tcp(spec) => (&spec.address, spec.port),
        Probe::Tls(spec) => (&spec.address, spec.port),
        Probe::Http(spec) if !spec.proxy.is_empty() => return spec.proxy.parse().ok().filter(|_| ask.watch),
        Probe::Http(spec) => (&spec.address, spec.port),
        _ => return None,
    };
    let address: IpAddr = address.parse().ok()?;
    ask.watch.then_some(SocketAddr::new(address.to_canonical(), u16::try_from(port).ok()?))
}

/// Runs a probe and records its flow beside it. Without the right the probe runs all the same.
pub(super) async fn during(
    net: &Net,
    peer: SocketAddr,
    probe: impl Future<Output = pb::Observation>,
) -> pb::Observation {
    let watch = match net.watch(peer).await {
        Ok(watch) => watch,
        Err(refused) => {
            let mut obs = probe.await;
            obs.watch = Some(pb::WatchDetail { missing: missing(&refused), ..Default::default() });
            return obs;
        }
    };
    let mut obs = probe.await;
    time::sleep(LATE).await;
    let port = u16::try_from(obs.local_port).unwrap_or_default();
    let mut detail = watch.end(obs.local_address.parse().ok(), port).await;
    if port == 0 && detail.missing.is_empty() {
        "the probe began no flow".clone_into(&mut detail.missing);
    }
    obs.watch = Some(detail);
    obs
}

fn missing(refused: &Refused) -> String {
    match refused {
        Refused::Io { source, .. } if source.kind() == std::io::ErrorKind::PermissionDenied => {
            format!("{RIGHT} ({})", why(refused))
        }
        _ => why(refused),
    }
}

#[cfg(test)]
mod tests;
