//! Networks for the tests of collectors and probes: namespaces of this process's own threads, which end with them.

use std::{
    fs::File,
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use crate::{
    guard::Guard,
    net::{
        Net,
        raw::{Event, Probe, echo::Echo},
    },
    probe::Ask,
};

/// Commands of iproute2, nftables and the like, in the calling thread's namespace.
#[expect(clippy::disallowed_methods, reason = "tests build their networks with the usual tools")]
pub(crate) fn sh(lines: &str) {
    let out = std::process::Command::new("sh").args(["-ec", lines]).output().expect("sh starts");
    assert!(out.status.success(), "{lines}: {}", String::from_utf8_lossy(&out.stderr));
}

/// A namespace with `lo` up, and the thread that stands in it.
pub(crate) struct Space {
    pub(crate) net: Net,
    thread: nix::unistd::Pid,
    jobs: mpsc::Sender<Box<dyn FnOnce() + Send>>,
}

impl Space {
    /// Needs root, or a user namespace in which the test is root.
    pub(crate) fn fresh() -> Self {
        let (jobs, queue) = mpsc::channel::<Box<dyn FnOnce() + Send>>();
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            nix::sched::unshare(nix::sched::CloneFlags::CLONE_NEWNET)
                .expect("CAP_SYS_ADMIN to make a network namespace: run the tests as root or under unshare -Urn");
            // A link-local address under duplicate detection keeps a router from finding its neighbours for a second.
            sh("ip link set lo up; sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0");
            let handle = File::open("/proc/thread-self/ns/net").expect("own namespace");
            tell.send((handle, nix::unistd::gettid())).expect("somebody waits");
            for job in queue {
                job();
            }
        });
        let (handle, thread) = told.recv().expect("the namespace's thread lives");
        let net = Net::of(Arc::new(handle.into()), Arc::new(Guard::embedded()), None);
        Self { net, thread, jobs }
    }

    /// Runs a job on the namespace's own thread.
    pub(crate) fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> T {
        let (tell, told) = mpsc::channel();
        self.jobs.send(Box::new(move || tell.send(job()).expect("somebody waits"))).expect("the thread lives");
        told.recv().expect("the job ends well")
    }

    pub(crate) fn sh(&self, lines: &str) {
        let lines = lines.to_owned();
        self.run(move || sh(&lines));
    }

    pub(crate) fn ask(&self) -> Ask {
        Ask { net: self.net.clone(), deadline: Instant::now() + Duration::from_secs(3), connect: None, watch: false }
    }
}

/// client 10.1.0.2 – 10.1.0.1 r1 10.2.0.1 – 10.2.0.2 r2 10.3.0.1 – 10.3.0.2 server, and the same below `fd00::/16`.
pub(crate) struct Path {
    pub(crate) client: Space,
    pub(crate) r1: Space,
    pub(crate) r2: Space,
    pub(crate) server: Space,
}

impl Path {
    pub(crate) fn fresh() -> Self {
        let [client, r1, r2, server] = [(); 4].map(|()| Space::fresh());
        for (near, far, net) in [(&client, &r1, 1), (&r1, &r2, 2), (&r2, &server, 3)] {
            let (a, b) = if net == 1 { (2, 1) } else { (1, 2) };
            near.sh(&format!("ip link add n{net} type veth peer name f{net} netns {}", far.thread));
            for (space, link, host) in [(near, 'n', a), (far, 'f', b)] {
                space.sh(&format!(
                    "ip addr add 10.{net}.0.{host}/24 dev {link}{net}
                     ip -6 addr add fd0{net}::{host}/64 dev {link}{net} nodad; ip link set {link}{net} up"
                ));
            }
        }
        client.sh("ip route add default via 10.1.0.1; ip -6 route add default via fd01::1");
        server.sh("ip route add default via 10.3.0.1; ip -6 route add default via fd03::1");
        r1.sh("ip route add 10.3.0.0/24 via 10.2.0.2; ip -6 route add fd03::/64 via fd02::2");
        r2.sh("ip route add 10.1.0.0/24 via 10.2.0.1; ip -6 route add fd01::/64 via fd02::1");
        for router in [&r1, &r2] {
            router.sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
        }
        // In the first second of a link a router may not find its neighbours yet.
        for address in ["10.3.0.2", "fd03::2"] {
            let net = client.net.clone();
            client.run(move || await_echo(&net, address));
        }
        Self { client, r1, r2, server }
    }
}

fn await_echo(net: &Net, address: &str) {
    let mut wire = Echo::open(net, address.parse().expect("an address")).unwrap_or_else(|e| panic!("{e:?}"));
    for key in 0..50 {
        wire.send(Probe { key, bytes: 100, ttl: None }).expect("the way is there");
        wire.wait(Instant::now() + Duration::from_millis(100)).expect("poll");
        if wire.events().iter().any(|event| matches!(event, Event::Reply { .. })) {
            return;
        }
    }
    panic!("{address} is not reached");
}
