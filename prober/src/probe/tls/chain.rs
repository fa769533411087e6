//! Certificates in words: what x509-parser reads of each.

use mesh_proto::v1 as pb;
use x509_parser::{extensions::GeneralName, prelude::*};

/// Names of one certificate that are kept.
const NAMES: usize = 64;

/// Describes a chain, leaf first. What can't be parsed keeps its digest.
pub(crate) fn describe(chain: &[Vec<u8>]) -> Vec<pb::Certificate> {
    chain.iter().map(|der| one(der)).collect()
}

fn one(der: &[u8]) -> pb::Certificate {
    let sha256 = mesh_proto::bundle::sha256(der);
    let Ok((_, parsed)) = X509Certificate::from_der(der) else {
        return pb::Certificate { sha256, ..Default::default() };
    };
    let mut certificate = pb::Certificate {
        subject: parsed.subject().to_string(),
        issuer: parsed.issuer().to_string(),
        not_before: parsed.validity().not_before.timestamp(),
        not_after: parsed.validity().not_after.timestamp(),
        sha256,
        is_ca: parsed.is_ca(),
        self_issued: parsed.subject().as_raw() == parsed.issuer().as_raw(),
        ..Default::default()
    };
    if let Ok(Some(names)) = parsed.subject_alternative_name() {
        for name in names.value.general_names.iter().take(NAMES) {
            match name {
                GeneralName::DNSName(name) => certificate.dns_names.push((*name).to_owned()),
                GeneralName::IPAddress(bytes) => certificate.ip_addresses.extend(address(bytes)),
                _ => {}
            }
        }
    }
    certificate
}

fn address(bytes: &[u8]) -> Option<String> {
    if let Ok(v4) = <[u8; 4]>::try_from(bytes) {
        return Some(std::net::Ipv4Addr::from(v4).to_string());
    }
    <[u8; 16]>::try_from(bytes).ok().map(|v6| std::net::Ipv6Addr::from(v6).to_string())
}
