//! The `Mesh` service: who the caller is comes from its connection, never from its message.

use std::{sync::Arc, time::Duration};

use mesh_proto::{
    authz::Peer,
    identity::{Member, now_s, now_us, token::JoinToken},
    v1::{
        self as pb,
        mesh_server::{Mesh, MeshServer},
    },
};
use tokio::task;
use tonic::{Request, Response, Status};

use crate::{
    admission::Door,
    audit::{Act, AuditError, Row},
    live::Live,
    members::{DEFAULT_TTL, IssueError, Members, RevokeError, StateError, TokenError},
    vantages::chain,
};

/// Longest message about membership: a signing request and a token are far below.
const MESSAGE_BYTES: usize = 16 << 10;
/// Clocks further apart are said in the log; certificates are backdated by as much.
const CLOCKS_APART: Duration = Duration::from_mins(1);

/// The service.
#[derive(Debug, Clone)]
pub struct Service {
    members: Arc<Members>,
    live: Arc<Live>,
    door: Arc<Door>,
}

impl Service {
    /// The service, ready to be added to a server.
    pub fn new(members: Arc<Members>, live: Arc<Live>, door: Arc<Door>) -> MeshServer<Self> {
        MeshServer::new(Self { members, live, door }).max_decoding_message_size(MESSAGE_BYTES)
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

    /// Puts a row on disk; without it nothing is done and nothing is answered.
    async fn record(&self, row: Row) -> Result<(), Status> {
        let written = self.off_thread(move |members| members.audit().record(&row)).await?;
        written.map_err(|e| unwritten(&self.door, &e))
    }

    /// Somebody got no certificate: the log and the audit say more than the answer.
    async fn not_enrolled(&self, peer: &Peer, token: String, error: &IssueError) -> Result<(), Status> {
        let reason = match error {
            IssueError::Token(e) => e.for_the_log(),
            IssueError::Revoked(_) => error.to_string(),
            IssueError::State(e) => chain(e),
        };
        if let Some(address) = peer.address {
            self.door.refused(address, &reason);
        }
        let row = Row::of(peer, Act::EnrolmentRefused, token).because(reason);
        let written = self.off_thread(move |members| members.audit().record_refusal(row)).await?;
        written.map_err(|e| unwritten(&self.door, &e))
    }
}

/// The caller's own call is refused for want of a row.
pub(crate) fn unwritten(door: &Door, error: &AuditError) -> Status {
    door.say(&chain(error));
    Status::unavailable(chain(error))
}

/// Names a token without giving it away; what is none has no name.
fn token_id(token: &str) -> String {
    token.parse::<JoinToken>().map_or_else(|_| "no token".to_owned(), |token| format!("token {}", token.id()))
}

#[tonic::async_trait]
impl Mesh for Service {
    async fn enroll(&self, request: Request<pb::EnrollRequest>) -> Result<Response<pb::Issued>, Status> {
        let peer = peer(&request)?;
        if let Some(address) = peer.address
            && let Err(reason) = self.door.enrols(address)
        {
            self.door.refused(address, reason);
            return Err(Status::resource_exhausted(format!("{reason}: try again in a few seconds")));
        }
        let pb::EnrollRequest { token, csr, name } = request.into_inner();
        let id = token_id(&token);
        let (chain, fresh) = match self.off_thread(move |members| members.enrol(&token, &csr, &name)).await? {
            Ok(issued) => issued,
            Err(e) => {
                self.not_enrolled(&peer, id, &e).await?;
                return Err(issue(&e));
            }
        };
        let act = if fresh { Act::Enrolled } else { Act::EnrolledAgain };
        let by = issued_to(&chain)?.identity.short();
        // When this can't be written the answer is lost, and the same key can ask for it again.
        self.record(Row { by, ..Row::of(&peer, act, id) }).await?;
        Ok(Response::new(pb::Issued { chain }))
    }

    async fn clock(&self, request: Request<pb::ClockRequest>) -> Result<Response<pb::ClockReply>, Status> {
        let received_us = now_us();
        let peer = peer(&request)?;
        let sent_us = request.into_inner().sent_us;
        let off_s = sent_us.saturating_sub(received_us).saturating_add(500_000).div_euclid(1_000_000);
        if let Some(address) = peer.address
            && off_s.unsigned_abs() > CLOCKS_APART.as_secs()
        {
            let side = if off_s > 0 { "ahead of" } else { "behind" };
            self.door
                .refused(address, &format!("CLOCK_SKEW: its clock is {} s {side} this one's", off_s.unsigned_abs()));
        }
        Ok(Response::new(pb::ClockReply { sent_us, received_us, replied_us: now_us(), steady_us: 0 }))
    }

    async fn renew(&self, request: Request<pb::RenewRequest>) -> Result<Response<pb::Issued>, Status> {
        let (peer, member) = (peer(&request)?, caller(&request)?);
        self.record(Row::of(&peer, Act::Renewed, member.identity.short())).await?;
        let csr = request.into_inner().csr;
        let chain = self.off_thread(move |members| members.renew(&member, &csr)).await?;
        Ok(Response::new(pb::Issued { chain: chain.map_err(|e| issue(&e))? }))
    }

    async fn create_token(
        &self,
        request: Request<pb::CreateTokenRequest>,
    ) -> Result<Response<pb::CreateTokenReply>, Status> {
        let peer = peer(&request)?;
        let pb::CreateTokenRequest { role, name, ttl_s } = request.into_inner();
        let role = role.parse().map_err(|e| Status::invalid_argument(format!("{e}")))?;
        let ttl = if ttl_s == 0 { DEFAULT_TTL } else { Duration::from_secs(ttl_s.into()) };
        let about = format!("{role} {name}");
        let made = self.off_thread(move |members| members.create_token(role, &name, ttl)).await?;
        let (token, expires_us) = made.map_err(|e| refused_token(&e))?;
        // Without this row nobody gets to know the token, which then ends by itself.
        self.record(Row::of(&peer, Act::TokenMade, format!("token {} for {about}", token.id()))).await?;
        Ok(Response::new(pb::CreateTokenReply { token: token.to_string(), expires_us }))
    }

    async fn revoke(&self, request: Request<pb::RevokeRequest>) -> Result<Response<pb::RevokeReply>, Status> {
        let peer = peer(&request)?;
        let name = request.into_inner().name;
        self.record(Row::of(&peer, Act::Revoked, name.clone())).await?;
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

/// Whoever is at the other end; put there by the connection.
pub(crate) fn peer<T>(request: &Request<T>) -> Result<Peer, Status> {
    let peer = request.extensions().get::<Peer>().cloned();
    peer.ok_or_else(|| Status::internal("the connection does not say who its peer is"))
}

fn issued_to(chain: &[Vec<u8>]) -> Result<Member, Status> {
    let certificate = chain.first().cloned().unwrap_or_default().into();
    Member::of(&certificate).map_err(|e| Status::internal(format!("the certificate that was issued: {e}")))
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
        TokenError::Unknown | TokenError::Used { .. } | TokenError::Expired(_) => {
            Status::permission_denied(error.to_string())
        }
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
