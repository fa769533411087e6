use rustls::pki_types::UnixTime;

use super::*;
use crate::identity::{Identity, Role, authority::Authority};

const AT: &str = "10.9.0.1:7443";

fn credential() -> Credential {
    let (authority, ..) = Authority::create("lab").expect("authority");
    let (key, csr) = key_and_request().expect("request");
    let identity = Identity::new("lab", Role::Prober, "host/a").expect("identity");
    let issued = authority.issue(&csr, &identity).expect("issued");
    Credential::issued(&key, vec![issued.to_vec(), authority.certificate().to_vec()]).expect("credential")
}

#[test]
fn a_clock_off_by_a_day_is_said_with_its_size_and_a_right_one_is_not() {
    let credential = credential();
    own_validity(AT, &credential, now_s()).expect("control");
    let late = own_validity(AT, &credential, now_s() + 2 * 86_400).expect_err("expired");
    assert!(late.to_string().contains("prober host/a expired 1 d 0 h ago"), "{late}");
    assert!(late.lasting);
    let early = own_validity(AT, &credential, now_s() - 86_400).expect_err("not yet");
    assert!(early.to_string().contains("valid only in 23 h 59 min") && early.to_string().contains("clock"), "{early}");
    let secs = |s| UnixTime::since_unix_epoch(Duration::from_secs(s));
    let (time, not_after) = (secs(1_000_000 + 86_400), secs(1_000_000));
    let theirs = CertificateError::ExpiredContext { time, not_after };
    let theirs = tls_reason(AT, &TlsError::InvalidCertificate(theirs));
    assert!(theirs.to_string().starts_with("coordinator at 10.9.0.1:7443: its certificate expired 1 d 0 h ago"));
}

#[test]
fn every_message_names_peer_address_reason_and_next_step() {
    let tls = |error: TlsError| io_reason(AT, &io::Error::other(error)).to_string();
    for (error, words) in [
        (TlsError::AlertReceived(AlertDescription::CertificateRevoked), "revoked"),
        (TlsError::AlertReceived(AlertDescription::UnknownCA), "another mesh"),
        (TlsError::InvalidMessage(rustls::InvalidMessage::InvalidContentType), "does not speak TLS"),
    ] {
        let text = tls(error);
        assert!(text.starts_with("coordinator at 10.9.0.1:7443: ") && text.contains(words), "{text}");
        assert!(text.contains("; "), "{text}");
    }
}
