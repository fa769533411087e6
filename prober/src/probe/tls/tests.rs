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
    serve_with(params, key, false).await
}

/// The same; with `demanding` it wants a client certificate that it trusts.
async fn serve_with(params: CertificateParams, key: KeyPair, demanding: bool) -> (u16, Vec<u8>) {
    let certificate = params.self_signed(&key).unwrap();
    let pem = certificate.pem().into_bytes();
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config =
        ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions().unwrap();
    let config = if demanding {
        let roots = trust::given(&pem).unwrap();
        let clients = rustls::server::WebPkiClientVerifier::builder_with_provider(roots, provider).build().unwrap();
        config.with_client_cert_verifier(clients)
    } else {
        config.with_no_client_auth()
    };
    let config = config
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
    let ask = Ask { net, deadline: Instant::now() + Duration::from_secs(3), connect: None, watch: false };
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

#[tokio::test]
async fn a_client_certificate_that_is_demanded_shows_in_the_first_read() {
    let (params, key) = params("mtls.test");
    let (port, pem) = serve_with(params, key, true).await;
    let seen = check(port, "mtls.test", pem).await;
    let tls = seen.tls.clone().unwrap();
    // In TLS 1.3 the client's handshake is done before the server misses anything.
    assert!(tls.handshake_done && tls.client_certificate_requested, "{tls:?}");
    assert_eq!(
        (tls.after_handshake.as_str(), tls.alert, tls.alert_name.as_str()),
        ("alert", Some(116), "certificate_required")
    );
    assert_eq!(seen.outcome(), pb::Outcome::Fail);
}

#[tokio::test]
async fn a_large_hello_exceeds_one_segment_and_a_small_one_does_not() {
    let (params, key) = params("size.test");
    let (port, ca_pem) = serve(params, key).await;
    for (large_hello, sizes) in [(false, 150..700), (true, 1_300..2_000)] {
        let net = Net::current(Arc::new(Guard::embedded()));
        let ask = Ask { net, deadline: Instant::now() + Duration::from_secs(3), connect: None, watch: false };
        let (address, sni) = ("127.0.0.1".to_owned(), "size.test".to_owned());
        let spec =
            pb::TlsSpec { address, port: port.into(), sni, ca_pem: ca_pem.clone(), large_hello, ..Default::default() };
        let tls = run(&ask, &spec).await.tls.unwrap();
        assert!(sizes.contains(&tls.client_hello_bytes), "{}", tls.client_hello_bytes);
        assert_eq!(tls.key_exchange == "X25519MLKEM768", large_hello, "{}", tls.key_exchange);
    }
}

#[tokio::test]
async fn without_a_server_name_the_certificate_is_still_judged_by_the_name() {
    let (params, key) = params("quiet.test");
    let (port, ca_pem) = serve(params, key).await;
    let net = Net::current(Arc::new(Guard::embedded()));
    let ask = Ask { net, deadline: Instant::now() + Duration::from_secs(3), connect: None, watch: false };
    let (name, address) = ("quiet.test".to_owned(), "127.0.0.1".to_owned());
    let spec = pb::TlsSpec { name, address, port: port.into(), ca_pem, ..Default::default() };
    let seen = run(&ask, &spec).await;
    let tls = seen.tls.clone().unwrap();
    assert_eq!((seen.outcome(), tls.sni.as_str(), tls.verify_error.as_str()), (pb::Outcome::Pass, "", ""), "{seen:?}");
}

#[tokio::test]
async fn silence_and_a_close_after_the_hello_are_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut closing, _) = listener.accept().await.unwrap();
        let mut hello = vec![0; 4096];
        assert!(tokio::io::AsyncReadExt::read(&mut closing, &mut hello).await.unwrap() > 0);
        drop(closing);
        let silent = listener.accept().await.unwrap();
        time::sleep(Duration::from_secs(5)).await;
        drop(silent);
    });
    let (params, key) = params("a.test");
    let pem = params.self_signed(&key).unwrap().pem().into_bytes();
    let closed = check(port, "a.test", pem.clone()).await;
    assert_eq!(closed.failure.unwrap().how, "eof");
    let silent = check(port, "a.test", pem).await;
    let tls = silent.tls.unwrap();
    assert_eq!((silent.failure.unwrap().how.as_str(), tls.bytes_in, tls.first_record), ("timeout", 0, None));
}

#[tokio::test]
async fn without_something_to_trust_the_connect_is_still_seen_and_nothing_is_judged() {
    let (params, key) = params("a.test");
    let (port, _) = serve(params, key).await;
    let seen = check(port, "a.test", b"no certificate".to_vec()).await;
    assert_eq!(seen.outcome(), pb::Outcome::CouldNotLook);
    assert!(seen.missing.contains("no certificate") && seen.tls.is_none(), "{seen:?}");
    assert!(seen.tcp.unwrap().connected);
}

#[tokio::test]
async fn a_version_that_is_offered_alone_is_spoken_or_refused() {
    use crate::probe::daemons::Daemon;
    let server = Daemon::openssl("-tls1_2").await;
    for (version, spoken, alert) in [("1.2", "TLS 1.2", None), ("", "TLS 1.2", None), ("1.3", "", Some(70))] {
        let net = Net::current(Arc::new(Guard::embedded()));
        let ask = Ask { net, deadline: Instant::now() + Duration::from_secs(3), connect: None, watch: false };
        let spec = pb::TlsSpec {
            address: "127.0.0.1".to_owned(),
            port: server.port.into(),
            sni: "api.test".to_owned(),
            ca_pem: server.ca_pem.clone(),
            version: version.to_owned(),
            ..Default::default()
        };
        let seen = run(&ask, &spec).await;
        let tls = seen.tls.clone().unwrap();
        assert_eq!((tls.version.as_str(), tls.alert), (spoken, alert), "{seen:?}");
    }
}

#[tokio::test]
async fn a_certificate_that_was_given_stands_for_itself_but_not_for_another_name() {
    let (mut params, key) = params("a.test");
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let (port, pem) = serve(params, key).await;
    assert_eq!(check(port, "a.test", pem.clone()).await.outcome(), pb::Outcome::Pass);
    assert_eq!(check(port, "b.test", pem).await.tls.unwrap().verify_error, "name_mismatch");
    let (stranger, other) = self::params("c.test");
    let another = stranger.self_signed(&other).unwrap().pem().into_bytes();
    assert_ne!(check(port, "a.test", another).await.outcome(), pb::Outcome::Pass);
}
