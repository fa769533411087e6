//! The end of a run: its record, its report, its bundle.

use std::time::Duration;

use mesh_diagnosis::{
    Ended, RULES_VERSION,
    report::{Finding, Report},
};
use mesh_proto::{
    bundle::{self, Bundle},
    v1 as pb,
};

use super::{Kept, Run};
use crate::{
    acknowledge::Acknowledged,
    durable::{Ending, INTERRUPTED, Row},
    store,
};

/// What a bundle holds in place of a header's value.
pub(crate) const HIDDEN: &str = "(hidden)";
/// A report waits so long for the probers to be told what they may forget; what they did not hear they offer again.
const ACKNOWLEDGED: Duration = Duration::from_millis(300);
/// A report waits so long for the disk, as far as its deadline allows; at the deadline its reader waits little more than the
/// least of it.
const DISK: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(10));

impl Run {
    /// The record as it is when the run starts.
    pub(super) fn record(&self, started_us: i64) -> pb::RunRecord {
        pb::RunRecord {
            run: self.id.clone(),
            started_us,
            tool_version: self.settings.tool_version.clone(),
            request: Some(masked_request(self.request.clone())),
            vantages: self.vantages.clone(),
            unreachable: self.unreachable.clone(),
            resumes: self.request.resume.clone(),
            ..Default::default()
        }
    }

    pub(super) async fn finish(&mut self, kept: Kept, took: Duration, started_us: i64, status: &str) -> pb::Finished {
        let ended = Ended {
            duration: took,
            status: status.to_owned(),
            tool_version: self.settings.tool_version.clone(),
            unreachable: kept.unreachable.clone(),
            notes: kept.notes.clone(),
        };
        let judged = kept.case.report(&ended);
        let report = match serde_json::to_vec_pretty(&judged) {
            Ok(report) => report,
            Err(e) => return pb::Finished { save_error: format!("report: {e}"), ..Default::default() },
        };
        let record = pb::RunRecord {
            duration_us: u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            status: status.to_owned(),
            unreachable: kept.unreachable,
            notes: kept.notes,
            ..self.record(started_us)
        };
        let report_sha256 = bundle::sha256(&report);
        let bundle = Bundle {
            record,
            rounds: kept.rounds,
            items: kept.items,
            report: report.clone(),
            rules_version: RULES_VERSION,
            attached: std::mem::take(&mut self.attached),
        };
        let saved = match bundle::write(&bundle) {
            Ok(bytes) if self.keeper.is_some() => {
                let ending = Ending {
                    row: row(&bundle.record, &judged),
                    bundle: bytes,
                    marks: kept.once.marks(),
                    askers: self.askers(),
                    alarms: kept.alarms,
                    acknowledged: kept.unwritten,
                };
                self.put(ending, took).await
            }
            Ok(bytes) => self.save(&bytes, kept.unwritten).await,
            Err(e) => Err(e.to_string()),
        };
        match saved {
            Ok((saved, save_error)) => pb::Finished { report, report_sha256, saved, save_error },
            Err(save_error) => pb::Finished { report, report_sha256, saved: String::new(), save_error },
        }
    }

    /// Into the database.
    async fn put(&self, ending: Ending, took: Duration) -> Result<(String, String), String> {
        let (Some(keeper), Some(durable)) = (&self.keeper, &self.settings.durable) else {
            return Err("no database is open".to_owned());
        };
        let left = Duration::from_millis(self.request.deadline_ms.into()).saturating_sub(took);
        let kept = keeper.end(ending, left.clamp(DISK.0, DISK.1)).await.map_err(|e| format!("not persisted: {e}"));
        kept.map(|()| (format!("{} (run {})", durable.path().display(), self.id), String::new()))
    }

    /// Into the folder: where the bundle is, and what went wrong beside it.
    async fn save(&self, bytes: &[u8], acknowledged: Acknowledged) -> Result<(String, String), String> {
        let runs = self.settings.runs_dir.as_ref().ok_or("no folder for runs was given")?;
        let path = store::save(runs, &self.id, bytes).map_err(|e| format!("{}: {e}", runs.display()))?;
        if !acknowledged.is_empty() {
            drop(tokio::time::timeout(ACKNOWLEDGED, acknowledged.send()).await);
        }
        let tidied = store::retain(runs, &store::Bounds::default(), Duration::ZERO);
        let untidy = tidied.err().map(|e| format!("older runs in {} stay: {e}", runs.display()));
        Ok((path.display().to_string(), untidy.unwrap_or_default()))
    }
}

/// What a list of runs says about one.
pub(crate) fn row(record: &pb::RunRecord, judged: &Report) -> Row {
    let slug = |finding: &Finding| match &finding.cause {
        Some(cause) => format!("{}/{cause}", finding.boundary),
        None => finding.boundary.clone(),
    };
    let cut_short = record.status == INTERRUPTED;
    Row {
        id: record.run.clone(),
        started_us: record.started_us,
        target: judged.target.input.clone(),
        status: if cut_short { INTERRUPTED.to_owned() } else { word(&judged.verdict.status).unwrap_or_default() },
        location: judged.verdict.location.as_ref().and_then(word),
        cause: judged.verdict.boundaries.first().map(slug),
        bytes: 0,
    }
}

/// A value of the report as it stands in its JSON.
fn word(value: &impl serde::Serialize) -> Option<String> {
    serde_json::to_value(value).ok()?.as_str().map(str::to_owned)
}

/// Values of the caller's headers go to the target and nowhere else: any of them may be a credential.
fn mask(headers: &mut [pb::Header]) {
    for header in headers {
        HIDDEN.clone_into(&mut header.value);
    }
}

fn masked_request(mut request: pb::DiagnoseRequest) -> pb::DiagnoseRequest {
    if let Some(want) = &mut request.want {
        mask(&mut want.headers);
    }
    request
}

pub(super) fn masked_tasks(mut tasks: pb::RoundTasks) -> pb::RoundTasks {
    for probe in &mut tasks.probes {
        if let Some(pb::probe_spec::Probe::Http(http)) = &mut probe.probe {
            mask(&mut http.headers);
        }
    }
    tasks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_of_headers_are_not_kept() {
        let canary = || vec![pb::Header { name: "Authorization".to_owned(), value: "canary".to_owned() }];
        let request = pb::DiagnoseRequest {
            want: Some(pb::Want { headers: canary(), ..Default::default() }),
            ..Default::default()
        };
        let http = pb::HttpSpec { headers: canary(), ..Default::default() };
        let probe = pb::ProbeSpec { probe: Some(pb::probe_spec::Probe::Http(http)), ..Default::default() };
        let tasks = pb::RoundTasks { vantage: "local".to_owned(), probes: vec![probe] };
        let kept = format!("{:?}{:?}", masked_request(request), masked_tasks(tasks));
        assert!(!kept.contains("canary") && kept.contains("Authorization"), "{kept}");
    }
}
