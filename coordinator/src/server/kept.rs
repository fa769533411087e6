//! Runs that are kept, for those who may read them.

use mesh_proto::{bundle, v1 as pb};
use tokio::{sync::mpsc, task};
use tonic::Status;

use crate::{
    Settings,
    durable::{Durable, Row},
};

/// Rows of one answer.
const LISTED: usize = 1_000;
/// Bytes of one piece: well below the largest message, and few enough that nobody waits behind a large run.
const PIECE: usize = 256 << 10;
/// Pieces on their way: a slow reader holds the run in memory, and little more.
const WAITING: usize = 4;

fn durable(settings: &Settings) -> Result<Durable, Status> {
    let none = || Status::failed_precondition("this coordinator keeps its runs as files");
    settings.durable.clone().ok_or_else(none)
}

/// File work, away from the threads that drive connections.
async fn off_thread<T: Send + 'static>(job: impl FnOnce() -> Result<T, Status> + Send + 'static) -> Result<T, Status> {
    let broken = |e| Status::internal(format!("the coordinator's own task broke: {e}"));
    task::spawn_blocking(job).await.map_err(broken)?
}

pub(super) async fn list(settings: &Settings, request: pb::ListRunsRequest) -> Result<pb::ListRunsReply, Status> {
    let durable = durable(settings)?;
    let most = match usize::try_from(request.most).unwrap_or(LISTED) {
        0 => LISTED,
        most => most.min(LISTED),
    };
    let rows = off_thread(move || durable.rows(most)).await?;
    Ok(pb::ListRunsReply { runs: rows.into_iter().map(row).collect() })
}

fn row(row: Row) -> pb::RunRow {
    pb::RunRow {
        run: row.id,
        started_us: row.started_us,
        target: row.target,
        status: row.status,
        location: row.location.unwrap_or_default(),
        cause: row.cause.unwrap_or_default(),
        bytes: row.bytes,
    }
}

pub(super) async fn pieces(
    settings: &Settings,
    run: String,
) -> Result<mpsc::Receiver<Result<pb::Piece, Status>>, Status> {
    let durable = durable(settings)?;
    let (_, bundle) = off_thread(move || durable.find(&run)).await?;
    let (pieces, stream) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        let (sha256, count) = (bundle::sha256(&bundle), bundle.len().div_ceil(PIECE));
        for (number, content) in bundle.chunks(PIECE).enumerate() {
            let sha256 = if number + 1 == count { sha256.clone() } else { String::new() };
            if pieces.send(Ok(pb::Piece { content: content.to_vec(), sha256 })).await.is_err() {
                return;
            }
        }
    });
    Ok(stream)
}
