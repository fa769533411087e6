//! The `Mesh` service: who the caller is comes from its connection, never from its message.

use std::{sync::Arc, time::Duration};

use mesh_proto::{
    authz::Peer,
    identity::{Member, now_s},
    v1::{
        self as pb,
        mesh_server::{Mesh, MeshServer},
    },
};
use tokio::task;
use tonic::{Request, Response, Status};

use crate::{
    live::Live,
    members::{DEFAULT_TTL, IssueError, Members, RevokeError, StateError, TokenError},
    vantages::chain,
};

/// Longest message about membership: a signing request and a token are far below.
const MESSAGE_BYTES: usize = 16 << 10;

/// The service.
#[derive(Debug, Clone)]
pub struct Service {
    members: Arc<Members>,
    live: Arc<Live>,
}

impl Service {
    /// The service, ready to be added to a server.
    pub fn new(members: Arc<Members>, live: Arc<Live>) -> MeshServer<Self> {
        MeshServer::new(Self { members, live }).max_decoding_message_size(MESSAGE_BYTES)
    }

    /// File work and signatures, away from the threads that drive connections.
    async fn off_thread<T, F>(&self, job: F) -> Result<T, Status>
    where
        T: Send + 'static,
        F: FnOnce(&Members) -> T + Send + 'static,
    {
        let members = Arc::clone(&self.members);
        task::spawn_blocking(move || job(&members))
            .await
            .map_err(|e| Status::internal(format!("the coordinator's own task broke: {e}")))
    }
}

#[tonic::async_trait]
impl Mesh for Service {
    async fn enroll(&self, request: Request<pb::EnrollRequest>) -> Result<Response<pb::Issued>, Status> {
        let pb::EnrollRequest { token, csr, name } = request.into_inner();
        let chain = self.off_thread(move |members| members.enrol(&token, &csr, &name)).await?;
        Ok(Response::new(pb::Issued { chain: chain.map_err(|e| issue(&e))? }))
    }

    async fn renew(&self, request: Request<pb::RenewRequest>) -> Result<Response<pb::Issued>, Status> {
        let member = caller(&request)?;
        let csr = request.into_inner().csr;
        let chain = self.off_thread(move |members| members.renew(&member, &csr)).await?;
        Ok(Response::new(pb::Issued { chain: chain.map_err(|e| issue(&e))? }))
    }

    async fn create_token(
        &self,
        request: Request<pb::CreateTokenRequest>,
    ) -> Result<Response<pb::CreateTokenReply>, Status> {
        let pb::CreateTokenRequest { role, name, ttl_s } = request.into_inner();
        let role = role.parse().map_err(|e| Status::invalid_argument(format!("{e}")))?;
        let ttl = if ttl_s == 0 { DEFAULT_TTL } else { Duration::from_secs(ttl_s.into()) };
        let made = self.off_thread(move |members| members.create_token(role, &name, ttl)).await?;
        let (token, expires_us) = made.map_err(|e| refused_token(&e))?;
        Ok(Response::new(pb::CreateTokenReply { token: token.to_string(), expires_us }))
    }

    async fn revoke(&self, request: Request<pb::RevokeRequest>) -> Result<Response<pb::RevokeReply>, Status> {
        let name = request.into_inner().name;
        let revoked = self.off_thread(move |members| members.revoke(&name)).await?;
        let (role, name) = revoked.map_err(|e| match e {
            RevokeError::Nobody(_) => Status::not_found(e.to_string()),
            RevokeError::Ambiguous(..) => Status::invalid_argument(e.to_string()),
            RevokeError::State(e) => broken(&e),
        })?;
        let its = |member: &Member| member.identity.role() == role && member.identity.name() == name;
        let closed = self.live.count(its);
        self.live.cut(now_s(), its);
        let closed = u32::try_from(closed).unwrap_or(u32::MAX);
        Ok(Response::new(pb::RevokeReply { member: format!("{role}/{name}"), closed }))
    }

    async fn list_members(
        &self,
        _request: Request<pb::ListMembersRequest>,
    ) -> Result<Response<pb::ListMembersReply>, Status> {
        let records = self.off_thread(Members::list).await?.map_err(|e| broken(&e))?;
        let members = records.into_iter().map(|record| {
            let its = |member: &Member| member.identity.role() == record.role && member.identity.name() == record.name;
            pb::MemberRecord {
                connections: u32::try_from(self.live.count(its)).unwrap_or(u32::MAX),
                role: record.role.to_string(),
                name: record.name,
                issued_us: record.issued_us,
                not_after_s: record.not_after_s,
                revoked_us: record.revoked_us.unwrap_or_default(),
            }
        });
        Ok(Response::new(pb::ListMembersReply { members: members.collect() }))
    }
}

/// The layer in front let only members through; the connection says which.
fn caller<T>(request: &Request<T>) -> Result<Member, Status> {
    let peer = request.extensions().get::<Peer>().and_then(|peer| peer.member.clone());
    peer.ok_or_else(|| Status::internal("the connection does not say who its peer is"))
}

fn issue(error: &IssueError) -> Status {
    match error {
        IssueError::Token(e) => refused_token(e),
        IssueError::Revoked(_) => Status::permission_denied(error.to_string()),
        // The request is the caller's; everything else of the state is ours.
        IssueError::State(StateError::Authority(e)) => Status::invalid_argument(chain(e)),
        IssueError::State(e) => broken(e),
    }
}

fn refused_token(error: &TokenError) -> Status {
    match error {
        TokenError::Unknown | TokenError::Expired(_) => Status::permission_denied(error.to_string()),
        TokenError::Name { .. }
        | TokenError::NoName(_)
        | TokenError::Role(_)
        | TokenError::Kind(_)
        | TokenError::Long
        | TokenError::Identity(_) => Status::invalid_argument(error.to_string()),
        TokenError::Random => Status::internal(error.to_string()),
        TokenError::State(e) => broken(e),
    }
}

fn broken(error: &StateError) -> Status {
    Status::internal(format!("the coordinator's state: {}", chain(error)))
}
