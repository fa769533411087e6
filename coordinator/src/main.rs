//! The daemon `coordinator`.

use std::{fs, io, net::SocketAddr, path::Path, process::ExitCode, sync::Arc, time::Duration};

use clap::Parser as _;
use mesh_coordinator::{
    Log, Settings,
    accept::{self, Front},
    durable::{
        Durable,
        backup::{self, Covered, RUNS},
    },
    live::Live,
    members::{DEFAULT_TTL, Members},
    mesh, routes,
    vantages::chain,
};
use mesh_proto::identity::Role;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::oneshot,
    time,
};

mod args;

use args::{Backup, Cli, Command, Restore, Serve, Token};

/// From a signal to the end, when a peer keeps its connection open.
const GRACE: Duration = Duration::from_secs(1);
/// Threads that drive connections.
const WORKERS: usize = 2;
/// Name in the first operator's token.
const FIRST: &str = "admin";

/// What to say, and the exit code: 2 for usage, 4 for everything else that prevents running.
type Failure = (String, u8);

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Token(token) => print_token(&token),
        Command::Serve(serve) => run(serve),
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
    let (members, first) = open(&args.state, args.mesh.as_deref())?;
    let (members, live) = (Arc::new(members), Arc::new(Live::default()));
    let durable = Durable::open(&args.state.join(RUNS)).map_err(|e| (chain(&e), 4))?;
    let settings = Settings {
        durable: Some(durable),
        live: Some(Arc::clone(&live)),
        members: Some(Arc::clone(&members)),
        cluster_state,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        log: Log::new(Arc::new(say)),
        ..Settings::default()
    };
    let routes = routes(settings).map_err(|e| (format!("--cluster-state: {e}"), 2))?;
    let routes = routes.add_service(mesh::Service::new(Arc::clone(&members), Arc::clone(&live)));
    say(&format!("mesh {:?}, listening on {}", members.mesh(), args.listen));
    if first {
        let (token, _) = members.create_token(Role::Operator, FIRST, DEFAULT_TTL).map_err(|e| (chain(&e), 4))?;
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
    let front = Front { members, live, say: Arc::new(say) };
    tokio::select! {
        served = accept::serve(front, listener, routes, stop) => served.map_err(|e| (chain(&e), 4)),
        () = overdue => Ok(()),
    }
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
