//! One round of one vantage: a common start, every probe bounded by itself and by the round, items as they end.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use mesh_proto::{transport::lifeline::Lifeline, v1 as pb};
use prost::Message as _;
use tokio::{
    sync::mpsc,
    task::{self, JoinSet},
    time,
};
use tonic::Status;

use crate::{
    clock::{self, First},
    failure,
    net::{Net, ready::Fired},
    probe::{self, Ask},
    spool::Spool,
};

use super::PROBES;

/// Longest round.
const ROUND: Duration = Duration::from_mins(2);
/// A connect that must fail is waited for this much longer than the questions it guards.
const CONTROL_GRACE: Duration = Duration::from_millis(50);
/// A probe ends by itself at its deadline; one that does not is cut after this much more.
const OVERRUN: Duration = Duration::from_millis(200);

/// Where items go.
pub(super) type Items = mpsc::Sender<Result<pb::Item, Status>>;

/// Who is told.
pub(super) struct Tell {
    pub(super) items: Items,
    pub(super) spool: Option<Spool>,
    pub(super) line: Option<Lifeline>,
}

/// Carries a round out. A caller that drops the stream ends it: the tasks are aborted and their sockets closed. A caller
/// that was lost with its connection does not, where there is a spool: the round goes on to its end, no further, and what
/// it sees is kept for whoever comes back.
pub(super) async fn carry_out(net: Net, request: pb::RunRequest, tell: Tell) {
    let (seen, observations) = mpsc::channel(PROBES);
    let going_on = async {
        tokio::join!(ask(net, request, seen), tell.tell(observations));
    };
    tokio::select! {
        () = going_on => {}
        () = tell.taken_back() => {}
    }
}

impl Tell {
    /// Completes when nobody wants the answer.
    async fn taken_back(&self) {
        self.items.closed().await;
        let lost = self.line.as_ref().is_some_and(Lifeline::is_cut);
        if lost && self.spool.is_some() {
            std::future::pending::<()>().await;
        }
    }

    /// Hands on what is seen: after it is on disk, where there is a spool. Each goes to disk at once and waits here for its
    /// turn, so that one sync serves many.
    async fn tell(&self, mut seen: mpsc::Receiver<pb::Item>) {
        let Some(spool) = &self.spool else {
            while let Some(item) = seen.recv().await {
                // Nobody reads when the round was ended; there is nobody to tell either.
                drop(self.items.send(Ok(item)).await);
            }
            return;
        };
        let (waiting, mut kept) = mpsc::channel(PROBES);
        let append = async move {
            while let Some(item) = seen.recv().await {
                let ticket = spool.append(&item);
                // Both ends are this function's.
                drop(waiting.send((item, ticket)).await);
            }
        };
        let told = async {
            while let Some((item, ticket)) = kept.recv().await {
                self.told(spool, item, ticket.kept().await).await;
            }
        };
        tokio::join!(append, told);
    }

    /// Evidence that could not be kept is told all the same, and says so; it is lost only when nobody is there either.
    async fn told(&self, spool: &Spool, item: pb::Item, kept: Result<u64, String>) {
        match kept {
            // A caller that was lost fetches it later.
            Ok(number) => drop(self.items.send(Ok(pb::Item { spooled: number, ..item })).await),
            Err(why) => {
                let (item, asked) = marked(&item, &why);
                if self.items.send(Ok(item)).await.is_err() {
                    spool.lost(&asked, &why);
                }
            }
        }
    }
}

/// An item nobody has seen yet, with why it is not kept, and what it asked.
fn marked(item: &pb::Item, why: &str) -> (pb::Item, String) {
    // These bytes are the prober's own, just encoded: nothing in them is unknown to it.
    let mut observation = pb::Observation::decode(item.observation.as_slice()).unwrap_or_default();
    observation.caveats.push(format!("not kept by the prober: {why}"));
    (pb::Item { observation: observation.encode_to_vec(), ..Default::default() }, observation.asked)
}

async fn ask(net: Net, request: pb::RunRequest, seen: mpsc::Sender<pb::Item>) {
    let round = Duration::from_micros(request.deadline_us).min(ROUND);
    let is_control = |spec: &pb::ProbeSpec| spec.purpose() == pb::Purpose::NegativeControl;
    let opening = request.probes.iter().filter(|spec| !is_control(spec)).filter_map(probe::opening);
    let ready = net.make_ready(opening.collect()).await;
    let (started, fired) = clock::wait_for(&request, move || ready.fire()).await;
    let end = started.monotonic + round;
    let common = Arc::new(Common { net, request, started, fired: Arc::new(fired) });
    let (controls, questions): (Vec<_>, Vec<_>) = common.request.probes.iter().cloned().partition(is_control);
    let alone = questions.is_empty();
    let mut questions = Asked::start(&common, questions, end);
    let mut controls = Asked::start(&common, controls, end);
    questions.gather(&seen).await;
    // A control guards the questions; once they have ended it has had its chance.
    let until = if alone { end + OVERRUN } else { Instant::now() + CONTROL_GRACE };
    if time::timeout_at(until.into(), controls.gather(&seen)).await.is_err() {
        controls.abandon(&seen).await;
    }
}

/// Probes that are going on.
struct Asked {
    common: Arc<Common>,
    tasks: JoinSet<pb::Observation>,
    specs: HashMap<task::Id, pb::ProbeSpec>,
}

impl Asked {
    fn start(common: &Arc<Common>, specs: Vec<pb::ProbeSpec>, end: Instant) -> Self {
        let mut tasks = JoinSet::new();
        let specs = specs
            .into_iter()
            .map(|spec| (tasks.spawn(one(Arc::clone(common), spec.clone(), end)).id(), spec))
            .collect();
        Self { common: Arc::clone(common), tasks, specs }
    }

    /// Hands in each observation as its probe ends, until none is left.
    async fn gather(&mut self, seen: &mpsc::Sender<pb::Item>) {
        while let Some(done) = self.tasks.join_next_with_id().await {
            let observation = match done {
                Ok((_, observation)) => observation,
                Err(broken) => {
                    let Some(spec) = self.specs.get(&broken.id()) else { continue };
                    let missing = format!("the prober's own probe broke: {broken}");
                    self.common.envelope(spec, probe::could_not_look(spec.task.clone(), missing), None)
                }
            };
            hand_in(&observation, seen).await;
        }
    }

    /// Ends what is left and says of each that nothing had answered: no connect came to be, which is what a control is
    /// to show.
    async fn abandon(&mut self, seen: &mpsc::Sender<pb::Item>) {
        self.tasks.abort_all();
        while let Some(done) = self.tasks.join_next_with_id().await {
            let observation = match done {
                Ok((_, observation)) => observation,
                Err(cut) => {
                    let Some(spec) = self.specs.get(&cut.id()) else { continue };
                    self.common.abandoned(spec)
                }
            };
            hand_in(&observation, seen).await;
        }
    }
}

/// Encodes once: these bytes are what everybody keeps. The channel has room for every item of a round, so this never
/// waits.
async fn hand_in(observation: &pb::Observation, seen: &mpsc::Sender<pb::Item>) {
    let item = pb::Item { observation: observation.encode_to_vec(), ..Default::default() };
    // Whoever hands them on goes with the round.
    drop(seen.send(item).await);
}

/// What every observation of a round shares.
struct Common {
    net: Net,
    request: pb::RunRequest,
    started: clock::Started,
    fired: Arc<Fired>,
}

impl Common {
    fn envelope(
        &self,
        spec: &pb::ProbeSpec,
        mut obs: pb::Observation,
        first: Option<&(Instant, Instant)>,
    ) -> pb::Observation {
        let request = &self.request;
        obs.run.clone_from(&request.run);
        obs.round = request.round;
        obs.vantage.clone_from(if request.vantage_as.is_empty() { &request.vantage } else { &request.vantage_as });
        obs.task.clone_from(&spec.task);
        self.net.id().clone_into(&mut obs.netns);
        obs.purpose = spec.purpose;
        obs.timing = Some(self.started.timing(request, first));
        obs.caveats.extend(self.started.caveat());
        obs
    }

    fn abandoned(&self, spec: &pb::ProbeSpec) -> pb::Observation {
        let Some(pb::probe_spec::Probe::Tcp(tcp)) = &spec.probe else {
            let missing = "the questions it guards had ended before it did".to_owned();
            return self.envelope(spec, probe::could_not_look(spec.task.clone(), missing), None);
        };
        let mut obs = probe::tcp::about("tcp connect", &tcp.name, &tcp.address, tcp.port);
        obs.outcome = pb::Outcome::Fail.into();
        obs.tcp = Some(pb::TcpDetail::default());
        let operation = format!("connect {}", obs.asked.trim_start_matches("tcp connect "));
        obs.failure = Some(failure::timeout("connect", &operation, self.started.monotonic.elapsed()));
        self.envelope(spec, obs, None)
    }
}

async fn one(common: Arc<Common>, spec: pb::ProbeSpec, end: Instant) -> pb::Observation {
    let bound = |ms: u32| common.started.monotonic + Duration::from_millis(ms.into());
    let deadline = if spec.timeout_ms == 0 { end } else { bound(spec.timeout_ms).min(end) };
    let connect = (spec.connect_ms > 0).then(|| bound(spec.connect_ms));
    let first = Arc::new(First::new());
    let ask = Ask {
        net: common.net.clone().for_one(Arc::clone(&first), Arc::clone(&common.fired)),
        deadline,
        connect,
        watch: spec.watch,
    };
    let obs = match &spec.probe {
        None => probe::could_not_look(spec.task.clone(), "this prober does not know that probe".to_owned()),
        Some(probe) => match time::timeout_at((deadline + OVERRUN).into(), probe::run(&ask, probe)).await {
            Ok(obs) => obs,
            Err(_elapsed) => {
                let missing =
                    format!("the prober's own probe had not ended {} ms after its deadline", OVERRUN.as_millis());
                probe::could_not_look(spec.task.clone(), missing)
            }
        },
    };
    common.envelope(&spec, obs, first.get())
}
