//! Which attribute separates the vantages that fail from those that pass. It works on faults nobody wrote a rule for.
//!
//! A separator is only named when each side has at least two rows, and it is `confirmed` only when it predicted a probe
//! of a later round than the one it was found in.

use std::collections::BTreeSet;

use mesh_proto::v1 as pb;

use crate::{
    evidence::{Role, SeenIx, Symptom, View},
    report::Separator,
    rules::Trouble,
};

/// Fewest rows on each side.
const ROWS: usize = 2;
/// Passing rows among which some share a value by chance.
const FEW: usize = 16;

type Column = (&'static str, fn(&View<'_>, SeenIx) -> Option<String>);

const COLUMNS: &[Column] = &[
    ("kind", |view, row| Some(view.vantage(view.at(row).vantage).kind.clone())),
    ("machine", |view, row| Some(view.vantage(view.at(row).vantage).witness.clone())),
    ("address", |view, row| some(&view.at(row).obs.address)),
    ("family", |view, row| {
        some(&view.at(row).obs.address).map(|a| if a.contains(':') { "IPv6" } else { "IPv4" }.to_owned())
    }),
    ("gateway", |view, row| route(view, row).map(|route| route.gateway.clone())),
    ("resolver", |view, row| {
        let vantage = view.at(row).vantage;
        view.of(vantage).find_map(|(_, obs)| obs.resolver.as_ref()).map(|detail| detail.nameservers.join(","))
    }),
];

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn route<'v>(view: &'v View<'_>, row: SeenIx) -> Option<&'v pb::Route> {
    let seen = view.at(row);
    view.of(seen.vantage)
        .filter_map(|(_, obs)| obs.routes.as_ref())
        .flat_map(|detail| &detail.routes)
        .find(|route| route.destination == seen.obs.address)
}

/// Attributes whose values on the failing side never occur on the passing side.
pub(crate) fn separators(view: &View<'_>, trouble: &Trouble) -> Vec<Separator> {
    if trouble.failing.len() < ROWS || trouble.passing.len() < ROWS {
        return Vec::new();
    }
    COLUMNS
        .iter()
        .filter_map(|(attribute, value)| {
            let side = |rows: &[SeenIx]| rows.iter().map(|row| value(view, *row)).collect::<Option<BTreeSet<String>>>();
            let (failing, passing) = (side(&trouble.failing)?, side(&trouble.passing)?);
            if !failing.is_disjoint(&passing) {
                return None;
            }
            // A column in which every row has its own value separates anything from anything, and what the failing rows
            // do not share they do not fail by.
            let own = failing.len() == trouble.failing.len();
            if own && (passing.len() == trouble.passing.len() || trouble.passing.len() > FEW) {
                return None;
            }
            let confirmed = view.attempts.iter().any(|attempt| {
                attempt.role == Role::Again
                    && attempt.symptom != Symptom::Works
                    && value(view, attempt.seen).is_some_and(|value| failing.contains(&value))
            });
            Some(Separator {
                attribute: (*attribute).to_owned(),
                failing: failing.into_iter().collect(),
                passing: passing.into_iter().collect(),
                confirmed,
            })
        })
        .collect()
}
