//! Clap definitions, and the only place where the environment is read.

use std::{ffi::OsString, path::PathBuf, time::Duration};

use clap::{ArgAction, ArgGroup, Args, Parser, Subcommand, ValueEnum};
use mesh_coordinator::vantages::selector;
use mesh_proto::{identity::token::JoinToken, transport::Address};

mod probe;
mod value;

pub(crate) use probe::{Hello, Kind, Probe};
pub(crate) use value::{BODY_BYTES, NONE, duration, header, resolve};

/// What the environment says; read once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    pub(crate) home: Option<PathBuf>,
    pub(crate) state_home: Option<PathBuf>,
    /// `NO_COLOR` is set and not empty (no-color.org).
    pub(crate) no_color: bool,
    /// `TERM=dumb`: neither colour nor cursor movement.
    pub(crate) dumb: bool,
    pub(crate) columns: Option<usize>,
    /// The locale's character set is known and is not UTF-8.
    pub(crate) seven_bit: bool,
}

impl Environment {
    pub(crate) fn read() -> Self {
        Self::from(|name| std::env::var_os(name))
    }

    fn from(get: impl Fn(&str) -> Option<OsString>) -> Self {
        let text = |name: &str| get(name).map(|value| value.to_string_lossy().into_owned()).filter(|v| !v.is_empty());
        // The order of locale(7). Where nothing is set, as in most containers, nothing speaks against UTF-8.
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| text(name));
        Self {
            home: text("HOME").map(PathBuf::from),
            state_home: text("XDG_STATE_HOME").map(PathBuf::from).filter(|path| path.is_absolute()),
            no_color: text("NO_COLOR").is_some(),
            dumb: text("TERM").is_some_and(|term| term == "dumb"),
            columns: text("COLUMNS").and_then(|columns| columns.parse().ok()),
            seven_bit: locale.is_some_and(|locale| {
                let locale = locale.to_ascii_lowercase();
                !locale.contains("utf-8") && !locale.contains("utf8")
            }),
        }
    }
}

#[derive(Debug, Clone, Parser)]
#[command(
    name = "meshctl",
    version,
    override_help = crate::render::help::TOP,
    disable_help_subcommand = true,
    max_term_width = 80,
    propagate_version = false
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Ask through this coordinator, with what `meshctl login` stored; `none` = this host alone
    #[arg(long, global = true, value_name = "HOST:PORT", env = "MESHCTL_COORDINATOR", value_parser = value::coordinator)]
    pub(crate) coordinator: Option<String>,
    /// Form of the result on stdout
    #[arg(short, long, global = true, value_enum, default_value_t = Format::Text, value_name = "FORM")]
    pub(crate) output: Format,
    /// What counts as failure for the exit code
    #[arg(long, global = true, value_enum, default_value_t = FailOn::Failing, value_name = "STATUS")]
    pub(crate) fail_on: FailOn,
    /// Colour of the break and of warnings
    #[arg(long, global = true, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    pub(crate) color: When,
    /// Seven-bit output
    #[arg(long, global = true)]
    pub(crate) ascii: bool,
    /// Progress as lines, never redrawn
    #[arg(long, global = true)]
    pub(crate) ci: bool,
    /// No progress on stderr
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Show everything, not only what the verdict cites
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
    Jsonl,
    Md,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Failing,
    Degraded,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Command {
    /// Find where a connection breaks
    #[command(help_template = TEMPLATE, after_help = crate::render::help::DIAGNOSE)]
    Diagnose(Box<Diagnose>),
    /// One measurement from many places, without a verdict
    #[command(help_template = TEMPLATE, after_help = crate::render::help::PROBE)]
    Probe(Box<Probe>),
    /// Where can be asked from, and what each place can do
    #[command(help_template = TEMPLATE, after_help = crate::render::help::VANTAGES)]
    Vantages(Vantages),
    /// Runs that were kept: list, show, judge again
    #[command(help_template = TEMPLATE, after_help = crate::render::help::RUNS)]
    Runs(Runs),
    /// The runbook page of a cause, a boundary or a symptom
    #[command(help_template = TEMPLATE, after_help = crate::render::help::EXPLAIN)]
    Explain(Explain),
    /// What works here: rights, kernel, resolver, clock
    #[command(help_template = TEMPLATE, after_help = crate::render::help::DOCTOR)]
    Doctor(Doctor),
    /// Join a mesh, with a token
    #[command(help_template = TEMPLATE, after_help = crate::render::help::LOGIN)]
    Login(Login),
    /// Tokens with which probers and people join a mesh
    #[command(help_template = TEMPLATE, after_help = crate::render::help::TOKEN)]
    Token(Token),
    /// Who belongs to the mesh
    #[command(help_template = TEMPLATE, after_help = crate::render::help::MEMBERS)]
    Members,
    /// Shut a member out of the mesh
    #[command(help_template = TEMPLATE, after_help = crate::render::help::REVOKE)]
    Revoke(Revoke),
    /// A coordinator and a prober of this host, for trying a mesh
    #[command(help_template = TEMPLATE, after_help = crate::render::help::UP)]
    Up(Up),
    /// A small network with a real fault, diagnosed
    #[command(help_template = TEMPLATE, after_help = crate::render::help::DEMO)]
    Demo(Demo),
}

/// What it does, how it is used, then the options.
const TEMPLATE: &str = "{about}{after-help}\n\n{usage-heading} {usage}\n\n{all-args}";

#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub(crate) struct Diagnose {
    /// URL, host:port or bare name
    #[arg(required_unless_present_any = ["curl", "resume"])]
    pub(crate) target: Option<String>,
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Vantages to be reached, a run for each; the target is then written without a host: `:5432`, `http://:8080/path`
    #[arg(long, value_name = "SELECTOR", value_delimiter = ',', conflicts_with_all = ["curl", "lasting"])]
    pub(crate) to: Vec<String>,
    /// Continue this run: ask again, from there and from the places of --from
    #[arg(long, value_name = "RUN", conflicts_with_all = ["curl", "lasting", "to"])]
    pub(crate) resume: Option<String>,
    /// Request method
    #[arg(long, value_name = "METHOD")]
    pub(crate) method: Option<String>,
    /// Request header; repeatable
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = value::header)]
    pub(crate) headers: Vec<(String, String)>,
    /// Send a body of this size ("64KiB")
    #[arg(long, value_name = "SIZE", value_parser = value::body)]
    pub(crate) body: Option<u64>,
    /// Ask this address instead of those the name resolves to; repeatable
    #[arg(long, value_name = "IP", value_parser = value::resolve)]
    pub(crate) resolve: Vec<Pinned>,
    /// Server name for TLS when it is not the host
    #[arg(long, value_name = "NAME")]
    pub(crate) sni: Option<String>,
    /// Trust these PEM certificates and nothing else
    #[arg(long, value_name = "FILE")]
    pub(crate) cacert: Option<PathBuf>,
    /// IPv4 only
    #[arg(short = '4', long, conflicts_with = "ipv6")]
    pub(crate) ipv4: bool,
    /// IPv6 only
    #[arg(short = '6', long)]
    pub(crate) ipv6: bool,
    /// Time budget the caller has for one request
    #[arg(short = 'm', long, value_name = "TIME", value_parser = value::duration)]
    pub(crate) max_time: Option<Duration>,
    /// Idle time a connection must survive
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    pub(crate) idle: Option<Duration>,
    /// Ask with this many fresh connections, each from a port of its own, for what fails now and then
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=48))]
    pub(crate) times: Option<u32>,
    /// Forward proxy that applications here go through; asked beside the direct way
    #[arg(long, value_name = "IP:PORT", value_parser = value::proxy)]
    pub(crate) proxy: Option<std::net::SocketAddr>,
    /// Accepted status codes ("200,204"); otherwise anything below 400
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = clap::value_parser!(u32).range(100..600))]
    pub(crate) expect: Vec<u32>,
    /// Server behind the proxy, asked directly too; repeatable
    #[arg(long, value_name = "HOST:PORT", value_parser = value::host_port)]
    pub(crate) upstream: Vec<String>,
    /// Address that must work from a healthy place
    #[arg(long, value_name = "HOST:PORT", value_parser = value::host_port)]
    pub(crate) control: Option<String>,
    /// Allow requests to cloud metadata services
    #[arg(long)]
    pub(crate) allow_metadata: bool,
    /// Bound of the whole run
    #[arg(long, value_name = "TIME", default_value = "20s", value_parser = value::deadline)]
    pub(crate) deadline: Duration,
    /// Only the first contrast
    #[arg(long)]
    pub(crate) quick: bool,
    /// Ask again and again for so long, each time a run that is kept ("10m", "8h")
    #[arg(long = "for", value_name = "TIME", value_parser = value::span)]
    pub(crate) lasting: Option<Duration>,
    /// From the start of one run to the next, with --for; 30s when not given
    #[arg(long, value_name = "TIME", value_parser = value::every, requires = "lasting")]
    pub(crate) every: Option<Duration>,
    /// End --for at the first run of this kind, with exit 1
    #[arg(long, value_enum, value_name = "STATUS", requires = "lasting")]
    pub(crate) until: Option<Until>,
    /// Cluster state, as `kubectl get -o json` prints it
    #[arg(long, value_name = "FILE")]
    pub(crate) cluster_state: Option<PathBuf>,
    /// Keep this file in the run's bundle; repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) attach: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) kept: Kept,
    /// A pasted curl command line, after `--`
    #[arg(last = true, value_name = "curl …", conflicts_with = "target")]
    pub(crate) curl: Vec<String>,
}

/// What ends a repetition before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Until {
    Failing,
}

/// An address to ask instead of those that the name resolves to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pinned(pub(crate) Vec<std::net::IpAddr>);

/// Where to ask from.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Asked {
    /// Where from: ids, unique names, kinds in the plural, nodes(zone=a), pods(app=b, per=node); repeatable, or with commas
    #[arg(short, long, value_name = "SELECTOR", action = ArgAction::Append)]
    pub(crate) from: Vec<String>,
    /// A prober and where it is: ID=unix:PATH or ID=HOST:PORT; repeatable
    #[arg(long = "vantage", value_name = "ID=ADDRESS", value_parser = value::vantage)]
    pub(crate) vantages: Vec<(String, Address)>,
}

impl Asked {
    /// One selector each; a comma between parentheses belongs to its selector.
    pub(crate) fn selectors(&self) -> Vec<String> {
        self.from.iter().flat_map(|text| selector::split(text)).collect()
    }
}

/// Where runs are kept.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Kept {
    /// Folder of the runs that are kept
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) runs_dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Vantages {
    #[command(flatten)]
    pub(crate) asked: Asked,
    #[command(subcommand)]
    pub(crate) verb: Option<ListVerb>,
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum ListVerb {
    /// The same as no verb
    List,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Runs {
    #[command(flatten)]
    pub(crate) kept: Kept,
    #[command(subcommand)]
    pub(crate) verb: Option<RunsVerb>,
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum RunsVerb {
    /// Runs that are kept, newest first
    List,
    /// The report as it was shown
    Show {
        /// Run id, or a bundle's file
        run: String,
    },
    /// Judge the evidence of a run again; sends nothing
    Replay {
        /// Run id, or a bundle's file
        run: String,
    },
    /// What changed between two runs; exits with 1 when the verdict did
    Diff {
        /// Run id, or a bundle's file
        a: String,
        /// The other one
        b: String,
    },
    /// What a run's bundle holds, as files or as one document
    Export(Export),
    /// Remove old runs; the newest always stays
    Prune(Prune),
}

#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(group(ArgGroup::new("form").required(true).args(["pcap", "json", "attached"])))]
pub(crate) struct Export {
    /// Run id, or a bundle's file
    pub(crate) run: String,
    /// Packets that were watched, as pcapng files in this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) pcap: Option<PathBuf>,
    /// Every observation as received, as one JSON document
    #[arg(long)]
    pub(crate) json: bool,
    /// Files that were given with --attach, in this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) attached: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Prune {
    /// Runs that are older go ("12h", "30d", "8w")
    #[arg(long, value_name = "AGE", value_parser = value::age)]
    pub(crate) older_than: Duration,
    /// So many of the newest stay, however old
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) keep: u32,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Explain {
    /// boundary/cause, boundary, or symptom (504, refused, reset, tls, dns, large, pod)
    pub(crate) topic: Option<String>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) kept: Kept,
}

#[derive(Debug, Clone, Args)]
#[group(skip)]
#[command(group(ArgGroup::new("source").required(true).args(["token", "token_file"])))]
pub(crate) struct Login {
    /// Join token, as an operator or the coordinator printed it; others on this
    /// machine can read it in the list of processes
    #[arg(long, value_name = "TOKEN")]
    pub(crate) token: Option<JoinToken>,
    /// File with the join token in its first line, or - for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Name to join under, when the token leaves a choice
    #[arg(long, value_name = "NAME", default_value = "")]
    pub(crate) name: String,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Token {
    #[command(subcommand)]
    pub(crate) verb: TokenVerb,
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum TokenVerb {
    /// Make a token: one use, one role, one name or its beginning
    Create(Create),
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Create {
    /// What its holder becomes: prober, operator or viewer
    #[arg(long, value_name = "ROLE", value_parser = ["prober", "operator", "viewer"])]
    pub(crate) role: String,
    /// Name of its holder: host/web-1; or the beginning of one: host/web-*
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// How long it can be used
    #[arg(long, value_name = "TIME", default_value = "15m", value_parser = value::duration)]
    pub(crate) ttl: Duration,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Revoke {
    /// Name of the member: host/web-1, or with its role: prober/host/web-1
    pub(crate) name: String,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Up {
    /// Where the coordinator listens
    #[arg(long, value_name = "HOST:PORT", default_value = "0.0.0.0:7443", value_parser = value::host_port)]
    pub(crate) listen: String,
    /// Folder of everything it keeps [default: up, in this program's own folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
    /// What this host is called [default: host/ and its host name]
    #[arg(long, value_name = "KIND/NAME")]
    pub(crate) name: Option<String>,
    /// Networks that may be asked from here; repeatable. Without it every address
    /// but metadata services and the like
    #[arg(long, value_name = "CIDR")]
    pub(crate) allow: Vec<ipnet::IpNet>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Demo {
    /// Which one; without a name they are listed
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) kept: Kept,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        Environment::from(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(*value)))
    }

    #[test]
    fn the_definitions_hold_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_locale_without_utf8_asks_for_seven_bits_and_none_at_all_does_not() {
        assert!(environment(&[("LANG", "C")]).seven_bit);
        assert!(environment(&[("LC_ALL", "de_DE.ISO-8859-1"), ("LANG", "C.UTF-8")]).seven_bit);
        assert!(!environment(&[("LC_ALL", ""), ("LANG", "en_US.utf8")]).seven_bit);
        assert!(!environment(&[]).seven_bit);
    }

    #[test]
    fn a_relative_state_home_is_not_used() {
        assert_eq!(environment(&[("XDG_STATE_HOME", "state")]).state_home, None);
    }
}
