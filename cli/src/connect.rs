//! The coordinator: one inside this process, reached over an in-memory pipe by the same client as a remote one.

use std::path::PathBuf;

use mesh_coordinator::{Settings, SetupError};
use mesh_prober::{
    guard::Guard,
    server::{self, Extra},
};
use mesh_proto::{
    identity::{
        client::{self, Unusable},
        credential::{Credential, CredentialError},
        now_s,
    },
    transport::{self, Address},
    v1::{coordinator_client::CoordinatorClient, mesh_client::MeshClient},
};
use tonic::transport::Channel;

use crate::{cmd::Context, exit::Problem};

/// Largest message of a coordinator: a report with its evidence.
const MESSAGE_BYTES: usize = transport::MESSAGE_BYTES * 16;

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

/// The coordinator of `--coordinator`, else one inside this process.
pub(crate) async fn reach(peers: Peers, cx: &Context) -> Result<CoordinatorClient<Channel>, Problem> {
    let Some(address) = &cx.global.coordinator else { return coordinator(peers).await };
    let misplaced = [
        (!peers.named.is_empty(), "--vantage", "its probers join it themselves: prober join"),
        (peers.cluster_state.is_some(), "--cluster-state", "give it to `coordinator serve`"),
        (peers.allow_metadata, "--allow-metadata", "the policy of each prober decides"),
    ];
    if let Some((_, flag, instead)) = misplaced.into_iter().find(|(given, ..)| *given) {
        return Err(Problem::usage(format!("{flag} can't be used with --coordinator {address}")).hint(instead));
    }
    Ok(CoordinatorClient::new(member(address, cx).await?).max_decoding_message_size(MESSAGE_BYTES))
}

/// The mesh of `--coordinator`, for the commands about its members.
pub(crate) async fn mesh(cx: &Context) -> Result<MeshClient<Channel>, Problem> {
    Ok(MeshClient::new(member(named(cx)?, cx).await?).max_decoding_message_size(MESSAGE_BYTES))
}

/// The address given with `--coordinator`.
pub(crate) fn named(cx: &Context) -> Result<&str, Problem> {
    let missing = || {
        Problem::usage("which mesh? --coordinator is missing")
            .hint("write --coordinator HOST:PORT, or set MESHCTL_COORDINATOR")
    };
    cx.global.coordinator.as_deref().ok_or_else(missing)
}

/// Where the key and the certificate for a coordinator are kept.
pub(crate) fn folder(address: &str, cx: &Context) -> Result<PathBuf, Problem> {
    let nowhere = || Problem::could_not_run("no folder for the key: neither HOME nor XDG_STATE_HOME is set");
    // An address comes from the command line and is not to lead out of the folder.
    let name: String = address.chars().map(|c| if c == '/' { '_' } else { c }).collect();
    Ok(cx.state_dir().ok_or_else(nowhere)?.join("mesh").join(name))
}

/// A channel to a coordinator, with what `meshctl login` stored for it.
pub(crate) async fn member(address: &str, cx: &Context) -> Result<Channel, Problem> {
    let folder = folder(address, cx)?;
    let again = format!("meshctl login --coordinator {address} --token TOKEN");
    let credential = match Credential::load(&folder) {
        Ok(Some(credential)) => credential,
        Ok(None) => {
            let text = format!("coordinator at {address}: no key for it in {}", folder.display());
            return Err(Problem::could_not_run(text).hint(again));
        }
        Err(e) => {
            let unusable = unusable_credential(&e).message;
            let text = format!("coordinator at {address}: the key for it in {}: {unusable}", folder.display());
            return Err(Problem::could_not_run(text).hint(again));
        }
    };
    let channel = client::connect(address, &credential).await?;
    if now_s() < credential.member.renew_at() {
        return Ok(channel);
    }
    match client::renew(address, channel.clone()).await {
        Ok(fresh) => fresh.store(&folder).map_err(|e| unusable_credential(&e))?,
        Err(e) => cx.out.note(&format!("the certificate is not renewed: {e}")),
    }
    Ok(channel)
}

pub(crate) fn unusable_credential(error: &CredentialError) -> Problem {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
    Problem::could_not_run(format!("{error}{cause}"))
}

impl From<Unusable> for Problem {
    fn from(error: Unusable) -> Self {
        Self::could_not_run(format!("coordinator at {}: {}", error.address, error.reason)).hint(error.next)
    }
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
        live: None,
        members: None,
        audit: None,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Settings::default()
    };
    mesh_coordinator::embedded(settings).await.map_err(|e| match e {
        SetupError::ClusterState(reason) => Problem::usage(format!("cluster state: {reason}"))
            .hint("write one with: kubectl get services,endpointslices,ingresses,networkpolicies,pods,nodes,namespaces -A -o json"),
        SetupError::Pipe(reason) => {
            Problem::could_not_run(format!("the coordinator inside this process does not start: {reason}"))
        }
    })
}
