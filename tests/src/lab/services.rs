//! What runs in a lane: real daemons, servers of the lab's own for what no daemon does, one prober per host.

use std::{
    fs, io,
    net::{IpAddr, Ipv6Addr, SocketAddr, TcpStream},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use crate::{
    Host, Network,
    lab::{
        exec::{self, Daemon},
        topology,
    },
};

pub mod daemons;
pub mod own;

/// Until a daemon must listen.
const READY: Duration = Duration::from_secs(10);

/// resolv.conf of every host.
pub const RESOLV: &str = "nameserver 10.77.5.2\noptions timeout:1 attempts:2\n";

/// Where a lane's files are.
#[derive(Debug, Clone)]
pub struct Files {
    pub folder: PathBuf,
}

impl Files {
    pub fn new(folder: &Path) -> io::Result<Self> {
        for part in ["log", "probers", "certs"] {
            fs::create_dir_all(folder.join(part))?;
        }
        let files = Self { folder: folder.to_owned() };
        for (host, _) in topology::HOSTS {
            let etc = files.etc(host);
            fs::create_dir_all(&etc)?;
            fs::write(etc.join("resolv.conf"), RESOLV)?;
            fs::write(etc.join("hosts"), "127.0.0.1 localhost\n::1 localhost\n")?;
            fs::write(etc.join("nsswitch.conf"), "hosts: files dns\n")?;
        }
        Ok(files)
    }

    /// A host's own resolv.conf, hosts and nsswitch.conf.
    pub fn etc(&self, host: &str) -> PathBuf {
        self.folder.join("etc").join(host)
    }

    /// The statistics socket of `HAProxy`.
    pub fn stats(&self) -> PathBuf {
        self.folder.join("haproxy.sock")
    }

    pub fn socket(&self, host: &str) -> PathBuf {
        self.folder.join("probers").join(format!("{host}.sock"))
    }

    fn log(&self, name: &str) -> PathBuf {
        self.folder.join("log").join(format!("{name}.log"))
    }

    fn write(&self, name: &str, text: &str) -> io::Result<String> {
        let path = self.folder.join(name);
        fs::write(&path, text)?;
        Ok(path.display().to_string())
    }
}

/// Waits until something accepts on an address inside a host.
fn ready(host: &Host, daemon: &mut Daemon, address: SocketAddr) -> io::Result<()> {
    let until = Instant::now() + READY;
    loop {
        if host.run(move || TcpStream::connect_timeout(&address, Duration::from_millis(200)).map(drop)).is_ok() {
            return Ok(());
        }
        if !daemon.is_running() || Instant::now() > until {
            return Err(io::Error::other(format!("{} does not listen on {address}: {}", daemon.name, daemon.said())));
        }
        thread::sleep(Duration::from_millis(20));
    }
}

fn at(address: &str, port: u16) -> SocketAddr {
    // The addresses of this file parse; an error would show as a daemon that is never ready.
    SocketAddr::new(address.parse().unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED)), port)
}

/// Listeners that take every connection sent to them and say nothing: on r1, and on client as a sidecar's proxy would.
pub fn interceptor(network: &Network) -> io::Result<()> {
    crate::serve::mute(network.host("client")?, at("127.0.0.1", 15006))?;
    crate::serve::mute(network.host("r1")?, at("0.0.0.0", 15001))
}

/// Where the product's binaries are: beside this one.
pub fn binary(name: &str) -> io::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let path = own.parent().map(|folder| folder.join(name)).unwrap_or_default();
    if path.exists() {
        return Ok(path);
    }
    let text = format!("{} is missing: cargo build --workspace --features mesh-lab/full", path.display());
    Err(io::Error::new(io::ErrorKind::NotFound, text))
}

/// One prober per host, on a socket of its own; or one on the first host that enters all.
pub fn probers(network: &Network, files: &Files, one: bool) -> io::Result<Vec<Daemon>> {
    let prober = binary("prober")?;
    let allow = ["--allow", "0.0.0.0/0", "--allow", "::/0"];
    let mut daemons = Vec::new();
    for (name, vantage) in topology::HOSTS {
        let host = network.host(name)?;
        let mut command = exec::with_etc(host, &files.etc(name), &prober);
        command.args(["run", "--name", vantage, "--witness", topology::node_of(name).unwrap_or(name)]).args(allow);
        command.arg("--listen").arg(format!("unix:{}", files.socket(name).display()));
        if let Some(node) = topology::node_of(name) {
            command.args(["--node", node]);
        }
        if name == "edge" && !one {
            command.arg("--proxy").arg(format!("haproxy=unix:{}", files.stats().display()));
            command.arg("--proxy").arg(format!("nginx={}", files.folder.join("nginx-edge/error.log").display()));
        }
        if one {
            for (other, id) in topology::HOSTS.iter().filter(|(other, _)| *other != name) {
                let witness = topology::node_of(other).unwrap_or(other);
                let node = topology::node_of(other).map_or(String::new(), |node| format!(",node={node}"));
                let etc = files.etc(other);
                let path = network.host(other)?.path();
                command.arg("--enter").arg(format!("{id}={path},witness={witness}{node},etc={}", etc.display()));
            }
        }
        daemons.push(Daemon::start(&format!("prober {name}"), command, &files.log(&format!("prober-{name}")))?);
        if one {
            break;
        }
    }
    let until = Instant::now() + READY;
    for (daemon, (name, _)) in daemons.iter_mut().zip(topology::HOSTS) {
        while !files.socket(name).exists() {
            if !daemon.is_running() || Instant::now() > until {
                return Err(io::Error::other(format!("{} is not there: {}", daemon.name, daemon.said())));
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
    Ok(daemons)
}
