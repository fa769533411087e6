//! A whole mesh in namespaces: coordinator, probers that joined it, one of them behind NAT, and people at other hosts. The
//! real binaries; needs root.

use serde_json::Value;

#[path = "mesh/network.rs"]
mod network;

use network::mesh;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("no JSON ({e}): {text}"))
}

fn ids(vantages: &Value) -> Vec<String> {
    let list = vantages["vantages"].as_array().expect("vantages");
    list.iter().map(|vantage| vantage["id"].as_str().expect("id").to_owned()).collect()
}

#[test]
fn probers_that_dialled_out_are_asked_even_behind_nat_and_a_restart_needs_no_token() {
    let (_, part) = mesh(
        r#"
start; join near --token $(token host/near); join far --token $(token 'host/*')
cd /run/www; echo hi >index.html; at web python3 -m http.server 8080 --bind 10.9.5.2 >/dev/null 2>&1 & cd /
wait_for 'offered near && offered far'
say into-the-nat; if at hub ping -c1 -W1 192.168.7.2 >/dev/null 2>&1; then echo reached; else echo unreachable; fi
say vantages; M vantages -o json
say healthy; M diagnose http://10.9.5.2:8080/ -o json -q
at web nft -f - <<'END'
table inet wall {
  chain in {
    type filter hook input priority 0
    ip saddr 10.9.3.0/24 tcp dport 8080 drop
  }
}
END
say failing; M diagnose http://10.9.5.2:8080/ -o json -q --max-time 2s || echo "exit $?" >&2
kill -9 $(at far ss -Htnp dst 10.9.1.2:7443 | grep -o 'pid=[0-9]*' | cut -d= -f2)
wait_for '! offered far'
join far
wait_for 'offered far'
say again; M vantages -o json
kill -9 $(at hub ss -Hltnp | grep -o 'pid=[0-9]*' | cut -d= -f2)
wait_for '! M vantages >/dev/null 2>&1'
at hub $COORDINATOR serve --listen 10.9.1.2:7443 --state /run/hub >/run/hub.again 2>/run/hub.err &
wait_for 'offered near && offered far'
say restarted; M vantages -o json
say printed; cat /run/hub.again
"#,
    );
    assert_eq!(part("into-the-nat"), "unreachable", "control: nothing gets in from outside");
    assert_eq!(ids(&json(&part("vantages"))), ["host/far", "host/near"]);
    let healthy = json(&part("healthy"));
    assert_eq!(healthy["verdict"]["status"], "healthy", "{healthy:#}");
    let asked: Vec<&Value> = healthy["vantages"].as_array().expect("vantages").iter().map(|one| &one["id"]).collect();
    assert_eq!(asked, ["host/far", "host/near"], "{healthy:#}");
    let failing = json(&part("failing"));
    assert_eq!(failing["verdict"]["status"], "failing", "{failing:#}");
    let http = |vantage: &str| {
        let cells = failing["results"].as_array().expect("cells").iter();
        let mut of = cells.filter(|cell| cell["vantage"] == vantage && cell["stage"] == "tcp");
        of.next().map(|cell| cell["outcome"].clone()).unwrap_or_default()
    };
    assert_eq!((http("host/near"), http("host/far")), ("pass".into(), "fail".into()), "{failing:#}");
    assert_eq!(ids(&json(&part("again"))), ["host/far", "host/near"]);
    assert_eq!(ids(&json(&part("restarted"))), ["host/far", "host/near"], "probers come back by themselves");
    assert_eq!(part("printed"), "", "a token is printed at the first start alone");
}

#[test]
fn of_200_people_with_one_token_exactly_one_gets_in() {
    let (_, part) = mesh(
        r#"
start --joins-per-address 1000 --joins 1000
T=$(M -q token create --role viewer --name 'user-*')
for i in $(seq 200); do
  (HOME=/run/u$i at desk env HOME=/run/u$i $CTL --coordinator 10.9.1.2:7443 login --token $T --name user-$i >/run/u$i.out 2>&1 || true) &
  pids="$pids $!"
done
wait $pids
say in; cat /run/u*.out | grep -c 'logged in'
say spent; cat /run/u*.out | grep -c 'unknown or was used already'
say out; cat /run/u*.out | grep -c '^x coordinator at 10.9.1.2:7443: '
say certificates; ls /run/u*/.local/state/meshctl/mesh/*/member.pem | wc -l
say members; M members -o json
"#,
    );
    assert_eq!((part("in"), part("certificates")), ("1".to_owned(), "1".to_owned()));
    assert_eq!(part("out"), "199", "everybody else is told in one message");
    // 200 processes on a busy machine: some do not finish their handshake in the five seconds that it may take.
    assert!(part("spent").parse::<u32>().expect("count") > 100, "{}", part("spent"));
    let members = json(&part("members"));
    let viewers = members["members"].as_array().expect("members").iter().filter(|one| one["role"] == "viewer");
    assert_eq!(viewers.count(), 1, "{members:#}");
}

#[test]
fn a_viewer_reads_and_makes_no_tokens_and_a_revoked_prober_is_gone_within_five_seconds() {
    let (_, part) = mesh(
        r#"
start; join near --token $(token host/near); join far --token $(token host/far)
wait_for 'offered near && offered far'
T=$(M -q token create --role viewer --name oncall)
V() { at desk env HOME=/run/oncall $CTL --coordinator 10.9.1.2:7443 "$@"; }
V login --token $T >/dev/null
say reads; V vantages -o json
say may-not; V token create --role viewer --name eve 2>&1 || echo "exit $?"
say nor-ask; V diagnose http://10.9.5.2:8080/ -q 2>&1 || echo "exit $?"
say revoked; M revoke host/near
began=$(date +%s%N); wait_for '! offered near'
say took-ms; echo $((($(date +%s%N) - began) / 1000000))
say others; M vantages -o json
wait_for 'grep -q revoked /run/near.err'
say told; cat /run/near.err
say elsewhere; at hub $COORDINATOR token --state /run/hub --role prober --name host/near >/run/again; echo made
join near --token $(cat /run/again)
wait_for 'offered near'
say back; M vantages -o json
"#,
    );
    assert_eq!(ids(&json(&part("reads"))), ["host/far", "host/near"], "control");
    let refused = part("may-not");
    assert!(refused.contains("viewer oncall may not call") && refused.contains("exit 4"), "{refused}");
    assert!(part("nor-ask").contains("only an operator may"), "{}", part("nor-ask"));
    assert!(part("revoked").contains("prober/host/near is revoked; connections closed: 1"), "{}", part("revoked"));
    assert!(part("took-ms").parse::<u32>().expect("milliseconds") < 5_000);
    assert_eq!(ids(&json(&part("others"))), ["host/far"], "control: nobody else went");
    assert!(part("told").contains("coordinator at 10.9.1.2:7443: it refuses this member: it was revoked"));
    assert_eq!(ids(&json(&part("back"))), ["host/far", "host/near"], "a new token brings it back");
}

#[test]
fn the_wrong_coordinator_never_sees_a_token_and_every_refusal_is_one_message() {
    let (_, part) = mesh(
        r#"
start
at hub $COORDINATOR serve --listen 10.9.1.2:7444 --state /run/other >/run/other.out 2>/run/other.err &
at web python3 -m http.server 8080 --bind 10.9.5.2 >/dev/null 2>&1 &
wait_for 'grep -q pm1 /run/other.out'; wait_for 'at web ss -Hltn | grep -q 8080'
T=$(M -q token create --role viewer --name oncall)
L() { at desk env HOME=/run/oncall $CTL "$@" 2>&1 || echo "exit $?"; }
say pin; L login --coordinator 10.9.1.2:7444 --token $T
say nobody; L login --coordinator 10.9.1.2:9 --token $T
say http; L login --coordinator 10.9.5.2:8080 --token $T
say damaged; L login --coordinator 10.9.1.2:7443 --token ${T%????}
say unknown; L vantages --coordinator 10.9.1.2:7443
say control; L login --coordinator 10.9.1.2:7443 --token $T
say used; L login --coordinator 10.9.1.2:7443 --token $T
say other; mkdir -p /run/oncall/.local/state/meshctl/mesh; cp -r /run/oncall/.local/state/meshctl/mesh/10.9.1.2:744[3] /run/oncall/.local/state/meshctl/mesh/10.9.1.2:7444
L vantages --coordinator 10.9.1.2:7444
"#,
    );
    let pin = part("pin");
    assert!(pin.contains("coordinator at 10.9.1.2:7444: it is not the coordinator that the join token was made for"));
    assert!(pin.contains("hint: ") && pin.contains("exit 4"), "{pin}");
    assert!(
        part("nobody").contains("coordinator at 10.9.1.2:9: can't be reached: Connection refused"),
        "{}",
        part("nobody")
    );
    assert!(
        part("http").contains("coordinator at 10.9.5.2:8080: what listens there does not speak TLS"),
        "{}",
        part("http")
    );
    assert!(part("damaged").contains("secret is damaged"), "{}", part("damaged"));
    assert!(part("unknown").contains("meshctl login --coordinator 10.9.1.2:7443 --token TOKEN"), "{}", part("unknown"));
    assert!(
        part("control").contains("logged in to mesh lab as viewer oncall"),
        "the token was not spent: {}",
        part("control")
    );
    assert!(part("used").contains("unknown or was used already"), "{}", part("used"));
    assert!(part("other").contains("not signed by the authority of this mesh"), "{}", part("other"));
}

#[test]
fn a_vantage_can_be_the_destination_and_several_get_a_line_each() {
    let (_, part) = mesh(
        r#"
start; join near --token $(token host/near); join web --token $(token host/web)
cd /run/www; echo hi >index.html; at web python3 -m http.server 8080 --bind 10.9.5.2 >/dev/null 2>&1 & cd /
wait_for 'offered near && offered web'; wait_for 'at web ss -Hltn | grep -q 8080'
say one; M diagnose http://:8080/ --to web --from near -o json -q
say several; M diagnose :8080 --to hosts --from near,web -q || echo "exit $?"
say document; M diagnose :8080 --to hosts -o json -q || true
say host-too; M diagnose http://10.9.5.2:8080/ --to web 2>&1 || echo "exit $?"
say nobody; M diagnose :8080 --to host/ghost 2>&1 || echo "exit $?"
export MESHCTL_COORDINATOR=10.9.1.2:7443
say environment; at desk env HOME=/run/desk $CTL vantages -o json
say none; at desk env HOME=/run/desk $CTL vantages --coordinator none -o json
"#,
    );
    let one = json(&part("one"));
    assert_eq!((&one["verdict"]["status"], &one["target"]["host"]), (&"healthy".into(), &"10.9.5.2".into()), "{one:#}");
    let several = part("several");
    let row = |name: &str| several.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
    assert!(row("host/near").contains("FAILING") && row("host/near").contains("application/"), "{several}");
    assert!(row("host/web").contains("HEALTHY"), "control: {several}");
    assert!(several.contains("1 of 2 destinations failed") && several.contains("exit 1"), "{several}");
    let document = json(&part("document"));
    assert_eq!(document["destinations"].as_array().expect("destinations").len(), 2, "{document:#}");
    assert!(part("host-too").contains("with --to the vantage is the host"), "{}", part("host-too"));
    assert!(part("nobody").contains("no vantage matches \"host/ghost\""), "{}", part("nobody"));
    assert_eq!(ids(&json(&part("environment"))), ["host/near", "host/web"]);
    assert!(ids(&json(&part("none"))).iter().any(|id| id == "local"), "{}", part("none"));
}

#[test]
fn a_prober_renews_its_certificate_while_it_is_asked_and_is_never_away() {
    let (_, part) = mesh(
        r#"
start --leaf-life 30
join near --token $(token host/near); wait_for 'offered near'
at web python3 -m http.server 8080 --bind 10.9.5.2 >/dev/null 2>&1 & wait_for 'at web ss -Hltn | grep -q 8080'
shown() { openssl x509 -in /run/near/member.pem -noout -serial; }
say first; shown
# A stream that begins under the first certificate and ends under the second.
M probe tcp 10.9.5.2:8080 --count 26 --every 1s -o jsonl >/run/stream 2>&1 & STREAM=$!
looks=0; missed=0; end=$(($(date +%s) + 50))
while [ $(date +%s) -lt $end ]; do
  looks=$((looks + 1)); M vantages -o json >/run/look 2>&1 || true
  # A busy machine may be late with an answer; what is looked for is a coordinator that knows of no such prober.
  # Being listed as absent is being away.
  sed '1,/"vantages": \[/d' /run/look | grep -q '"host/near"' || grep -qE 'did not answer within|no answer in time' /run/look \
    || { missed=$((missed + 1)); cat /run/look >>/run/misses; }
  sleep 0.3
done
wait $STREAM && say stream && grep -c '"OUTCOME_PASS"' /run/stream || { say stream; tail -3 /run/stream; }
say looks; echo $looks
say missed; echo $missed; cat /run/misses 2>/dev/null || true
say now; shown
say renewed; grep -c 'renewed the certificate' /run/near.err
say connections; grep -c 'is connected' /run/hub.err
say log; cat /run/near.err
# The authority that the mesh was given may be one that another signed.
mkdir /run/ca; cd /run/ca
ec() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out $1.key; }
ec root; openssl req -x509 -new -key root.key -subj /CN=root -days 30 -out root.pem
ec sub; openssl req -new -key sub.key -subj /CN=sub -out sub.csr
printf 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\n' >ext
openssl x509 -req -in sub.csr -CA root.pem -CAkey root.key -CAcreateserial -days 20 -extfile ext -out sub.pem 2>/dev/null
cat sub.pem root.pem >chain.pem; cd /
at hub $COORDINATOR serve --listen 10.9.1.2:7500 --state /run/given --ca-cert /run/ca/chain.pem --ca-key /run/ca/sub.key >/run/given.out 2>/run/given.err &
wait_for 'grep -q pm1 /run/given.out'
N() { at desk env HOME=/run/desk $CTL --coordinator 10.9.1.2:7500 "$@"; }
say joined; N login --token $(grep -o 'pm1[^ ]*' /run/given.out)
say works; N members | grep -c admin
say chain; at desk timeout 5 openssl s_client -connect 10.9.1.2:7500 -alpn h2 -CAfile /run/ca/root.pem -verify_ip 10.9.1.2 </dev/null 2>&1 | grep -E 'Verify return code|^ [0-9] s:' || true
say wrong-key; at hub $COORDINATOR serve --listen 10.9.1.2:7501 --state /run/bad --ca-cert /run/ca/sub.pem --ca-key /run/ca/root.key 2>&1 || echo "exit $?"
say other; at hub $COORDINATOR serve --listen 10.9.1.2:7501 --state /run/given --ca-cert /run/ca/root.pem --ca-key /run/ca/root.key 2>&1 || echo "exit $?"
"#,
    );
    let number = |name: &str| part(name).parse::<u32>().unwrap_or_else(|e| panic!("{name}: {e}: {}", part(name)));
    assert_ne!(part("first"), part("now"), "the certificate was renewed: {}", part("log"));
    assert!(number("renewed") >= 2 && number("connections") > number("renewed"), "{}", part("log"));
    assert!(number("looks") > 20, "control: it was looked at all the time: {}", part("looks"));
    assert_eq!(part("missed"), "0", "the next connection stands before the last one goes: {}", part("log"));
    assert_eq!(part("stream"), "26", "{}", part("log"));
    assert!(part("joined").contains("logged in"), "{}", part("joined"));
    assert_eq!(part("works"), "1");
    assert!(part("chain").contains("Verify return code: 0 (ok)"), "by the root, too: {}", part("chain"));
    for (name, reason) in
        [("wrong-key", "the key is another one's"), ("other", "is another authority than the one given")]
    {
        assert!(part(name).contains(reason) && part(name).ends_with("exit 4"), "{name}: {}", part(name));
    }
}
