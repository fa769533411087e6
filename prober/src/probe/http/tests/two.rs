//! The request in HTTP/2.

use super::*;
use crate::probe::daemons::Daemon;

fn two(port: u32, body_bytes: u64) -> pb::HttpSpec {
    pb::HttpSpec { version: "2".to_owned(), ..spec(port, body_bytes) }
}

fn two_of(daemon: &Daemon, tls: bool) -> pb::HttpSpec {
    pb::HttpSpec { tls, ca_pem: daemon.ca_pem.clone(), ..two(daemon.port.into(), 0) }
}

/// An empty SETTINGS frame (RFC 9113 §6.5), which every server begins with.
const SETTINGS: [u8; 9] = [0, 0, 0, 4, 0, 0, 0, 0, 0];

#[tokio::test]
async fn a_real_server_answers_by_alpn_and_by_prior_knowledge() {
    for (listen, tls) in [("ssl http2", true), ("http2", false)] {
        let server = Daemon::nginx(listen, "").await;
        let (obs, detail) = ask(&two_of(&server, tls), 3_000).await;
        assert_eq!(
            (obs.outcome(), detail.status, detail.version.as_str()),
            (pb::Outcome::Pass, 200, "HTTP/2"),
            "{obs:?}"
        );
        assert!(detail.complete && detail.body_bytes_received == 3 && detail.first_byte_us <= detail.total_us);
        assert!(detail.headers.iter().any(|header| header.name == "server" && header.value.starts_with("nginx")));
        assert_eq!(obs.tls.map(|tls| tls.alpn), tls.then(|| "h2".to_owned()));
        let (_, missing) = ask(&pb::HttpSpec { path: "/none".to_owned(), ..two_of(&server, tls) }, 3_000).await;
        assert_eq!(missing.status, 404);
    }
}

#[tokio::test]
async fn a_server_that_does_not_choose_h2_fails_at_tls_and_is_sent_nothing() {
    let server = Daemon::nginx("ssl", "").await;
    let (obs, detail) = ask(&two_of(&server, true), 3_000).await;
    let failure = obs.failure.unwrap();
    assert_eq!((failure.stage.as_str(), failure.how.as_str()), ("tls", "protocol"));
    assert_eq!(failure.text, "the server did not select h2 (it chose http/1.1)");
    assert_eq!(detail, pb::HttpDetail::default());
    let server = Daemon::openssl("-www").await;
    let (obs, _) = ask(&two_of(&server, true), 3_000).await;
    assert_eq!(obs.failure.unwrap().text, "the server did not select h2 (it chose nothing)");
}

#[tokio::test]
async fn a_certificate_that_is_required_is_still_an_alert_of_tls() {
    let server = Daemon::openssl("-Verify 1 -alpn h2").await;
    let (obs, _) = ask(&two_of(&server, true), 3_000).await;
    let (tls, failure) = (obs.tls.clone().unwrap(), obs.failure.clone().unwrap());
    assert_eq!(
        (failure.stage.as_str(), tls.alert, tls.alert_name.as_str()),
        ("tls", Some(116), "certificate_required")
    );
}

#[tokio::test]
async fn a_body_that_was_read_was_sent_whole() {
    let port = serve(|stream| async move {
        let mut connection = h2::server::handshake(stream).await.unwrap();
        let (request, mut respond) = connection.accept().await.unwrap().unwrap();
        assert_eq!(request.headers()["content-length"], "300000");
        assert!(request.uri().authority().unwrap().as_str().starts_with("api.test:"));
        let reading = async {
            let mut body = request.into_body();
            let mut length = 0;
            while let Some(piece) = body.data().await {
                let piece = piece.unwrap().len();
                body.flow_control().release_capacity(piece).unwrap();
                length += piece;
            }
            assert_eq!(length, 300_000);
            let answer = http::Response::builder().status(201).body(()).unwrap();
            respond.send_response(answer, true).unwrap();
            std::future::pending::<()>().await;
        };
        tokio::select! { () = reading => {}, _ = connection.accept() => {} }
    })
    .await;
    let (obs, detail) = ask(&two(port, 300_000), 5_000).await;
    assert_eq!((obs.outcome(), detail.status, detail.body_bytes_sent), (pb::Outcome::Pass, 201, 300_000), "{obs:?}");
    assert!(detail.complete && !detail.answered_early);
}

#[tokio::test]
async fn a_body_that_nobody_takes_stalls_and_says_how_far_it_came() {
    let port = serve(|mut stream| async move {
        stream.write_all(&SETTINGS).await.unwrap();
        tokio::time::sleep(Duration::from_secs(2)).await;
    })
    .await;
    let (obs, detail) = ask(&two(port, 1 << 20), 600).await;
    let failure = obs.failure.unwrap();
    assert_eq!((failure.stage.as_str(), failure.how.as_str(), detail.status), ("request", "timeout", 0));
    // The window that a peer has before it says otherwise (RFC 9113 §6.5.2).
    assert!((60_000..=65_535).contains(&detail.body_bytes_sent), "{}", detail.body_bytes_sent);
}

#[tokio::test]
async fn a_stream_that_is_reset_and_a_connection_that_is_sent_away_keep_their_reasons() {
    let resetting = serve(|stream| async move {
        let mut connection = h2::server::handshake(stream).await.unwrap();
        let (_, mut respond) = connection.accept().await.unwrap().unwrap();
        respond.send_reset(h2::Reason::HTTP_1_1_REQUIRED);
        connection.accept().await.map(drop).unwrap_or_default();
    });
    let (obs, detail) = ask(&two(resetting.await, 0), 2_000).await;
    let failure = obs.failure.unwrap();
    assert_eq!((failure.stage.as_str(), failure.how.as_str(), detail.status), ("response", "protocol", 0));
    let text = "stream error received: endpoint requires HTTP/1.1";
    assert_eq!((failure.text.as_str(), detail.version.as_str()), (text, ""));

    let parting = serve(|mut stream| async move {
        stream.write_all(&SETTINGS).await.unwrap();
        // GOAWAY, last stream 0, ENHANCE_YOUR_CALM, and a word of its own (RFC 9113 §6.8).
        stream.write_all(&[0, 0, 12, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11]).await.unwrap();
        stream.write_all(b"busy").await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
    });
    let (obs, _) = ask(&two(parting.await, 0), 2_000).await;
    let failure = obs.failure.unwrap();
    assert_eq!(failure.how, "protocol");
    assert!(failure.text.contains("excessive load") && failure.text.contains("busy"), "{}", failure.text);
}

#[tokio::test]
async fn a_close_a_reset_silence_and_another_protocol_are_four_different_failures() {
    let closing = serve(|mut stream| async move { assert!(stream.read(&mut [0; 4_096]).await.unwrap() > 0) });
    let (obs, _) = ask(&two(closing.await, 0), 2_000).await;
    // A close with unread bytes is a reset; which of the two comes first is the kernel's affair.
    assert!(["eof", "errno"].contains(&obs.failure.unwrap().how.as_str()));

    let resetting = serve(|mut stream| async move {
        assert!(stream.read(&mut [0; 4_096]).await.unwrap() > 0);
        tokio::time::sleep(Duration::from_millis(50)).await;
        stream.set_zero_linger().unwrap();
    });
    let (obs, _) = ask(&two(resetting.await, 0), 2_000).await;
    assert_eq!(obs.failure.unwrap().errno_name, "ECONNRESET");

    let silent = serve(|stream| async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        drop(stream);
    });
    let (obs, _) = ask(&two(silent.await, 0), 300).await;
    let failure = obs.failure.unwrap();
    assert!(failure.stage == "response" && failure.how == "timeout", "{failure:?}");

    let server = Daemon::nginx("", "").await;
    let (obs, _) = ask(&two_of(&server, false), 2_000).await;
    let failure = obs.failure.unwrap();
    assert!(failure.stage == "response" && failure.how == "protocol", "{failure:?}");
}
