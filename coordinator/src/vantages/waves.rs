//! A round of more vantages than may be asked at once: waves, the first of which sees every machine. Pure.

use std::collections::BTreeMap;

use mesh_proto::v1::{self as pb, probe_spec::Probe};

/// Vantages asked at once for connects, look-ups and single packets (decisions: 200).
pub(crate) const ASKED: usize = 200;
/// Vantages asked at once for ladders and bodies (decisions: 20).
const HEAVY: usize = 20;
/// Label that tells failure domains apart.
const ZONE: &str = "zone";

/// Splits a round. Within it one vantage of each node and zone comes first, the node itself before its Pods, then a second
/// one, and so on: whoever fails has somebody of the same wave to be compared with.
pub(crate) fn split(tasks: &[pb::RoundTasks], vantages: &[pb::Vantage]) -> Vec<Vec<pb::RoundTasks>> {
    let known: BTreeMap<&str, &pb::Vantage> = vantages.iter().map(|vantage| (vantage.id.as_str(), vantage)).collect();
    let machine = |tasks: &pb::RoundTasks| -> (String, String) {
        let Some(vantage) = known.get(tasks.vantage.as_str()) else { return (tasks.vantage.clone(), String::new()) };
        let zone = vantage.labels.get(ZONE).cloned().unwrap_or_default();
        let node = match vantage.kind.as_str() {
            "node" => vantage.id.split_once('/').map_or("", |(_, name)| name),
            _ => vantage.node.as_str(),
        };
        // Pods carry no label of their node's zone; their node's name is enough.
        if node.is_empty() { (vantage.id.clone(), zone) } else { (node.to_owned(), String::new()) }
    };
    let is_node = |tasks: &pb::RoundTasks| known.get(tasks.vantage.as_str()).is_some_and(|v| v.kind == "node");
    let mut ordered: Vec<&pb::RoundTasks> = tasks.iter().collect();
    ordered.sort_by_key(|tasks| !is_node(tasks));
    let mut turns: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut ranked: Vec<(usize, &pb::RoundTasks)> = ordered
        .into_iter()
        .map(|tasks| {
            let turn = turns.entry(machine(tasks)).or_default();
            *turn += 1;
            (*turn, tasks)
        })
        .collect();
    ranked.sort_by_key(|(turn, _)| *turn);
    let mut waves: Vec<Vec<pb::RoundTasks>> = vec![Vec::new()];
    let mut heavy = 0;
    for (_, tasks) in ranked {
        let weighs = usize::from(tasks.probes.iter().any(is_heavy));
        if waves.last().is_some_and(|wave| wave.len() >= ASKED || heavy + weighs > HEAVY) {
            waves.push(Vec::new());
            heavy = 0;
        }
        heavy += weighs;
        if let Some(wave) = waves.last_mut() {
            wave.push(tasks.clone());
        }
    }
    waves
}

/// Many packets, or large ones.
fn is_heavy(probe: &pb::ProbeSpec) -> bool {
    match &probe.probe {
        Some(Probe::Pmtu(_) | Probe::Trace(_) | Probe::Mss(_)) => true,
        Some(Probe::Http(http)) => http.body_bytes > 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fleet(nodes: usize, pods: usize) -> Vec<pb::Vantage> {
        let vantage = |id: String, kind: &str, node: String| pb::Vantage {
            id,
            kind: kind.to_owned(),
            node,
            ..Default::default()
        };
        (0..nodes)
            .flat_map(|n| {
                let pod = move |p| vantage(format!("pod/p{n}-{p}"), "pod", format!("w{n}"));
                std::iter::once(vantage(format!("node/w{n}"), "node", String::new())).chain((0..pods).map(pod))
            })
            .collect()
    }

    fn round(vantages: &[pb::Vantage], probe: &Probe) -> Vec<pb::RoundTasks> {
        let spec = pb::ProbeSpec { probe: Some(probe.clone()), ..Default::default() };
        vantages.iter().map(|v| pb::RoundTasks { vantage: v.id.clone(), probes: vec![spec.clone()] }).collect()
    }

    #[test]
    fn the_first_wave_sees_every_node_and_later_ones_a_pod_of_each() {
        let vantages = fleet(200, 3);
        let waves = split(&round(&vantages, &Probe::Tcp(pb::TcpSpec::default())), &vantages);
        assert_eq!(waves.iter().map(Vec::len).collect::<Vec<_>>(), [200; 4]);
        assert!(waves[0].iter().all(|tasks| tasks.vantage.starts_with("node/")));
        assert!(waves[1].iter().any(|tasks| tasks.vantage == "pod/p17-0"), "{:?}", waves[1]);
    }

    #[test]
    fn a_few_vantages_are_one_wave_and_ladders_go_by_twenties() {
        let vantages = fleet(10, 3);
        assert_eq!(split(&round(&vantages, &Probe::Tcp(pb::TcpSpec::default())), &vantages).len(), 1);
        let waves = split(&round(&vantages, &Probe::Pmtu(pb::PmtuSpec::default())), &vantages);
        assert_eq!(waves.iter().map(Vec::len).collect::<Vec<_>>(), [20, 20]);
        assert!(split(&[], &vantages).iter().all(Vec::is_empty));
    }
}
