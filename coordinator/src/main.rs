//! The daemon `coordinator`.

use std::{fs, io, path::Path, process::ExitCode, sync::Arc, time::Duration};

use clap::Parser as _;
use mesh_coordinator::{
    Settings,
    durable::Durable,
    members::{DEFAULT_TTL, Members},
    serve::{Opened, StartError, reached_at},
    vantages::chain,
};
use tokio::signal::unix::{SignalKind, signal};

mod args;

use args::{Cli, Command, Serve, Token};

/// Threads that drive connections.
const WORKERS: usize = 2;
/// File of the state folder with the runs.
const RUNS: &str = "runs.db";

/// What to say, and the exit code: 2 for usage, 4 for everything else that prevents running.
type Failure = (String, u8);

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Token(token) => print_token(&token),
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

fn open(state: &Path, mesh: Option<&str>) -> Result<(Members, bool), Failure> {
    Members::open(state, mesh).map_err(|e| (format!("--state {}: {}", state.display(), chain(&e)), 4))
}

fn print_token(token: &Token) -> Result<(), Failure> {
    if !token.state.join("mesh").exists() {
        let text = format!("--state {}: no coordinator was ever started here", token.state.display());
        return Err((text, 2));
    }
    let (members, _) = open(&token.state, None)?;
    let ttl = Duration::from_mins(token.ttl.into());
    let (token, _) = members.create_token(token.role, &token.name, ttl).map_err(|e| (chain(&e), 2))?;
    show(&token.to_string());
    Ok(())
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
    let opened = Opened::new(&args.listen, &args.state, args.mesh.as_deref()).await.map_err(|e| failure(&e))?;
    let durable = Durable::open(&args.state.join(RUNS)).map_err(|e| (chain(&e), 4))?;
    let settings = Settings {
        durable: Some(durable),
        cluster_state,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Settings::default()
    };
    say(&format!("mesh {:?}, listening on {}", opened.members.mesh(), args.listen));
    if opened.first {
        let token = opened.first_token().map_err(|e| (chain(&e), 4))?;
        show(&format!("first operator, within {} min:", DEFAULT_TTL.as_secs() / 60));
        show(&format!("  echo {token} | meshctl login --coordinator {} --token-file -", reached_at(&args.listen)));
    }
    let signals = stop().map_err(|e| (format!("signals: {e}"), 4))?;
    opened.serve(settings, Arc::new(say), signals).await.map_err(|e| failure(&e))
}

/// Usage errors end with 2, everything else that prevents running with 4.
fn failure(error: &StartError) -> Failure {
    let code = if matches!(error, StartError::ClusterState(_)) { 2 } else { 4 };
    (chain(error), code)
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
