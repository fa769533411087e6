//! One request and its answer over an open connection, written and read at once.

use std::{
    net::SocketAddr,
    os::fd::{AsFd as _, OwnedFd},
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use mesh_proto::v1 as pb;
use tokio::{
    io::{self, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::{self, timeout_at},
};

use super::{
    reuse::Again,
    wire::{self, Reader, Request, Unreadable},
};
use crate::{
    failure,
    net::stream,
    probe::tls::{self, Counts},
};

/// The body's filler: no text, so that nobody takes it for one. One piece fills one TLS record.
pub(super) static FILLER: [u8; 16 << 10] = [0x70; 16 << 10];
/// What TLS 1.3 adds to a record (RFC 8446 §5.2): header, type, tag. Older suites differ by a few bytes.
const RECORD_EXTRA: u64 = 22;

/// A body of which nothing was acknowledged for so long while the kernel resent it has stalled: by then the same segment
/// was lost three times (at about 0.2, 0.6 and 1.4 s, RFC 6298).
pub(super) const STALL: Duration = Duration::from_millis(2_500);
/// Segments resent by then.
const RESENT: u32 = 3;

/// An open connection: what it carried so far, and a second handle on its socket for `TCP_INFO`.
pub(super) struct Line<'l> {
    pub(super) to: SocketAddr,
    pub(super) counts: Counts,
    pub(super) descriptor: Option<&'l OwnedFd>,
    pub(super) tls: bool,
}

impl Line<'_> {
    fn info(&self) -> Option<pb::TcpInfo> {
        self.descriptor.and_then(|descriptor| stream::info(descriptor.as_fd()))
    }

    /// Bytes of the whole stream that the peer's kernel acknowledged, or that were written where nobody counts them.
    fn acknowledged(&self) -> u64 {
        self.info().and_then(|info| info.bytes_acked).unwrap_or_else(|| self.counts.bytes_out())
    }
}

/// Sends the request, reads the answer and fills the HTTP part; with an idle time does so again on the same connection.
pub(super) async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(
    deadline: Instant,
    mut session: S,
    line: Line<'_>,
    request: &Request<'_>,
    idle: Duration,
    obs: &mut pb::Observation,
) {
    let head = wire::head(request);
    let mut talk = Talk::new(&line, &head, request);
    let ended = talk.run(deadline, &mut session, &head).await;
    let took = talk.began.elapsed();
    let sent = talk.sent.body();
    let mut again = None;
    if ended.is_ok() && !idle.is_zero() {
        match talk.in_the_way(deadline, idle) {
            None => again = Some(Again { ended: Instant::now(), idle, head: &head, request }),
            Some(reason) => obs.caveats.push(reason),
        }
    }
    let mut detail = talk.reader.detail;
    detail.first_byte_us = talk.first_byte.map(micros);
    detail.body_bytes_sent = sent;
    detail.answered_early = talk.sent_at_status.is_some_and(|sent| sent < request.body_bytes);
    match ended {
        Ok(()) => {
            detail.total_us = Some(micros(took));
            obs.outcome = pb::Outcome::Pass.into();
        }
        // A status may be there; that its body was cut is a fact of its own.
        Err(ended) => {
            detail.failed_at_us = Some(micros(took));
            obs.outcome = pb::Outcome::Fail.into();
            let far = Far { to: line.to, took, sent: (sent, request.body_bytes), status: detail.status };
            obs.failure = Some(ended.told(&far, obs.tls.as_mut()));
        }
    }
    if let Some(again) = again {
        again.use_it(deadline, &mut session, &line, &mut detail, obs).await;
    }
    obs.http = Some(detail);
}

pub(super) fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// How much of the body has left this host, as far as anybody else can tell: what the peer's kernel acknowledged. What
/// lies in our own send buffer has not been sent.
pub(super) struct Sent<'l> {
    line: &'l Line<'l>,
    /// Bytes of the stream before the body.
    before: u64,
    pub(super) body: u64,
    written: AtomicU64,
    flushed: std::sync::atomic::AtomicBool,
    /// Segments the connection had resent before.
    resent: u32,
}

impl<'l> Sent<'l> {
    pub(super) fn new(line: &'l Line<'l>, head: &[u8], body: u64) -> Self {
        let extra = if line.tls { RECORD_EXTRA } else { 0 };
        let before = line.counts.bytes_out() + u64::try_from(head.len()).unwrap_or(u64::MAX) + extra;
        let resent = line.info().map_or(0, |info| info.total_retrans);
        Self { line, before, body, written: AtomicU64::new(0), flushed: false.into(), resent }
    }

    /// So many bytes more of the body were handed on.
    pub(super) fn add(&self, bytes: u64) {
        self.written.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn body(&self) -> u64 {
        let written = self.written.load(Ordering::Relaxed);
        let info = self.line.info();
        // The SYN counts as one acknowledged byte (RFC 4898, tcpEStatsAppHCThruOctetsAcked).
        let Some(acked) = info.and_then(|info| info.bytes_acked).map(|acked| acked.saturating_sub(1)) else {
            return written;
        };
        if self.flushed.load(Ordering::Relaxed) && acked >= self.line.counts.bytes_out() {
            return written;
        }
        written.min(self.plain(acked.saturating_sub(self.before)))
    }

    /// The kernel sends the same bytes again and again and none of them is acknowledged.
    /// `timeouts`: so often in a row the timer must have run out (`icsk_retransmits`, which a tail loss probe does not
    /// move).
    fn is_resent(&self, timeouts: u32) -> bool {
        let resent = |info: pb::TcpInfo| info.total_retrans.saturating_sub(self.resent);
        self.line.info().is_some_and(|info| info.retransmits >= timeouts && resent(info) >= RESENT)
    }

    /// Bytes of the body in so many bytes of the stream.
    fn plain(&self, bytes: u64) -> u64 {
        if !self.line.tls {
            return bytes;
        }
        let piece = u64::try_from(FILLER.len()).unwrap_or(u64::MAX);
        let record = piece + RECORD_EXTRA;
        bytes / record * piece + (bytes % record).saturating_sub(RECORD_EXTRA)
    }
}

/// What ended an exchange before its answer was whole.
#[derive(Debug)]
pub(super) enum Ended {
    Bound,
    /// Nothing was acknowledged while it was sent again and again.
    Stalled,
    Closed,
    Writing(io::Error),
    Reading(io::Error),
    Unreadable(Unreadable),
    /// Exact text of what a library found or was told.
    Protocol(String),
}

/// How far an exchange came before it ended.
pub(super) struct Far {
    pub(super) to: SocketAddr,
    pub(super) took: Duration,
    /// Bytes of the body that were sent, and that were to be.
    pub(super) sent: (u64, u64),
    pub(super) status: u32,
}

impl Ended {
    pub(super) fn told(self, far: &Far, tls: Option<&mut pb::TlsDetail>) -> pb::Failure {
        let Far { to, took, sent: (sent, body), status } = far;
        let (request, response) = (format!("request to {to}"), format!("response from {to}"));
        if let (Self::Reading(error) | Self::Writing(error), Some(detail)) = (&self, tls)
            && let Some(told) = tls::broken_by_tls(&format!("read from {to} after the handshake"), error, detail)
        {
            return told;
        }
        match self {
            Self::Bound | Self::Stalled if sent < body && *status == 0 => {
                let text =
                    format!("no answer after {} ms; {sent} of {body} body bytes were acknowledged", took.as_millis());
                failure::told("request", &request, &text, "timeout")
            }
            Self::Bound | Self::Stalled if *status > 0 => {
                let text = format!("the answer had not ended after {} ms", took.as_millis());
                failure::told("response", &response, &text, "timeout")
            }
            Self::Stalled => {
                let text =
                    format!("no answer after {} ms; the request was resent and not acknowledged", took.as_millis());
                failure::told("request", &request, &text, "timeout")
            }
            Self::Bound => failure::timeout("response", &response, *took),
            Self::Closed if *status > 0 => failure::eof("response", &response, "closed in the middle of the answer"),
            Self::Closed => failure::eof("response", &response, "closed without an answer"),
            Self::Writing(error) => failure::io("request", &request, &error),
            Self::Reading(error) => failure::io("response", &response, &error),
            Self::Protocol(text) if sent < body && *status == 0 => {
                failure::told("request", &request, &text, "protocol")
            }
            Self::Protocol(text) => failure::told("response", &response, &text, "protocol"),
            Self::Unreadable(reason) => failure::told("response", &response, &reason.to_string(), "protocol"),
        }
    }
}

/// Watches whether anything is still acknowledged.
pub(super) struct Stall {
    ticks: time::Interval,
    patience: Duration,
    acknowledged: u64,
    since: Instant,
}

impl Stall {
    pub(super) fn new(patience: Duration) -> Self {
        Self { ticks: time::interval(STALL / 20), patience, acknowledged: 0, since: Instant::now() }
    }

    /// Completes when nothing was for so long while the kernel resent it.
    pub(super) async fn reached(&mut self, sent: &Sent<'_>) {
        loop {
            self.ticks.tick().await;
            let acknowledged = sent.line.acknowledged();
            let timeouts = if self.patience.is_zero() { RESENT } else { 1 };
            if acknowledged > self.acknowledged || !sent.is_resent(timeouts) {
                (self.acknowledged, self.since) = (acknowledged, Instant::now());
            } else if self.since.elapsed() >= self.patience {
                return;
            }
        }
    }
}

/// The exchange as it goes on; what it counted outlives a wait that is cut.
pub(super) struct Talk<'l> {
    pub(super) sent: Sent<'l>,
    pub(super) reader: Reader,
    pub(super) began: Instant,
    pub(super) first_byte: Option<Duration>,
    sent_at_status: Option<u64>,
    /// How long nothing may be acknowledged while it is resent; none = for ever.
    patience: Option<Duration>,
    /// The peer has closed already: what reading meets is known, and what writing meets is asked.
    pub(super) closed: bool,
}

impl<'l> Talk<'l> {
    fn new(line: &'l Line<'l>, head: &[u8], request: &Request<'_>) -> Self {
        Self {
            sent: Sent::new(line, head, request.body_bytes),
            reader: Reader::new(request.method),
            began: Instant::now(),
            first_byte: None,
            sent_at_status: None,
            patience: (request.body_bytes > 0).then_some(STALL),
            closed: false,
        }
    }

    /// One on a connection that was used before: to have been resent three times is enough.
    pub(super) fn again(line: &'l Line<'l>, head: &[u8], request: &Request<'_>) -> Self {
        Self { patience: Some(Duration::ZERO), ..Self::new(line, head, request) }
    }

    /// Why the connection can't be used again after a pause.
    fn in_the_way(&self, deadline: Instant, idle: Duration) -> Option<String> {
        if self.reader.detail.bounded {
            return Some("the first answer was not read to its end: its connection was not used again".to_owned());
        }
        if !self.reader.persists() {
            return Some("the server closes after each answer".to_owned());
        }
        if self.sent.written.load(Ordering::Relaxed) < self.sent.body {
            return Some("answered before the body was sent: its connection was not used again".to_owned());
        }
        let left = deadline.saturating_duration_since(Instant::now());
        (left <= idle).then(|| {
            let (idle, left) = (idle.as_millis(), left.as_millis());
            format!("{idle} ms idle do not fit into the {left} ms that were left: the connection was not used again")
        })
    }
}

impl Talk<'_> {
    /// Writes and reads at once until the answer is whole, something breaks, or the time is over.
    pub(super) async fn run<S>(&mut self, deadline: Instant, session: S, head: &[u8]) -> Result<(), Ended>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let (mut input, mut output) = io::split(session);
        let Self { sent, reader, began, first_byte, sent_at_status, patience, closed } = self;
        let sent = &*sent;
        let write = async {
            output.write_all(head).await?;
            output.flush().await?;
            let mut left = sent.body;
            while left > 0 {
                let piece = usize::try_from(left).unwrap_or(usize::MAX).min(FILLER.len());
                let taken = output.write(FILLER.get(..piece).unwrap_or(&FILLER)).await?;
                let taken = u64::try_from(taken).unwrap_or(0);
                sent.add(taken);
                left = left.saturating_sub(taken);
            }
            output.flush().await?;
            sent.flushed.store(true, Ordering::Relaxed);
            Ok::<_, io::Error>(())
        };
        let read = async {
            let mut buffer = vec![0u8; 16 << 10];
            loop {
                let length = match input.read(&mut buffer).await {
                    Ok(length) => length,
                    // TLS ended without close_notify, as many servers end it: the same as a close.
                    Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => 0,
                    Err(e) => return Err(Ended::Reading(e)),
                };
                if length == 0 {
                    reader.closed();
                    return if reader.done() { Ok(()) } else { Err(Ended::Closed) };
                }
                first_byte.get_or_insert_with(|| began.elapsed());
                reader.take(buffer.get(..length).unwrap_or_default()).map_err(Ended::Unreadable)?;
                if reader.detail.status > 0 {
                    sent_at_status.get_or_insert_with(|| sent.body());
                }
                if reader.done() {
                    return Ok(());
                }
            }
        };
        let (mut writing, mut broken) = (true, None);
        let met = timeout_at(deadline.into(), async {
            tokio::pin!(write, read);
            if *closed {
                writing = false;
                broken = write.as_mut().await.err();
            }
            let mut stall = Stall::new(patience.unwrap_or_default());
            loop {
                tokio::select! {
                    biased;
                    met = &mut read => return met,
                    () = stall.reached(sent), if patience.is_some() => return Err(Ended::Stalled),
                    met = &mut write, if writing => {
                        writing = false;
                        // The peer may have answered before it closed its ears: go on reading.
                        broken = met.err();
                    }
                }
            }
        })
        .await;
        match (met, broken) {
            (Err(_elapsed), _) => Err(Ended::Bound),
            // A write that failed says more than the close that was read after it.
            (Ok(Err(Ended::Closed)), Some(error)) => Err(Ended::Writing(error)),
            (Ok(met), _) => met,
        }
    }
}
