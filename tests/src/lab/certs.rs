//! The lab's authorities and the certificates of its servers, good and bad.

use std::{fs, io, path::Path};

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, IsCa, Issuer, KeyPair, date_time_ymd,
};

/// Names that the edge's certificates are for.
const NAMES: [&str; 3] = ["api.lab", "upload.lab", "slow.lab"];
/// What "expires soon" means here, days.
const SOON: std::time::Duration = std::time::Duration::from_hours(10 * 24);

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> io::Result<Authority> {
    let mut params = CertificateParams::new(Vec::new()).map_err(io::Error::other)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    let key = KeyPair::generate().map_err(io::Error::other)?;
    CertifiedIssuer::self_signed(params, key).map_err(io::Error::other)
}

fn leaf_params(names: &[&str]) -> io::Result<CertificateParams> {
    let list: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(list).map_err(io::Error::other)?;
    params.distinguished_name.push(DnType::CommonName, names.first().copied().unwrap_or_default());
    Ok(params)
}

/// Writes `NAME.pem` (leaf and what follows it) and `NAME.key`.
fn write_pair(folder: &Path, name: &str, chain: &[&Certificate], key: &KeyPair) -> io::Result<()> {
    let chain: String = chain.iter().map(|certificate| certificate.pem()).collect();
    fs::write(folder.join(format!("{name}.pem")), chain)?;
    fs::write(folder.join(format!("{name}.key")), key.serialize_pem())
}

/// Writes `ca.pem` and, as NAME.pem and NAME.key: `good`; `expired`, `soon` and `future` (its dates); `other` (another name);
/// `leaf` (its intermediate is left out) and `chain` (with it); `private` (another authority, whole chain); `self`
/// (signed by itself); `inspector` (api.lab by an authority of an inspecting proxy).
pub fn write(folder: &Path) -> io::Result<()> {
    let root = authority("probemesh lab authority")?;
    fs::write(folder.join("ca.pem"), root.pem())?;
    let key = || KeyPair::generate().map_err(io::Error::other);
    let sign = |params: &CertificateParams, key: &KeyPair, issuer: &Issuer<'_, KeyPair>| {
        params.signed_by(key, issuer).map_err(io::Error::other)
    };

    for name in ["good", "expired", "soon", "future", "other"] {
        let mut params = leaf_params(if name == "other" { &["other.lab"] } else { &NAMES })?;
        if name == "expired" {
            params.not_before = date_time_ymd(2024, 1, 1);
            params.not_after = date_time_ymd(2025, 1, 1);
        }
        if name == "future" {
            params.not_before = date_time_ymd(2090, 1, 1);
        }
        if name == "soon" {
            params.not_after = (std::time::SystemTime::now() + SOON).into();
        }
        let own = key()?;
        let leaf = sign(&params, &own, &root)?;
        write_pair(folder, name, &[&leaf], &own)?;
    }

    let mut between = CertificateParams::new(Vec::new()).map_err(io::Error::other)?;
    between.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    between.distinguished_name.push(DnType::CommonName, "probemesh lab intermediate");
    let intermediate = CertifiedIssuer::signed_by(between, key()?, &root).map_err(io::Error::other)?;
    let own = key()?;
    let leaf = sign(&leaf_params(&NAMES)?, &own, &intermediate)?;
    write_pair(folder, "leaf", &[&leaf], &own)?;
    write_pair(folder, "chain", &[&leaf, intermediate.as_ref()], &own)?;

    for (name, issuer) in [("private", "a private authority"), ("inspector", "an inspecting proxy")] {
        let other = authority(issuer)?;
        let own = key()?;
        let leaf = sign(&leaf_params(&NAMES)?, &own, &other)?;
        write_pair(folder, name, &[&leaf, other.as_ref()], &own)?;
    }

    let own = key()?;
    let alone = leaf_params(&NAMES)?.self_signed(&own).map_err(io::Error::other)?;
    write_pair(folder, "self", &[&alone], &own)
}
