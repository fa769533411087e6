//! Who belongs to the mesh: the authority, join tokens, members and revocations, as files of one private folder.
//!
//! ```text
//! ca.pem ca.key mesh        the authority and the mesh's name; ca.key never leaves the folder
//! tokens/ID spent/ID        a token's hash, role, name and end; spending is the rename from the one to the other
//! members/ROLE~NAME         the latest certificate's time and end ("/" of a name is written "~")
//! audit/NUMBER.jsonl        what was done, see [`crate::audit`]
//! revoked/ROLE~NAME         when: certificates issued until then are refused
//! seen                      when each prober was last connected, to within a minute
//! ```

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use mesh_proto::identity::{
    BadIdentity, Member, Role,
    authority::{Authority, AuthorityError, DAEMON_LIFE},
    credential::{CredentialError, private_folder, replace},
    mesh_name, now_us,
    tls::Revoked,
    token::JoinToken,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio_rustls::rustls::pki_types::CertificateDer;

use crate::audit::{Audit, AuditError};

mod own;
mod seen;
mod tokens;

pub use tokens::{DEFAULT_TTL, TokenError};

/// Longest record; a spent token with its certificate has about 1.5 KiB, an authority from elsewhere with its chain 8.
const RECORD_BYTES: u64 = 16 << 10;
/// Records of one kind that are read.
const RECORDS: usize = 100_000;

/// Why the state could not be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    #[error("{path}", path = .path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{path} holds no such record: {reason}", path = .path.display())]
    Record { path: PathBuf, reason: String },
    #[error("{path} belongs to mesh {found:?}, not to {wanted:?}", path = .path.display())]
    OtherMesh { path: PathBuf, found: String, wanted: String },
    #[error(
        "{path} is another authority than the one given; members know this one, and a mesh changes it with a new folder",
        path = .path.display()
    )]
    OtherAuthority { path: PathBuf },
    #[error(transparent)]
    Identity(#[from] BadIdentity),
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    #[error("the coordinator's own certificate")]
    Own(#[from] CredentialError),
    #[error(transparent)]
    Audit(#[from] AuditError),
}

/// Why somebody gets no certificate.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error("{0} was revoked")]
    Revoked(String),
    #[error(transparent)]
    State(#[from] StateError),
}

/// Why nobody is revoked.
#[derive(Debug, thiserror::Error)]
pub enum RevokeError {
    #[error("no member is called {0:?}")]
    Nobody(String),
    #[error("{0:?} means several members: {1}; write ROLE/NAME")]
    Ambiguous(String, String),
    #[error(transparent)]
    State(#[from] StateError),
}

/// How a folder is opened.
#[derive(Debug, Default)]
pub struct Setup {
    /// What the mesh is called; decided at first use.
    pub mesh: Option<String>,
    /// An authority from elsewhere, its certificates and its key as PEM; kept at first use.
    pub issuer: Option<(String, String)>,
    /// Life of the certificates of probers and of the coordinator; none = a day.
    pub daemon_life: Option<Duration>,
    /// Names and addresses under which gRPC clients other than the mesh's own know this coordinator.
    pub hosts: Vec<String>,
}

/// A member as the folder knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub role: Role,
    pub name: String,
    pub issued_us: i64,
    pub not_after_s: i64,
    pub revoked_us: Option<i64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Issue {
    issued_us: i64,
    not_after_s: i64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Revocation {
    revoked_us: i64,
}

/// The folder, its authority, and the revocations in memory.
#[derive(Debug)]
pub struct Members {
    folder: PathBuf,
    mesh: String,
    authority: Authority,
    /// Names and addresses under which other gRPC clients know this coordinator.
    hosts: Vec<String>,
    audit: Arc<Audit>,
    /// By file name. Read at every handshake.
    revoked: RwLock<BTreeMap<String, i64>>,
    /// When probers were last connected, as the folder has it.
    seen: Mutex<BTreeMap<String, i64>>,
    /// Issuing and revoking exclude each other, or a renewal could outrun the revocation of its member.
    one: Mutex<()>,
}

impl Members {
    /// Opens the folder; at first use it is created, and the second value is true.
    pub fn open(folder: &Path, mesh: Option<&str>) -> Result<(Self, bool), StateError> {
        Self::open_as(folder, Setup { mesh: mesh.map(str::to_owned), ..Setup::default() })
    }

    /// The same with more of a say.
    pub fn open_as(folder: &Path, setup: Setup) -> Result<(Self, bool), StateError> {
        let mesh = setup.mesh.as_deref();
        let at = |name: &str| folder.join(name);
        private_folder(folder).map_err(file(folder))?;
        for name in ["tokens", "spent", "members", "revoked", "runs"] {
            private_folder(&at(name)).map_err(file(&at(name)))?;
        }
        let first = !at("mesh").exists();
        if first {
            let mesh = mesh.unwrap_or("mesh");
            mesh_name(mesh)?;
            let (certificate, key) = match &setup.issuer {
                Some(given) => given.clone(),
                None => Authority::create(mesh).map(|(_, certificate, key)| (certificate, key))?,
            };
            // Before anything is written: a folder that holds an authority of no use would be of none itself.
            Authority::load(&certificate, &key)?;
            // The name comes last: a folder without it is one whose creation was cut short, and is begun again.
            for (name, content) in [("ca.key", key.as_str()), ("ca.pem", &certificate), ("mesh", mesh)] {
                replace(&at(name), content.as_bytes()).map_err(file(&at(name)))?;
            }
        }
        let found = text(&at("mesh"))?.trim().to_owned();
        if let Some(wanted) = mesh.filter(|wanted| *wanted != found) {
            let path = folder.to_owned();
            return Err(StateError::OtherMesh { path, found, wanted: wanted.to_owned() });
        }
        let authority = Authority::load(&text(&at("ca.pem"))?, &text(&at("ca.key"))?)?;
        if let Some((certificate, key)) = &setup.issuer
            && Authority::load(certificate, key)?.pin() != authority.pin()
        {
            return Err(StateError::OtherAuthority { path: at("ca.pem") });
        }
        let authority = authority.with_daemon_life(setup.daemon_life.unwrap_or(DAEMON_LIFE));
        let members = Self {
            folder: folder.to_owned(),
            mesh: found,
            authority,
            hosts: setup.hosts,
            audit: Arc::new(Audit::open(folder)?),
            revoked: RwLock::default(),
            seen: Mutex::default(),
            one: Mutex::default(),
        };
        members.reload()?;
        members.forget_spent()?;
        members.read_seen()?;
        Ok((members, first))
    }

    pub fn mesh(&self) -> &str {
        &self.mesh
    }

    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// What was done, and by whom.
    pub fn audit(&self) -> &Arc<Audit> {
        &self.audit
    }

    /// Where runs are kept.
    pub fn runs_dir(&self) -> PathBuf {
        self.folder.join("runs")
    }

    /// A certificate for whoever holds a token; the second value is false when it was given before. Exactly one key gets
    /// one, however many come at once.
    pub fn enrol(&self, token: &str, csr: &[u8], name: &str) -> Result<(Vec<Vec<u8>>, bool), IssueError> {
        let _one = self.one.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(token) = token.parse::<JoinToken>() else { return Err(TokenError::Unknown.into()) };
        let granted = match self.granted(&token) {
            Err(TokenError::Unknown) => return Ok((self.chain(&self.again(&token, csr)?), false)),
            granted => granted?,
        };
        let identity = granted.identity(&self.mesh, name)?;
        // A request that can't be signed must not cost the token.
        let issued = self.authority.issue(csr, &identity).map_err(StateError::from)?;
        self.spend(&token)?;
        self.answered(&token, granted, &issued)?;
        Ok((self.record(&issued)?, true))
    }

    /// A certificate for a member that has one.
    pub fn renew(&self, member: &Member, csr: &[u8]) -> Result<Vec<Vec<u8>>, IssueError> {
        let _one = self.one.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_revoked(member) {
            return Err(IssueError::Revoked(member.identity.short()));
        }
        let issued = self.authority.issue(csr, &member.identity).map_err(StateError::from)?;
        self.record(&issued)
    }

    fn record(&self, certificate: &CertificateDer<'_>) -> Result<Vec<Vec<u8>>, IssueError> {
        let member = Member::of(certificate).map_err(StateError::from)?;
        let record = Issue { issued_us: member.issued_us, not_after_s: member.not_after };
        self.write("members", &key(member.identity.role(), member.identity.name()), &record)?;
        Ok(self.chain(certificate))
    }

    fn chain(&self, certificate: &CertificateDer<'_>) -> Vec<Vec<u8>> {
        vec![certificate.to_vec(), self.authority.certificate().to_vec()]
    }

    /// Refuses every certificate of a member issued until now. Gives the member's role and name.
    pub fn revoke(&self, name: &str) -> Result<(Role, String), RevokeError> {
        let _one = self.one.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |record: &Record| record.name == name || format!("{}/{}", record.role, record.name) == name;
        let found: Vec<Record> = self.list()?.into_iter().filter(fits).collect();
        let member = match found.as_slice() {
            [one] => one,
            [] => return Err(RevokeError::Nobody(name.to_owned())),
            many => {
                let names: Vec<String> = many.iter().map(|m| format!("{}/{}", m.role, m.name)).collect();
                return Err(RevokeError::Ambiguous(name.to_owned(), names.join(", ")));
            }
        };
        // A certificate from before the clock was set back is later than now, and is meant too.
        let revoked_us = now_us().max(member.issued_us);
        self.write("revoked", &key(member.role, &member.name), &Revocation { revoked_us })?;
        self.reload()?;
        Ok((member.role, member.name.clone()))
    }

    /// Reads the revocations again: another process may have added one.
    pub fn reload(&self) -> Result<(), StateError> {
        let records: BTreeMap<String, Revocation> = self.read_all("revoked")?;
        let revoked = records.into_iter().map(|(name, record)| (name, record.revoked_us)).collect();
        *self.revoked.write().unwrap_or_else(PoisonError::into_inner) = revoked;
        Ok(())
    }

    /// Everybody who was ever given a certificate.
    pub fn list(&self) -> Result<Vec<Record>, StateError> {
        let issued: BTreeMap<String, Issue> = self.read_all("members")?;
        let revoked = self.revoked.read().unwrap_or_else(PoisonError::into_inner);
        let record = |(file, issue): (String, Issue)| {
            let (role, name) = file.split_once('~')?;
            Some(Record {
                role: role.parse().ok()?,
                name: name.replace('~', "/"),
                issued_us: issue.issued_us,
                not_after_s: issue.not_after_s,
                revoked_us: revoked.get(&file).copied(),
            })
        };
        Ok(issued.into_iter().filter_map(record).collect())
    }

    fn write(&self, kind: &str, name: &str, record: &impl Serialize) -> Result<(), StateError> {
        let path = self.folder.join(kind).join(name);
        let content = serde_json::to_vec(record).map_err(|e| unreadable(&path, &e))?;
        replace(&path, &content).map_err(file(&path))
    }

    fn read_all<T: DeserializeOwned>(&self, kind: &str) -> Result<BTreeMap<String, T>, StateError> {
        let folder = self.folder.join(kind);
        let mut records = BTreeMap::new();
        for entry in fs::read_dir(&folder).map_err(file(&folder))?.take(RECORDS) {
            let path = entry.map_err(file(&folder))?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            // What begins with "." is being written.
            let Some(name) = name.filter(|name| !name.starts_with('.')) else { continue };
            records.insert(name.to_owned(), read(&path)?);
        }
        Ok(records)
    }
}

impl Revoked for Members {
    fn is_revoked(&self, member: &Member) -> bool {
        let key = key(member.identity.role(), member.identity.name());
        let revoked = self.revoked.read().unwrap_or_else(PoisonError::into_inner);
        revoked.get(&key).is_some_and(|until| member.issued_us <= *until)
    }
}

/// `~` is no character of a name, so that no two members share a file.
fn key(role: Role, name: &str) -> String {
    format!("{role}~{}", name.replace('/', "~"))
}

fn file(path: &Path) -> impl FnOnce(io::Error) -> StateError {
    let path = path.to_owned();
    move |source| StateError::File { path, source }
}

fn unreadable(path: &Path, reason: &serde_json::Error) -> StateError {
    StateError::Record { path: path.to_owned(), reason: reason.to_string() }
}

fn text(path: &Path) -> Result<String, StateError> {
    use io::Read as _;
    let mut text = String::new();
    let opened = fs::File::open(path).map_err(file(path))?;
    opened.take(RECORD_BYTES).read_to_string(&mut text).map_err(file(path))?;
    Ok(text)
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, StateError> {
    serde_json::from_str(&text(path)?).map_err(|e| unreadable(path, &e))
}

/// Life of a token in words a file can hold.
fn end(ttl: Duration) -> i64 {
    now_us().saturating_add(i64::try_from(ttl.as_micros()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests;
