//! Connects that are made ready before a round's start and begun by the thread that waits for it, before anything else has
//! a turn: on a busy machine the way through the runtime takes tens of milliseconds, and differs from host to host.

use std::sync::{Mutex, PoisonError};

use socket2::Socket;

use super::{
    Net, Refused,
    stream::{Begun, Way, begin, prepare},
};

/// Most connects that are made ready for one round; further ones begin when their probe does.
const READY: usize = 64;

/// Sockets that have sent nothing yet.
#[derive(Default)]
pub(crate) struct Ready(Vec<(Way, Socket)>);

/// Connects that have begun, for the probes they belong to.
#[derive(Debug, Default)]
pub(crate) struct Fired(Mutex<Vec<(Way, Result<Begun, Refused>)>>);

impl Net {
    /// Makes sockets for ways that the policy allows now. What can't be made is left to its probe, which then says why.
    pub(crate) async fn make_ready(&self, ways: Vec<Way>) -> Ready {
        let allowed: Vec<Way> =
            ways.into_iter().take(READY).filter(|way| self.allow(way.to.ip(), way.act).is_ok()).collect();
        if allowed.is_empty() {
            return Ready::default();
        }
        let made = self.run(move || allowed.into_iter().filter_map(|way| Some((way, prepare(way).ok()?))).collect());
        Ready(made.await.unwrap_or_default())
    }
}

impl Ready {
    /// connect(2) on each. A socket belongs to the namespace it was made in, so any thread may do it.
    pub(crate) fn fire(self) -> Fired {
        Fired(Mutex::new(self.0.into_iter().map(|(way, socket)| (way, begin(socket, way))).collect()))
    }
}

impl Fired {
    /// The connect of one probe, once.
    pub(super) fn take(&self, way: Way) -> Option<Result<Begun, Refused>> {
        let mut begun = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = begun.iter().position(|(known, _)| *known == way)?;
        Some(begun.swap_remove(at).1)
    }
}
