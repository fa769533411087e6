//! Small networks with one real fault each, for `meshctl demo`: no command, no daemon, no root.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    os::fd::OwnedFd,
    sync::Arc,
};

use crate::{
    network::{End, Network},
    serve,
};

/// Names and what each shows.
pub const DEMOS: &[(&str, &str)] = &[
    ("path-mtu", "large packets vanish between two routers and nobody says \"too big\""),
    ("closed-port", "nothing listens where the client asks"),
    ("silence", "one of two clients gets no answer: the way back leads elsewhere"),
];

/// A host of a demonstration.
#[derive(Debug, Clone)]
pub struct DemoHost {
    /// Vantage id.
    pub id: String,
    pub netns: Arc<OwnedFd>,
    /// It asks; the others are only looked at.
    pub asks: bool,
}

/// A network that is up, and the question to put to it.
#[derive(Debug, Clone)]
pub struct DemoNetwork {
    pub hosts: Vec<DemoHost>,
    pub target: String,
    /// Further arguments of `diagnose`.
    pub args: Vec<String>,
    pub story: String,
    /// Keeps the hosts alive.
    pub network: Network,
}

/// Why there is no demonstration.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("no demo {0:?}; there are {known}", known = names())]
    Unknown(String),
    #[error("build the network: {0}")]
    Build(#[from] io::Error),
}

fn names() -> String {
    DEMOS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// Vantages of every demonstration: id, host, whether it asks.
const HOSTS: [(&str, &str, bool); 5] = [
    ("host/client", "client", true),
    ("ext/external", "external", true),
    ("host/r1", "r1", false),
    ("host/r2", "r2", false),
    ("host/server", "server", false),
];

/// Address of the server in every demonstration.
const SERVER: Ipv4Addr = Ipv4Addr::new(10, 78, 4, 2);
const PORT: u16 = 8080;

/// Builds the network of one demonstration.
pub fn demo(name: &str) -> Result<DemoNetwork, DemoError> {
    let story = DEMOS.iter().find(|(known, _)| *known == name).map(|(_, story)| *story);
    let story = story.ok_or_else(|| DemoError::Unknown(name.to_owned()))?;
    // A veth drops what is larger than its receiver's MTU without a word: r1 still sends 1500.
    let narrow = if name == "path-mtu" { 1400 } else { 1500 };
    let network = line(narrow)?;
    let server = network.host("server")?;
    let address = SocketAddr::new(IpAddr::V4(SERVER), PORT);
    if name != "closed-port" {
        serve::http(server, address)?;
    }
    if name == "silence" {
        // The answers go to a host that does not forward them.
        network.route("r2", "10.78.1.2/32", &["10.78.3.2"])?;
    }
    let hosts = HOSTS
        .iter()
        .map(|(id, host, asks)| {
            let netns = Arc::clone(&network.host(host)?.netns);
            Ok(DemoHost { id: (*id).to_owned(), netns, asks: *asks })
        })
        .collect::<io::Result<_>>()?;
    let args = if name == "path-mtu" { vec!["--body".to_owned(), "64KiB".to_owned()] } else { Vec::new() };
    Ok(DemoNetwork { hosts, target: format!("http://{address}/"), args, story: story.to_owned(), network })
}

/// client – r1 – r2 – server, and external at r2.
fn line(narrow: u32) -> io::Result<Network> {
    let network = Network::with_hosts(&["client", "r1", "r2", "server", "external"])?;
    network.link(&End::new("client", &["10.78.1.2/24"]), &End::new("r1", &["10.78.1.1/24"]))?;
    network.link(&End::new("r1", &["10.78.2.1/24"]), &End::new("r2", &["10.78.2.2/24"]).mtu(narrow))?;
    network.link(&End::new("r2", &["10.78.4.1/24"]), &End::new("server", &["10.78.4.2/24"]))?;
    network.link(&End::new("external", &["10.78.3.2/24"]), &End::new("r2", &["10.78.3.1/24"]))?;
    for router in ["r1", "r2"] {
        network.router(router)?;
    }
    network.route("client", "default", &["10.78.1.1"])?;
    network.route("external", "default", &["10.78.3.1"])?;
    network.route("server", "default", &["10.78.4.1"])?;
    network.route("r1", "default", &["10.78.2.2"])?;
    network.route("r2", "10.78.1.0/24", &["10.78.2.1"])?;
    Ok(network)
}
