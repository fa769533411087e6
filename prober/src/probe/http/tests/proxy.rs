//! A request through a forward proxy.

use tokio::io::copy_bidirectional;

use super::*;
use crate::probe::daemons::Daemon;

/// A proxy that answers CONNECT with `answer` and then, when it says 200, joins the client with `target`. Tells what it
/// was asked.
#[expect(clippy::disallowed_methods, reason = "a proxy connects")]
async fn proxy(answer: &'static str, target: u16) -> (String, tokio::sync::oneshot::Receiver<String>) {
    let (tell, told) = tokio::sync::oneshot::channel();
    let port = serve(move |mut client| async move {
        tell.send(head(&mut client).await).unwrap();
        let mut far = TcpStream::connect(("127.0.0.1", target)).await.unwrap();
        client.write_all(answer.as_bytes()).await.unwrap();
        if answer.contains(" 200 ") {
            copy_bidirectional(&mut client, &mut far).await.map(drop).unwrap_or_default();
        }
    })
    .await;
    (format!("127.0.0.1:{port}"), told)
}

#[tokio::test]
async fn a_request_goes_through_the_tunnel_with_and_without_tls() {
    for listen in ["", "ssl"] {
        let server = Daemon::nginx(listen, "").await;
        let answer = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 Connection established\r\nVia: 1.1 gate\r\n\r\n";
        let (at, told) = proxy(answer, server.port).await;
        let spec = pb::HttpSpec {
            tls: !listen.is_empty(),
            ca_pem: server.ca_pem.clone(),
            proxy: at.clone(),
            // Nothing answers there: that the target is met says that the proxy was used.
            address: "127.0.0.77".to_owned(),
            idle_ms: 100,
            ..spec(server.port.into(), 0)
        };
        let (obs, detail) = ask(&spec, 3_000).await;
        assert_eq!((obs.outcome(), detail.status), (pb::Outcome::Pass, 200), "{obs:?}");
        assert_eq!(detail.reuse.unwrap().status, 200);
        let answer = detail.proxy.unwrap();
        assert_eq!((answer.status, answer.reason.as_str()), (200, "Connection established"));
        assert_eq!(answer.headers[0].value, "1.1 gate");
        assert_eq!((obs.address.as_str(), obs.port), ("127.0.0.77", server.port.into()));
        assert_eq!(obs.caveats, [format!("through the proxy {at}")]);
        let asked = told.await.unwrap();
        let line = format!("CONNECT api.test:{0} HTTP/1.1\r\nHost: api.test:{0}\r\n", server.port);
        assert!(asked.starts_with(&line), "{asked}");
    }
}

#[tokio::test]
async fn a_proxy_that_refuses_is_quoted() {
    let answer = "HTTP/1.1 407 Proxy Authentication Required\r\nServer: squid/6.6\r\nContent-Length: 3\r\n\r\nno!";
    let server = Daemon::nginx("", "").await;
    let (at, _told) = proxy(answer, server.port).await;
    let spec = pb::HttpSpec { proxy: at.clone(), ..spec(server.port.into(), 0) };
    let (obs, detail) = ask(&spec, 3_000).await;
    let failure = obs.failure.clone().unwrap();
    assert_eq!((obs.outcome(), detail.status, detail.proxy.unwrap().status), (pb::Outcome::Fail, 0, 407));
    assert_eq!((failure.stage.as_str(), failure.how.as_str()), ("proxy", "protocol"));
    assert_eq!(failure.text, "HTTP/1.1 407 Proxy Authentication Required");
    assert_eq!(failure.operation, format!("CONNECT api.test:{} through {at}", server.port));
}

#[tokio::test]
async fn a_proxy_that_closes_or_is_silent_failed_at_the_proxy() {
    let closing = serve(|mut client| async move { drop(head(&mut client).await) }).await;
    let (obs, _) = ask(&pb::HttpSpec { proxy: format!("127.0.0.1:{closing}"), ..spec(1, 0) }, 2_000).await;
    let failure = obs.failure.unwrap();
    assert_eq!((failure.stage.as_str(), failure.how.as_str()), ("proxy", "eof"));

    let silent = serve(|client| async move {
        tokio::time::sleep(Duration::from_secs(2)).await;
        drop(client);
    });
    let (obs, detail) = ask(&pb::HttpSpec { proxy: format!("127.0.0.1:{}", silent.await), ..spec(1, 0) }, 300).await;
    let failure = obs.failure.unwrap();
    assert_eq!((failure.stage.as_str(), failure.how.as_str()), ("proxy", "timeout"));
    assert_eq!(detail.proxy, Some(pb::ProxyAnswer::default()));
}

#[tokio::test]
async fn neither_a_denied_target_nor_a_denied_proxy_is_reached() {
    let (metadata, here) = ("169.254.169.254", "127.0.0.1");
    for (address, proxy) in [(metadata, here), (here, metadata)] {
        let spec = pb::HttpSpec {
            name: String::new(),
            address: address.to_owned(),
            proxy: format!("{proxy}:3128"),
            ..spec(80, 0)
        };
        let (obs, _) = ask(&spec, 500).await;
        assert_eq!(obs.outcome(), pb::Outcome::CouldNotLook);
        assert!(obs.missing.contains("metadata") && obs.tcp.is_none(), "{obs:?}");
    }
}
