//! gRPC: guard, run, stream; no logic.

use std::{collections::BTreeMap, fs, io, net::IpAddr, os::fd::OwnedFd, path::PathBuf, sync::Arc};

use mesh_proto::{
    PROTOCOL, transport,
    v1::{
        self as pb,
        prober_server::{Prober, ProberServer},
    },
};
use tokio::{
    sync::{Semaphore, mpsc},
    task::{self, JoinHandle},
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, service::Routes};

use crate::{
    clock,
    guard::Guard,
    net::Net,
    netns::{self, Place},
    privilege, probe,
    proxy::Proxy,
    spool::Spool,
};

mod kept;
mod round;
/// Probes of one round for one vantage.
const PROBES: usize = 64;
/// Rounds at once. One whose caller was lost goes on to its end, so the calls of one connection do not bound them.
const ROUNDS: usize = 2 * transport::CALLS_PER_CONNECTION;
/// Vantages asked for by name in one description.
const WANTED: usize = 64;

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
    /// What the owner calls the process's own vantage.
    pub labels: BTreeMap<String, String>,
    /// Also offer named namespaces, processes and containers of this machine.
    pub namespaces: bool,
    /// Namespaces offered under names of the caller's choice.
    pub extra: Vec<Extra>,
    /// Proxies of the process's own namespace that may be asked about their upstreams.
    pub proxies: Arc<[Proxy]>,
    /// Where observations are kept until they are acknowledged; none = they are told and forgotten.
    pub spool: Option<Spool>,
    /// Version of the agreement to keep to: [`PROTOCOL`], or one before it.
    pub protocol: u32,
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
    pub labels: BTreeMap<String, String>,
}

impl Settings {
    /// A prober inside the user's own command.
    pub fn embedded(guard: Guard) -> Self {
        Self {
            guard: Arc::new(guard),
            own: "local".to_owned(),
            witness: None,
            node: None,
            labels: BTreeMap::new(),
            namespaces: true,
            extra: Vec::new(),
            proxies: Arc::new([]),
            spool: None,
            protocol: PROTOCOL,
        }
    }
}

/// The prober's services.
pub fn routes(settings: Settings) -> Routes {
    // The library's first random bytes cost 30 ms; no timed probe pays for them.
    std::thread::spawn(probe::tls::warm_up);
    let rounds = Arc::new(Semaphore::new(ROUNDS));
    Routes::new(ProberServer::new(Server { settings, rounds }).max_decoding_message_size(transport::MESSAGE_BYTES))
}

/// The service.
#[derive(Debug, Clone)]
pub struct Server {
    settings: Settings,
    rounds: Arc<Semaphore>,
}

/// A vantage this prober can take.
struct Stand {
    net: Net,
    id: String,
    witness: String,
    node: String,
    labels: BTreeMap<String, String>,
}

impl Server {
    fn boot_id() -> String {
        // Without it every prober of unknown origin counts as the same witness, which never proves too much.
        fs::read_to_string("/proc/sys/kernel/random/boot_id").map(|id| id.trim().to_owned()).unwrap_or_default()
    }

    fn own(&self) -> Stand {
        Stand {
            net: Net::current(Arc::clone(&self.settings.guard)).with_proxies(Arc::clone(&self.settings.proxies)),
            id: self.settings.own.clone(),
            witness: self.settings.witness.clone().unwrap_or_else(Self::boot_id),
            node: self.settings.node.clone().unwrap_or_default(),
            labels: self.settings.labels.clone(),
        }
    }

    fn extra(&self, extra: &Extra) -> Stand {
        Stand {
            net: Net::of(Arc::clone(&extra.namespace), Arc::clone(&self.settings.guard), extra.etc.as_deref()),
            id: extra.id.clone(),
            witness: extra.witness.clone().unwrap_or_else(|| self.own().witness),
            node: extra.node.clone().unwrap_or_default(),
            labels: extra.labels.clone(),
        }
    }

    fn place(&self, place: &Place) -> Stand {
        Stand {
            net: Net::of(Arc::clone(&place.handle), Arc::clone(&self.settings.guard), place.etc.as_deref()),
            id: place.id.clone(),
            witness: self.own().witness,
            node: String::new(),
            labels: BTreeMap::new(),
        }
    }

    /// The vantage of that name, when this prober offers it. Reads /proc for a container.
    fn stand(&self, id: &str) -> Result<Stand, Status> {
        let offers_no = || Status::not_found(format!("this prober offers no vantage {id:?}"));
        if id == self.settings.own {
            return Ok(self.own());
        }
        if let Some(extra) = self.settings.extra.iter().find(|extra| extra.id == id) {
            return Ok(self.extra(extra));
        }
        if !self.settings.namespaces {
            return Err(offers_no());
        }
        match netns::find(id) {
            Ok(place) => Ok(self.place(&place)),
            Err(e) if e.kind() == io::ErrorKind::PermissionDenied => {
                Err(Status::permission_denied(format!("vantage {id:?} can't be entered: {e}")))
            }
            Err(_) => Err(offers_no()),
        }
    }

    /// Everything offered beside the own namespace, and what can't be; `wanted` are processes offered on demand.
    fn others(&self, wanted: &[String]) -> (Vec<Stand>, Vec<String>) {
        let mut stands: Vec<Stand> = self.settings.extra.iter().map(|extra| self.extra(extra)).collect();
        if !self.settings.namespaces {
            return (stands, Vec::new());
        }
        let (places, lacking) = netns::places();
        let named = wanted.iter().take(WANTED).filter(|id| id.starts_with("pid/"));
        let named = named.filter_map(|id| netns::find(id).ok());
        stands.extend(places.into_iter().chain(named).map(|place| self.place(&place)));
        (stands, lacking)
    }
}

/// A vantage as it presents itself; an error when its namespace can't be entered.
async fn describe(stand: Stand) -> Result<pb::Vantage, String> {
    let seen = stand.net.run(|| (privilege::rights(), crate::collect::own_addresses())).await;
    let (rights, addresses) = seen.map_err(|e| format!("{}: {e}", stand.id))?;
    let (addresses, unread) = match addresses {
        Ok(addresses) => (addresses, None),
        Err(e) => (Vec::new(), Some(format!("own addresses: {e}"))),
    };
    // Every namespace has a loopback; it names no place.
    let addresses = addresses.into_iter().filter(|text| !text.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()));
    Ok(pb::Vantage {
        kind: stand.id.split('/').next().unwrap_or_default().to_owned(),
        witness: stand.witness,
        node: stand.node,
        labels: stand.labels,
        addresses: addresses.collect(),
        capabilities: rights.held,
        lacking: rights.lacking.into_iter().chain(unread).collect(),
        netns: stand.net.id().to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        id: stand.id,
        ..Default::default()
    })
}

/// File work of the kernel's own file systems: short, but not for the threads that drive sockets.
async fn off_thread<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> Result<T, Status> {
    task::spawn_blocking(job).await.map_err(|e| Status::internal(format!("the prober's own task broke: {e}")))
}

#[tonic::async_trait]
impl Prober for Server {
    type RunStream = ReceiverStream<Result<pb::Item, Status>>;
    type SpooledStream = ReceiverStream<Result<pb::Item, Status>>;

    async fn describe(&self, request: Request<pb::DescribeRequest>) -> Result<Response<pb::Description>, Status> {
        let wanted = request.into_inner().wanted;
        let server = self.clone();
        let (stands, mut lacking) = off_thread(move || server.others(&wanted)).await?;
        let mut own = describe(self.own()).await.map_err(Status::unavailable)?;
        let asked: Vec<JoinHandle<_>> = stands.into_iter().map(|stand| tokio::spawn(describe(stand))).collect();
        let mut others = Vec::with_capacity(asked.len());
        for described in asked {
            match described.await {
                Ok(Ok(vantage)) => others.push(vantage),
                Ok(Err(reason)) => lacking.push(reason),
                Err(broken) => lacking.push(format!("a vantage could not be described: {broken}")),
            }
        }
        own.lacking.extend(lacking);
        let (spool, spooled, lost) = self.kept().await?;
        own.lacking.extend(lost);
        let vantages = std::iter::once(own).chain(others).collect();
        let version = env!("CARGO_PKG_VERSION").to_owned();
        // The field came with the second version.
        let protocol = if self.settings.protocol < PROTOCOL { 0 } else { self.settings.protocol };
        Ok(Response::new(pb::Description { version, vantages, protocol, spool, spooled }))
    }

    async fn spooled(&self, _request: Request<pb::SpooledRequest>) -> Result<Response<Self::SpooledStream>, Status> {
        Ok(Response::new(ReceiverStream::new(kept::offer(self.spool()?.clone()))))
    }

    async fn acknowledge(
        &self,
        request: Request<pb::AcknowledgeRequest>,
    ) -> Result<Response<pb::AcknowledgeReply>, Status> {
        let request = request.into_inner();
        let held = self.spool()?.acknowledge(&request.spool, request.numbers).await;
        Ok(Response::new(pb::AcknowledgeReply { held }))
    }

    async fn clock(&self, request: Request<pb::ClockRequest>) -> Result<Response<pb::ClockReply>, Status> {
        let received = clock::Now::read();
        Ok(Response::new(pb::ClockReply {
            sent_us: request.into_inner().sent_us,
            received_us: received.wall_us,
            steady_us: received.steady_us(),
            replied_us: clock::now_us(),
        }))
    }

    async fn run(&self, request: Request<pb::RunRequest>) -> Result<Response<Self::RunStream>, Status> {
        let line = kept::lifeline(&request);
        let request = request.into_inner();
        if request.probes.len() > PROBES {
            let asked = request.probes.len();
            return Err(Status::invalid_argument(format!("{asked} probes are more than the {PROBES} of one round")));
        }
        let (ahead_us, _) = clock::Now::read().ahead_us(&request);
        // By the wall clock alone, a start that is long past is a clock that was set: what was due then is not caught up.
        let unplanned =
            if request.start_steady_us == 0 { ahead_us.unsigned_abs() } else { ahead_us.max(0).unsigned_abs() };
        if u128::from(unplanned) > clock::LEAD_MOST.as_micros() {
            let most = clock::LEAD_MOST.as_secs();
            let text = format!("the start is {ahead_us} µs ahead by this prober's clock; {most} s are the most");
            return Err(Status::invalid_argument(text));
        }
        let (server, id) = (self.clone(), request.vantage.clone());
        let Ok(permit) = Arc::clone(&self.rounds).try_acquire_owned() else {
            return Err(Status::resource_exhausted(format!("{ROUNDS} rounds go on at this prober already")));
        };
        // Whoever acknowledges nothing would fill the spool.
        let spool = self.settings.spool.clone().filter(|_| request.protocol >= PROTOCOL);
        let (spooling, stands) = (spool.is_some(), self.clone());
        let admitted = move || if spooling { server.admit() } else { Ok(()) };
        let stand = off_thread(move || admitted().and_then(|()| stands.stand(&id))).await??;
        let (items, stream) = mpsc::channel(PROBES);
        let tell = round::Tell { items, spool, line };
        tokio::spawn(async move {
            round::carry_out(stand.net, request, tell).await;
            drop(permit);
        });
        Ok(Response::new(ReceiverStream::new(stream)))
    }
}
