//! A mesh in namespaces of its own, for the tests that need one: hosts around a router, and the commands to use them.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// Beside this test's own binary.
pub(crate) fn binary(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("own path");
    let path = own.parent().and_then(Path::parent).expect("target folder").join(name);
    assert!(path.exists(), "{} is missing: cargo build --workspace --features mesh-lab/full", path.display());
    path
}

/// Hosts around one router: coordinator `hub`, probers `near` and, behind the NAT of `home`, `far`; a person at `desk`, and
/// a service at `web`. Nothing leads out. `start` begins the coordinator, with more options when given, and logs the first operator in;
/// `M` is that operator's command.
pub(crate) const NETWORK: &str = r#"
mount -t tmpfs tmpfs /run; mkdir -p /run/netns /run/www /run/desk
for host in mid hub near home far desk web; do ip netns add $host; ip -n $host link set lo up; done
wire() {
  ip link add name $2 netns $1 type veth peer name wan netns $2
  ip -n $1 addr add $3.1/24 dev $2; ip -n $1 link set $2 up
  ip -n $2 addr add $3.2/24 dev wan; ip -n $2 link set wan up; ip -n $2 route add default via $3.1
}
wire mid hub 10.9.1; wire mid near 10.9.2; wire mid home 10.9.3; wire mid desk 10.9.4; wire mid web 10.9.5
wire home far 192.168.7
for router in mid home; do ip netns exec $router sysctl -qw net.ipv4.ip_forward=1; done
ip netns exec home nft -f - <<'END'
table ip nat {
  chain post {
    type nat hook postrouting priority srcnat
    oifname "wan" masquerade
  }
}
END
at() { local host=$1; shift; ip netns exec $host "$@"; }
wait_for() { for i in $(seq 200); do if eval "$1"; then return 0; fi; sleep 0.05; done; echo "waited in vain: $1" >&2; return 1; }
M() { at desk env HOME=/run/desk $CTL --coordinator 10.9.1.2:7443 "$@"; }
start() {
  at hub $COORDINATOR serve --listen 10.9.1.2:7443 --state /run/hub --mesh lab "$@" >/run/hub.out 2>/run/hub.err &
  wait_for 'grep -q pm1 /run/hub.out'
  M login --token $(grep -o 'pm1[^ ]*' /run/hub.out) >/dev/null
}
join() {
  local host=$1; shift
  at $host $PROBER join --coordinator 10.9.1.2:7443 --state /run/$host --name host/$host --witness $host --allow 10.9.0.0/16 "$@" 2>>/run/$host.err &
}
token() { M -q token create --role prober --name "$1"; }
offered() { M vantages -o json | sed '1,/"vantages": \[/d' | grep -q "\"host/$1\""; }
say() { echo "== $1"; }
"#;

/// Runs a script in such a network and gives what it printed under each `say` of its own.
pub(crate) fn mesh(script: &str) -> (Output, impl Fn(&str) -> String + use<>) {
    let output = Command::new("unshare")
        .args(["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-ec"])
        .arg(format!("ip link set lo up\n{NETWORK}\n{script}"))
        .env("CTL", binary("meshctl"))
        .env("PROBER", binary("prober"))
        .env("COORDINATOR", binary("coordinator"))
        .output()
        .expect("unshare(1) as root");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{shown}\n{}", String::from_utf8_lossy(&output.stderr));
    let part = move |name: &str| {
        let after = shown.split(&format!("== {name}\n")).nth(1).unwrap_or_else(|| panic!("no {name} in {shown}"));
        after.split("== ").next().unwrap_or_default().trim().to_owned()
    };
    (output, part)
}
