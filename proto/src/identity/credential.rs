//! A member's key and certificates in one file, so that one rename replaces both.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use rcgen::KeyPair;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};

use super::{BadIdentity, Member, tls::Leaf};

/// The file in a member's state folder.
const FILE: &str = "member.pem";
/// Longest such file; a real one has about 1.5 KiB.
const FILE_BYTES: u64 = 64 << 10;
/// Columns of PEM text (RFC 7468 §2).
const PEM_COLUMNS: usize = 64;

/// Why a credential can't be used.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    #[error("{path}", path = .path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{path} does not hold a key and two certificates: {reason}", path = .path.display())]
    Content { path: PathBuf, reason: String },
    #[error("the coordinator's answer holds {0} certificates instead of two")]
    Chain(usize),
    #[error(transparent)]
    Identity(#[from] BadIdentity),
    #[error("the key and the certificate do not belong together")]
    Tls(#[from] rustls::Error),
}

/// A key, its certificate, and the authority that signed it.
#[derive(Debug)]
pub struct Credential {
    key: PrivateKeyDer<'static>,
    certificate: CertificateDer<'static>,
    authority: CertificateDer<'static>,
    pub member: Member,
}

impl Credential {
    /// What the coordinator answered to a request made with `key`.
    pub fn issued(key: &KeyPair, chain: Vec<Vec<u8>>) -> Result<Self, CredentialError> {
        let count = chain.len();
        let Ok([certificate, authority]) = <[Vec<u8>; 2]>::try_from(chain) else {
            return Err(CredentialError::Chain(count));
        };
        Self::of(PrivateKeyDer::Pkcs8(key.serialize_der().into()), certificate.into(), authority.into())
    }

    fn of(
        key: PrivateKeyDer<'static>,
        certificate: CertificateDer<'static>,
        authority: CertificateDer<'static>,
    ) -> Result<Self, CredentialError> {
        let member = Member::of(&certificate)?;
        let credential = Self { key, certificate, authority, member };
        credential.leaf()?;
        Ok(credential)
    }

    /// None when the folder holds none.
    pub fn load(folder: &Path) -> Result<Option<Self>, CredentialError> {
        let path = folder.join(FILE);
        let file = match fs::File::open(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(CredentialError::File { path, source }),
        };
        let mut text = Vec::new();
        if let Err(source) = file.take(FILE_BYTES).read_to_end(&mut text) {
            return Err(CredentialError::File { path, source });
        }
        let content = |reason: String| CredentialError::Content { path: path.clone(), reason };
        let key = PrivateKeyDer::from_pem_slice(&text).map_err(|e| content(e.to_string()))?;
        let chain: Vec<CertificateDer<'static>> =
            CertificateDer::pem_slice_iter(&text).collect::<Result<_, _>>().map_err(|e| content(e.to_string()))?;
        let count = chain.len();
        let Ok([certificate, authority]) = <[CertificateDer<'static>; 2]>::try_from(chain) else {
            return Err(content(format!("{count} certificates")));
        };
        Self::of(key, certificate, authority).map(Some)
    }

    /// Writes it where only its owner can read it; what was there is replaced as a whole.
    pub fn store(&self, folder: &Path) -> Result<(), CredentialError> {
        let text = [
            pem("PRIVATE KEY", self.key.secret_der()),
            pem("CERTIFICATE", &self.certificate),
            pem("CERTIFICATE", &self.authority),
        ]
        .concat();
        let path = folder.join(FILE);
        private_folder(folder)
            .and_then(|()| replace(&path, text.as_bytes()))
            .map_err(|source| CredentialError::File { path, source })
    }

    /// As TLS uses it.
    pub fn leaf(&self) -> Result<Arc<Leaf>, CredentialError> {
        Ok(Leaf::new(self.chain(), &self.key)?)
    }

    /// Shows this credential on connections begun from now on.
    pub fn shown_by(&self, leaf: &Leaf) -> Result<(), CredentialError> {
        Ok(leaf.replace(self.chain(), &self.key)?)
    }

    pub fn authority(&self) -> &CertificateDer<'static> {
        &self.authority
    }

    fn chain(&self) -> Vec<CertificateDer<'static>> {
        vec![self.certificate.clone(), self.authority.clone()]
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    let body = BASE64.encode(der);
    let mut lines = vec![format!("-----BEGIN {label}-----")];
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(PEM_COLUMNS));
        lines.push(line.to_owned());
        rest = more;
    }
    lines.push(format!("-----END {label}-----\n"));
    lines.join("\n")
}

/// A folder that its owner alone may enter; one that exists is left as it is.
pub fn private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Replaces a file that its owner alone may read. After a crash it holds the old or the new content; beside it a file
/// whose name begins with "." may be left.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let fresh = path.with_file_name(format!(".{}", name.to_string_lossy()));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    path.parent().map_or(Ok(()), settle)
}

/// Makes names added to and taken from a folder survive a crash (fsync(2): a file's own sync does not cover its name).
pub fn settle(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::identity::{
        Identity, Role,
        authority::{Authority, key_and_request},
    };

    #[test]
    fn a_credential_is_read_as_it_was_stored_and_by_its_owner_alone() {
        let (authority, ..) = Authority::create("lab").expect("authority");
        let (key, csr) = key_and_request().expect("request");
        let identity = Identity::new("lab", Role::Prober, "host/a").expect("identity");
        let issued = authority.issue(&csr, &identity).expect("issued");
        let chain = vec![issued.to_vec(), authority.certificate().to_vec()];
        let credential = Credential::issued(&key, chain).expect("credential");
        let folder = std::env::temp_dir().join(format!("probemesh-credential-{}", std::process::id()));
        assert!(Credential::load(&folder).expect("no folder is no error").is_none());
        credential.store(&folder).expect("stored");
        let read = Credential::load(&folder).expect("loads").expect("is there");
        assert_eq!(read.member, credential.member);
        assert_eq!(read.key, credential.key);
        let mode = fs::metadata(folder.join(FILE)).expect("file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::write(folder.join(FILE), "nonsense").expect("damage");
        assert!(matches!(Credential::load(&folder), Err(CredentialError::Content { .. })));
        fs::remove_dir_all(&folder).expect("clean up");
    }
}
