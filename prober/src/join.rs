//! A prober of a mesh: it dials out, shows its certificate, and is then asked over the connection it opened.
//!
//! No port is open here, so it works behind NAT and behind a firewall that lets nothing in.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use mesh_proto::{
    authz::{Authz, Peer},
    identity::{
        Member, Role,
        client::{self, Joining, Stream, Unusable},
        credential::{Credential, CredentialError},
        link::Link,
        now_s,
        tls::{self, Leaf},
        token::{JoinToken, TokenFileError, TokenSource},
    },
    transport,
};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{self, Instant},
};
use tokio_stream::StreamExt as _;
use tonic::service::Routes;

use crate::guard::Guard;

/// Shortest wait before the coordinator is dialled again.
const AGAIN_LEAST: Duration = Duration::from_millis(500);
/// Longest. A fleet that lost its coordinator comes back spread over it: 10,000 probers are 83 handshakes a second, where a
/// coordinator takes 200.
const AGAIN_MOST: Duration = Duration::from_mins(2);
/// A connection that lasted as long counts as a success: the waits begin small again.
const LASTED: Duration = Duration::from_secs(30);
/// A connection is followed by the next one at this age, before the coordinator ends it (at 54 to 66 minutes): the next one
/// stands before the first goes, so that nobody asks in vain.
const AGE: Duration = Duration::from_mins(50);
/// Between two tries to renew.
const RENEW_AGAIN: Duration = Duration::from_mins(1);

/// Which mesh, and as whom.
pub struct Ask {
    /// `host:port`.
    pub coordinator: String,
    /// Spent when there is no certificate yet, or none that the coordinator accepts.
    pub token: Option<TokenSource>,
    /// Folder of the key and the certificate.
    pub state: PathBuf,
    /// `KIND/NAME`.
    pub name: String,
    /// Is told where the coordinator is: nobody asks this prober to knock there.
    pub guard: Arc<Guard>,
    /// Takes what an operator should read, one line each.
    pub say: Arc<dyn Fn(&str) + Send + Sync>,
}

/// Why a prober can't stay in a mesh.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    #[error(transparent)]
    Coordinator(#[from] Unusable),
    #[error(
        "--state {folder}: {error}{cause}; when nothing else helps, move the folder away and join with a new token: meshctl \
         token create", cause = mesh_cause(.error)
    )]
    Credential { folder: String, error: CredentialError },
    #[error(
        "--state {folder} holds no certificate and no --token-file was given; an operator makes a token with: meshctl \
         token create --role prober --name {name}"
    )]
    NoToken { folder: String, name: String },
    #[error("--state {folder} holds the certificate of {found}, not of prober {wanted}; use a folder per prober")]
    OtherName { folder: String, found: String, wanted: String },
    #[error("--state {folder} holds no certificate, and there is no token to get one with: {source}")]
    Token { folder: String, source: TokenFileError },
    #[error("the API's descriptor: {0}")]
    Descriptor(String),
}

fn mesh_cause(error: &CredentialError) -> String {
    std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default()
}

/// What is shown on the next connection.
struct Own {
    credential: Credential,
    leaf: Arc<Leaf>,
}

impl Own {
    fn new(ask: &Ask, credential: Credential) -> Result<Self, JoinError> {
        Ok(Self { leaf: credential.leaf().map_err(|e| ask.unusable(e))?, credential })
    }
}

impl Ask {
    fn unusable(&self, error: CredentialError) -> JoinError {
        JoinError::Credential { folder: self.state.display().to_string(), error }
    }
}

/// Stays in the mesh until `stop` completes, or until the coordinator refuses for good.
pub async fn stay(mut ask: Ask, routes: Routes, stop: impl Future<Output = ()>) -> Result<(), JoinError> {
    let (end, ended) = watch::channel(false);
    let authz = Authz::new().map_err(|e| JoinError::Descriptor(e.to_string()))?;
    // A TLS client and a server in one future are large.
    let staying = Box::pin(async {
        let mut own = own(&mut ask).await?;
        let mut tries = 0;
        loop {
            let began = Instant::now();
            let stream =
                match client::open(&ask.coordinator, &own.credential, Arc::clone(&own.leaf), tls::ALPN_PROBER).await {
                    Ok(stream) => stream,
                    Err(e) if e.lasting => {
                        let Some(token) = ask.token.take() else { return Err(e.into()) };
                        let token = match token.read() {
                            Ok(token) => token,
                            Err(unread) => {
                                (ask.say)(&unread.to_string());
                                return Err(e.into());
                            }
                        };
                        (ask.say)(&format!("{e}: joining again with the token given"));
                        let joining = Joining::new(&ask.coordinator)?;
                        own = Own::new(&ask, enrol(&ask, &joining, &token).await?)?;
                        continue;
                    }
                    Err(e) => {
                        (ask.say)(&e.to_string());
                        tries = wait(tries).await;
                        continue;
                    }
                };
            if let Ok(coordinator) = stream.get_ref().0.peer_addr() {
                ask.guard.keep_out_of(coordinator);
            }
            (ask.say)(&format!("connected to {} as {}", ask.coordinator, own.credential.member.identity));
            let mut serving = serve(stream, routes.clone(), authz.clone(), ended.clone());
            tokio::select! {
                _ = &mut serving => {
                    (ask.say)(&format!("the connection to {} is lost", ask.coordinator));
                    tries = if began.elapsed() > LASTED { 0 } else { tries };
                    tries = wait(tries).await;
                }
                // The next connection shows the new certificate; the present one ends when the coordinator has no more
                // rounds on it.
                renewed = renewed(&ask, &own) => renewed?.shown_in(&ask, &mut own)?,
                () = time::sleep(AGE) => {}
            }
        }
    });
    tokio::select! {
        done = staying => done,
        () = stop => {
            // Nobody may be left to hear it.
            end.send_replace(true);
            Ok(())
        }
    }
}

/// The certificate that a folder holds, if it holds one, and it is that prober's. Writes nothing.
pub fn held(state: &Path, name: &str) -> Result<Option<Credential>, JoinError> {
    let folder = || state.display().to_string();
    let loaded = Credential::load(state).map_err(|error| JoinError::Credential { folder: folder(), error })?;
    let Some(credential) = loaded else { return Ok(None) };
    let identity = &credential.member.identity;
    if identity.role() != Role::Prober || identity.name() != name {
        let (found, wanted) = (identity.short(), name.to_owned());
        return Err(JoinError::OtherName { folder: folder(), found, wanted });
    }
    Ok(Some(credential))
}

/// The certificate kept from before, else one for the token.
async fn own(ask: &mut Ask) -> Result<Own, JoinError> {
    let folder = || ask.state.display().to_string();
    if let Some(credential) = held(&ask.state, &ask.name)? {
        return Own::new(ask, credential);
    }
    let Some(token) = ask.token.take() else {
        return Err(JoinError::NoToken { folder: folder(), name: ask.name.clone() });
    };
    let token = token.read().map_err(|source| JoinError::Token { folder: folder(), source })?;
    // One key for every try: an answer that was lost is given again to the same key.
    let joining = Joining::new(&ask.coordinator)?;
    let mut tries = 0;
    loop {
        match enrol(ask, &joining, &token).await {
            Ok(credential) => return Own::new(ask, credential),
            Err(JoinError::Coordinator(e)) if !e.lasting => {
                (ask.say)(&e.to_string());
                tries = wait(tries).await;
            }
            Err(e) => return Err(e),
        }
    }
}

async fn enrol(ask: &Ask, joining: &Joining, token: &JoinToken) -> Result<Credential, JoinError> {
    let credential = joining.enrol(&ask.coordinator, token, &ask.name).await?;
    credential.store(&ask.state).map_err(|e| ask.unusable(e))?;
    (ask.say)(&format!("joined as {}", credential.member.identity));
    Ok(credential)
}

/// Serves on the connection that this side opened, until it is gone or the prober ends.
fn serve(stream: Stream, routes: Routes, authz: Authz, mut ended: watch::Receiver<bool>) -> JoinHandle<()> {
    let certificate = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
    // The handshake verified it; without it the layer refuses every call.
    let member = certificate.and_then(|certificate| Member::of(certificate).ok());
    let address = stream.get_ref().0.peer_addr().ok();
    let (link, gone) = Link::new(stream, Peer::new(member, address), None);
    let incoming = tokio_stream::once(Ok(link)).chain(tokio_stream::pending());
    let over = async move {
        tokio::select! {
            _ = gone => {}
            _ = ended.wait_for(|ended| *ended) => {}
        }
    };
    tokio::spawn(async move { transport::serve_members(incoming, routes, authz, over).await.unwrap_or_default() })
}

/// Completes with the next certificate once the present one is two thirds over.
async fn renewed(ask: &Ask, own: &Own) -> Result<Fresh, JoinError> {
    let member = &own.credential.member;
    let due = u64::try_from(member.renew_at().saturating_sub(now_s())).unwrap_or(0);
    time::sleep(Duration::from_secs(due)).await;
    loop {
        let tried = async {
            let channel = client::connect(&ask.coordinator, &own.credential).await?;
            client::renew(&ask.coordinator, channel).await
        };
        match tried.await {
            Ok(credential) => {
                credential.store(&ask.state).map_err(|e| ask.unusable(e))?;
                (ask.say)(&format!("renewed the certificate of {}", credential.member.identity));
                return Ok(Fresh(credential));
            }
            Err(e) => (ask.say)(&format!("the certificate is not renewed: {e}")),
        }
        time::sleep(RENEW_AGAIN).await;
    }
}

/// A certificate that is not shown yet.
struct Fresh(Credential);

impl Fresh {
    fn shown_in(self, ask: &Ask, own: &mut Own) -> Result<(), JoinError> {
        self.0.shown_by(&own.leaf).map_err(|e| ask.unusable(e))?;
        own.credential = self.0;
        Ok(())
    }
}

/// Waits before the next try: anything between the least and a bound that doubles (full jitter).
async fn wait(tries: u32) -> u32 {
    let number = tls::random().map_or(u64::MAX, u64::from_le_bytes);
    time::sleep(pause(tries, number)).await;
    tries.saturating_add(1)
}

fn pause(tries: u32, random: u64) -> Duration {
    let most = AGAIN_LEAST.saturating_mul(2_u32.saturating_pow(tries.saturating_add(1))).min(AGAIN_MOST);
    let span = u64::try_from(most.saturating_sub(AGAIN_LEAST).as_millis()).unwrap_or(0);
    AGAIN_LEAST + Duration::from_millis(random % (span + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_stay_within_half_a_second_and_two_minutes_and_use_the_whole_range() {
        for tries in 0..40 {
            for random in [0, 1, 77_777, u64::MAX] {
                let pause = pause(tries, random);
                assert!(pause >= AGAIN_LEAST && pause <= AGAIN_MOST, "{tries} {random}: {pause:?}");
            }
        }
        assert!(pause(0, u64::MAX) <= Duration::from_secs(1));
        assert_eq!(pause(9, 119_500), AGAIN_MOST);
        assert_eq!(pause(u32::MAX, 0), AGAIN_LEAST);
    }
}
