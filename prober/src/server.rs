//! gRPC: guard, run, stream; no logic.

use std::{
    fs,
    os::fd::OwnedFd,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use mesh_proto::{
    transport,
    v1::{
        self as pb,
        prober_server::{Prober, ProberServer},
    },
};
use prost::Message as _;
use tokio::{sync::mpsc, task::JoinSet, time};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, service::Routes};

use crate::{
    clock,
    guard::Guard,
    net::Net,
    netns::{self, Place},
    privilege,
    probe::{self, Ask},
};

/// Probes of one round for one vantage.
const PROBES: usize = 64;
/// Longest round.
const ROUND: Duration = Duration::from_mins(2);
/// Items that may wait for the reader.
const WAITING: usize = 128;
/// A connect that must fail is waited for this much longer than the questions it guards.
const CONTROL_GRACE: Duration = Duration::from_millis(50);

/// How a prober presents itself.
#[derive(Debug, Clone)]
pub struct Settings {
    pub guard: Arc<Guard>,
    /// Name of the vantage that is the process's own namespace, `KIND/NAME` or `local`.
    pub own: String,
    /// Which machine this counts as; probers with the same value are one witness. Default: the kernel's boot id.
    pub witness: Option<String>,
    /// Node this Pod runs on.
    pub node: Option<String>,
    /// Also offer named namespaces, processes and containers of this machine.
    pub namespaces: bool,
    /// Namespaces offered under names of the caller's choice.
    pub extra: Vec<Extra>,
}

/// A namespace under a name of the caller's choice.
#[derive(Debug, Clone)]
pub struct Extra {
    pub id: String,
    pub namespace: Arc<OwnedFd>,
    /// Folder with its resolver configuration.
    pub etc: Option<PathBuf>,
    /// Which machine it counts as; none = the prober's.
    pub witness: Option<String>,
    pub node: Option<String>,
}

impl Settings {
    /// A prober inside the user's own command.
    pub fn embedded(guard: Guard) -> Self {
        Self {
            guard: Arc::new(guard),
            own: "local".to_owned(),
            witness: None,
            node: None,
            namespaces: true,
            extra: Vec::new(),
        }
    }
}

/// The prober's services.
pub fn routes(settings: Settings) -> Routes {
    // The library's first random bytes cost 30 ms; no timed probe pays for them.
    std::thread::spawn(probe::tls::warm_up);
    Routes::new(ProberServer::new(Server { settings }).max_decoding_message_size(transport::MESSAGE_BYTES))
}

/// The service.
#[derive(Debug, Clone)]
pub struct Server {
    settings: Settings,
}

/// A vantage this prober can take.
struct Stand {
    net: Net,
    id: String,
    witness: String,
    node: String,
}

impl Server {
    fn boot_id() -> String {
        // Without it every prober of unknown origin counts as the same witness, which never proves too much.
        fs::read_to_string("/proc/sys/kernel/random/boot_id").map(|id| id.trim().to_owned()).unwrap_or_default()
    }

    fn own(&self) -> Stand {
        Stand {
            net: Net::current(Arc::clone(&self.settings.guard)),
            id: self.settings.own.clone(),
            witness: self.settings.witness.clone().unwrap_or_else(Self::boot_id),
            node: self.settings.node.clone().unwrap_or_default(),
        }
    }

    fn extra(&self, extra: &Extra) -> Stand {
        Stand {
            net: Net::of(Arc::clone(&extra.namespace), Arc::clone(&self.settings.guard), extra.etc.as_deref()),
            id: extra.id.clone(),
            witness: extra.witness.clone().unwrap_or_else(|| self.own().witness),
            node: extra.node.clone().unwrap_or_default(),
        }
    }

    fn place(&self, place: &Place) -> Stand {
        Stand {
            net: Net::of(Arc::clone(&place.handle), Arc::clone(&self.settings.guard), place.etc.as_deref()),
            id: place.id.clone(),
            witness: self.own().witness,
            node: String::new(),
        }
    }

    fn wanted(&self, id: &str) -> Option<Stand> {
        let pid = id.strip_prefix("pid/")?.parse().ok()?;
        if !self.settings.namespaces {
            return None;
        }
        netns::of_process(pid).ok().map(|place| self.place(&place))
    }

    /// The vantage of that name, when this prober offers it.
    fn stand(&self, id: &str) -> Option<Stand> {
        if id == self.settings.own {
            return Some(self.own());
        }
        if let Some(extra) = self.settings.extra.iter().find(|extra| extra.id == id) {
            return Some(self.extra(extra));
        }
        if let Some(stand) = self.wanted(id) {
            return Some(stand);
        }
        if !self.settings.namespaces {
            return None;
        }
        netns::places().0.iter().find(|place| place.id == id).map(|place| self.place(place))
    }
}

async fn describe(stand: Stand, lacking: Vec<String>) -> pb::Vantage {
    let rights = privilege::rights();
    let seen = stand.net.run(crate::collect::own_addresses).await;
    let (addresses, unread) = match seen {
        Ok(Ok(addresses)) => (addresses, None),
        Ok(Err(e)) | Err(e) => (Vec::new(), Some(format!("own addresses: {e}"))),
    };
    pb::Vantage {
        kind: stand.id.split('/').next().unwrap_or_default().to_owned(),
        witness: stand.witness,
        node: stand.node,
        addresses,
        capabilities: rights.held,
        lacking: rights.lacking.into_iter().chain(lacking).chain(unread).collect(),
        netns: stand.net.id().to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        id: stand.id,
        ..Default::default()
    }
}

#[tonic::async_trait]
impl Prober for Server {
    type RunStream = ReceiverStream<Result<pb::Item, Status>>;

    async fn describe(&self, request: Request<pb::DescribeRequest>) -> Result<Response<pb::Description>, Status> {
        let wanted = request.into_inner().wanted;
        let (places, unopened) = if self.settings.namespaces { netns::places() } else { (Vec::new(), Vec::new()) };
        let mut stands = vec![(self.own(), unopened)];
        let extra = self.settings.extra.iter().map(|extra| self.extra(extra));
        let others = places.iter().map(|place| self.place(place));
        let named = wanted.iter().filter_map(|id| self.wanted(id));
        stands.extend(extra.chain(others).chain(named).map(|stand| (stand, Vec::new())));
        let mut vantages = Vec::with_capacity(stands.len());
        for (stand, lacking) in stands {
            vantages.push(describe(stand, lacking).await);
        }
        Ok(Response::new(pb::Description { version: env!("CARGO_PKG_VERSION").to_owned(), vantages }))
    }

    async fn clock(&self, request: Request<pb::ClockRequest>) -> Result<Response<pb::ClockReply>, Status> {
        let received_us = clock::now_us();
        let sent_us = request.into_inner().sent_us;
        Ok(Response::new(pb::ClockReply { sent_us, received_us, replied_us: clock::now_us() }))
    }

    async fn run(&self, request: Request<pb::RunRequest>) -> Result<Response<Self::RunStream>, Status> {
        let request = request.into_inner();
        if request.probes.len() > PROBES {
            let asked = request.probes.len();
            return Err(Status::invalid_argument(format!("{asked} probes are more than the {PROBES} of one round")));
        }
        let stand = self
            .stand(&request.vantage)
            .ok_or_else(|| Status::not_found(format!("this prober offers no vantage {:?}", request.vantage)))?;
        let (items, stream) = mpsc::channel(WAITING);
        tokio::spawn(carry_out(stand.net, request, items));
        Ok(Response::new(ReceiverStream::new(stream)))
    }
}

/// One round. Dropping the stream ends it: the tasks are aborted and their sockets closed.
async fn carry_out(net: Net, request: pb::RunRequest, items: mpsc::Sender<Result<pb::Item, Status>>) {
    let round = Duration::from_micros(request.deadline_us).min(ROUND);
    let started = clock::wait_for(request.start_us).await;
    let common = Arc::new(Common { net, request, started });
    let mut questions = JoinSet::new();
    let mut controls = JoinSet::new();
    for spec in common.request.probes.clone() {
        let set = if spec.purpose() == pb::Purpose::NegativeControl { &mut controls } else { &mut questions };
        set.spawn(one(Arc::clone(&common), spec, started.monotonic + round));
    }
    let gone = items.clone();
    tokio::select! {
        () = gather(&mut questions, &items) => {}
        () = gone.closed() => return,
    }
    // A control guards the questions; once they have ended it has had its chance.
    let until = if common.request.probes.iter().all(|spec| spec.purpose() == pb::Purpose::NegativeControl) {
        started.monotonic + round
    } else {
        Instant::now() + CONTROL_GRACE
    };
    let waited = tokio::select! {
        waited = time::timeout_at(until.into(), gather(&mut controls, &items)) => waited,
        () = gone.closed() => return,
    };
    if waited.is_err() {
        abandon(&common, &mut controls, &items).await;
    }
}

async fn gather(set: &mut JoinSet<pb::Observation>, items: &mpsc::Sender<Result<pb::Item, Status>>) {
    while let Some(done) = set.join_next().await {
        if let Ok(observation) = done {
            hand_in(observation, items).await;
        }
    }
}

/// Controls that had met nothing when the questions ended: no connect came to be, which is what they are to show.
async fn abandon(common: &Common, set: &mut JoinSet<pb::Observation>, items: &mpsc::Sender<Result<pb::Item, Status>>) {
    let left = set.len();
    let mut silent: Vec<&pb::ProbeSpec> =
        common.request.probes.iter().filter(|spec| spec.purpose() == pb::Purpose::NegativeControl).collect();
    set.abort_all();
    let mut met = Vec::new();
    while let Some(done) = set.join_next().await {
        if let Ok(observation) = done {
            met.push(observation);
        }
    }
    if met.is_empty() && left == silent.len() {
        for spec in silent.drain(..) {
            hand_in(common.abandoned(spec), items).await;
        }
        return;
    }
    for observation in met {
        hand_in(observation, items).await;
    }
}

async fn hand_in(observation: pb::Observation, items: &mpsc::Sender<Result<pb::Item, Status>>) {
    let item = pb::Item { observation: observation.encode_to_vec(), signature: Vec::new() };
    // Nobody reads when the round was ended; there is nobody to tell either.
    drop(items.send(Ok(item)).await);
}

/// What every observation of a round shares.
struct Common {
    net: Net,
    request: pb::RunRequest,
    started: clock::Started,
}

impl Common {
    fn envelope(&self, spec: &pb::ProbeSpec, mut obs: pb::Observation, took: Duration) -> pb::Observation {
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        obs.run.clone_from(&self.request.run);
        obs.round = self.request.round;
        obs.vantage.clone_from(&self.request.vantage_as);
        obs.task.clone_from(&spec.task);
        self.net.id().clone_into(&mut obs.netns);
        obs.purpose = spec.purpose;
        obs.timing = Some(pb::Timing {
            planned_start_us: self.request.start_us,
            actual_start_us: self.started.at_us,
            duration_us: micros(took),
            clock_offset_us: self.request.clock_offset_us,
            clock_bound_us: self.request.clock_bound_us,
            lateness_us: micros(self.started.late),
        });
        obs
    }

    fn abandoned(&self, spec: &pb::ProbeSpec) -> pb::Observation {
        let took = self.started.monotonic.elapsed();
        let Some(pb::probe_spec::Probe::Tcp(tcp)) = &spec.probe else {
            return self.envelope(spec, pb::Observation::default(), took);
        };
        let mut obs = probe::tcp::about("tcp connect", &tcp.name, &tcp.address, tcp.port);
        obs.outcome = pb::Outcome::Fail.into();
        obs.tcp = Some(pb::TcpDetail::default());
        let operation = format!("connect {}", obs.asked.trim_start_matches("tcp connect "));
        obs.failure = Some(crate::failure::timeout("connect", &operation, took));
        self.envelope(spec, obs, took)
    }
}

async fn one(common: Arc<Common>, spec: pb::ProbeSpec, round: Instant) -> pb::Observation {
    let began = common.started.monotonic;
    let bound = |ms: u32| began + Duration::from_millis(ms.into());
    let deadline = if spec.timeout_ms == 0 { round } else { bound(spec.timeout_ms).min(round) };
    let connect = (spec.connect_ms > 0).then(|| bound(spec.connect_ms));
    let ask = Ask { net: common.net.clone(), deadline, connect };
    let obs = match &spec.probe {
        Some(probe) => probe::run(&ask, probe).await,
        None => probe::could_not_look(spec.task.clone(), "this prober does not know that probe".to_owned()),
    };
    common.envelope(&spec, obs, began.elapsed())
}
