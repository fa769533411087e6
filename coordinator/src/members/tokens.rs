//! Join tokens: bound to a role and to names, short, and spent by one rename(2).

use std::{fs, io, time::Duration};

use mesh_proto::identity::{
    BadIdentity, Identity, Member, Role,
    authority::{certified_key, requested_key},
    credential::settle,
    member_name, now_us,
    token::JoinToken,
};
use serde::{Deserialize, Serialize};
use tokio_rustls::rustls::pki_types::CertificateDer;

use super::{Members, StateError, end, file, read};

/// Life of a token that names none.
pub const DEFAULT_TTL: Duration = Duration::from_mins(15);
/// What a prober's name begins with: the kinds of places that are probers of their own.
const KINDS: [&str; 4] = ["host", "node", "pod", "ext"];
/// How long the answer to a token can be had again, by the key that it was for: the first may have been lost on its way.
const AGAIN: Duration = Duration::from_mins(1);
/// Longest life of a token.
const TTL_MOST: Duration = Duration::from_hours(7 * 24);

/// Why a token gives nothing. Unknown, spent and wrong are one answer: only whoever holds the secret learns more.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("the join token is unknown or was used already")]
    Unknown,
    /// Its holder learns no more than of an unknown one; the log does.
    #[error("the join token is unknown or was used already")]
    Used { id: String, by: String, ago_s: i64, other_key: bool },
    #[error("the join token expired {0} s ago")]
    Expired(i64),
    #[error("the join token is for {wanted:?}, not for {asked:?}")]
    Name { wanted: String, asked: String },
    #[error("the join token is for every name like {0:?}: say which")]
    NoName(String),
    #[error("{0:?} is no prober's name: write KIND/NAME with KIND one of host, node, pod, ext")]
    Kind(String),
    #[error("a join token can't be for a {0}")]
    Role(Role),
    #[error("a join token lives at most {most} s", most = TTL_MOST.as_secs())]
    Long,
    #[error(transparent)]
    Identity(#[from] BadIdentity),
    #[error("no random bytes")]
    Random,
    #[error(transparent)]
    State(#[from] StateError),
}

/// What is kept of a token.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Granted {
    hash: String,
    role: String,
    /// A name, or the beginning of one and "*".
    name: String,
    expires_us: i64,
    /// What it was spent for; none while it is not, and for the moment until that is written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<Answer>,
}

/// What a token was spent for.
#[derive(Debug, Serialize, Deserialize)]
struct Answer {
    at_us: i64,
    /// The certificate, DER in hexadecimal digits.
    certificate: String,
}

impl Granted {
    /// Who its holder becomes. `asked` is empty when the token's own name is meant.
    pub(super) fn identity(&self, mesh: &str, asked: &str) -> Result<Identity, TokenError> {
        let fits = match self.name.strip_suffix('*') {
            Some(_) if asked.is_empty() => return Err(TokenError::NoName(self.name.clone())),
            Some(beginning) => asked.starts_with(beginning),
            None => asked.is_empty() || asked == self.name,
        };
        if !fits {
            return Err(TokenError::Name { wanted: self.name.clone(), asked: asked.to_owned() });
        }
        let name = if asked.is_empty() { &self.name } else { asked };
        let identity = Identity::new(mesh, self.role.parse()?, name)?;
        kind(identity.role(), name)?;
        Ok(identity)
    }
}

/// A prober's name is the vantage it offers, so it has a vantage's form. `local` is nobody's: every command has its own.
fn kind(role: Role, name: &str) -> Result<(), TokenError> {
    let fits = name.split_once('/').is_some_and(|(kind, _)| KINDS.contains(&kind));
    if role == Role::Prober && !fits { Err(TokenError::Kind(name.to_owned())) } else { Ok(()) }
}

impl TokenError {
    /// As the log has it, where whoever asks is told less.
    pub(crate) fn for_the_log(&self) -> String {
        match self {
            Self::Used { id, by, ago_s, other_key: true } => format!(
                "the join token {id} was used {ago_s} s ago by {by} and comes again with another key: somebody else has it \
                 too. If that was not meant, revoke {by}"
            ),
            Self::Used { id, by, ago_s, other_key: false } => {
                format!("the join token {id} was used {ago_s} s ago by {by}")
            }
            other => other.to_string(),
        }
    }
}

impl Members {
    /// Makes a token, and tells when it ends, Unix microseconds. Its text is shown once and not kept.
    pub fn create_token(&self, role: Role, name: &str, ttl: Duration) -> Result<(JoinToken, i64), TokenError> {
        if role == Role::Coordinator {
            return Err(TokenError::Role(role));
        }
        if ttl > TTL_MOST {
            return Err(TokenError::Long);
        }
        // A beginning is a name too once something follows it.
        let example = name.strip_suffix('*').map_or_else(|| name.to_owned(), |beginning| format!("{beginning}x"));
        member_name(&example)?;
        kind(role, &example)?;
        let token = JoinToken::generate(self.authority().pin()).ok_or(TokenError::Random)?;
        let expires_us = end(ttl);
        let granted =
            Granted { hash: token.hash(), role: role.to_string(), name: name.to_owned(), expires_us, answer: None };
        self.write("tokens", &token.id(), &granted)?;
        Ok((token, expires_us))
    }

    /// The token's record, when the token is the one it was made for.
    pub(super) fn granted(&self, token: &JoinToken) -> Result<Granted, TokenError> {
        let granted = self.kept("tokens", token)?;
        let over_us = now_us() - granted.expires_us;
        if over_us > 0 {
            return Err(TokenError::Expired(over_us / 1_000_000));
        }
        Ok(granted)
    }

    fn kept(&self, kind: &str, token: &JoinToken) -> Result<Granted, TokenError> {
        let granted: Granted = match read(&self.folder.join(kind).join(token.id())) {
            Ok(granted) => granted,
            Err(StateError::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                return Err(TokenError::Unknown);
            }
            Err(e) => return Err(e.into()),
        };
        if granted.hash == token.hash() { Ok(granted) } else { Err(TokenError::Unknown) }
    }

    /// The certificate that a spent token gave, for the key that it gave it to and for a minute.
    pub(super) fn again(&self, token: &JoinToken, csr: &[u8]) -> Result<CertificateDer<'static>, TokenError> {
        let spent = self.kept("spent", token)?;
        let Some(answer) = spent.answer else { return Err(TokenError::Unknown) };
        let certificate = CertificateDer::from(unhex(&answer.certificate).ok_or(TokenError::Unknown)?);
        let asked = requested_key(csr).map_err(StateError::from)?;
        let other_key = certified_key(&certificate).map_err(StateError::from)? != asked;
        let ago = now_us().saturating_sub(answer.at_us);
        if other_key || u128::try_from(ago).is_ok_and(|ago| ago > AGAIN.as_micros()) {
            let by = Member::of(&certificate)?.identity.short();
            return Err(TokenError::Used { id: token.id(), by, ago_s: ago / 1_000_000, other_key });
        }
        Ok(certificate)
    }

    /// Writes down what a token was spent for.
    pub(super) fn answered(
        &self,
        token: &JoinToken,
        mut granted: Granted,
        certificate: &CertificateDer<'_>,
    ) -> Result<(), TokenError> {
        granted.answer = Some(Answer { at_us: now_us(), certificate: hex(certificate) });
        Ok(self.write("spent", &token.id(), &granted)?)
    }

    /// The one act that spends a token: rename(2) succeeds for exactly one of any number of callers, in this process or
    /// another.
    pub(super) fn spend(&self, token: &JoinToken) -> Result<(), TokenError> {
        let (from, to) = (self.folder.join("tokens").join(token.id()), self.folder.join("spent").join(token.id()));
        match fs::rename(&from, to) {
            // The certificate leaves only once the token stays spent whatever happens to this machine.
            Ok(()) => ["spent", "tokens"]
                .map(|kind| self.folder.join(kind))
                .iter()
                .try_for_each(|folder| settle(folder).map_err(file(folder)))
                .map_err(TokenError::from),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Err(TokenError::Unknown),
            Err(e) => Err(file(&from)(e).into()),
        }
    }

    /// Removes tokens whose time is over: they answer the same as unknown ones.
    pub(super) fn forget_spent(&self) -> Result<(), StateError> {
        let now = now_us();
        for kind in ["tokens", "spent"] {
            let records = self.read_all::<Granted>(kind)?;
            for (name, _) in records.into_iter().filter(|(_, granted)| granted.expires_us < now) {
                let path = self.folder.join(kind).join(name);
                fs::remove_file(&path).map_err(file(&path))?;
            }
        }
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).flatten().collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pair = |at| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    (0..text.len()).step_by(2).map(pair).collect()
}
