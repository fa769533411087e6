//! One arm per probe; builds the envelope that every observation shares.

use std::time::Instant;

use mesh_proto::v1 as pb;

use crate::{
    guard::Act,
    net::{Net, Refused, ready::Opening},
};

/// What every probe is given.
pub(crate) struct Ask {
    pub(crate) net: Net,
    /// When this probe must be over, by the monotonic clock.
    pub(crate) deadline: Instant,
    /// When its connect stage must be over; none = with the probe.
    pub(crate) connect: Option<Instant>,
    /// Also record the packets of the probe's own TCP flow.
    pub(crate) watch: bool,
}

impl Ask {
    /// What is left of the time.
    pub(crate) fn left(&self) -> std::time::Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Until when a connect may take.
    pub(crate) fn connect_deadline(&self) -> Instant {
        self.connect.map_or(self.deadline, |connect| connect.min(self.deadline))
    }
}

/// Why a socket was not to be had, with what caused it.
pub(crate) fn why(refused: &Refused) -> String {
    match refused {
        Refused::Policy(denied) => denied.to_string(),
        Refused::Io { operation, source } => format!("{operation}: {source}"),
    }
}

pub(crate) mod dns;
pub(crate) mod http;
pub(crate) mod icmp;
pub(crate) mod mss;
pub(crate) mod pmtu;
pub(crate) mod resolve;
pub(crate) mod tcp;
pub(crate) mod tls;
pub(crate) mod trace;
pub(crate) mod watch;

/// The connect that a probe begins with, where that is known before it runs.
pub(crate) fn opening(spec: &pb::ProbeSpec) -> Option<Opening> {
    use pb::probe_spec::Probe;
    let (address, port, act, source_port) = match spec.probe.as_ref()? {
        Probe::Tcp(tcp) => (&tcp.address, tcp.port, Act::Connect, tcp.source_port),
        Probe::Tls(tls) => (&tls.address, tls.port, Act::Connect, 0),
        Probe::Http(http) if !http.proxy.is_empty() => return None,
        Probe::Http(http) if http.body_bytes > 0 => (&http.address, http.port, Act::Upload, http.source_port),
        Probe::Http(http) => (&http.address, http.port, Act::Request, http.source_port),
        _ => return None,
    };
    // What is wrong with the question is said by the probe itself.
    let mut unsaid = pb::Observation::default();
    let to = tcp::target(&mut unsaid, address, port)?;
    let way = tcp::way(&mut unsaid, to, act, source_port)?;
    Some(Opening { way: if spec.watch { way.bound() } else { way }, watched: spec.watch })
}

/// Runs one probe. Fields of the envelope that do not depend on the probe (run, round, vantage, task, namespace,
/// purpose, timing) are filled by the caller.
pub(crate) async fn run(ask: &Ask, probe: &pb::probe_spec::Probe) -> pb::Observation {
    // The largest probe would make every caller's future as large.
    let observed = Box::pin(carry_out(ask, probe));
    match watch::peer(ask, probe) {
        Some(peer) => watch::during(&ask.net, peer, observed).await,
        None => observed.await,
    }
}

async fn carry_out(ask: &Ask, probe: &pb::probe_spec::Probe) -> pb::Observation {
    use pb::probe_spec::Probe;
    match probe {
        Probe::Resolve(spec) => resolve::run(ask, spec).await,
        Probe::Dns(spec) => dns::run(ask, spec).await,
        Probe::Tcp(spec) => tcp::run(ask, spec).await,
        Probe::Tls(spec) => tls::run(ask, spec).await,
        Probe::Http(spec) => http::run(ask, spec).await,
        Probe::Icmp(spec) => icmp::run(ask, spec).await,
        Probe::Pmtu(spec) => pmtu::run(ask, spec).await,
        Probe::Mss(spec) => mss::run(ask, spec).await,
        Probe::Trace(spec) => trace::run(ask, spec).await,
        Probe::Collect(spec) => crate::collect::run(ask, spec).await,
    }
}

/// An observation of something that this prober lacks the right, the file or the kernel feature to look at.
pub(crate) fn could_not_look(asked: String, missing: String) -> pb::Observation {
    pb::Observation { asked, missing, outcome: pb::Outcome::CouldNotLook.into(), ..Default::default() }
}

#[cfg(test)]
mod daemons;
