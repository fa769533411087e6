//! Every method of the API, called in every role over a real connection: refused exactly where its declaration says so.

use std::{path::PathBuf, sync::Arc};

use mesh_coordinator::{
    Settings,
    accept::{self, Front},
    admission::{Door, Limits},
    live::Live,
    members::{DEFAULT_TTL, Members},
    mesh, routes,
};
use mesh_proto::identity::{Role, client, credential::Credential, tls, token::JoinToken};
use prost_reflect::{DescriptorPool, Value};
use tokio::net::TcpListener;
use tonic::{Code, Request, client::Grpc, codegen::http::uri::PathAndQuery, transport::Channel};
use tonic_prost::ProstCodec;

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Path of every method, and the number of the role it declares.
fn methods() -> Vec<(String, i32)> {
    let pool = DescriptorPool::decode(mesh_proto::DESCRIPTOR).expect("the committed descriptor decodes");
    let authz = pool.get_extension_by_name("mesh.authz").expect("the option is declared");
    let all = pool.services().flat_map(|service| service.methods().collect::<Vec<_>>());
    all.map(|method| {
        let number = match *method.options().get_extension(&authz) {
            Value::EnumNumber(number) => number,
            ref other => panic!("{other:?}"),
        };
        (format!("/{}/{}", method.parent_service().full_name(), method.name()), number)
    })
    .collect()
}

/// Who may, written down a second time: the numbers are those of authz.proto.
fn may(declared: i32, role: Option<Role>) -> bool {
    match declared {
        1 => matches!(role, Some(Role::Viewer | Role::Operator)),
        2 => role == Some(Role::Operator),
        3 => role == Some(Role::Coordinator),
        4 => role == Some(Role::Prober),
        5 => role.is_some(),
        6 => role.is_none(),
        _ => false,
    }
}

/// Calls with an empty message. True when the layer let the call through, whatever came of it then.
async fn let_through(channel: &Channel, path: &str) -> bool {
    let mut grpc = Grpc::new(channel.clone());
    grpc.ready().await.expect("connected");
    let path = PathAndQuery::try_from(path).expect("path");
    match grpc.unary(Request::new(()), path, ProstCodec::<(), ()>::default()).await {
        Ok(_) => true,
        Err(status) => {
            let by_the_layer =
                status.message().contains("may not call") || status.message().contains("is offered to nobody");
            assert!(!by_the_layer || status.code() == Code::PermissionDenied, "{status:?}");
            assert_ne!(status.code(), Code::Unavailable, "{status:?}");
            !by_the_layer
        }
    }
}

async fn stranger(address: &str, token: &JoinToken) -> Channel {
    let config = tls::enrol_client(token.pin).expect("configuration");
    let tcp = mesh_proto::transport::tcp(address).await.expect("connects");
    let name = tls::SERVER_NAME.try_into().expect("name");
    let stream = tokio_rustls::TlsConnector::from(config).connect(name, tcp).await.expect("handshake");
    mesh_proto::transport::over(stream).await.expect("channel")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_method_is_open_to_the_roles_it_declares_and_to_nobody_else() {
    let folder = Folder(std::env::temp_dir().join(format!("probemesh-authz-{}", std::process::id())));
    let (members, _) = Members::open(&folder.0, None).expect("state");
    let (members, live) = (Arc::new(members), Arc::new(Live::default()));
    let door = Door::new(Limits::default(), Arc::new(|_| {}));
    let routes = routes(Settings { live: Some(Arc::clone(&live)), ..Settings::default() }).expect("routes");
    let routes = routes.add_service(mesh::Service::new(Arc::clone(&members), Arc::clone(&live), Arc::clone(&door)));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("listens");
    let address = listener.local_addr().expect("address").to_string();
    let front = Front { members: Arc::clone(&members), live, door };
    let serving = tokio::spawn(accept::serve(front, listener, routes, std::future::pending()));

    let token = |role| members.create_token(role, "host/oncall", DEFAULT_TTL).expect("token").0;
    let mut peers: Vec<(Option<Role>, Channel)> = vec![(None, stranger(&address, &token(Role::Viewer)).await)];
    for role in [Role::Prober, Role::Operator, Role::Viewer] {
        let credential = client::enrol(&address, &token(role), "").await.expect("joins");
        peers.push((Some(role), client::connect(&address, &credential).await.expect("connects")));
    }
    let own: Credential = members.own().expect("own");
    peers.push((Some(Role::Coordinator), client::connect(&address, &own).await.expect("connects")));

    let methods = methods();
    assert!(methods.len() >= 12, "{methods:?}");
    let mut open = 0;
    for (path, declared) in &methods {
        for (role, channel) in &peers {
            let through = let_through(channel, path).await;
            assert_eq!(through, may(*declared, *role), "{path} as {role:?}");
            open += usize::from(through);
        }
    }
    assert!(open > methods.len() && open < methods.len() * peers.len(), "{open} of the calls are open");
    for (_, channel) in &peers {
        assert!(!let_through(channel, "/mesh.v1.Mesh/Undeclared").await);
        assert!(!let_through(channel, "/grpc.health.v1.Health/List").await);
    }
    for (role, channel) in &peers {
        for path in ["/grpc.health.v1.Health/Check", "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] {
            assert_eq!(let_through(channel, path).await, role.is_some(), "{path} as {role:?}");
        }
    }
    serving.abort();
}
