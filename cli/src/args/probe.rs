//! Arguments of `meshctl probe`.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::{Asked, value};

#[derive(Debug, Clone, Args)]
pub(crate) struct Probe {
    /// What to measure
    #[arg(value_enum)]
    pub(crate) kind: Kind,
    /// Name, address, HOST:PORT or URL, as the measurement needs it
    pub(crate) target: String,
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// How often
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) count: u32,
    /// Time between two
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = value::duration)]
    pub(crate) every: Duration,
    /// DNS server to ask
    #[arg(long, value_name = "IP[:PORT]", value_parser = value::server)]
    pub(crate) server: Option<std::net::SocketAddr>,
    /// DNS record type
    #[arg(long = "type", value_name = "TYPE", default_value = "A")]
    pub(crate) record: String,
    /// Ask DNS over TCP
    #[arg(long)]
    pub(crate) tcp: bool,
    /// EDNS buffer size of a DNS question, bytes; 0 = none is offered
    #[arg(long, value_name = "SIZE", default_value_t = 1232, value_parser = clap::value_parser!(u32).range(0..=65_535))]
    pub(crate) edns: u32,
    /// Trace by UDP instead of TCP
    #[arg(long)]
    pub(crate) udp: bool,
    /// Ask in HTTP/2
    #[arg(long)]
    pub(crate) http2: bool,
    /// Keep the HTTP connection idle this long and use it again
    #[arg(long, value_name = "TIME", value_parser = value::duration)]
    pub(crate) idle: Option<Duration>,
    /// Offer this TLS version alone
    #[arg(long, value_name = "VERSION", value_parser = ["1.2", "1.3"])]
    pub(crate) tls_version: Option<String>,
    /// TLS server name to send ("" = none) when it is not the host
    #[arg(long, value_name = "NAME")]
    pub(crate) sni: Option<String>,
    /// Protocol to offer inside TLS; repeatable
    #[arg(long, value_name = "PROTOCOL")]
    pub(crate) alpn: Vec<String>,
    /// How the handshake begins: one segment, more (post-quantum), or by hand with every version and suite
    #[arg(long, value_enum, default_value_t = Hello::Small, value_name = "HOW")]
    pub(crate) hello: Hello,
    /// Bytes: of the packet (icmp), of the largest packet (pmtu), of the body (http), the MSS (mss)
    #[arg(long, value_name = "SIZE", value_parser = value::body)]
    pub(crate) size: Option<u64>,
    /// Bound of one measurement
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = value::deadline)]
    pub(crate) timeout: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    Resolve,
    Dns,
    Tcp,
    Tls,
    Http,
    Icmp,
    Pmtu,
    Mss,
    Trace,
}

/// How a TLS handshake begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Hello {
    Small,
    Large,
    Wide,
}
