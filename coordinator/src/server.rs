//! The `Coordinator` service: authorise, start, stream; no logic.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use mesh_diagnosis::Round;
use mesh_proto::{
    bundle::attached::{self, Attached},
    transport,
    v1::{
        self as pb,
        coordinator_server::{Coordinator, CoordinatorServer},
        diagnose_event::Event,
    },
};
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use crate::{
    Settings,
    clock::Frame,
    fanout::{self, Back},
    kube,
    run::{Run, WAITING},
    vantages::{Registry, now_us},
};

/// Longest run anybody may ask for.
const DEADLINE_MS: u32 = 600_000;
/// Deadline of a run that states none.
const DEFAULT_DEADLINE_MS: u32 = 20_000;
/// Most repetitions of one measurement.
const MEASURES: u32 = 10_000;

type Running = Arc<Mutex<BTreeMap<String, watch::Sender<bool>>>>;

/// The service and the runs it carries out.
#[derive(Debug, Clone)]
pub struct Server {
    settings: Settings,
    cluster: Option<pb::ClusterDetail>,
    running: Running,
}

impl Server {
    /// The service, ready to be added to a server.
    pub fn service(settings: Settings) -> Result<CoordinatorServer<Self>, kube::StateError> {
        let cluster = settings.cluster_state.as_deref().map(kube::parse).transpose()?;
        let server = Self { settings, cluster, running: Running::default() };
        Ok(CoordinatorServer::new(server).max_decoding_message_size(transport::MESSAGE_BYTES + attached::BYTES))
    }

    async fn prepare(
        &self,
        request: pb::DiagnoseRequest,
        attached: Attached,
        stop: watch::Receiver<bool>,
    ) -> Result<Prepared, Status> {
        let registry = Registry::discover(&self.settings, request.from.clone()).await;
        let askers = registry.select(&request.from).map_err(|e| {
            let missing = if registry.unreachable.is_empty() {
                String::new()
            } else {
                format!("; not reached: {}", registry.unreachable.join("; "))
            };
            Status::not_found(format!("{e}{missing}"))
        })?;
        if askers.is_empty() {
            return Err(Status::unavailable(format!("no vantage can be reached: {}", registry.unreachable.join("; "))));
        }
        let mut reached: Vec<_> = askers.iter().filter_map(|ix| registry.reached.get(*ix).cloned()).collect();
        let others = registry.reached.iter().enumerate().filter(|(ix, reach)| reach.named && !askers.contains(ix));
        for (_, reach) in others {
            let mut observer = reach.clone();
            observer.vantage.observer = true;
            reached.push(observer);
        }
        let mut vantages: Vec<pb::Vantage> = reached.iter().map(|reach| reach.vantage.clone()).collect();
        if self.cluster.is_some() {
            vantages.push(pb::Vantage {
                id: mesh_diagnosis::KUBE_API.to_owned(),
                kind: "kube".to_owned(),
                witness: mesh_diagnosis::KUBE_API.to_owned(),
                observer: true,
                ..Default::default()
            });
        }
        let (events, stream) = mpsc::channel(WAITING);
        let run = Run {
            id: run_id(),
            settings: self.settings.clone(),
            request,
            attached,
            reached,
            vantages,
            unreachable: registry.unreachable,
            cluster: self.cluster.clone(),
            stop,
            events,
        };
        Ok(Prepared { run, stream })
    }

    fn remember(&self, run: &str, stop: watch::Sender<bool>) {
        if let Ok(mut running) = self.running.lock() {
            running.insert(run.to_owned(), stop);
        }
    }
}

type Events = ReceiverStream<Result<pb::DiagnoseEvent, Status>>;

struct Prepared {
    run: Run,
    stream: mpsc::Receiver<Result<pb::DiagnoseEvent, Status>>,
}

/// Eight characters of a ULID's random part, lower case: 40 bits tell the runs of one machine apart.
fn run_id() -> String {
    let text = ulid::Ulid::generate().to_string().to_lowercase();
    text.get(text.len().saturating_sub(8)..).unwrap_or(&text).to_owned()
}

#[tonic::async_trait]
impl Coordinator for Server {
    type DiagnoseStream = Events;
    type MeasureStream = Events;
    type GetRunStream = ReceiverStream<Result<pb::Piece, Status>>;

    async fn diagnose(&self, request: Request<pb::DiagnoseRequest>) -> Result<Response<Events>, Status> {
        let mut request = request.into_inner();
        if request.target.is_none() {
            return Err(Status::invalid_argument("the request names no target"));
        }
        if request.deadline_ms == 0 {
            request.deadline_ms = DEFAULT_DEADLINE_MS;
        }
        request.deadline_ms = request.deadline_ms.min(DEADLINE_MS);
        let attached = attached::take(&mut request.attachments)
            .map_err(|e| Status::invalid_argument(format!("attached files: {e}")))?;
        let (stop, stopped) = watch::channel(false);
        let prepared = self.prepare(request, attached, stopped).await?;
        let id = prepared.run.id.clone();
        self.remember(&id, stop);
        let running = Arc::clone(&self.running);
        tokio::spawn(async move {
            prepared.run.drive().await;
            if let Ok(mut running) = running.lock() {
                running.remove(&id);
            }
        });
        Ok(Response::new(ReceiverStream::new(prepared.stream)))
    }

    async fn measure(&self, request: Request<pb::MeasureRequest>) -> Result<Response<Events>, Status> {
        let request = request.into_inner();
        let probe = request.probe.ok_or_else(|| Status::invalid_argument("the request names no probe"))?;
        let registry = Registry::discover(&self.settings, request.from.clone()).await;
        let asked = registry.select(&request.from).map_err(|e| Status::not_found(e.to_string()))?;
        let reached: Vec<_> = asked.iter().filter_map(|ix| registry.reached.get(*ix).cloned()).collect();
        if reached.is_empty() {
            return Err(Status::unavailable(format!("no vantage can be reached: {}", registry.unreachable.join("; "))));
        }
        let (events, stream) = mpsc::channel(WAITING);
        let started = pb::Started {
            run: run_id(),
            vantages: reached.iter().map(|reach| reach.vantage.clone()).collect(),
            started_us: now_us(),
            deadline_ms: probe.timeout_ms,
            unreachable: registry.unreachable,
        };
        let count = request.count.clamp(1, MEASURES);
        let every = Duration::from_millis(request.every_ms.into());
        tokio::spawn(async move {
            measure(started, probe, reached, count, every, events).await;
        });
        Ok(Response::new(ReceiverStream::new(stream)))
    }

    async fn interrupt(&self, request: Request<pb::InterruptRequest>) -> Result<Response<pb::InterruptReply>, Status> {
        let run = request.into_inner().run;
        let running = self.running.lock().map_err(|broken| Status::internal(broken.to_string()))?;
        let found = running.get(&run).is_some_and(|stop| stop.send(true).is_ok());
        Ok(Response::new(pb::InterruptReply { found }))
    }

    async fn list_vantages(
        &self,
        request: Request<pb::ListVantagesRequest>,
    ) -> Result<Response<pb::ListVantagesReply>, Status> {
        let select = request.into_inner().select;
        let registry = Registry::discover(&self.settings, select.clone()).await;
        let meant = if select.is_empty() {
            (0..registry.reached.len()).collect()
        } else {
            registry.select(&select).map_err(|e| Status::not_found(e.to_string()))?
        };
        let vantages =
            meant.iter().filter_map(|ix| registry.reached.get(*ix)).map(|reach| reach.vantage.clone()).collect();
        Ok(Response::new(pb::ListVantagesReply { vantages, unreachable: registry.unreachable }))
    }

    async fn list_runs(&self, _request: Request<pb::ListRunsRequest>) -> Result<Response<pb::ListRunsReply>, Status> {
        Err(Status::failed_precondition("this coordinator keeps its runs as files"))
    }

    async fn get_run(&self, _request: Request<pb::GetRunRequest>) -> Result<Response<Self::GetRunStream>, Status> {
        Err(Status::failed_precondition("this coordinator keeps its runs as files"))
    }
}

async fn measure(
    started: pb::Started,
    probe: pb::ProbeSpec,
    reached: Vec<crate::vantages::Reach>,
    count: u32,
    every: Duration,
    events: mpsc::Sender<Result<pb::DiagnoseEvent, Status>>,
) {
    let (run, frame) = (started.run.clone(), Frame::now());
    let send = |event: Event| events.send(Ok(pb::DiagnoseEvent { event: Some(event) }));
    if send(Event::Started(started)).await.is_err() {
        return;
    }
    let mut ticks = tokio::time::interval(every.max(Duration::from_millis(1)));
    for number in 1..=count {
        ticks.tick().await;
        let task = pb::ProbeSpec { task: format!("measure:{number}"), ..probe.clone() };
        let round = Round {
            number,
            why: String::new(),
            tasks: reached
                .iter()
                .map(|reach| pb::RoundTasks { vantage: reach.vantage.id.clone(), probes: vec![task.clone()] })
                .collect(),
            bound: Duration::from_millis(task.timeout_ms.into()),
        };
        let (back, mut replies) = mpsc::channel(WAITING);
        let going_on = fanout::send(&run, &round, &reached, frame, &back).await;
        drop(back);
        while let Some(reply) = replies.recv().await {
            let event = match reply {
                Back::Item(item) => Event::Item(item),
                Back::Done { vantage, error } => {
                    Event::VantageDone(pb::VantageDone { round: number, vantage, error: error.unwrap_or_default() })
                }
            };
            if send(event).await.is_err() {
                return;
            }
        }
        drop(going_on);
    }
    drop(send(Event::Finished(pb::Finished::default())).await);
}
