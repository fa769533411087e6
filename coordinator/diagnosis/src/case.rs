//! The sans-IO driver: a run asks it for rounds, feeds it observations and takes its report.

use std::{collections::BTreeSet, time::Duration};

use mesh_proto::{bundle::Bundle, v1 as pb};
use prost::Message as _;

use crate::{evidence::View, plan, rank, report::Report, rules};

/// Version of the rules. A bundle written by another version is judged again and both verdicts are shown.
pub const RULES_VERSION: u32 = 1;
/// Most rounds of one run; each later one needs a cause that it could separate.
pub const ROUNDS: u32 = 6;
/// Most observations kept of one run.
pub const OBSERVATIONS: usize = 100_000;
/// A round is only begun when this much time is left: below it no probe could answer.
const LEAST_MS: u32 = 400;

/// One round to be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    pub number: u32,
    /// The question, for people.
    pub why: String,
    pub tasks: Vec<pb::RoundTasks>,
    /// Longest probe, and so the round's bound.
    pub bound: Duration,
}

/// How a run ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ended {
    pub duration: Duration,
    /// "complete", "interrupted" or `timed_out`.
    pub status: String,
    pub tool_version: String,
    pub unreachable: Vec<String>,
    /// What a reader must know beside.
    pub notes: Vec<String>,
}

/// One diagnosis.
#[derive(Debug, Clone)]
pub struct Case {
    run: String,
    started_us: i64,
    request: pb::DiagnoseRequest,
    vantages: Vec<pb::Vantage>,
    observations: Vec<pb::Observation>,
    rounds: u32,
    asked: bool,
    healthy_asked: bool,
    probes: u32,
    dropped: u32,
}

impl Case {
    /// A case about one request and the vantages it may use. `started_us` is Unix microseconds.
    pub fn new(run: &str, started_us: i64, request: pb::DiagnoseRequest, vantages: Vec<pb::Vantage>) -> Self {
        Self {
            run: run.to_owned(),
            started_us,
            request,
            vantages,
            observations: Vec::new(),
            rounds: 0,
            asked: false,
            healthy_asked: false,
            probes: 0,
            dropped: 0,
        }
    }

    /// Takes one observation in, in any order.
    pub fn absorb(&mut self, observation: pb::Observation) {
        if self.observations.len() < OBSERVATIONS {
            self.observations.push(observation);
        } else {
            self.dropped += 1;
        }
    }

    fn view(&self) -> View<'_> {
        View::lift(&self.request, &self.vantages, &self.observations)
    }

    /// The next round, or none when nothing that could still be asked would separate the causes that are left.
    pub fn next_round(&mut self, elapsed: Duration) -> Option<Round> {
        let spent = u32::try_from(elapsed.as_millis()).unwrap_or(u32::MAX);
        let left_ms = self.request.deadline_ms.saturating_sub(spent);
        if self.rounds >= ROUNDS || left_ms < LEAST_MS {
            return None;
        }
        let plan = self.plan(left_ms)?;
        if plan.is_empty() {
            return None;
        }
        let view = self.view();
        let tasks: Vec<pb::RoundTasks> = plan
            .tasks
            .into_iter()
            .filter(|(vantage, _)| !view.vantage(*vantage).earlier)
            .map(|(vantage, mut probes)| {
                // Two observations under one task could not be told from one that was delivered twice.
                let mut known = BTreeSet::new();
                probes.retain(|probe| known.insert(probe.task.clone()));
                (vantage, probes)
            })
            .map(|(vantage, probes)| pb::RoundTasks { vantage: view.vantage(vantage).id.clone(), probes })
            .collect();
        if tasks.is_empty() {
            return None;
        }
        let probes = tasks.iter().flat_map(|tasks| &tasks.probes);
        let bound = probes.clone().map(|probe| probe.timeout_ms).max().unwrap_or(0).min(left_ms);
        let count = u32::try_from(probes.count()).unwrap_or(u32::MAX);
        self.rounds += 1;
        self.probes += count;
        Some(Round { number: self.rounds, why: plan.why, tasks, bound: Duration::from_millis(bound.into()) })
    }

    /// Probes of the last round that were not sent after all.
    pub fn not_asked(&mut self, probes: usize) {
        self.probes = self.probes.saturating_sub(u32::try_from(probes).unwrap_or(u32::MAX));
    }

    fn plan(&mut self, left_ms: u32) -> Option<plan::Plan> {
        let (rounds, asked, healthy_asked) = (self.rounds, self.asked, self.healthy_asked);
        let view = self.view();
        if rounds == 0 && plan::fixed_addresses(&view).is_none() {
            return Some(plan::names(&view));
        }
        if !asked {
            let question = plan::question(&view, left_ms, salt(&self.run));
            self.asked = true;
            if !question.is_empty() {
                return Some(question);
            }
        }
        if self.request.quick {
            return None;
        }
        let view = self.view();
        if let Some(trouble) = rules::trouble(&view) {
            plan::further(&view, &trouble, left_ms)
        } else {
            let plan = if healthy_asked { None } else { plan::healthy(&view) };
            self.healthy_asked = true;
            plan
        }
    }

    /// What is known so far.
    pub fn report(&self, ended: &Ended) -> Report {
        let meta = rank::Meta {
            run: &self.run,
            started_us: self.started_us,
            rounds: self.rounds,
            probes: self.probes,
            ended,
            dropped: self.dropped,
        };
        rank::report(&self.view(), &meta)
    }
}

/// A number that differs between runs and is the same in a replay.
fn salt(run: &str) -> u64 {
    // FNV-1a, 64 bit: any spread would do.
    run.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Why a bundle can't be judged again.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReplayError {
    #[error("the bundle's record holds no request")]
    NoRequest,
    #[error("item {index} is not an observation: {reason}")]
    Malformed { index: usize, reason: String },
}

/// Judges a recorded run again.
pub fn replay(bundle: &Bundle) -> Result<Report, ReplayError> {
    let record = &bundle.record;
    let request = record.request.clone().ok_or(ReplayError::NoRequest)?;
    let mut case = Case::new(&record.run, record.started_us, request, record.vantages.clone());
    for (index, item) in bundle.items.iter().enumerate() {
        let observation = pb::Observation::decode(item.observation.as_slice())
            .map_err(|e| ReplayError::Malformed { index, reason: e.to_string() })?;
        case.absorb(observation);
    }
    case.rounds = u32::try_from(bundle.rounds.len()).unwrap_or(u32::MAX);
    let probes: usize = bundle.rounds.iter().flat_map(|round| &round.tasks).map(|tasks| tasks.probes.len()).sum();
    case.probes = u32::try_from(probes).unwrap_or(u32::MAX);
    let ended = Ended {
        duration: Duration::from_micros(record.duration_us),
        status: record.status.clone(),
        tool_version: record.tool_version.clone(),
        unreachable: record.unreachable.clone(),
        notes: record.notes.clone(),
    };
    Ok(case.report(&ended))
}
