use std::sync::Arc;

use super::*;
use crate::{guard::Guard, net::Net, probe::daemons::Daemon};

async fn asked(port: u16) -> pb::Observation {
    let net = Net::current(Arc::new(Guard::embedded()));
    let ask = Ask { net, deadline: Instant::now() + Duration::from_millis(1_500), connect: None, watch: false };
    let spec = pb::TlsSpec {
        name: "api.test".to_owned(),
        address: "127.0.0.1".to_owned(),
        port: port.into(),
        sni: "api.test".to_owned(),
        alpn: vec!["h2".to_owned(), "http/1.1".to_owned()],
        wide: true,
        ..Default::default()
    };
    super::super::run(&ask, &spec).await
}

#[tokio::test]
async fn a_server_says_the_version_and_suite_it_would_speak() {
    for (arguments, version, suites) in [
        ("-tls1 -cipher ALL:@SECLEVEL=0", "0x0301", &["0xc009", "0xc00a"][..]),
        ("-tls1_1 -cipher ALL:@SECLEVEL=0", "0x0302", &["0xc009", "0xc00a"]),
        ("-tls1_2", "0x0303", &["0xc02b"]),
        ("-tls1_2 -cipher ECDHE-ECDSA-AES256-SHA384", "0x0303", &["0xc024"]),
        ("-tls1_3", "0x0304", &["0x1301", "0x1302"]),
        // No key share of this group was sent: the answer is a HelloRetryRequest.
        ("-tls1_3 -groups P-384", "0x0304", &["0x1301", "0x1302"]),
        ("", "0x0304", &["0x1301", "0x1302"]),
    ] {
        let server = Daemon::openssl(arguments).await;
        let seen = asked(server.port).await;
        let tls = seen.tls.clone().unwrap();
        assert_eq!((seen.outcome(), tls.wide_version.as_str()), (pb::Outcome::Pass, version), "{arguments}: {seen:?}");
        assert!(suites.contains(&tls.wide_cipher.as_str()), "{arguments}: {}", tls.wide_cipher);
        assert_eq!((tls.first_record, tls.handshake_done, tls.client_hello_bytes), (Some(22), false, 517));
    }
}

#[tokio::test]
async fn a_server_without_a_common_suite_answers_by_an_alert() {
    let server = Daemon::openssl("-tls1_2 -cipher AES128-SHA").await;
    let seen = asked(server.port).await;
    let tls = seen.tls.clone().unwrap();
    assert_eq!((seen.outcome(), tls.alert, tls.first_record), (pb::Outcome::Fail, Some(40), Some(21)), "{seen:?}");
    let failure = seen.failure.unwrap();
    assert_eq!((failure.stage.as_str(), failure.how.as_str()), ("tls", "protocol"));
    assert_eq!((failure.text.as_str(), tls.wide_version.as_str()), ("received alert 40: handshake_failure", ""));
}

#[tokio::test]
async fn what_is_no_tls_is_told_by_its_first_byte_and_a_close_by_none() {
    for (says, first, how) in [(&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], Some(72), "protocol"), (b"", None, "eof")] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.read_exact(&mut [0; 517]).await.unwrap();
            stream.write_all(says).await.unwrap();
        });
        let seen = asked(port).await;
        assert_eq!(seen.outcome(), pb::Outcome::Fail);
        assert_eq!((seen.failure.unwrap().how.as_str(), seen.tls.unwrap().first_record), (how, first));
    }
}

#[test]
fn an_answer_is_read_alike_however_its_bytes_are_cut() {
    // TLS 1.2 without extensions: a session of 32 bytes, ECDHE-RSA-AES128-GCM-SHA256.
    let hello = [&[2, 0, 0, 70, 3, 3][..], &[7; 32], &[32], &[9; 32], &[0xc0, 0x2f, 0]].concat();
    let whole = [&[22, 3, 3, 0, 74], &hello[..]].concat();
    assert_eq!(parse(&whole), Answer::Hello { version: 0x0303, cipher: 0xc02f });
    for end in 0..whole.len() {
        assert_eq!(parse(&whole[..end]), Answer::Partial, "{end}");
    }
}

proptest::proptest! {
    #[test]
    fn parsing_never_panics(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300), kind in 20u8..24) {
        let hello = [&[kind, 3, 3, 1, 0, 2, 0, 0], &bytes[..]].concat();
        for bytes in [bytes, hello] {
            let whole = parse(&bytes);
            // What was decided stays so, whatever comes behind.
            if let Answer::Alert(_) = whole {
                proptest::prop_assert_eq!(parse(&[&bytes[..], &[0]].concat()), whole);
            }
        }
    }
}
