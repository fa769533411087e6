//! Where to find what: a fleet's run has tens of thousands of observations, and nobody looks through all of them for one.

use std::collections::BTreeMap;

use mesh_proto::v1 as pb;

use super::{Attempt, Seen, SeenIx, VantageIx};

/// Positions in a view.
#[derive(Debug)]
pub(super) struct Index {
    /// By vantage, in the order of the evidence.
    seen: Vec<Vec<SeenIx>>,
    /// By evidence: its attempt.
    attempts: Vec<Option<usize>>,
    /// By address: who has it, in the order of the vantages.
    holders: BTreeMap<String, Vec<VantageIx>>,
    /// The first that holds cluster state.
    pub(super) cluster: Option<SeenIx>,
}

impl Index {
    pub(super) fn new(vantages: &[pb::Vantage], seen: &[Seen], attempts: &[Attempt]) -> Self {
        let mut by_vantage = vec![Vec::new(); vantages.len()];
        for (ix, one) in seen.iter().enumerate() {
            if let Some(own) = by_vantage.get_mut(one.vantage) {
                own.push(ix);
            }
        }
        let mut by_seen = vec![None; seen.len()];
        for (ix, attempt) in attempts.iter().enumerate() {
            if let Some(slot) = by_seen.get_mut(attempt.seen) {
                *slot = Some(ix);
            }
        }
        let mut holders: BTreeMap<String, Vec<VantageIx>> = BTreeMap::new();
        for (ix, address) in vantages.iter().enumerate().flat_map(|(ix, v)| v.addresses.iter().map(move |a| (ix, a))) {
            let known = holders.entry(address.clone()).or_default();
            if known.last() != Some(&ix) {
                known.push(ix);
            }
        }
        let cluster = seen.iter().position(|one| one.obs.cluster.is_some());
        Self { seen: by_vantage, attempts: by_seen, holders, cluster }
    }

    pub(super) fn seen(&self, vantage: VantageIx) -> &[SeenIx] {
        self.seen.get(vantage).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn attempt(&self, seen: SeenIx) -> Option<usize> {
        self.attempts.get(seen).copied().flatten()
    }

    pub(super) fn holders(&self, address: &str) -> &[VantageIx] {
        self.holders.get(address).map(Vec::as_slice).unwrap_or_default()
    }
}
