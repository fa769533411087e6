//! Where runs are read from: a folder, or the coordinator of a mesh.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use mesh_coordinator::store;
use mesh_proto::{
    bundle::{self, Bundle},
    v1::{GetRunRequest, ListRunsRequest, RunRow, coordinator_client::CoordinatorClient},
};
use tonic::transport::Channel;

use super::{BUNDLE_BYTES, LISTED, Line, line};
use crate::{
    cmd::{Context, diagnose::read},
    connect::{self, Peers},
    exit::{Code, Problem},
};

/// Where runs are.
#[derive(Debug)]
pub(super) enum Source {
    Folder(Option<PathBuf>),
    Mesh { address: String, client: CoordinatorClient<Channel> },
}

/// Runs as a list shows them.
pub(super) struct Listed {
    pub(super) lines: Vec<Line>,
    /// Of them and those not shown.
    pub(super) kept: usize,
    /// Folder or coordinator.
    pub(super) place: String,
}

impl Source {
    /// The coordinator when one is named, unless a folder is.
    pub(super) async fn of(flag: Option<&PathBuf>, cx: &Context) -> Result<Self, Problem> {
        match (&cx.global.coordinator, flag) {
            (Some(address), None) => {
                Ok(Self::Mesh { address: address.clone(), client: connect::reach(Peers::default(), cx).await? })
            }
            _ => Ok(Self::Folder(cx.runs_dir(flag))),
        }
    }

    /// A bundle, and where it was found.
    pub(super) async fn open(&self, run: &str) -> Result<(Bundle, String), Problem> {
        let file = Path::new(run);
        let (bytes, place) = match self {
            _ if file.is_file() => (from_file(file)?, file.display().to_string()),
            Self::Folder(folder) => {
                let path = find(run, folder.as_deref())?;
                (from_file(&path)?, path.display().to_string())
            }
            Self::Mesh { address, client } => {
                (fetch(client.clone(), run, address).await?, format!("{run} of the coordinator at {address}"))
            }
        };
        let bundle = bundle::read(&bytes).map_err(|e| {
            Problem::could_not_run(format!("bundle {place}: {e}"))
                .hint("a bundle is the .mesh file that a run leaves; copy it again, or ask again")
        })?;
        Ok((bundle, place))
    }

    pub(super) async fn list(&self) -> Result<Listed, Problem> {
        match self {
            Self::Folder(folder) => {
                let folder = super::kept_in(folder.as_deref())?;
                let found = store::list(folder)
                    .map_err(|e| Problem::could_not_run(format!("runs in {}: {e}", folder.display())))?;
                let lines = found.iter().take(LISTED).map(|path| line(path)).collect();
                Ok(Listed { lines, kept: found.len(), place: folder.display().to_string() })
            }
            Self::Mesh { address, client } => {
                let runs = client.clone().list_runs(ListRunsRequest::default()).await?.into_inner().runs;
                let kept = runs.len();
                let lines = runs.into_iter().take(LISTED).map(row).collect();
                Ok(Listed { lines, kept, place: format!("the coordinator at {address}") })
            }
        }
    }
}

fn from_file(path: &Path) -> Result<Vec<u8>, Problem> {
    // What the file holds is no question of usage.
    read("bundle", path, BUNDLE_BYTES).map_err(|problem| Problem { code: Code::CouldNotRun, ..problem })
}

/// A run of the folder.
fn find(run: &str, folder: Option<&Path>) -> Result<PathBuf, Problem> {
    let is_id = !run.is_empty() && run.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match folder {
        Some(folder) if is_id => {
            let path = store::path(folder, run);
            if path.is_file() {
                return Ok(path);
            }
            Err(Problem::could_not_run(format!("run {run:?}: neither a file nor a run in {}", folder.display()))
                .hint("meshctl runs lists what is kept"))
        }
        _ => Err(Problem::could_not_run(format!("run {run:?}: no such file"))),
    }
}

/// A run of the mesh, put together from its pieces.
async fn fetch(mut client: CoordinatorClient<Channel>, run: &str, address: &str) -> Result<Vec<u8>, Problem> {
    let failed = |why: &str| Problem::could_not_run(format!("run {run:?} from the coordinator at {address}: {why}"));
    let mut pieces = client.get_run(GetRunRequest { run: run.to_owned() }).await?.into_inner();
    let (mut bytes, mut digest) = (Vec::new(), String::new());
    while let Some(piece) = pieces.message().await? {
        if bytes.len() as u64 + piece.content.len() as u64 > BUNDLE_BYTES {
            return Err(failed(&format!("more than {} MiB", BUNDLE_BYTES >> 20)));
        }
        bytes.extend(piece.content);
        digest = piece.sha256;
    }
    match digest.as_str() {
        "" => Err(failed("it ended before its last piece").hint("ask for it again")),
        digest if digest == bundle::sha256(&bytes) => Ok(bytes),
        _ => Err(failed("it differs from its digest").hint("ask for it again")),
    }
}

fn row(row: RunRow) -> Line {
    let at = Timestamp::from_microsecond(row.started_us).map(|at| at.to_string()).unwrap_or_default();
    let place = match (row.location.as_str(), row.cause.as_str()) {
        ("proved" | "likely", cause) if !cause.is_empty() => cause.to_owned(),
        ("narrowed", _) => "narrowed to several causes".to_owned(),
        ("open", _) => "open".to_owned(),
        _ => "-".to_owned(),
    };
    Line { run: row.run, at, target: row.target, status: row.status, place, error: None }
}
