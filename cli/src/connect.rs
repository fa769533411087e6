//! The coordinator: one inside this process, reached over an in-memory pipe by the same client as a remote one.

use std::path::PathBuf;

use mesh_coordinator::{Settings, SetupError};
use mesh_prober::{
    guard::Guard,
    server::{self, Extra},
};
use mesh_proto::{
    transport::{self, Address},
    v1::coordinator_client::CoordinatorClient,
};
use tonic::transport::Channel;

use crate::exit::Problem;

/// Who can be asked, and what is kept.
#[derive(Debug, Default)]
pub(crate) struct Peers {
    /// Probers elsewhere, under the names given to them.
    pub(crate) named: Vec<(String, Address)>,
    /// Namespaces offered by the prober inside this process.
    pub(crate) extra: Vec<Extra>,
    pub(crate) runs_dir: Option<PathBuf>,
    pub(crate) cluster_state: Option<Vec<u8>>,
    /// Requests to cloud metadata services are allowed.
    pub(crate) allow_metadata: bool,
}

/// Sets up the coordinator with a prober of its own.
pub(crate) async fn coordinator(peers: Peers) -> Result<CoordinatorClient<Channel>, Problem> {
    let guard = if peers.allow_metadata { Guard::embedded_with_metadata() } else { Guard::embedded() };
    let mut prober = server::Settings::embedded(guard);
    prober.extra = peers.extra;
    let local = transport::embedded(server::routes(prober))
        .await
        .map_err(|e| Problem::could_not_run(format!("the prober inside this process does not start: {e}")))?;
    let settings = Settings {
        runs_dir: peers.runs_dir,
        durable: None,
        local: Some(local),
        peers: peers.named,
        cluster_state: peers.cluster_state,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    mesh_coordinator::embedded(settings).await.map_err(|e| match e {
        SetupError::ClusterState(reason) => Problem::usage(format!("cluster state: {reason}"))
            .hint("write one with: kubectl get services,endpointslices,pods,nodes -A -o json"),
        SetupError::Pipe(reason) => {
            Problem::could_not_run(format!("the coordinator inside this process does not start: {reason}"))
        }
    })
}
