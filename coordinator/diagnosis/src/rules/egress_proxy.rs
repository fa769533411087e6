//! What relays or intercepts the client's traffic on purpose.
//!
//! Looks like: connects succeed to a port that must be closed and to an address that must be dead. Then a successful
//! connect says nothing about the target; the first byte only the target could send is the first proof.

use super::{Class, Opinion, Rule, Trouble, View};
use crate::evidence::{SeenIx, VantageIx};

const ANY: &[Class] =
    &[Class::Refused, Class::Handshake, Class::Certificate, Class::Large, Class::NoAnswer, Class::Reset, Class::Status];

pub(crate) const RULES: &[Rule] = &[Rule {
    slug: "egress-proxy/intercepted",
    meaning: "something on the way answers every connect in the target's name",
    classes: ANY,
    asks: &[],
    judge: intercepted,
}];

fn intercepted(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let hit: Vec<(VantageIx, Vec<SeenIx>, bool)> = trouble
        .failing
        .iter()
        .filter_map(|row| {
            let vantage = view.at(*row).vantage;
            view.intercepted(vantage).map(|found| (vantage, found.because, found.both))
        })
        .collect();
    if hit.is_empty() {
        let controls: Vec<SeenIx> = view
            .all()
            .filter(|(_, _, obs)| obs.task.starts_with("control-") && obs.outcome() == mesh_proto::v1::Outcome::Fail)
            .map(|(ix, _, _)| ix)
            .collect();
        return (!controls.is_empty()).then(|| Opinion::excluded("the connects that must fail did fail", controls));
    }
    let both = hit.iter().all(|(_, _, both)| *both);
    let names: Vec<String> = hit.iter().map(|(vantage, _, _)| view.vantage(*vantage).id.clone()).collect();
    let because: Vec<SeenIx> =
        hit.iter().flat_map(|(_, because, _)| because.iter().copied()).chain(trouble.failing.iter().copied()).collect();
    let summary = format!(
        "something between {} and the target answers every connect; the target may not be reached at all",
        names.join(", ")
    );
    let opinion = if both {
        Opinion::proved("a closed port and a dead address both accept connections there", because)
    } else {
        Opinion::likely("a port that must be closed accepts connections there", because)
    };
    Some(opinion.at(names).says(summary))
}
