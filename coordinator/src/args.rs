//! Arguments of the daemon; parsing does nothing else.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use mesh_coordinator::admission::Limits;
use mesh_proto::identity::Role;

/// Asks many places the same question, for everybody who may.
#[derive(Debug, Parser)]
#[command(
    name = "coordinator",
    version,
    about,
    after_help = "\
Examples:
  coordinator serve --listen 0.0.0.0:7443 --state /var/lib/probemesh
  coordinator token --state /var/lib/probemesh --role operator --name oncall
  coordinator backup --state /var/lib/probemesh --to /backup/mesh.db"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serves until it is told to stop; at first start makes the authority and prints the first operator's token.
    Serve(Serve),
    /// Asks a coordinator that was started from this folder whether it answers; exits with 0 when it does.
    Health(Health),
    /// Prints what was done and asked, by whom and from where, oldest first.
    Audit(Audit),
    /// Prints a join token; whoever can write the state folder needs no other right.
    Token(Token),
    /// Copies everything, runs and membership, into one new file; the coordinator may be serving.
    Backup(Backup),
    /// Makes a state folder out of a backup; refuses when something is there.
    Restore(Restore),
}

#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// Folder of the coordinator's state.
    #[arg(long, value_name = "DIR")]
    pub(crate) state: PathBuf,
    /// The file to make; its owner's alone, for it holds the authority's key.
    #[arg(long, value_name = "FILE")]
    pub(crate) to: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The folder to make.
    #[arg(long, value_name = "DIR")]
    pub(crate) state: PathBuf,
    /// What `coordinator backup` made.
    #[arg(long, value_name = "FILE")]
    pub(crate) from: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Where to listen.
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) listen: String,
    /// Folder of the authority, members and runs; its owner's alone.
    #[arg(long, value_name = "DIR")]
    pub(crate) state: PathBuf,
    /// What the mesh is called; decided at first start [default: mesh].
    #[arg(long, value_name = "NAME")]
    pub(crate) mesh: Option<String>,
    /// Cluster state, as `kubectl get -o json` prints it.
    #[arg(long, value_name = "FILE")]
    pub(crate) cluster_state: Option<PathBuf>,
    /// Where a service manager waits to hear that this serves (`sd_notify(3)`).
    #[arg(long, value_name = "SOCKET", env = "NOTIFY_SOCKET", hide = true)]
    pub(crate) notify_socket: Option<PathBuf>,
    /// Seconds that certificates of probers and of the coordinator live. They are renewed at half to seven tenths of it.
    #[arg(long, value_name = "SECONDS", default_value_t = 86_400, value_parser = clap::value_parser!(u32).range(30..=86_400))]
    pub(crate) leaf_life: u32,
    /// Another name or address of this coordinator, for gRPC clients other than meshctl and probers; repeatable. The host of
    /// --listen is one already, unless it means every interface.
    #[arg(long, value_name = "HOST")]
    pub(crate) host: Vec<String>,
    /// An authority from elsewhere, instead of one that is made at first start: PEM, its certificate first, then those above
    /// it. It is copied into the folder.
    #[arg(long, value_name = "FILE", requires = "ca_key")]
    pub(crate) ca_cert: Option<PathBuf>,
    /// Its private key, PEM.
    #[arg(long, value_name = "FILE", requires = "ca_cert")]
    pub(crate) ca_key: Option<PathBuf>,
    /// How many may join in a second from one address; five times as many at once. Raise it for machines behind one NAT.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) joins_per_address: u32,
    /// How many may join in a second in all.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) joins: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Health {
    /// Where it listens.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:7443")]
    pub(crate) at: String,
    /// Folder of the coordinator's state.
    #[arg(long, value_name = "DIR")]
    pub(crate) state: PathBuf,
}

impl Serve {
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            enrolments: Limits::enrolments(self.joins_per_address),
            all_enrolments: Limits::enrolments(self.joins),
            ..Limits::default()
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Audit {
    /// Folder of the coordinator's state.
    #[arg(long, value_name = "DIR")]
    pub(crate) state: PathBuf,
    /// text, or jsonl as it is kept.
    #[arg(long, short, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: Output,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    Text,
    Jsonl,
}

#[derive(Debug, Args)]
pub(crate) struct Token {
    /// Folder of the coordinator's state.
    #[arg(long, value_name = "DIR")]
    pub(crate) state: PathBuf,
    /// prober, operator or viewer.
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Role,
    /// Name of the member, or the beginning of one and "*".
    #[arg(long, value_name = "NAME", default_value = "admin")]
    pub(crate) name: String,
    /// Minutes until it must be used.
    #[arg(long, value_name = "MINUTES", default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=10_080))]
    pub(crate) ttl: u32,
}
