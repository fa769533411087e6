//! The daemon `coordinator`.

use std::{
    fs, io,
    io::{Read as _, Write as _},
    net::{IpAddr, SocketAddr},
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use clap::Parser as _;
use mesh_coordinator::{
    Settings,
    accept::{self, Front},
    admission::Door,
    audit::{self, Act, Row},
    durable::Durable,
    live::Live,
    members::{DEFAULT_TTL, Members, Setup},
    mesh, routes,
    vantages::chain,
};
use mesh_proto::{identity::Role, transport};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::oneshot,
    time,
};

mod args;

use args::{Audit, Cli, Command, Output, Serve, Token};

/// From a signal to the end, when a peer keeps its connection open.
const GRACE: Duration = Duration::from_secs(1);
/// Threads that drive connections.
const WORKERS: usize = 2;
/// File of the state folder with the runs.
const RUNS: &str = "runs.db";
/// Longest PEM file of an authority.
const PEM_BYTES: u64 = 16 << 10;
/// Name in the first operator's token.
const FIRST: &str = "admin";
/// Who does what is done by a command on the coordinator's own machine, as the audit names it.
const CONSOLE: &str = "the coordinator's machine";

/// What to say, and the exit code: 2 for usage, 4 for everything else that prevents running.
type Failure = (String, u8);

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Token(token) => print_token(&token),
        Command::Audit(audit) => print_audit(&audit),
        Command::Serve(serve) => run(serve),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err((text, code)) => {
            say(&text);
            ExitCode::from(code)
        }
    }
}

#[expect(clippy::print_stderr, reason = "the daemon's log")]
fn say(text: &str) {
    eprintln!("coordinator: {text}");
}

#[expect(clippy::print_stdout, reason = "a token is the result of the command that makes it")]
fn show(text: &str) {
    println!("{text}");
}

fn open(state: &Path, setup: Setup) -> Result<(Members, bool), Failure> {
    Members::open_as(state, setup).map_err(|e| (format!("--state {}: {}", state.display(), chain(&e)), 4))
}

fn print_token(token: &Token) -> Result<(), Failure> {
    if !token.state.join("mesh").exists() {
        let text = format!("--state {}: no coordinator was ever started here", token.state.display());
        return Err((text, 2));
    }
    let (members, _) = open(&token.state, Setup::default())?;
    let ttl = Duration::from_mins(token.ttl.into());
    let (role, name) = (token.role, &token.name);
    let (token, _) = members.create_token(role, name, ttl).map_err(|e| (chain(&e), 2))?;
    let row = Row::here(CONSOLE, Act::TokenMade, format!("token {} for {role} {name}", token.id()));
    members.audit().record(&row).map_err(|e| (chain(&e), 4))?;
    show(&token.to_string());
    Ok(())
}

fn print_audit(audit: &Audit) -> Result<(), Failure> {
    let out = &mut io::stdout().lock();
    let mut unheard = None;
    let torn = audit::read(&audit.state, |row, line| {
        let shown = match audit.output {
            Output::Jsonl => writeln!(out, "{line}"),
            Output::Text => writeln!(out, "{}", text(row)),
        };
        unheard = shown.err();
        unheard.is_none()
    });
    let torn = torn.map_err(|e| (format!("--state {}: {}", audit.state.display(), chain(&e)), 4))?;
    match unheard {
        // Whoever reads has seen enough: `coordinator audit | head`.
        Some(e) if e.kind() != io::ErrorKind::BrokenPipe => return Err((format!("stdout: {e}"), 4)),
        Some(_) | None => {}
    }
    if torn > 0 {
        say(&format!("{torn} lines are no rows: a write was cut short there"));
    }
    Ok(())
}

/// A row for people. Whatever a caller chose is escaped: it must not act on the reader's terminal.
fn text(row: &Row) -> String {
    let at =
        jiff::Timestamp::from_microsecond(row.at_us).map_or_else(|_| row.at_us.to_string(), |at| format!("{at:.3}"));
    let from = if row.from.is_empty() { String::new() } else { format!(" from {}", row.from) };
    let mut line = format!("{at}  {:17} {}{from}  {}", row.act.as_str(), row.by, row.about);
    for (what, more) in [("run", &row.run), ("at", &row.vantages.join(",")), ("because", &row.reason)] {
        if !more.is_empty() {
            line = format!("{line}  {what} {more}");
        }
    }
    if row.left_out > 0 {
        line = format!("{line}  ({} more refusals before it have no row)", row.left_out);
    }
    line.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn run(args: Serve) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()
        .map_err(|e| (format!("runtime: {e}"), 4))?;
    let done = runtime.block_on(serve(args));
    runtime.shutdown_background();
    done
}

async fn serve(args: Serve) -> Result<(), Failure> {
    let cluster_state = args
        .cluster_state
        .as_ref()
        .map(|path| fs::read(path).map_err(|e| (format!("--cluster-state {}: {e}", path.display()), 2)));
    let cluster_state = cluster_state.transpose()?;
    // Before the folder is made: a port that is taken must not cost the first operator's token.
    let listener = TcpListener::bind(&args.listen).await.map_err(|e| (format!("--listen {}: {e}", args.listen), 4))?;
    let (members, first) = open(&args.state, setup(&args)?)?;
    let (members, live) = (Arc::new(members), Arc::new(Live::default()));
    let durable = Durable::open(&args.state.join(RUNS)).map_err(|e| (chain(&e), 4))?;
    let settings = Settings {
        durable: Some(durable),
        live: Some(Arc::clone(&live)),
        audit: Some(Arc::clone(members.audit())),
        cluster_state,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Settings::default()
    };
    let routes = routes(settings).map_err(|e| (format!("--cluster-state: {e}"), 2))?;
    let door = Door::new(args.limits(), Arc::new(say));
    let routes = routes.add_service(mesh::Service::new(Arc::clone(&members), Arc::clone(&live), Arc::clone(&door)));
    let routes = transport::with_health_and_reflection(routes, "mesh.v1.Coordinator").await;
    say(&format!("mesh {:?}, listening on {}", members.mesh(), args.listen));
    if first {
        let (token, _) = members.create_token(Role::Operator, FIRST, DEFAULT_TTL).map_err(|e| (chain(&e), 4))?;
        let row = Row::here(CONSOLE, Act::TokenMade, format!("token {} for {} {FIRST}", token.id(), Role::Operator));
        members.audit().record(&row).map_err(|e| (chain(&e), 4))?;
        show(&format!("first operator, within {} min:", DEFAULT_TTL.as_secs() / 60));
        show(&format!("  meshctl login --coordinator {} --token {token}", reached_at(&args.listen)));
    }
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
    let front = Front { members, live, door };
    tokio::select! {
        served = accept::serve(front, listener, routes, stop) => served.map_err(|e| (chain(&e), 4)),
        () = overdue => Ok(()),
    }
}

fn setup(args: &Serve) -> Result<Setup, Failure> {
    let pem = |flag: &str, path: &Path| {
        let text = fs::File::open(path).and_then(|file| {
            let mut text = String::new();
            file.take(PEM_BYTES).read_to_string(&mut text).map(|_| text)
        });
        text.map_err(|e| (format!("{flag} {}: {e}", path.display()), 2))
    };
    let issuer = match (&args.ca_cert, &args.ca_key) {
        (Some(certificate), Some(key)) => Some((pem("--ca-cert", certificate)?, pem("--ca-key", key)?)),
        _ => None,
    };
    let mut hosts = args.host.clone();
    if let Some((host, _)) = args.listen.rsplit_once(':') {
        let host = host.trim_matches(['[', ']']);
        if !host.parse::<IpAddr>().is_ok_and(|address| address.is_unspecified()) {
            hosts.push(host.to_owned());
        }
    }
    let daemon_life = Some(Duration::from_secs(args.leaf_life.into()));
    Ok(Setup { mesh: args.mesh.clone(), issuer, daemon_life, hosts })
}

/// The address as others can write it: every address of this machine is none that they know.
fn reached_at(listen: &str) -> String {
    match listen.parse::<SocketAddr>() {
        Ok(address) if address.ip().is_unspecified() => format!("HOST:{}", address.port()),
        _ => listen.to_owned(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_means_every_interface_is_not_handed_on() {
        assert_eq!(reached_at("0.0.0.0:7443"), "HOST:7443");
        assert_eq!(reached_at("[::]:7443"), "HOST:7443");
        assert_eq!(reached_at("10.9.1.2:7443"), "10.9.1.2:7443");
        assert_eq!(reached_at("mesh.example.com:7443"), "mesh.example.com:7443");
    }
}
