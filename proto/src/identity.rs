//! Who a peer is: one URI in its certificate, and the few ways to get and to check one.
//!
//! `probemesh://MESH/ROLE/NAME` is the only subject alternative name of a member's certificate (the form follows SPIFFE-ID
//! §2). It is parsed from the very bytes that rustls verified, strictly: what does not parse is refused with its reason.

use std::{fmt, str::FromStr};

use rustls::pki_types::CertificateDer;
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};

pub mod authority;
pub mod client;
pub mod credential;
pub mod link;
pub mod tls;
pub mod token;

/// Scheme of an identity.
const SCHEME: &str = "probemesh://";
/// Longest mesh name and longest part of a member's name; a DNS label is as long.
const PART_BYTES: usize = 63;
/// First byte of a serial number, so that its length is fixed in DER, which drops leading zeros.
const SERIAL_FORM: u8 = 1;
/// Form, eight bytes of time and seven random ones; RFC 5280 §4.1.2.2 allows 20 bytes.
const SERIAL_BYTES: usize = 16;

/// What a member may be asked to do and may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Coordinator,
    Prober,
    Operator,
    Viewer,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Coordinator, Self::Prober, Self::Operator, Self::Viewer];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Coordinator => "coordinator",
            Self::Prober => "prober",
            Self::Operator => "operator",
            Self::Viewer => "viewer",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = BadIdentity;

    fn from_str(text: &str) -> Result<Self, BadIdentity> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or_else(|| BadIdentity::Role(text.to_owned()))
    }
}

/// Why a certificate names no member of this mesh.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadIdentity {
    #[error("the certificate can't be read: {0}")]
    Certificate(String),
    #[error("the certificate has {0} alternative names, and a member's has exactly one URI")]
    Names(usize),
    #[error("{0:?} is not probemesh://MESH/ROLE/NAME")]
    Form(String),
    #[error("{0:?} is no role: coordinator, prober, operator, viewer")]
    Role(String),
    #[error("{0:?} is no mesh name: up to 63 of a-z, 0-9 and -")]
    Mesh(String),
    #[error("{0:?} is no member's name: NAME or KIND/NAME of letters, digits, '.', '_' and '-'")]
    Name(String),
    #[error("the certificate's serial number is not of the form that this mesh gives")]
    Serial,
    #[error("the peer is of mesh {theirs:?}, this is mesh {ours:?}")]
    OtherMesh { theirs: String, ours: String },
    #[error("the peer is {peer}, and a {wanted} was expected")]
    OtherRole { peer: String, wanted: Role },
}

/// A member: which mesh, in what role, under what name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    mesh: String,
    role: Role,
    name: String,
}

impl Identity {
    /// An identity of valid parts. `name` is `NAME` or `KIND/NAME`.
    pub fn new(mesh: &str, role: Role, name: &str) -> Result<Self, BadIdentity> {
        mesh_name(mesh)?;
        member_name(name)?;
        Ok(Self { mesh: mesh.to_owned(), role, name: name.to_owned() })
    }

    pub fn mesh(&self) -> &str {
        &self.mesh
    }

    pub fn role(&self) -> Role {
        self.role
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// `ROLE NAME`, as messages name a member.
    pub fn short(&self) -> String {
        format!("{} {}", self.role, self.name)
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}/{}/{}", self.mesh, self.role, self.name)
    }
}

impl FromStr for Identity {
    type Err = BadIdentity;

    fn from_str(text: &str) -> Result<Self, BadIdentity> {
        let form = || BadIdentity::Form(text.to_owned());
        let rest = text.strip_prefix(SCHEME).ok_or_else(form)?;
        let (mesh, rest) = rest.split_once('/').ok_or_else(form)?;
        let (role, name) = rest.split_once('/').ok_or_else(form)?;
        Self::new(mesh, role.parse()?, name)
    }
}

/// Whether a mesh may be called so.
pub fn mesh_name(text: &str) -> Result<(), BadIdentity> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.is_empty() || text.len() > PART_BYTES || !text.chars().all(allowed) {
        return Err(BadIdentity::Mesh(text.to_owned()));
    }
    Ok(())
}

/// Whether a member may be called so: one or two parts, none of which a file system would read as a way.
pub fn member_name(text: &str) -> Result<(), BadIdentity> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let part = |part: &str| {
        !part.is_empty() && part.len() <= PART_BYTES && !part.starts_with('.') && part.chars().all(allowed)
    };
    let parts = text.split('/');
    if parts.clone().count() > 2 || !parts.clone().all(part) {
        return Err(BadIdentity::Name(text.to_owned()));
    }
    Ok(())
}

/// A member as its certificate shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub identity: Identity,
    /// When the certificate was issued by the coordinator's clock, Unix microseconds; read from the serial number.
    pub issued_us: i64,
    /// Validity, Unix seconds.
    pub not_before: i64,
    pub not_after: i64,
}

impl Member {
    /// Reads a certificate. It must have been verified before: here only its names are judged.
    pub fn of(certificate: &CertificateDer<'_>) -> Result<Self, BadIdentity> {
        let (_, parsed) =
            X509Certificate::from_der(certificate).map_err(|e| BadIdentity::Certificate(e.to_string()))?;
        let names = parsed.subject_alternative_name().map_err(|e| BadIdentity::Certificate(e.to_string()))?;
        let names = names.map(|extension| extension.value.general_names.as_slice()).unwrap_or_default();
        let [GeneralName::URI(uri)] = names else { return Err(BadIdentity::Names(names.len())) };
        Ok(Self {
            identity: uri.parse()?,
            issued_us: issued_us(parsed.raw_serial()).ok_or(BadIdentity::Serial)?,
            not_before: parsed.validity().not_before.timestamp(),
            not_after: parsed.validity().not_after.timestamp(),
        })
    }

    /// When a new certificate is due, Unix seconds: half to seven tenths of the life after it was issued, at a point of its
    /// own for each certificate, so that those who joined together do not renew together.
    pub fn renew_at(&self) -> i64 {
        // Validity begins before the issue, by what clocks may be behind.
        let from = self.not_before.max(self.issued_us / 1_000_000);
        let percent = 50 + self.issued_us.rem_euclid(21);
        from + self.not_after.saturating_sub(from).max(0) * percent / 100
    }

    /// Refuses a member of another mesh or, when one is wanted, of another role.
    pub fn expect(&self, mesh: Option<&str>, role: Option<Role>) -> Result<(), BadIdentity> {
        let identity = &self.identity;
        if let Some(ours) = mesh.filter(|mesh| *mesh != identity.mesh) {
            return Err(BadIdentity::OtherMesh { theirs: identity.mesh.clone(), ours: ours.to_owned() });
        }
        match role {
            Some(wanted) if wanted != identity.role => {
                Err(BadIdentity::OtherRole { peer: identity.to_string(), wanted })
            }
            _ => Ok(()),
        }
    }
}

/// A serial number that tells when it was given: revocation is one comparison, and needs no list of certificates.
fn serial(issued_us: i64, random: [u8; 7]) -> Vec<u8> {
    let mut serial = Vec::with_capacity(SERIAL_BYTES);
    serial.push(SERIAL_FORM);
    serial.extend(issued_us.to_be_bytes());
    serial.extend(random);
    serial
}

fn issued_us(serial: &[u8]) -> Option<i64> {
    if serial.len() != SERIAL_BYTES {
        return None;
    }
    let (form, rest) = serial.split_first()?;
    let time = rest.first_chunk::<8>()?;
    (*form == SERIAL_FORM).then(|| i64::from_be_bytes(*time))
}

/// Unix microseconds.
pub fn now_us() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

/// Unix seconds.
pub fn now_s() -> i64 {
    now_us() / 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_reads_as_it_was_written() {
        for text in ["probemesh://lab/prober/host/web-1", "probemesh://lab-2/operator/oncall"] {
            assert_eq!(text.parse::<Identity>().expect(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_not_exactly_the_form_is_refused() {
        for text in [
            "",
            "spiffe://lab/prober/host/web-1",
            "probemesh://lab/prober",
            "probemesh://lab/prober/",
            "probemesh://lab/root/oncall",
            "probemesh://lab/Prober/oncall",
            "probemesh://LAB/prober/oncall",
            "probemesh:///prober/oncall",
            "probemesh://lab/prober/host/web/1",
            "probemesh://lab/prober/host/..",
            "probemesh://lab/prober/../x",
            "probemesh://lab/prober/a~b",
            "probemesh://lab/prober/oncall?x",
            "probemesh://lab/prober/oncall\n",
            "probemesh://lab:1/prober/oncall",
        ] {
            assert!(text.parse::<Identity>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_certificate_is_due_between_half_and_seven_tenths_of_its_life() {
        let identity = Identity::new("lab", Role::Prober, "host/a").expect("identity");
        let due = |issued_us, life| {
            let issued = issued_us / 1_000_000;
            let (not_before, not_after) = (issued - 60, issued + life);
            Member { identity: identity.clone(), issued_us, not_before, not_after }.renew_at() - issued
        };
        let points: Vec<i64> = (0..42).map(|n| due(1_700_000_000_000_000 + n, 86_400)).collect();
        assert_eq!(points.iter().min().zip(points.iter().max()), Some((&43_200, &60_480)));
        assert!((15..=21).contains(&due(1_700_000_000_000_000, 30)), "backdating is no part of a short life");
    }

    #[test]
    fn a_serial_number_tells_when_it_was_given_and_another_form_does_not() {
        assert_eq!(issued_us(&serial(1_700_000_000_000_001, [9; 7])), Some(1_700_000_000_000_001));
        assert_eq!(issued_us(&[1; 15]), None);
        assert_eq!(issued_us(&[2; 16]), None);
    }
}
