//! A prober with a spool, and how a coordinator asks it.

use std::{
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use mesh_proto::{
    transport::{self, Address},
    v1::{self as pb, probe_spec::Probe, prober_client::ProberClient},
};
use prost::Message as _;
use tokio_stream::StreamExt as _;
use tonic::{Status, Streaming, transport::Channel};

pub(crate) type Client = ProberClient<Channel>;

/// Longest wait for what has to come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The prober stays the child of the test (`-D`), so that it is the one that is killed.
pub(crate) const STRACE: [&str; 4] = ["strace", "-D", "-f", "-qq"];

/// Beside this test's own binary.
pub(crate) fn binary(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("own path");
    let path = own.parent().and_then(Path::parent).expect("target folder").join(name);
    assert!(path.exists(), "{} is missing: cargo build --workspace --features mesh-lab/full", path.display());
    path
}

/// A folder of its own that goes with the test.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("probemesh-spool-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn segments(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.at("spool")).expect("the spool").map(|entry| entry.expect("an entry").path());
        let mut segments: Vec<_> = entries.filter(|path| path.extension().is_some_and(|own| own == "log")).collect();
        segments.sort();
        segments
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// A prober with its spool in `FOLDER/spool`, behind `before`, a command that runs it.
pub(crate) struct Prober<'a> {
    folder: &'a Folder,
    child: Child,
}

impl<'a> Prober<'a> {
    pub(crate) fn start(folder: &'a Folder) -> Self {
        Self::start_with(folder, &[], &[])
    }

    pub(crate) fn start_with(folder: &'a Folder, before: &[&str], after: &[&str]) -> Self {
        let (socket, prober) = (folder.at("socket"), binary("prober"));
        drop(fs::remove_file(&socket));
        let (listen, spool) = (format!("unix:{}", socket.display()), folder.at("spool"));
        let mut command = match before.split_first() {
            Some((program, arguments)) => {
                let mut command = Command::new(program);
                command.args(arguments).arg(prober);
                command
            }
            None => Command::new(prober),
        };
        command.args(["run", "--name", "ext/x", "--allow", "127.0.0.0/8", "--listen", &listen]);
        command.arg("--spool").arg(&spool).args(after);
        let said = OpenOptions::new().create(true).append(true).open(folder.at("said")).expect("a log");
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(said).spawn().expect("it starts");
        let began = Instant::now();
        // The file is there a moment before anybody listens on it.
        while std::os::unix::net::UnixStream::connect(&socket).is_err() {
            assert!(began.elapsed() < PATIENCE, "it does not listen: {}", Self::said_in(folder));
            std::thread::sleep(Duration::from_millis(5));
        }
        Self { folder, child }
    }

    pub(crate) async fn client(&self) -> Client {
        client(&self.folder.at("socket")).await
    }

    /// What it wrote on stderr, over all starts.
    pub(crate) fn said(&self) -> String {
        Self::said_in(self.folder)
    }

    fn said_in(folder: &Folder) -> String {
        fs::read_to_string(folder.at("said")).unwrap_or_default()
    }

    pub(crate) fn kill(&mut self) {
        // It may have been killed already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Drop for Prober<'_> {
    fn drop(&mut self) {
        self.kill();
    }
}

pub(crate) async fn client(socket: &Path) -> Client {
    let channel = transport::connect(&Address::Unix(socket.to_owned())).await.expect("it answers");
    ProberClient::new(channel).max_decoding_message_size(transport::MESSAGE_BYTES)
}

pub(crate) fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970");
    i64::try_from(since.as_micros()).expect("a clock before the year 292277")
}

pub(crate) fn request(run: &str, probes: Vec<pb::ProbeSpec>) -> pb::RunRequest {
    let (run, vantage) = (run.to_owned(), "ext/x".to_owned());
    let (start_us, deadline_us, protocol) = (now_us(), 5_000_000, 2);
    pb::RunRequest { run, vantage, start_us, deadline_us, probes, protocol, ..Default::default() }
}

/// Looks that need no network; an observation repeats the name of its task, which gives it its size.
pub(crate) fn looks(count: usize, bytes: usize) -> Vec<pb::ProbeSpec> {
    let look = pb::CollectSpec { source: pb::Source::Links.into(), ..Default::default() };
    let spec = |task: usize| pb::ProbeSpec {
        task: format!("{task:0bytes$}"),
        probe: Some(Probe::Collect(look.clone())),
        ..Default::default()
    };
    (0..count).map(spec).collect()
}

pub(crate) async fn all(stream: Streaming<pb::Item>) -> Vec<pb::Item> {
    stream.map(|item| item.expect("the stream ends well")).collect().await
}

pub(crate) async fn asked(client: &mut Client, request: pb::RunRequest) -> Result<Vec<pb::Item>, Status> {
    Ok(all(client.run(request).await?.into_inner()).await)
}

pub(crate) async fn offered(client: &mut Client) -> Vec<pb::Item> {
    all(client.spooled(pb::SpooledRequest {}).await.expect("a spool").into_inner()).await
}

pub(crate) async fn describe(client: &mut Client) -> pb::Description {
    client.describe(pb::DescribeRequest::default()).await.expect("a description").into_inner()
}

pub(crate) async fn acknowledge(client: &mut Client, spool: &str, numbers: Vec<u64>) -> u64 {
    let request = pb::AcknowledgeRequest { spool: spool.to_owned(), numbers };
    client.acknowledge(request).await.expect("an answer").into_inner().held
}

pub(crate) fn observation(item: &pb::Item) -> pb::Observation {
    pb::Observation::decode(item.observation.as_slice()).expect("an observation")
}

pub(crate) fn numbers(items: &[pb::Item]) -> Vec<u64> {
    items.iter().map(|item| item.spooled).collect()
}
