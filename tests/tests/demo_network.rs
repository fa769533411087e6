//! The faults of the demonstrations, seen with ping(8) and plain sockets: they are there, and only where they are said
//! to be. Needs root, and fails without it.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    process::Command,
    time::{Duration, Instant},
};

use mesh_lab::{DEMOS, DemoNetwork, demo};

const SERVER: &str = "10.78.4.2";
/// Payloads of an echo that make packets of 1500 and 1404 bytes; a veth lets its receiver's MTU and 4 bytes through.
const FULL: &str = "1472";
const FITTING: &str = "1376";

/// Three echoes with DF; what ping says.
fn ping(network: &DemoNetwork, host: &str, to: &str, payload: &str) -> String {
    let host = network.network.host(host).expect("host");
    let output = Command::new("nsenter")
        .arg(format!("--net={}", host.path()))
        .args(["ping", "-n", "-c", "3", "-i", "0.05", "-W", "1", "-M", "do", "-s", payload, to])
        .output()
        .expect("nsenter(1) and ping(8)");
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Posts a body from a host; whether an answer came in time.
fn upload(network: &DemoNetwork, host: &str, bytes: usize) -> bool {
    let host = network.network.host(host).expect("host");
    let answer = host.run(move || {
        let mut stream = TcpStream::connect_timeout(&SocketAddr::new(SERVER.parse().expect("address"), 8080), SECOND)?;
        stream.set_read_timeout(Some(SECOND))?;
        stream.set_write_timeout(Some(SECOND))?;
        stream.write_all(format!("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {bytes}\r\n\r\n").as_bytes())?;
        stream.write_all(&vec![b'x'; bytes])?;
        let mut first = [0u8; 12];
        stream.read_exact(&mut first)?;
        Ok(first == *b"HTTP/1.1 200")
    });
    answer.unwrap_or(false)
}

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn the_black_hole_swallows_large_packets_one_way_and_says_nothing() {
    let network = demo("path-mtu").expect("root may make namespaces");
    let vanished = ping(&network, "client", SERVER, FULL);
    assert!(vanished.contains(" 0 received") && !vanished.to_lowercase().contains("too long"), "{vanished}");
    assert!(!vanished.contains("Frag needed"), "{vanished}");
    let passed = ping(&network, "client", SERVER, FITTING);
    assert!(passed.contains(" 3 received"), "{passed}");
    let control = ping(&network, "external", SERVER, FULL);
    assert!(control.contains(" 3 received"), "{control}");
    assert!(!upload(&network, "client", 64 << 10), "64 KiB from the client must not arrive");
    assert!(upload(&network, "client", 512), "a small body arrives");
    assert!(upload(&network, "external", 64 << 10), "64 KiB from elsewhere arrive");
    // Last: the server remembers the claim and would offer a smaller MSS from then on.
    let back = ping(&network, "server", "10.78.1.2", FULL);
    assert!(back.contains("mtu = 1400") || back.contains("mtu=1400"), "the way back says so: {back}");
}

#[test]
fn nothing_listens_on_the_closed_port() {
    let network = demo("closed-port").expect("root may make namespaces");
    let host = network.network.host("client").expect("host");
    let connect = |port: u16| {
        host.run(move || {
            TcpStream::connect_timeout(&SocketAddr::new(SERVER.parse().expect("address"), port), SECOND).map(drop)
        })
    };
    assert_eq!(connect(8080).unwrap_err().kind(), std::io::ErrorKind::ConnectionRefused);
    assert!(ping(&network, "client", SERVER, FULL).contains(" 3 received"));
}

#[test]
fn only_the_client_gets_no_answer_in_the_silence() {
    let network = demo("silence").expect("root may make namespaces");
    assert!(!upload(&network, "client", 16));
    assert!(upload(&network, "external", 16));
}

#[test]
fn every_demonstration_is_up_within_a_second() {
    for (name, story) in DEMOS {
        let began = Instant::now();
        let network = demo(name).expect("root may make namespaces");
        assert!(began.elapsed() < SECOND, "{name} took {:?}", began.elapsed());
        assert_eq!(network.story, *story);
    }
    let error = demo("nonsense").unwrap_err().to_string();
    assert!(error.contains("nonsense") && error.contains("path-mtu"), "{error}");
}
