//! Join tokens: `pm1.<sha256 of the authority's certificate>.<id>.<secret>`, the binary parts base64url without padding.
//!
//! The pin authenticates the coordinator before the secret is sent, so the first connection trusts nothing unseen.

use std::{
    fmt, fs,
    io::{self, BufRead as _, BufReader, Read},
    path::{Path, PathBuf},
    str::FromStr,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use rustls::pki_types::CertificateDer;
use sha2::{Digest as _, Sha256};

use super::tls::random;

const PREFIX: &str = "pm1";
/// Longest token that is looked at; a real one has 116 characters.
const TOKEN_BYTES: usize = 256;

/// SHA-256 of an authority's certificate, DER.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Pin([u8; 32]);

impl Pin {
    pub fn of(certificate: &CertificateDer<'_>) -> Self {
        Self(Sha256::digest(certificate).into())
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(self.0))
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a token could not be read. It does not repeat the token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    #[error("this is no join token: one looks like pm1.HASH.ID.SECRET and is a single word")]
    Form,
    #[error("the join token's {0} is damaged: was it copied as a whole?")]
    Part(&'static str),
}

/// Why a token's file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum TokenFileError {
    #[error("--token-file {path}: {source}", path = .path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("--token-file {path}: {reason}", path = .path.display())]
    Bad { path: PathBuf, reason: BadToken },
}

/// Where a token comes from. A file is read when the token is needed, so that one spent long ago may be gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenSource {
    Given(JoinToken),
    /// Its first line; "-" is standard input.
    File(PathBuf),
}

impl TokenSource {
    /// Of two arguments, of which one at most is given.
    pub fn of(token: Option<JoinToken>, file: Option<PathBuf>) -> Option<Self> {
        token.map(Self::Given).or_else(|| file.map(Self::File))
    }

    pub fn read(self) -> Result<JoinToken, TokenFileError> {
        let path = match self {
            Self::Given(token) => return Ok(token),
            Self::File(path) => path,
        };
        let line =
            if path == Path::new("-") { first_line(io::stdin()) } else { fs::File::open(&path).and_then(first_line) };
        match line.map(|line| line.parse()) {
            Ok(Ok(token)) => Ok(token),
            Ok(Err(reason)) => Err(TokenFileError::Bad { path, reason }),
            Err(source) => Err(TokenFileError::Unreadable { path, source }),
        }
    }
}

/// Whoever types it ends it with a newline, not with the end of the input.
fn first_line(from: impl Read) -> io::Result<String> {
    let mut line = String::new();
    BufReader::new(from.take(TOKEN_BYTES as u64 + 1)).read_line(&mut line)?;
    Ok(line)
}

/// A join token. Its `Debug` form does not show the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct JoinToken {
    pub pin: Pin,
    /// Random; tells tokens apart.
    id: [u8; 12],
    secret: [u8; 32],
}

impl JoinToken {
    /// A new one; none when the system gives no random bytes.
    pub fn generate(pin: Pin) -> Option<Self> {
        Some(Self { pin, id: random()?, secret: random()? })
    }

    /// Names the token in files and in listings; not secret.
    pub fn id(&self) -> String {
        BASE64.encode(self.id)
    }

    /// What is kept of it. It has full entropy, so a fast hash is enough.
    pub fn hash(&self) -> String {
        BASE64.encode(Sha256::digest([self.id.as_slice(), self.secret.as_slice()].concat()))
    }
}

impl fmt::Display for JoinToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}.{}.{}.{}", self.pin, self.id(), BASE64.encode(self.secret))
    }
}

impl fmt::Debug for JoinToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JoinToken({})", self.id())
    }
}

impl FromStr for JoinToken {
    type Err = BadToken;

    fn from_str(text: &str) -> Result<Self, BadToken> {
        let parts: Vec<&str> = text.trim().split('.').collect();
        let [PREFIX, pin, id, secret] = parts.as_slice() else { return Err(BadToken::Form) };
        if text.len() > TOKEN_BYTES {
            return Err(BadToken::Form);
        }
        Ok(Self { pin: Pin(part(pin, "hash")?), id: part(id, "id")?, secret: part(secret, "secret")? })
    }
}

fn part<const N: usize>(text: &str, what: &'static str) -> Result<[u8; N], BadToken> {
    let damaged = BadToken::Part(what);
    let Ok(bytes) = BASE64.decode(text) else { return Err(damaged) };
    bytes.first_chunk::<N>().filter(|_| bytes.len() == N).copied().ok_or(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> JoinToken {
        JoinToken::generate(Pin([7; 32])).expect("random bytes")
    }

    #[test]
    fn a_token_reads_as_it_was_written_and_its_debug_form_keeps_the_secret() {
        let token = token();
        let text = token.to_string();
        assert_eq!(text.parse::<JoinToken>().expect("parses"), token);
        assert_eq!(format!("{text}\n").parse::<JoinToken>().expect("a line's end"), token);
        let secret = text.rsplit('.').next().expect("secret");
        assert!(!format!("{token:?}").contains(secret));
    }

    #[test]
    fn the_first_line_of_a_file_is_the_token_and_what_is_wrong_with_the_file_is_told() {
        let token = token();
        let path = std::env::temp_dir().join(format!("probemesh-token-{}", std::process::id()));
        let read = || TokenSource::File(path.clone()).read();
        assert!(matches!(read(), Err(TokenFileError::Unreadable { .. })), "there is none");
        for (content, fits) in [
            (format!("{token}"), true),
            (format!("{token}\nkept for web-1\n"), true),
            (String::new(), false),
            ("x".repeat(1 << 16), false),
        ] {
            fs::write(&path, content).expect("written");
            assert_eq!(read().ok().as_ref() == Some(&token), fits);
        }
        let told = read().expect_err("no token").to_string();
        assert_eq!(told, format!("--token-file {}: {}", path.display(), BadToken::Form));
        fs::remove_file(&path).expect("removed");
    }

    #[test]
    fn damage_is_named() {
        let text = token().to_string();
        assert_eq!(text[..text.len() - 3].parse::<JoinToken>(), Err(BadToken::Part("secret")));
        assert_eq!(text.replacen("pm1.", "pm1.A", 1).parse::<JoinToken>(), Err(BadToken::Part("hash")));
        assert_eq!("pm2.a.b.c".parse::<JoinToken>(), Err(BadToken::Form));
        assert_eq!("".parse::<JoinToken>(), Err(BadToken::Form));
    }
}
