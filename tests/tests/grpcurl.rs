//! A gRPC client that is not ours, with the files that `meshctl login` keeps: grpcurl, built from its own sources by
//! `tests/grpcurl/build`. Needs root and Go.

use std::{path::Path, process::Command};

#[path = "mesh/network.rs"]
mod network;

use network::mesh;

fn grpcurl() -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("grpcurl/build");
    let built = Command::new(&script).output().expect("the script runs");
    assert!(built.status.success(), "{}: {}", script.display(), String::from_utf8_lossy(&built.stderr));
    String::from_utf8_lossy(&built.stdout).trim().to_owned()
}

#[test]
fn grpcurl_lists_and_calls_as_a_viewer_and_is_refused_what_a_viewer_may_not() {
    let (_, part) = mesh(&format!(
        r#"
start --host mesh.lab
join near --token $(token host/near); wait_for 'offered near'
at desk env HOME=/run/viewer $CTL --coordinator 10.9.1.2:7443 login --token $(M -q token create --role viewer --name oncall) >/dev/null
PEM=/run/viewer/.local/state/meshctl/mesh/10.9.1.2:7443/member.pem
G() {{ at desk timeout 20 {grpcurl} "$@" 2>&1 || echo "exit $?"; }}
V() {{ G -cacert $PEM -cert $PEM -key $PEM "$@"; }}
say list; V 10.9.1.2:7443 list
say describe; V 10.9.1.2:7443 describe mesh.v1.Coordinator.ListVantages
say vantages; V 10.9.1.2:7443 mesh.v1.Coordinator/ListVantages
say health; V -d '{{"service":"mesh.v1.Coordinator"}}' 10.9.1.2:7443 grpc.health.v1.Health/Check
say by-name; V -servername mesh.lab 10.9.1.2:7443 list
say other-name; V -servername elsewhere.lab 10.9.1.2:7443 list
say operator; V -d '{{"role":"viewer","name":"eve"}}' 10.9.1.2:7443 mesh.v1.Mesh/CreateToken
say stranger; G -cacert $PEM 10.9.1.2:7443 list
say log; cat /run/hub.err
say audit; $COORDINATOR audit --state /run/hub
"#,
        grpcurl = grpcurl()
    ));
    let list = part("list");
    for service in
        ["mesh.v1.Coordinator", "mesh.v1.Mesh", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection"]
    {
        assert!(list.lines().any(|line| line == service), "{service}: {list}");
    }
    assert!(part("describe").contains("mesh.v1.ListVantagesRequest"), "{}", part("describe"));
    assert!(part("vantages").contains(r#""id": "host/near""#), "{}", part("vantages"));
    assert!(part("health").contains("SERVING"), "{}", part("health"));
    assert_eq!(part("by-name"), list, "its certificate names the host given to it");
    assert!(part("other-name").contains("not elsewhere.lab"), "control: and no other: {}", part("other-name"));
    let operator = part("operator");
    assert!(
        operator.contains("Code: PermissionDenied") && operator.contains("viewer oncall may not call"),
        "{operator}"
    );
    let stranger = part("stranger");
    assert!(stranger.contains("certificate required") && stranger.contains("exit 1"), "{stranger}");
    assert!(part("log").contains("it shows no certificate"), "{}", part("log"));
    assert!(
        part("audit").contains("role-refused") && part("audit").contains("/mesh.v1.Mesh/CreateToken"),
        "{}",
        part("audit")
    );
}
