//! The real binaries in namespaces of their own: what a user sees, and what is left afterwards. Needs root, and fails
//! without it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

/// Beside this test's own binary.
fn binary(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("own path");
    let path = own.parent().and_then(Path::parent).expect("target folder").join(name);
    assert!(path.exists(), "{} is missing: cargo build --workspace --features mesh-lab/full", path.display());
    path
}

/// A shell script in a network, mount and process namespace of its own, without a way out.
fn isolated(script: &str) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-ec"]);
    command.arg(format!("ip link set lo up; {script}"));
    command.env("M", binary("meshctl")).env("P", binary("prober"));
    command
}

fn run(script: &str) -> Output {
    isolated(script).output().expect("unshare(1) as root")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn report(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("no JSON ({e}): {}\n{}", text(&output.stdout), text(&output.stderr)))
}

/// client – router – server, with names of this test alone; `$N` in a script is its prefix.
const LINE: &str = "
mount -t tmpfs tmpfs /run; mkdir -p /run/netns
for n in c r s; do ip netns add $n; ip -n $n link set lo up; done
ip link add r netns c type veth peer name c netns r
ip link add s netns r type veth peer name r netns s
ip -n c addr add 10.9.1.2/24 dev r; ip -n r addr add 10.9.1.1/24 dev c
ip -n r addr add 10.9.2.1/24 dev s; ip -n s addr add 10.9.2.2/24 dev r
ip -n c link set r up; ip -n r link set c up; ip -n r link set s up; ip -n s link set r up
ip -n c route add default via 10.9.1.1; ip -n s route add default via 10.9.2.1
ip netns exec r sysctl -qw net.ipv4.ip_forward=1
";

#[test]
fn mss_as_it_arrives_equals_what_tshark_sees() {
    let script = format!(
        "{LINE}
ip netns exec r nft -f - <<'END'
table inet clamp {{
  chain forward {{
    type filter hook forward priority 0; policy accept;
    tcp flags syn tcp option maxseg size set 1360
  }}
}}
END
ip netns exec s python3 -m http.server 8080 --bind 10.9.2.2 >/dev/null 2>&1 &
ip netns exec s timeout 60 tshark -q -i r -f 'tcp[tcpflags] & tcp-syn != 0 and (dst port 8080 or dst port 8081)' \
  -T fields -e tcp.dstport -e tcp.options.mss_val -l >/run/seen 2>/run/err &
# tshark says that it captures before it does: a SYN to the other port shows when.
for i in $(seq 150); do
  ip netns exec c python3 -c 'import socket
try: socket.create_connection((\"10.9.2.2\", 8081), 0.2)
except OSError: pass'
  if grep -q 8081 /run/seen && ip netns exec s ss -Hltn 'sport = :8080' | grep -q 8080; then break; fi
  sleep 0.05
done
ip netns exec c $M probe mss 10.9.2.2:8080 -o json
for i in $(seq 100); do if grep -q 8080 /run/seen; then break; fi; sleep 0.05; done
echo; grep 8080 /run/seen >&2"
    );
    let output = run(&script);
    let shown = text(&output.stdout);
    let seen = text(&output.stderr);
    assert!(shown.contains("1460") && shown.contains("1360"), "{shown}\n{seen}");
    let captured: Vec<&str> = seen.lines().filter_map(|line| line.strip_prefix("8080\t")).collect();
    assert!(captured.contains(&"1360"), "tshark saw {captured:?}: {seen}");
}

#[test]
fn a_gateway_that_answers_everything_is_named_and_tcp_does_not_pass() {
    let script = format!(
        "{LINE}
ip netns exec r nft -f - <<'END'
table ip everything {{
  chain prerouting {{
    type nat hook prerouting priority -100; policy accept;
    ip protocol tcp redirect to :15001
  }}
}}
END
ip netns exec r python3 -c 'import socket,time
s=socket.create_server((\"\",15001)); k=[]
while True: k.append(s.accept())' &
sleep 0.5
ip netns exec c $M diagnose http://10.9.2.2:8080/ -o json --max-time 2s --runs-dir /run/runs"
    );
    let output = run(&script);
    let report = report(&output);
    assert_eq!(report["verdict"]["boundaries"][0]["boundary"], "egress-proxy", "{report:#}");
    assert_eq!(report["verdict"]["boundaries"][0]["cause"], "intercepted");
    let tcp: Vec<&Value> =
        report["results"].as_array().expect("cells").iter().filter(|cell| cell["stage"] == "tcp").collect();
    assert!(!tcp.is_empty() && tcp.iter().all(|cell| cell["outcome"] != "pass"), "{tcp:#?}");
}

#[test]
fn a_place_that_a_prober_does_not_offer_is_not_stood_in_for_by_another() {
    let output = run("
mount -t tmpfs tmpfs /run
$P run --listen unix:/run/p.sock --name host/a --allow 10.0.0.0/8 2>/dev/null &
for i in $(seq 100); do [ -S /run/p.sock ] && break; sleep 0.05; done
$M vantages --vantage host/b=unix:/run/p.sock --vantage netns/blue=unix:/run/p.sock -o json");
    let reply = report(&output);
    let ids: Vec<&Value> = reply["vantages"].as_array().expect("vantages").iter().map(|one| &one["id"]).collect();
    assert!(ids.iter().any(|id| *id == "host/b"), "control: a name of the caller's choice: {reply:#}");
    assert!(!ids.iter().any(|id| *id == "netns/blue"), "{reply:#}");
    assert!(reply["unreachable"].to_string().contains("offers no netns/blue"), "{reply:#}");
}

#[test]
fn an_unprivileged_demo_names_the_hosts_between_which_packets_vanish() {
    let home = tempdir("demo");
    // The checkout may lie where nobody else can look.
    let copy = home.join("meshctl");
    fs::copy(binary("meshctl"), &copy).expect("copy the binary");
    let output = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups", "env", "-i"])
        .arg(format!("HOME={}", home.display()))
        .arg(&copy)
        .current_dir(&home)
        .args(["demo", "path-mtu", "-o", "json"])
        .output()
        .expect("setpriv(1) as root");
    fs::remove_dir_all(&home).expect("clean up");
    let report = report(&output);
    let finding = &report["verdict"]["boundaries"][0];
    assert_eq!(finding["cause"], "blackhole", "{report:#}");
    assert_eq!(finding["between"], serde_json::json!(["host/r1", "host/r2"]));
    assert_eq!(output.status.code(), Some(1));
}

fn tempdir(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("probemesh-{name}-{}", std::process::id()));
    fs::create_dir_all(&path).expect("temporary folder");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o777);
    fs::set_permissions(&path, mode).expect("permissions");
    path
}

#[test]
fn a_shipped_bundle_is_replayed_without_interfaces_and_equals_what_it_holds() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut seen = 0;
    for entry in fs::read_dir(&examples).expect("examples") {
        let path = entry.expect("entry").path();
        if path.extension().is_none_or(|extension| extension != "mesh") {
            continue;
        }
        seen += 1;
        let output = Command::new("unshare")
            .args(["--net", "--"])
            .arg(binary("meshctl"))
            .args(["runs", "replay"])
            .arg(&path)
            .args(["-o", "json"])
            .output()
            .expect("unshare(1) as root");
        let report = report(&output);
        assert_eq!(report["kind"], "Report", "{}", path.display());
        let said = text(&output.stderr);
        assert!(!said.contains("differs"), "{}: {said}", path.display());
    }
    assert!(seen >= 3, "{seen} examples");
}

#[test]
fn a_prober_that_enters_every_host_answers_as_one_in_each_does() {
    let output = Command::new(binary("lab"))
        .args(["score", "--one-prober", "--lanes", "1", "--view", "full", "--only", "firewall/drop"])
        .args(["--scenarios", concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios")])
        .output()
        .expect("lab");
    let shown = text(&output.stdout);
    assert!(output.status.success() && shown.contains("1 passed, 0 failed"), "{shown}{}", text(&output.stderr));
}

#[test]
fn an_unknown_key_in_a_scenario_is_one_message_that_names_it() {
    let folder = tempdir("key");
    let text_of = "title = \"t\"\nevry = 1\n[diagnose]\ntarget = \"http://api.lab/\"\nfrom = [\"client\"]\n[expect]\nstatus = \"healthy\"\n";
    fs::write(folder.join("bad.toml"), text_of).expect("write");
    let output = Command::new(binary("lab")).args(["score", "--scenarios"]).arg(&folder).output().expect("lab");
    fs::remove_dir_all(&folder).expect("clean up");
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(4));
    assert!(said.contains("bad.toml") && said.contains("evry") && said.contains("line 2"), "{said}");
}
