//! One arm per source of local evidence. Collectors read the kernel; they run no command and take no path.

use std::{io, net::IpAddr, time::Instant};

use mesh_proto::v1 as pb;

use crate::probe::{Ask, could_not_look};

mod counters;
mod firewall;
mod links;
mod resolver;
pub(crate) mod routes;
mod sockets;

/// Addresses one question may be about.
const ADDRESSES: usize = 16;

pub(crate) async fn run(ask: &Ask, spec: &pb::CollectSpec) -> pb::Observation {
    match spec.source() {
        pb::Source::Routes => routes::run(ask, spec).await,
        pb::Source::Resolver => resolver::run(ask, spec).await,
        pb::Source::Sockets => sockets::run(ask, spec).await,
        pb::Source::Counters => counters::run(ask, spec).await,
        pb::Source::Firewall => firewall::run(ask, spec).await,
        pb::Source::Links => links::run(ask, spec).await,
        pb::Source::Unspecified => {
            could_not_look(format!("collect source {}", spec.source), "this prober does not know that source".to_owned())
        }
    }
}

/// The addresses asked about; what is no address is named in a caveat, as are those beyond the bound.
fn addresses(spec: &pb::CollectSpec) -> (Vec<IpAddr>, Vec<String>) {
    let mut caveats = Vec::new();
    let mut known = Vec::new();
    for text in spec.addresses.iter().take(ADDRESSES) {
        match text.parse::<IpAddr>() {
            Ok(address) => known.push(address.to_canonical()),
            Err(_) => caveats.push(format!("not an address, left out: {text}")),
        }
    }
    if spec.addresses.len() > ADDRESSES {
        caveats.push(format!("{} addresses asked, the first {ADDRESSES} were looked at", spec.addresses.len()));
    }
    (known, caveats)
}

/// What a look at this host shows.
fn seen(asked: String, caveats: Vec<String>) -> pb::Observation {
    pb::Observation { asked, protocol: "local".to_owned(), outcome: pb::Outcome::Pass.into(), caveats, ..Default::default() }
}

/// A look that failed: a missing right is named with what would give it, anything else with the system's own words.
fn blind(asked: String, error: &io::Error, right: &str) -> pb::Observation {
    let missing = match error.kind() {
        io::ErrorKind::PermissionDenied => format!("{right} ({error})"),
        _ => error.to_string(),
    };
    pb::Observation { protocol: "local".to_owned(), ..could_not_look(asked, missing) }
}

/// Runs a look inside the namespace.
async fn look<T: Send + 'static>(
    ask: &Ask,
    job: impl FnOnce(Instant) -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let deadline = ask.deadline;
    ask.net.run(move || job(deadline)).await.flatten()
}

/// Runs a collector inside a fresh network namespace, as the tests of the collectors and probes do.
#[cfg(test)]
pub(crate) mod bench {
    use std::{
        fs::File,
        sync::{Arc, mpsc},
        time::{Duration, Instant},
    };

    use crate::{guard::Guard, net::Net, probe::Ask};

    /// A command of iproute2 or nftables, in the calling thread's namespace.
    #[expect(clippy::disallowed_methods, reason = "tests build their networks with the usual tools")]
    pub(crate) fn sh(line: &str) {
        let out = std::process::Command::new("sh").args(["-ec", line]).output().expect("sh starts");
        assert!(out.status.success(), "{line}: {}", String::from_utf8_lossy(&out.stderr));
    }

    /// A namespace with `lo` up, made by a thread that lives as long as the handle.
    pub(crate) struct Space {
        pub(crate) net: Net,
        jobs: mpsc::Sender<Box<dyn FnOnce() + Send>>,
    }

    impl Space {
        /// Needs root, or a user namespace in which it is.
        pub(crate) fn fresh() -> Self {
            let (jobs, queue) = mpsc::channel::<Box<dyn FnOnce() + Send>>();
            let (tell, told) = mpsc::channel();
            std::thread::spawn(move || {
                nix::sched::unshare(nix::sched::CloneFlags::CLONE_NEWNET)
                    .expect("CAP_SYS_ADMIN to make a network namespace: run the tests as root or under unshare -Urn");
                sh("ip link set lo up");
                let handle = File::open("/proc/thread-self/ns/net").expect("own namespace");
                tell.send(handle).expect("somebody waits");
                for job in queue {
                    job();
                }
            });
            let handle = told.recv().expect("the namespace's thread lives");
            Self { net: Net::of(handle.into(), Arc::new(Guard::embedded())), jobs }
        }

        /// Runs a job on the namespace's own thread.
        pub(crate) fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> T {
            let (tell, told) = mpsc::channel();
            self.jobs.send(Box::new(move || tell.send(job()).expect("somebody waits"))).expect("the thread lives");
            told.recv().expect("the job ends well")
        }

        pub(crate) fn sh(&self, line: &'static str) {
            self.run(move || sh(line));
        }

        pub(crate) fn ask(&self) -> Ask {
            Ask { net: self.net.clone(), deadline: Instant::now() + Duration::from_secs(3) }
        }
    }
}
