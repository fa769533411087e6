//! The only place that opens sockets towards targets: a [`Net`] is bound to one network namespace and asks the guard
//! about each address immediately before a socket is connected or sent on.

use std::{io, net::SocketAddr, os::fd::OwnedFd, path::Path, sync::Arc, thread};

use tokio::sync::oneshot;

use ready::Fired;

use crate::{
    clock::First,
    guard::{Act, Denied, Guard},
    proxy::Proxy,
};

pub(crate) mod admin;
pub(crate) mod netlink;
pub(crate) mod raw;
pub(crate) mod ready;
pub(crate) mod stream;
pub(crate) mod trace;

/// Why a socket was not handed out.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error(transparent)]
    Policy(#[from] Denied),
    #[error("{operation}")]
    Io {
        /// What was attempted: "`socket AF_INET SOCK_RAW`".
        operation: String,
        #[source]
        source: io::Error,
    },
}

/// One network namespace and the policy that holds in it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Net {
    namespace: Option<Arc<OwnedFd>>,
    id: Arc<str>,
    guard: Arc<Guard>,
    etc: Option<Arc<Path>>,
    proxies: Arc<[Proxy]>,
    first: Option<Arc<First>>,
    fired: Option<Arc<Fired>>,
}

impl Net {
    /// The namespace this process runs in.
    pub fn current(guard: Arc<Guard>) -> Self {
        let etc = Some(Path::new("/etc").into());
        Self {
            namespace: None,
            id: crate::sys::namespace_id(None).into(),
            guard,
            etc,
            proxies: Arc::new([]),
            first: None,
            fired: None,
        }
    }

    /// Another namespace, by an open handle (`/run/netns/NAME`, `/proc/PID/ns/net`), and where its applications' resolver
    /// configuration is, when that is known.
    pub fn of(namespace: Arc<OwnedFd>, guard: Arc<Guard>, etc: Option<&Path>) -> Self {
        let id = crate::sys::namespace_id(Some(&namespace)).into();
        Self {
            namespace: Some(namespace),
            id,
            guard,
            etc: etc.map(Into::into),
            proxies: Arc::new([]),
            first: None,
            fired: None,
        }
    }

    /// Folder with resolv.conf, hosts and nsswitch.conf as the applications of this namespace read them.
    pub(crate) fn etc(&self) -> Option<&Path> {
        self.etc.as_deref()
    }

    /// The same place with proxies whose owner named them.
    #[must_use]
    pub fn with_proxies(self, proxies: Arc<[Proxy]>) -> Self {
        Self { proxies, ..self }
    }

    /// The same place for one probe: its connect may have begun already, and when it did is written down.
    #[must_use]
    pub(crate) fn for_one(self, first: Arc<First>, fired: Arc<Fired>) -> Self {
        Self { first: Some(first), fired: Some(fired), ..self }
    }

    /// Proxies of this place that may be asked about their upstreams.
    pub(crate) fn proxies(&self) -> &[Proxy] {
        &self.proxies
    }

    /// Device and inode of the namespace: "4:4026531840".
    pub fn id(&self) -> &str {
        &self.id
    }

    /// True when this is the namespace the process itself runs in, so that getaddrinfo(3) answers for it.
    pub fn is_own(&self) -> bool {
        self.namespace.is_none()
    }

    /// Runs a blocking job on a thread of its own inside the namespace: sockets are made there, `/proc/thread-self/net`
    /// and netlink answer for it. The thread ends with the job, so nobody inherits the namespace. (Thread and setns(2)
    /// cost about 40 µs.) A job that panics yields an error.
    pub async fn run<T, F>(&self, job: F) -> io::Result<T>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let namespace = self.namespace.clone();
        thread::Builder::new().name("probe".to_owned()).spawn(move || {
            let entered = namespace.as_deref().map_or(Ok(()), crate::sys::enter_namespace).map_err(|e| {
                let text = format!("entering the network namespace needs CAP_SYS_ADMIN over it: {e}");
                io::Error::new(e.kind(), text)
            });
            // The receiver is gone when the round ended first; the answer has no reader then.
            drop(tell.send(entered.map(|()| job())));
        })?;
        match told.await {
            Ok(answer) => answer,
            Err(gone) => Err(io::Error::other(gone)),
        }
    }

    /// Asks the policy; every function that opens a socket calls it with the address it is about to use. Port 0 is none.
    pub(crate) fn allow(&self, to: SocketAddr, act: Act) -> Result<(), Denied> {
        self.guard.check(&self.id, to, act)?;
        if self.is_broadcast(to) {
            return Err(Denied { address: to.ip(), rule: "the broadcast address of a network here".to_owned() });
        }
        Ok(())
    }

    /// True when the namespace's own routes have this address as a broadcast: only the kernel knows every network's.
    fn is_broadcast(&self, to: SocketAddr) -> bool {
        if to.ip().is_loopback() || !to.ip().to_canonical().is_ipv4() {
            return false;
        }
        let Some(namespace) = self.namespace.as_deref() else { return stream::is_broadcast(to) };
        thread::scope(|scope| {
            let look = scope.spawn(|| crate::sys::enter_namespace(namespace).is_ok() && stream::is_broadcast(to));
            // Where nobody could enter, no socket is opened either.
            look.join().unwrap_or_default()
        })
    }
}

/// An unspecified local address of the peer's family, to bind to.
pub(crate) fn any_of(peer: SocketAddr) -> SocketAddr {
    match peer {
        SocketAddr::V4(_) => SocketAddr::from(([0, 0, 0, 0], 0)),
        SocketAddr::V6(_) => SocketAddr::from(([0u16; 8], 0)),
    }
}
