//! Arguments of the daemon; parsing does nothing else.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use ipnet::IpNet;
use mesh_prober::spool;
use mesh_proto::{PROTOCOL, identity::token::JoinToken};

/// Offers a place to ask from, over gRPC.
#[derive(Debug, Parser)]
#[command(
    name = "prober",
    version,
    about,
    after_help = "\
Examples:
  prober run --listen unix:/run/probemesh/prober.sock --name host/web-1 --allow 10.0.0.0/8
  prober run --listen 127.0.0.1:7444 --name ext/fra1 --policy /etc/probemesh/policy.toml
  prober join --coordinator mesh.example.com:7443 --token-file token --state /var/lib/prober --name host/web-1 --allow 10.0.0.0/8"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serves until it is told to stop.
    Run(Run),
    /// Joins a mesh: dials out to its coordinator and is asked over that connection.
    Join(Join),
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Where to listen: unix:PATH, or HOST:PORT on loopback.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: mesh_proto::transport::Address,
    /// Folder in which observations stay until the caller has acknowledged them; for callers that do, as coordinators of a
    /// mesh.
    #[arg(long, value_name = "DIR")]
    pub(crate) spool: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) keep: Keep,
    #[command(flatten)]
    pub(crate) offer: Offer,
}

#[derive(Debug, Args)]
pub(crate) struct Join {
    /// Where the coordinator is.
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) coordinator: String,
    /// Join token (meshctl token create). Everybody on this machine can read it in the list of processes, so prefer
    /// --token-file.
    #[arg(long, value_name = "TOKEN", env = "PROBEMESH_TOKEN", hide_env_values = true, conflicts_with = "token_file")]
    pub(crate) token: Option<JoinToken>,
    /// File with the join token in its first line, or - for standard input. Read when there is no certificate that the
    /// coordinator accepts: at first, and after a revocation or a day without contact.
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Where a service manager waits to hear that this runs (`sd_notify(3)`).
    #[arg(long, value_name = "SOCKET", env = "NOTIFY_SOCKET", hide = true)]
    pub(crate) notify_socket: Option<PathBuf>,
    /// Folder of this prober's key and certificate, and of its spool; its owner's alone.
    #[arg(long, value_name = "DIR")]
    pub(crate) state: PathBuf,
    #[command(flatten)]
    pub(crate) keep: Keep,
    #[command(flatten)]
    pub(crate) offer: Offer,
}

/// What is kept until it is acknowledged.
#[derive(Debug, Args)]
pub(crate) struct Keep {
    /// Most bytes of observations that wait to be acknowledged; beyond them no question is accepted.
    #[arg(long, value_name = "BYTES", default_value_t = spool::BYTES, value_parser = clap::value_parser!(u64).range(spool::BYTES_LEAST..))]
    pub(crate) spool_bytes: u64,
    /// Version of the agreement with the coordinator; 1 = the one without a spool, to try an upgrade step by step.
    #[arg(long, value_name = "N", hide = true, default_value_t = PROTOCOL, value_parser = clap::value_parser!(u32).range(1..=i64::from(PROTOCOL)))]
    pub(crate) protocol: u32,
}

/// What is offered, and what may be asked.
#[derive(Debug, Args)]
pub(crate) struct Offer {
    /// What this vantage is called: KIND/NAME with KIND one of host, node, pod, ext.
    #[arg(long, value_name = "KIND/NAME")]
    pub(crate) name: String,
    /// Which machine this counts as; probers with the same value are one witness [default: the kernel's boot id].
    #[arg(long, value_name = "NAME")]
    pub(crate) witness: Option<String>,
    /// Node this Pod runs on.
    #[arg(long, value_name = "NAME")]
    pub(crate) node: Option<String>,
    /// What the owner calls it, for selectors as in nodes(zone=eu-1a); repeatable.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) label: Vec<String>,
    /// Networks that may be asked, beside those that --policy allows; repeatable. Without either nothing may be asked.
    #[arg(long, value_name = "CIDR")]
    pub(crate) allow: Vec<IpNet>,
    #[arg(
        long,
        value_name = "FILE",
        help = "Policy file: allow, deny (the owner's veto, above every --allow), allow_metadata, connects_per_second; \
                SIGHUP reads it again"
    )]
    pub(crate) policy: Option<PathBuf>,
    /// Also offer this network namespace under this name (pod/NAMESPACE/NAME for a Pod), with the machine it counts as, its
    /// node, the folder of its resolver configuration and its labels; repeatable. A mesh takes Pods of this machine alone.
    #[arg(long, value_name = "KIND/NAME=PATH[,witness=NAME][,node=NAME][,etc=FOLDER][,label:KEY=VALUE]")]
    pub(crate) enter: Vec<String>,
    /// A proxy of this machine whose state the vantage of --name may tell; repeatable. KIND=PLACE is haproxy=SOCKET (its
    /// stats socket), envoy=http://127.0.0.1:PORT (its admin interface) or nginx=FILE (its error log).
    #[arg(long, value_name = "KIND=PLACE")]
    pub(crate) proxy: Vec<mesh_prober::proxy::Proxy>,
    /// Also offer named namespaces, processes and containers of this machine.
    #[arg(long)]
    pub(crate) namespaces: bool,
}
