//! What a coordinator and a prober let happen to them: floods of strangers, orders beyond any ceiling, a disk without room.
//! Needs root.

use serde_json::Value;

#[path = "mesh/network.rs"]
mod network;

use network::mesh;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("no JSON ({e}): {text}"))
}

#[test]
fn two_thousand_strangers_keep_no_member_out_and_cost_bounded_memory() {
    let (_, part) = mesh(
        r#"
start
HUB=$(at hub ss -Hltnp sport = 7443 | grep -o 'pid=[0-9]*' | cut -d= -f2)
rss() { awk '/VmRSS/ { print $2 }' /proc/$HUB/status; }
ip -n mid addr add 10.9.4.250/32 dev desk
cat >/run/storm.py <<'END'
import selectors, socket, sys, time
# Half of them say nothing, half of them garbage; each is begun again as soon as it is refused.
until, begun, selector = time.time() + 12, 0, selectors.DefaultSelector()
def begin():
    global begun
    one = socket.socket(); one.setblocking(False)
    one.connect_ex(("10.9.1.2", 7443)); begun += 1
    selector.register(one, selectors.EVENT_READ | (selectors.EVENT_WRITE if begun % 2 else 0))
for _ in range(900): begin()
print("storm", flush=True)
while time.time() < until:
    for key, events in selector.select(0.1):
        one = key.fileobj
        if events & selectors.EVENT_WRITE:
            try: one.send(b"\x16\x03\x01\xff\xff" + b"garbage" * 50)
            except OSError: pass
            selector.modify(one, selectors.EVENT_READ)
        if events & selectors.EVENT_READ:
            try: gone = not one.recv(4096)
            except OSError: gone = True
            if gone:
                selector.unregister(one); one.close()
                if begun < 20000: begin()
print(begun, flush=True)
END
say before; rss
at near python3 /run/storm.py >/run/storm.out 2>&1 & STORM=$!
wait_for 'grep -q storm /run/storm.out'
sleep 1
good=0; for i in $(seq 10); do M members >/dev/null && good=$((good+1)); done
say good; echo $good
wait $STORM
say during; awk '/VmHWM/ { print $2 }' /proc/$HUB/status
say begun; tail -1 /run/storm.out
say lines; grep -c 'refused 10.9.2.2' /run/hub.err
say left-out; grep -c 'more refusals from there were not said' /run/hub.err
say after; M members >/dev/null && echo serves
"#,
    );
    assert_eq!(part("good"), "10", "every call of a member succeeded meanwhile");
    let number = |name: &str| part(name).parse::<u64>().unwrap_or_else(|e| panic!("{name}: {e}: {}", part(name)));
    assert!(number("begun") > 2_000, "control: the storm was one: {}", number("begun"));
    let growth = number("during").saturating_sub(number("before"));
    assert!(growth < 32 << 10, "{growth} KiB more");
    assert!(number("lines") < 60, "the log is not flooded: {} lines", number("lines"));
    assert!(number("left-out") > 0, "and says what it left out");
    assert_eq!(part("after"), "serves");
}

#[test]
fn without_room_for_the_audit_nothing_is_done_and_the_reason_is_said() {
    let (_, part) = mesh(
        r#"
mkdir -p /run/hub/audit; chmod 700 /run/hub; mount -t tmpfs -o size=64k tmpfs /run/hub/audit
start; join near --token $(token host/near); wait_for 'offered near'
at web nft 'add table inet c; add chain inet c in { type filter hook input priority 0; }; add rule inet c in tcp dport 8080 counter'
seen() { at web nft list chain inet c in | grep -o 'packets [0-9]*'; }
dd if=/dev/zero of=/run/hub/audit/filler bs=1k 2>/dev/null || true
# The last page of the log has room for some rows more.
for i in $(seq 60); do M -q token create --role viewer --name filler >/dev/null 2>&1 || break; done
say token; M token create --role viewer --name eve 2>&1 || echo "exit $?"
say diagnose; M diagnose http://10.9.5.2:8080/ -q 2>&1 || echo "exit $?"
say probe; M probe tcp 10.9.5.2:8080 -q 2>&1 || echo "exit $?"
say revoke; M revoke host/near 2>&1 || echo "exit $?"
say asked; seen
say connected; M vantages -o json | sed '1,/"vantages": \[/d' | grep -c host/near
say log; grep -c 'the audit can.t be written' /run/hub.err
rm /run/hub/audit/filler
say again; M probe tcp 10.9.5.2:8080 -q >/dev/null 2>&1 || true; seen
say audit; $COORDINATOR audit --state /run/hub -o jsonl
say text; $COORDINATOR audit --state /run/hub | tail -1
"#,
    );
    for name in ["token", "diagnose", "probe", "revoke"] {
        let said = part(name);
        let words =
            "the audit can't be written, so nothing is done: /run/hub/audit/0000000001.jsonl: No space left on device";
        assert!(said.contains(words) && said.ends_with("exit 4"), "{name}: {said}");
    }
    assert_eq!(part("asked"), "packets 0", "nobody was asked");
    assert_eq!(part("connected"), "1", "and nobody was revoked");
    assert_ne!(part("log"), "0");
    assert_ne!(part("again"), "packets 0", "control: with room it goes on");
    let rows: Vec<Value> = part("audit").lines().map(json).collect();
    let acts: Vec<&str> = rows
        .iter()
        .filter(|row| !row["about"].as_str().is_some_and(|about| about.ends_with("viewer filler")))
        .filter_map(|row| row["act"].as_str())
        .collect();
    assert_eq!(acts, ["token-made", "enrolled", "token-made", "enrolled", "measure"], "{rows:#?}");
    let measure = rows.last().expect("a row");
    assert_eq!(measure["by"], "operator admin");
    assert_eq!(measure["vantages"], serde_json::json!(["host/near"]), "{measure}");
    assert!(measure["about"].as_str().is_some_and(|about| about == "tcp 10.9.5.2 at 10.9.5.2 port 8080"), "{measure}");
    assert!(measure["from"].as_str().is_some_and(|from| from.starts_with("10.9.4.2:")), "{measure}");
    assert!(part("text").contains("measure") && part("text").contains("operator admin"), "{}", part("text"));
}

#[test]
fn a_prober_asks_what_its_owner_allows_whatever_it_is_ordered_and_names_the_rule() {
    let (_, part) = mesh(
        r#"
start
printf 'deny = ["10.9.5.0/24"]\n' >/run/policy.toml
at near $PROBER join --coordinator 10.9.1.2:7443 --state /run/near --name host/near --token $(token host/near) --allow 10.9.0.0/16 --policy /run/policy.toml 2>/run/near.err &

wait_for 'offered near'
ip -n web addr add 169.254.169.254/32 dev lo; ip -n near route add 169.254.169.254 via 10.9.2.1; ip -n mid route add 169.254.169.254 via 10.9.5.2
at web nft 'add table inet c; add chain inet c in { type filter hook input priority 0; }; add rule inet c in counter'
at mid nft 'add table inet c; add chain inet c in { type filter hook input priority 0; }; add rule inet c in ip daddr 10.9.2.255 counter'
at hub nft 'add table inet c; add chain inet c in { type filter hook input priority 0; }; add rule inet c in tcp dport 7443 tcp flags syn / syn,ack ip saddr 10.9.2.2 counter'
seen() { at $1 nft list chain inet c in | grep -o 'packets [0-9]*'; }
D() { M diagnose "$1" -o json -q --max-time 2s 2>&1 || echo "exit $?"; }
say denied; D http://10.9.5.2:8080/
say denied-seen; seen web
say metadata; D http://169.254.169.254/latest/meta-data/
say broadcast; D tcp://10.9.2.255:80
say broadcast-seen; seen mid
before=$(seen hub)
say control-port; D tcp://10.9.1.2:7443
say control-port-seen; echo "$before, $(seen hub)"
say text; M diagnose http://10.9.5.2:8080/ 2>&1 || echo "exit $?"
echo 'deny = nonsense' >/run/policy.toml; kill -HUP $(pidof prober); wait_for 'grep -q "stays in force" /run/near.err'
say broken; D http://10.9.5.2:8080/; 
printf 'deny = ["10.9.6.0/24"]\n' >/run/policy.toml; kill -HUP $(pidof prober); wait_for 'grep -q "read again" /run/near.err'
say now; D http://10.9.5.2:8080/
say now-seen; seen web
say log; cat /run/near.err
"#,
    );
    for (name, rule) in [
        ("denied", "the owner denies 10.9.5.0/24"),
        ("metadata", "a cloud metadata service"),
        ("broadcast", "the broadcast address of a network here"),
        ("control-port", "port 7443 there is the mesh's own"),
        ("broken", "the owner denies 10.9.5.0/24"),
        ("text", "the owner denies 10.9.5.0/24"),
    ] {
        let said = part(name);
        assert!(said.contains(rule), "{name}: {said}");
        assert!(said.ends_with("exit 4"), "{name}: {said}");
    }
    assert_eq!((part("denied-seen"), part("broadcast-seen")), ("packets 0".to_owned(), "packets 0".to_owned()));
    let control = part("control-port-seen");
    let (before, after) = control.split_once(", ").expect("two counts");
    assert_eq!(before, after, "no connection to the coordinator but the prober's own");
    assert!(part("now").ends_with("exit 1"), "control: allowed, and nothing listens: {}", part("now"));
    assert_ne!(part("now-seen"), "packets 0", "control: the counter counts");
    assert!(
        part("log").contains("deny = nonsense") || part("log").contains("--policy /run/policy.toml: line 1"),
        "{}",
        part("log")
    );
}

#[test]
fn orders_beyond_every_ceiling_reach_no_target() {
    let (_, part) = mesh(
        r#"
start; join near --token $(token host/near); wait_for 'offered near'
at web nft 'add table inet c; add chain inet c in { type filter hook input priority 0; }; add rule inet c in tcp flags syn / syn,ack counter'
at web nft 'add chain inet c echo { type filter hook input priority 0; }; add rule inet c echo icmp type echo-request counter'
seen() { at web nft list chain inet c $1 | grep -o 'packets [0-9]*' | cut -d' ' -f2; }
began=$(date +%s%N)
# A coordinator orders what an operator asks it for; the prober can't tell a hostile one from this one.
for i in 1 2 3 4; do M probe tcp 10.9.5.2:8080 --count 300 --every 10ms -o jsonl >/run/tcp.$i 2>/dev/null & pids="$pids $!"; done
wait $pids || true
say connects; seen in
say seconds; echo $((($(date +%s%N) - began) / 1000000000 + 1))
say refused; cat /run/tcp.* | grep -c 'ceiling is used up'
began=$(date +%s%N)
M probe icmp 10.9.5.2 --count 200 --every 10ms -o jsonl >/run/icmp 2>/dev/null || true
say echoes; seen echo
say echo-seconds; echo $((($(date +%s%N) - began) / 1000000000 + 1))
"#,
    );
    let number = |name: &str| part(name).parse::<u64>().unwrap_or_else(|e| panic!("{name}: {e}: {}", part(name)));
    // Connects: 64 at once, then 10 a second.
    let most = 64 + 10 * number("seconds");
    assert!((64..=most).contains(&number("connects")), "{} connects, {most} allowed", number("connects"));
    assert!(number("refused") > 300, "control: far more was ordered: {}", number("refused"));
    // Packets: at most 200 a second towards one target.
    let most = 200 * number("echo-seconds");
    assert!((1..=most).contains(&number("echoes")), "{} echoes, {most} allowed", number("echoes"));
}
