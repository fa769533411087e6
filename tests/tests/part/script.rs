//! A mesh in network namespaces, driven by a shell script: the real binaries, and nothing leads out. Needs root.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Beside this test's own binary.
fn binary(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("own path");
    let path = own.parent().and_then(Path::parent).expect("target folder").join(name);
    assert!(path.exists(), "{} is missing: cargo build --workspace --features mesh-lab/full", path.display());
    path
}

/// Hosts around the router `mid`: the coordinator at `hub`, a person at `desk`, a service at `web`; `wire` adds others.
/// `start` begins the coordinator and logs the first operator in; `M` is that operator's command.
const NETWORK: &str = r#"
mount -t tmpfs tmpfs /run; mkdir -p /run/netns /run/www /run/desk
ip link set lo up
host() { ip netns add $1; ip -n $1 link set lo up; }
# Joins host $2 to router $1 over the network $3.
wire() {
  ip link add name $2 netns $1 type veth peer name wan netns $2
  ip -n $1 -batch - <<END
address add $3.1/24 dev $2
link set dev $2 up
END
  ip -n $2 -batch - <<END
address add $3.2/24 dev wan
link set dev wan up
route add default via $3.1
END
}
nat() {
  ip netns exec $1 sysctl -qw net.ipv4.ip_forward=1
  ip netns exec $1 nft add table ip nat
  ip netns exec $1 nft 'add chain ip nat post { type nat hook postrouting priority srcnat; }'
  ip netns exec $1 nft add rule ip nat post oifname wan masquerade
}
for name in mid hub desk web; do host $name; done
ip netns exec mid sysctl -qw net.ipv4.ip_forward=1
wire mid hub 10.9.1; wire mid desk 10.9.2; wire mid web 10.9.3
at() { local host=$1; shift; ip netns exec $host "$@"; }
# Tries for about $2 seconds, 60 when none are given.
wait_for() {
  for i in $(seq $((${2:-60} * 10))); do if eval "$1"; then return 0; fi; sleep 0.1; done
  echo "waited in vain: $1" >&2; tail -n 5 /run/*.err >&2; return 1
}
M() { at desk env HOME=/run/desk $CTL --coordinator 10.9.1.2:7443 "$@"; }
start() {
  at hub $COORDINATOR serve --listen 10.9.1.2:7443 --state /run/hub --mesh lab >/run/hub.out 2>/run/hub.err &
  wait_for 'grep -q pm1 /run/hub.out'
  M login --token $(grep -o 'pm1[^ ]*' /run/hub.out) >/dev/null
}
# The prober of a host; what follows the host's name comes before the command, as `env A=B` would.
join() {
  local host=$1 token; shift
  token=$(M -q token create --role prober --name host/$host)
  at $host "$@" $PROBER join --coordinator 10.9.1.2:7443 --state /run/$host --name host/$host --witness $host \
    --allow 10.9.0.0/16 --token $token 2>>/run/$host.err &
}
pid_of() { ip netns pids $1 | head -n 1; }
offered() { M vantages -o json | sed '1,/"vantages": \[/d' | grep -q "\"host/$1\""; }
offered_all() { [ $(M vantages -o json | sed '1,/"vantages": \[/d' | grep -o '"host/[a-z0-9]*"' | sort -u | wc -l) = $1 ]; }
serve_web() {
  cat >/run/nginx.conf <<'END'
master_process off; daemon off; pid /run/nginx.pid; error_log /run/nginx.err;
events { worker_connections 1024; }
http { access_log off; server { listen 10.9.3.2:8080 backlog=1024; return 200 "hello"; } }
END
  at web nginx -e /run/nginx.err -c /run/nginx.conf &
  wait_for 'at web ss -Hltn | grep -q 8080'
}
now() { echo ${EPOCHREALTIME/./}; }
say() { echo "== $1"; }
"#;

/// Runs a script in such a network and gives what it printed under each `say` of its own.
pub(crate) fn run(script: &str) -> impl Fn(&str) -> String + use<> {
    let output = Command::new("unshare")
        .args(["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-ec"])
        .arg(format!("{NETWORK}\n{script}"))
        .env("CTL", binary("meshctl"))
        .env("PROBER", binary("prober"))
        .env("COORDINATOR", binary("coordinator"))
        .output()
        .expect("unshare(1) as root");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{shown}\n{}", String::from_utf8_lossy(&output.stderr));
    move |name: &str| {
        let after = shown.split(&format!("== {name}\n")).nth(1).unwrap_or_else(|| panic!("no {name} in {shown}"));
        after.split("== ").next().unwrap_or_default().trim().to_owned()
    }
}
