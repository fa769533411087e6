//! Fans a diagnosis out to vantages, keeps the evidence, and asks `mesh-diagnosis` what it means.
//!
//! Data flow: [`server`] takes a request, [`vantages`] says who is asked, [`run`] is the loop, [`fanout`] sends one `Run`
//! per vantage and round with a common start, [`store`] keeps the bundle, or [`durable`]
//! where many are served.
//!
//! As a daemon: [`serve`] puts it together, [`accept`] is the port, [`members`] knows who belongs to the mesh, [`live`] who is connected, [`mesh`] is the
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
pub mod serve;
pub mod server;
pub mod store;
pub mod vantages;

mod acknowledge;
mod fanout;
#[cfg(feature = "store")]
mod late;
pub mod once;
mod resume;
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
    /// Who belongs to the mesh that they came to.
    pub members: Option<Arc<members::Members>>,
    /// Where it is written down who asks what, before anybody is asked.
    pub audit: Option<Arc<audit::Audit>>,
    /// Cluster state as `kubectl get -o json` prints it: one `List`.
    pub cluster_state: Option<Vec<u8>>,
    pub tool_version: String,
    /// Takes what an operator should read.
    pub log: Log,
}

/// Takes what an operator should read, one line each; without a reader it goes nowhere.
#[derive(Clone, Default)]
pub struct Log(Option<admission::Say>);

impl Log {
    pub fn new(say: Arc<dyn Fn(&str) + Send + Sync>) -> Self {
        Self(Some(say))
    }

    pub(crate) fn say(&self, text: &str) {
        if let Some(say) = &self.0 {
            say(text);
        }
    }
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Log").field(&self.0.is_some()).finish()
    }
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
