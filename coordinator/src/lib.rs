//! Fans a diagnosis out to vantages, keeps the evidence, and asks `mesh-diagnosis` what it means.
//!
//! Data flow: [`server`] takes a request, [`vantages`] says who is asked, [`run`] is the loop, [`fanout`] sends one `Run`
//! per vantage and round with a common start, [`store`] keeps the bundle, or [`durable`]
//! where many are served.
//!
//! As a daemon: [`accept`] is the port, [`members`] knows who belongs to the mesh, [`live`] who is connected, [`mesh`] is the
//! service about both.

pub mod accept;
pub mod admission;
pub mod audit;
pub mod clock;
pub mod durable;
pub mod kube;
pub mod live;
pub mod members;
pub mod mesh;
pub mod server;
pub mod store;
pub mod vantages;

mod fanout;
mod run;

use std::{path::PathBuf, sync::Arc};

use mesh_proto::{
    transport::{self, Address},
    v1::coordinator_client::CoordinatorClient,
};
use tonic::{service::Routes, transport::Channel};

/// How a coordinator is set up.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Where runs are kept as bundles; none = they are not kept.
    pub runs_dir: Option<PathBuf>,
    /// Where runs are kept instead, when many are served; needs the feature `store`.
    pub durable: Option<durable::Durable>,
    /// A prober inside this process.
    pub local: Option<Channel>,
    /// Probers elsewhere: the vantage id each is known by here, and where it is.
    pub peers: Vec<(String, Address)>,
    /// Probers that came by themselves and are connected now.
    pub live: Option<Arc<live::Live>>,
    /// Where it is written down who asks what, before anybody is asked.
    pub audit: Option<Arc<audit::Audit>>,
    /// Cluster state as `kubectl get -o json` prints it: one `List`.
    pub cluster_state: Option<Vec<u8>>,
    pub tool_version: String,
}

/// Why a coordinator could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error("cluster state: {0}")]
    ClusterState(#[from] kube::StateError),
    #[error("in-memory pipe: {0}")]
    Pipe(#[from] tonic::transport::Error),
}

/// The coordinator's services.
pub fn routes(settings: Settings) -> Result<Routes, kube::StateError> {
    Ok(Routes::new(server::Server::service(settings)?))
}

/// A coordinator inside this process, reached over an in-memory pipe by the same client as a remote one. Must be called
/// within a tokio runtime.
pub async fn embedded(settings: Settings) -> Result<CoordinatorClient<Channel>, SetupError> {
    let channel = transport::embedded(routes(settings)?).await?;
    Ok(CoordinatorClient::new(channel).max_decoding_message_size(transport::MESSAGE_BYTES * 16))
}
