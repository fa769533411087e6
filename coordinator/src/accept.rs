//! One port for everybody: accept, TLS, and the protocol name says who it is. Members call in over `h2`, probers are called
//! over `probemesh-prober/1`, whoever joins comes without a certificate over `probemesh-enroll/1`.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use mesh_proto::{
    authz::{Authz, Peer},
    identity::{
        Member, Role,
        link::Link,
        now_s,
        tls::{self, Leaf, Revoked as _},
    },
    transport,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    time,
};
use tokio_rustls::{LazyConfigAcceptor, rustls::ServerConfig, server::TlsStream};
use tokio_stream::wrappers::ReceiverStream;
use tonic::service::Routes;

use crate::{
    clock,
    live::Live,
    members::{Members, StateError},
    vantages::chain,
};

/// Handshakes at once; more wait in the kernel's queue, where they cost no memory of ours.
const HANDSHAKES: usize = 64;
/// Until a handshake is done. A silent peer holds its place no longer.
const HANDSHAKE: Duration = Duration::from_secs(5);
/// How long whoever joins may take.
const JOINING_S: i64 = 30;
/// Accepted connections on their way to the server.
const WAITING: usize = 64;
/// Between two looks at who must go. A revocation by another process is seen within it.
const SWEEP: Duration = Duration::from_secs(2);
/// After an accept that failed, usually for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(100);
/// Between two certificates of the coordinator's own; a third of their life.
const OWN_RENEWAL: Duration = Duration::from_hours(8);

type Conn = Link<TlsStream<TcpStream>>;
/// Takes what an operator should read, one line each.
pub type Say = Arc<dyn Fn(&str) + Send + Sync>;

/// What the port needs to know.
#[derive(Clone)]
pub struct Front {
    pub members: Arc<Members>,
    pub live: Arc<Live>,
    pub say: Say,
}

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(transparent)]
    State(#[from] StateError),
    #[error("TLS")]
    Tls(#[from] tokio_rustls::rustls::Error),
    #[error("the API's descriptor")]
    Descriptor(#[from] prost::DecodeError),
    #[error("serve")]
    Serve(#[from] io::Error),
}

#[derive(Clone)]
struct Configs {
    members: Arc<ServerConfig>,
    enrol: Arc<ServerConfig>,
}

/// Serves until `stop` completes.
pub async fn serve(
    front: Front,
    listener: TcpListener,
    routes: Routes,
    stop: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let leaf = front.members.own_leaf()?;
    let (authority, mesh) = (front.members.authority().certificate(), front.members.mesh());
    let revoked = Arc::clone(&front.members);
    let configs = Configs {
        members: tls::member_server(authority, mesh, Arc::clone(&leaf), revoked)?,
        enrol: tls::enrol_server(Arc::clone(&leaf))?,
    };
    let (to_server, connections) = mpsc::channel(WAITING);
    let served = transport::serve_members(ReceiverStream::new(connections), routes, Authz::new()?, stop);
    tokio::select! {
        done = served => Ok(done?),
        () = accept(&front, &listener, &configs, &to_server) => Ok(()),
        () = sweep(&front) => Ok(()),
        () = renew_own(&front, &leaf) => Ok(()),
        () = clock::keep(&front.live) => Ok(()),
    }
}

async fn accept(front: &Front, listener: &TcpListener, configs: &Configs, server: &mpsc::Sender<io::Result<Conn>>) {
    let handshakes = Arc::new(Semaphore::new(HANDSHAKES));
    // The semaphore is never closed.
    while let Ok(permit) = Arc::clone(&handshakes).acquire_owned().await {
        match listener.accept().await {
            Ok((tcp, address)) => {
                let (front, configs, server) = (front.clone(), configs.clone(), server.clone());
                tokio::spawn(async move {
                    if let Err(reason) = one(&front, &configs, tcp, address, &server, permit).await {
                        (front.say)(&format!("refused {address}: {reason}"));
                    }
                });
            }
            Err(e) => {
                (front.say)(&format!("accept: {e}"));
                time::sleep(PAUSE).await;
            }
        }
    }
}

async fn one(
    front: &Front,
    configs: &Configs,
    tcp: TcpStream,
    address: SocketAddr,
    server: &mpsc::Sender<io::Result<Conn>>,
    permit: OwnedSemaphorePermit,
) -> Result<(), String> {
    tcp.set_nodelay(true).map_err(|e| e.to_string())?;
    let stream = match time::timeout(HANDSHAKE, handshake(configs, tcp)).await {
        Ok(done) => done.map_err(|e| tls::plain(&e))?,
        Err(_) => return Err(format!("no handshake within {} s", HANDSHAKE.as_secs())),
    };
    drop(permit);
    let (_, session) = stream.get_ref();
    let alpn = session.alpn_protocol().unwrap_or_default().to_vec();
    let certificate = session.peer_certificates().and_then(<[_]>::first);
    let member = certificate.map(Member::of).transpose().map_err(|e| e.to_string())?;
    let until = match (&member, alpn.as_slice()) {
        (Some(member), tls::ALPN_MEMBERS | tls::ALPN_PROBER) => member.not_after,
        (None, tls::ALPN_ENROL) => now_s() + JOINING_S,
        _ => return Err("it agreed on no protocol of the mesh".to_owned()),
    };
    let (id, cut) = front.live.admit(member.clone(), until)?;
    let (link, gone) = Link::new(stream, Peer { member: member.clone(), address: Some(address) }, Some(cut));
    let placed = match member {
        Some(member) if alpn == tls::ALPN_PROBER => reverse(front, &member, id, link).await,
        _ => server.send(Ok(link)).await.map_err(|e| chain(&e)),
    };
    // A revocation between the handshake and the admission would otherwise wait for the next sweep.
    if placed.is_ok() {
        front.live.cut(now_s(), |member| front.members.is_revoked(member));
        // An error says the same: the connection is dropped.
        drop(gone.await);
    }
    front.live.gone(id);
    placed
}

async fn handshake(configs: &Configs, tcp: TcpStream) -> io::Result<TlsStream<TcpStream>> {
    let start = LazyConfigAcceptor::new(tokio_rustls::rustls::server::Acceptor::default(), tcp).await?;
    let joins = start.client_hello().alpn().is_some_and(|mut offered| offered.any(|name| name == tls::ALPN_ENROL));
    let config = if joins { &configs.enrol } else { &configs.members };
    start.into_stream(Arc::clone(config)).await
}

/// The prober dialled; from here on this side asks.
async fn reverse(front: &Front, member: &Member, id: u64, link: Conn) -> Result<(), String> {
    let identity = &member.identity;
    if identity.role() != Role::Prober {
        return Err(format!("{} can't stand as a prober", identity.short()));
    }
    let channel = transport::over(link).await.map_err(|e| chain(&e))?;
    front.live.stand(identity.name().to_owned(), id, channel);
    (front.say)(&format!("{} is connected", identity.short()));
    Ok(())
}

/// Cuts connections of members that were revoked or whose certificate ended.
async fn sweep(front: &Front) {
    let mut ticks = time::interval(SWEEP);
    loop {
        ticks.tick().await;
        if let Err(e) = front.members.reload() {
            (front.say)(&format!("revocations can't be read: {}", chain(&e)));
        }
        front.live.cut(now_s(), |member| front.members.is_revoked(member));
    }
}

async fn renew_own(front: &Front, leaf: &Leaf) {
    loop {
        time::sleep(OWN_RENEWAL).await;
        let renewed = front.members.own().and_then(|own| Ok(own.shown_by(leaf)?));
        if let Err(e) = renewed {
            (front.say)(&format!("the coordinator's own certificate is not renewed: {}", chain(&e)));
        }
    }
}
