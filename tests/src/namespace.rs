//! A host is a network namespace held by an open descriptor: nothing is named, so nothing stays when the process ends.

use std::{
    fs::{self, File},
    io,
    net::IpAddr,
    os::fd::{AsRawFd as _, OwnedFd},
    sync::Arc,
    thread,
};

use nix::sched::{CloneFlags, setns, unshare};

/// One host of a network.
#[derive(Debug, Clone)]
pub struct Host {
    pub name: String,
    /// The namespace; closing the last copy of it takes the host's interfaces along.
    pub netns: Arc<OwnedFd>,
}

impl Host {
    /// A new, empty host: loopback is up, nothing else is there.
    pub fn new(name: &str) -> io::Result<Self> {
        let made = thread::spawn(|| -> io::Result<OwnedFd> {
            unshare(CloneFlags::CLONE_NEWNET)?;
            Ok(OwnedFd::from(File::open("/proc/thread-self/ns/net")?))
        });
        let netns =
            made.join().map_err(|_panic| io::Error::other(format!("namespace of {name}: its thread panicked")))??;
        let host = Self { name: name.to_owned(), netns: Arc::new(netns) };
        host.run(|| Ok(()))?;
        Ok(host)
    }

    /// Runs a job on a thread inside the host and waits for it.
    pub fn run<T, F>(&self, job: F) -> io::Result<T>
    where
        T: Send + 'static,
        F: FnOnce() -> io::Result<T> + Send + 'static,
    {
        let (netns, name) = (Arc::clone(&self.netns), self.name.clone());
        let done = thread::spawn(move || {
            setns(netns.as_ref(), CloneFlags::CLONE_NEWNET)?;
            job()
        });
        done.join().map_err(|_panic| io::Error::other(format!("a job in {name} panicked")))?
    }

    /// Writes `/proc/sys/net/...` of this host; `key` as in `ipv4.ip_forward`.
    pub fn sysctl(&self, key: &str, value: &str) -> io::Result<()> {
        let path = sysctl_path(key);
        let value = value.to_owned();
        self.run(move || fs::write(&path, value).map_err(|e| io::Error::new(e.kind(), format!("{path}: {e}"))))
    }

    /// Reads the same.
    pub fn sysctl_value(&self, key: &str) -> io::Result<String> {
        let path = sysctl_path(key);
        self.run(move || fs::read_to_string(&path).map(|text| text.trim().to_owned()))
    }

    /// Path under which other programs can enter this host while this process lives.
    pub fn path(&self) -> String {
        // In a process namespace getpid(2) is not the number that /proc goes by.
        let own = fs::read_link("/proc/self").unwrap_or_else(|_| std::process::id().to_string().into());
        format!("/proc/{}/fd/{}", own.display(), self.netns.as_raw_fd())
    }
}

fn sysctl_path(key: &str) -> String {
    // An interface's name may hold dots; a slash separates then.
    let path = if key.contains('/') { key.to_owned() } else { key.replace('.', "/") };
    format!("/proc/sys/net/{}", path.trim_start_matches("net/"))
}

/// Length of the prefix that a link's address is given with.
pub type Prefixed = (IpAddr, u8);
