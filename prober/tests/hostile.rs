//! Servers that mean harm: whatever they send, and for how long, a probe ends at its deadline and the prober does not
//! grow. The daemon is a process of its own, so that its memory is its own too.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use mesh_proto::{
    transport::{self, Address},
    v1::{self as pb, probe_spec::Probe, prober_client::ProberClient},
};
use prost::Message as _;
use tokio_stream::StreamExt as _;

/// Bound of each probe.
const DEADLINE: Duration = Duration::from_millis(700);
/// How long after it a probe has ended.
const LATE: Duration = Duration::from_millis(250);
/// Growth of the whole process, KiB.
const GROWTH: u64 = 8 << 10;

struct Daemon {
    child: Child,
    folder: PathBuf,
}

impl Daemon {
    #[expect(clippy::disallowed_methods, reason = "the test starts the daemon it is about")]
    fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("probemesh-hostile-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let listen = format!("unix:{}", folder.join("socket").display());
        let child = Command::new(env!("CARGO_BIN_EXE_prober"))
            .args(["run", "--name", "ext/x", "--allow", "127.0.0.0/8", "--listen", &listen])
            .stdin(Stdio::null())
            .spawn()
            .expect("the daemon starts");
        let daemon = Self { child, folder };
        for _ in 0..2_000 {
            if daemon.folder.join("socket").exists() {
                return daemon;
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("no socket");
    }

    async fn ask(&self, probe: Probe) -> (pb::Observation, Duration) {
        let at = Address::Unix(self.folder.join("socket"));
        let channel = transport::connect(&at).await.expect("it answers");
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_micros();
        let timeout_ms = u32::try_from(DEADLINE.as_millis()).expect("small");
        let request = pb::RunRequest {
            vantage: "ext/x".to_owned(),
            start_us: i64::try_from(now).expect("a clock before the year 292277"),
            deadline_us: 5_000_000,
            probes: vec![pb::ProbeSpec { probe: Some(probe), timeout_ms, ..Default::default() }],
            ..Default::default()
        };
        let mut stream = ProberClient::new(channel).run(request).await.expect("it runs").into_inner();
        let item = stream.next().await.expect("one item").expect("the stream ends well");
        let seen = pb::Observation::decode(item.observation.as_slice()).expect("an observation");
        let took = Duration::from_micros(seen.timing.expect("an envelope").duration_us);
        (seen, took)
    }

    /// A line of /proc/PID/status, KiB (proc(5)).
    fn memory(&self, line: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it lives");
        let found = status.lines().find_map(|text| text.strip_prefix(line)).expect("the line is there");
        found.trim_matches([':', ' ', '\t', 'k', 'B']).parse().expect("a number")
    }

    /// Sets the peak back to what is used now.
    fn forget_peak(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").expect("own process");
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// A server that does one thing to each connection, until writing fails.
fn serve(behave: impl Fn(&mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static) -> u32 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let port = listener.local_addr().expect("bound").port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            // The prober goes away when it has had enough.
            drop(stream.and_then(|mut stream| behave(&mut stream)));
        }
    });
    port.into()
}

/// Reads what the client says first; of HTTP/2 as much as opens its stream.
fn hear(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4 << 10];
    loop {
        let length = stream.read(&mut piece)?;
        bytes.extend(piece.iter().take(length));
        let opened = bytes.strip_prefix(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").map(opens_a_stream);
        if length == 0 || opened.unwrap_or(true) {
            return Ok(bytes);
        }
    }
}

/// A HEADERS frame (type 1) has begun.
fn opens_a_stream(mut frames: &[u8]) -> bool {
    while let [a, b, c, kind, rest @ ..] = frames {
        if *kind == 1 {
            return true;
        }
        let length = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
        // Flags and the stream's number are five bytes more.
        frames = rest.get(5 + length..).unwrap_or_default();
    }
    false
}

/// Says `first` after the request, and then the same again and again.
fn flood(first: impl Into<Vec<u8>>, again: impl Into<Vec<u8>>) -> u32 {
    drip(first, again, Duration::ZERO)
}

fn drip(first: impl Into<Vec<u8>>, again: impl Into<Vec<u8>>, pause: Duration) -> u32 {
    let (first, again) = (first.into(), again.into());
    serve(move |stream| {
        hear(stream)?;
        stream.write_all(&first)?;
        loop {
            stream.write_all(&again)?;
            if !pause.is_zero() {
                thread::sleep(pause);
            }
        }
    })
}

fn http(port: u32) -> pb::HttpSpec {
    pb::HttpSpec {
        name: "api.test".to_owned(),
        address: "127.0.0.1".to_owned(),
        port,
        method: "GET".to_owned(),
        path: "/".to_owned(),
        ..Default::default()
    }
}

fn two(port: u32) -> Probe {
    Probe::Http(pb::HttpSpec { version: "2".to_owned(), ..http(port) })
}

fn one(port: u32) -> Probe {
    Probe::Http(http(port))
}

fn tls(port: u32, wide: bool) -> Probe {
    let (address, sni) = ("127.0.0.1".to_owned(), "api.test".to_owned());
    Probe::Tls(pb::TlsSpec { address, port, sni, wide, ..Default::default() })
}

fn dns(port: u32) -> Probe {
    Probe::Dns(pb::DnsSpec {
        server: "127.0.0.1".to_owned(),
        port,
        name: "api.test".to_owned(),
        r#type: "A".to_owned(),
        transport: "tcp".to_owned(),
        ..Default::default()
    })
}

/// A frame of HTTP/2 (RFC 9113 §4.1).
fn frame(kind: u8, flags: u8, stream: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("small").to_be_bytes();
    [&length[1..], &[kind, flags, 0, 0, 0, stream], content].concat()
}

/// A record of TLS.
fn record(kind: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("small").to_be_bytes();
    [&[kind, 3, 3], &length[..], content].concat()
}

/// `ServerHello` of TLS 1.2 with ECDHE-RSA-AES128-GCM-SHA256 and no extension.
fn server_hello() -> Vec<u8> {
    record(22, &[&[2, 0, 0, 38, 3, 3][..], &[7; 32], &[0, 0xc0, 0x2f, 0]].concat())
}

/// What ends in a failure, or in a status, and what a probe makes of it.
type Case = (&'static str, Probe, fn(&pb::Observation) -> bool);

fn status(seen: &pb::Observation) -> u32 {
    seen.http.as_ref().map_or(0, |http| http.status)
}

fn failed(seen: &pb::Observation) -> bool {
    seen.outcome() == pb::Outcome::Fail
}

fn bounded(seen: &pb::Observation) -> bool {
    status(seen) == 200 && seen.http.as_ref().is_some_and(|http| http.bounded && http.body_bytes_received < 2 << 20)
}

fn cases_of_http() -> Vec<Case> {
    let page = vec![b'x'; 64 << 10];
    let chunk = [b"10000\r\n", &page[..], b"\r\n"].concat();
    // The beginning of a gzip stream of zeros without end (RFC 1952): what inflates to a thousand times as much.
    let bomb = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xec, 0xc1, 1, 1][..], &[0; 60]].concat();
    let packed = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99999999999\r\n\r\n".to_vec();
    let moved = serve(|stream| {
        hear(stream)?;
        let port = stream.local_addr()?.port();
        let answer = format!("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{port}/\r\nContent-Length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes())
    });
    let silent_proxy = drip("HTTP/1.1 200 OK\r\nX: ", "y", Duration::from_millis(50));
    let proxied = pb::HttpSpec { proxy: format!("127.0.0.1:{silent_proxy}"), ..http(1) };
    let loud_proxy = flood("HTTP/1.1 200 OK\r\n", "X: yyyyyyyyyyyyyyyyyyyy\r\n");
    let loud = pb::HttpSpec { proxy: format!("127.0.0.1:{loud_proxy}"), ..http(1) };
    let talkative = flood("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", vec![b'z'; 16 << 10]);
    let kept = pb::HttpSpec { idle_ms: 300, ..http(talkative) };
    vec![
        ("a body without end", one(flood("HTTP/1.1 200 OK\r\n\r\n", page.clone())), bounded),
        ("chunks without end", one(flood("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunk)), bounded),
        ("a packed body", one(flood([packed, bomb].concat(), vec![0; 16 << 10])), bounded),
        ("a byte at a time", one(drip("HTTP/1.1 200 OK\r\nX: ", "y", Duration::from_millis(100))), failed),
        ("headers without end", one(flood("HTTP/1.1 200 OK\r\n", "X: yyyyyyyyyyyyyyyyyyyy\r\n")), failed),
        ("one header without end", one(flood("HTTP/1.1 200 OK\r\nX: ", page)), failed),
        ("informational answers without end", one(flood("", "HTTP/1.1 103 Early Hints\r\n\r\n")), failed),
        ("redirects without end", one(moved), |seen| status(seen) == 302),
        ("a proxy that drips", Probe::Http(proxied), failed),
        ("a proxy's headers without end", Probe::Http(loud), failed),
        ("words in the pause without end", Probe::Http(kept), |seen| status(seen) == 200),
    ]
}

fn cases_of_http_2() -> Vec<Case> {
    let settings = frame(4, 0, 0, &[]);
    // HEADERS of stream 1 with ":status: 200" (RFC 7541, index 8); flag 4 ends them.
    let open = [settings.clone(), frame(1, 0, 1, &[0x88])].concat();
    let answered = [settings.clone(), frame(1, 4, 1, &[0x88])].concat();
    // A literal header that is not indexed, again and again.
    let literals = [&[0, 1, b'x', 100][..], &[b'y'; 100]].concat().repeat(150);
    let small = frame(9, 0, 1, &[]);
    vec![
        ("continuations without end", two(flood(open.clone(), frame(9, 0, 1, &literals))), failed),
        ("empty continuations without end", two(flood(open, small.repeat(100))), failed),
        ("pings without end", two(flood(settings.clone(), frame(6, 0, 0, &[0; 8]).repeat(100))), failed),
        ("settings without end", two(flood(settings.clone(), frame(4, 0, 0, &[]).repeat(100))), failed),
        ("data without end", two(flood(answered.clone(), frame(0, 0, 1, &[0; 16 << 10]))), |seen| status(seen) == 200),
        ("empty data without end", two(flood(answered, frame(0, 0, 1, &[]).repeat(100))), |seen| status(seen) == 200),
        ("unknown frames without end", two(flood(settings.clone(), frame(0xbb, 0, 0, &[0; 16 << 10]))), failed),
        ("streams nobody asked for", two(flood(settings, frame(1, 4, 2, &[0x88]).repeat(100))), failed),
    ]
}

fn cases_of_tls_and_dns() -> Vec<Case> {
    let hello = server_hello();
    // A Certificate message of 16 MiB, 16 KiB a record.
    let certificate = [hello.clone(), record(22, &[11, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfc])].concat();
    let more = record(22, &[0; 16 << 10]);
    let requests = record(22, &[0, 0, 0, 0]).repeat(100);
    let warnings = record(21, &[1, 90]).repeat(100);
    let drip_of = |first: Vec<u8>| drip(first, vec![0], Duration::from_millis(50));
    vec![
        ("a chain of 16 MiB", tls(flood(certificate.clone(), more), false), failed),
        ("hello requests without end", tls(flood(hello.clone(), requests), false), failed),
        ("empty records without end", tls(flood(hello.clone(), record(22, &[]).repeat(100)), false), failed),
        ("warnings without end", tls(flood(Vec::new(), warnings), false), failed),
        ("a handshake that drips", tls(drip_of(certificate), false), failed),
        ("no TLS without end, to a wide hello", tls(flood("HTTP/1.1 200", vec![b'x'; 16 << 10]), true), failed),
        ("a wide answer that drips", tls(drip_of(vec![22, 3, 3, 0x40, 0, 2, 0, 0x3f]), true), failed),
        (
            "a greeting without end",
            {
                let (address, port) = ("127.0.0.1".to_owned(), flood("", vec![b'x'; 16 << 10]));
                Probe::Tcp(pb::TcpSpec { address, port, greet_ms: 500, ..Default::default() })
            },
            |seen| seen.outcome() == pb::Outcome::Pass,
        ),
        ("64 KiB of nonsense from a resolver", dns(flood([0xff; 2], vec![0xff; 64 << 10])), failed),
        ("64 KiB of compressed names", dns(names()), |seen| {
            seen.dns.as_ref().is_some_and(|dns| dns.answers.len() <= 512)
        }),
        ("a resolver that drips", dns(drip([0xff; 2], [0; 1], Duration::from_millis(50))), failed),
    ]
}

/// A TLS 1.3 server of "api.test" that does one thing to each session, and what trusts it.
fn serve_tls(
    behave: impl Fn(&mut rustls::StreamOwned<rustls::ServerConnection, TcpStream>) -> std::io::Result<()>
    + Send
    + Sync
    + 'static,
) -> (u32, Vec<u8>) {
    let certified = rcgen::generate_simple_self_signed(vec!["api.test".to_owned()]).expect("a certificate");
    let key = rustls::pki_types::PrivateKeyDer::try_from(certified.signing_key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key)
        .expect("a certificate and its key");
    let config = Arc::new(config);
    let port = serve(move |stream| {
        let connection = rustls::ServerConnection::new(Arc::clone(&config)).expect("a configuration");
        let mut session = rustls::StreamOwned::new(connection, stream.try_clone()?);
        // The request, and with it the end of the handshake.
        let length = session.read(&mut [0; 4_096])?;
        if length == 0 { Ok(()) } else { behave(&mut session) }
    });
    (port, certified.cert.pem().into_bytes())
}

fn cases_over_tls() -> Vec<Case> {
    let over = |(port, ca_pem): (u32, Vec<u8>)| Probe::Http(pb::HttpSpec { tls: true, ca_pem, ..http(port) });
    let peaceful = serve_tls(|session| session.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"));
    let keys = serve_tls(|session| {
        loop {
            session.conn.refresh_traffic_keys().map_err(std::io::Error::other)?;
            session.flush()?;
        }
    });
    let body = serve_tls(|session| {
        session.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
        loop {
            session.write_all(&[b'x'; 16 << 10])?;
        }
    });
    vec![
        ("an honest server, the control", over(peaceful), |seen| seen.outcome() == pb::Outcome::Pass),
        ("new keys without end", over(keys), failed),
        ("a body over TLS without end", over(body), bounded),
    ]
}

/// A resolver that answers with as many records as 64 KiB hold, each of a name of 255 bytes by one pointer.
fn names() -> u32 {
    serve(|stream| {
        let question = hear(stream)?;
        // Behind the length: the id, and behind the rest of the header the question (RFC 1035 §4.1.1).
        let (Some(id), Some(question)) = (question.get(2..4), question.get(14..)) else { return Ok(()) };
        let count = 3_000u16.to_be_bytes();
        let mut answer = [id, &[0x81, 0x80, 0, 1], &count, &[0; 4], question].concat();
        // The first owner is spelt out, all others point at it.
        let at = u16::try_from(answer.len()).expect("small") | 0xc000;
        for index in 0..3_000 {
            if index == 0 {
                for _ in 0..3 {
                    answer.extend([&[63][..], &[1; 63]].concat());
                }
                answer.push(0);
            } else {
                answer.extend(at.to_be_bytes());
            }
            answer.extend([0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 10, 0, 0, 7]);
        }
        let length = u16::try_from(answer.len()).expect("below 64 KiB").to_be_bytes();
        stream.write_all(&[&length[..], &answer].concat())
    })
}

/// Once through every library in peace: pages of code that are read in for the first time are no growth.
async fn warm_up(daemon: &Daemon) {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    let peaceful = || serve(move |stream| hear(stream).and_then(|_| stream.write_all(answer.as_bytes())));
    let (seen, _) = daemon.ask(one(peaceful())).await;
    assert_eq!((seen.outcome(), status(&seen)), (pb::Outcome::Pass, 200), "the control: {seen:?}");
    let settings = [frame(4, 0, 0, &[]), frame(4, 1, 0, &[]), frame(1, 5, 1, &[0x88])].concat();
    let (seen, _) = daemon.ask(two(flood(settings, frame(4, 1, 0, &[])))).await;
    assert_eq!(status(&seen), 200, "the control: {seen:?}");
    for _ in 0..3 {
        for probe in [tls(peaceful(), false), tls(peaceful(), true), dns(peaceful())] {
            assert!(failed(&daemon.ask(probe).await.0));
        }
    }
}

#[tokio::test]
async fn whatever_a_server_sends_a_probe_ends_in_time_and_the_prober_does_not_grow() {
    let daemon = Daemon::start();
    warm_up(&daemon).await;
    let (mut wrong, mut most) = (Vec::new(), 0);
    for (name, probe, fits) in [cases_of_http(), cases_of_http_2(), cases_over_tls(), cases_of_tls_and_dns()].concat() {
        daemon.forget_peak();
        let before = daemon.memory("VmRSS");
        let (seen, took) = daemon.ask(probe).await;
        let grown = daemon.memory("VmHWM").saturating_sub(before);
        most = most.max(grown);
        if took > DEADLINE + LATE || grown > GROWTH || !fits(&seen) {
            wrong.push(format!("{name}: {took:?}, {grown} KiB: {seen:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // 512 names of 255 bytes that are spelt out do take room.
    assert!(most > 256, "the control: at most {most} KiB were seen to be used");
}
