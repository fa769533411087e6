//! A real server of this process, with certificates made on the spot.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use rcgen::{CertificateParams, KeyPair};
use rustls::{ServerConfig, pki_types::PrivateKeyDer};
use tokio::{io::AsyncWriteExt as _, net::TcpListener};
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::{guard::Guard, net::Net};

fn params(name: &str) -> (CertificateParams, KeyPair) {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    // Two authorities of one name would read as a forged signature instead of an unknown issuer.
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    (params, KeyPair::generate().unwrap())
}

/// Serves one self-signed certificate and returns its port and PEM.
async fn serve(params: CertificateParams, key: KeyPair) -> (u16, Vec<u8>) {
    let certificate = params.self_signed(&key).unwrap();
    let pem = certificate.pem().into_bytes();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(mut session) = acceptor.accept(stream).await {
                    time::sleep(Duration::from_secs(1)).await;
                    session.shutdown().await.unwrap_or_default();
                }
            });
        }
    });
    (port, pem)
}

async fn check(port: u16, sni: &str, ca_pem: Vec<u8>) -> pb::Observation {
    let net = Net::current(Arc::new(Guard::embedded()));
    let ask = Ask { net, deadline: Instant::now() + Duration::from_secs(3), connect: None };
    let spec = pb::TlsSpec {
        name: sni.to_owned(),
        address: "127.0.0.1".to_owned(),
        port: port.into(),
        sni: sni.to_owned(),
        ca_pem,
        ..Default::default()
    };
    run(&ask, &spec).await
}

#[tokio::test]
async fn a_trusted_certificate_passes_and_a_foreign_name_does_not() {
    let (params, key) = params("good.test");
    let (port, pem) = serve(params, key).await;
    let good = check(port, "good.test", pem.clone()).await;
    let tls = good.tls.clone().unwrap();
    assert_eq!((good.outcome(), tls.verify_error.as_str()), (pb::Outcome::Pass, ""), "{good:?}");
    assert_eq!(tls.first_record, Some(22));
    assert!(tls.client_hello_bytes > 150, "{}", tls.client_hello_bytes);
    let other = check(port, "other.test", pem).await;
    assert_eq!(other.outcome(), pb::Outcome::Fail);
    assert_eq!(other.tls.unwrap().verify_error, "name_mismatch");
}

#[tokio::test]
async fn an_expired_certificate_keeps_its_chain_and_reason() {
    let (mut params, key) = params("old.test");
    params.not_before = rcgen::date_time_ymd(2019, 1, 1);
    params.not_after = rcgen::date_time_ymd(2020, 1, 1);
    let (port, pem) = serve(params, key).await;
    let seen = check(port, "old.test", pem).await;
    let tls = seen.tls.unwrap();
    assert_eq!(tls.verify_error, "expired");
    assert!(tls.handshake_done && tls.chain[0].not_after < tls.judged_at);
    assert!(tls.verify_text.contains("expired"), "{}", tls.verify_text);
}

#[tokio::test]
async fn an_authority_that_is_not_trusted_is_an_unknown_issuer() {
    let (trusted, trusted_key) = params("a.test");
    let pem = trusted.self_signed(&trusted_key).unwrap().pem().into_bytes();
    let (params, key) = params("b.test");
    let (port, _) = serve(params, key).await;
    let seen = check(port, "b.test", pem).await;
    assert_eq!(seen.tls.unwrap().verify_error, "unknown_issuer");
}

#[tokio::test]
async fn a_port_that_speaks_something_else_is_no_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.write_all(b"220 mail.test ESMTP\r\n").await.unwrap_or_default();
        }
    });
    let seen = check(port, "mail.test", Vec::new()).await;
    assert_eq!(seen.tls.unwrap().first_record, Some(u32::from(b'2')));
    assert_eq!(seen.failure.unwrap().stage, "tls");
}
