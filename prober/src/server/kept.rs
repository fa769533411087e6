//! The service's side of the spool: what is offered again, and whether a round may begin.

use mesh_proto::{PROTOCOL, authz::Peer, transport::lifeline::Lifeline, v1 as pb};
use tokio::sync::mpsc;
use tonic::{Request, Status};

use super::{Server, off_thread};
use crate::spool::{Refused, Spool};

/// Items read ahead of whoever fetches them.
const AHEAD: usize = 8;

impl Server {
    /// The spool, or why a caller can't use one.
    pub(super) fn spool(&self) -> Result<&Spool, Status> {
        if self.settings.protocol < PROTOCOL {
            return Err(Status::unimplemented("this version of the agreement knows no spool"));
        }
        self.settings.spool.as_ref().ok_or_else(|| Status::failed_precondition("this prober keeps no spool"))
    }

    /// Identity and number of items for a description, and what to say of it. All empty without a spool.
    pub(super) async fn kept(&self) -> Result<(String, u64, Vec<String>), Status> {
        let Some(spool) = self.settings.spool.clone() else { return Ok(Default::default()) };
        off_thread(move || (spool.identity(), spool.held(), spool.lacking())).await
    }

    /// Nothing is asked that could not be kept. Blocks.
    pub(super) fn admit(&self) -> Result<(), Status> {
        let Some(spool) = &self.settings.spool else { return Ok(()) };
        spool.admit().map_err(|refused| match &refused {
            Refused::Full { .. } | Refused::Disk { .. } | Refused::Room { .. } => {
                Status::resource_exhausted(refused.to_string())
            }
            Refused::Unwritable { .. } => Status::unavailable(refused.to_string()),
        })
    }
}

/// The connection of a request: of a member's, or of a socket of this machine. In memory there is none.
pub(super) fn lifeline<T>(request: &Request<T>) -> Option<Lifeline> {
    let extensions = request.extensions();
    let member = || extensions.get::<Peer>().map(|peer| peer.line.clone());
    extensions.get::<Lifeline>().cloned().or_else(member)
}

/// What is held now, oldest first. It is read as the stream is consumed.
pub(super) fn offer(spool: Spool) -> mpsc::Receiver<Result<pb::Item, Status>> {
    let (items, stream) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let (until, mut after) = (spool.newest(), 0);
        loop {
            let reading = spool.clone();
            let page = match off_thread(move || reading.page(after, until)).await {
                Ok(page) => page,
                Err(broken) => return drop(items.send(Err(broken)).await),
            };
            for item in page.items {
                if items.send(Ok(item)).await.is_err() {
                    return;
                }
            }
            match page.next {
                Some(next) => after = next,
                None => return,
            }
        }
    });
    stream
}
