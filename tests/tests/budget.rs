//! What a healthy diagnosis costs: packets and bytes as netfilter counts them, processor time as the kernel accounts it.
//! Needs root, and fails without it.

#![expect(clippy::print_stdout, reason = "what was measured is what the test is for")]

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Ceilings of one vantage in one healthy run (the product's own promise).
const PACKETS: u64 = 60;
const BYTES: u64 = 30_000;
const CPU_MS: u64 = 25;
/// Runs that are counted, after one that warms up: the kernel accounts in steps of 10 ms.
const RUNS: u64 = 10;

/// Beside this test's own binary.
fn binary(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("own path");
    let path = own.parent().and_then(Path::parent).expect("target folder").join(name);
    assert!(path.exists(), "{} is missing: cargo build --workspace --features mesh-lab/full", path.display());
    path
}

/// client – router – server; nginx with and without TLS, a prober on the client, nftables that counts what it sends and
/// receives.
const SCRIPT: &str = r#"
ip link set lo up
mount -t tmpfs tmpfs /run; mkdir -p /run/netns /run/www
for n in c r s; do ip netns add $n; ip -n $n link set lo up; done
ip link add r netns c type veth peer name c netns r
ip link add s netns r type veth peer name r netns s
ip -n c addr add 10.9.1.2/24 dev r; ip -n r addr add 10.9.1.1/24 dev c
ip -n r addr add 10.9.2.1/24 dev s; ip -n s addr add 10.9.2.2/24 dev r
ip -n c link set r up; ip -n r link set c up; ip -n r link set s up; ip -n s link set r up
ip -n c route add default via 10.9.1.1; ip -n s route add default via 10.9.2.1
ip netns exec r sysctl -qw net.ipv4.ip_forward=1
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=10.9.2.2 \
  -addext subjectAltName=IP:10.9.2.2 -keyout /run/key.pem -out /run/cert.pem 2>/dev/null
cat > /run/nginx.conf <<'END'
user root root; daemon off; master_process off; pid /run/nginx.pid; error_log /run/error.log;
events { worker_connections 64; }
http {
  access_log off; client_body_temp_path /run/b; proxy_temp_path /run/p; fastcgi_temp_path /run/f; uwsgi_temp_path /run/u; scgi_temp_path /run/s;
  server { listen 80; location / { return 200 "ok\n"; } }
  server { listen 443 ssl; ssl_certificate /run/cert.pem; ssl_certificate_key /run/key.pem; location / { return 200 "ok\n"; } }
}
END
ip netns exec s nginx -c /run/nginx.conf -p /run >/dev/null 2>&1 &
ip netns exec c $P run --name host/c --listen unix:/run/prober.sock --allow 10.9.0.0/16 --allow 192.0.2.0/24 >/run/prober.log 2>&1 & prober=$!
for i in $(seq 200); do [ -S /run/prober.sock ] && ip netns exec s ss -Hltn 'sport = :443' | grep -q 443 && break; sleep 0.05; done
ask() { $M diagnose "$TARGET" --cacert /run/cert.pem --vantage host/c=unix:/run/prober.sock --from host/c --runs-dir /run/runs -q >/run/out 2>&1 || { cat /run/out >&2; exit 1; }; }
ask
ip netns exec c nft -f - <<'END'
table inet count {
  chain received {
    type filter hook input priority -300;
    iifname != "lo" counter
  }
  chain sent {
    type filter hook output priority -300;
    oifname != "lo" counter
  }
}
END
cpu() { awk '{ print $14 + $15 }' /proc/$prober/stat; }
before=$(cpu)
for i in $(seq $RUNS); do ask; done
after=$(cpu)
ip netns exec c nft list table inet count | awk '/counter packets/ { for (i = 1; i <= NF; i++) { if ($i == "packets") p += $(i+1); if ($i == "bytes") b += $(i+1) } } END { print p, b }'
echo $((after - before)) $(getconf CLK_TCK)
"#;

struct Cost {
    packets: u64,
    bytes: u64,
    cpu_ms: u64,
}

fn cost(target: &str) -> Cost {
    let output = Command::new("unshare")
        .args(["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-ec", SCRIPT])
        .env("M", binary("meshctl"))
        .env("P", binary("prober"))
        .env("TARGET", target)
        .env("RUNS", RUNS.to_string())
        .output()
        .expect("unshare(1) as root");
    let (shown, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let numbers: Vec<u64> = shown.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [packets, bytes, ticks, per_second] = numbers.as_slice() else { panic!("{shown}\n{said}") };
    assert!(*packets > RUNS * 4, "the counters saw {packets} packets: they do not count");
    Cost { packets: packets / RUNS, bytes: bytes / RUNS, cpu_ms: ticks * 1000 / per_second / RUNS }
}

#[test]
fn a_healthy_diagnosis_stays_within_its_budget() {
    for target in ["http://10.9.2.2/", "https://10.9.2.2/"] {
        let cost = cost(target);
        println!("{target}: {} packets, {} bytes, {} ms", cost.packets, cost.bytes, cost.cpu_ms);
        assert!(cost.packets <= PACKETS, "{target}: {} packets", cost.packets);
        assert!(cost.bytes <= BYTES, "{target}: {} bytes", cost.bytes);
        assert!(cost.cpu_ms <= CPU_MS, "{target}: {} ms of processor time", cost.cpu_ms);
    }
}
