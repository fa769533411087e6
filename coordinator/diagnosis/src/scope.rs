//! Where it fails and where it does not, by machine: one node, its Pods, or both.

use std::collections::{BTreeMap, BTreeSet};

use mesh_proto::v1 as pb;

use crate::{
    evidence::{Standing, VantageIx, View},
    report::Scope,
};

/// Asking vantages up to which the rows themselves say it.
const ROWS: usize = 8;
/// Machines that are named; beyond that they are counted.
const NAMED: usize = 3;

/// The machine of a vantage: its node's name where it has one, else its witness.
pub(crate) fn machine(vantage: &pb::Vantage) -> &str {
    match vantage.kind.as_str() {
        "node" => vantage.id.split_once('/').map_or(vantage.id.as_str(), |(_, name)| name),
        _ if !vantage.node.is_empty() => &vantage.node,
        _ if !vantage.witness.is_empty() => &vantage.witness,
        _ => &vantage.id,
    }
}

/// What became of the vantages of one machine.
#[derive(Default)]
struct Machine {
    /// The node itself, when it was asked from: whether it fails.
    node: Option<(VantageIx, bool)>,
    /// What else was asked from there.
    failing: Vec<VantageIx>,
    passing: usize,
}

/// None where few vantages ask, or all of them stand alike.
pub(crate) fn scope(view: &View<'_>) -> Option<Scope> {
    if view.askers().count() <= ROWS {
        return None;
    }
    let mut machines: BTreeMap<&str, Machine> = BTreeMap::new();
    let (mut failing, mut passing, mut unknown) = (0_u32, 0_u32, 0_u32);
    for ix in view.askers() {
        let fails = match view.standing(ix) {
            Standing::Works(_) => false,
            Standing::Fails(_) | Standing::NameFails(_) => true,
            Standing::Unknown(_) => {
                unknown += 1;
                continue;
            }
        };
        if fails {
            failing += 1;
        } else {
            passing += 1;
        }
        let vantage = view.vantage(ix);
        let known = machines.entry(machine(vantage)).or_default();
        match (vantage.kind.as_str(), fails) {
            ("node", _) => known.node = Some((ix, fails)),
            (_, true) => known.failing.push(ix),
            (_, false) => known.passing += 1,
        }
    }
    if failing == 0 || passing == 0 {
        return None;
    }
    let sick: Vec<(&str, &Machine)> = machines
        .iter()
        .filter(|(_, m)| !m.failing.is_empty() || m.node.is_some_and(|(_, fails)| fails))
        .map(|(name, m)| (*name, m))
        .collect();
    let summary = if sick.len() <= NAMED {
        sick.iter().map(|(name, machine)| words(view, name, machine)).collect::<Vec<_>>().join("; ")
    } else {
        let kinds: BTreeSet<&str> = sick.iter().flat_map(|(_, m)| kinds(view, m)).collect();
        let kinds = kinds.into_iter().collect::<Vec<_>>().join(" and ");
        format!("{failing} vantages ({kinds}) of {} machines", sick.len())
    };
    Some(Scope { failing, passing, unknown, machines: u32::try_from(sick.len()).unwrap_or(u32::MAX), summary })
}

fn kinds<'v>(view: &View<'v>, machine: &Machine) -> Vec<&'v str> {
    let node = machine.node.filter(|(_, fails)| *fails).map(|(ix, _)| ix);
    node.iter().chain(&machine.failing).map(|ix| view.vantage(*ix).kind.as_str()).collect()
}

/// "the 3 Pods of node/w17; node/w17 itself passes".
fn words(view: &View<'_>, name: &str, machine: &Machine) -> String {
    let all = machine.failing.len() + machine.passing;
    let pods = machine.failing.iter().all(|ix| view.vantage(*ix).kind == "pod");
    let thing = match (pods, all) {
        (true, 1) => "Pod",
        (true, _) => "Pods",
        (false, 1) => "vantage",
        (false, _) => "vantages",
    };
    let node = |ix: VantageIx| view.vantage(ix).id.as_str();
    match (machine.node, machine.failing.as_slice()) {
        (Some((ix, true)), []) if all == 0 => node(ix).to_owned(),
        (Some((ix, true)), []) => format!("{} itself; its {all} {thing} pass", node(ix)),
        (Some((ix, true)), failing) if failing.len() == all => format!("{} and its {all} {thing}", node(ix)),
        (Some((ix, true)), failing) => format!("{} and {} of its {all} {thing}", node(ix), failing.len()),
        (Some((ix, false)), failing) if failing.len() == all => {
            format!("the {all} {thing} of {}, which itself passes", node(ix))
        }
        (Some((ix, false)), failing) => {
            format!("{} of {all} {thing} of {}, which itself passes", failing.len(), node(ix))
        }
        (None, [one]) if all == 1 => view.vantage(*one).id.clone(),
        (None, failing) if failing.len() == all => format!("the {all} {thing} of {name}"),
        (None, failing) => format!("{} of {all} {thing} of {name}", failing.len()),
    }
}
