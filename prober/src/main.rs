//! The daemon `prober`.

use std::{
    collections::BTreeMap,
    fs, io,
    net::ToSocketAddrs as _,
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use clap::Parser as _;
use ipnet::IpNet;
use mesh_prober::{
    guard::Guard,
    join,
    server::{Extra, Settings, routes},
    spool::Spool,
};
use mesh_proto::{
    PROTOCOL,
    identity::token::TokenSource,
    labels::labels,
    notify,
    transport::{self, Address},
};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::oneshot,
    time,
};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::service::Routes;

mod args;

use args::{Cli, Command, Join, Keep, Offer, Run};

/// From a signal to the end, when a coordinator keeps its connection open. Rounds that go on are cut then.
const GRACE: Duration = Duration::from_secs(1);
/// Below the folder of the state of a prober that joined a mesh.
const SPOOL: &str = "spool";
/// Longest policy file.
const POLICY_BYTES: u64 = 1 << 20;

fn main() -> ExitCode {
    let command = Cli::parse().command;
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => return fail(&format!("runtime: {e}"), 4),
    };
    let done = match command {
        Command::Run(run) => runtime.block_on(serve(run)),
        Command::Join(join) => {
            let done = runtime.block_on(stay(join));
            // A probe that hangs has a thread of its own; nobody waits for it.
            runtime.shutdown_background();
            done
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err((text, code)) => fail(&text, code),
    }
}

fn fail(text: &str, code: u8) -> ExitCode {
    say(text);
    ExitCode::from(code)
}

#[expect(clippy::print_stderr, reason = "the daemon's log")]
fn say(text: &str) {
    eprintln!("prober: {text}");
}

/// Usage errors end with 2, everything else that prevents running with 4.
fn settings(offer: Offer, keep: &Keep, spool: Option<Spool>) -> Result<Settings, (String, u8)> {
    let guard = Arc::new(guard(&offer)?);
    if guard.is_closed() {
        // It runs, so that `meshctl vantages` can say what is wrong with it.
        say("no --allow and no --policy: every question will be refused");
    }
    let extra = offer.enter.iter().map(|text| enter(text)).collect::<Result<_, _>>()?;
    named(&offer.name)?;
    let labels = labels(offer.label.iter().map(String::as_str)).map_err(|e| (format!("--label: {e}"), 2))?;
    read_again(Arc::clone(&guard), offer.allow.clone(), offer.policy.clone())?;
    Ok(Settings {
        labels,
        guard,
        own: offer.name,
        witness: offer.witness,
        node: offer.node,
        namespaces: offer.namespaces,
        extra,
        proxies: offer.proxy.into(),
        spool,
        protocol: keep.protocol,
    })
}

/// The spool, where there is one: a version of the agreement that knows none leaves it as it is.
fn spool(folder: Option<&Path>, keep: &Keep) -> Result<Option<Spool>, (String, u8)> {
    let folder = folder.filter(|_| keep.protocol >= PROTOCOL);
    let opened = folder.map(|folder| Spool::open(folder, keep.spool_bytes, Arc::new(say))).transpose();
    opened.map_err(|e| (e.to_string(), 4))
}

async fn stay(join: Join) -> Result<(), (String, u8)> {
    named(&join.offer.name)?;
    // Before anything is made there: the folder may be somebody else's.
    join::held(&join.state, &join.offer.name).map_err(|e| (e.to_string(), 4))?;
    let spool = spool(Some(&join.state.join(SPOOL)), &join.keep)?;
    let settings = settings(join.offer, &join.keep, spool.clone())?;
    let ask = join::Ask {
        coordinator: join.coordinator,
        token: TokenSource::of(join.token, join.token_file),
        state: join.state,
        name: settings.own.clone(),
        guard: Arc::clone(&settings.guard),
        say: Arc::new(say),
    };
    let signals = stop().map_err(|e| (format!("signals: {e}"), 4))?;
    // A coordinator that is away is dialled until it is back: that is running too, and no reason to fail a start.
    let manager = join.notify_socket.as_deref().map(Path::as_os_str);
    notify::ready(manager).map_err(|e| (format!("tell the service manager: {e}"), 4))?;
    let stayed = join::stay(ask, routes(settings), signals).await.map_err(|e| (e.to_string(), 4));
    settle(spool);
    stayed
}

/// What was handed in reaches the disk before the process goes.
fn settle(spool: Option<Spool>) {
    if let Some(spool) = spool {
        spool.settle(GRACE);
    }
}

async fn serve(run: Run) -> Result<(), (String, u8)> {
    let spool = spool(run.spool.as_deref(), &run.keep)?;
    let settings = settings(run.offer, &run.keep, spool.clone())?;
    let guard = Arc::clone(&settings.guard);
    let routes = transport::with_health_and_reflection(routes(settings), "mesh.v1.Prober").await;
    let signals = stop().map_err(|e| (format!("signals: {e}"), 4))?;
    let (tell, told) = oneshot::channel();
    let stop = async move {
        signals.await;
        // Whoever waits for it may have ended with an error of its own.
        tell.send(()).unwrap_or_default();
    };
    let overdue = async {
        if told.await.is_err() {
            std::future::pending::<()>().await;
        }
        time::sleep(GRACE).await;
    };
    let served = tokio::select! {
        served = listen(&run.listen, &guard, routes, stop) => served,
        () = overdue => leave(&run.listen),
    };
    settle(spool);
    served
}

async fn listen(
    at: &Address,
    guard: &Guard,
    routes: Routes,
    stop: impl Future<Output = ()>,
) -> Result<(), (String, u8)> {
    let served = match at {
        Address::Unix(path) => transport::serve_unix(path, routes, stop).await,
        Address::Tcp(address) => match loopback(address).await? {
            Ok(listener) => match listener.local_addr() {
                Ok(own) => {
                    guard.keep_out_of(own);
                    transport::serve(TcpListenerStream::new(listener), routes, stop).await
                }
                Err(e) => Err(e),
            },
            Err(e) => Err(e),
        },
    };
    served.map_err(|e| (format!("listen on {at}: {e}"), 4))
}

/// A peer kept its connection open beyond the grace: the socket's file goes all the same.
fn leave(at: &Address) -> Result<(), (String, u8)> {
    match at {
        Address::Unix(path) => fs::remove_file(path).map_err(|e| (format!("remove {}: {e}", path.display()), 4)),
        Address::Tcp(_) => Ok(()),
    }
}

fn guard(offer: &Offer) -> Result<Guard, (String, u8)> {
    let Some(path) = &offer.policy else { return Ok(Guard::allowing(offer.allow.clone())) };
    policy(offer.allow.clone(), path).map_err(|text| (text, 2))
}

fn policy(allow: Vec<IpNet>, path: &Path) -> Result<Guard, String> {
    let text = read(path).map_err(|e| format!("--policy {}: {e}", path.display()))?;
    Guard::allowing_within(allow, &text).map_err(|e| format!("--policy {}: {e}", path.display()))
}

/// Reads the policy again at every SIGHUP. One that can't be read leaves the old one in force.
fn read_again(guard: Arc<Guard>, allow: Vec<IpNet>, path: Option<PathBuf>) -> Result<(), (String, u8)> {
    let mut hangups = signal(SignalKind::hangup()).map_err(|e| (format!("signals: {e}"), 4))?;
    tokio::spawn(async move {
        while hangups.recv().await.is_some() {
            match path.as_ref().map(|path| (path, policy(allow.clone(), path))) {
                Some((path, Ok(fresh))) => {
                    guard.follow(&fresh);
                    say(&format!("--policy {}: read again, and in force", path.display()));
                }
                Some((_, Err(text))) => say(&format!("{text}; the policy read before stays in force")),
                None => say("SIGHUP reads --policy again, and none was given"),
            }
        }
    });
    Ok(())
}

fn read(path: &Path) -> io::Result<String> {
    let size = fs::metadata(path)?.len();
    if size > POLICY_BYTES {
        return Err(io::Error::other(format!("{size} bytes are more than the {POLICY_BYTES} a policy may have")));
    }
    fs::read_to_string(path)
}

fn named(name: &str) -> Result<(), (String, u8)> {
    const KINDS: [&str; 4] = ["host", "node", "pod", "ext"];
    match name.split_once('/') {
        Some((kind, rest)) if KINDS.contains(&kind) && !rest.is_empty() => Ok(()),
        _ => Err((format!("--name {name:?}: write KIND/NAME with KIND one of {}", KINDS.join(", ")), 2)),
    }
}

/// `KIND/NAME=PATH[,witness=NAME][,node=NAME][,etc=FOLDER][,label:KEY=VALUE]`.
fn enter(text: &str) -> Result<Extra, (String, u8)> {
    const FORM: &str = "write KIND/NAME=PATH[,witness=NAME][,node=NAME][,etc=FOLDER][,label:KEY=VALUE]";
    let wrong = || (format!("--enter {text:?}: {FORM}"), 2);
    let (id, rest) = text.split_once('=').ok_or_else(wrong)?;
    named(id)?;
    let mut parts = rest.split(',');
    let path = parts.next().unwrap_or_default();
    let file = fs::File::open(path).map_err(|e| (format!("--enter {id}: {path}: {e}"), 4))?;
    let namespace = Arc::new(OwnedFd::from(file));
    // Unless somebody says otherwise it is this machine: two names for one kernel must not count as two witnesses.
    let mut extra =
        Extra { id: id.to_owned(), namespace, etc: None, witness: None, node: None, labels: BTreeMap::new() };
    let mut given = Vec::new();
    for part in parts {
        if let Some(label) = part.strip_prefix("label:") {
            given.push(label);
            continue;
        }
        match part.split_once('=') {
            Some(("witness", name)) => extra.witness = Some(name.to_owned()),
            Some(("node", name)) => extra.node = Some(name.to_owned()),
            Some(("etc", folder)) => extra.etc = Some(folder.into()),
            _ => return Err(wrong()),
        }
    }
    extra.labels = labels(given).map_err(|e| (format!("--enter {id}: label: {e}"), 2))?;
    Ok(extra)
}

#[expect(clippy::disallowed_methods, reason = "the daemon's own listening address, from its command line")]
async fn loopback(address: &str) -> Result<io::Result<tokio::net::TcpListener>, (String, u8)> {
    let resolved: Vec<_> = address.to_socket_addrs().map_err(|e| (format!("--listen {address}: {e}"), 2))?.collect();
    if !resolved.iter().all(|address| address.ip().is_loopback()) {
        let text = format!("--listen {address}: without TLS a prober listens on loopback or on unix:PATH only");
        return Err((text, 2));
    }
    Ok(tokio::net::TcpListener::bind(resolved.as_slice()).await)
}

/// Completes on SIGTERM or SIGINT.
fn stop() -> io::Result<impl Future<Output = ()>> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
