//! Late items join their run: its bundle is judged again with them, and takes the place of the former.

use std::collections::BTreeMap;

use mesh_diagnosis::{OBSERVATIONS, RULES_VERSION};
use mesh_proto::{
    bundle::{self, Bundle, attached},
    v1 as pb,
};
use prost::Message as _;

use super::Held;
use crate::{
    durable::{Durable, INTERRUPTED, Judged, Pieces, RUNNING, Row, UNKNOWN_TARGET},
    once::{self, Key, Once, Origin, Seen},
    run::row,
    vantages::{chain, now_us},
};

/// Runs of one prober that are kept although nobody here knows them, as after the restore of an older backup.
const UNKNOWN_RUNS: usize = 64;
/// Longest id of a run; this program's have eight characters.
const ID: usize = 32;
/// How the line about late items begins.
const AGAIN: &str = "judged again with ";

/// What became of late items.
#[derive(Debug, Default)]
pub(super) struct Settled {
    /// On disk, now or since before: to be acknowledged.
    pub(super) kept: Vec<Origin>,
    /// New ones, with which the run was judged again.
    pub(super) late: usize,
    pub(super) alarms: Vec<String>,
    /// Items that belong to no run.
    pub(super) refused: usize,
}

/// A run, as far as it is known.
struct Base {
    bundle: Bundle,
    once: Once,
    /// Vantages and their probers.
    askers: BTreeMap<String, String>,
    /// Nothing but items is known of it.
    unknown: bool,
    /// It is kept as it is.
    whole: bool,
}

/// Adds items to a run that has ended. Without items, puts together what is known of a run that was cut short.
pub(super) fn settle(durable: &Durable, run: &str, prober: &str, held: Vec<Held>) -> Result<Settled, String> {
    let count = held.len();
    let Some(mut base) = base(durable, run, prober, &held)? else {
        return Ok(Settled { refused: count, ..Settled::default() });
    };
    let mut settled = Settled::default();
    for held in held {
        base.add(prober, held, &mut settled);
    }
    if base.whole && settled.late == 0 && settled.alarms.is_empty() || base.bundle.items.is_empty() && base.unknown {
        return Ok(settled);
    }
    base.write(durable, &settled)?;
    Ok(settled)
}

fn base(durable: &Durable, run: &str, prober: &str, held: &[Held]) -> Result<Option<Base>, String> {
    let failed = |e| chain(&e);
    let known = durable.row(run).map_err(failed)?;
    if known.as_ref().is_some_and(|row| row.status == RUNNING) {
        // It is not among those that go on, so it has lost its end, as when the disk was full.
        durable.interrupt(run).map_err(failed)?;
    }
    let pieces = durable.pieces(run).map_err(failed)?;
    let (bundle, unknown, whole) = match (durable.get(run).map_err(failed)?, pieces.start.is_some(), known) {
        (Some(bytes), ..) => (bundle::read(&bytes).map_err(|e| format!("run {run}: {e}"))?, false, true),
        (None, true, _) => (together(&pieces).map_err(|e| format!("run {run}: {e}"))?, false, false),
        (None, false, Some(row)) => (from_items(run, Some(&row), held), true, false),
        (None, false, None) => {
            let plain = !run.is_empty() && run.len() <= ID && run.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if !plain || durable.unknown_of(prober).map_err(failed)? >= UNKNOWN_RUNS {
                return Ok(None);
            }
            (from_items(run, None, held), true, false)
        }
    };
    // A run of which nothing but items was known stays one.
    let named = bundle.record.request.as_ref().and_then(|request| request.target.as_ref());
    let unknown = unknown || named.is_none_or(|target| target.host.is_empty());
    let mut known = Once::default();
    for item in &bundle.items {
        if let Ok(observation) = pb::Observation::decode(item.observation.as_slice()) {
            known.take(&Origin::default(), Key::of(&observation), &once::digest(item));
        }
    }
    for (origin, digest) in &pieces.marks {
        known.mark(origin, digest);
    }
    for alarm in &pieces.alarms {
        known.told(alarm);
    }
    Ok(Some(Base { bundle, once: known, askers: pieces.askers, unknown, whole }))
}

/// A run that was cut short, from what was written down while it went on.
fn together(pieces: &Pieces) -> Result<Bundle, String> {
    let mut record = pieces.start.clone().unwrap_or_default();
    let mut attached = attached::Attached::new();
    if let Some(request) = &mut record.request {
        attached = attached::take(&mut request.attachments).map_err(|e| e.to_string())?;
    }
    let took = pieces.last_us.unwrap_or(record.started_us).saturating_sub(record.started_us);
    record.duration_us = u64::try_from(took).unwrap_or(0);
    INTERRUPTED.clone_into(&mut record.status);
    record.notes.push(format!(
        "the coordinator ended in mid-run: this is judged from the {} items that were kept until then",
        pieces.items.len()
    ));
    record.notes.extend(pieces.alarms.iter().cloned());
    for round in &pieces.rounds {
        record.unreachable.extend(round.errors.iter().map(|error| format!("round {}: {error}", round.round)));
    }
    Ok(Bundle {
        record,
        rounds: pieces.rounds.clone(),
        items: pieces.items.clone(),
        report: Vec::new(),
        rules_version: RULES_VERSION,
        attached,
    })
}

/// A run of which nothing is known but that a prober carried out questions of it.
fn from_items(run: &str, row: Option<&Row>, held: &[Held]) -> Bundle {
    let began = held.iter().filter_map(|held| held.observation.timing).map(|timing| timing.actual_start_us).min();
    let named = row.map_or(UNKNOWN_TARGET, |row| row.target.as_str());
    let target = pb::Target { input: named.to_owned(), ..Default::default() };
    let record = pb::RunRecord {
        run: run.to_owned(),
        started_us: row.map(|row| row.started_us).or(began).unwrap_or_else(now_us),
        status: INTERRUPTED.to_owned(),
        request: Some(pb::DiagnoseRequest { target: Some(target), ..Default::default() }),
        notes: vec!["what this run asked is not known here: it is kept with what its probers held".to_owned()],
        ..Default::default()
    };
    Bundle {
        record,
        rounds: Vec::new(),
        items: Vec::new(),
        report: Vec::new(),
        rules_version: RULES_VERSION,
        attached: attached::Attached::new(),
    }
}

impl Base {
    fn add(&mut self, prober: &str, held: Held, settled: &mut Settled) {
        let Held { origin, observation, item } = held;
        let of = self.askers.get(&observation.vantage);
        // A prober speaks for its own vantages; of an unknown run whoever comes first has them.
        let fits = of.map_or(self.unknown, |of| of == prober);
        if !fits || self.bundle.items.len() >= OBSERVATIONS {
            settled.refused += 1;
            return;
        }
        match self.once.take(&origin, Key::of(&observation), &once::digest(&item)) {
            Seen::Had => {}
            Seen::Differs(text) => settled.alarms.push(text),
            Seen::New => {
                if of.is_none() {
                    self.name(prober, &observation.vantage);
                }
                self.bundle.items.push(item);
                settled.late += 1;
            }
        }
        settled.kept.push(origin);
    }

    /// A vantage of an unknown run: its evidence is shown, and nothing is concluded from what it was not asked.
    fn name(&mut self, prober: &str, vantage: &str) {
        self.askers.insert(vantage.to_owned(), prober.to_owned());
        self.bundle.record.vantages.push(pb::Vantage {
            id: vantage.to_owned(),
            kind: vantage.split('/').next().unwrap_or_default().to_owned(),
            witness: prober.to_owned(),
            observer: true,
            ..Default::default()
        });
    }

    fn write(mut self, durable: &Durable, settled: &Settled) -> Result<(), String> {
        let record = &mut self.bundle.record;
        record.late = record.late.saturating_add(u32::try_from(settled.late).unwrap_or(u32::MAX));
        record.notes.retain(|line| !line.starts_with(AGAIN));
        record.notes.extend(settled.alarms.iter().cloned());
        if record.late > 0 {
            record.notes.push(format!("{AGAIN}{} items that came in after the end", record.late));
        }
        self.bundle.rules_version = RULES_VERSION;
        let judged = mesh_diagnosis::replay(&self.bundle).map_err(|e| e.to_string())?;
        self.bundle.report = serde_json::to_vec_pretty(&judged).map_err(|e| format!("report: {e}"))?;
        let bytes = bundle::write(&self.bundle).map_err(|e| chain(&e))?;
        let askers: Vec<(String, String)> = self.askers.into_iter().collect();
        let judged = Judged {
            row: &row(&self.bundle.record, &judged),
            bundle: &bytes,
            marks: &self.once.marks(),
            askers: &askers,
            alarms: &settled.alarms,
            again: true,
        };
        durable.judged(&judged).map_err(|e| chain(&e))
    }
}
