//! `meshctl runs diff`: what two runs have in common is left out, what one of them alone has is told.

use std::collections::{BTreeMap, BTreeSet};

use mesh_diagnosis::report::{Certainty, Location, Outcome, Report, RuledOut, Stage, StageResult, Status};
use serde::{Deserialize, Serialize};

/// A time counts as changed when it is more than this many times the other …
const FACTOR: u64 = 2;
/// … and at least this much apart: below it a scheduler's turn is seen, not a network.
const APART_US: u64 = 10_000;

/// First of the ports that a kernel picks from (`ip_local_port_range`).
const PICKED: u16 = 32_768;

/// Two runs compared. `a` is the first that was named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Diff {
    pub(crate) a: Side,
    pub(crate) b: Side,
    /// Status, location, and the causes with their places and certainties are equal.
    pub(crate) same_verdict: bool,
    /// What of the verdict differs: "status", "location", "causes".
    pub(crate) differs: Vec<String>,
    pub(crate) causes: Apart<Place>,
    pub(crate) results: Vec<Changed>,
    /// Results that both have and that did not change.
    pub(crate) unchanged: usize,
    pub(crate) evidence: Apart<Item>,
    pub(crate) ruled_out: Apart<Excluded>,
}

/// What one of two has and the other has not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Apart<T> {
    pub(crate) only_a: Vec<T>,
    pub(crate) only_b: Vec<T>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Side {
    pub(crate) run: String,
    /// RFC 3339 in UTC.
    pub(crate) started_at: String,
    pub(crate) target: String,
    pub(crate) rules_version: u32,
    pub(crate) status: Status,
    pub(crate) location: Option<Location>,
}

/// A cause with its place and certainty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) boundary: String,
    pub(crate) cause: Option<String>,
    pub(crate) segment: Option<String>,
    pub(crate) certainty: Certainty,
}

/// A cell of the matrix that differs. One side is absent when that run did not ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Changed {
    pub(crate) vantage: String,
    pub(crate) address: Option<String>,
    pub(crate) via: Option<String>,
    pub(crate) stage: Stage,
    pub(crate) a: Option<Cell>,
    pub(crate) b: Option<Cell>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cell {
    pub(crate) outcome: Outcome,
    /// "200", "1500", "refused".
    pub(crate) label: String,
    pub(crate) duration_us: Option<u64>,
}

/// Evidence of one run; `times` is how many items say the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Item {
    pub(crate) source: String,
    pub(crate) asked: String,
    pub(crate) outcome: Outcome,
    /// Exact error text.
    pub(crate) error: Option<String>,
    /// The first such item in its report.
    pub(crate) id: String,
    pub(crate) seen: String,
    pub(crate) times: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Excluded {
    pub(crate) boundary: String,
    pub(crate) cause: Option<String>,
    pub(crate) why: String,
}

/// Compares two reports.
pub(crate) fn of(a: &Report, b: &Report) -> Diff {
    let causes = (causes(a), causes(b));
    let mut differs = Vec::new();
    if a.verdict.status != b.verdict.status {
        differs.push("status".to_owned());
    }
    if a.verdict.location != b.verdict.location {
        differs.push("location".to_owned());
    }
    if causes.0 != causes.1 {
        differs.push("causes".to_owned());
    }
    let (results, unchanged) = results(a, b);
    Diff {
        a: side(a),
        b: side(b),
        same_verdict: differs.is_empty(),
        differs,
        causes: Apart {
            only_a: causes.0.difference(&causes.1).cloned().collect(),
            only_b: causes.1.difference(&causes.0).cloned().collect(),
        },
        results,
        unchanged,
        evidence: evidence(a, b),
        ruled_out: ruled_out(a, b),
    }
}

fn side(report: &Report) -> Side {
    Side {
        run: report.run.id.clone(),
        started_at: report.run.started_at.clone(),
        target: report.target.input.clone(),
        rules_version: report.run.rules_version,
        status: report.verdict.status,
        location: report.verdict.location,
    }
}

fn causes(report: &Report) -> BTreeSet<Place> {
    let findings = report.verdict.boundaries.iter();
    findings
        .map(|finding| Place {
            boundary: finding.boundary.clone(),
            cause: finding.cause.clone(),
            segment: finding.segment.clone(),
            certainty: finding.certainty,
        })
        .collect()
}

/// Vantage, address, variant, stage, and which of several of the kind.
type Key<'r> = (&'r str, Option<&'r str>, Option<&'r str>, Stage, usize);

fn cells(report: &Report) -> BTreeMap<Key<'_>, &StageResult> {
    let mut found = BTreeMap::new();
    for result in &report.results {
        let key =
            |number| (result.vantage.as_str(), result.address.as_deref(), result.via.as_deref(), result.stage, number);
        let mut number = 0;
        while found.contains_key(&key(number)) {
            number += 1;
        }
        found.insert(key(number), result);
    }
    found
}

fn results(a: &Report, b: &Report) -> (Vec<Changed>, usize) {
    let (in_a, in_b) = (cells(a), cells(b));
    let keys: BTreeSet<&Key<'_>> = in_a.keys().chain(in_b.keys()).collect();
    let (mut changed, mut unchanged) = (Vec::new(), 0);
    for key in keys {
        let (was, is) = (in_a.get(key), in_b.get(key));
        if let (Some(was), Some(is)) = (was, is)
            && !differ(was, is)
        {
            unchanged += 1;
            continue;
        }
        let (vantage, address, via, stage, _) = *key;
        changed.push(Changed {
            vantage: vantage.to_owned(),
            address: address.map(str::to_owned),
            via: via.map(str::to_owned),
            stage,
            a: was.map(|result| cell(result)),
            b: is.map(|result| cell(result)),
        });
    }
    // What passed and fails, or the other way round, is read first.
    changed.sort_by_key(Changed::rank);
    (changed, unchanged)
}

fn cell(result: &StageResult) -> Cell {
    let label =
        if result.label.is_empty() { result.error_type.clone().unwrap_or_default() } else { result.label.clone() };
    Cell { outcome: result.outcome, label, duration_us: result.duration_us }
}

fn differ(a: &StageResult, b: &StageResult) -> bool {
    let told = |result: &StageResult| (result.outcome, result.label.clone(), result.error_type.clone());
    told(a) != told(b) || matches!((a.duration_us, b.duration_us), (Some(a), Some(b)) if far(a, b))
}

/// More than a factor and at least a floor apart.
fn far(a: u64, b: u64) -> bool {
    let (low, high) = (a.min(b), a.max(b));
    high - low >= APART_US && high > low.saturating_mul(FACTOR)
}

impl Changed {
    fn rank(&self) -> u8 {
        match (&self.a, &self.b) {
            (Some(a), Some(b)) if a.outcome != b.outcome => {
                u8::from(a.outcome != Outcome::Fail && b.outcome != Outcome::Fail)
            }
            (Some(a), Some(b)) if a.label != b.label => 2,
            (Some(_), Some(_)) => 3,
            _ => 4,
        }
    }
}

/// Items that say the same about the same question are one; when they were seen and how long they took is left out.
fn said(report: &Report) -> BTreeMap<(&str, String, Outcome, Option<&str>), Item> {
    let mut found: BTreeMap<_, Item> = BTreeMap::new();
    for item in &report.evidence {
        // A port that nobody listens at is picked anew by each run.
        let asked = match item.port {
            Some(port) if port >= PICKED && port != report.target.port => {
                item.asked.replace(&format!(":{port}"), ":(picked)")
            }
            _ => item.asked.clone(),
        };
        let key = (item.source.as_str(), asked, item.outcome, item.error.as_deref());
        let seen = found.entry(key).or_insert_with(|| Item {
            source: item.source.clone(),
            asked: item.asked.clone(),
            outcome: item.outcome,
            error: item.error.clone(),
            id: item.id.clone(),
            seen: item.seen.clone(),
            times: 0,
        });
        seen.times += 1;
    }
    found
}

fn evidence(a: &Report, b: &Report) -> Apart<Item> {
    let (in_a, in_b) = (said(a), said(b));
    let keys = |found: &BTreeMap<_, Item>| found.keys().cloned().collect::<BTreeSet<_>>();
    let (keys_a, keys_b) = (keys(&in_a), keys(&in_b));
    let alone = |found: BTreeMap<_, Item>, other: &BTreeSet<_>| {
        let mut only: Vec<Item> =
            found.into_iter().filter(|(key, _)| !other.contains(key)).map(|(_, seen)| seen).collect();
        only.sort_by_key(|seen| seen.outcome != Outcome::Fail);
        only
    };
    Apart { only_a: alone(in_a, &keys_b), only_b: alone(in_b, &keys_a) }
}

fn ruled_out(a: &Report, b: &Report) -> Apart<Excluded> {
    let slug = |ruled: &RuledOut| (ruled.boundary.clone(), ruled.cause.clone());
    let alone = |of: &Report, other: &Report| {
        let known: BTreeSet<_> = other.ruled_out.iter().map(slug).collect();
        let only = of.ruled_out.iter().filter(|ruled| !known.contains(&slug(ruled)));
        only.map(|ruled| Excluded {
            boundary: ruled.boundary.clone(),
            cause: ruled.cause.clone(),
            why: ruled.why.clone(),
        })
        .collect()
    };
    Apart { only_a: alone(a, b), only_b: alone(b, a) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;

    #[test]
    fn a_run_is_the_same_as_itself() {
        let diff = of(&samples::failing(), &samples::failing());
        assert!(diff.same_verdict && diff.differs.is_empty() && diff.results.is_empty(), "{diff:?}");
        assert_eq!(diff.unchanged, samples::failing().results.len());
        assert!(diff.evidence.only_a.is_empty() && diff.ruled_out.only_b.is_empty());
    }

    #[test]
    fn a_time_has_changed_when_it_doubled_and_a_person_could_feel_it() {
        assert!(!far(400, 5_000), "twelvefold, below 10 ms");
        assert!(!far(100_000, 190_000), "90 ms, below twofold");
        assert!(!far(100_000, 200_000), "twofold is not more than twofold");
        assert!(far(10_000, 30_000) && far(30_000, 10_000));
        assert!(!far(0, u64::MAX) || far(u64::MAX, 0), "no overflow, either way round");
    }

    #[test]
    fn each_part_of_the_verdict_is_compared() {
        let failing = samples::failing();
        let mut other = failing.clone();
        other.verdict.boundaries[0].certainty = Certainty::Possible;
        assert_eq!(of(&failing, &other).differs, ["causes"]);
        let mut other = failing.clone();
        other.verdict.boundaries[0].segment = Some("elsewhere".to_owned());
        let diff = of(&failing, &other);
        assert_eq!(diff.differs, ["causes"]);
        assert_eq!((diff.causes.only_a.len(), diff.causes.only_b.len()), (1, 1));
        let mut other = failing.clone();
        other.verdict.location = Some(Location::Open);
        assert_eq!(of(&failing, &other).differs, ["location"]);
        let mut other = failing.clone();
        other.verdict.summary = "other words".to_owned();
        assert!(of(&failing, &other).same_verdict, "words are no verdict");
    }

    #[test]
    fn a_port_that_each_run_picks_is_no_difference_and_the_targets_own_is() {
        let at = |port: u16| {
            let mut report = samples::healthy();
            report.evidence[0].port = Some(port);
            report.evidence[0].asked = format!("tcp connect 10.77.4.2:{port}");
            report
        };
        assert!(of(&at(52_426), &at(58_697)).evidence.only_a.is_empty());
        assert_eq!(of(&at(8_080), &at(8_081)).evidence.only_a.len(), 1);
    }

    #[test]
    fn what_passed_and_fails_is_told_first_and_what_one_alone_has_last() {
        let before = samples::healthy();
        let mut after = before.clone();
        let last = after.results.len() - 1;
        after.results[last].outcome = Outcome::Fail;
        after.results[last].label = "refused".to_owned();
        after.results[0].duration_us = Some(before.results[0].duration_us.unwrap_or_default() * 3 + APART_US);
        let mut extra = after.results[0].clone();
        extra.vantage = "another".to_owned();
        after.results.push(extra);
        after.ruled_out.clear();
        after.evidence[0].error = Some("Connection refused (os error 111)".to_owned());
        let diff = of(&before, &after);
        assert_eq!(diff.results.len(), 3, "{:?}", diff.results);
        assert_eq!(diff.results[0].b.as_ref().map(|cell| cell.label.as_str()), Some("refused"));
        assert_eq!((diff.results[2].vantage.as_str(), diff.results[2].a.as_ref()), ("another", None));
        assert_eq!(diff.evidence.only_b.len(), 1);
        assert_eq!(diff.ruled_out.only_a.len(), before.ruled_out.len());
    }
}
