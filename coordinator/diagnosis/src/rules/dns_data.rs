//! What the authority says: records, views, chains.

use super::{Ask, Class, Opinion, Rule, Trouble, View, look, places, resolver};
use crate::evidence::{SeenIx, Standing};

pub(crate) const RULES: &[Rule] = &[
    Rule {
        slug: "dns-data/name-missing",
        meaning: "the name does not exist, as far as any resolver asked here knows",
        classes: &[Class::Name],
        asks: &[Ask::Servers],
        judge: name_missing,
    },
    Rule {
        slug: "dns-data/view-missing-record",
        meaning: "the name exists for some vantages and not for others",
        classes: &[Class::Name],
        asks: &[Ask::Servers],
        judge: view_missing,
    },
];

fn denied(view: &View<'_>, trouble: &Trouble) -> Vec<SeenIx> {
    resolver::spoken(view, trouble)
        .values()
        .flat_map(|s| s.udp.iter().chain(&s.tcp))
        .filter(|(_, said)| *said == resolver::Said::Rcode("NXDOMAIN".to_owned()))
        .map(|(ix, _)| *ix)
        .collect()
}

/// Vantages for whom the name resolves.
fn knows(view: &View<'_>) -> Vec<SeenIx> {
    view.askers()
        .filter(|vantage| !matches!(view.standing(*vantage), Standing::NameFails(_)))
        .filter_map(|vantage| view.resolution(vantage))
        .filter(|(_, obs)| obs.resolve.as_ref().is_some_and(|detail| !detail.addresses.is_empty()))
        .map(|(ix, _)| ix)
        .collect()
}

fn name_missing(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let denied = denied(view, trouble);
    if denied.is_empty() {
        return None;
    }
    let known = knows(view);
    if !known.is_empty() {
        return Some(Opinion::excluded("another vantage resolves the name", known));
    }
    let host = view.target().host;
    let because: Vec<SeenIx> = denied.into_iter().chain(trouble.failing.iter().copied()).collect();
    if !look::independent(view, &trouble.failing, &trouble.failing) {
        return Some(
            Opinion::possible("NXDOMAIN from the resolver of one machine; others may be told otherwise", because)
                .at([host.clone()])
                .says(format!("the name {host} does not exist, as far as this machine's resolver says"))
                .decided_by("a vantage that asks another resolver, or asks from another network", None),
        );
    }
    Some(
        Opinion::likely("every configured resolver says NXDOMAIN; its authority was not asked", because)
            .at([host.clone()])
            .says(format!("the name {host} does not exist: NXDOMAIN from every resolver asked")),
    )
}

fn view_missing(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let denied = denied(view, trouble);
    let known = knows(view);
    if denied.is_empty() {
        return None;
    }
    if known.is_empty() {
        let alone = !look::independent(view, &trouble.failing, &trouble.failing);
        return alone.then(|| Opinion::possible("nobody else was asked; the name may exist elsewhere", denied));
    }
    let host = view.target().host;
    let from = places(view, &trouble.failing);
    let says = format!("{host} does not exist as {from} asks, and does elsewhere");
    let servers: Vec<String> = resolver::spoken(view, trouble).into_keys().map(|(_, server)| server).collect();
    let same: Vec<SeenIx> =
        servers.iter().filter_map(|server| resolver::told_others(view, trouble, server)).flatten().collect();
    let because =
        denied.into_iter().chain(known).chain(trouble.failing.iter().copied()).chain(same.iter().copied()).collect();
    Some(if same.is_empty() {
        Opinion::likely("NXDOMAIN from one resolver, an address from another", because).at([host]).says(says)
    } else {
        Opinion::proved("the same server denies the name here and resolves it for others", because)
            .at([host])
            .says(says)
    })
}
