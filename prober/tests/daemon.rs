//! The daemon `prober` as a process: what it refuses, what it says, how it ends.

use std::{
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use mesh_proto::{
    transport::{self, Address},
    v1::{self as pb, prober_client::ProberClient},
};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use prost::Message as _;
use tokio_stream::StreamExt as _;

#[expect(clippy::disallowed_methods, reason = "the test starts the daemon it is about")]
fn prober(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_prober"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A daemon on a Unix socket in a folder of its own; both go with it.
struct Daemon {
    child: Option<Child>,
    folder: PathBuf,
}

impl Daemon {
    fn start(name: &str, arguments: &[&str]) -> Self {
        Self::start_by(name, prober(&[]), arguments)
    }

    /// As a user that holds no capability.
    #[expect(clippy::disallowed_methods, reason = "the test starts the daemon it is about")]
    fn start_without_rights(name: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new("setpriv");
        command.args(["--bounding-set=-all", "--inh-caps=-all", env!("CARGO_BIN_EXE_prober")]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self::start_by(name, command, arguments)
    }

    fn start_by(name: &str, mut command: Command, arguments: &[&str]) -> Self {
        let folder = std::env::temp_dir().join(format!("probemesh-daemon-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let listen = format!("unix:{}", folder.join("socket").display());
        command.args(["run", "--name", "ext/x", "--listen", listen.as_str()]).args(arguments);
        let child = command.spawn().expect("the daemon starts");
        let daemon = Self { child: Some(child), folder };
        let began = Instant::now();
        while !daemon.socket().exists() && began.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(5));
        }
        daemon
    }

    fn socket(&self) -> PathBuf {
        self.folder.join("socket")
    }

    /// Asks once. The connection stays open: a daemon must end all the same.
    async fn ask(&self, port: u16) -> pb::Observation {
        let tcp = pb::TcpSpec { address: "127.0.0.1".to_owned(), port: port.into(), ..Default::default() };
        self.one("ext/x", pb::probe_spec::Probe::Tcp(tcp)).await
    }

    /// Collects from one source at one of its vantages.
    async fn collect(&self, vantage: &str, source: pb::Source) -> pb::Observation {
        let spec = pb::CollectSpec { source: source.into(), addresses: vec!["127.0.0.1".to_owned()], port: 0 };
        self.one(vantage, pb::probe_spec::Probe::Collect(spec)).await
    }

    async fn one(&self, vantage: &str, probe: pb::probe_spec::Probe) -> pb::Observation {
        let channel = transport::connect(&Address::Unix(self.socket())).await.expect("it answers");
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_micros();
        let request = pb::RunRequest {
            vantage: vantage.to_owned(),
            start_us: i64::try_from(now).expect("a clock before the year 292277"),
            deadline_us: 2_000_000,
            probes: vec![pb::ProbeSpec { probe: Some(probe), ..Default::default() }],
            ..Default::default()
        };
        let mut stream = ProberClient::new(channel).run(request).await.expect("it runs").into_inner();
        let item = stream.next().await.expect("one item").expect("the stream ends well");
        pb::Observation::decode(item.observation.as_slice()).expect("an observation")
    }

    /// Ends it as a service manager does, and returns what it left.
    fn stop(mut self) -> Output {
        let child = self.child.take().expect("it runs");
        let pid = Pid::from_raw(i32::try_from(child.id()).expect("a pid"));
        kill(pid, Signal::SIGTERM).expect("it lives");
        let (began, left) = (Instant::now(), child.wait_with_output().expect("it ends"));
        assert!(began.elapsed() < Duration::from_secs(3), "it took {:?} to end", began.elapsed());
        left
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // It may have ended by itself.
            drop(child.kill());
            drop(child.wait());
        }
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

async fn open_port() -> (tokio::net::TcpListener, u16) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let port = listener.local_addr().expect("bound").port();
    (listener, port)
}

#[tokio::test]
async fn a_daemon_without_a_policy_asks_nobody_and_says_so() {
    let (_open, port) = open_port().await;
    let daemon = Daemon::start("closed", &[]);
    let seen = daemon.ask(port).await;
    assert_eq!(seen.outcome(), pb::Outcome::CouldNotLook, "{seen:?}");
    assert_eq!(seen.missing, "127.0.0.1 is refused by policy: no policy allows it");
    let left = daemon.stop();
    let said = String::from_utf8_lossy(&left.stderr).into_owned();
    assert!(said.contains("every question will be refused"), "{said}");
}

#[tokio::test]
async fn what_is_allowed_is_asked_and_a_stop_leaves_nothing() {
    let (_open, port) = open_port().await;
    let daemon = Daemon::start("open", &["--allow", "127.0.0.0/8"]);
    assert_eq!(daemon.ask(port).await.outcome(), pb::Outcome::Pass);
    let socket = daemon.socket();
    let left = daemon.stop();
    assert!(left.status.success() && left.stderr.is_empty(), "{left:?}");
    assert!(!socket.exists());
}

#[tokio::test]
async fn what_needs_a_right_names_it_and_what_needs_none_is_told() {
    let poor = Daemon::start_without_rights("poor", &[]);
    let conntrack = poor.collect("ext/x", pb::Source::Conntrack).await;
    assert_eq!(conntrack.outcome(), pb::Outcome::CouldNotLook, "{conntrack:?}");
    assert!(conntrack.missing.contains("CAP_NET_ADMIN") && conntrack.missing.contains("Operation not permitted"));
    assert!(conntrack.conntrack.expect("what everybody may read").count.is_some());
    let neighbours = poor.collect("ext/x", pb::Source::Neighbours).await;
    assert_eq!(neighbours.outcome(), pb::Outcome::Pass, "{neighbours:?}");
    let log = poor.collect("ext/x", pb::Source::KernelLog).await;
    let restricted = std::fs::read_to_string("/proc/sys/kernel/dmesg_restrict").expect("the setting").trim() == "1";
    assert_eq!(log.outcome() == pb::Outcome::CouldNotLook, restricted, "{log:?}");
    assert!(!restricted || log.missing.contains("CAP_SYSLOG"), "{log:?}");
    let rich = Daemon::start("rich", &[]);
    let conntrack = rich.collect("ext/x", pb::Source::Conntrack).await;
    assert_eq!(conntrack.outcome(), pb::Outcome::Pass, "{conntrack:?}");
}

#[tokio::test]
async fn a_proxy_belongs_to_the_daemons_own_vantage_and_to_no_other() {
    let log = std::env::temp_dir().join(format!("probemesh-proxy-log-{}", std::process::id()));
    std::fs::write(&log, "").expect("a log");
    let place = format!("nginx={}", log.display());
    let arguments = ["--proxy", place.as_str(), "--enter", "pod/a=/proc/self/ns/net"];
    let daemon = Daemon::start("proxy", &arguments);
    let own = daemon.collect("ext/x", pb::Source::ProxyState).await;
    assert_eq!(own.outcome(), pb::Outcome::Pass, "{own:?}");
    assert_eq!(own.proxies.expect("a detail").proxies[0].kind, "nginx");
    let other = daemon.collect("pod/a", pb::Source::ProxyState).await;
    assert_eq!(other.missing, "no proxy was named to this prober: --proxy KIND=PLACE");
    std::fs::remove_file(&log).expect("it was there");
}

#[test]
fn a_wrong_command_line_is_one_message_and_a_usage_error() {
    let folder = std::env::temp_dir().join(format!("probemesh-policy-{}", std::process::id()));
    std::fs::write(&folder, "allow = []\nallow_all = true\n").unwrap();
    let policy = folder.display().to_string();
    for (arguments, says) in [
        (vec!["--listen", "0.0.0.0:7444", "--name", "ext/x"], "loopback or on unix:PATH only"),
        (vec!["--listen", "unix:/none/x", "--name", "x"], "write KIND/NAME"),
        (vec!["--listen", "unix:/none/x", "--name", "ext/x", "--policy", policy.as_str()], "line 2: unknown field"),
        (vec!["--listen", "unix:/none/x", "--name", "ext/x", "--allow", "10.0.0.0/33"], "10.0.0.0/33"),
        (vec!["--listen", "nonsense", "--name", "ext/x"], "unix:/path/to/socket or host:port"),
        (vec!["--listen", "unix:/none/x", "--name", "ext/x", "--enter", "nonsense"], "write KIND/NAME=PATH"),
        (vec!["--listen", "unix:/none/x", "--name", "ext/x", "--proxy", "squid=/x"], "write haproxy=SOCKET"),
        (
            vec!["--listen", "unix:/none/x", "--name", "ext/x", "--proxy", "envoy=http://10.0.0.1:9901"],
            "is not http:// with a loopback address",
        ),
    ] {
        let out = prober(&[&["run"], arguments.as_slice()].concat()).output().unwrap();
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
    std::fs::remove_file(&folder).unwrap();
}
