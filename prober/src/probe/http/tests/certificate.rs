//! Servers that want a client certificate, and what the first request meets.

use super::*;
use crate::probe::daemons::Daemon;

fn spec_of(daemon: &Daemon) -> pb::HttpSpec {
    pb::HttpSpec { tls: true, ca_pem: daemon.ca_pem.clone(), ..spec(daemon.port.into(), 0) }
}

#[tokio::test]
async fn a_certificate_that_is_required_is_an_alert_of_tls_in_either_version() {
    for (version, alert, name, handshake_done) in
        [("-tls1_3", 116, "certificate_required", true), ("-tls1_2", 40, "handshake_failure", false)]
    {
        let server = Daemon::openssl(&format!("{version} -Verify 1 -www")).await;
        let (obs, detail) = ask(&spec_of(&server), 3_000).await;
        let (tls, failure) = (obs.tls.clone().unwrap(), obs.failure.clone().unwrap());
        assert_eq!((failure.stage.as_str(), failure.how.as_str(), detail.status), ("tls", "protocol", 0), "{obs:?}");
        assert_eq!((tls.alert, tls.alert_name.as_str(), tls.handshake_done), (Some(alert), name, handshake_done));
        assert!(tls.client_certificate_requested);
    }
    let server = Daemon::openssl("-www").await;
    let (obs, detail) = ask(&spec_of(&server), 3_000).await;
    assert_eq!((obs.outcome(), detail.status, obs.tls.unwrap().alert), (pb::Outcome::Pass, 200, None), "the control");
}

#[tokio::test]
async fn a_server_that_says_the_same_in_a_status_is_heard_and_its_wish_is_kept() {
    for version in ["TLSv1.3", "TLSv1.2"] {
        let server = Daemon::nginx(
            "ssl",
            &format!("ssl_protocols {version}; ssl_verify_client on; ssl_client_certificate cert.pem;"),
        )
        .await;
        let (obs, detail) = ask(&spec_of(&server), 3_000).await;
        let tls = obs.tls.clone().unwrap();
        assert_eq!((obs.outcome(), detail.status), (pb::Outcome::Pass, 400), "{obs:?}");
        assert!(tls.client_certificate_requested && tls.alert.is_none(), "{tls:?}");
    }
    let server = Daemon::nginx("ssl", "").await;
    let (obs, detail) = ask(&spec_of(&server), 3_000).await;
    assert_eq!((detail.status, obs.tls.unwrap().client_certificate_requested), (200, false), "the control");
}

#[tokio::test]
async fn a_large_hello_is_sent_with_a_request_when_it_is_asked_for() {
    let server = Daemon::nginx("ssl", "").await;
    for (large_hello, sizes) in [(false, 150..700), (true, 1_300..2_000)] {
        let (obs, detail) = ask(&pb::HttpSpec { large_hello, ..spec_of(&server) }, 3_000).await;
        let bytes = obs.tls.unwrap().client_hello_bytes;
        assert!(detail.status == 200 && sizes.contains(&bytes), "{bytes}");
    }
}
