//! One port for everybody: accept, TLS, and the protocol name says who it is. Members call in over `h2`, probers are called
//! over `probemesh-prober/1`, whoever joins comes without a certificate over `probemesh-enroll/1`.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use mesh_proto::{
    authz::{Authz, OnRefusal, Peer},
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
    sync::mpsc,
    task, time,
};
use tokio_rustls::{LazyConfigAcceptor, rustls::ServerConfig, server::TlsStream};
use tokio_stream::wrappers::ReceiverStream;
use tonic::service::Routes;

use crate::{
    admission::{Door, Place},
    audit::{Act, Row},
    clock,
    live::Live,
    members::{Members, StateError},
    vantages::chain,
};

/// Until a handshake is done. A silent peer holds its place no longer.
const HANDSHAKE: Duration = Duration::from_secs(5);
/// How long whoever joins may take.
const JOINING_S: i64 = 30;
/// How long a connection lasts at most; then its peer shows its certificate again. Between nine and eleven tenths of it, so
/// that those who came together do not come together again.
const CONNECTION_S: i64 = 3_600;
/// A fatal alert in the clear, "`user_canceled`" (RFC 8446 §6): the refusal costs no cryptography.
const NO_ROOM: [u8; 7] = [21, 3, 3, 0, 2, 2, 90];
/// What a refused peer has sent already is read as far as this: with bytes unread close(2) resets (RFC 1122 §4.2.2.13).
const HELLO_BYTES: usize = 4 << 10;
/// Accepted connections on their way to the server.
const WAITING: usize = 64;
/// Between two looks at who must go. A revocation by another process is seen within it.
const SWEEP: Duration = Duration::from_secs(2);
/// Between two notes of who was there.
const NOTE: Duration = Duration::from_mins(1);
/// After an accept that failed, usually for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(100);

type Conn = Link<TlsStream<TcpStream>>;
/// What the port needs to know.
#[derive(Clone)]
pub struct Front {
    pub members: Arc<Members>,
    pub live: Arc<Live>,
    pub door: Arc<Door>,
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
    let authz = Authz::new()?.telling(refusals(&front));
    let served = transport::serve_members(ReceiverStream::new(connections), routes, authz, stop);
    let done = tokio::select! {
        done = served => Ok(done?),
        () = accept(&front, &listener, &configs, &to_server) => Ok(()),
        () = sweep(&front) => Ok(()),
        () = note(&front) => Ok(()),
        () = renew_own(&front, &leaf) => Ok(()),
        () = clock::keep(&front.live) => Ok(()),
    };
    note_seen(&front);
    done
}

/// What is said and written of calls that a role does not allow.
fn refusals(front: &Front) -> OnRefusal {
    let front = front.clone();
    Arc::new(move |peer, path, reason| {
        if let Some(address) = peer.address {
            front.door.refused(address, reason);
        }
        let (row, front) = (Row::of(peer, Act::RoleRefused, path).because(reason), front.clone());
        task::spawn_blocking(move || {
            if let Err(e) = front.members.audit().record_refusal(row) {
                front.door.say(&chain(&e));
            }
        });
    })
}

async fn accept(front: &Front, listener: &TcpListener, configs: &Configs, server: &mpsc::Sender<io::Result<Conn>>) {
    loop {
        match listener.accept().await {
            Ok((tcp, address)) => match front.door.enter(address) {
                Ok(place) => {
                    let (front, configs, server) = (front.clone(), configs.clone(), server.clone());
                    tokio::spawn(async move {
                        if let Err(reason) = one(&front, &configs, tcp, address, &server, place).await {
                            front.door.refused(address, &reason);
                        }
                    });
                }
                Err(reason) => {
                    no_room(&tcp);
                    front.door.refused(address, reason);
                }
            },
            Err(e) => {
                front.door.say(&format!("accept: {e}"));
                time::sleep(PAUSE).await;
            }
        }
    }
}

/// Says so, without waiting for anything. Whether the peer hears it is the peer's concern.
fn no_room(tcp: &TcpStream) {
    drop(tcp.try_write(&NO_ROOM));
    drop(tcp.try_read(&mut [0; HELLO_BYTES]));
}

async fn one(
    front: &Front,
    configs: &Configs,
    tcp: TcpStream,
    address: SocketAddr,
    server: &mpsc::Sender<io::Result<Conn>>,
    place: Place,
) -> Result<(), String> {
    tcp.set_nodelay(true).map_err(|e| e.to_string())?;
    let stream = match time::timeout(HANDSHAKE, handshake(front, configs, tcp, address)).await {
        Ok(done) => done.map_err(|e| tls::plain(&e))?,
        Err(_) => return Err(format!("no handshake within {} s", HANDSHAKE.as_secs())),
    };
    drop(place);
    let (_, session) = stream.get_ref();
    let alpn = session.alpn_protocol().unwrap_or_default().to_vec();
    let certificate = session.peer_certificates().and_then(<[_]>::first);
    let member = certificate.map(Member::of).transpose().map_err(|e| e.to_string())?;
    let until = match (&member, alpn.as_slice()) {
        (Some(member), tls::ALPN_MEMBERS | tls::ALPN_PROBER) => member.not_after.min(now_s() + lasts()),
        (None, tls::ALPN_ENROL) => now_s() + JOINING_S,
        _ => return Err("it agreed on no protocol of the mesh".to_owned()),
    };
    let (id, cut) = front.live.admit(member.clone(), until)?;
    let (link, gone) = Link::new(stream, Peer::new(member.clone(), Some(address)), Some(cut));
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

/// How long this connection may last, seconds.
fn lasts() -> i64 {
    let tenth = CONNECTION_S / 10;
    let random = i64::from(tls::random().map_or(0, u16::from_le_bytes));
    CONNECTION_S - tenth + random % (2 * tenth)
}

async fn handshake(
    front: &Front,
    configs: &Configs,
    tcp: TcpStream,
    address: SocketAddr,
) -> io::Result<TlsStream<TcpStream>> {
    let start = LazyConfigAcceptor::new(tokio_rustls::rustls::server::Acceptor::default(), tcp).await?;
    let joins = start.client_hello().alpn().is_some_and(|mut offered| offered.any(|name| name == tls::ALPN_ENROL));
    if joins && let Err(reason) = front.door.stranger(address) {
        no_room(&start.io);
        return Err(io::Error::other(reason));
    }
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
    front.door.say(&format!("{} is connected", identity.short()));
    Ok(())
}

/// Cuts connections of members that were revoked or whose certificate ended.
async fn sweep(front: &Front) {
    let mut ticks = time::interval(SWEEP);
    loop {
        ticks.tick().await;
        if let Err(e) = front.members.reload() {
            front.door.say(&format!("revocations can't be read: {}", chain(&e)));
        }
        front.live.cut(now_s(), |member| front.members.is_revoked(member));
    }
}

/// Writes down now and then who was there, for the coordinator's next life.
async fn note(front: &Front) {
    let mut ticks = time::interval(NOTE);
    loop {
        ticks.tick().await;
        note_seen(front);
    }
}

fn note_seen(front: &Front) {
    if let Err(e) = front.members.note_seen(&front.live.last_seen()) {
        front.door.say(&format!("who was seen is not kept: {}", chain(&e)));
    }
}

async fn renew_own(front: &Front, leaf: &Leaf) {
    loop {
        // A third of their life.
        time::sleep(front.members.authority().daemon_life() / 3).await;
        if let Err(e) = front.members.renew_own(leaf) {
            front.door.say(&format!("the coordinator's own certificate is not renewed: {}", chain(&e)));
        }
    }
}
