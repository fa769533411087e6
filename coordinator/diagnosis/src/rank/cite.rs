//! What a claim cites where hundreds of vantages agree: some of each side. Every observation is in the report all the same.

use std::collections::BTreeSet;

use crate::{
    evidence::{SeenIx, View},
    rules::Trouble,
    scope::machine,
};

/// Failing rows that a claim cites.
const FAILING: usize = 8;
/// Passing rows; those beside a failing one first.
const PASSING: usize = 4;

/// The evidence of a claim, with rows that repeat each other left out.
pub(super) fn few(view: &View<'_>, trouble: &Trouble, because: &[SeenIx]) -> Vec<SeenIx> {
    let failing: BTreeSet<SeenIx> = trouble.failing.iter().copied().collect();
    let passing: BTreeSet<SeenIx> = trouble.passing.iter().copied().collect();
    let of = |ix: &SeenIx| machine(view.vantage(view.at(*ix).vantage));
    let sick: BTreeSet<&str> = trouble.failing.iter().map(of).collect();
    let mut bad: Vec<SeenIx> = because.iter().copied().filter(|ix| failing.contains(ix)).collect();
    let mut good: Vec<SeenIx> = because.iter().copied().filter(|ix| passing.contains(ix)).collect();
    good.sort_by_key(|ix| (!sick.contains(of(ix)), *ix));
    good.dedup();
    bad.sort_unstable();
    bad.dedup();
    let other = because.iter().copied().filter(|ix| !failing.contains(ix) && !passing.contains(ix));
    other.chain(bad.into_iter().take(FAILING)).chain(good.into_iter().take(PASSING)).collect()
}
