//! Runs that are kept, for those who may read them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use mesh_proto::{bundle, v1 as pb};
use tokio::{sync::mpsc, task};
use tonic::Status;

use crate::{Settings, durable::Row, resume, run, store};

/// Rows of one answer.
const LISTED: usize = 1_000;
/// Files of a folder that are opened for one answer: each is unpacked.
const FILES: usize = 100;
/// Bytes of one piece: well below the largest message, and few enough that nobody waits behind a large run.
const PIECE: usize = 256 << 10;
/// Pieces on their way: a slow reader holds the run in memory, and little more.
const WAITING: usize = 4;

/// File work, away from the threads that drive connections.
async fn off_thread<T: Send + 'static>(job: impl FnOnce() -> Result<T, Status> + Send + 'static) -> Result<T, Status> {
    let broken = |e| Status::internal(format!("the coordinator's own task broke: {e}"));
    task::spawn_blocking(job).await.map_err(broken)?
}

pub(super) async fn list(settings: &Settings, request: pb::ListRunsRequest) -> Result<pb::ListRunsReply, Status> {
    let most = match usize::try_from(request.most).unwrap_or(LISTED) {
        0 => LISTED,
        most => most.min(LISTED),
    };
    let settings = settings.clone();
    let rows = off_thread(move || match (&settings.durable, &settings.runs_dir) {
        (Some(durable), _) => durable.rows(most),
        (None, Some(runs)) => of_files(runs, most),
        (None, None) => Ok(Vec::new()),
    });
    Ok(pb::ListRunsReply { runs: rows.await?.into_iter().map(row).collect() })
}

/// Runs of a folder. What can't be read is left out: its reader is told why when it is asked for.
fn of_files(runs: &Path, most: usize) -> Result<Vec<Row>, Status> {
    let files = store::list(runs).map_err(|e| Status::data_loss(format!("runs in {}: {e}", runs.display())))?;
    let read = |path: &PathBuf| {
        let bytes = fs::metadata(path).ok()?.len();
        let content = (bytes <= bundle::FILE_BYTES as u64).then(|| fs::read(path).ok())??;
        let bundle = bundle::read(&content).ok()?;
        let report = serde_json::from_slice(&bundle.report).ok()?;
        Some(Row { bytes, ..run::row(&bundle.record, &report) })
    };
    Ok(files.iter().take(most.min(FILES)).filter_map(read).collect())
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
    let settings = settings.clone();
    let bundle = off_thread(move || resume::bytes(&settings, &run)).await?;
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
