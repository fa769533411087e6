//! The vantages of a report, and which of them say the same.

use std::collections::BTreeMap;

use mesh_proto::v1 as pb;

use crate::{
    evidence::{KUBE_API, View},
    report::{StageResult, VantageInfo},
};

/// Every vantage; those with the same outcomes are alike, and the first of them stands for all.
pub(super) fn vantages(view: &View<'_>, cells: &[StageResult]) -> Vec<VantageInfo> {
    let mut signatures: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for cell in cells {
        let own = signatures.entry(cell.vantage.as_str()).or_default();
        own.push((&cell.address, &cell.via, cell.stage, cell.outcome, &cell.label));
    }
    let mut groups: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    let asked = |vantage: &&pb::Vantage| !vantage.observer && signatures.contains_key(vantage.id.as_str());
    for vantage in view.vantages.iter().filter(asked) {
        let key = (vantage.kind.as_str(), vantage.earlier, signatures.get(vantage.id.as_str()));
        groups.entry(key).or_default().push(&vantage.id);
    }
    let alike = |vantage: &pb::Vantage| -> Vec<String> {
        let group = groups.get(&(vantage.kind.as_str(), vantage.earlier, signatures.get(vantage.id.as_str())));
        match group.map(Vec::as_slice) {
            Some([first, rest @ ..]) if *first == vantage.id => rest.iter().map(|&id| id.to_owned()).collect(),
            Some([first, ..]) if !vantage.observer => vec![(*first).to_owned()],
            _ => Vec::new(),
        }
    };
    view.vantages
        .iter()
        .map(|vantage| VantageInfo {
            id: vantage.id.clone(),
            kind: vantage.kind.clone(),
            witness: vantage.witness.clone(),
            capabilities: vantage.capabilities.clone(),
            clock_offset_us: vantage.clock_offset_us,
            clock_bound_us: vantage.clock_bound_us,
            observer: vantage.observer || vantage.id == KUBE_API,
            alike: alike(vantage),
        })
        .collect()
}
