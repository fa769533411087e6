//! Some fresh connections fail and some do not: by the flow's own hash, without a pattern, or by the endpoint chosen.

use std::net::IpAddr;

use super::{
    Opinion, Trouble, View, endpoint,
    look::{self, Listener},
    places,
};
use crate::evidence::{Attempt, RefusedBy, Role, SeenIx, Symptom, VantageIx};

/// Fewest failing ports that are asked again before their all failing means a pattern: at a loss of a half it is chance
/// once in eight, at a tenth once in a thousand. A rule or a route on one of the ways must then agree before it is proved.
const REPEATS: usize = 3;

/// Connections of one kind that are cited.
const SHOWN: usize = 3;

/// The failing ports, asked again: those that failed again and those that passed.
fn again<'v>(view: &'v View<'_>) -> (Vec<&'v Attempt>, Vec<&'v Attempt>) {
    let asked = view.attempts.iter().filter(|a| a.role == Role::Same && a.symptom != Symptom::NotLooked);
    asked.partition(|attempt| attempt.symptom != Symptom::Works)
}

fn silent(view: &View<'_>, trouble: &Trouble) -> bool {
    trouble.failing.iter().filter_map(|row| view.attempt_at(*row)).all(|attempt| {
        matches!(
            attempt.symptom,
            Symptom::ConnectTimeout | Symptom::NoAnswer | Symptom::TlsSilent | Symptom::Unreachable { .. }
        )
    })
}

/// A host that only some of the flows meet: another host answers at the same distance.
fn one_of_several(view: &View<'_>, asker: VantageIx, host: VantageIx) -> bool {
    let hops: Vec<(u32, &str)> = view
        .of(asker)
        .filter_map(|(_, obs)| obs.trace.as_ref())
        .flat_map(|trace| &trace.hops)
        .filter(|hop| hop.answer == "time-exceeded")
        .map(|hop| (hop.ttl, hop.address.as_str()))
        .collect();
    let own = |address: &str| view.vantage(host).addresses.iter().any(|known| known == address);
    let at: Vec<u32> = hops.iter().filter(|(_, address)| own(address)).map(|(ttl, _)| *ttl).collect();
    hops.iter().any(|(ttl, address)| at.contains(ttl) && !own(address))
}

/// What takes the failing flows: a rule, or a route that leads nowhere.
fn taken(view: &View<'_>, trouble: &Trouble) -> Option<(SeenIx, VantageIx, String)> {
    if let Some(block) = look::blocks(view, trouble, &["drop"]).into_iter().next() {
        return Some((block.seen, block.vantage, look::rule_text(view, &block)));
    }
    let to = view.attempt_at(trouble.sample())?.address;
    let end = look::dead_ends(view, trouble.sample(), to).into_iter().next()?;
    Some((end.seen, end.vantage, format!("{}: its route is of type {}", view.vantage(end.vantage).id, end.kind)))
}

/// `hashed`: the way of a flow decides. Otherwise each packet is lost by itself.
pub(super) fn by_path(view: &View<'_>, trouble: &Trouble, hashed: bool) -> Option<Opinion> {
    if !silent(view, trouble) {
        return None;
    }
    let target = endpoint(&view.at(trouble.sample()).obs);
    let (bad, good) = again(view);
    // Of many alike some stand for the rest; the rate says how many there are.
    let shown = trouble.failing.iter().take(SHOWN).chain(trouble.passing.iter().take(SHOWN)).copied();
    let because: Vec<SeenIx> =
        shown.chain(bad.iter().take(SHOWN).chain(good.iter().take(SHOWN)).map(|a| a.seen)).collect();
    if bad.is_empty() && good.is_empty() {
        return Some(
            Opinion::possible("the failing ports were not asked again", trouble.all())
                .decided_by("the same ports once more", None),
        );
    }
    let count = bad.len() + good.len();
    if hashed {
        if !good.is_empty() {
            let why = format!(
                "{} of {count} failing ports pass when asked again: it is not the flow that decides",
                good.len()
            );
            return Some(Opinion::excluded(why, because));
        }
        let why = format!("all {count} failing ports fail again");
        if bad.len() < REPEATS {
            return Some(Opinion::possible(format!("{why}; that is few"), because));
        }
        let says = |name: &str| format!("connections to {target} whose hash leads over {name} fail, always the same");
        let asker = view.at(trouble.sample()).vantage;
        return Some(match taken(view, trouble) {
            Some((ix, host, text)) if one_of_several(view, asker, host) => {
                let name = view.vantage(host).id.clone();
                let because = because.into_iter().chain([ix]).collect();
                let why = format!("{why}; {text}, and another router answers at its distance");
                Opinion::proved(why, because).at([name.clone()]).says(says(&name))
            }
            Some((ix, host, text)) => {
                let name = view.vantage(host).id.clone();
                let because = because.into_iter().chain([ix]).collect();
                Opinion::likely(format!("{why}; {text}"), because).at([name.clone()]).says(says(&name))
            }
            None => Opinion::likely(why, because)
                .at([places(view, &trouble.failing), target.clone()])
                .says(says("one of several ways")),
        });
    }
    if good.is_empty() && bad.len() >= REPEATS {
        return Some(Opinion::excluded(format!("all {count} failing ports fail again"), because));
    }
    if good.is_empty() {
        return Some(Opinion::possible("few ports failed, and they failed again", because));
    }
    let why = format!("{} of {count} failing ports pass when asked again", good.len());
    let between = [places(view, &trouble.failing), target.clone()];
    Some(Opinion::likely(why, because).at(between).says(format!("packets to {target} are lost without a pattern")))
}

/// The Service has several endpoints and some of them fail.
pub(super) fn by_endpoint(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let address = view.attempt_at(trouble.sample())?.address;
    let Some((api, service, port)) = view.service_at(address) else {
        // A balancer in front of several servers looks so from outside.
        return Some(
            Opinion::possible("several servers may stand behind the address, some of them broken", trouble.all())
                .decided_by(
                    "each server behind the address, asked directly",
                    Some("meshctl diagnose … --cluster-state FILE".to_owned()),
                ),
        );
    };
    let name = format!("{}/{}", service.namespace, service.name);
    let count = port?.endpoints.iter().filter(|endpoint| endpoint.ready).count();
    let direct: Vec<&Attempt> =
        view.attempts.iter().filter(|a| a.role == Role::Endpoint && a.symptom != Symptom::NotLooked).collect();
    if direct.is_empty() {
        let why = format!("{name} has {count} ready endpoints; none was asked directly");
        return Some(Opinion::possible(why, vec![api]).at([format!("service/{name}")]));
    }
    let of = |works: bool| -> Vec<&Attempt> {
        direct.iter().copied().filter(|attempt| (attempt.symptom == Symptom::Works) == works).collect()
    };
    let (good, bad) = (of(true), of(false));
    let (Some(first), false) = (bad.first(), good.is_empty()) else {
        let why = if bad.is_empty() { "every endpoint answers when asked directly" } else { "every endpoint fails" };
        return Some(Opinion::excluded(why, direct.iter().map(|attempt| attempt.seen).collect()));
    };
    let broken = endpoint(&view.at(first.seen).obs);
    let says = format!("endpoint {broken} of Service {name} fails ({} of {} answer)", good.len(), direct.len());
    let mut because: Vec<SeenIx> = trouble.failing.iter().take(SHOWN).copied().chain([api]).collect();
    because.extend(direct.iter().map(|attempt| attempt.seen));
    let place = view.name_of(first.address);
    let shut = view.holder(first.address, first.vantage).and_then(|holder| {
        let refused = matches!(first.symptom, Symptom::Refused(RefusedBy::Rst | RefusedBy::Unknown));
        match look::listener(view, holder, "tcp", first.address, first.port) {
            Listener::Absent(ix) if refused => Some(ix),
            _ => None,
        }
    });
    Some(
        match shut {
            Some(ix) => {
                because.push(ix);
                Opinion::proved("asked directly it refuses, others answer; it has no listener on the port", because)
            }
            None => Opinion::likely("asked directly it fails, others answer", because),
        }
        .at([place])
        .says(says),
    )
}

/// Addresses of the Service's endpoints, for whoever looks at their listeners.
pub(crate) fn endpoints(view: &View<'_>, address: IpAddr) -> Vec<(IpAddr, u16)> {
    let Some((_, _, Some(port))) = view.service_at(address) else { return Vec::new() };
    port.endpoints
        .iter()
        .filter_map(|endpoint| Some((endpoint.address.parse().ok()?, u16::try_from(endpoint.port).ok()?)))
        .collect()
}
