//! Small servers of this process, each with one way to behave.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::*;
use crate::{guard::Guard, net::Net};

mod certificate;
mod proxy;
mod reuse;
mod two;

/// Serves one connection by a function and returns the port.
async fn serve<F: Future<Output = ()> + Send>(serve: impl FnOnce(TcpStream) -> F + Send + 'static) -> u32 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        serve(stream).await;
    });
    port.into()
}

/// Reads a request's head and no byte more.
async fn head(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        bytes.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(bytes).unwrap()
}

fn spec(port: u32, body_bytes: u64) -> pb::HttpSpec {
    pb::HttpSpec {
        name: "api.test".to_owned(),
        address: "127.0.0.1".to_owned(),
        port,
        method: if body_bytes > 0 { "POST" } else { "GET" }.to_owned(),
        path: "/x".to_owned(),
        body_bytes,
        ..Default::default()
    }
}

async fn ask(spec: &pb::HttpSpec, patience: u64) -> (pb::Observation, pb::HttpDetail) {
    ask_from(Net::current(Arc::new(Guard::embedded())), spec, patience).await
}

async fn ask_from(net: Net, spec: &pb::HttpSpec, patience: u64) -> (pb::Observation, pb::HttpDetail) {
    let ask = Ask { net, deadline: Instant::now() + Duration::from_millis(patience), connect: None, watch: false };
    let obs = run(&ask, spec).await;
    let detail = obs.http.clone().unwrap_or_default();
    (obs, detail)
}

#[tokio::test]
async fn a_plain_answer_passes_whatever_its_status_is() {
    for (status, text) in [(200, "OK"), (404, "Not Found"), (504, "Gateway Time-out")] {
        let port = serve(move |mut stream| async move {
            let head = head(&mut stream).await;
            assert!(head.starts_with("GET /x HTTP/1.1\r\nHost: api.test:"), "{head}");
            let answer = format!("HTTP/1.1 {status} {text}\r\nServer: lab\r\nContent-Length: 2\r\n\r\nhi");
            stream.write_all(answer.as_bytes()).await.unwrap();
        })
        .await;
        let (obs, detail) = ask(&spec(port, 0), 2000).await;
        assert_eq!(obs.outcome(), pb::Outcome::Pass, "{obs:?}");
        assert_eq!((detail.status, detail.reason.as_str(), detail.body_bytes_received), (status, text, 2));
        assert!(detail.complete && detail.first_byte_us.is_some() && detail.first_byte_us <= detail.total_us);
        assert!(obs.tcp.unwrap().info.unwrap().bytes_acked.is_some());
    }
}

#[tokio::test]
async fn a_whole_body_that_was_read_was_sent_whole() {
    let port = serve(|mut stream| async move {
        assert!(head(&mut stream).await.contains("Content-Length: 300000\r\n"));
        let mut body = vec![0; 300_000];
        stream.read_exact(&mut body).await.unwrap();
        stream
            .write_all(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
            .await
            .unwrap();
    })
    .await;
    let (obs, detail) = ask(&spec(port, 300_000), 5000).await;
    assert_eq!((obs.outcome(), detail.status, detail.body_bytes_sent), (pb::Outcome::Pass, 201, 300_000));
    assert_eq!((detail.answered_early, detail.informational), (false, vec![100]));
}

#[tokio::test]
async fn an_answer_before_the_body_was_sent_is_seen_as_early() {
    let port = serve(|mut stream| async move {
        head(&mut stream).await;
        stream.write_all(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n").await.unwrap();
        tokio::time::sleep(Duration::from_secs(2)).await;
    })
    .await;
    let (obs, detail) = ask(&spec(port, 40 << 20), 5000).await;
    assert_eq!((obs.outcome(), detail.status, detail.answered_early), (pb::Outcome::Pass, 413, true), "{obs:?}");
    assert!(detail.body_bytes_sent < 40 << 20);
}

#[tokio::test]
async fn a_body_that_nobody_reads_stalls_and_says_how_far_it_came() {
    let port = serve(|mut stream| async move {
        head(&mut stream).await;
        tokio::time::sleep(Duration::from_secs(3)).await;
    })
    .await;
    let (obs, detail) = ask(&spec(port, 40 << 20), 700).await;
    let failure = obs.failure.unwrap();
    assert_eq!((failure.stage.as_str(), failure.how.as_str(), detail.status), ("request", "timeout", 0));
    assert!(detail.body_bytes_sent > 0 && detail.body_bytes_sent < 40 << 20, "{}", detail.body_bytes_sent);
    let said = format!("{} of {} body bytes were acknowledged", detail.body_bytes_sent, 40 << 20);
    assert!(failure.text.contains(&said), "{}", failure.text);
    assert_eq!(detail.first_byte_us, None);
}

#[tokio::test]
async fn silence_a_close_and_a_reset_are_three_different_failures() {
    let silent = serve(|mut stream| async move {
        head(&mut stream).await;
        tokio::time::sleep(Duration::from_secs(2)).await;
    });
    let (obs, detail) = ask(&spec(silent.await, 0), 300).await;
    let failure = obs.failure.unwrap();
    assert!(failure.text.starts_with("no answer after ") && failure.stage == "response", "{failure:?}");
    assert_eq!(detail.first_byte_us, None);

    let closing = serve(|mut stream| async move { drop(head(&mut stream).await) });
    let (obs, detail) = ask(&spec(closing.await, 0), 2000).await;
    let failure = obs.failure.unwrap();
    assert_eq!((failure.how.as_str(), failure.text.as_str()), ("eof", "closed without an answer"));
    assert_eq!(detail.first_byte_us, None, "a close is no byte");

    let resetting = serve(|mut stream| async move {
        head(&mut stream).await;
        stream.set_zero_linger().unwrap();
    });
    let (obs, _) = ask(&spec(resetting.await, 0), 2000).await;
    assert_eq!(obs.failure.unwrap().errno_name, "ECONNRESET");
}

#[tokio::test]
async fn a_body_that_is_cut_fails_beside_its_status() {
    let port = serve(|mut stream| async move {
        head(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc").await.unwrap();
    })
    .await;
    let (obs, detail) = ask(&spec(port, 0), 2000).await;
    assert_eq!((obs.outcome(), detail.status, detail.complete), (pb::Outcome::Fail, 200, false));
    assert_eq!(obs.failure.unwrap().text, "closed in the middle of the answer");
}

#[tokio::test]
async fn a_refused_connect_is_told_by_its_errno_and_an_empty_error_queue() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port().into();
    drop(listener);
    let (obs, detail) = ask(&spec(port, 0), 2000).await;
    let (failure, tcp) = (obs.failure.unwrap(), obs.tcp.unwrap());
    assert_eq!((failure.stage.as_str(), failure.errno_name.as_str()), ("connect", "ECONNREFUSED"));
    assert_eq!(failure.text, "Connection refused (os error 111)");
    assert!(!tcp.connected && tcp.queue_read && tcp.icmp.is_none());
    assert_eq!(detail, pb::HttpDetail::default());
}

#[tokio::test]
async fn no_request_goes_to_a_metadata_service() {
    let metadata = pb::HttpSpec { address: "169.254.169.254".to_owned(), ..spec(80, 0) };
    let (obs, _) = ask(&metadata, 300).await;
    assert_eq!(obs.outcome(), pb::Outcome::CouldNotLook);
    assert!(obs.missing.contains("metadata") && obs.tcp.is_none(), "{obs:?}");
}

/// A TLS server of this process: its port, and the PEM that trusts it.
async fn serve_tls<F: Future<Output = ()> + Send>(
    serve: impl FnOnce(tokio_rustls::server::TlsStream<TcpStream>) -> F + Send + 'static,
) -> (u32, Vec<u8>) {
    use rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer};
    let certified = rcgen::generate_simple_self_signed(vec!["api.test".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let port = self::serve(move |stream| async move {
        if let Ok(session) = acceptor.accept(stream).await {
            serve(session).await;
        }
    });
    (port.await, certified.cert.pem().into_bytes())
}

#[tokio::test]
async fn over_tls_a_body_that_was_read_was_sent_whole_and_a_close_without_notice_ends_the_answer() {
    let (port, ca_pem) = serve_tls(|mut session| async move {
        let mut bytes = Vec::new();
        let mut piece = vec![0; 16 << 10];
        while bytes.len() < 100_000 {
            let length = session.read(&mut piece).await.unwrap();
            bytes.extend_from_slice(&piece[..length]);
        }
        session.write_all(b"HTTP/1.0 200 OK\r\n\r\nuntil the end").await.unwrap();
        session.flush().await.unwrap();
    })
    .await;
    let spec = pb::HttpSpec { tls: true, ca_pem, ..spec(port, 100_000) };
    let (obs, detail) = ask(&spec, 5_000).await;
    assert_eq!((obs.outcome(), detail.status, detail.body_bytes_sent), (pb::Outcome::Pass, 200, 100_000), "{obs:?}");
    assert!(detail.complete && detail.body_bytes_received == 13);
    assert!(obs.tls.unwrap().handshake_done);
}

#[tokio::test]
async fn over_tls_a_stalled_body_is_counted_in_bytes_of_the_body() {
    let (port, ca_pem) = serve_tls(|session| async move {
        tokio::time::sleep(Duration::from_secs(3)).await;
        drop(session);
    })
    .await;
    let spec = pb::HttpSpec { tls: true, ca_pem, ..spec(port, 40 << 20) };
    let (obs, detail) = ask(&spec, 900).await;
    assert_eq!((obs.outcome(), detail.status), (pb::Outcome::Fail, 0));
    let acked = obs.tcp.unwrap().info.unwrap().bytes_acked.unwrap();
    assert!(detail.body_bytes_sent > 0 && detail.body_bytes_sent < acked, "{} of {acked}", detail.body_bytes_sent);
    assert!(acked - detail.body_bytes_sent < acked / 100 + 4_096, "{} of {acked}", detail.body_bytes_sent);
}

#[tokio::test]
async fn nothing_is_sent_over_a_certificate_that_was_not_accepted() {
    let (tell, told) = tokio::sync::oneshot::channel();
    let (port, _) = serve_tls(|mut session| async move {
        let mut bytes = [0; 1024];
        // An error is the close that came instead of a request.
        let read = session.read(&mut bytes).await.unwrap_or(0);
        tell.send(read).unwrap();
    })
    .await;
    let other = rcgen::generate_simple_self_signed(vec!["api.test".to_owned()]).unwrap();
    let headers = vec![pb::Header { name: "Authorization".to_owned(), value: "Bearer s3cret".to_owned() }];
    let spec = pb::HttpSpec { tls: true, ca_pem: other.cert.pem().into_bytes(), headers, ..spec(port, 0) };
    let (obs, _) = ask(&spec, 2_000).await;
    let failure = obs.failure.unwrap();
    assert_eq!((failure.stage.as_str(), failure.how.as_str()), ("tls", "verify"));
    // An authority of the same name with another key.
    assert_eq!(obs.tls.unwrap().verify_error, "bad_signature");
    assert!(obs.http.is_none());
    assert_eq!(told.await, Ok(0), "bytes of a request reached the server");
}

/// The far end's interface takes less than ours sends, and nobody says so: the classic black hole.
#[tokio::test]
async fn a_body_lost_to_a_black_hole_has_not_been_sent_though_our_kernel_took_it() {
    use crate::collect::bench::Path;
    let path = Path::fresh();
    path.r1.sh("nft add table inet t
         nft add chain inet t f '{ type filter hook forward priority 0; }'
         nft add rule inet t f ip length gt 1400 drop");
    let server = path.server.run(|| std::net::TcpListener::bind("10.3.0.2:8080").expect("a port of that place"));
    std::thread::spawn(move || {
        let (stream, _) = server.accept().expect("a client");
        std::thread::sleep(Duration::from_secs(3));
        drop(stream);
    });
    let spec = pb::HttpSpec { address: "10.3.0.2".to_owned(), ..spec(8080, 100_000) };
    let (obs, detail) = ask_from(path.client.net.clone(), &spec, 1_500).await;
    let (tcp, failure) = (obs.tcp.unwrap(), obs.failure.unwrap());
    assert!(tcp.connected && detail.status == 0);
    assert_eq!((failure.how.as_str(), detail.body_bytes_sent), ("timeout", 0), "{failure:?}");
    let info = tcp.info.unwrap();
    assert!(info.unacked > 0 && info.total_retrans > 0, "{info:?}");
    assert!(failure.text.ends_with("0 of 100000 body bytes were acknowledged"), "{}", failure.text);
}
