//! Small servers for demonstrations, on threads inside a host. They serve until the process ends.

use std::{
    io::{self, Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::mpsc,
    thread,
    time::Duration,
};

use crate::namespace::Host;

/// Longest head of a request.
const HEAD_BYTES: usize = 16 << 10;
/// An idle client is let go.
const IDLE: Duration = Duration::from_secs(30);

/// Answers every request with 200 once its whole body has arrived.
pub fn http(host: &Host, address: SocketAddr) -> io::Result<()> {
    listen(host, address, |mut stream| {
        if let Some(body) = head(&mut stream) {
            let mut left = body;
            let mut buffer = vec![0u8; 64 << 10];
            while left > 0 {
                match stream.read(&mut buffer) {
                    Ok(0) | Err(_) => return,
                    Ok(length) => left = left.saturating_sub(length),
                }
            }
            let answer = b"HTTP/1.1 200 OK\r\nServer: demo\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n";
            stream.write_all(answer).and_then(|()| stream.shutdown(Shutdown::Write)).unwrap_or_default();
        }
    })
}

/// Accepts every connection and never says a word.
pub fn mute(host: &Host, address: SocketAddr) -> io::Result<()> {
    listen(host, address, |mut stream| {
        let mut buffer = vec![0u8; 4 << 10];
        while stream.read(&mut buffer).is_ok_and(|length| length > 0) {}
    })
}

/// Serves every connection to an address inside a host on a thread of its own.
pub fn listen(host: &Host, address: SocketAddr, each: fn(TcpStream)) -> io::Result<()> {
    let (tell, told) = mpsc::channel();
    let inside = host.clone();
    thread::spawn(move || {
        let listening = inside.run(move || TcpListener::bind(address));
        let listener = match listening {
            Ok(listener) => listener,
            Err(e) => return tell.send(Err(e)).unwrap_or_default(),
        };
        tell.send(Ok(())).unwrap_or_default();
        for stream in listener.incoming().filter_map(Result::ok) {
            thread::spawn(move || {
                if stream.set_read_timeout(Some(IDLE)).is_ok() {
                    each(stream);
                }
            });
        }
    });
    told.recv().map_err(io::Error::other)?
}

/// Reads a request's head and returns the length of its body.
fn head(stream: &mut TcpStream) -> Option<usize> {
    let mut bytes = Vec::new();
    let mut buffer = [0u8; 4096];
    loop {
        let length = stream.read(&mut buffer).ok().filter(|length| *length > 0)?;
        bytes.extend_from_slice(buffer.get(..length)?);
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(bytes.get(..end)?).to_ascii_lowercase();
            let declared = text.lines().find_map(|line| line.strip_prefix("content-length:"));
            let body: usize = declared.and_then(|number| number.trim().parse().ok()).unwrap_or(0);
            return Some(body.saturating_sub(bytes.len() - end - 4));
        }
        if bytes.len() > HEAD_BYTES {
            return None;
        }
    }
}
