//! The daemon `coordinator`.

use std::{
    fs, io,
    io::{Read as _, Write as _},
    net::IpAddr,
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use clap::Parser as _;
use mesh_coordinator::{
    Log, Settings,
    audit::{self, Act, Row},
    durable::{
        Durable,
        backup::{self, Covered, RUNS},
    },
    members::{DEFAULT_TTL, Members, Setup},
    serve::{CONSOLE, Opened, StartError, reached_at},
    vantages::chain,
};
use mesh_proto::{identity::client, notify};
use tokio::signal::unix::{SignalKind, signal};

mod args;

use args::{Audit, Backup, Cli, Command, Health, Output, Restore, Serve, Token};

/// Threads that drive connections.
const WORKERS: usize = 2;
/// Longest PEM file of an authority.
const PEM_BYTES: u64 = 16 << 10;

/// What to say, and the exit code: 2 for usage, 4 for everything else that prevents running.
type Failure = (String, u8);

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Token(token) => print_token(&token),
        Command::Serve(args) => run(serve(args)),
        Command::Health(health) => run(answers(health)),
        Command::Audit(audit) => print_audit(&audit),
        Command::Backup(args) => back_up(&args),
        Command::Restore(args) => restore(&args),
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

/// The state of a mesh that exists.
fn known(state: &Path) -> Result<Members, Failure> {
    if !state.join("mesh").exists() {
        return Err((format!("--state {}: no coordinator was ever started here", state.display()), 2));
    }
    Members::open(state, None)
        .map(|(members, _)| members)
        .map_err(|e| (format!("--state {}: {}", state.display(), chain(&e)), 4))
}

fn print_token(token: &Token) -> Result<(), Failure> {
    let members = known(&token.state)?;
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

fn covered(covered: Covered) -> String {
    let Covered { runs, members, revoked, tokens } = covered;
    format!("runs {runs}, members {members}, revoked {revoked}, unused tokens {tokens}; and the authority with its key")
}

fn back_up(args: &Backup) -> Result<(), Failure> {
    if !args.state.join("mesh").exists() {
        let text = format!("--state {}: no coordinator was ever started here", args.state.display());
        return Err((text, 2));
    }
    let made = backup::backup(&args.state, &args.to).map_err(|e| (chain(&e), 4))?;
    show(&format!("{}: {}", args.to.display(), covered(made)));
    Ok(())
}

fn restore(args: &Restore) -> Result<(), Failure> {
    let made = backup::restore(&args.state, &args.from).map_err(|e| (chain(&e), 4))?;
    show(&format!("{}: {}", args.state.display(), covered(made)));
    show("what was revoked after the backup is not: revoke it again");
    Ok(())
}

fn run(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()
        .map_err(|e| (format!("runtime: {e}"), 4))?;
    let done = runtime.block_on(work);
    runtime.shutdown_background();
    done
}

/// The handshake alone says it: the process accepts, has its key, and is of this mesh.
async fn answers(health: Health) -> Result<(), Failure> {
    let pin = known(&health.state)?.authority().pin();
    client::greet(&health.at, pin).await.map_err(|e| (e.to_string(), 4))
}

async fn serve(args: Serve) -> Result<(), Failure> {
    let cluster_state = args
        .cluster_state
        .as_ref()
        .map(|path| fs::read(path).map_err(|e| (format!("--cluster-state {}: {e}", path.display()), 2)));
    let cluster_state = cluster_state.transpose()?;
    let opened = Opened::new(&args.listen, &args.state, setup(&args)?).await.map_err(|e| failure(&e))?;
    let durable = Durable::open(&args.state.join(RUNS)).map_err(|e| (chain(&e), 4))?;
    let settings = Settings {
        durable: Some(durable),
        cluster_state,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        log: Log::new(Arc::new(say)),
        ..Settings::default()
    };
    say(&format!("mesh {:?}, listening on {}", opened.members.mesh(), args.listen));
    if opened.first {
        let token = opened.first_token().map_err(|e| (chain(&e), 4))?;
        show(&format!("first operator, within {} min:", DEFAULT_TTL.as_secs() / 60));
        show(&format!("  echo {token} | meshctl login --coordinator {} --token-file -", reached_at(&args.listen)));
    }
    let signals = stop().map_err(|e| (format!("signals: {e}"), 4))?;
    let manager = args.notify_socket.as_deref().map(Path::as_os_str);
    notify::ready(manager).map_err(|e| (format!("tell the service manager: {e}"), 4))?;
    opened.serve(settings, args.limits(), Arc::new(say), signals).await.map_err(|e| failure(&e))
}

/// Usage errors end with 2, everything else that prevents running with 4.
fn failure(error: &StartError) -> Failure {
    let code = if matches!(error, StartError::ClusterState(_)) { 2 } else { 4 };
    (chain(error), code)
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
