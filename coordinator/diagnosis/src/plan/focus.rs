//! Whom later rounds look at where there are many vantages: some of those that fail, who shares a machine with them, some
//! that pass elsewhere, and whoever holds an address on the way. More would cost a fleet's firewalls and tell no more.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use super::{LADDERS, Plan};
use crate::{
    evidence::{KUBE_API, VantageIx, View},
    rules::Trouble,
    scope::machine,
};

/// Vantages up to which everybody is looked at.
const FLEET: usize = 48;
/// Failing vantages, of as many machines as there are.
const FAILING: usize = 12;
/// Vantages that share a machine with one of them.
const BESIDE: usize = 16;
/// Passing vantages of each kind, on other machines.
const PASSING: usize = 4;
/// Observers that are machines of their own: routers, servers.
const OBSERVERS: usize = 24;

/// Leaves out of a plan whoever is not to be looked at.
pub(super) fn keep(view: &View<'_>, trouble: &Trouble, plan: &mut Plan) {
    if let Some(focus) = focus(view, trouble) {
        plan.tasks.retain(|vantage, _| focus.contains(vantage));
    }
}

/// None where everybody is.
fn focus(view: &View<'_>, trouble: &Trouble) -> Option<BTreeSet<VantageIx>> {
    if view.vantages.len() <= FLEET {
        return None;
    }
    let of = |rows: &[usize]| -> Vec<VantageIx> { rows.iter().map(|row| view.at(*row).vantage).collect() };
    let (failing, passing) = (of(&trouble.failing), of(&trouble.passing));
    let mut focus: BTreeSet<VantageIx> = view.askers().take(LADDERS.0).collect();
    focus.extend(failing.iter().take(LADDERS.0).chain(passing.iter().take(LADDERS.1)));
    let sick: BTreeSet<VantageIx> = spread(view, &failing).into_iter().take(FAILING).collect();
    let machines: BTreeSet<&str> = sick.iter().map(|ix| machine(view.vantage(*ix))).collect();
    let all = || view.vantages.iter().enumerate().filter(|(_, vantage)| vantage.id != KUBE_API);
    // The machine itself before its Pods: it carries their packets.
    let mut beside: Vec<VantageIx> =
        all().filter(|(ix, v)| machines.contains(machine(v)) && !sick.contains(ix)).map(|(ix, _)| ix).collect();
    beside.sort_by_key(|ix| view.vantage(*ix).kind == "pod");
    focus.extend(beside.into_iter().take(BESIDE));
    let well: Vec<VantageIx> =
        passing.iter().copied().filter(|ix| !machines.contains(machine(view.vantage(*ix)))).collect();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for ix in spread(view, &well) {
        let kind = kinds.entry(view.vantage(ix).kind.as_str()).or_default();
        *kind += 1;
        if *kind <= PASSING {
            focus.insert(ix);
        }
    }
    let apart = |kind: &str| !matches!(kind, "pod" | "node" | "netns" | "ctr" | "pid");
    focus.extend(all().filter(|(_, v)| v.observer && apart(&v.kind)).map(|(ix, _)| ix).take(OBSERVERS));
    focus.extend(on_the_way(view, trouble, &sick));
    focus.extend(sick);
    Some(focus)
}

/// One of each machine first, then a second one.
fn spread(view: &View<'_>, of: &[VantageIx]) -> Vec<VantageIx> {
    let mut turns: BTreeMap<&str, usize> = BTreeMap::new();
    let mut ranked: Vec<(usize, VantageIx)> = of
        .iter()
        .map(|ix| {
            let turn = turns.entry(machine(view.vantage(*ix))).or_default();
            *turn += 1;
            (*turn, *ix)
        })
        .collect();
    ranked.sort_unstable();
    ranked.dedup();
    ranked.into_iter().map(|(_, ix)| ix).collect()
}

/// Holders of the addresses that failing vantages asked, that answered them or that a Service leads to.
fn on_the_way(view: &View<'_>, trouble: &Trouble, sick: &BTreeSet<VantageIx>) -> BTreeSet<VantageIx> {
    let mut addresses: BTreeSet<(VantageIx, String)> = BTreeSet::new();
    for ix in sick {
        for (_, obs) in view.of(*ix) {
            let icmp = obs.tcp.as_ref().and_then(|tcp| tcp.icmp.as_ref()).map(|icmp| icmp.offender.clone());
            let ladder = obs.pmtu.iter().flat_map(|detail| &detail.hops).map(|hop| hop.address.clone());
            let trace = obs.trace.iter().flat_map(|detail| &detail.hops).map(|hop| hop.address.clone());
            let servers = obs.resolver.iter().flat_map(|detail| detail.nameservers.iter().cloned());
            let known = icmp.into_iter().chain(ladder).chain(trace).chain(servers).chain([obs.address.clone()]);
            addresses.extend(known.map(|address| (*ix, address)));
        }
    }
    if let Some(attempt) = view.attempt_at(trouble.sample())
        && let Some((_, _, Some(port))) = view.service_at(attempt.address)
    {
        addresses.extend(port.endpoints.iter().map(|endpoint| (attempt.vantage, endpoint.address.clone())));
    }
    let holder = |(asker, address): &(VantageIx, String)| view.holder(address.parse::<IpAddr>().ok()?, *asker);
    addresses.iter().filter_map(holder).collect()
}
