//! Who answers at each distance, to a SYN or to a datagram: the way of the very port that is asked about, without any
//! right.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::Instant,
};

use mesh_proto::v1 as pb;

use super::{Ask, tcp};
use crate::{
    failure,
    net::trace::{Answer, Means, Rung, is_expiry, is_port_unreachable},
};

/// Distances asked when none is said: few paths inside an organisation are longer.
const HOPS: u8 = 12;
/// Most distances: each is a socket and up to two packets, and traceroute(8) ends here too.
const MOST_HOPS: u8 = 30;

pub(crate) async fn run(ask: &Ask, spec: &pb::TraceSpec) -> pb::Observation {
    let mut obs = tcp::about(&format!("trace {}", spec.protocol), &spec.name, &spec.address, spec.port);
    obs.protocol.clone_from(&spec.protocol);
    let Some((to, means)) = target(&mut obs, spec) else { return obs };
    let hops = match u8::try_from(spec.max_hops) {
        Ok(0) => HOPS,
        asked => asked.unwrap_or(MOST_HOPS).min(MOST_HOPS),
    };
    let operation = obs.asked.clone();
    let began = Instant::now();
    let rungs = match ask.net.trace(to, means, hops, ask.deadline).await {
        Ok(rungs) => rungs,
        Err(refused) => {
            tcp::not_allowed(&mut obs, &refused);
            return obs;
        }
    };
    let reached = rungs.last().is_some_and(|rung| rung.is_target(to.ip()));
    obs.outcome = if reached { pb::Outcome::Pass } else { pb::Outcome::Fail }.into();
    obs.failure = (!reached).then(|| match unsent(&rungs) {
        Some(error) => failure::io("trace", &operation, &error),
        None => failure::timeout("trace", &operation, began.elapsed()),
    });
    obs.trace = Some(pb::TraceDetail {
        protocol: spec.protocol.clone(),
        port: spec.port,
        hops: rungs.iter().map(|rung| hop(rung, to.ip())).collect(),
        reached,
    });
    obs
}

fn target(obs: &mut pb::Observation, spec: &pb::TraceSpec) -> Option<(SocketAddr, Means)> {
    match spec.protocol.as_str() {
        "tcp" => Some((tcp::target(obs, &spec.address, spec.port)?, Means::Tcp)),
        // Port 0 is none, and stands for the ports of traceroute(8).
        "udp" if spec.port == 0 => {
            let mut to = tcp::target(obs, &spec.address, 1)?;
            to.set_port(0);
            Some((to, Means::Udp))
        }
        "udp" => Some((tcp::target(obs, &spec.address, spec.port)?, Means::Udp)),
        other => {
            obs.outcome = pb::Outcome::CouldNotLook.into();
            obs.missing = format!("{other:?} is not a protocol to trace with");
            None
        }
    }
}

/// What kept this host from sending, when it sent nothing at all: no route, a rule of its own.
fn unsent(rungs: &[Rung]) -> Option<io::Error> {
    let mut errors = rungs.iter().map(|rung| match &rung.answer {
        Some((Answer::Local { errno }, _)) => Some(*errno),
        _ => None,
    });
    let first = errors.next().flatten()?;
    errors.all(|error| error.is_some()).then(|| io::Error::from_raw_os_error(first))
}

fn hop(rung: &Rung, target: IpAddr) -> pb::TraceHop {
    let mut hop = pb::TraceHop { ttl: rung.ttl.into(), sent: rung.sent, ..Default::default() };
    let Some((answer, took)) = &rung.answer else { return hop };
    let text = match answer {
        Answer::Local { .. } => return hop,
        Answer::SynAck => "syn-ack",
        Answer::Rst => "rst",
        Answer::Reply => "reply",
        Answer::Icmp(error) if is_expiry(error) => "time-exceeded",
        Answer::Icmp(error) if is_port_unreachable(error) && rung.is_target(target) => "port-unreachable",
        Answer::Icmp(_) => "icmp",
    };
    text.clone_into(&mut hop.answer);
    hop.rtt_us = Some(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    if let Answer::Icmp(error) = answer {
        hop.address.clone_from(&error.offender);
        hop.icmp = Some(error.clone());
    } else {
        hop.address = target.to_string();
    }
    hop
}

#[cfg(test)]
mod tests;
