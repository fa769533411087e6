//! One HTTP/1.1 request on a fresh connection, reading while it writes: an early answer, an informational one, the bytes
//! that were acknowledged when it stalled are evidence that a client library would hide.

use std::{
    net::SocketAddr,
    os::fd::{AsFd as _, OwnedFd},
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use mesh_proto::v1 as pb;
use tokio::{
    io::{self, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout_at,
};

use super::{
    Ask, tcp,
    tls::{self, Offer, Tap},
};
use crate::{failure, guard::Act, net::stream};

mod wire;

use wire::{Reader, Request, Unreadable};

/// Largest body that is sent.
const BODY_BYTES: u64 = 64 << 20;
/// The body's filler: no text, so that nobody takes it for one.
const FILLER: [u8; 16 << 10] = [0x70; 16 << 10];

pub(crate) async fn run(ask: &Ask, spec: &pb::HttpSpec) -> pb::Observation {
    let scheme = if spec.tls { "https" } else { "http" };
    let mut obs = tcp::about(&format!("{scheme} {} {}", spec.method, spec.path), &spec.name, &spec.address, spec.port);
    obs.payload_bytes = spec.body_bytes.min(BODY_BYTES);
    let Some(to) = tcp::target(&mut obs, &spec.address, spec.port) else { return obs };
    let host = host_header(spec);
    let request = Request {
        method: &spec.method,
        path: &spec.path,
        host: &host,
        headers: &spec.headers,
        body_bytes: obs.payload_bytes,
    };
    if let Some(reason) = wire::unsendable(&request) {
        obs.outcome = pb::Outcome::CouldNotLook.into();
        obs.missing = reason;
        return obs;
    }
    let Some(connected) = tcp::connect(ask, to, Act::Request, ask.connect_deadline(), &mut obs).await else {
        return obs;
    };
    let descriptor = connected.stream.as_fd().try_clone_to_owned().ok();
    if spec.tls {
        let offer = Offer {
            sni: if spec.sni.is_empty() { spec.name.clone() } else { spec.sni.clone() },
            alpn: vec!["http/1.1".to_owned()],
            ca_pem: spec.ca_pem.clone(),
            large_hello: false,
        };
        if let Some(session) = tls::handshake(ask, Tap::new(connected.stream), to, &offer, &mut obs).await {
            exchange(ask, session, to, &request, descriptor.as_ref(), &mut obs).await;
        }
    } else {
        exchange::<TcpStream>(ask, connected.stream, to, &request, descriptor.as_ref(), &mut obs).await;
    }
    if let (Some(tcp), Some(fd)) = (&mut obs.tcp, &descriptor) {
        tcp.info = stream::info(fd.as_fd());
    }
    obs
}

/// Port and brackets as RFC 9110 §7.2 wants them; the default port is left out.
fn host_header(spec: &pb::HttpSpec) -> String {
    let name = if spec.name.contains(':') { format!("[{}]", spec.name) } else { spec.name.clone() };
    let default = if spec.tls { 443 } else { 80 };
    if spec.port == default { name } else { format!("{name}:{}", spec.port) }
}

/// Bytes the peer acknowledged so far.
fn acked(descriptor: Option<&OwnedFd>) -> Option<u64> {
    stream::info(descriptor?.as_fd())?.bytes_acked
}

async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(
    ask: &Ask,
    session: S,
    to: SocketAddr,
    request: &Request<'_>,
    descriptor: Option<&OwnedFd>,
    obs: &mut pb::Observation,
) {
    let head = wire::head(request);
    let acked_before = acked(descriptor);
    let began = Instant::now();
    let written = AtomicU64::new(0);
    let mut reader = Reader::new(request.method);
    let mut first_byte = None;
    let ended = talk(ask, session, &head, request.body_bytes, &written, &mut reader, &mut first_byte, began).await;
    let took = began.elapsed();
    let body_written = written.load(Ordering::Relaxed);
    let mut detail = reader.detail;
    detail.first_byte_us = first_byte.map(micros);
    detail.body_bytes_sent = match (acked_before, acked(descriptor)) {
        // What lies in our own send buffer has not been sent as far as anybody else can tell.
        (Some(before), Some(after)) if ended.is_err() && detail.status == 0 => {
            let head = u64::try_from(head.len()).unwrap_or(u64::MAX);
            body_written.min(after.saturating_sub(before).saturating_sub(head))
        }
        _ => body_written,
    };
    detail.answered_early = detail.status > 0 && body_written < request.body_bytes;
    match ended {
        Ok(()) => {
            detail.total_us = Some(micros(took));
            obs.outcome = pb::Outcome::Pass.into();
        }
        // The status is there; that its body was cut is a fact of its own.
        Err(failed) => {
            detail.failed_at_us = Some(micros(took));
            obs.outcome = pb::Outcome::Fail.into();
            obs.failure = Some(failed.told(to, took));
        }
    }
    obs.http = Some(detail);
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// What ended an exchange before its answer was whole.
#[derive(Debug)]
enum Ended {
    Bound { stage: &'static str },
    Closed { stage: &'static str, text: &'static str },
    Io { stage: &'static str, error: io::Error },
    Unreadable(Unreadable),
}

impl Ended {
    fn told(self, to: SocketAddr, took: Duration) -> pb::Failure {
        match self {
            Self::Bound { stage } => failure::timeout(stage, &format!("{stage} with {to}"), took),
            Self::Closed { stage, text } => failure::eof(stage, &format!("{stage} from {to}"), text),
            Self::Io { stage, error } => failure::io(stage, &format!("{stage} with {to}"), &error),
            Self::Unreadable(reason) => {
                failure::told("response", &format!("response from {to}"), &reason.to_string(), "protocol")
            }
        }
    }
}

/// Writes and reads at once until the answer is whole, something breaks, or the time is over.
#[expect(clippy::too_many_arguments, reason = "what is counted must outlive the wait that may be cut")]
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    ask: &Ask,
    session: S,
    head: &[u8],
    body: u64,
    written: &AtomicU64,
    reader: &mut Reader,
    first_byte: &mut Option<Duration>,
    began: Instant,
) -> Result<(), Ended> {
    let (mut input, mut output) = io::split(session);
    let write = async {
        output.write_all(head).await?;
        let mut left = body;
        while left > 0 {
            let piece = usize::try_from(left).unwrap_or(usize::MAX).min(FILLER.len());
            let sent = output.write(FILLER.get(..piece).unwrap_or(&FILLER)).await?;
            let sent = u64::try_from(sent).unwrap_or(0);
            written.fetch_add(sent, Ordering::Relaxed);
            left -= sent;
        }
        output.flush().await
    };
    let read = async {
        let mut buffer = vec![0u8; 16 << 10];
        loop {
            let length = input.read(&mut buffer).await?;
            first_byte.get_or_insert_with(|| began.elapsed());
            if length == 0 {
                reader.closed();
                return Ok(None);
            }
            if let Err(reason) = reader.take(buffer.get(..length).unwrap_or_default()) {
                return Ok::<_, io::Error>(Some(reason));
            }
            if reader.done() {
                return Ok(None);
            }
        }
    };
    let mut write_error = None;
    let mut all_written = false;
    let met = timeout_at(ask.deadline.into(), async {
        tokio::pin!(write, read);
        loop {
            tokio::select! {
                biased;
                met = &mut read => return met,
                met = &mut write, if !all_written => {
                    all_written = true;
                    // The peer may have answered before it closed its ears: go on reading.
                    write_error = met.err();
                }
            }
        }
    })
    .await;
    let stage = if all_written { "response" } else { "request" };
    match met {
        Err(_elapsed) => Err(Ended::Bound { stage: "response" }),
        Ok(Ok(Some(reason))) => Err(Ended::Unreadable(reason)),
        Ok(Ok(None)) if reader.done() => Ok(()),
        Ok(Ok(None)) if reader.detail.status > 0 => {
            Err(Ended::Closed { stage: "response", text: "closed in the middle of the answer" })
        }
        Ok(Ok(None)) => match write_error {
            Some(error) => Err(Ended::Io { stage: "request", error }),
            None => Err(Ended::Closed { stage: "response", text: "closed without an answer" }),
        },
        Ok(Err(error)) => Err(Ended::Io { stage, error }),
    }
}
