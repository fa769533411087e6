//! A run that continues an earlier one: the same question, the evidence of then beside that of now.
//!
//! Whoever was asked then and can be asked now is asked again, because a failure of then and a pass of now are not one
//! contrast. Evidence of then counts only where nobody can be asked any more, and is marked as what it is.

use std::{fs, io, time::Duration};

use mesh_diagnosis::KUBE_API;
use mesh_proto::{
    bundle::{self, Bundle},
    v1 as pb,
};
use prost::Message as _;
use tonic::Status;

use crate::{Settings, run::HIDDEN, store};

/// Oldest start of a run that can be continued: what a network was an hour ago says little of what it is.
pub(crate) const OLDEST: Duration = Duration::from_hours(1);

/// The run that is continued.
#[derive(Debug)]
pub(crate) struct Earlier {
    /// Its own evidence; what it had from a run before it is too old.
    pub(crate) items: Vec<pb::Item>,
    /// Who was asked.
    pub(crate) asked: Vec<pb::Vantage>,
}

impl Earlier {
    /// Finds the run, and completes the request by it.
    pub(crate) fn begin(settings: &Settings, request: &mut pb::DiagnoseRequest, now_us: i64) -> Result<Self, Status> {
        let Bundle { record, items, .. } = load(settings, &request.resume)?;
        let age = Duration::from_micros(u64::try_from(now_us.saturating_sub(record.started_us)).unwrap_or(0));
        if age > OLDEST {
            return Err(Status::failed_precondition(format!(
                "run {} began {} min ago: evidence older than {} min is not continued; ask again without --resume",
                record.run,
                age.as_secs() / 60,
                OLDEST.as_secs() / 60
            )));
        }
        request.resume.clone_from(&record.run);
        complete(request, record.request.unwrap_or_default())?;
        let own = |item: &pb::Item| {
            pb::Observation::decode(item.observation.as_slice()).is_ok_and(|observation| observation.run == record.run)
        };
        let asked = |vantage: &pb::Vantage| !vantage.observer && !vantage.earlier && vantage.id != KUBE_API;
        Ok(Self {
            items: items.into_iter().filter(own).collect(),
            asked: record.vantages.into_iter().filter(asked).collect(),
        })
    }

    /// Vantages with evidence of then that can't be asked now.
    pub(crate) fn gone(&self, now: &[pb::Vantage]) -> Vec<pb::Vantage> {
        let told = |vantage: &pb::Vantage| {
            self.items.iter().any(|item| {
                pb::Observation::decode(item.observation.as_slice()).is_ok_and(|seen| seen.vantage == vantage.id)
            })
        };
        let gone = self.asked.iter().filter(|then| !now.iter().any(|vantage| vantage.id == then.id) && told(then));
        gone.map(|vantage| pb::Vantage { earlier: true, ..vantage.clone() }).collect()
    }
}

fn load(settings: &Settings, run: &str) -> Result<Bundle, Status> {
    bundle::read(&bytes(settings, run)?).map_err(|e| Status::data_loss(format!("run {run:?}: {e}")))
}

/// The bundle of a run that is kept here.
pub(crate) fn bytes(settings: &Settings, run: &str) -> Result<Vec<u8>, Status> {
    let missing =
        || Status::failed_precondition(format!("run {run:?} is not kept here; meshctl runs lists those that are"));
    if let Some(durable) = &settings.durable {
        return Ok(durable.find(run)?.1);
    }
    let runs = settings.runs_dir.as_ref().ok_or_else(missing)?;
    // An id comes from the command line and is not to lead out of the folder.
    if run.is_empty() || !run.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(missing());
    }
    let path = store::path(runs, run);
    let failed = |e: io::Error| match e.kind() {
        io::ErrorKind::NotFound => missing(),
        _ => Status::data_loss(format!("{}: {e}", path.display())),
    };
    if fs::metadata(&path).map_err(failed)?.len() > bundle::FILE_BYTES as u64 {
        return Err(Status::data_loss(format!("{}: larger than any run", path.display())));
    }
    fs::read(&path).map_err(failed)
}

/// What the caller does not say again is as it was.
fn complete(request: &mut pb::DiagnoseRequest, then: pb::DiagnoseRequest) -> Result<(), Status> {
    let run = request.resume.clone();
    let asked = then.target.unwrap_or_default();
    if asked.host.is_empty() && then.to.is_empty() {
        return Err(Status::failed_precondition(format!("what run {run} asked is not known: it can't be continued")));
    }
    if let Some(now) = request.target.as_ref().filter(|now| now.input != asked.input) {
        return Err(Status::invalid_argument(format!(
            "run {run} asked {}, not {}: leave the target out, or --resume",
            asked.input, now.input
        )));
    }
    request.target = Some(asked);
    if request.to.is_empty() {
        request.to = then.to;
    }
    let want = merged(then.want.unwrap_or_default(), request.want.take().unwrap_or_default());
    let hidden: Vec<&str> =
        want.headers.iter().filter(|header| header.value == HIDDEN).map(|header| header.name.as_str()).collect();
    if !hidden.is_empty() {
        return Err(Status::invalid_argument(format!(
            "run {run} sent headers whose values are not kept: give them again with -H: {}",
            hidden.join(", ")
        )));
    }
    request.want = Some(want);
    Ok(())
}

fn merged(then: pb::Want, now: pb::Want) -> pb::Want {
    let text = |now: String, then: String| if now.is_empty() { then } else { now };
    let number = |now: u32, then: u32| if now == 0 { then } else { now };
    let list = |now: Vec<String>, then: Vec<String>| if now.is_empty() { then } else { now };
    let mut headers = then.headers;
    headers.retain(|header| !now.headers.iter().any(|again| again.name.eq_ignore_ascii_case(&header.name)));
    headers.extend(now.headers);
    pb::Want {
        method: text(now.method, then.method),
        headers,
        body_bytes: if now.body_bytes == 0 { then.body_bytes } else { now.body_bytes },
        max_time_ms: number(now.max_time_ms, then.max_time_ms),
        idle_ms: number(now.idle_ms, then.idle_ms),
        expect_status: if now.expect_status.is_empty() { then.expect_status } else { now.expect_status },
        sni: text(now.sni, then.sni),
        resolve: list(now.resolve, then.resolve),
        family: text(now.family, then.family),
        upstreams: list(now.upstreams, then.upstreams),
        control: text(now.control, then.control),
        ca_pem: if now.ca_pem.is_empty() { then.ca_pem } else { now.ca_pem },
        // What a person allowed once is not allowed for ever.
        allow_metadata: now.allow_metadata,
        times: number(now.times, then.times),
        proxy: text(now.proxy, then.proxy),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn then() -> pb::DiagnoseRequest {
        let header = pb::Header { name: "Authorization".to_owned(), value: HIDDEN.to_owned() };
        let target = pb::Target { input: "http://a.lab/".to_owned(), host: "a.lab".to_owned(), ..Default::default() };
        let want = pb::Want { headers: vec![header], max_time_ms: 900, allow_metadata: true, ..Default::default() };
        pb::DiagnoseRequest { target: Some(target), want: Some(want), ..Default::default() }
    }

    #[test]
    fn what_is_not_said_again_is_as_it_was_and_secrets_must_be_said_again() {
        let mut now = pb::DiagnoseRequest { resume: "7kq2m3ab".to_owned(), ..Default::default() };
        let told = complete(&mut now.clone(), then()).expect_err("a header is missing");
        assert!(told.message().contains("-H: Authorization"), "{}", told.message());
        let header = pb::Header { name: "authorization".to_owned(), value: "again".to_owned() };
        now.want = Some(pb::Want { headers: vec![header], times: 5, ..Default::default() });
        complete(&mut now, then()).expect("complete");
        let want = now.want.expect("a want");
        assert_eq!((want.max_time_ms, want.times, want.headers.len(), want.allow_metadata), (900, 5, 1, false));
        assert_eq!(now.target.expect("a target").host, "a.lab");
    }

    #[test]
    fn evidence_of_more_than_an_hour_ago_is_refused() {
        let folder = std::env::temp_dir().join(format!("mesh-resume-{}", std::process::id()));
        let record = pb::RunRecord {
            run: "7kq2m3ab".to_owned(),
            started_us: 0,
            request: Some(pb::DiagnoseRequest { want: None, ..then() }),
            ..Default::default()
        };
        let bundle = Bundle {
            record,
            rounds: Vec::new(),
            items: Vec::new(),
            report: b"{}".to_vec(),
            rules_version: 1,
            attached: bundle::attached::Attached::new(),
        };
        store::save(&folder, "7kq2m3ab", &bundle::write(&bundle).expect("a bundle")).expect("kept");
        let settings = Settings { runs_dir: Some(folder.clone()), ..Settings::default() };
        let begin = |minutes: i64| {
            let mut now = pb::DiagnoseRequest { resume: "7kq2m3ab".to_owned(), ..Default::default() };
            Earlier::begin(&settings, &mut now, minutes * 60_000_000).map(|_| now)
        };
        assert_eq!(begin(59).expect("control").target, then().target);
        let told = begin(61).expect_err("too old");
        assert!(told.message().contains("began 61 min ago: evidence older than 60 min"), "{}", told.message());
        fs::remove_dir_all(&folder).expect("removed");
    }

    #[test]
    fn another_target_is_another_run() {
        let target = Some(pb::Target { input: "http://b.lab/".to_owned(), ..Default::default() });
        let mut now = pb::DiagnoseRequest { target, ..Default::default() };
        let told = complete(&mut now, then()).expect_err("refused");
        assert!(told.message().contains("http://a.lab/, not http://b.lab/"), "{}", told.message());
    }
}
