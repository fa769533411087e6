//! A forward proxy before everything else: CONNECT, and a tunnel when it answers 2xx (RFC 9110 §9.3.6).

use std::{
    net::{IpAddr, SocketAddr},
    time::Instant,
};

use mesh_proto::v1 as pb;
use tokio::{
    io::{self, AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout_at,
};

use super::wire::{self, Unreadable};
use crate::{
    failure,
    guard::Act,
    net::stream::Way,
    probe::{Ask, tcp},
};

/// Bytes of a status line that are kept.
const LINE_BYTES: usize = 512;
/// Names under which clouds' metadata services are reached from their own machines. A proxy resolves for itself, so the
/// address that the guard judged says nothing about them.
const METADATA: [&str; 5] =
    ["metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal"];

/// A way through a proxy.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Proxy {
    pub(super) at: SocketAddr,
    /// What is asked for: "name:port", "address:port", "[address]:port".
    authority: String,
}

/// The proxy of a spec and what is asked of it, or why it can't be.
pub(super) fn of(spec: &pb::HttpSpec, to: SocketAddr) -> Result<Proxy, String> {
    let at: SocketAddr =
        spec.proxy.parse().map_err(|e| format!("proxy {:?} is not an address and port: {e}", spec.proxy))?;
    let at = SocketAddr::new(at.ip().to_canonical(), at.port());
    let authority = match spec.name.parse::<IpAddr>() {
        _ if spec.name.is_empty() => to.to_string(),
        Ok(address) if address.to_canonical() == to.ip() => to.to_string(),
        Ok(address) => return Err(format!("{address} is to be asked for, and {} was judged", to.ip())),
        Err(_) if is_name(&spec.name) => format!("{}:{}", spec.name, to.port()),
        Err(_) => return Err(format!("{:?} is no name that a proxy may be asked for", spec.name)),
    };
    Ok(Proxy { at, authority })
}

/// A name that no resolver takes for an address in one of its old spellings ("0x7f.1", "2130706433"), and that is no
/// metadata service's.
fn is_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let last = name.rsplit('.').next().unwrap_or_default();
    let number = last.starts_with(|c: char| c.is_ascii_digit())
        && last.bytes().all(|b| b.is_ascii_hexdigit() || b == b'x' || b == b'X');
    !name.is_empty()
        && !number
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
        && !METADATA.contains(&name.to_ascii_lowercase().as_str())
}

/// Connects to the proxy and asks it for the target. None when no tunnel came to be; else the stream and how many bytes
/// were sent over it. Fills `tcp` about the connection to the proxy, and `http.proxy`.
pub(super) async fn tunnel(
    ask: &Ask,
    proxy: &Proxy,
    (to, act): (SocketAddr, Act),
    obs: &mut pb::Observation,
) -> Option<(TcpStream, u64)> {
    // What the proxy does on our behalf is ours.
    if let Err(denied) = ask.net.allow(to, act) {
        tcp::not_allowed(obs, &denied.into());
        return None;
    }
    obs.caveats.push(format!("through the proxy {}", proxy.at));
    let connected = tcp::connect(ask, Way::new(proxy.at, Act::Connect), ask.connect_deadline(), obs).await?;
    let mut stream = connected.stream;
    let began = Instant::now();
    let mut answer = pb::ProxyAnswer::default();
    let head = format!(
        "CONNECT {0} HTTP/1.1\r\nHost: {0}\r\nUser-Agent: probemesh/{1}\r\n\r\n",
        proxy.authority,
        env!("CARGO_PKG_VERSION")
    );
    let met = timeout_at(ask.deadline.into(), connect(&mut stream, head.as_bytes(), &mut answer)).await;
    let accepted = (200..300).contains(&answer.status);
    obs.http = Some(pb::HttpDetail { proxy: Some(answer), ..Default::default() });
    let operation = format!("CONNECT {} through {}", proxy.authority, proxy.at);
    let failure = match met {
        Ok(Ok(_)) if accepted => return Some((stream, u64::try_from(head.len()).unwrap_or(u64::MAX))),
        Ok(Ok(line)) => failure::told("proxy", &operation, &line, "protocol"),
        Ok(Err(Broken::Io(error))) => failure::io("proxy", &operation, &error),
        Ok(Err(Broken::Closed)) => failure::eof("proxy", &operation, "closed without an answer"),
        Ok(Err(Broken::Unreadable(reason))) => failure::told("proxy", &operation, &reason.to_string(), "protocol"),
        Err(_elapsed) => failure::timeout("proxy", &operation, began.elapsed()),
    };
    obs.outcome = pb::Outcome::Fail.into();
    obs.failure = Some(failure);
    None
}

#[derive(Debug)]
enum Broken {
    Io(io::Error),
    Closed,
    Unreadable(Unreadable),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Asks and reads the final answer's head, and no byte that comes after it. Returns its status line.
async fn connect(stream: &mut TcpStream, ask: &[u8], answer: &mut pb::ProxyAnswer) -> Result<String, Broken> {
    stream.write_all(ask).await?;
    for _ in 0..=wire::INFORMATIONAL {
        let (head, line) = one_head(stream).await?;
        if !head.is_informational() {
            answer.status = head.status;
            answer.reason = head.reason;
            answer.headers = head.headers;
            return Ok(line);
        }
    }
    Err(Broken::Unreadable(Unreadable::Informational))
}

/// Looks at what is there before taking it: bytes behind the head belong to the tunnel.
async fn one_head(stream: &mut TcpStream) -> Result<(wire::Head, String), Broken> {
    let mut bytes = Vec::new();
    let mut piece = [0u8; 2_048];
    loop {
        let length = stream.peek(&mut piece).await?;
        if length == 0 {
            return Err(Broken::Closed);
        }
        let news = piece.get(..length).unwrap_or_default();
        let before = bytes.len();
        bytes.extend_from_slice(news);
        // A head that drips in byte by byte is parsed once a line and not once a byte.
        let look = before == 0 || news.contains(&b'\n') || bytes.len() > wire::HEAD_BYTES;
        let head = if look { wire::answer_head(&bytes).map_err(Broken::Unreadable)? } else { None };
        let taken = head.as_ref().map_or(length, |head| head.used.saturating_sub(before)).min(length);
        stream.read_exact(piece.get_mut(..taken).unwrap_or_default()).await?;
        if let Some(head) = head {
            let line = bytes.split(|b| *b == b'\n').find(|line| line.len() > 1).unwrap_or_default();
            let line = line.get(..LINE_BYTES).unwrap_or(line);
            return Ok((head, String::from_utf8_lossy(line).trim_end().to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: &str, proxy: &str) -> Result<String, String> {
        let spec = pb::HttpSpec { name: name.to_owned(), proxy: proxy.to_owned(), ..Default::default() };
        of(&spec, SocketAddr::from(([10, 0, 0, 7], 443))).map(|proxy| proxy.authority)
    }

    #[test]
    fn a_proxy_is_asked_for_a_name_or_for_the_judged_address_and_for_nothing_else() {
        for (name, authority) in
            [("api.test", "api.test:443"), ("a-1.b_c.test.", "a-1.b_c.test.:443"), ("7eleven.test", "7eleven.test:443")]
        {
            assert_eq!(asked(name, "10.0.0.9:3128").as_deref(), Ok(authority));
        }
        assert_eq!(asked("", "[fd00::9]:3128").as_deref(), Ok("10.0.0.7:443"));
        assert_eq!(asked("10.0.0.7", "10.0.0.9:3128").as_deref(), Ok("10.0.0.7:443"));
        let refused = [
            "169.254.169.254",
            "2852039166",
            "0xa9fea9fe",
            "169.254.0xa9fe",
            "a.test\r\nX: y",
            "metadata.google.internal",
            "METADATA.google.internal.",
            ".",
        ];
        for name in refused {
            assert!(asked(name, "10.0.0.9:3128").is_err(), "{name}");
        }
        assert!(asked("api.test", "proxy.test:3128").is_err(), "a proxy is named by its address");
    }
}
