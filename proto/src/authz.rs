//! Who may call what: the role that a method declares in the descriptor, enforced in one layer in front of every service.
//!
//! A method that the descriptor does not hold is refused to everybody.

use std::{
    collections::BTreeMap,
    future::{self, Future},
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use prost::Message;
use tonic::{
    Status,
    body::Body,
    codegen::http::{Request, Response},
};
use tower::{Layer, Service};

use crate::{
    identity::{Member, Role},
    transport::lifeline::Lifeline,
};

/// What a method asks of its caller: the values of `mesh.Role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// Operators may read too.
    Viewer,
    Operator,
    Coordinator,
    Prober,
    /// Any certificate of the mesh.
    Member,
    /// None, on the enrolment protocol.
    Stranger,
}

impl Requirement {
    fn of(number: i32) -> Option<Self> {
        Some(match number {
            1 => Self::Viewer,
            2 => Self::Operator,
            3 => Self::Coordinator,
            4 => Self::Prober,
            5 => Self::Member,
            6 => Self::Stranger,
            _ => return None,
        })
    }

    /// Whether a peer in this role, none for a stranger, may call.
    pub fn met_by(self, role: Option<Role>) -> bool {
        match (self, role) {
            (Self::Stranger, None)
            | (Self::Member, Some(_))
            | (Self::Viewer, Some(Role::Viewer | Role::Operator))
            | (Self::Operator, Some(Role::Operator))
            | (Self::Coordinator, Some(Role::Coordinator))
            | (Self::Prober, Some(Role::Prober)) => true,
            (
                Self::Viewer | Self::Operator | Self::Coordinator | Self::Prober | Self::Member | Self::Stranger,
                None | Some(_),
            ) => false,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Viewer => "a viewer or an operator",
            Self::Operator => "an operator",
            Self::Coordinator => "the coordinator",
            Self::Prober => "a prober",
            Self::Member => "a member",
            Self::Stranger => "somebody who joins",
        }
    }
}

/// Whoever is at the other end of a connection; put into every request by the connection.
#[derive(Debug, Clone)]
pub struct Peer {
    /// None on the enrolment protocol.
    pub member: Option<Member>,
    pub address: Option<SocketAddr>,
    /// Set by the connection.
    pub line: Lifeline,
}

impl Peer {
    pub fn new(member: Option<Member>, address: Option<SocketAddr>) -> Self {
        Self { member, address, line: Lifeline::default() }
    }

    fn role(&self) -> Option<Role> {
        self.member.as_ref().map(|member| member.identity.role())
    }

    /// As messages name it.
    pub fn name(&self) -> String {
        self.member.as_ref().map_or_else(|| "a peer without certificate".to_owned(), |member| member.identity.short())
    }
}

/// Requirement of every method, by its path: `/mesh.v1.Mesh/Enroll`.
pub type Table = BTreeMap<String, Requirement>;

/// What every gRPC server of a mesh offers beside its own methods; their descriptors are not ours and hold no option.
const BESIDE: [&str; 4] = [
    "/grpc.health.v1.Health/Check",
    "/grpc.health.v1.Health/Watch",
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

/// Reads the option `(mesh.authz)` of every method. Health and reflection are for members.
pub fn table() -> Result<Table, prost::DecodeError> {
    let files = Files::decode(crate::DESCRIPTOR)?;
    let mut table: Table = BESIDE.iter().map(|path| ((*path).to_owned(), Requirement::Member)).collect();
    for file in files.file {
        for service in file.service {
            for method in service.method {
                let number = method.options.map(|options| options.authz).unwrap_or_default();
                if let Some(requirement) = Requirement::of(number) {
                    table.insert(format!("/{}.{}/{}", file.package, service.name, method.name), requirement);
                }
            }
        }
    }
    Ok(table)
}

/// The few fields of descriptor.proto that are needed; prost's own types have no room for the option.
#[derive(Clone, PartialEq, Message)]
struct Files {
    #[prost(message, repeated, tag = "1")]
    file: Vec<File>,
}

#[derive(Clone, PartialEq, Message)]
struct File {
    #[prost(string, tag = "2")]
    package: String,
    #[prost(message, repeated, tag = "6")]
    service: Vec<ServiceOf>,
}

#[derive(Clone, PartialEq, Message)]
struct ServiceOf {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(message, repeated, tag = "2")]
    method: Vec<Method>,
}

#[derive(Clone, PartialEq, Message)]
struct Method {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(message, optional, tag = "4")]
    options: Option<Options>,
}

#[derive(Clone, PartialEq, Message)]
struct Options {
    #[prost(int32, tag = "50601")]
    authz: i32,
}

/// Hears of a refused call: who, which method, why. It is called where connections are driven and must not wait.
pub type OnRefusal = Arc<dyn Fn(&Peer, &str, &str) + Send + Sync>;

/// The layer.
#[derive(Clone)]
pub struct Authz {
    table: Arc<Table>,
    refused: Option<OnRefusal>,
}

impl std::fmt::Debug for Authz {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authz").field("table", &self.table).finish_non_exhaustive()
    }
}

impl Authz {
    pub fn new() -> Result<Self, prost::DecodeError> {
        Ok(Self { table: Arc::new(table()?), refused: None })
    }

    /// Tells of every refusal.
    #[must_use]
    pub fn telling(self, refused: OnRefusal) -> Self {
        Self { refused: Some(refused), ..self }
    }

    /// Why this peer may not call this method.
    pub fn judge(&self, path: &str, peer: Option<&Peer>) -> Result<(), Status> {
        let Some(peer) = peer else {
            return Err(Status::internal("the connection does not say who its peer is"));
        };
        match self.table.get(path) {
            Some(requirement) if requirement.met_by(peer.role()) => Ok(()),
            Some(requirement) => {
                let text = format!("{} may not call {path}: only {} may", peer.name(), requirement.name());
                Err(Status::permission_denied(text))
            }
            None => Err(Status::permission_denied(format!("{path} is offered to nobody"))),
        }
    }
}

impl<S> Layer<S> for Authz {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { authz: self.clone(), inner }
    }
}

/// A service behind the layer.
#[derive(Debug, Clone)]
pub struct Guarded<S> {
    authz: Authz,
    inner: S,
}

impl<S> Service<Request<Body>> for Guarded<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let peer = request.extensions().get::<Peer>();
        match self.authz.judge(request.uri().path(), peer) {
            Ok(()) => Box::pin(self.inner.call(request)),
            Err(status) => {
                if let (Some(refused), Some(peer)) = (&self.authz.refused, peer) {
                    refused(peer, request.uri().path(), status.message());
                }
                Box::pin(future::ready(Ok(status.into_http())))
            }
        }
    }
}
