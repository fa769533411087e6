//! The prober's service as a coordinator meets it: over a channel, against small servers of this process.

use std::{
    fs::File,
    net::Ipv4Addr,
    sync::{Arc, mpsc},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use mesh_prober::{
    guard::Guard,
    server::{Extra, Settings, routes},
};
use mesh_proto::{
    transport,
    v1::{self as pb, probe_spec::Probe, prober_client::ProberClient},
};
use prost::Message as _;
use socket2::{Domain, SockAddr, Socket, Type};
use tokio::{io::AsyncReadExt as _, net::TcpListener};
use tokio_stream::StreamExt as _;
use tonic::{Code, Streaming, transport::Channel};

type Client = ProberClient<Channel>;

async fn client(settings: Settings) -> Client {
    ProberClient::new(transport::embedded(routes(settings)).await.expect("an in-memory channel"))
}

fn embedded() -> Settings {
    Settings { namespaces: false, ..Settings::embedded(Guard::embedded()) }
}

fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970");
    i64::try_from(since.as_micros()).expect("a clock before the year 292277")
}

fn request(vantage: &str, probes: Vec<pb::ProbeSpec>) -> pb::RunRequest {
    pb::RunRequest {
        run: "r".to_owned(),
        round: 3,
        vantage: vantage.to_owned(),
        vantage_as: format!("as/{vantage}"),
        start_us: now_us() + 20_000,
        deadline_us: 3_000_000,
        probes,
        ..Default::default()
    }
}

fn spec(task: &str, timeout_ms: u32, purpose: pb::Purpose, probe: Probe) -> pb::ProbeSpec {
    pb::ProbeSpec {
        task: task.to_owned(),
        purpose: purpose.into(),
        timeout_ms,
        connect_ms: 0,
        probe: Some(probe),
        ..Default::default()
    }
}

fn connect(task: &str, port: u16, purpose: pb::Purpose) -> pb::ProbeSpec {
    let tcp = pb::TcpSpec { address: "127.0.0.1".to_owned(), port: port.into(), ..Default::default() };
    spec(task, 900, purpose, Probe::Tcp(tcp))
}

async fn all(mut stream: Streaming<pb::Item>) -> Vec<pb::Observation> {
    let mut seen = Vec::new();
    while let Some(item) = stream.next().await {
        let item = item.expect("the stream ends well");
        seen.push(pb::Observation::decode(item.observation.as_slice()).expect("an observation"));
    }
    seen.sort_by(|a: &pb::Observation, b| a.task.cmp(&b.task));
    seen
}

async fn asked(client: &mut Client, request: pb::RunRequest) -> Vec<pb::Observation> {
    all(client.run(request).await.expect("the run begins").into_inner()).await
}

async fn listener() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let port = listener.local_addr().expect("bound").port();
    (listener, port)
}

/// A port whose listener drops every further SYN: its queue is full and nobody accepts.
#[expect(clippy::disallowed_methods, reason = "the test's own server")]
fn deaf() -> (Vec<Socket>, u16) {
    let server = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    server.bind(&SockAddr::from(std::net::SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))).expect("bound");
    server.listen(0).expect("listening");
    let address = server.local_addr().expect("bound");
    let port = address.as_socket().expect("an internet address").port();
    let mut sockets = vec![server];
    for _ in 0..4 {
        let client = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        client.set_nonblocking(true).expect("non-blocking");
        // In progress, or there at once: it fills the queue either way.
        drop(client.connect(&address));
        sockets.push(client);
    }
    (sockets, port)
}

#[tokio::test]
async fn a_prober_describes_the_place_it_stands_in() {
    let description = client(embedded()).await.describe(pb::DescribeRequest::default()).await.unwrap().into_inner();
    let [own] = description.vantages.as_slice() else { panic!("{description:?}") };
    assert_eq!((own.id.as_str(), own.kind.as_str()), ("local", "local"));
    assert!(!own.witness.is_empty() && own.netns.contains(':'), "{own:?}");
    assert!(!own.addresses.contains(&"127.0.0.1".to_owned()), "every place has a loopback: {own:?}");
}

#[tokio::test]
async fn its_clock_is_that_of_this_host() {
    let sent = now_us();
    let reply = client(embedded()).await.clock(pb::ClockRequest { sent_us: sent }).await.unwrap().into_inner();
    assert!(reply.sent_us == sent && sent <= reply.received_us && reply.received_us <= reply.replied_us, "{reply:?}");
}

#[tokio::test]
async fn a_round_brings_one_observation_for_each_probe_with_its_envelope() {
    let (_open, port) = listener().await;
    let (closed, shut) = listener().await;
    drop(closed);
    let probes = vec![connect("a", port, pb::Purpose::Question), connect("b", shut, pb::Purpose::Contrast)];
    let wanted = request("local", probes);
    let seen = asked(&mut client(embedded()).await, wanted.clone()).await;
    let outcomes: Vec<_> = seen.iter().map(|obs| (obs.task.as_str(), obs.outcome())).collect();
    assert_eq!(outcomes, [("a", pb::Outcome::Pass), ("b", pb::Outcome::Fail)]);
    for obs in &seen {
        assert_eq!((obs.run.as_str(), obs.round, obs.vantage.as_str()), ("r", 3, "as/local"));
        let timing = obs.timing.unwrap();
        assert_eq!(timing.planned_start_us, wanted.start_us);
        assert!(timing.actual_start_us >= wanted.start_us, "begun before the start: {timing:?}");
        assert!(obs.local_port > 0 || obs.outcome() == pb::Outcome::Fail, "{obs:?}");
    }
    // One thread begins them all, one right after the other.
    let apart = seen[0].timing.unwrap().actual_start_us.abs_diff(seen[1].timing.unwrap().actual_start_us);
    assert!(apart < 50_000, "{apart} us apart");
}

#[tokio::test]
async fn a_start_that_has_passed_is_run_at_once_and_says_how_late_it_is() {
    let (_open, port) = listener().await;
    let late = pb::RunRequest {
        start_us: now_us() - 500_000,
        ..request("local", vec![connect("a", port, pb::Purpose::Question)])
    };
    let seen = asked(&mut client(embedded()).await, late).await;
    assert_eq!(seen[0].outcome(), pb::Outcome::Pass);
    assert!(seen[0].timing.unwrap().lateness_us >= 500_000);
}

#[tokio::test]
async fn what_cannot_be_run_is_refused_with_its_reason() {
    let mut client = client(embedded()).await;
    let probe = connect("a", 1, pb::Purpose::Question);
    let unknown = client.run(request("netns/none", vec![probe.clone()])).await.unwrap_err();
    assert!(unknown.code() == Code::NotFound && unknown.message().contains("netns/none"), "{unknown}");
    let many = client.run(request("local", vec![probe.clone(); 65])).await.unwrap_err();
    assert_eq!(many.code(), Code::InvalidArgument, "{many}");
    let early = pb::RunRequest { start_us: now_us() + 60_000_000, ..request("local", vec![probe]) };
    assert_eq!(client.run(early).await.unwrap_err().code(), Code::InvalidArgument);
}

#[tokio::test]
async fn a_control_that_meets_silence_does_not_hold_up_the_round_and_is_reported() {
    let (_open, port) = listener().await;
    let (closed, shut) = listener().await;
    drop(closed);
    let (_deaf, silent) = deaf();
    let probes = vec![
        connect("ask", port, pb::Purpose::Question),
        connect("control-port", shut, pb::Purpose::NegativeControl),
        connect("control-silent", silent, pb::Purpose::NegativeControl),
    ];
    let began = Instant::now();
    let seen = asked(&mut client(embedded()).await, request("local", probes)).await;
    assert!(began.elapsed() < Duration::from_millis(700), "{:?}", began.elapsed());
    let told: Vec<_> = seen.iter().map(|obs| (obs.task.as_str(), obs.outcome())).collect();
    let (pass, fail) = (pb::Outcome::Pass, pb::Outcome::Fail);
    assert_eq!(told, [("ask", pass), ("control-port", fail), ("control-silent", fail)]);
    assert_eq!(seen[1].failure.as_ref().unwrap().errno_name, "ECONNREFUSED");
    assert_eq!(seen[2].failure.as_ref().unwrap().how, "timeout");
}

#[tokio::test]
async fn silence_ends_at_the_probes_own_bound_and_counts_its_syns() {
    let (_deaf, silent) = deaf();
    let mut probe = connect("ask", silent, pb::Purpose::Question);
    probe.timeout_ms = 1_400;
    let seen = asked(&mut client(embedded()).await, request("local", vec![probe])).await;
    let (failure, tcp) = (seen[0].failure.as_ref().unwrap(), seen[0].tcp.as_ref().unwrap());
    assert!(failure.how == "timeout" && failure.errno_name.is_empty(), "{failure:?}");
    assert!(tcp.queue_read && tcp.icmp.is_none());
    assert_eq!(tcp.syn_retransmits, Some(1), "the first retransmission comes after one second: {tcp:?}");
    // SYN-SENT, linux/tcp_states.h
    assert_eq!(tcp.info.unwrap().state, 2);
    let took = seen[0].timing.unwrap().duration_us;
    assert!((1_390_000..1_600_000).contains(&took), "{took}");
    assert!(seen[0].local_port > 0);
}

#[tokio::test]
async fn one_syn_is_one_syn() {
    let (_deaf, silent) = deaf();
    let tcp =
        pb::TcpSpec { address: "127.0.0.1".to_owned(), port: silent.into(), single_syn: true, ..Default::default() };
    let probe = spec("ask", 2_500, pb::Purpose::Question, Probe::Tcp(tcp));
    let seen = asked(&mut client(embedded()).await, request("local", vec![probe])).await;
    assert_eq!(seen[0].tcp.as_ref().unwrap().syn_retransmits, Some(0));
    assert!(seen[0].timing.unwrap().duration_us < 1_000_000);
}

#[tokio::test]
async fn dropping_the_stream_closes_the_sockets() {
    let (server, port) = listener().await;
    let http = pb::HttpSpec {
        address: "127.0.0.1".to_owned(),
        port: port.into(),
        method: "GET".to_owned(),
        path: "/".to_owned(),
        ..Default::default()
    };
    let probe = spec("ask", 3_000, pb::Purpose::Question, Probe::Http(http));
    let mut client = client(embedded()).await;
    let stream = client.run(request("local", vec![probe])).await.unwrap().into_inner();
    let (mut accepted, _) = server.accept().await.unwrap();
    let mut bytes = [0u8; 1024];
    assert!(accepted.read(&mut bytes).await.unwrap() > 0, "the request came");
    drop(stream);
    let closed = tokio::time::timeout(Duration::from_millis(800), accepted.read(&mut bytes)).await;
    assert!(matches!(closed, Ok(Ok(0) | Err(_))), "still open: {closed:?}");
}

#[tokio::test]
async fn a_greeting_and_a_close_are_told_apart() {
    let (server, port) = listener().await;
    tokio::spawn(async move {
        use tokio::io::AsyncWriteExt as _;
        for greeting in [b"220 mail.test ESMTP\r\n".as_slice(), b""] {
            let (mut stream, _) = server.accept().await.unwrap();
            stream.write_all(greeting).await.unwrap();
        }
    });
    let mut client = client(embedded()).await;
    let mut said = Vec::new();
    for _ in 0..2 {
        let tcp =
            pb::TcpSpec { address: "127.0.0.1".to_owned(), port: port.into(), greet_ms: 400, ..Default::default() };
        let probe = spec("ask", 900, pb::Purpose::Question, Probe::Tcp(tcp));
        let seen = asked(&mut client, request("local", vec![probe])).await;
        said.push(seen[0].tcp.clone().unwrap());
    }
    assert_eq!(said[0].greeting, b"220 mail.test ESMTP\r\n");
    assert_eq!((said[1].greeting.as_slice(), said[1].closed_by_peer.as_str()), (b"".as_slice(), "fin"));
}

/// A network namespace without a single address; it lives as long as its handle.
fn empty_namespace() -> File {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        nix::sched::unshare(nix::sched::CloneFlags::CLONE_NEWNET)
            .expect("CAP_SYS_ADMIN to make a network namespace: run the tests as root or under unshare -Urn");
        tell.send(File::open("/proc/thread-self/ns/net").expect("own namespace")).expect("somebody waits");
    });
    told.recv().expect("the namespace's thread ends well")
}

#[tokio::test]
async fn another_namespace_is_another_place() {
    let (_open, port) = listener().await;
    let extra = Extra {
        id: "host/empty".to_owned(),
        namespace: Arc::new(empty_namespace().into()),
        etc: None,
        witness: None,
        node: None,
        labels: [("app".to_owned(), "empty".to_owned())].into(),
    };
    let mut client = client(Settings { extra: vec![extra], ..embedded() }).await;
    let description = client.describe(pb::DescribeRequest::default()).await.unwrap().into_inner();
    let [own, other] = description.vantages.as_slice() else { panic!("{description:?}") };
    assert_eq!((other.id.as_str(), other.kind.as_str()), ("host/empty", "host"));
    assert_eq!((own.labels.len(), other.labels["app"].as_str()), (0, "empty"));
    assert!(own.netns != other.netns && own.witness == other.witness && other.addresses.is_empty());

    let here = asked(&mut client, request("local", vec![connect("a", port, pb::Purpose::Question)])).await;
    assert_eq!(here[0].outcome(), pb::Outcome::Pass, "the control");
    let there = asked(&mut client, request("host/empty", vec![connect("a", port, pb::Purpose::Question)])).await;
    assert_eq!(there[0].netns, other.netns);
    assert_eq!(there[0].failure.as_ref().unwrap().text, "Network is unreachable (os error 101)");

    let resolve = Probe::Resolve(pb::ResolveSpec { name: "api.test".to_owned(), family: String::new() });
    let resolve = spec("resolve", 500, pb::Purpose::Question, resolve);
    let there = asked(&mut client, request("host/empty", vec![resolve])).await;
    assert_eq!(there[0].outcome(), pb::Outcome::CouldNotLook, "whose resolv.conf is not known: {there:?}");
}

#[tokio::test]
async fn the_own_namespace_resolves_by_the_library() {
    let name = |name: &str| Probe::Resolve(pb::ResolveSpec { name: name.to_owned(), family: "4".to_owned() });
    let probes = vec![
        spec("a", 2_000, pb::Purpose::Question, name("localhost")),
        // Not a name at all, so no resolver is asked.
        spec("b", 2_000, pb::Purpose::Question, name("a..b")),
    ];
    let seen = asked(&mut client(embedded()).await, request("local", probes)).await;
    let (good, bad) = (seen[0].resolve.as_ref().unwrap(), seen[1].resolve.as_ref().unwrap());
    assert_eq!(
        (good.flavour.as_str(), good.addresses.as_slice()),
        ("getaddrinfo", ["127.0.0.1".to_owned()].as_slice())
    );
    assert!(bad.gai_error.starts_with("EAI_") && !bad.gai_text.is_empty(), "{bad:?}");
}
