//! One copy of the topology with its daemons and probers. Lanes share nothing, so they run side by side.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    Network,
    lab::{
        certs,
        cluster::{self, Variant},
        exec::{self, Daemon},
        isolate::WORK,
        services::{self, Files, daemons, own},
        topology,
    },
};

/// Daemons that a fault may stop, and the cluster's state.
#[derive(Debug)]
pub struct Daemons {
    files: Files,
    running: Vec<(String, String, Daemon)>,
}

impl Daemons {
    fn start_all(network: &Network, files: &Files) -> io::Result<Self> {
        let mut daemons = Self { files: files.clone(), running: Vec::new() };
        for (host, what) in [
            ("dns", "unbound"),
            ("edge", "nginx"),
            ("edge", "haproxy"),
            ("external", "tinyproxy"),
            ("r1", "nginx"),
            ("pod-a2", "nginx"),
            ("pod-b1", "nginx"),
        ] {
            daemons.start(network, host, what)?;
        }
        daemons.cluster(Variant::Healthy)?;
        Ok(daemons)
    }

    pub fn start(&mut self, network: &Network, host: &str, what: &str) -> io::Result<()> {
        let daemon = match (host, what) {
            ("dns", "unbound") => daemons::unbound(network, &self.files)?,
            ("edge", "nginx") => daemons::edge(network, &self.files)?,
            ("edge", "haproxy") => daemons::haproxy(network, &self.files)?,
            ("external", "tinyproxy") => daemons::forward_proxy(network, &self.files)?,
            ("r1", "nginx") => daemons::portal(network, &self.files)?,
            (pod, "nginx") => daemons::pod(network, &self.files, pod)?,
            _ => return Err(io::Error::other(format!("no {what} on {host}"))),
        };
        self.running.push((host.to_owned(), what.to_owned(), daemon));
        Ok(())
    }

    pub fn stop(&mut self, host: &str, what: &str) -> io::Result<()> {
        let at = self.running.iter().position(|(h, w, _)| h == host && w == what);
        let at = at.ok_or_else(|| io::Error::other(format!("no {what} runs on {host}")))?;
        let (_, _, mut daemon) = self.running.swap_remove(at);
        daemon.stop()
    }

    /// Replaces a host's resolv.conf; an empty text puts the usual one back.
    pub fn resolv(&self, host: &str, text: &str) -> io::Result<()> {
        let text = if text.is_empty() { services::RESOLV } else { text };
        // In place: the file is mounted over /etc/resolv.conf by its inode.
        fs::write(self.files.etc(host).join("resolv.conf"), text)
    }

    pub fn cluster(&self, variant: Variant) -> io::Result<()> {
        cluster::write(&self.cluster_path(), variant)
    }

    pub fn cluster_path(&self) -> PathBuf {
        self.files.folder.join("cluster.json")
    }
}

/// A lane that is up.
#[derive(Debug)]
pub struct Lane {
    pub network: Network,
    pub files: Files,
    pub daemons: Daemons,
    one: bool,
    _probers: Vec<Daemon>,
    baseline: String,
}

impl Lane {
    /// Builds the topology, starts everything and remembers how it looked.
    pub fn up(number: usize, one: bool) -> io::Result<Self> {
        let folder = Path::new(WORK).join(format!("lane{number}"));
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let files = Files::new(&folder)?;
        certs::write(&folder.join("certs"))?;
        let network = topology::build()?;
        own::start(&network)?;
        services::interceptor(&network)?;
        let daemons = Daemons::start_all(&network, &files)?;
        let probers = services::probers(&network, &files, one)?;
        let mut lane = Self { network, files, daemons, one, _probers: probers, baseline: String::new() };
        lane.baseline = lane.state()?;
        Ok(lane)
    }

    /// Rules, links, addresses, routes and settings of every host: what a fault must leave as it was.
    fn state(&self) -> io::Result<String> {
        let mut parts = Vec::new();
        for host in self.network.hosts() {
            let script = "nft -s list ruleset; ip -br link; ip -o link | grep -o 'mtu [0-9]*'; ip -br addr; ip route; ip -6 route; tc qdisc";
            let seen = exec::run(host, &["sh", "-ec", script])?;
            parts.push(format!("== {}\n{seen}{}", host.name, host.run(settings)?));
        }
        Ok(parts.concat())
    }

    /// Forgets neighbours that did not answer: a router that has just given up on one stays silent about it for a while,
    /// and the next question would meet another network than the first.
    pub fn forget_neighbours(&self) -> io::Result<()> {
        for host in self.network.hosts() {
            exec::run(host, &["sh", "-c", "ip neigh flush nud failed; ip neigh flush nud incomplete; true"])?;
        }
        Ok(())
    }

    /// Forgets what earlier cases left in caches. Says so when something else is not as it was.
    pub fn settle(&self) -> io::Result<Result<(), String>> {
        for host in self.network.hosts() {
            exec::run(
                host,
                &[
                    "sh",
                    "-c",
                    "ip route flush cache; ip -6 route flush cache; ip tcp_metrics flush all >/dev/null 2>&1; true",
                ],
            )?;
        }
        let state = self.state()?;
        if state == self.baseline {
            return Ok(Ok(()));
        }
        let differs = self.baseline.lines().zip(state.lines()).find(|(before, after)| before != after);
        Ok(Err(differs
            .map_or_else(|| "lines came or went".to_owned(), |(before, after)| format!("{before:?} became {after:?}"))))
    }

    /// The socket of a host's prober.
    pub fn socket(&self, host: &str) -> PathBuf {
        self.files.socket(if self.one { topology::HOSTS[0].0 } else { host })
    }
}

/// Everything below /proc/sys/net that can be read, but for what counts.
fn settings() -> io::Result<String> {
    const COUNTS: [&str; 1] = ["nf_conntrack_count"];
    let (mut folders, mut lines) = (vec![PathBuf::from("/proc/sys/net")], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if !COUNTS.iter().any(|name| path.ends_with(name))
                && let Ok(value) = fs::read_to_string(&path)
            {
                lines.push(format!("{} = {}\n", path.display(), value.trim_end()));
            }
        }
    }
    lines.sort();
    Ok(lines.concat())
}
