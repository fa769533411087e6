//! `meshctl up`: a mesh in one command, in a network of its own. The real binaries; needs root.

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

/// Two hosts on one wire: `here` is where the mesh is tried, `there` joins it. `up` starts it and waits for what it prints;
/// `down SIGNAL` ends it.
const NETWORK: &str = r#"
mount -t tmpfs tmpfs /run; mkdir -p /run/netns /run/home /run/there /run/www
for host in here there; do ip netns add $host; ip -n $host link set lo up; done
ip link add name eth0 netns here type veth peer name eth0 netns there
ip -n here addr add 10.9.1.2/24 dev eth0; ip -n here link set eth0 up
ip -n there addr add 10.9.1.3/24 dev eth0; ip -n there link set eth0 up
at() { local host=$1; shift; ip netns exec $host "$@"; }
wait_for() { for i in $(seq 200); do if eval "$1"; then return 0; fi; sleep 0.05; done; echo "waited in vain: $1" >&2; cat /run/up.err >&2; return 1; }
M() { at here env HOME=/run/home $CTL "$@"; }
offered() { M vantages --coordinator 10.9.1.2:7443 -o json | sed '1,/"vantages": \[/d' | grep -q "\"$1\""; }
up() {
  : >/run/up.out
  # exec, so that the signal goes to the command: a shell in the background ignores SIGINT.
  (exec ip netns exec here env HOME=/run/home $CTL up "$@" >/run/up.out 2>/run/up.err) & UP=$!
  wait_for 'grep -q -e "stop  Ctrl-C" -e "^}" /run/up.out'
}
down() {
  began=$(date +%s%N); kill -$1 $UP; wait $UP && echo "exit 0" || echo "exit $?"
  [ $((($(date +%s%N) - began) / 1000000)) -lt 5000 ] || echo "slow"
}
say() { echo "== $1"; }
"#;

/// Runs a script there and gives what it printed under each `say`.
fn mesh(script: &str) -> impl Fn(&str) -> String {
    let output = Command::new("unshare")
        .args(["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-ec"])
        .arg(format!("{NETWORK}\n{script}"))
        .env("CTL", binary("meshctl"))
        .env("PROBER", binary("prober"))
        .output()
        .expect("unshare(1) as root");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{shown}\n{}", String::from_utf8_lossy(&output.stderr));
    move |name: &str| {
        let after = shown.split(&format!("== {name}\n")).nth(1).unwrap_or_else(|| panic!("no {name} in {shown}"));
        after.split("== ").next().unwrap_or_default().trim().to_owned()
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("no JSON ({e}): {text}"))
}

fn ids(vantages: &Value) -> Vec<String> {
    let list = vantages["vantages"].as_array().expect("vantages");
    list.iter().map(|vantage| vantage["id"].as_str().expect("id").to_owned()).collect()
}

#[test]
fn one_command_is_a_mesh_that_answers_at_once_takes_another_host_and_goes_on_after_a_stop() {
    let part = mesh(
        r#"
at here python3 -m http.server 8080 --bind 127.0.0.1 --directory /run/www >/dev/null 2>&1 &
wait_for 'at here ss -Hltn | grep -q 8080'
say before; M vantages --coordinator 10.9.1.2:7443 2>&1 || echo "exit $?"
up --name host/here
say printed; cat /run/up.out
say vantages; M vantages --coordinator 10.9.1.2:7443 -o json
say by-loopback; M vantages --coordinator 127.0.0.1:7443 -o json
say healthy; M diagnose http://127.0.0.1:8080/ --coordinator 10.9.1.2:7443 -o json -q
line=$(grep -o 'echo pm1.*' /run/up.out | sed "s,prober,$PROBER,; s,DIR,/run/there,; s,NAME,there,; s,CIDR,10.9.0.0/16,")
say told; echo "$line" | sed 's/pm1[^ ]*/TOKEN/; s,/[^ ]*/prober,prober,'
at there bash -c "$line" 2>/run/there.err &
wait_for 'offered host/there'
say joined; M vantages --coordinator 10.9.1.2:7443 -o json
say arguments; tr '\0' ' ' </proc/$(pgrep -f 'join --coordinator' | tail -1)/cmdline | grep -c pm1 || true
say second; at there bash -c "${line/there/other}" 2>&1 || echo "exit $?"
say interrupted; down INT
say gone; M vantages --coordinator 10.9.1.2:7443 2>&1 || echo "exit $?"
up --name host/here
wait_for 'offered host/there'
say again; M vantages --coordinator 10.9.1.2:7443 -o json
say terminated; down TERM
say kept; ls /run/home/.local/state/meshctl/up/coordinator/runs | grep -c mesh
"#,
    );
    assert!(part("before").contains("no key for it"), "control: nobody was logged in: {}", part("before"));
    let printed = part("printed");
    for line in ["coordinator at 10.9.1.2:7443, this host is host/here", "  stop  Ctrl-C"] {
        assert!(printed.contains(line), "{printed}");
    }
    assert_eq!(ids(&json(&part("vantages"))), ["host/here"]);
    assert_eq!(ids(&json(&part("by-loopback"))), ["host/here"]);
    assert_eq!(json(&part("healthy"))["verdict"]["status"], "healthy", "{}", part("healthy"));
    assert_eq!(
        part("told"),
        "echo TOKEN | prober join --coordinator 10.9.1.2:7443 --token-file - --state /run/there --name host/there \
         --allow 10.9.0.0/16"
    );
    assert_eq!(ids(&json(&part("joined"))), ["host/here", "host/there"]);
    assert_eq!(part("arguments"), "0", "no token in the list of processes");
    assert!(part("second").contains("unknown or was used already"), "the line works once: {}", part("second"));
    assert_eq!((part("interrupted"), part("terminated")), ("exit 0".into(), "exit 0".into()));
    assert!(part("gone").contains("Connection refused"), "{}", part("gone"));
    assert_eq!(ids(&json(&part("again"))), ["host/here", "host/there"], "the same mesh: who joined it comes back");
    assert_eq!(part("kept"), "1");
}

#[test]
fn what_up_cannot_do_is_one_message_with_the_next_step() {
    let part = mesh(
        r#"
say alone; up --listen 127.0.0.1:7443 -o json; cat /run/up.out
say busy; M up --listen 127.0.0.1:7443 --state /run/other 2>&1 || echo "exit $?"
say untouched; ls /run/other 2>&1 | wc -l
say name; M up --listen 127.0.0.1:7444 --state /run/other --name web-1 2>&1 || echo "exit $?"
say nowhere; at here env -i $CTL up --listen 127.0.0.1:7444 2>&1 || echo "exit $?"
down INT
at here python3 -m http.server 8080 --bind 127.0.0.1 --directory /run/www >/dev/null 2>&1 &
wait_for 'at here ss -Hltn | grep -q 8080'
up --listen 127.0.0.1:7443 --allow 10.9.0.0/16
say narrowed; M diagnose http://127.0.0.1:8080/ --coordinator 127.0.0.1:7443 -q 2>&1 || echo "exit $?"
down INT
"#,
    );
    let alone = json(part("alone").as_str());
    assert_eq!((&alone["kind"], &alone["join"]), (&"Up".into(), &Value::Null), "{alone:#}");
    let busy = part("busy");
    assert!(busy.starts_with("x --listen 127.0.0.1:7443: Address already in use (os error 98)\n"), "{busy}");
    assert!(busy.contains("hint: choose another port") && busy.ends_with("exit 4"), "{busy}");
    assert_eq!(part("untouched"), "1", "a port that is taken costs no state");
    assert!(part("name").contains("write KIND/NAME") && part("name").ends_with("exit 4"), "{}", part("name"));
    assert!(part("nowhere").contains("neither HOME nor XDG_STATE_HOME is set"), "{}", part("nowhere"));
    assert!(part("narrowed").contains("refused by policy"), "{}", part("narrowed"));
}

#[test]
fn a_token_comes_by_file_or_standard_input_and_is_read_only_when_it_is_needed() {
    let part = mesh(
        r#"
up --name host/here
J() { timeout 20 ip netns exec there $PROBER join --coordinator 10.9.1.2:7443 --name host/there --allow 10.9.0.0/16 --state /run/there "$@"; }
L() { at here env HOME=/run/other $CTL login --coordinator 10.9.1.2:7443 "$@" 2>&1 || echo "exit $?"; }
T() { M -q token create --coordinator 10.9.1.2:7443 "$@"; }
say none; J 2>&1 || echo "exit $?"
say absent; J --token-file /run/none 2>&1 || echo "exit $?"
say wrong; echo hello >/run/wrong; J --token-file /run/wrong 2>&1 || echo "exit $?"
say both; J --token $(T --role prober --name host/there) --token-file /run/wrong 2>&1 || echo "exit $?"
T --role prober --name host/there >/run/token
(exec ip netns exec there $PROBER join --coordinator 10.9.1.2:7443 --name host/there --allow 10.9.0.0/16 --state /run/there --token-file /run/token 2>/run/there.err) & P=$!
wait_for 'grep -q connected /run/there.err'; kill -9 $P; rm /run/token
(exec ip netns exec there $PROBER join --coordinator 10.9.1.2:7443 --name host/there --allow 10.9.0.0/16 --state /run/there --token-file /run/token 2>/run/again.err) & P=$!
wait_for 'grep -q connected /run/again.err'
say again; cat /run/again.err
M revoke host/there --coordinator 10.9.1.2:7443 >/dev/null; wait $P && echo "exit 0" >>/run/again.err || echo "exit $?" >>/run/again.err
say revoked; cat /run/again.err
T --role viewer --name eve >/run/eve
say piped; L --token-file - </run/eve
say used; L --token-file /run/eve
say neither; L
say leaked; cat /run/*.err | grep -c "$(cut -d. -f4 /run/eve)" || true
say down; down INT
"#,
    );
    assert!(part("none").contains("no --token-file was given") && part("none").ends_with("exit 4"), "{}", part("none"));
    let absent = part("absent");
    assert!(absent.contains("--token-file /run/none: No such file or directory (os error 2)"), "{absent}");
    assert!(part("wrong").contains("--token-file /run/wrong: this is no join token"), "{}", part("wrong"));
    assert!(!part("wrong").contains("hello"), "what was read is not repeated");
    assert!(part("both").contains("cannot be used with") && part("both").ends_with("exit 2"), "{}", part("both"));
    assert!(part("again").contains("connected to 10.9.1.2:7443"), "a certificate needs no token: {}", part("again"));
    let revoked = part("revoked");
    assert!(revoked.contains("--token-file /run/token: No such file or directory"), "{revoked}");
    assert!(revoked.contains("it was revoked") && revoked.ends_with("exit 4"), "the reason comes last: {revoked}");
    assert!(part("piped").contains("as viewer eve"), "{}", part("piped"));
    assert!(part("used").contains("unknown or was used already"), "{}", part("used"));
    assert!(part("neither").contains("--token") && part("neither").ends_with("exit 2"), "{}", part("neither"));
    assert_eq!(part("leaked"), "0");
}
