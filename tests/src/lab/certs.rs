//! The lab's authority, a good certificate and an expired one for api.lab.

use std::{fs, io, path::Path};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};

/// Writes `ca.pem`, `good.pem`, `good.key`, `expired.pem`, `expired.key` into a folder.
pub fn write(folder: &Path) -> io::Result<()> {
    let mut authority = CertificateParams::new(Vec::new()).map_err(io::Error::other)?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(DnType::CommonName, "probemesh lab authority");
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let authority = CertifiedIssuer::self_signed(authority, key).map_err(io::Error::other)?;
    fs::write(folder.join("ca.pem"), authority.pem())?;
    for (name, expired) in [("good", false), ("expired", true)] {
        let names = ["api.lab", "upload.lab", "slow.lab"].map(str::to_owned).to_vec();
        let mut params = CertificateParams::new(names).map_err(io::Error::other)?;
        params.distinguished_name.push(DnType::CommonName, "api.lab");
        if expired {
            params.not_before = date_time_ymd(2024, 1, 1);
            params.not_after = date_time_ymd(2025, 1, 1);
        }
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let leaf = params.signed_by(&key, &authority).map_err(io::Error::other)?;
        fs::write(folder.join(format!("{name}.pem")), leaf.pem())?;
        fs::write(folder.join(format!("{name}.key")), key.serialize_pem())?;
    }
    Ok(())
}
