//! A mesh's coordinator, put together: one port, one state folder, and an end that no peer can put off.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use mesh_proto::{
    identity::{Role, token::JoinToken},
    transport,
};
use tokio::{net::TcpListener, sync::oneshot, time};

use crate::{
    Settings,
    accept::{self, Front, ServeError},
    admission::{Door, Limits, Say},
    audit::{Act, AuditError, Row},
    kube,
    live::Live,
    members::{DEFAULT_TTL, Members, Setup, StateError, TokenError},
    mesh, routes,
};

/// From a signal to the end, when a peer keeps its connection open.
const GRACE: Duration = Duration::from_secs(1);
/// Name of the first operator.
pub const FIRST: &str = "admin";
/// Who does what is done by a command on the coordinator's own machine, as the audit names it.
pub const CONSOLE: &str = "the coordinator's machine";

/// Why a coordinator does not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("--listen {address}: {source}")]
    Listen { address: String, source: io::Error },
    #[error("--state {folder}", folder = .folder.display())]
    State { folder: PathBuf, source: StateError },
    #[error("the first operator's token")]
    Token(#[from] TokenError),
    #[error(transparent)]
    Audit(#[from] AuditError),
    #[error("--cluster-state: {0}")]
    ClusterState(#[from] kube::StateError),
    #[error(transparent)]
    Serve(#[from] ServeError),
}

/// A port that is held and a state that was read; nobody is answered yet.
#[derive(Debug)]
pub struct Opened {
    pub members: Arc<Members>,
    /// The state folder was empty: nobody belongs to the mesh, and somebody must be let in.
    pub first: bool,
    listener: TcpListener,
}

impl Opened {
    /// Binds, then reads the state or makes it, in this order: a port that is taken must not cost the first token.
    pub async fn new(listen: &str, state: &Path, setup: Setup) -> Result<Self, StartError> {
        let listener = TcpListener::bind(listen)
            .await
            .map_err(|source| StartError::Listen { address: listen.to_owned(), source })?;
        let (members, first) =
            Members::open_as(state, setup).map_err(|source| StartError::State { folder: state.to_owned(), source })?;
        Ok(Self { members: Arc::new(members), first, listener })
    }

    /// Where it listens; an asked port of 0 is a real one here.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// A token with which the first operator logs in.
    pub fn first_token(&self) -> Result<JoinToken, StartError> {
        let (token, _) = self.members.create_token(Role::Operator, FIRST, DEFAULT_TTL)?;
        let row = Row::here(CONSOLE, Act::TokenMade, format!("token {} for {} {FIRST}", token.id(), Role::Operator));
        self.members.audit().record(&row)?;
        Ok(token)
    }

    /// Serves until `stop` completes, and little longer. `settings` say what is kept; who belongs to the mesh, who is
    /// connected and the audit are added here.
    pub async fn serve(
        self,
        settings: Settings,
        limits: Limits,
        say: Say,
        stop: impl Future<Output = ()>,
    ) -> Result<(), StartError> {
        let live = Arc::new(Live::default());
        let (members, door) = (self.members, Door::new(limits, say));
        let routes = routes(Settings {
            live: Some(Arc::clone(&live)),
            members: Some(Arc::clone(&members)),
            audit: Some(Arc::clone(members.audit())),
            ..settings
        })?;
        let service = mesh::Service::new(Arc::clone(&members), Arc::clone(&live), Arc::clone(&door));
        let routes = transport::with_health_and_reflection(routes.add_service(service), "mesh.v1.Coordinator").await;
        let (tell, told) = oneshot::channel();
        let stop = async move {
            stop.await;
            // Whoever waits for it may have ended with an error of its own.
            tell.send(()).unwrap_or_default();
        };
        let overdue = async {
            if told.await.is_err() {
                std::future::pending::<()>().await;
            }
            time::sleep(GRACE).await;
        };
        let front = Front { members, live, door };
        tokio::select! {
            served = accept::serve(front, self.listener, routes, stop) => Ok(served?),
            () = overdue => Ok(()),
        }
    }
}

/// The address as others can write it: every address of this machine is none that they know.
pub fn reached_at(listen: &str) -> String {
    match listen.parse::<SocketAddr>() {
        Ok(address) if address.ip().is_unspecified() => format!("HOST:{}", address.port()),
        _ => listen.to_owned(),
    }
}

/// An address of this machine that other machines may know, of those given; IPv4 first, since it is shorter to type.
pub fn reachable(addresses: impl IntoIterator<Item = IpAddr>) -> Option<IpAddr> {
    let link_local = |ip: &IpAddr| match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    };
    addresses
        .into_iter()
        .filter(|ip| !ip.is_loopback() && !ip.is_unspecified() && !link_local(ip))
        .min_by_key(IpAddr::is_ipv6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_means_every_interface_is_not_handed_on() {
        assert_eq!(reached_at("0.0.0.0:7443"), "HOST:7443");
        assert_eq!(reached_at("[::]:7443"), "HOST:7443");
        assert_eq!(reached_at("10.9.1.2:7443"), "10.9.1.2:7443");
        assert_eq!(reached_at("mesh.example.com:7443"), "mesh.example.com:7443");
    }

    #[test]
    fn what_others_can_reach_is_neither_loopback_nor_good_on_one_link_alone() {
        let of =
            |list: &[&str]| reachable(list.iter().map(|text| text.parse().expect("address"))).map(|ip| ip.to_string());
        assert_eq!(of(&["127.0.0.1", "::1", "fe80::1", "169.254.3.4"]), None);
        assert_eq!(of(&["127.0.0.1", "fd00::7", "10.9.1.2"]).as_deref(), Some("10.9.1.2"));
        assert_eq!(of(&["::1", "fd00::7"]).as_deref(), Some("fd00::7"));
    }
}
