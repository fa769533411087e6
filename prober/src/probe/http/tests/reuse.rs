//! A connection that is used again after a pause.

use super::*;
use crate::{collect::bench::Space, probe::daemons::Daemon};

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

fn kept(port: u32, idle_ms: u32) -> pb::HttpSpec {
    pb::HttpSpec { idle_ms, ..spec(port, 0) }
}

#[tokio::test]
async fn a_connection_that_stands_is_used_again_with_and_without_tls() {
    for listen in ["", "ssl"] {
        let server = Daemon::nginx(listen, "").await;
        let spec =
            pb::HttpSpec { tls: !listen.is_empty(), ca_pem: server.ca_pem.clone(), ..kept(server.port.into(), 300) };
        let (obs, detail) = ask(&spec, 3_000).await;
        assert_eq!((obs.outcome(), detail.status, obs.flow()), (pb::Outcome::Pass, 200, pb::Flow::Fresh), "{obs:?}");
        let reuse = detail.reuse.unwrap();
        assert_eq!((reuse.status, reuse.how.as_str(), reuse.closed_by.as_str()), (200, "", ""), "{reuse:?}");
        assert!((300_000..800_000).contains(&reuse.idle_us) && reuse.first_byte_us.is_some(), "{reuse:?}");
        assert!(obs.caveats.is_empty(), "{:?}", obs.caveats);
    }
}

#[tokio::test]
async fn a_server_that_closes_while_nothing_is_asked_is_seen_at_its_time_and_asked_all_the_same() {
    for listen in ["", "ssl"] {
        let server = Daemon::nginx(listen, "keepalive_timeout 1s;").await;
        let spec =
            pb::HttpSpec { tls: !listen.is_empty(), ca_pem: server.ca_pem.clone(), ..kept(server.port.into(), 1_400) };
        let (obs, detail) = ask(&spec, 4_000).await;
        assert_eq!((obs.outcome(), detail.status), (pb::Outcome::Fail, 200), "{obs:?}");
        let (reuse, failure) = (detail.reuse.unwrap(), obs.failure.unwrap());
        assert_eq!((reuse.closed_by.as_str(), reuse.status), ("fin", 0));
        assert!(reuse.closed_at_us.is_some_and(|at| (900_000..1_400_000).contains(&at)), "{reuse:?}");
        assert_eq!((failure.stage.as_str(), &failure.how, &failure.text), ("reuse", &reuse.how, &reuse.text));
        assert!(["eof", "errno"].contains(&reuse.how.as_str()), "{reuse:?}");
        let said = format!("request to 127.0.0.1:{} after 1400 ms idle", server.port);
        assert_eq!(failure.operation, said);
    }
}

#[tokio::test]
async fn a_reset_while_nothing_is_asked_is_no_close_in_order() {
    let port = serve(|mut stream| async move {
        head(&mut stream).await;
        stream.write_all(ANSWER).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        stream.set_zero_linger().unwrap();
    })
    .await;
    let (obs, detail) = ask(&kept(port, 300), 2_000).await;
    let reuse = detail.reuse.unwrap();
    assert_eq!((obs.outcome(), reuse.closed_by.as_str()), (pb::Outcome::Fail, "rst"));
    assert_eq!((reuse.how.as_str(), reuse.errno_name.as_str()), ("errno", "EPIPE"), "{reuse:?}");
    assert!(reuse.closed_at_us.is_some_and(|at| (90_000..300_000).contains(&at)), "{reuse:?}");
}

#[tokio::test]
async fn a_connection_that_is_forgotten_on_the_way_ends_after_three_resends_and_not_after_all_the_time() {
    let space = Space::fresh();
    let server = space.run(|| std::net::TcpListener::bind("127.0.0.1:8080").expect("a port of that place"));
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let (mut stream, _) = server.accept().expect("a client");
        assert!(stream.read(&mut [0; 4_096]).expect("a request") > 0);
        stream.write_all(ANSWER).expect("somebody reads");
        tell.send(()).expect("somebody waits");
        std::thread::sleep(Duration::from_secs(5));
    });
    let net = space.net.clone();
    let rules = std::thread::spawn(move || {
        told.recv().expect("an answer");
        std::thread::sleep(Duration::from_millis(100));
        space.sh("nft add table inet t
             nft add chain inet t in '{ type filter hook input priority 0; }'
             nft add rule inet t in tcp dport 8080 drop");
        space
    });
    let began = Instant::now();
    let (obs, detail) = ask_from(net, &kept(8080, 300), 8_000).await;
    // Resent after 0.2, 0.6 and 1.4 s (RFC 6298).
    assert!((1_500..2_700).contains(&began.elapsed().as_millis()), "{:?}", began.elapsed());
    let reuse = detail.reuse.unwrap();
    assert_eq!((obs.outcome(), detail.status, reuse.how.as_str()), (pb::Outcome::Fail, 200, "timeout"), "{reuse:?}");
    assert!(reuse.text.ends_with("ms; the request was resent and not acknowledged"), "{}", reuse.text);
    assert!(reuse.closed_by.is_empty() && reuse.first_byte_us.is_none());
    drop(rules.join().unwrap());
}

#[tokio::test]
async fn a_server_that_thinks_too_long_about_the_second_request_is_silent_and_not_lost() {
    let port = serve(|mut stream| async move {
        head(&mut stream).await;
        stream.write_all(ANSWER).await.unwrap();
        assert!(head(&mut stream).await.contains("Connection: keep-alive\r\n"));
        tokio::time::sleep(Duration::from_secs(5)).await;
    })
    .await;
    let began = Instant::now();
    let (obs, detail) = ask(&kept(port, 100), 8_000).await;
    assert!((2_500..3_200).contains(&began.elapsed().as_millis()), "{:?}", began.elapsed());
    let reuse = detail.reuse.unwrap();
    assert_eq!((obs.failure.unwrap().stage.as_str(), reuse.how.as_str()), ("reuse", "timeout"));
    assert!(reuse.text.starts_with("no answer after 25"), "{}", reuse.text);
}

#[tokio::test]
async fn a_server_that_never_keeps_a_connection_is_no_failure() {
    for answer in [
        &b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: Close\r\n\r\nhi"[..],
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\n\r\nhi",
    ] {
        let port = serve(move |mut stream| async move {
            head(&mut stream).await;
            stream.write_all(answer).await.unwrap();
        })
        .await;
        let (obs, detail) = ask(&kept(port, 200), 2_000).await;
        assert_eq!((obs.outcome(), detail.status, detail.reuse), (pb::Outcome::Pass, 200, None));
        assert_eq!(obs.caveats, ["the server closes after each answer"]);
    }
}

#[tokio::test]
async fn a_pause_that_does_not_fit_is_not_begun() {
    let port = serve(|mut stream| async move {
        head(&mut stream).await;
        stream.write_all(ANSWER).await.unwrap();
        tokio::time::sleep(Duration::from_secs(2)).await;
    })
    .await;
    let (obs, detail) = ask(&kept(port, 60_000), 1_000).await;
    assert_eq!((obs.outcome(), detail.reuse), (pb::Outcome::Pass, None));
    assert!(obs.caveats[0].starts_with("60000 ms idle do not fit into the "), "{:?}", obs.caveats);
}

#[tokio::test]
async fn what_a_server_says_unasked_is_the_second_answer() {
    let port = serve(|mut stream| async move {
        head(&mut stream).await;
        stream.write_all(ANSWER).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        let late = b"HTTP/1.1 408 Request Time-out\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        stream.write_all(late).await.unwrap();
    })
    .await;
    let (obs, detail) = ask(&kept(port, 300), 2_000).await;
    let reuse = detail.reuse.unwrap();
    assert_eq!((detail.status, reuse.status, reuse.closed_by.as_str()), (200, 408, "fin"));
    assert!(obs.caveats[0].ends_with("bytes came while nothing was asked"), "{:?}", obs.caveats);
}
