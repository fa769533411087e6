//! Selectors: which vantages a request means. `all`, a kind in the plural, a kind with conditions
//! (`pods(app=cart, per=node)`), an id, or a bare name that only one vantage has.

use std::collections::{BTreeMap, BTreeSet};

use mesh_proto::{
    labels::RESERVED,
    v1::{self as pb},
};

/// Names that an error lists; a fleet's would fill a screen.
const KNOWN: usize = 20;
/// Kinds, and the plural that selects all of one.
const KINDS: [(&str, &str); 7] = [
    ("host", "hosts"),
    ("node", "nodes"),
    ("pod", "pods"),
    ("ext", "ext"),
    ("netns", "netns"),
    ("ctr", "ctrs"),
    ("pid", "pids"),
];

/// Why a selector names nobody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    #[error("no vantage matches {selector:?}; known: {known}")]
    Nobody { selector: String, known: String },
    #[error("{selector:?} means several vantages: {matches}; write one of them in full")]
    Ambiguous { selector: String, matches: String },
    #[error("{selector:?}: {reason}")]
    Form { selector: String, reason: String },
    #[error("{asked} vantages are more than the {most} of one run; select fewer, as in pods(per=node)")]
    TooMany { asked: usize, most: usize },
}

/// Selectors are joined by commas; a comma between parentheses belongs to its selector.
pub fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_u32;
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if c == ',' && depth == 0 {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// Positions of the vantages that the selectors mean, each once, in the order of the selectors.
pub fn choose(selectors: &[String], vantages: &[&pb::Vantage]) -> Result<Vec<usize>, SelectError> {
    let mut chosen = Vec::new();
    let mut known = BTreeSet::new();
    for selector in selectors.iter().flat_map(|text| split(text)) {
        chosen.extend(matching(&selector, vantages)?.into_iter().filter(|ix| known.insert(*ix)));
    }
    Ok(chosen)
}

fn matching(selector: &str, vantages: &[&pb::Vantage]) -> Result<Vec<usize>, SelectError> {
    if let Some((head, conditions)) = conditions(selector)? {
        return by_label(selector, head, &conditions, vantages);
    }
    let of = |fits: &dyn Fn(&pb::Vantage) -> bool| -> Vec<usize> {
        vantages.iter().enumerate().filter(|(_, vantage)| fits(vantage)).map(|(ix, _)| ix).collect()
    };
    if selector == "all" {
        return Ok(of(&|_| true));
    }
    if let Some((kind, _)) = KINDS.iter().find(|(_, plural)| *plural == selector) {
        let of_kind = of(&|vantage| vantage.kind == *kind);
        if !of_kind.is_empty() {
            return Ok(of_kind);
        }
    }
    if let [ix, ..] = of(&|vantage| vantage.id == selector).as_slice() {
        return Ok(vec![*ix]);
    }
    let bare = of(&|vantage| vantage.id.rsplit_once('/').is_some_and(|(_, name)| name == selector));
    match bare.as_slice() {
        [ix] => Ok(vec![*ix]),
        [] => Err(SelectError::Nobody { selector: selector.to_owned(), known: known(vantages) }),
        many => {
            let matches = many.iter().filter_map(|ix| vantages.get(*ix)).map(|vantage| vantage.id.clone()).collect();
            Err(SelectError::Ambiguous { selector: selector.to_owned(), matches: some(matches) })
        }
    }
}

/// "a, b and 12 more".
fn some(names: Vec<String>) -> String {
    let more = names.len().saturating_sub(KNOWN);
    let shown = names.into_iter().take(KNOWN).collect::<Vec<_>>().join(", ");
    match (shown.is_empty(), more) {
        (true, _) => "nothing".to_owned(),
        (false, 0) => shown,
        (false, more) => format!("{shown} and {more} more"),
    }
}

fn known(vantages: &[&pb::Vantage]) -> String {
    some(vantages.iter().map(|vantage| vantage.id.clone()).collect())
}

type Conditions<'s> = Vec<(&'s str, &'s str)>;

/// "pods" and its conditions, when the selector has any.
fn conditions(selector: &str) -> Result<Option<(&str, Conditions<'_>)>, SelectError> {
    let wrong = |reason: &str| SelectError::Form { selector: selector.to_owned(), reason: reason.to_owned() };
    let Some((head, rest)) = selector.split_once('(') else {
        return if selector.contains(')') { Err(wrong("\")\" without \"(\"")) } else { Ok(None) };
    };
    let inner = rest.strip_suffix(')').filter(|inner| !inner.contains(['(', ')']));
    let inner = inner.ok_or_else(|| wrong("write KINDS(KEY=VALUE, …) with one pair of parentheses"))?;
    let mut found = Vec::new();
    for condition in inner.split(',').map(str::trim).filter(|text| !text.is_empty()) {
        let (key, value) = condition.split_once('=').ok_or_else(|| wrong("a condition is KEY=VALUE"))?;
        found.push((key.trim(), value.trim()));
    }
    if found.is_empty() {
        return Err(wrong("no condition between the parentheses"));
    }
    Ok(Some((head.trim(), found)))
}

fn by_label(
    selector: &str,
    head: &str,
    conditions: &Conditions<'_>,
    vantages: &[&pb::Vantage],
) -> Result<Vec<usize>, SelectError> {
    let kind = KINDS.iter().find(|(_, plural)| *plural == head).map(|(kind, _)| *kind);
    if kind.is_none() && head != "all" {
        let plurals: Vec<&str> = KINDS.iter().map(|(_, plural)| *plural).chain(["all"]).collect();
        let reason = format!("{head:?} is no kind in the plural: {}", plurals.join(", "));
        return Err(SelectError::Form { selector: selector.to_owned(), reason });
    }
    let of_kind: Vec<(usize, &pb::Vantage)> = vantages
        .iter()
        .enumerate()
        .filter(|(_, vantage)| kind.is_none_or(|kind| vantage.kind == kind))
        .map(|(ix, vantage)| (ix, *vantage))
        .collect();
    let labelled = conditions.iter().filter(|(key, _)| *key != RESERVED);
    let mut fit: Vec<(usize, &pb::Vantage)> = of_kind
        .iter()
        .filter(|(_, vantage)| {
            labelled.clone().all(|(key, value)| property(vantage, key).is_some_and(|own| own == *value))
        })
        .copied()
        .collect();
    if fit.is_empty() {
        return Err(SelectError::Nobody { selector: selector.to_owned(), known: known_labels(&of_kind, vantages) });
    }
    for (_, key) in conditions.iter().filter(|(key, _)| *key == RESERVED) {
        let mut taken = BTreeSet::new();
        if let Some((_, without)) = fit.iter().find(|(_, vantage)| property(vantage, key).is_none()) {
            let reason = format!("{} has no {key:?} of which to take one", without.id);
            return Err(SelectError::Form { selector: selector.to_owned(), reason });
        }
        fit.retain(|(_, vantage)| taken.insert(property(vantage, key).unwrap_or_default().to_owned()));
    }
    Ok(fit.into_iter().map(|(ix, _)| ix).collect())
}

/// A label, or the node, which every Pod of a node has without a label.
fn property<'v>(vantage: &'v pb::Vantage, key: &str) -> Option<&'v str> {
    match (vantage.labels.get(key), key) {
        (Some(value), _) => Some(value),
        (None, "node") if vantage.kind == "node" => vantage.id.split_once('/').map(|(_, name)| name),
        (None, "node") => Some(vantage.node.as_str()).filter(|node| !node.is_empty()),
        (None, _) => None,
    }
}

/// "zone=eu-1a, zone=eu-1b": the labels of the kind, or the ids when it has none.
fn known_labels(of_kind: &[(usize, &pb::Vantage)], all: &[&pb::Vantage]) -> String {
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    for (key, value) in of_kind.iter().flat_map(|(_, vantage)| &vantage.labels) {
        *counted.entry(format!("{key}={value}")).or_default() += 1;
    }
    match (of_kind, counted.is_empty()) {
        ([], _) => known(all),
        (of_kind, true) => {
            let ids = some(of_kind.iter().map(|(_, vantage)| vantage.id.clone()).collect());
            format!("{ids}, without labels")
        }
        // The commonest first: labels with a value of their own per vantage tell little.
        (_, false) => {
            let mut labels: Vec<(String, usize)> = counted.into_iter().collect();
            labels.sort_by(|(a, na), (b, nb)| (nb, a).cmp(&(na, b)));
            some(labels.into_iter().map(|(label, _)| label).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vantage(id: &str, node: &str, labels: &[(&str, &str)]) -> pb::Vantage {
        pb::Vantage {
            id: id.to_owned(),
            kind: id.split('/').next().unwrap_or_default().to_owned(),
            node: node.to_owned(),
            labels: labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            ..Default::default()
        }
    }

    fn fleet() -> Vec<pb::Vantage> {
        vec![
            vantage("node/a", "", &[("zone", "eu-1a")]),
            vantage("node/b", "", &[("zone", "eu-1b")]),
            vantage("pod/shop/cart-1", "a", &[("app", "cart")]),
            vantage("pod/shop/cart-2", "a", &[("app", "cart")]),
            vantage("pod/shop/cart-3", "b", &[("app", "cart")]),
            vantage("pod/shop/pay-1", "b", &[("app", "pay")]),
            vantage("host/a", "", &[]),
        ]
    }

    fn asked(selectors: &[&str]) -> Result<Vec<String>, SelectError> {
        let fleet = fleet();
        let vantages: Vec<&pb::Vantage> = fleet.iter().collect();
        let selectors: Vec<String> = selectors.iter().map(|&text| text.to_owned()).collect();
        Ok(choose(&selectors, &vantages)?.into_iter().map(|ix| fleet[ix].id.clone()).collect())
    }

    #[test]
    fn commas_join_selectors_and_between_parentheses_belong_to_one() {
        assert_eq!(split("a, pods(app=cart, per=node),b,"), ["a", "pods(app=cart, per=node)", "b"]);
        let both = asked(&["nodes(zone=eu-1a),pods(app=cart, per=node)"]).expect("both");
        assert_eq!(both, ["node/a", "pod/shop/cart-1", "pod/shop/cart-3"]);
    }

    #[test]
    fn kinds_ids_and_names_are_meant_as_written_and_nobody_twice() {
        assert_eq!(asked(&["nodes", "node/a", "cart-2"]).expect("three"), ["node/a", "node/b", "pod/shop/cart-2"]);
        assert_eq!(asked(&["all"]).expect("all").len(), 7);
        assert_eq!(asked(&["pods(per=node)"]).expect("per node"), ["pod/shop/cart-1", "pod/shop/cart-3"]);
        assert_eq!(asked(&["all(node=a)"]).expect("of a"), ["node/a", "pod/shop/cart-1", "pod/shop/cart-2"]);
        assert_eq!(asked(&["nodes(per=zone)"]).expect("per zone").len(), 2);
    }

    #[test]
    fn who_selects_nobody_is_told_what_there_is() {
        let said = |selector: &str| asked(&[selector]).expect_err(selector).to_string();
        assert_eq!(said("nodes(zone=us-1)"), "no vantage matches \"nodes(zone=us-1)\"; known: zone=eu-1a, zone=eu-1b");
        assert!(said("hosts(zone=eu-1a)").ends_with("known: host/a, without labels"), "{}", said("hosts(zone=eu-1a)"));
        assert!(said("node/c").contains("known: node/a, node/b, "), "{}", said("node/c"));
        assert!(said("a").contains("node/a, host/a; write one of them in full"), "{}", said("a"));
        assert!(said("ctrs").contains("known: node/a"), "{}", said("ctrs"));
    }

    #[test]
    fn what_is_no_selector_is_said() {
        let said = |selector: &str| asked(&[selector]).expect_err(selector).to_string();
        assert!(said("nodes(zone)").contains("a condition is KEY=VALUE"));
        assert!(said("nodes()").contains("no condition"));
        assert!(said("nodes(zone=a").contains("one pair of parentheses"));
        assert!(said("nodes)").contains("without"));
        assert!(said("cats(zone=a)").contains("no kind in the plural: hosts, nodes"));
        assert!(said("hosts(per=zone)").contains("host/a has no \"zone\""), "{}", said("hosts(per=zone)"));
    }
}
