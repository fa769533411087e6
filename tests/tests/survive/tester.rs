//! A mesh on loopback: the real coordinator and `meshctl`, and a prober that knows what it made and what it may forget.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File, OpenOptions},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};

use mesh_prober::{guard::Guard, join};
use mesh_proto::{
    identity::token::TokenSource,
    v1::{
        self as pb,
        prober_server::{Prober, ProberServer},
    },
};
use prost::Message as _;
use tokio::{runtime::Runtime, sync::mpsc, task::JoinHandle};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, service::Routes};

/// Longest wait for anything. The machine may be busy.
const PATIENCE: Duration = Duration::from_mins(1);

/// Beside this test's own binary.
pub(crate) fn binary(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("own path");
    let path = own.parent().and_then(Path::parent).expect("target folder").join(name);
    assert!(path.exists(), "{} is missing: cargo build --workspace --features mesh-lab/full", path.display());
    path
}

/// How the prober hands items in.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ways {
    /// Between two frames.
    pub(crate) pause: Duration,
    /// Each frame one to five times, all of them shuffled.
    pub(crate) repeat: bool,
    /// One item of the first round is followed by another that contradicts it.
    pub(crate) differ: bool,
}

#[derive(Debug, Default)]
struct Spool {
    ways: Ways,
    made: BTreeMap<u64, Vec<u8>>,
    held: BTreeMap<u64, pb::Item>,
    acknowledged: BTreeSet<u64>,
    random: u64,
    /// Frames given to a connection.
    handed_in: usize,
}

impl Spool {
    fn keep(&mut self, observation: &pb::Observation) -> pb::Item {
        let number = u64::try_from(self.made.len()).expect("small") + 1;
        let item = pb::Item { observation: observation.encode_to_vec(), spooled: number, ..Default::default() };
        self.made.insert(number, item.observation.clone());
        self.held.insert(number, item.clone());
        item
    }

    /// xorshift: the same in every run of the test.
    fn next(&mut self) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        usize::try_from(self.random % 1_000_000).expect("small")
    }

    fn frames(&mut self, items: Vec<pb::Item>) -> Vec<pb::Item> {
        if !self.ways.repeat {
            return items;
        }
        let mut frames = Vec::new();
        for item in items {
            frames.extend(std::iter::repeat_n(item, 1 + self.next() % 5));
        }
        for at in (1..frames.len()).rev() {
            let other = self.next() % (at + 1);
            frames.swap(at, other);
        }
        frames
    }
}

/// The prober; copies are the same one.
#[derive(Debug, Clone)]
pub(crate) struct Tester(Arc<Mutex<Spool>>);

impl Tester {
    fn spool(&self) -> MutexGuard<'_, Spool> {
        self.0.lock().expect("the spool")
    }

    pub(crate) fn ways(&self, ways: Ways) {
        self.spool().ways = ways;
    }

    pub(crate) fn made(&self) -> u64 {
        u64::try_from(self.spool().made.len()).expect("small")
    }

    pub(crate) fn handed_in(&self) -> usize {
        self.spool().handed_in
    }

    pub(crate) fn held(&self) -> usize {
        self.spool().held.len()
    }

    /// Every item by its number, and the numbers that were acknowledged.
    pub(crate) fn everything(&self) -> (BTreeMap<u64, Vec<u8>>, BTreeSet<u64>) {
        let spool = self.spool();
        (spool.made.clone(), spool.acknowledged.clone())
    }

    /// Nobody answers the question; everything else passes.
    fn seen(request: &pb::RunRequest, probe: &pb::ProbeSpec) -> pb::Observation {
        let question = probe.task.starts_with("ask:");
        let failure = pb::Failure {
            stage: "connect".to_owned(),
            text: "no answer within 3300 ms".to_owned(),
            how: "timeout".to_owned(),
            ..Default::default()
        };
        pb::Observation {
            run: request.run.clone(),
            round: request.round,
            vantage: request.vantage_as.clone(),
            task: probe.task.clone(),
            asked: probe.task.clone(),
            address: "127.0.0.1".to_owned(),
            port: 9,
            protocol: "tcp".to_owned(),
            purpose: probe.purpose,
            outcome: if question { pb::Outcome::Fail } else { pb::Outcome::CouldNotLook }.into(),
            failure: question.then_some(failure),
            missing: if question { String::new() } else { "a prober of a test looks at nothing".to_owned() },
            tcp: question.then(pb::TcpDetail::default),
            timing: Some(pb::Timing { actual_start_us: request.start_us, duration_us: 1_000, ..Default::default() }),
            ..Default::default()
        }
    }
}

type Items = ReceiverStream<Result<pb::Item, Status>>;

fn stream(tester: Tester, items: Vec<pb::Item>, pause: Duration) -> Response<Items> {
    let (send, stream) = mpsc::channel(1);
    tokio::spawn(async move {
        for item in items {
            tokio::time::sleep(pause).await;
            if send.send(Ok(item)).await.is_err() {
                return;
            }
            tester.spool().handed_in += 1;
        }
    });
    Response::new(ReceiverStream::new(stream))
}

#[tonic::async_trait]
impl Prober for Tester {
    type RunStream = Items;
    type SpooledStream = Items;

    async fn describe(&self, _request: Request<pb::DescribeRequest>) -> Result<Response<pb::Description>, Status> {
        let vantage = pb::Vantage {
            id: "host/tester".to_owned(),
            kind: "host".to_owned(),
            witness: "tester".to_owned(),
            addresses: vec!["127.0.0.1".to_owned()],
            ..Default::default()
        };
        Ok(Response::new(pb::Description {
            vantages: vec![vantage],
            protocol: 2,
            spool: "0123abcd".to_owned(),
            spooled: u64::try_from(self.held()).expect("small"),
            ..Default::default()
        }))
    }

    async fn clock(&self, request: Request<pb::ClockRequest>) -> Result<Response<pb::ClockReply>, Status> {
        let sent_us = request.into_inner().sent_us;
        Ok(Response::new(pb::ClockReply { sent_us, received_us: sent_us, replied_us: sent_us, steady_us: 0 }))
    }

    async fn run(&self, request: Request<pb::RunRequest>) -> Result<Response<Items>, Status> {
        let request = request.into_inner();
        let mut spool = self.spool();
        let mut items: Vec<pb::Item> =
            request.probes.iter().map(|probe| spool.keep(&Self::seen(&request, probe))).collect();
        let mut frames = spool.frames(std::mem::take(&mut items));
        if let (true, 1, Some(probe)) = (spool.ways.differ, request.round, request.probes.first()) {
            let other = pb::Observation { asked: "something else".to_owned(), ..Self::seen(&request, probe) };
            let other = spool.keep(&other);
            frames.extend([other.clone(), other]);
        }
        Ok(stream(self.clone(), frames, spool.ways.pause))
    }

    async fn spooled(&self, _request: Request<pb::SpooledRequest>) -> Result<Response<Items>, Status> {
        let mut spool = self.spool();
        let held = spool.held.values().cloned().collect();
        Ok(stream(self.clone(), spool.frames(held), Duration::ZERO))
    }

    async fn acknowledge(
        &self,
        request: Request<pb::AcknowledgeRequest>,
    ) -> Result<Response<pb::AcknowledgeReply>, Status> {
        let request = request.into_inner();
        assert_eq!(request.spool, "0123abcd");
        let mut spool = self.spool();
        for number in request.numbers {
            assert!(spool.made.contains_key(&number), "number {number} was never made");
            spool.held.remove(&number);
            spool.acknowledged.insert(number);
        }
        Ok(Response::new(pb::AcknowledgeReply { held: u64::try_from(spool.held.len()).expect("small") }))
    }
}

/// The daemon, as long as this lives.
pub(crate) struct Coordinator {
    child: Child,
    folder: PathBuf,
}

impl Coordinator {
    pub(crate) fn kill(&mut self) {
        // SIGKILL. It may have been killed before.
        self.child.kill().unwrap_or_default();
        self.child.wait().expect("its end");
    }

    /// What it wrote to stderr, over all its lives.
    pub(crate) fn said(&self) -> String {
        fs::read_to_string(self.folder.join("err")).expect("its log")
    }
}

/// The mesh.
pub(crate) struct World {
    folder: PathBuf,
    port: u16,
    small_disk: bool,
    pub(crate) coordinator: Coordinator,
    pub(crate) tester: Tester,
    runtime: Runtime,
    standing: Option<JoinHandle<()>>,
}

impl World {
    pub(crate) fn new(name: &str, ways: Ways) -> Self {
        Self::build(name, ways, false)
    }

    /// The coordinator's state is on a disk of 16 MiB.
    pub(crate) fn on_small_disk(name: &str, ways: Ways) -> Self {
        Self::build(name, ways, true)
    }

    fn build(name: &str, ways: Ways, small_disk: bool) -> Self {
        let folder = std::env::temp_dir().join(format!("mesh-survive-{}-{name}", std::process::id()));
        fs::remove_dir_all(&folder).unwrap_or_default();
        fs::create_dir_all(folder.join("disk")).expect("a folder");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|one| one.local_addr()).expect("a free port").port();
        let tester = Tester(Arc::new(Mutex::new(Spool { ways, random: 0x5eed, ..Default::default() })));
        let runtime = Runtime::new().expect("a runtime");
        let coordinator = spawn(&folder, port, small_disk);
        let mut world = Self { folder, port, small_disk, coordinator, tester, runtime, standing: None };
        let printed = |world: &Self| fs::read_to_string(world.folder.join("out")).expect("what it printed");
        world.until("the coordinator is there", |world| world.answers() && printed(world).contains("--token"));
        let out = printed(&world);
        let token = out.split_whitespace().find(|word| word.starts_with("pm1")).expect("a token").to_owned();
        assert!(world.ask(&["login", "--token", &token]).status.success());
        let made = world.ask(&["-q", "token", "create", "--role", "prober", "--name", "host/tester"]);
        let token = String::from_utf8(made.stdout).expect("text").trim().to_owned();
        world.stand(Some(&token));
        world
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.folder.join("disk/state")
    }

    fn answers(&self) -> bool {
        TcpStream::connect(("127.0.0.1", self.port)).is_ok()
    }

    /// The coordinator starts again, and the prober comes back.
    pub(crate) fn start(&mut self) {
        self.coordinator.kill();
        self.coordinator = spawn(&self.folder, self.port, self.small_disk);
        self.until("the coordinator is there again", Self::answers);
        self.stand(None);
    }

    /// The prober joins, or comes back without its long waits.
    pub(crate) fn stand(&mut self, token: Option<&str>) {
        if let Some(standing) = self.standing.take() {
            standing.abort();
        }
        let ask = join::Ask {
            coordinator: format!("127.0.0.1:{}", self.port),
            token: token.map(|token| TokenSource::Given(token.parse().expect("a token"))),
            guard: Arc::new(Guard::embedded()),
            state: self.folder.join("prober"),
            name: "host/tester".to_owned(),
            say: Arc::new(|_| {}),
        };
        let routes = Routes::new(ProberServer::new(self.tester.clone()));
        self.standing = Some(self.runtime.spawn(async move {
            join::stay(ask, routes, std::future::pending()).await.expect("it stays");
        }));
        self.until("the prober is offered", |world| {
            String::from_utf8_lossy(&world.ask(&["vantages", "-o", "json"]).stdout).contains("\"host/tester\"")
        });
    }

    pub(crate) fn meshctl(&self, words: &[&str]) -> Command {
        let mut command = Command::new(binary("meshctl"));
        command.env_clear().env("HOME", self.folder.join("home")).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.args(["--coordinator", &format!("127.0.0.1:{}", self.port)]).args(words);
        command
    }

    pub(crate) fn ask(&self, words: &[&str]) -> Output {
        self.meshctl(words).output().expect("meshctl")
    }

    pub(crate) fn until(&self, what: &str, done: impl Fn(&Self) -> bool) {
        let began = Instant::now();
        while !done(self) {
            assert!(began.elapsed() < PATIENCE, "waited in vain until {what}: {}", self.coordinator.said());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// The small disk as the coordinator sees it.
    fn ballast(&self) -> PathBuf {
        let seen = format!("/proc/{}/root{}", self.coordinator.child.id(), self.folder.join("disk/ballast").display());
        PathBuf::from(seen)
    }

    /// Writes until there is no room.
    pub(crate) fn fill(&self) {
        let mut ballast = File::create(self.ballast()).expect("as root");
        let full = std::io::copy(&mut std::io::repeat(0x5a), &mut ballast).expect_err("the disk is small");
        assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
    }

    pub(crate) fn make_room(&self) {
        fs::remove_file(self.ballast()).expect("ballast");
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.coordinator.kill();
        if let Some(standing) = self.standing.take() {
            standing.abort();
        }
        fs::remove_dir_all(&self.folder).unwrap_or_default();
    }
}

fn spawn(folder: &Path, port: u16, small_disk: bool) -> Coordinator {
    let log = |name: &str| OpenOptions::new().create(true).append(true).open(folder.join(name)).expect("a log");
    let script = if small_disk { "mount -t tmpfs -o size=16m mesh \"$0/disk\" && exec \"$@\"" } else { "exec \"$@\"" };
    let child = Command::new("unshare")
        .args(if small_disk { vec!["--mount"] } else { Vec::new() })
        .args(["sh", "-c", script])
        .arg(folder)
        .arg(binary("coordinator"))
        .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--state"])
        .arg(folder.join("disk/state"))
        .stdout(log("out"))
        .stderr(log("err"))
        .stdin(Stdio::null())
        .spawn()
        .expect("unshare(1) as root");
    Coordinator { child, folder: folder.to_owned() }
}
