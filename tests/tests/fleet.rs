//! A fleet of real processes: 200 nodes with a prober each, three Pods on every node that the node's prober enters, and one
//! service behind a router. One node is sick, in two ways after each other. The real binaries; needs root.
//!
//! What each step took and cost is printed; `cargo test --test fleet -- --nocapture` shows it.

#![expect(
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test: a missing field is a failure, and figures are shown"
)]

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// Beside this test's own binary.
fn binary(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("own path");
    let path = own.parent().and_then(Path::parent).expect("target folder").join(name);
    assert!(path.exists(), "{} is missing: cargo build --workspace --features mesh-lab/full", path.display());
    path
}

const NODES: usize = 200;
const PODS: usize = 3;
/// The node that is sick.
const SICK: &str = "w17";
/// Lines and columns of the screen that a report is to fit.
const SCREEN: (usize, usize) = (40, 80);

/// Commands for ip(8) in batches: making namespaces and links one process at a time takes ten times as long. Every
/// neighbour is entered by hand, because the kernel's table of learned ones is one for all namespaces and ends at 1024.
fn batches() -> String {
    let mac = |kind: usize, node: usize, pod: usize| format!("02:{kind:02x}:00:00:{node:02x}:{pod:02x}");
    let hub = "02:09:00:00:00:01";
    let mut make = vec!["netns add core".to_owned(), "netns add web".to_owned()];
    let mut links = vec!["link add name web netns core type veth peer name eth0 netns web".to_owned()];
    let mut core = vec![
        "link set lo up".to_owned(),
        format!("link add br0 address {hub} type bridge"),
        "link set br0 addrgenmode none".to_owned(),
        "addr add 10.50.0.1/16 dev br0".to_owned(),
        "link set br0 up".to_owned(),
        "addr add 10.51.0.1/24 dev web".to_owned(),
        "link set web up".to_owned(),
    ];
    let mut hosts: Vec<(String, Vec<String>)> = Vec::new();
    let up = |address: &str, gateway: &str| {
        vec![
            "link set lo up".to_owned(),
            "link set eth0 addrgenmode none".to_owned(),
            format!("addr add {address} dev eth0"),
            "link set eth0 up".to_owned(),
            format!("route add default via {gateway}"),
        ]
    };
    hosts.push(("web".to_owned(), up("10.51.0.2/24", "10.51.0.1")));
    for n in 1..=NODES {
        make.push(format!("netns add w{n}"));
        links.push(format!(
            "link add name w{n} netns core type veth peer name eth0 address {} netns w{n}",
            mac(1, n, 0)
        ));
        core.extend([
            format!("link set w{n} addrgenmode none"),
            format!("link set w{n} master br0 up"),
            format!("neigh add 10.50.1.{n} lladdr {} dev br0 nud permanent", mac(1, n, 0)),
            format!("route add 10.60.{n}.0/24 via 10.50.1.{n}"),
        ]);
        let mut node = up(&format!("10.50.1.{n}/16"), "10.50.0.1");
        node.push(format!("neigh add 10.50.0.1 lladdr {hub} dev eth0 nud permanent"));
        for p in 1..=PODS {
            let (inner, outer) = (mac(3, n, p), mac(2, n, p));
            let (gateway, own) = (format!("10.60.{n}.{}", 4 * p + 1), format!("10.60.{n}.{}", 4 * p + 2));
            make.push(format!("netns add w{n}p{p}"));
            links.push(format!(
                "link add name p{p} address {outer} netns w{n} type veth peer name eth0 address {inner} netns w{n}p{p}"
            ));
            node.extend([
                format!("link set p{p} addrgenmode none"),
                format!("addr add {gateway}/30 dev p{p}"),
                format!("link set p{p} up"),
                format!("neigh add {own} lladdr {inner} dev p{p} nud permanent"),
            ]);
            let mut pod = up(&format!("{own}/30"), &gateway);
            pod.push(format!("neigh add {gateway} lladdr {outer} dev eth0 nud permanent"));
            hosts.push((format!("w{n}p{p}"), pod));
        }
        hosts.push((format!("w{n}"), node));
    }
    hosts.push(("core".to_owned(), core));
    let make = format!("ip -batch - <<'END'\n{}\n{}\nEND\n", make.join("\n"), links.join("\n"));
    let batch =
        |(host, lines): (String, Vec<String>)| format!("ip -n {host} -batch - <<'END'\n{}\nEND\n", lines.join("\n"));
    std::iter::once(make).chain(hosts.into_iter().map(batch)).collect()
}

/// Coordinator on the router, a service on `web`, and 200 probers that each enter their node's Pods.
const FLEET: &str = r#"
at() { local host=$1; shift; ip netns exec $host "$@"; }
wait_for() { for i in $(seq 600); do if eval "$1"; then return 0; fi; sleep 0.1; done; echo "waited in vain: $1" >&2; return 1; }
M() { at core env HOME=/run/desk COLUMNS=80 $CTL --coordinator 10.50.0.1:7443 "$@"; }
say() { echo "== $1"; }
took() { say "took-$1"; echo $((($(date +%s%N) - BEGAN) / 1000000)); BEGAN=$(date +%s%N); }
at core sysctl -qw net.ipv4.ip_forward=1
at web python3 -c '
import http.server
class Server(http.server.ThreadingHTTPServer): request_queue_size = 1024
class Ok(http.server.BaseHTTPRequestHandler):
    def do_GET(self): self.send_response(200); self.send_header("Content-Length", "3"); self.end_headers(); self.wfile.write(b"ok\n")
    def log_message(self, *_): pass
Server(("10.51.0.2", 8080), Ok).serve_forever()' &
at core $COORDINATOR serve --listen 10.50.0.1:7443 --state /run/hub --mesh lab >/run/hub.out 2>/run/hub.err &
wait_for 'grep -q pm1 /run/hub.out'; wait_for 'at web ss -Hltn | grep -q 8080'
M login --token $(grep -o 'pm1[^ ]*' /run/hub.out) >/dev/null
for n in $(seq $NODES); do $COORDINATOR token --state /run/hub --role prober --name node/w$n >/run/token$n; done
took tokens
for n in $(seq $NODES); do
  enter=; for p in $(seq $PODS); do enter="$enter --enter pod/shop/cart-$n-$p=/run/netns/w${n}p$p,label:app=cart"; done
  # The last one also claims what is others': a Pod of w1, and a node.
  if [ $n = $NODES ]; then enter="$enter --enter pod/shop/cart-1-1=/run/netns/w1p1 --enter node/w2=/run/netns/w1p1"; fi
  at w$n sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward; exec "$@"' - $PROBER join --coordinator 10.50.0.1:7443 --token $(cat /run/token$n) \
    --state /run/state$n --name node/w$n --witness w$n --label zone=z$((n % 3)) --allow 10.0.0.0/8 $enter 2>>/run/prober.err &
done
wait_for '[ $(grep -c "is connected" /run/hub.err) -ge $NODES ]'
took joined
say memory; ps -o rss= -C prober | awk '{ sum += $1 } END { print int(sum / NR), NR }'
say vantages; M vantages
say selected; M vantages --from 'nodes(zone=z1, per=zone),pods(app=cart, node=w17)' -o json
say nobody; M diagnose http://10.51.0.2:8080/ --from 'nodes(zone=eu)' -q 2>&1 || true
took listed
say healthy; M diagnose http://10.51.0.2:8080/ --from all -q || echo "exit $?"
took healthy
at $SICK nft -f - <<'END'
table inet wall {
  chain forward {
    type filter hook forward priority 0
    tcp dport 8080 drop
  }
}
END
say pods; M diagnose http://10.51.0.2:8080/ --from all -q --max-time 2s || echo "exit $?"
took pods
at $SICK nft flush ruleset
at $SICK nft -f - <<'END'
table inet wall {
  chain out {
    type filter hook output priority 0
    ip daddr 10.51.0.2 tcp dport 8080 drop
  }
}
END
say node; M diagnose http://10.51.0.2:8080/ --from all -q --max-time 2s -o json || true
took node
say coordinator; ps -o rss=,time= -C coordinator
kill -9 $(at w200 ss -Htnp dst 10.50.0.1:7443 | grep -o 'pid=[0-9]*' | cut -d= -f2)
wait_for 'M vantages | grep -q "not connected: node/w200"'
say away; M vantages -o json
"#;

#[test]
fn the_sick_node_of_two_hundred_is_named_on_one_screen() {
    let script = format!(
        "ip link set lo up; mount -t tmpfs tmpfs /run; mkdir -p /run/netns /run/desk; BEGAN=$(date +%s%N)\n{}\n\
         NODES={NODES} PODS={PODS} SICK={SICK}\necho '== took-network'; echo $((($(date +%s%N) - BEGAN) / 1000000)); \
         BEGAN=$(date +%s%N)\n{FLEET}",
        batches()
    );
    // As a file: one argument may have 128 KiB (MAX_ARG_STRLEN).
    let file = std::env::temp_dir().join(format!("fleet-{}.sh", std::process::id()));
    std::fs::write(&file, script).expect("write the script");
    let output = Command::new("unshare")
        .args(["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-e"])
        .arg(&file)
        .env("CTL", binary("meshctl"))
        .env("PROBER", binary("prober"))
        .env("COORDINATOR", binary("coordinator"))
        .output()
        .expect("unshare(1) as root");
    std::fs::remove_file(&file).expect("remove the script");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{shown}\n{}", String::from_utf8_lossy(&output.stderr));
    let part = |name: &str| {
        let after = shown.split(&format!("== {name}\n")).nth(1).unwrap_or_else(|| panic!("no {name} in {shown}"));
        after.split("== ").next().unwrap_or_default().trim_end().to_owned()
    };
    for step in ["network", "tokens", "joined", "listed", "healthy", "pods", "node"] {
        println!("{step}: {} ms", part(&format!("took-{step}")));
    }
    println!("mean RSS of a prober, kB, and their number: {}; coordinator: {}", part("memory"), part("coordinator"));

    listed(&part);
    healthy(&part("healthy"));
    pods_fail(&part("pods"));
    node_fails(&part("node"));
}

/// Fits a screen, whatever it says.
fn fits(text: &str) {
    assert!(text.lines().count() <= SCREEN.0, "{} lines:\n{text}", text.lines().count());
    let wide = text.lines().find(|line| line.chars().count() > SCREEN.1);
    assert_eq!(wide, None, "wider than {} columns", SCREEN.1);
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("no JSON ({e}): {text}"))
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|one| one["id"].as_str().expect("id")).collect()
}

fn listed(part: &impl Fn(&str) -> String) {
    let listed = part("vantages");
    assert!(listed.lines().count() <= SCREEN.0, "{listed}");
    assert!(listed.contains("(+599 alike)") && listed.contains("zone=z1") && listed.contains("app=cart"), "{listed}");
    let refused =
        ["\"pod/shop/cart-1-1\" of node/w200 is not taken: node/w1 offers it", "\"node/w2\" of node/w200 is not taken"];
    assert!(refused.iter().all(|said| listed.contains(said)), "{listed}");
    let selected = json(&part("selected"));
    let selected = ids(&selected["vantages"]);
    assert_eq!(selected, ["node/w1", "pod/shop/cart-17-1", "pod/shop/cart-17-2", "pod/shop/cart-17-3"]);
    let nobody = part("nobody");
    assert!(nobody.contains("known: zone=z1, zone=z2, zone=z0"), "{nobody}");
    let away = json(&part("away"));
    assert_eq!(ids(&away["absent"]), ["node/w200"]);
    assert!(away["absent"][0]["seen_us"].as_str().expect("a time") > "1", "{}", away["absent"]);
    let there = ids(&away["vantages"]);
    assert_eq!(there.len(), (NODES - 1) * (PODS + 1), "JSON lists each");
    assert!(!there.iter().any(|id| id.contains("cart-200-")), "its Pods went with it");
}

fn healthy(text: &str) {
    fits(text);
    assert!(text.contains("HEALTHY") && text.contains("place asked (800)"), "{text}");
}

/// What the node forwards is lost; what it sends itself is not.
fn pods_fail(text: &str) {
    fits(text);
    assert!(text.contains("firewall/drop @ node/w17") && text.contains("exit 1"), "{text}");
    assert!(text.contains("the 3 Pods of node/w17, which itself passes"), "{text}");
    assert!(text.contains("(+199 alike)") && text.contains("(+596 alike)") && text.contains("(+2 alike)"), "{text}");
}

/// What the node itself sends is lost; what it forwards is not.
fn node_fails(text: &str) {
    let report = json(text);
    let verdict = &report["verdict"];
    assert_eq!(verdict["status"], "failing", "{verdict:#}");
    assert_eq!(verdict["boundaries"][0]["segment"], "node/w17", "{verdict:#}");
    assert_eq!(verdict["scope"]["summary"], "node/w17 itself; its 3 Pods pass", "{verdict:#}");
    assert_eq!((&verdict["scope"]["failing"], &verdict["scope"]["passing"]), (&1.into(), &799.into()));
    assert_eq!(report["vantages"].as_array().expect("vantages").len(), NODES * (PODS + 1), "JSON is complete");
    let asked = report["results"].as_array().expect("results").iter().filter(|cell| cell["stage"] == "tcp");
    assert!(asked.count() >= NODES * (PODS + 1), "everybody was asked");
}
