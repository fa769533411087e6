//! Which authorities a handshake trusts: those of the request, else the system's, read once in a process.

use std::sync::{Arc, OnceLock};

use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};

/// Most certificates trusted by one request.
const ROOTS: usize = 1_024;

/// The system's authorities, or why there are none.
static SYSTEM: OnceLock<Result<Arc<RootCertStore>, String>> = OnceLock::new();

/// The system's authorities. Reads files the first time.
pub(super) fn system() -> Result<Arc<RootCertStore>, String> {
    SYSTEM
        .get_or_init(|| {
            let found = rustls_native_certs::load_native_certs();
            let mut store = RootCertStore::empty();
            store.add_parsable_certificates(found.certs);
            if store.is_empty() {
                let why = found.errors.first().map_or_else(|| "none is installed".to_owned(), ToString::to_string);
                return Err(format!("certificates to trust: {why}; install ca-certificates, or give --cacert FILE"));
            }
            Ok(Arc::new(store))
        })
        .clone()
}

/// The authorities of a request's PEM, or what is wrong with it.
pub(super) fn given(ca_pem: &[u8]) -> Result<Arc<RootCertStore>, String> {
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(ca_pem).take(ROOTS) {
        let certificate = certificate.map_err(|e| format!("certificates given to trust: {e}"))?;
        store.add(certificate).map_err(|e| format!("certificates given to trust: {e}"))?;
    }
    if store.is_empty() {
        return Err("certificates given to trust: no certificate in them".to_owned());
    }
    Ok(Arc::new(store))
}

/// The certificates of a request's PEM as they are; what can't be read was said by [`given`].
pub(super) fn as_they_are(ca_pem: &[u8]) -> Vec<Vec<u8>> {
    let each = CertificateDer::pem_slice_iter(ca_pem).take(ROOTS);
    each.filter_map(Result::ok).map(|certificate| certificate.to_vec()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_no_certificate_is_said_and_not_trusted_silently() {
        assert!(given(b"hello").unwrap_err().contains("no certificate"));
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(given(broken.as_bytes()).unwrap_err().starts_with("certificates given to trust: "));
    }
}
