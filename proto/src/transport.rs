//! Channels and servers: over a Unix socket, over TCP, over an in-memory pipe. One way to build each.
//!
//! Every server carries the same bounds: load is shed rather than queued, calls per connection are limited, and a call
//! that does not begin to answer within [`CALL_DEADLINE`] is ended.

use std::{
    future::Future,
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, UnixListener, UnixStream},
};
use tokio_stream::{Stream, StreamExt as _, wrappers::UnixListenerStream};
use tonic::{
    service::Routes,
    transport::{Channel, Endpoint, Server, Uri},
};
use tower::service_fn;

use lifeline::Noted;

pub mod lifeline;

/// Calls in flight on one connection. A coordinator sends one `Run` per vantage and round, and a prober that enters
/// every namespace of a node has a few dozen vantages.
pub const CALLS_PER_CONNECTION: usize = 256;
/// Until a call's response head. Streams may go on longer; `Run` begins to answer when its first probe ends.
pub const CALL_DEADLINE: Duration = Duration::from_mins(1);
/// Largest message either side accepts. An observation with a full firewall table stays below a tenth of it.
pub const MESSAGE_BYTES: usize = 4 << 20;
/// Until a peer must have accepted a connection.
pub const CONNECT_DEADLINE: Duration = Duration::from_secs(3);
/// Between two pings on an idle connection of the mesh, both ways. Below the 30 s after which the strictest NATs forget a
/// flow.
const PING_EVERY: Duration = Duration::from_secs(5);
/// Until a ping must be answered: longer than four retransmissions of a lost segment (RFC 6298, from 200 ms on). A peer that
/// is silent, and a NAT that forgot the flow, are so noticed within ten seconds.
const PING_ANSWER: Duration = Duration::from_secs(5);
/// Largest header list of a call.
const HEADER_BYTES: u32 = 16 << 10;
/// Buffer of the in-memory pipe.
const PIPE_BYTES: usize = 256 << 10;

/// Where a gRPC peer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A Unix socket's path.
    Unix(PathBuf),
    /// `host:port`, without TLS.
    Tcp(String),
}

/// Why an address could not be understood.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not an address: write unix:/path/to/socket or host:port")]
pub struct BadAddress(pub String);

impl std::str::FromStr for Address {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        if let Some(path) = text.strip_prefix("unix:") {
            return if path.is_empty() { Err(BadAddress(text.to_owned())) } else { Ok(Self::Unix(path.into())) };
        }
        match text.rsplit_once(':') {
            Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port != 0) => {
                Ok(Self::Tcp(text.to_owned()))
            }
            _ => Err(BadAddress(text.to_owned())),
        }
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::Tcp(address) => f.write_str(address),
        }
    }
}

/// Opens a channel to a peer.
pub async fn connect(address: &Address) -> Result<Channel, tonic::transport::Error> {
    match address {
        Address::Unix(path) => {
            let path = path.clone();
            let endpoint = Endpoint::from_static("http://mesh.invalid").connect_timeout(CONNECT_DEADLINE);
            let dial = service_fn(move |_: Uri| {
                let path = path.clone();
                async move { UnixStream::connect(path).await.map(TokioIo::new) }
            });
            endpoint.connect_with_connector(dial).await
        }
        Address::Tcp(address) => {
            let address = address.clone();
            let endpoint = Endpoint::from_static("http://mesh.invalid").connect_timeout(CONNECT_DEADLINE);
            let dial = service_fn(move |_: Uri| {
                let address = address.clone();
                async move { tcp(&address).await.map(TokioIo::new) }
            });
            endpoint.connect_with_connector(dial).await
        }
    }
}

/// Connects to `host:port` within [`CONNECT_DEADLINE`].
#[expect(clippy::disallowed_methods, reason = "the mesh's own control connection, not a probe")]
pub async fn tcp(address: &str) -> io::Result<TcpStream> {
    let late =
        |_| io::Error::new(io::ErrorKind::TimedOut, format!("no answer within {} s", CONNECT_DEADLINE.as_secs()));
    let stream = tokio::time::timeout(CONNECT_DEADLINE, TcpStream::connect(address)).await.map_err(late)??;
    // Without it every unary call waits for a delayed ACK (41 ms measured).
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// A channel over one stream that exists already. It can't be dialled again: a channel whose stream ended stays dead.
pub async fn over<S>(stream: S) -> Result<Channel, tonic::transport::Error>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    over_and_again(stream, || async { Err(io::Error::other("the connection is gone")) }).await
}

/// A channel over one stream that exists already, and over what `dial` opens once that has ended.
pub async fn over_and_again<S, D, F>(stream: S, dial: D) -> Result<Channel, tonic::transport::Error>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    D: Fn() -> F + Send + 'static,
    F: Future<Output = io::Result<S>> + Send + 'static,
{
    let mut stream = Some(stream);
    let dial = service_fn(move |_: Uri| {
        let ready = stream.take();
        let again = ready.is_none().then(&dial);
        async move {
            match (ready, again) {
                (Some(stream), _) => Ok(TokioIo::new(stream)),
                (None, Some(again)) => again.await.map(TokioIo::new),
                (None, None) => Err(io::ErrorKind::NotConnected.into()),
            }
        }
    });
    Endpoint::from_static("http://mesh.invalid")
        .http2_keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PING_ANSWER)
        .keep_alive_while_idle(true)
        .connect_with_connector(dial)
        .await
}

/// Serves `routes` behind `layer` on connections that know their peer, until `stop` completes.
#[cfg(feature = "identity")]
pub async fn serve_members<I, S>(
    incoming: I,
    routes: Routes,
    layer: crate::authz::Authz,
    stop: impl Future<Output = ()>,
) -> io::Result<()>
where
    I: Stream<Item = io::Result<crate::identity::link::Link<S>>>,
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    builder()
        .http2_keepalive_interval(Some(PING_EVERY))
        .http2_keepalive_timeout(Some(PING_ANSWER))
        .http2_max_header_list_size(HEADER_BYTES)
        .layer(layer)
        .add_routes(routes)
        .serve_with_incoming_shutdown(incoming, stop)
        .await
        .map_err(io::Error::other)
}

/// Serves `routes` over an in-memory pipe and returns the channel to it. The server ends when the channel and all its
/// clones are dropped. Must be called within a tokio runtime.
pub async fn embedded(routes: Routes) -> Result<Channel, tonic::transport::Error> {
    let (near, far) = tokio::io::duplex(PIPE_BYTES);
    let incoming = tokio_stream::once(Ok::<_, io::Error>(far)).chain(tokio_stream::pending());
    tokio::spawn(async move { builder().add_routes(routes).serve_with_incoming(incoming).await });
    let mut near = Some(near);
    let dial = service_fn(move |_: Uri| {
        // One-shot: the pipe cannot be dialled again after it closed.
        let near = near.take();
        async move { near.map(TokioIo::new).ok_or_else(|| io::Error::other("the in-memory pipe is gone")) }
    });
    Endpoint::from_static("http://pipe.invalid").connect_with_connector(dial).await
}

/// Serves `routes` on a Unix socket that only its owner can open, until `stop` completes. A socket file that nobody
/// serves any more is replaced; one that answers is left alone (`AddrInUse`).
pub async fn serve_unix(path: &Path, routes: Routes, stop: impl Future<Output = ()>) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    if path.exists() {
        if UnixStream::connect(path).await.is_ok() {
            return Err(io::Error::new(io::ErrorKind::AddrInUse, format!("{} is served already", path.display())));
        }
        std::fs::remove_file(path)?;
    }
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    let done = serve(UnixListenerStream::new(listener), routes, stop).await;
    std::fs::remove_file(path)?;
    done
}

/// Serves `routes` on an accepted stream of connections until `stop` completes. Requests hold the connection's
/// [`Lifeline`](lifeline::Lifeline).
pub async fn serve<I, C>(incoming: I, routes: Routes, stop: impl Future<Output = ()>) -> io::Result<()>
where
    I: Stream<Item = io::Result<C>>,
    C: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let incoming = incoming.map(|connection| connection.map(Noted::new));
    builder().add_routes(routes).serve_with_incoming_shutdown(incoming, stop).await.map_err(io::Error::other)
}

/// Routes of one service with gRPC health and reflection beside it.
///
/// # Panics
/// Never: the committed descriptor set decodes, as the drift test shows.
pub async fn with_health_and_reflection(routes: Routes, service: &'static str) -> Routes {
    let (reporter, health) = tonic_health::server::health_reporter();
    reporter.set_service_status(service, tonic_health::ServingStatus::Serving).await;
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(crate::DESCRIPTOR)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .build_v1()
        .expect("the committed descriptor set decodes: the drift test compares it with the proto files");
    routes.add_service(health).add_service(reflection)
}

fn builder() -> Server {
    Server::builder()
        .load_shed(true)
        .concurrency_limit_per_connection(CALLS_PER_CONNECTION)
        .timeout(CALL_DEADLINE)
        .http2_keepalive_interval(Some(Duration::from_secs(20)))
}
