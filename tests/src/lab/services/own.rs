//! Servers of the lab's own, for what no well-behaved daemon does. Each runs on threads inside a host until the process
//! ends.

use std::{
    io::{self, Read as _, Write as _},
    net::{IpAddr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, UdpSocket},
    os::fd::AsFd as _,
    thread,
    time::Duration,
};

use nix::sys::socket::{self, Backlog, setsockopt, sockopt};

use crate::{Host, Network, serve::listen};

/// Long enough that nobody waits it out.
const NEVER: Duration = Duration::from_mins(10);
/// What a look-up below `corp.` takes.
const SLOW_NAME: Duration = Duration::from_millis(300);

/// How one port of the edge misbehaves.
type Manner = fn(TcpStream);

/// The edge's ports that misbehave.
const MANNERS: [(u16, Manner); 7] = [
    (8450, reset_at_once),
    (8451, close_at_once),
    (8087, reset_at_once),
    (8088, never_read),
    (8098, leave_unread),
    (8091, cut_short),
    (8092, talk_nonsense),
];
/// The port whose accept queue holds two and is never emptied.
const FULL: u16 = 8089;

/// Starts every server of this file.
pub fn start(network: &Network) -> io::Result<()> {
    let edge = network.host("edge")?;
    for (port, manner) in MANNERS {
        listen(edge, any(port), manner)?;
    }
    never_accept(edge)?;
    hold(edge)?;
    listen(network.host("backend")?, any(8081), backend)?;
    slow_names(network.host("dns")?)
}

fn any(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V6(Ipv6Addr::UNSPECIFIED), port)
}

/// Reads the first bytes and aborts: a close with linger 0 sends RST (socket(7)).
fn reset_at_once(mut stream: TcpStream) {
    let read = stream.read(&mut [0u8; 8 << 10]);
    let linger = libc_linger();
    // Without the option the close would be an orderly one, and the scenario would show it.
    if read.is_ok() {
        setsockopt(&stream.as_fd(), sockopt::Linger, &linger).unwrap_or_default();
    }
}

fn libc_linger() -> nix::libc::linger {
    nix::libc::linger { l_onoff: 1, l_linger: 0 }
}

/// A FIN, after everything was read: what is left unread would make a reset of the close.
fn close_at_once(mut stream: TcpStream) {
    stream.set_read_timeout(Some(LOOK)).unwrap_or_default();
    let mut bytes = [0u8; 8 << 10];
    let mut waited = 0;
    while waited < 5 {
        match stream.read(&mut bytes) {
            Ok(0) => return,
            Ok(_) => waited = 0,
            Err(_) => waited += 1,
        }
    }
}

/// Reads the first words and closes: the kernel resets because of what is left.
fn leave_unread(mut stream: TcpStream) {
    stream.read(&mut [0u8; 4]).map(drop).unwrap_or_default();
    thread::sleep(LOOK);
}

fn never_read(stream: TcpStream) {
    thread::sleep(NEVER);
    drop(stream);
}

fn cut_short(mut stream: TcpStream) {
    stream.read(&mut [0u8; 8 << 10]).map(drop).unwrap_or_default();
    let reply = b"HTTP/1.1 200 OK\r\nServer: short\r\nContent-Length: 4096\r\n\r\nonly this";
    stream.write_all(reply).unwrap_or_default();
}

fn talk_nonsense(mut stream: TcpStream) {
    stream.read(&mut [0u8; 8 << 10]).map(drop).unwrap_or_default();
    stream.write_all(b"\x00\x17\x2aERR unknown command\r\n").unwrap_or_default();
}

/// Accepts nobody. The queue takes one more than the backlog (`tcp_v4_conn_request`, `sk_acceptq_is_full`); the lab itself
/// fills it, so that whoever comes next meets silence.
fn never_accept(host: &Host) -> io::Result<()> {
    let kept = host.run(|| {
        let listener = TcpListener::bind(any(FULL))?;
        socket::listen(&listener, Backlog::new(1).map_err(io::Error::from)?)?;
        let own = SocketAddr::from(([127, 0, 0, 1], FULL));
        let waiting = [TcpStream::connect(own)?, TcpStream::connect(own)?];
        Ok::<_, io::Error>((listener, waiting))
    })?;
    // As long as the lab lives.
    std::mem::forget(kept);
    Ok(())
}

/// The port that accepts until it is told not to.
const HOLDING: u16 = 8097;
/// How often it looks.
const LOOK: Duration = Duration::from_millis(20);

/// Answers like a server while `/dev/shm/hold-INODE` does not exist (the inode of the host's network namespace), and
/// accepts nobody while it does: the queue is filled first.
fn hold(host: &Host) -> io::Result<()> {
    let (listener, told) = host.run(|| {
        let listener = TcpListener::bind(any(HOLDING))?;
        socket::listen(&listener, Backlog::new(1).map_err(io::Error::from)?)?;
        listener.set_nonblocking(true)?;
        let inode = std::os::unix::fs::MetadataExt::ino(&std::fs::metadata("/proc/thread-self/ns/net")?);
        Ok::<_, io::Error>((listener, format!("{}/hold-{inode}", crate::lab::isolate::WORK)))
    })?;
    let inside = host.clone();
    thread::spawn(move || {
        let mut waiting = Vec::new();
        loop {
            let held = std::fs::exists(&told).unwrap_or(false);
            if held && waiting.is_empty() {
                let own = SocketAddr::from(([127, 0, 0, 1], HOLDING));
                waiting.extend((0..2).filter_map(|_| inside.run(move || TcpStream::connect(own)).ok()));
            }
            if held {
                thread::sleep(LOOK);
                continue;
            }
            waiting.clear();
            match listener.accept() {
                Ok((stream, _)) => drop(thread::spawn(move || backend(stream))),
                Err(_) => thread::sleep(LOOK),
            }
        }
    });
    Ok(())
}

/// `/slow?ms=N` answers after N milliseconds, never with N = 0; `/status?code=N` with that status; everything else at once.
fn backend(mut stream: TcpStream) {
    let mut bytes = vec![0u8; 8 << 10];
    let Ok(length) = stream.read(&mut bytes) else { return };
    let text = String::from_utf8_lossy(bytes.get(..length).unwrap_or_default()).into_owned();
    let path = text.split_whitespace().nth(1).unwrap_or("/");
    if let Some(ms) = path.strip_prefix("/slow?ms=").and_then(|ms| ms.parse::<u64>().ok()) {
        thread::sleep(if ms == 0 { NEVER } else { Duration::from_millis(ms) });
    }
    let status = path.strip_prefix("/status?code=").unwrap_or("200 OK");
    let reply =
        format!("HTTP/1.1 {status}\r\nServer: backend\r\nContent-Length: 8\r\nConnection: close\r\n\r\nbackend\n");
    stream.write_all(reply.as_bytes()).unwrap_or_default();
}

/// A resolver at 10.77.5.3 that takes its time to deny names below `corp.` and asks unbound for the rest.
fn slow_names(host: &Host) -> io::Result<()> {
    let inside = host.clone();
    let socket = host.run(|| UdpSocket::bind("10.77.5.3:53"))?;
    thread::spawn(move || {
        let mut bytes = [0u8; 1500];
        while let Ok((length, from)) = socket.recv_from(&mut bytes) {
            let Some(query) = bytes.get(..length).map(<[u8]>::to_vec) else { continue };
            let (socket, inside) = (socket.try_clone(), inside.clone());
            thread::spawn(move || {
                let answer = if query.windows(6).any(|six| six == b"\x04corp\x00") {
                    thread::sleep(SLOW_NAME);
                    denied(query)
                } else {
                    inside.run(move || relayed(&query)).unwrap_or_default()
                };
                if let Ok(socket) = socket {
                    socket.send_to(&answer, from).map(drop).unwrap_or_default();
                }
            });
        }
    });
    Ok(())
}

/// The question as an answer with rcode 3 (RFC 1035 §4.1.1).
fn denied(mut query: Vec<u8>) -> Vec<u8> {
    if let Some([high, low]) = query.get_mut(2..4) {
        *high |= 0x80;
        *low = (*low & 0xf0) | 0x80 | 3;
    }
    query
}

fn relayed(query: &[u8]) -> io::Result<Vec<u8>> {
    let socket = UdpSocket::bind("10.77.5.3:0")?;
    socket.set_read_timeout(Some(Duration::from_secs(2)))?;
    socket.send_to(query, "10.77.5.2:53")?;
    let mut bytes = [0u8; 1500];
    let length = socket.recv(&mut bytes)?;
    Ok(bytes.get(..length).map(<[u8]>::to_vec).unwrap_or_default())
}
