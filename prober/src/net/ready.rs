//! Connects that are made ready before a round's start and begun by the thread that waits for it, before anything else has
//! a turn: on a busy machine the way through the runtime takes tens of milliseconds, and differs from host to host.

use std::{
    net::SocketAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use socket2::Socket;

use super::{
    Net, Refused,
    raw::watch::Watch,
    stream::{Begun, Way, begin, prepare},
};

/// Most connects that are made ready for one round; further ones begin when their probe does.
const READY: usize = 64;

type Watched = (SocketAddr, Result<Watch, Refused>);

/// A connect that a probe will begin with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opening {
    pub(crate) way: Way,
    /// Its flow is listened to from its first packet on.
    pub(crate) watched: bool,
}

/// Sockets that have sent nothing yet, and those that listen already.
#[derive(Default)]
pub(crate) struct Ready {
    sockets: Vec<(Way, Socket)>,
    watches: Vec<Watched>,
}

/// Connects that have begun, for the probes they belong to.
#[derive(Debug, Default)]
pub(crate) struct Fired {
    begun: Mutex<Vec<(Way, Result<Begun, Refused>)>>,
    watches: Mutex<Vec<Watched>>,
}

impl Net {
    /// Makes sockets for ways that the policy allows now. What can't be made is left to its probe, which then says why.
    pub(crate) async fn make_ready(&self, openings: Vec<Opening>) -> Ready {
        let allowed: Vec<Opening> = openings
            .into_iter()
            .take(READY)
            .filter(|opening| self.allow(opening.way.to, opening.way.act).is_ok())
            .collect();
        if allowed.is_empty() {
            return Ready::default();
        }
        let mut watches = Vec::new();
        for opening in allowed.iter().filter(|opening| opening.watched) {
            watches.push((opening.way.to, Watch::open(self, opening.way.to).await));
        }
        let ways = allowed.into_iter().map(|opening| opening.way);
        let made = self.run(move || ways.filter_map(|way| Some((way, prepare(way).ok()?))).collect());
        Ready { sockets: made.await.unwrap_or_default(), watches }
    }

    /// What listens to the flows towards a peer: from before the start on, where that was made ready.
    pub(crate) async fn watch(&self, peer: SocketAddr) -> Result<Watch, Refused> {
        match self.fired.as_ref().and_then(|fired| take(&mut locked(&fired.watches), &peer)) {
            Some(watch) => watch,
            None => Watch::open(self, peer).await,
        }
    }
}

impl Ready {
    /// connect(2) on each. A socket belongs to the namespace it was made in, so any thread may do it.
    pub(crate) fn fire(self) -> Fired {
        let begun = self.sockets.into_iter().map(|(way, socket)| (way, begin(socket, way))).collect();
        Fired { begun: Mutex::new(begun), watches: Mutex::new(self.watches) }
    }
}

impl Fired {
    /// The connect of one probe, once.
    pub(super) fn take(&self, way: Way) -> Option<Result<Begun, Refused>> {
        take(&mut locked(&self.begun), &way)
    }
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

fn take<K: PartialEq, V>(of: &mut Vec<(K, V)>, key: &K) -> Option<V> {
    let at = of.iter().position(|(known, _)| known == key)?;
    Some(of.swap_remove(at).1)
}
