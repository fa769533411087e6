//! What packets of the failing port and of another port of the same address met on their way, by TTL.

use mesh_proto::v1 as pb;

use super::{Opinion, Trouble, View};
use crate::evidence::{RefusedBy, Role, SeenIx, Symptom};

/// The failing port is silent where another port of the same address is reached from the same place.
#[derive(Debug, Clone)]
pub(crate) struct PortAlone {
    pub(crate) because: Vec<SeenIx>,
    /// The last router that packets of the failing port reach, and the next one, which only the other port's reach. None
    /// where nothing but the target itself lies beyond the last router that answers.
    pub(crate) gap: Option<(String, String)>,
}

/// A trace and its evidence.
type Traced<'v> = Option<(SeenIx, &'v pb::TraceDetail)>;

/// The traces of a failing row's vantage to its address: on the failing port, on another.
fn traces<'v>(view: &'v View<'_>, row: SeenIx) -> (Traced<'v>, Traced<'v>) {
    let asked = &view.at(row).obs;
    let of = |same: bool| {
        view.of(view.at(row).vantage)
            .filter(|(_, obs)| obs.address == asked.address && (obs.port == asked.port) == same)
            .find_map(|(ix, obs)| obs.trace.as_ref().map(|trace| (ix, trace)))
    };
    (of(true), of(false))
}

/// Routers of a trace, by distance.
fn routers(trace: &pb::TraceDetail) -> impl DoubleEndedIterator<Item = &pb::TraceHop> {
    trace.hops.iter().filter(|hop| hop.answer == "time-exceeded" && !hop.address.is_empty())
}

/// The other port was reached: a closed port's own answer, which no dead way gives.
pub(crate) fn port_alone(view: &View<'_>, trouble: &Trouble) -> Option<PortAlone> {
    let row = trouble.sample();
    let seen = view.at(row);
    let control = view.tries(seen.vantage, &[Role::ControlPort]).find(|attempt| {
        attempt.address.to_string() == seen.obs.address
            && matches!(attempt.symptom, Symptom::Refused(RefusedBy::Rst) | Symptom::Works)
    });
    let (own, other) = traces(view, row);
    let control = control.map(|attempt| attempt.seen);
    let reached = other.filter(|(_, trace)| trace.reached).map(|(ix, _)| ix);
    let because: Vec<SeenIx> = [row].into_iter().chain(control).chain(reached).chain(own.map(|(ix, _)| ix)).collect();
    if control.is_none() && reached.is_none() {
        return None;
    }
    let gap = own.zip(other).filter(|((_, own), (_, other))| !own.reached && other.reached).and_then(
        |((_, own), (_, other))| {
            let last = routers(own).next_back()?;
            let next = routers(other).find(|hop| hop.ttl > last.ttl)?;
            let name =
                |hop: &pb::TraceHop| hop.address.parse().map_or_else(|_| hop.address.clone(), |ip| view.name_of(ip));
            Some((name(last), name(next)))
        },
    );
    Some(PortAlone { because, gap })
}

/// A cause that takes every port is contradicted where another port of the same address is reached.
pub(crate) fn any_port(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let alone = port_alone(view, trouble)?;
    Some(Opinion::excluded("another port of the same address is reached from the same place", alone.because))
}

/// A cause at the target's end is contradicted where packets of the port end before a router that others reach.
pub(crate) fn before_the_end(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let alone = port_alone(view, trouble)?;
    let (last, next) = alone.gap?;
    Some(Opinion::excluded(
        format!("packets of this port get as far as {last}; those of another port reach {next}, too"),
        alone.because,
    ))
}

/// Pods fail whose own node reaches the same address by the same way: what differs is the source address, and what lies
/// between Pod and node.
pub(crate) fn node_passes(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let pair = |row: &SeenIx| {
        let seen = view.at(*row);
        let node = &view.vantage(seen.vantage).node;
        let good = trouble.passing.iter().copied().find(|pass| {
            let other = view.at(*pass);
            !node.is_empty()
                && view.vantage(other.vantage).id.trim_start_matches("node/") == node
                && other.obs.address == seen.obs.address
                && other.obs.port == seen.obs.port
        })?;
        Some([*row, good])
    };
    let because: Vec<SeenIx> = trouble.failing.iter().filter_map(pair).flatten().collect();
    (!because.is_empty()).then(|| Opinion::excluded("the Pod's own node reaches it by the same way", because))
}
