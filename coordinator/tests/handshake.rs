//! Who gets past the handshake: each certificate that is wrong in one way, beside one that is right.

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use mesh_coordinator::{
    Settings,
    accept::{self, Front},
    admission::{Door, Limits, Rate},
    live::Live,
    members::{DEFAULT_TTL, Members},
    mesh, routes,
};
use mesh_prober::{guard::Guard, join};
use mesh_proto::{
    identity::{Role, client, credential::Credential, now_s, tls, token::JoinToken},
    v1::{ListVantagesRequest, coordinator_client::CoordinatorClient},
};
use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, Issuer, KeyPair, SanType};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tokio_rustls::{
    TlsConnector,
    rustls::{self, ClientConfig, HandshakeKind, pki_types::CertificateDer, version::TLS13},
};

const HOUR: Duration = Duration::from_hours(1);

/// A coordinator on loopback, with its folder and its log.
struct Coordinator {
    folder: PathBuf,
    members: Arc<Members>,
    address: String,
    log: Arc<Mutex<Vec<String>>>,
    serving: JoinHandle<Result<(), accept::ServeError>>,
}

impl Coordinator {
    async fn start(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("probemesh-handshake-{name}-{}", std::process::id()));
        drop(fs::remove_dir_all(&folder));
        let (members, _) = Members::open(&folder, Some("lab")).expect("state");
        let (members, live) = (Arc::new(members), Arc::new(Live::default()));
        let log = Arc::new(Mutex::new(Vec::new()));
        let to_log = Arc::clone(&log);
        let say = Arc::new(move |text: &str| to_log.lock().expect("log").push(text.to_owned()));
        // Every test is one address.
        let many = Rate { burst: 1_000.0, per_second: 1_000.0 };
        let door = Door::new(Limits { enrolments: many, all_enrolments: many, ..Limits::default() }, say);
        let routes = routes(Settings { live: Some(Arc::clone(&live)), ..Settings::default() }).expect("routes");
        let routes = routes.add_service(mesh::Service::new(Arc::clone(&members), Arc::clone(&live), Arc::clone(&door)));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("listens");
        let address = listener.local_addr().expect("address").to_string();
        let front = Front { members: Arc::clone(&members), live, door };
        let serving = tokio::spawn(accept::serve(front, listener, routes, std::future::pending()));
        Self { folder, members, address, log, serving }
    }

    fn said(&self, words: &str) -> bool {
        self.log.lock().expect("log").iter().any(|line| line.contains(words))
    }

    /// A certificate of this authority, whatever is wrong with it.
    fn sign(&self, names: &[&str], from: SystemTime, until: SystemTime) -> Signed {
        let key = fs::read_to_string(self.folder.join("ca.key")).expect("key");
        let issuer = Issuer::from_ca_cert_der(
            self.members.authority().certificate(),
            KeyPair::from_pem(&key).expect("the authority's key"),
        );
        let key = KeyPair::generate().expect("key");
        let mut params = CertificateParams::default();
        params.subject_alt_names = names.iter().map(|name| SanType::URI((*name).try_into().expect("ascii"))).collect();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.serial_number = Some([[1].as_slice(), &[0; 8], &[7; 7]].concat().into());
        (params.not_before, params.not_after) = (from.into(), until.into());
        let certificate = params.signed_by(&key, &issuer.expect("issuer")).expect("signed").der().clone();
        Signed { certificate, key }
    }

    /// A member's side that verifies nothing and would resume. The real client refuses to show most of the certificates here.
    fn lenient(&self, signed: Option<&Signed>) -> Arc<ClientConfig> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(self.members.authority().certificate().clone()).expect("root");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let reference = tls::enrol_client(self.members.authority().pin()).expect("configuration");
        let builder = ClientConfig::builder_with_provider(provider).with_protocol_versions(&[&TLS13]).expect("TLS 1.3");
        let builder = builder.with_root_certificates(roots);
        let mut config = match signed {
            Some(signed) => builder
                .with_client_auth_cert(
                    vec![signed.certificate.clone()],
                    rustls::pki_types::PrivateKeyDer::Pkcs8(signed.key.serialize_der().into()),
                )
                .expect("certificate"),
            None => builder.with_no_client_auth(),
        };
        config.dangerous().set_certificate_verifier(Arc::new(Anything(reference)));
        config.alpn_protocols = vec![tls::ALPN_MEMBERS.to_vec()];
        Arc::new(config)
    }

    /// How the handshake went, once the coordinator has said its first byte.
    async fn alert(&self, config: Arc<ClientConfig>) -> Result<Option<HandshakeKind>, String> {
        use tokio::io::AsyncReadExt as _;
        let tcp = mesh_proto::transport::tcp(&self.address).await.map_err(|e| e.to_string())?;
        let name = tls::SERVER_NAME.try_into().expect("name");
        let mut stream = TlsConnector::from(config).connect(name, tcp).await.map_err(|e| e.to_string())?;
        let mut first = [0];
        match stream.read(&mut first).await {
            Ok(0) => Err("closed".to_owned()),
            Ok(_) => Ok(stream.get_ref().1.handshake_kind()),
            Err(e) => Err(e.to_string()),
        }
    }
}

impl Drop for Coordinator {
    fn drop(&mut self) {
        self.serving.abort();
        drop(fs::remove_dir_all(&self.folder));
    }
}

struct Signed {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

impl Signed {
    fn credential(&self, coordinator: &Coordinator) -> Credential {
        let chain = vec![self.certificate.to_vec(), coordinator.members.authority().certificate().to_vec()];
        Credential::issued(&self.key, chain).expect("credential")
    }
}

/// The coordinator's certificate is not what this test is about.
#[derive(Debug)]
struct Anything(Arc<ClientConfig>);

impl rustls::client::danger::ServerCertVerifier for Anything {
    fn verify_server_cert(
        &self,
        _certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &rustls::pki_types::ServerName<'_>,
        _ocsp: &[u8],
        _now: rustls::pki_types::UnixTime,
    ) -> Result<rustls::client::danger::ServerCertVerified, rustls::Error> {
        Ok(rustls::client::danger::ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Err(rustls::Error::General("TLS 1.2 was agreed on".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        self.0.crypto_provider().signature_verification_algorithms.supported_schemes()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_one_right_name_under_our_authority_in_its_time_gets_in() {
    let (ours, theirs) = (Coordinator::start("ours").await, Coordinator::start("theirs").await);
    let now = SystemTime::now();
    let own = "probemesh://lab/viewer/oncall";
    let signed = |names: &[&str]| ours.sign(names, now - HOUR, now + HOUR);
    ours.alert(ours.lenient(Some(&signed(&[own])))).await.expect("control");
    for (why, certificate, words) in [
        ("two names", signed(&[own, "probemesh://lab/operator/eve"]), "has 2 alternative names"),
        ("no name", signed(&[]), "has 0 alternative names"),
        ("another mesh", signed(&["probemesh://prod/operator/oncall"]), "the peer is of mesh \"prod\""),
        ("no role", signed(&["probemesh://lab/root/oncall"]), "is no role"),
        ("expired", ours.sign(&[own], now - HOUR * 2, now - HOUR), "certificate expired"),
        ("not yet valid", ours.sign(&[own], now + HOUR, now + HOUR * 2), "certificate not valid yet"),
        ("another authority", theirs.sign(&[own], now - HOUR, now + HOUR), "signed by another authority"),
    ] {
        let refused = ours.alert(ours.lenient(Some(&certificate))).await;
        assert!(refused.is_err(), "{why} got in");
        assert!(ours.said(words), "{why}: {:?}", ours.log.lock().expect("log"));
    }
    assert!(ours.alert(ours.lenient(None)).await.is_err(), "no certificate got in");
    assert!(ours.said("shows no certificate"));
    ours.alert(ours.lenient(Some(&signed(&[own])))).await.expect("control, afterwards");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_would_resume_is_verified_anew_each_time() {
    let ours = Coordinator::start("resume").await;
    let now = SystemTime::now();
    let config = ours.lenient(Some(&ours.sign(&["probemesh://lab/viewer/oncall"], now - HOUR, now + HOUR)));
    for _ in 0..3 {
        // One configuration is one store of tickets.
        let kind = ours.alert(Arc::clone(&config)).await.expect("gets in");
        assert_eq!(kind, Some(HandshakeKind::Full));
    }
}

/// What whoever joins is told by a server that shows this certificate.
async fn joining_at(server: &Credential, token: &JoinToken) -> String {
    let config = tls::enrol_server(server.leaf().expect("leaf")).expect("configuration");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("listens");
    let address = listener.local_addr().expect("address").to_string();
    let posing = tokio::spawn(async move {
        loop {
            let (tcp, _) = listener.accept().await.expect("accepts");
            drop(tokio_rustls::TlsAcceptor::from(Arc::clone(&config)).accept(tcp).await);
        }
    });
    let said = client::enrol(&address, token, "").await.expect_err("nobody serves there").to_string();
    posing.abort();
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_that_poses_as_the_coordinator_is_sent_no_token() {
    let ours = Coordinator::start("pose").await;
    let (token, _) = ours.members.create_token(Role::Viewer, "oncall", DEFAULT_TTL).expect("token");
    let own = ours.members.own().expect("own");
    let control = joining_at(&own, &token).await;
    assert!(control.contains("it closed the connection"), "control: past the certificate: {control}");
    let now = SystemTime::now();
    let prober = ours.sign(&["probemesh://lab/prober/host/a"], now - HOUR, now + HOUR).credential(&ours);
    let refused = joining_at(&prober, &token).await;
    assert!(!refused.contains("it closed the connection") && refused.contains("another member"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_200_calls_at_once_with_one_token_exactly_one_gets_a_certificate() {
    let ours = Coordinator::start("race").await;
    let (token, _) = ours.members.create_token(Role::Prober, "host/*", DEFAULT_TTL).expect("token");
    let uses: Vec<_> = (0..200)
        .map(|number| {
            let (address, token) = (ours.address.clone(), token.clone());
            tokio::spawn(async move { client::enrol(&address, &token, &format!("host/{number}")).await })
        })
        .collect();
    let (mut issued, mut spent) = (0, 0);
    for one in uses {
        match one.await.expect("task") {
            Ok(_) => issued += 1,
            Err(e) if e.reason.contains("unknown or was used already") => spent += 1,
            Err(e) => panic!("{e}"),
        }
    }
    assert_eq!((issued, spent), (1, 199));
    assert_eq!(ours.members.list().expect("members").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_whose_certificate_ended_is_told_what_to_do() {
    let ours = Coordinator::start("ended").await;
    let now = SystemTime::now();
    let late = ours.sign(&["probemesh://lab/viewer/oncall"], now - HOUR * 48, now - HOUR * 25).credential(&ours);
    let said = client::connect(&ours.address, &late).await.expect_err("expired").to_string();
    assert!(said.contains("viewer oncall expired 1 d 1 h ago") && said.contains("new token"), "{said}");
    assert!(said.starts_with(&format!("coordinator at {}: ", ours.address)), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prober_whose_certificate_is_two_thirds_over_renews_it_and_stays() {
    let ours = Coordinator::start("renewal").await;
    let now = SystemTime::now();
    let due = ours.sign(&["probemesh://lab/prober/host/a"], now - HOUR * 20, now + HOUR * 4).credential(&ours);
    let state = ours.folder.join("prober");
    due.store(&state).expect("stored");
    let ask = join::Ask {
        coordinator: ours.address.clone(),
        token: None,
        state: state.clone(),
        name: "host/a".to_owned(),
        guard: Arc::new(Guard::embedded()),
        say: Arc::new(|_| {}),
    };
    let mut settings = mesh_prober::server::Settings::embedded(Guard::embedded());
    (settings.own, settings.namespaces) = ("host/a".to_owned(), false);
    let (stop, stopped) = oneshot::channel::<()>();
    let staying = tokio::spawn(join::stay(ask, mesh_prober::server::routes(settings), async {
        stopped.await.unwrap_or_default();
    }));
    let viewer = ours.sign(&["probemesh://lab/viewer/oncall"], now - HOUR, now + HOUR).credential(&ours);
    let viewer = client::connect(&ours.address, &viewer).await.expect("connects");
    let connections = || ours.log.lock().expect("log").iter().filter(|line| line.contains("is connected")).count();
    for _ in 0..100 {
        if connections() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(connections(), 2, "it came again with the new certificate");
    let kept = Credential::load(&state).expect("loads").expect("is there").member;
    assert!(kept.not_after > now_s() + 23 * 3_600, "{kept:?}");
    let listed =
        CoordinatorClient::new(viewer).list_vantages(ListVantagesRequest::default()).await.expect("lists").into_inner();
    let ids: Vec<&str> = listed.vantages.iter().map(|vantage| vantage.id.as_str()).collect();
    assert_eq!(ids, ["host/a"], "{listed:?}");
    stop.send(()).expect("still staying");
    staying.await.expect("task").expect("ends well");
}
