//! The mesh's own certificate authority. It signs keys it never sees, under names it chooses itself.

use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PublicKeyData as _, SanType,
};
use rustls::pki_types::{CertificateDer, CertificateSigningRequestDer, pem::PemObject as _};
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::{Identity, Role, now_us, serial, tls::random, token::Pin};

/// Life of a prober's and of the coordinator's certificate.
pub const DAEMON_LIFE: Duration = Duration::from_hours(24);
/// Life of a person's certificate: a week without use and one joins again.
pub const PERSON_LIFE: Duration = Duration::from_hours(7 * 24);
/// Life of the authority itself.
const AUTHORITY_LIFE: Duration = Duration::from_hours(10 * 365 * 24);
/// How far validity begins in the past, for clocks that are behind (step-ca backdates as much).
const BACKDATE: Duration = Duration::from_mins(1);
/// Certificates of an authority and those above it; a coordinator shows one more.
const CHAIN: usize = 3;
/// Longest signing request; a P-256 one has about 200 bytes.
const CSR_BYTES: usize = 8 << 10;

/// Why the authority could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    #[error("the signing request has {0} bytes, more than {CSR_BYTES}")]
    Long(usize),
    #[error("the signing request is not one that proves possession of a P-256 key")]
    Request(#[source] rcgen::Error),
    #[error("certificates")]
    Certificates(#[from] rcgen::Error),
    #[error("the authority's certificate can't be read: {0}")]
    Pem(String),
    #[error("the authority's certificate can't be used: {0}")]
    Unfit(String),
    #[error("no random bytes")]
    Random,
}

/// A certificate authority and its key.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    /// Authorities above it, as they are shown beside it; none when it signed itself.
    above: Vec<CertificateDer<'static>>,
    daemon_life: Duration,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").field("pin", &self.pin()).finish_non_exhaustive()
    }
}

impl Authority {
    /// A new one, and its certificate and key as PEM.
    pub fn create(mesh: &str) -> Result<(Self, String, String), AuthorityError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        params.distinguished_name.push(DnType::CommonName, format!("probemesh {mesh}"));
        let now = SystemTime::now();
        params.not_before = (now - BACKDATE).into();
        params.not_after = (now + AUTHORITY_LIFE).into();
        let certificate = params.self_signed(&key)?;
        let (pem, key_pem) = (certificate.pem(), key.serialize_pem());
        Ok((Self::load(&pem, &key_pem)?, pem, key_pem))
    }

    /// From PEM: its certificate, then those above it, if any.
    pub fn load(certificate: &str, key: &str) -> Result<Self, AuthorityError> {
        let mut chain = CertificateDer::pem_slice_iter(certificate.as_bytes())
            .take(CHAIN)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|e| AuthorityError::Pem(e.to_string()))?;
        if chain.is_empty() {
            return Err(AuthorityError::Pem("there is no certificate in it".to_owned()));
        }
        let above = chain.split_off(1);
        let certificate = chain.remove(0);
        let key = KeyPair::from_pem(key)?;
        may_sign(&certificate, &key)?;
        let issuer = Issuer::from_ca_cert_der(&certificate, key)?;
        Ok(Self { issuer, certificate, above, daemon_life: DAEMON_LIFE })
    }

    /// Certificates of probers and of the coordinator live as long from now on.
    #[must_use]
    pub fn with_daemon_life(self, daemon_life: Duration) -> Self {
        Self { daemon_life, ..self }
    }

    pub fn daemon_life(&self) -> Duration {
        self.daemon_life
    }

    /// Authorities above this one.
    pub fn above(&self) -> &[CertificateDer<'static>] {
        &self.above
    }

    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// What a join token carries of it.
    pub fn pin(&self) -> Pin {
        Pin::of(&self.certificate)
    }

    /// Signs a request: takes its public key and nothing else; the names are ours.
    pub fn issue(&self, csr: &[u8], identity: &Identity) -> Result<CertificateDer<'static>, AuthorityError> {
        self.issue_also(csr, identity, &[])
    }

    /// The same with host names and addresses beside the one URI. No member of a mesh accepts such a certificate; it is for
    /// other gRPC clients, which know a server by its host.
    pub fn issue_also(
        &self,
        csr: &[u8],
        identity: &Identity,
        hosts: &[String],
    ) -> Result<CertificateDer<'static>, AuthorityError> {
        if csr.len() > CSR_BYTES {
            return Err(AuthorityError::Long(csr.len()));
        }
        let csr = CertificateSigningRequestDer::from(csr);
        // Checks the request's signature, which is the proof of possession.
        let mut request = CertificateSigningRequestParams::from_der(&csr).map_err(AuthorityError::Request)?;
        let mut names = vec![SanType::URI(identity.to_string().try_into()?)];
        for host in hosts {
            names.push(match host.parse() {
                Ok(address) => SanType::IpAddress(address),
                Err(_) => SanType::DnsName(host.as_str().try_into()?),
            });
        }
        request.params = leaf(identity, names, SystemTime::now(), self.daemon_life)?;
        Ok(request.signed_by(&self.issuer)?.der().clone())
    }
}

/// An authority from elsewhere may be anything; what it signed with this would be refused everywhere.
fn may_sign(certificate: &CertificateDer<'_>, key: &KeyPair) -> Result<(), AuthorityError> {
    let unfit = |reason: &str| Err(AuthorityError::Unfit(reason.to_owned()));
    let (_, parsed) = X509Certificate::from_der(certificate).map_err(|e| AuthorityError::Pem(e.to_string()))?;
    if !parsed.is_ca() {
        return unfit("it is not an authority's (CA:TRUE is missing)");
    }
    let usage = parsed.key_usage().map_err(|e| AuthorityError::Pem(e.to_string()))?;
    if usage.is_some_and(|usage| !usage.value.key_cert_sign()) {
        return unfit("its key may not sign certificates (keyCertSign is missing)");
    }
    // One whose time has not come yet means that the clock here is wrong, and ends by itself.
    if parsed.validity().not_after.timestamp() < now_us() / 1_000_000 {
        return unfit(&format!("it expired at {}", parsed.validity().not_after));
    }
    if parsed.public_key().raw != key.subject_public_key_info() {
        return unfit("the key is another one's");
    }
    Ok(())
}

fn leaf(
    identity: &Identity,
    names: Vec<SanType>,
    now: SystemTime,
    daemon_life: Duration,
) -> Result<CertificateParams, AuthorityError> {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, identity.short());
    params.subject_alt_names = names;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    if identity.role() == Role::Coordinator {
        params.extended_key_usages.push(ExtendedKeyUsagePurpose::ServerAuth);
    }
    params.use_authority_key_identifier_extension = true;
    params.serial_number = Some(serial(now_us(), random().ok_or(AuthorityError::Random)?).into());
    let life = match identity.role() {
        Role::Coordinator | Role::Prober => daemon_life,
        Role::Operator | Role::Viewer => PERSON_LIFE,
    };
    params.not_before = (now - BACKDATE).into();
    params.not_after = (now + life).into();
    Ok(params)
}

/// The public key of a signing request that proves possession of it, DER (RFC 5280 §4.1.2.7).
pub fn requested_key(csr: &[u8]) -> Result<Vec<u8>, AuthorityError> {
    if csr.len() > CSR_BYTES {
        return Err(AuthorityError::Long(csr.len()));
    }
    let csr = CertificateSigningRequestDer::from(csr);
    let request = CertificateSigningRequestParams::from_der(&csr).map_err(AuthorityError::Request)?;
    Ok(request.public_key.subject_public_key_info())
}

/// The same of a certificate.
pub fn certified_key(certificate: &CertificateDer<'_>) -> Result<Vec<u8>, AuthorityError> {
    let (_, parsed) = X509Certificate::from_der(certificate).map_err(|e| AuthorityError::Pem(e.to_string()))?;
    Ok(parsed.public_key().raw.to_vec())
}

/// A key that stays here, and the request to sign it.
pub fn key_and_request() -> Result<(KeyPair, Vec<u8>), AuthorityError> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let csr = CertificateParams::default().serialize_request(&key)?.der().to_vec();
    Ok((key, csr))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::identity::{BadIdentity, Member};

    pub(crate) fn named(
        authority: &Authority,
        names: Vec<SanType>,
        now: SystemTime,
    ) -> (CertificateDer<'static>, KeyPair) {
        let identity = Identity::new("lab", Role::Prober, "host/a").expect("identity");
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).expect("key");
        let params = leaf(&identity, names, now, DAEMON_LIFE).expect("params");
        (params.signed_by(&key, &authority.issuer).expect("signed").der().clone(), key)
    }

    fn uri(text: &str) -> SanType {
        SanType::URI(text.try_into().expect("ascii"))
    }

    #[test]
    fn an_issued_certificate_names_its_member_whatever_the_request_asked_for() {
        let (authority, ..) = Authority::create("lab").expect("authority");
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).expect("key");
        let mut asked = CertificateParams::default();
        asked.subject_alt_names = vec![uri("probemesh://lab/operator/eve")];
        asked.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let csr = asked.serialize_request(&key).expect("request").der().to_vec();
        let identity = Identity::new("lab", Role::Prober, "host/a").expect("identity");
        let issued = authority.issue(&csr, &identity).expect("issued");
        let member = Member::of(&issued).expect("member");
        assert_eq!(member.identity, identity);
        assert!((member.not_after - member.not_before - 86_460).abs() <= 1, "{member:?}");
        assert!((member.issued_us - now_us()).abs() < 60_000_000);
    }

    #[test]
    fn a_request_without_proof_of_possession_is_refused_and_a_sound_one_is_not() {
        let (authority, ..) = Authority::create("lab").expect("authority");
        let identity = Identity::new("lab", Role::Prober, "host/a").expect("identity");
        let (_, mut csr) = key_and_request().expect("request");
        authority.issue(&csr, &identity).expect("control");
        *csr.last_mut().expect("bytes") ^= 1;
        assert!(matches!(authority.issue(&csr, &identity), Err(AuthorityError::Request(_))));
        assert!(matches!(authority.issue(&vec![0; CSR_BYTES + 1], &identity), Err(AuthorityError::Long(_))));
    }

    #[test]
    fn exactly_one_uri_is_a_name() {
        let (authority, ..) = Authority::create("lab").expect("authority");
        let own = "probemesh://lab/prober/host/a";
        let of = |names: Vec<SanType>| Member::of(&named(&authority, names, SystemTime::now()).0);
        assert!(of(vec![uri(own)]).is_ok(), "control");
        assert_eq!(of(vec![uri(own), uri("probemesh://lab/operator/eve")]), Err(BadIdentity::Names(2)));
        assert_eq!(
            of(vec![uri(own), SanType::DnsName("a.lab".try_into().expect("ascii"))]),
            Err(BadIdentity::Names(2))
        );
        assert_eq!(of(Vec::new()), Err(BadIdentity::Names(0)));
        assert_eq!(of(vec![uri("probemesh://lab/root/eve")]), Err(BadIdentity::Role("root".to_owned())));
    }

    #[test]
    fn an_authority_from_elsewhere_must_be_one_and_have_its_own_key() {
        let (_, certificate, key) = Authority::create("lab").expect("authority");
        let (_, other, other_key) = Authority::create("lab").expect("authority");
        let both = Authority::load(&format!("{certificate}{other}"), &key).expect("control");
        assert_eq!(both.above().len(), 1);
        let unfit = |certificate: &str, key: &str| match Authority::load(certificate, key) {
            Err(AuthorityError::Unfit(reason)) => reason,
            other => panic!("{other:?}"),
        };
        assert!(unfit(&certificate, &other_key).contains("another one's"));
        let leaf_key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).expect("key");
        let leaf = CertificateParams::default().self_signed(&leaf_key).expect("certificate").pem();
        assert!(unfit(&leaf, &leaf_key.serialize_pem()).contains("CA:TRUE"));
        assert!(matches!(Authority::load("", &key), Err(AuthorityError::Pem(_))));
    }

    #[test]
    fn an_authority_is_the_same_after_a_restart() {
        let (authority, certificate, key) = Authority::create("lab").expect("authority");
        assert_eq!(Authority::load(&certificate, &key).expect("loads").pin(), authority.pin());
    }
}
