//! One request by HTTP/2 (RFC 9113). The library frames; what ended a stream or the connection is told in its words, and
//! errors of the connection below are kept as they were, because the library remembers their kind alone.

use std::{
    future::{Future as _, poll_fn},
    io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Instant,
};

use bytes::Bytes;
use h2::client::{Builder, Connection, ResponseFuture};
use mesh_proto::v1 as pb;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::timeout_at,
};

use super::{
    exchange::{Ended, FILLER, Far, Line, STALL, Sent, Stall, micros},
    wire::{self, Request, Unreadable},
};

/// Most that a server may send before we have read it, of the one stream and of the connection: as much as is read of any
/// answer.
const WINDOW: u32 = 1 << 20;
/// Bytes of an answer's header list, as for HTTP/1.1.
const HEADER_LIST: u32 = 64 << 10;
/// Bytes of a request body that wait inside the library.
const BUFFER: usize = 64 << 10;

/// Headers of a caller that HTTP/2 has no place for (RFC 9113 §8.2.2), or that are ours.
const NOT_SENT: [&str; 8] =
    ["connection", "content-length", "host", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade"];

/// The request's head, or why it can't be said in HTTP/2.
pub(super) fn head(request: &Request<'_>, tls: bool) -> Result<http::Request<()>, String> {
    let given = |name: &str| request.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
    let scheme = if tls { "https" } else { "http" };
    let host = given("host").map_or(request.host, |header| header.value.as_str());
    let path = if request.path.is_empty() { "/" } else { request.path };
    let mut head = http::Request::builder()
        .version(http::Version::HTTP_2)
        .method(request.method)
        .uri(format!("{scheme}://{host}{path}"));
    if given("user-agent").is_none() {
        head = head.header("user-agent", concat!("probemesh/", env!("CARGO_PKG_VERSION")));
    }
    if given("accept").is_none() {
        head = head.header("accept", "*/*");
    }
    if request.body_bytes > 0 {
        if given("content-type").is_none() {
            head = head.header("content-type", "application/octet-stream");
        }
        head = head.header("content-length", request.body_bytes);
    }
    let own = request.headers.iter().filter(|h| !NOT_SENT.contains(&h.name.to_ascii_lowercase().as_str()));
    for header in own {
        head = head.header(&header.name, &header.value);
    }
    head.body(()).map_err(|e| format!("{} {path} of {host} can't be said in HTTP/2: {e}", request.method))
}

/// Sends the request, reads the answer and fills the HTTP part.
pub(super) async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(
    deadline: Instant,
    session: S,
    line: Line<'_>,
    (request, head): (&Request<'_>, http::Request<()>),
    obs: &mut pb::Observation,
) {
    let met = Arc::<Mutex<Met>>::default();
    let session = Noted { inner: session, met: Arc::clone(&met) };
    let mut talk = Talk {
        began: Instant::now(),
        detail: pb::HttpDetail { version: "HTTP/2".to_owned(), ..Default::default() },
        body: request.body_bytes,
        sent: None,
    };
    let ended = match timeout_at(deadline.into(), talk.run(session, &line, head)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(Broken::Ended(ended))) => Err(ended),
        Ok(Err(Broken::Library(error))) => Err(meaning(&error, &met)),
        Err(_elapsed) => Err(Ended::Bound),
    };
    let Talk { began, mut detail, body, sent } = talk;
    let sent = sent.map_or(0, |sent| sent.body());
    let took = began.elapsed();
    if detail.status == 0 {
        detail.version.clear();
    }
    detail.body_bytes_sent = sent;
    match ended {
        Ok(()) => {
            detail.total_us = Some(micros(took));
            obs.outcome = pb::Outcome::Pass.into();
        }
        Err(ended) => {
            detail.failed_at_us = Some(micros(took));
            obs.outcome = pb::Outcome::Fail.into();
            let far = Far { to: line.to, took, sent: (sent, body), status: detail.status };
            obs.failure = Some(ended.told(&far, obs.tls.as_mut()));
        }
    }
    obs.http = Some(detail);
}

#[derive(Debug)]
enum Broken {
    Ended(Ended),
    Library(h2::Error),
}

impl From<h2::Error> for Broken {
    fn from(error: h2::Error) -> Self {
        Self::Library(error)
    }
}

/// What the library's error is: a frame that said so, a violation that it found, or the connection's own end.
fn meaning(error: &h2::Error, met: &Mutex<Met>) -> Ended {
    if error.is_remote() || error.is_library() {
        return Ended::Protocol(error.to_string());
    }
    let mut met = met.lock().unwrap_or_else(PoisonError::into_inner);
    match (met.error.take(), met.closed) {
        (Some(error), _) => Ended::Reading(error),
        (None, true) => Ended::Closed,
        (None, false) => Ended::Protocol(error.to_string()),
    }
}

/// The exchange as it goes on; what it counted outlives a wait that is cut.
struct Talk<'l> {
    began: Instant,
    detail: pb::HttpDetail,
    body: u64,
    /// None until the head was sent.
    sent: Option<Sent<'l>>,
}

impl<'l> Talk<'l> {
    async fn run<S>(&mut self, session: S, line: &'l Line<'l>, head: http::Request<()>) -> Result<(), Broken>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let (asker, mut driver) = Builder::new()
            .enable_push(false)
            .initial_window_size(WINDOW)
            .initial_connection_window_size(WINDOW)
            .max_header_list_size(HEADER_LIST)
            .max_send_buffer_size(BUFFER)
            .handshake::<_, Bytes>(session)
            .await?;
        let mut asker = asker.ready().await?;
        let (response, mut stream) = asker.send_request(head, self.body == 0)?;
        // Puts the head on the wire, so that what is counted from here on is the body.
        let over = poll_fn(|cx| Poll::Ready(Pin::new(&mut driver).poll(cx))).await;
        let Self { began, detail, body, sent } = self;
        let sent: &Sent<'_> = sent.insert(Sent::new(line, &[], *body));
        let write = async {
            let mut left = sent.body;
            while left > 0 {
                stream.reserve_capacity(usize::try_from(left).unwrap_or(usize::MAX).min(FILLER.len()));
                let Some(room) = poll_fn(|cx| stream.poll_capacity(cx)).await else { break };
                let piece = FILLER.get(..room?).unwrap_or(&FILLER);
                let taken = u64::try_from(piece.len()).unwrap_or(left).min(left);
                left -= taken;
                stream.send_data(Bytes::from_static(piece), left == 0)?;
                sent.add(taken);
            }
            Ok::<_, h2::Error>(())
        };
        let read = answer(response, *began, sent, detail);
        tokio::pin!(write, read);
        let (mut writing, mut broken) = (*body > 0, None);
        let mut driving = over.is_pending();
        let mut stall = Stall::new(STALL);
        loop {
            tokio::select! {
                biased;
                met = &mut read => {
                    // A stream that was reset while we wrote says more than the connection that ended after it.
                    return match (met, broken) {
                        (Err(Broken::Library(_)), Some(error)) => Err(Broken::Library(error)),
                        (met, _) => met,
                    };
                }
                () = ended(&mut driver), if driving => driving = false,
                () = stall.reached(sent), if *body > 0 => return Err(Broken::Ended(Ended::Stalled)),
                met = &mut write, if writing => {
                    writing = false;
                    broken = met.err();
                }
            }
        }
    }
}

/// Moves the connection on until it ends; what ended it is told to its streams as well.
async fn ended<S: AsyncRead + AsyncWrite + Unpin>(driver: &mut Connection<S, Bytes>) {
    drop(driver.await);
}

/// Reads the answer to its end, or as much of it as is read of any.
async fn answer(
    mut response: ResponseFuture,
    began: Instant,
    sent: &Sent<'_>,
    detail: &mut pb::HttpDetail,
) -> Result<(), Broken> {
    let head = poll_fn(|cx| {
        while let Poll::Ready(Some(Ok(informational))) = response.poll_informational(cx) {
            if detail.informational.len() == wire::INFORMATIONAL {
                return Poll::Ready(Err(Broken::Ended(Ended::Unreadable(Unreadable::Informational))));
            }
            detail.informational.push(informational.status().as_u16().into());
        }
        Pin::new(&mut response).poll(cx).map_err(Broken::Library)
    })
    .await?;
    detail.first_byte_us = Some(micros(began.elapsed()));
    detail.status = head.status().as_u16().into();
    detail.answered_early = sent.body() < sent.body;
    detail.headers =
        head.headers().iter().filter_map(|(name, value)| wire::kept(name.as_str(), value.as_bytes())).collect();
    let mut body = head.into_body();
    while let Some(piece) = poll_fn(|cx| body.poll_data(cx)).await {
        let length = piece?.len();
        body.flow_control().release_capacity(length)?;
        detail.body_bytes_received += u64::try_from(length).unwrap_or(0);
        if detail.body_bytes_received >= wire::BODY_BYTES && !body.is_end_stream() {
            detail.bounded = true;
            return Ok(());
        }
    }
    detail.complete = true;
    Ok(())
}

/// What the connection itself met.
#[derive(Debug, Default)]
struct Met {
    error: Option<io::Error>,
    closed: bool,
}

/// A stream that notes how it ended.
#[derive(Debug)]
struct Noted<S> {
    inner: S,
    met: Arc<Mutex<Met>>,
}

impl<S> Noted<S> {
    fn note<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| {
            let kind = error.kind();
            let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
            // TLS ended without close_notify is a close.
            if kind == io::ErrorKind::UnexpectedEof {
                met.closed = true;
            } else {
                met.error.get_or_insert(error);
            }
            kind.into()
        })
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Noted<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = ready!(Pin::new(&mut self.inner).poll_read(cx, buf));
        if read.is_ok() && buf.filled().len() == before && buf.remaining() > 0 {
            self.met.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        }
        Poll::Ready(self.note(read))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Noted<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.inner).poll_write(cx, bytes));
        Poll::Ready(self.note(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = ready!(Pin::new(&mut self.inner).poll_flush(cx));
        Poll::Ready(self.note(flushed))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = ready!(Pin::new(&mut self.inner).poll_shutdown(cx));
        Poll::Ready(self.note(shut))
    }
}
