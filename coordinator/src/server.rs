//! The `Coordinator` service: authorise, start, stream; no logic.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use mesh_diagnosis::Round;
use mesh_proto::{
    authz::Peer,
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

#[cfg(feature = "store")]
use crate::late::Late;
use crate::{
    Settings,
    acknowledge::Acknowledged,
    audit::{self, Asked},
    clock::Frame,
    durable::Keeper,
    fanout::{self, Back},
    kube,
    once::Origin,
    resume::Earlier,
    run::{self, Run, WAITING},
    vantages::{Registry, absent, now_us, waves},
};

mod kept;

/// Longest run anybody may ask for.
const DEADLINE_MS: u32 = 600_000;
/// Deadline of a run that states none.
const DEFAULT_DEADLINE_MS: u32 = 20_000;
/// Most repetitions of one measurement.
const MEASURES: u32 = 10_000;

/// Runs that go on.
pub(crate) type Running = Arc<Mutex<BTreeMap<String, Going>>>;

/// The ways to a run that goes on.
#[derive(Debug)]
pub(crate) struct Going {
    stop: watch::Sender<bool>,
    /// Takes items that a prober still had.
    pub(crate) late: mpsc::Sender<run::Late>,
}

/// The service and the runs it carries out.
#[derive(Debug, Clone)]
pub struct Server {
    settings: Settings,
    cluster: Option<pb::ClusterDetail>,
    running: Running,
    /// Where runs are kept in a database: who writes, and who fetches what probers still hold.
    keeper: Option<Keeper>,
    #[cfg(feature = "store")]
    late: Option<Late>,
}

impl Server {
    /// The service, ready to be added to a server. With a database it must be made within a tokio runtime.
    pub fn service(settings: Settings) -> Result<CoordinatorServer<Self>, kube::StateError> {
        let cluster = settings.cluster_state.as_deref().map(kube::parse).transpose()?;
        let running = Running::default();
        #[cfg(feature = "store")]
        let late = settings.durable.as_ref().map(|durable| {
            let late = Late::new(durable.clone(), Arc::clone(&running), settings.log.clone());
            if let Some(live) = &settings.live {
                tokio::spawn(late.clone().follow(Arc::clone(live)));
            }
            late
        });
        let keeper = settings.durable.as_ref().map(|durable| Keeper::begin(durable.clone(), settings.log.clone()));
        let server = Self {
            settings,
            cluster,
            running,
            keeper,
            #[cfg(feature = "store")]
            late,
        };
        Ok(CoordinatorServer::new(server).max_decoding_message_size(transport::MESSAGE_BYTES + attached::BYTES))
    }

    async fn prepare(&self, mut request: pb::DiagnoseRequest, attached: Attached) -> Result<Prepared, Status> {
        let earlier = if request.resume.is_empty() {
            None
        } else {
            Some(Earlier::begin(&self.settings, &mut request, now_us())?)
        };
        let then = || earlier.iter().flat_map(|earlier| &earlier.asked).map(|vantage| vantage.id.clone());
        let wanted = request.from.iter().cloned().chain(then()).collect();
        let registry = Registry::discover(&self.settings, wanted).await;
        let askers = asked(&registry, &request.from, &then().collect::<Vec<_>>())?;
        if askers.is_empty() {
            return Err(nobody(&registry));
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
        vantages.extend(earlier.as_ref().map(|earlier| earlier.gone(&vantages)).unwrap_or_default());
        let (events, stream) = mpsc::channel(WAITING);
        let ((stop, stopped), (late, taken)) = (watch::channel(false), mpsc::channel(WAITING));
        let run = Run {
            frame: Frame::now(),
            id: run_id(),
            settings: self.settings.clone(),
            request,
            attached,
            reached,
            vantages,
            unreachable: registry.unreachable,
            cluster: self.cluster.clone(),
            earlier,
            stop: stopped,
            late: taken,
            keeper: self.keeper.clone(),
            events,
        };
        if let Ok(mut running) = self.running.lock() {
            running.insert(run.id.clone(), Going { stop, late });
        }
        Ok(Prepared { run, stream })
    }

    fn forget(&self, run: &str) {
        if let Ok(mut running) = self.running.lock() {
            running.remove(run);
        }
    }

    /// Carries a run out, and then fetches what its probers could not hand in.
    async fn carry_out(self, run: Run) {
        let (id, reached) = (run.id.clone(), run.reached.clone());
        run.drive().await;
        self.forget(&id);
        #[cfg(feature = "store")]
        if let Some(late) = &self.late {
            late.after(&reached).await;
        }
        drop(reached);
    }
}

/// Who is asked: those meant, and those that the continued run asked and can be asked again.
fn asked(registry: &Registry, from: &[String], then: &[String]) -> Result<Vec<usize>, Status> {
    let again = registry.reached.iter().enumerate().filter(|(_, reach)| then.contains(&reach.vantage.id));
    let mut asked: Vec<usize> = again.map(|(ix, _)| ix).collect();
    if asked.is_empty() || !from.is_empty() {
        let meant = registry.select(from).map_err(|e| {
            let missing = if registry.unreachable.is_empty() {
                String::new()
            } else {
                format!("; not reached: {}", registry.unreachable.join("; "))
            };
            Status::not_found(format!("{e}{missing}"))
        })?;
        asked.extend(meant);
        asked.sort_unstable();
        asked.dedup();
    }
    Ok(asked)
}

/// Nobody can be asked: who did not answer, or that nobody is there.
fn nobody(registry: &Registry) -> Status {
    Status::unavailable(match registry.unreachable.as_slice() {
        [] => "no vantage can be reached: no prober is connected".to_owned(),
        reasons => format!("no vantage can be reached: {}", reasons.join("; ")),
    })
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
        let peer = request.extensions().get::<Peer>().cloned();
        let mut request = request.into_inner();
        if request.target.is_none() && request.resume.is_empty() {
            return Err(Status::invalid_argument("the request names no target"));
        }
        if request.deadline_ms == 0 {
            request.deadline_ms = DEFAULT_DEADLINE_MS;
        }
        request.deadline_ms = request.deadline_ms.min(DEADLINE_MS);
        let attached = attached::take(&mut request.attachments)
            .map_err(|e| Status::invalid_argument(format!("attached files: {e}")))?;
        let prepared = self.prepare(request, attached).await?;
        let run = &prepared.run;
        let asked = run.vantages.iter().map(|vantage| vantage.id.clone()).collect();
        let target = run.request.target.clone().unwrap_or_default();
        let kept = audit::before(self.settings.audit.as_ref(), peer.as_ref(), Asked::Diagnose(&target), &run.id, asked);
        if let Err(refused) = kept.await {
            self.forget(&run.id);
            return Err(refused);
        }
        tokio::spawn(self.clone().carry_out(prepared.run));
        Ok(Response::new(ReceiverStream::new(prepared.stream)))
    }

    async fn measure(&self, request: Request<pb::MeasureRequest>) -> Result<Response<Events>, Status> {
        let peer = request.extensions().get::<Peer>().cloned();
        let request = request.into_inner();
        let probe = request.probe.ok_or_else(|| Status::invalid_argument("the request names no probe"))?;
        let registry = Registry::discover(&self.settings, request.from.clone()).await;
        let asked = registry.select(&request.from).map_err(|e| Status::not_found(e.to_string()))?;
        let reached: Vec<_> = asked.iter().filter_map(|ix| registry.reached.get(*ix).cloned()).collect();
        if reached.is_empty() {
            return Err(nobody(&registry));
        }
        let (events, stream) = mpsc::channel(WAITING);
        let started = pb::Started {
            run: run_id(),
            vantages: reached.iter().map(|reach| reach.vantage.clone()).collect(),
            started_us: now_us(),
            deadline_ms: probe.timeout_ms,
            unreachable: registry.unreachable,
        };
        let ids = started.vantages.iter().map(|vantage| vantage.id.clone()).collect();
        audit::before(self.settings.audit.as_ref(), peer.as_ref(), Asked::Measure(&probe), &started.run, ids).await?;
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
        let found = running.get(&run).is_some_and(|going| going.stop.send(true).is_ok());
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
        let (absent, unread) = match absent::list(&self.settings).await {
            Ok(absent) if select.is_empty() => (absent, None),
            Ok(_) => (Vec::new(), None),
            Err(reason) => (Vec::new(), Some(format!("members that are not connected can't be told: {reason}"))),
        };
        let unreachable = registry.unreachable.into_iter().chain(unread).collect();
        Ok(Response::new(pb::ListVantagesReply { vantages, unreachable, absent }))
    }

    async fn list_runs(&self, request: Request<pb::ListRunsRequest>) -> Result<Response<pb::ListRunsReply>, Status> {
        kept::list(&self.settings, request.into_inner()).await.map(Response::new)
    }

    async fn get_run(&self, request: Request<pb::GetRunRequest>) -> Result<Response<Self::GetRunStream>, Status> {
        let run = request.into_inner().run;
        Ok(Response::new(ReceiverStream::new(kept::pieces(&self.settings, run).await?)))
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
    let (run, vantages, frame) = (started.run.clone(), started.vantages.clone(), Frame::now());
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
        let mut done = Acknowledged::default();
        for tasks in waves::split(&round.tasks, &vantages) {
            let wave = Round { tasks, ..round.clone() };
            let (back, mut replies) = mpsc::channel(WAITING);
            let going_on = fanout::send(&run, &wave, &reached, frame, &back).await;
            drop(back);
            while let Some(reply) = replies.recv().await {
                let event = match reply {
                    Back::Item { vantage, mut item } => {
                        if let Some(reach) = reached.iter().find(|reach| reach.vantage.id == vantage) {
                            let (prober, spool) = (reach.prober.clone(), reach.spool.clone());
                            done.add(&Origin { prober, spool, number: item.spooled }, &reach.client);
                        }
                        item.spooled = 0;
                        Event::Item(item)
                    }
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
        // A measurement is kept by nobody: who asked has seen it.
        tokio::spawn(done.send());
    }
    drop(send(Event::Finished(pb::Finished::default())).await);
}
