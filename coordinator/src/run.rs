//! The loop: next round, fan out, store, absorb, tell.

use std::time::{Duration, Instant};

use mesh_diagnosis::{
    Case, Ended, RULES_VERSION, Round,
    report::{Finding, Report},
};
use mesh_proto::{
    bundle::{self, Bundle, attached::Attached},
    v1::{self as pb, diagnose_event::Event},
};
use prost::Message as _;
use tokio::sync::{mpsc, watch};

use crate::{
    Settings,
    clock::Frame,
    durable::Row,
    fanout::{self, Back},
    store,
    vantages::{Reach, now_us},
};

/// Items that may wait for the reader of the event stream.
pub(crate) const WAITING: usize = 1_024;

/// What a bundle holds in place of a header's value.
const HIDDEN: &str = "(hidden)";

/// Everything one run needs.
pub(crate) struct Run {
    pub(crate) id: String,
    pub(crate) settings: Settings,
    /// Its attachments are names alone.
    pub(crate) request: pb::DiagnoseRequest,
    pub(crate) attached: Attached,
    pub(crate) reached: Vec<Reach>,
    pub(crate) vantages: Vec<pb::Vantage>,
    pub(crate) unreachable: Vec<String>,
    pub(crate) cluster: Option<pb::ClusterDetail>,
    pub(crate) stop: watch::Receiver<bool>,
    pub(crate) events: mpsc::Sender<Result<pb::DiagnoseEvent, tonic::Status>>,
}

/// What a run collects on its way.
struct Kept {
    case: Case,
    items: Vec<pb::Item>,
    rounds: Vec<pb::RoundRecord>,
    unreachable: Vec<String>,
}

impl Run {
    /// Sends an event; false when nobody reads any more.
    async fn tell(&self, event: Event) -> bool {
        self.events.send(Ok(pb::DiagnoseEvent { event: Some(event) })).await.is_ok()
    }

    /// Carries the run out.
    pub(crate) async fn drive(mut self) {
        let (began, started_us, frame) = (Instant::now(), now_us(), Frame::now());
        let not_begun = self.begin(started_us);
        let started = pb::Started {
            run: self.id.clone(),
            vantages: self.vantages.clone(),
            started_us,
            deadline_ms: self.request.deadline_ms,
            unreachable: self.unreachable.clone(),
        };
        if !self.tell(Event::Started(started)).await {
            return self.abandon();
        }
        let mut kept = Kept {
            case: Case::new(&self.id, started_us, self.request.clone(), self.vantages.clone()),
            items: Vec::new(),
            rounds: Vec::new(),
            unreachable: self.unreachable.clone(),
        };
        if let Some(item) = self.cluster_item(started_us) {
            absorb(&mut kept, item);
        }
        let mut status = "complete";
        while let Some(round) = kept.case.next_round(began.elapsed()) {
            match self.round(&mut kept, &round, (began, frame)).await {
                Going::On => {}
                Going::Interrupted => {
                    status = "interrupted";
                    break;
                }
                // The reader is gone: there is nobody to judge for, and nothing is left behind.
                Going::Abandoned => return self.abandon(),
            }
        }
        if status == "complete" && began.elapsed() >= Duration::from_millis(self.request.deadline_ms.into()) {
            status = "timed_out";
        }
        let mut finished = self.finish(kept, began.elapsed(), started_us, status);
        if finished.saved.is_empty() {
            self.abandon();
        }
        if let Some(why) = not_begun.filter(|_| finished.save_error.is_empty()) {
            finished.save_error = format!("its start was not written down: {why}");
        }
        self.tell(Event::Finished(finished)).await;
    }

    /// Writes down that there is such a run, where runs are kept in a database; gives why that was not possible.
    fn begin(&self, started_us: i64) -> Option<String> {
        let target = self.request.target.as_ref().map(|target| target.input.as_str()).unwrap_or_default();
        let durable = self.settings.durable.as_ref()?;
        durable.begin(&self.id, started_us, target).err().map(|e| e.to_string())
    }

    /// The run ends without a bundle. When that can't be written down, the next start of the coordinator does it.
    fn abandon(&self) {
        if let Some(durable) = &self.settings.durable {
            durable.interrupt(&self.id).unwrap_or_default();
        }
    }

    /// Cluster state travels as evidence like any other.
    fn cluster_item(&mut self, at_us: i64) -> Option<pb::Item> {
        let observation = pb::Observation {
            run: self.id.clone(),
            vantage: mesh_diagnosis::KUBE_API.to_owned(),
            task: "cluster".to_owned(),
            asked: "cluster state file".to_owned(),
            protocol: "local".to_owned(),
            purpose: pb::Purpose::Question.into(),
            outcome: pb::Outcome::Pass.into(),
            timing: Some(pb::Timing { planned_start_us: at_us, actual_start_us: at_us, ..Default::default() }),
            cluster: Some(self.cluster.take()?),
            ..Default::default()
        };
        Some(pb::Item { observation: observation.encode_to_vec(), ..Default::default() })
    }

    async fn round(&mut self, kept: &mut Kept, round: &Round, (began, frame): (Instant, Frame)) -> Going {
        let elapsed_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        let probes: usize = round.tasks.iter().map(|tasks| tasks.probes.len()).sum();
        let event = pb::RoundStarted {
            round: round.number,
            why: round.why.clone(),
            probes: u32::try_from(probes).unwrap_or(u32::MAX),
            elapsed_us,
        };
        if !self.tell(Event::Round(event)).await {
            return Going::Abandoned;
        }
        let mut record = pb::RoundRecord {
            round: round.number,
            why: round.why.clone(),
            elapsed_us,
            tasks: round.tasks.iter().cloned().map(masked_tasks).collect(),
            errors: Vec::new(),
        };
        let (back, mut replies) = mpsc::channel(WAITING);
        let going_on = fanout::send(&self.id, round, &self.reached, frame, &back).await;
        drop(back);
        let mut going = Going::On;
        loop {
            tokio::select! {
                reply = replies.recv() => match reply {
                    None => break,
                    Some(reply) => if !self.take(kept, &mut record, reply).await {
                        going = Going::Abandoned;
                        break;
                    },
                },
                () = stopped(&mut self.stop) => {
                    going = Going::Interrupted;
                    break;
                }
            }
        }
        // Dropping the set ends what is still asked; the probers close their sockets when their stream goes.
        drop(going_on);
        kept.rounds.push(record);
        going
    }

    async fn take(&self, kept: &mut Kept, record: &mut pb::RoundRecord, reply: Back) -> bool {
        match reply {
            Back::Item(item) => {
                absorb(kept, item.clone());
                self.tell(Event::Item(item)).await
            }
            Back::Done { vantage, error } => {
                if let Some(reason) = &error {
                    record.errors.push(format!("{vantage}: {reason}"));
                    kept.unreachable.push(format!("{vantage} in round {}: {reason}", record.round));
                }
                let done = pb::VantageDone { round: record.round, vantage, error: error.unwrap_or_default() };
                self.tell(Event::VantageDone(done)).await
            }
        }
    }

    fn finish(&mut self, kept: Kept, took: Duration, started_us: i64, status: &str) -> pb::Finished {
        let ended = Ended {
            duration: took,
            status: status.to_owned(),
            tool_version: self.settings.tool_version.clone(),
            unreachable: kept.unreachable.clone(),
        };
        let judged = kept.case.report(&ended);
        let report = match serde_json::to_vec_pretty(&judged) {
            Ok(report) => report,
            Err(e) => return pb::Finished { save_error: format!("report: {e}"), ..Default::default() },
        };
        let record = pb::RunRecord {
            run: self.id.clone(),
            started_us,
            duration_us: u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            status: status.to_owned(),
            tool_version: self.settings.tool_version.clone(),
            request: Some(masked_request(self.request.clone())),
            vantages: self.vantages.clone(),
            unreachable: kept.unreachable,
            resumes: self.request.resume.clone(),
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
        let (saved, save_error) = self.save(&bundle, &judged);
        pb::Finished { report, report_sha256, saved, save_error }
    }

    /// Where the bundle is, and what went wrong with it.
    fn save(&self, bundle: &Bundle, judged: &Report) -> (String, String) {
        let bytes = match bundle::write(bundle) {
            Ok(bytes) => bytes,
            Err(e) => return (String::new(), e.to_string()),
        };
        let bounds = store::Bounds::default();
        if let Some(durable) = &self.settings.durable {
            let row = self.row(bundle.record.started_us, judged);
            return match durable.put(&row, &bytes) {
                Ok(()) => {
                    let untidy = durable.retain(&bounds).err().map(|e| format!("older runs stay: {e}"));
                    (format!("{} (run {})", durable.path().display(), self.id), untidy.unwrap_or_default())
                }
                Err(e) => (String::new(), e.to_string()),
            };
        }
        let Some(runs) = &self.settings.runs_dir else {
            return (String::new(), "no folder for runs was given".to_owned());
        };
        match store::save(runs, &self.id, &bytes) {
            Ok(path) => {
                let tidied = store::retain(runs, &bounds, Duration::ZERO);
                let untidy = tidied.err().map(|e| format!("older runs in {} stay: {e}", runs.display()));
                (path.display().to_string(), untidy.unwrap_or_default())
            }
            Err(e) => (String::new(), format!("{}: {e}", runs.display())),
        }
    }

    /// What a list of runs says about this one.
    fn row(&self, started_us: i64, judged: &Report) -> Row {
        let slug = |finding: &Finding| match &finding.cause {
            Some(cause) => format!("{}/{cause}", finding.boundary),
            None => finding.boundary.clone(),
        };
        Row {
            id: self.id.clone(),
            started_us,
            target: judged.target.input.clone(),
            status: word(&judged.verdict.status).unwrap_or_default(),
            location: judged.verdict.location.as_ref().and_then(word),
            cause: judged.verdict.boundaries.first().map(slug),
            bytes: 0,
        }
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

fn masked_tasks(mut tasks: pb::RoundTasks) -> pb::RoundTasks {
    for probe in &mut tasks.probes {
        if let Some(pb::probe_spec::Probe::Http(http)) = &mut probe.probe {
            mask(&mut http.headers);
        }
    }
    tasks
}

enum Going {
    On,
    Interrupted,
    Abandoned,
}

/// Completes when the run is to end; never when nobody can say so any more.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Keeps an item as received, and lets the case see it when it can be decoded.
fn absorb(kept: &mut Kept, item: pb::Item) {
    match pb::Observation::decode(item.observation.as_slice()) {
        Ok(observation) => {
            kept.case.absorb(observation);
            kept.items.push(item);
        }
        Err(e) => kept.unreachable.push(format!("an item could not be decoded: {e}")),
    }
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
