//! Every way to be refused, with the real binaries: one message for whoever asked, with peer, address, reason and next step,
//! and the reason in the log of whoever refused. Needs root.

#[path = "mesh/network.rs"]
mod network;

use network::mesh;

/// `P NAME` is the command of a person of their own, `held NAME FILE` gives them a key, `forged NAME SAN [openssl x509
/// options]` signs one with the mesh's authority, `log` is what the coordinator said, `at_clock OFFSET` runs with another clock.
const PEOPLE: &str = r#"
export DONT_FAKE_MONOTONIC=1
# faketime(1) names a semaphore after its process, and process numbers are this namespace's own.
mount -t tmpfs tmpfs /dev/shm
AT=10.9.1.2:7443
P() { local name=$1; shift; mkdir -p /run/p/$name; at desk env HOME=/run/p/$name $CTL --coordinator $AT "$@" 2>&1 || echo "exit $?"; }
held() { local at=/run/p/$1/.local/state/meshctl/mesh/$AT; mkdir -p $at; cp $2 $at/member.pem; }
forged() {
  local name=$1 names=$2; shift 2
  openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out /run/$name.key
  openssl req -new -key /run/$name.key -subj /CN=oncall -out /run/$name.csr
  printf 'keyUsage=digitalSignature\nextendedKeyUsage=clientAuth\n%s\n' "$names" >/run/$name.ext
  "$@" openssl x509 -req -in /run/$name.csr -CA /run/hub/ca.pem -CAkey /run/hub/ca.key -days 2 \
    -set_serial 0x01$(printf %016x $(date +%s%6N))00000000000007 -extfile /run/$name.ext -out /run/$name.crt 2>/dev/null
  cat /run/$name.key /run/$name.crt /run/hub/ca.pem >/run/$name.pem
  held $name /run/$name.pem
  # The own command may refuse to show such a key; the coordinator has to refuse it by itself.
  at desk timeout 5 openssl s_client -connect $AT -alpn h2 -cert /run/$name.crt -key /run/$name.key -quiet </dev/null >/dev/null 2>&1 || true
}
log() { cat /run/hub.err; }
at_clock() { local offset=$1; shift; faketime -f "$offset" "$@"; }
"#;

/// One message, and nothing beside it but hints: peer and address, reason, next step, exit code.
fn one_message(shown: &str, address: &str, reason: &str, next: &str) {
    let of = |start: &str| shown.lines().filter(|line| line.starts_with(start)).collect::<Vec<_>>();
    assert_eq!(of("x ").len(), 1, "{shown}");
    assert!(shown.starts_with(&format!("x coordinator at {address}: ")), "{shown}");
    assert!(shown.contains(reason), "{reason:?} in: {shown}");
    assert!(of("  hint: ").iter().chain(&of("hint: ")).any(|hint| hint.contains(next)), "{next:?} in: {shown}");
    assert!(shown.ends_with("exit 4"), "{shown}");
}

const AT: &str = "10.9.1.2:7443";

#[test]
fn a_coordinator_that_is_not_there_is_told_apart_from_one_that_is_silent() {
    let (_, part) = mesh(&format!(
        r"{PEOPLE}
start
T=$(M -q token create --role viewer --name oncall)
at hub nft 'add table inet wall; add chain inet wall in {{ type filter hook input priority 0; }}; add rule inet wall in tcp dport 7555 drop'
say nobody; AT=10.9.1.2:9 P eve login --token $T
say unroutable; AT=192.0.2.1:7443 P eve login --token $T
say silent; AT=10.9.1.2:7555 P eve login --token $T
say name; AT=nowhere.invalid:7443 P eve login --token $T
say control; P oncall login --token $T
"
    ));
    let running = "is `coordinator serve` running there";
    one_message(&part("nobody"), "10.9.1.2:9", "can't be reached: Connection refused", running);
    let unroutable = part("unroutable");
    one_message(&unroutable, "192.0.2.1:7443", "can't be reached: ", running);
    assert!(unroutable.contains("unreachable") || unroutable.contains("No route to host"), "{unroutable}");
    one_message(&part("silent"), "10.9.1.2:7555", "no answer within 3 s", running);
    one_message(&part("name"), "nowhere.invalid:7443", "can't be reached: ", running);
    assert!(part("control").contains("logged in"), "none of them cost the token: {}", part("control"));
}

#[test]
fn a_token_that_is_wrong_late_or_used_is_refused_and_the_log_knows_more_than_the_answer() {
    let (_, part) = mesh(&format!(
        r#"{PEOPLE}
start
T=$(M -q token create --role viewer --name oncall)
SECRET=${{T##*.}}; OTHER=A; [ ${{SECRET:0:1}} != A ] || OTHER=B
say wrong; P eve login --token ${{T%.*}}.$OTHER${{SECRET:1}}
LATE=$(at_clock -1d $COORDINATOR token --state /run/hub --role viewer --name late)
say expired; P late login --token $LATE
say name; P eve login --token $T --name eve
say control; P oncall login --token $T
say used; P eve login --token $T
wait_for 'grep -q "another key" /run/hub.err'
say log; log
say audit; $COORDINATOR audit --state /run/hub
say secrets; if grep -rqF "$(echo $T | cut -d. -f4)" /run/hub.err /run/hub/audit /run/hub/spent; then echo leaked; else echo none; fi
"#
    ));
    let again = "meshctl token create";
    one_message(&part("wrong"), AT, "unknown or was used already", again);
    one_message(&part("expired"), AT, "the join token expired 8", again);
    one_message(&part("name"), AT, "is for \"oncall\", not for \"eve\"", again);
    assert!(part("control").contains("logged in to mesh lab as viewer oncall"), "{}", part("control"));
    one_message(&part("used"), AT, "unknown or was used already", again);
    let log = part("log");
    for reason in [
        "unknown or was used already",
        "expired 8",
        "not for \"eve\"",
        "by viewer oncall and comes again with another key",
    ] {
        assert!(log.lines().any(|line| line.contains("refused 10.9.4.2:") && line.contains(reason)), "{reason}: {log}");
    }
    let audit = part("audit");
    assert_eq!(audit.lines().filter(|line| line.contains("enrolment-refused")).count(), 4, "{audit}");
    assert_eq!(
        audit.lines().filter(|line| line.contains("enrolled ") && line.contains("viewer oncall")).count(),
        1,
        "{audit}"
    );
    assert_eq!(part("secrets"), "none");
}

#[test]
fn a_coordinator_with_another_authority_is_sent_nothing_after_the_handshake() {
    let (_, part) = mesh(&format!(
        r#"{PEOPLE}
start
at hub $COORDINATOR serve --listen 10.9.1.2:7444 --state /run/other >/run/other.out 2>/run/other.err &
wait_for 'grep -q pm1 /run/other.out'
T=$(M -q token create --role viewer --name oncall)
at desk tshark -q -i wan -f 'tcp portrange 7443-7444' -w /run/wire.pcapng 2>/run/tshark.err &
wait_for 'grep -q "Capturing on" /run/tshark.err'
say pin; AT=10.9.1.2:7444 P eve login --token $T
say control; P oncall login --token $T
sleep 1; kill %?tshark; wait %?tshark || true
# Bytes of the client after the server's first.
sent() {{ tshark -r /run/wire.pcapng -Y "tcp.port==$1 && tcp.len>0" -T fields -e tcp.dstport -e tcp.len | awk -v port=$1 '$1!=port {{ heard=1 }} $1==port && heard {{ sum+=$2 }} END {{ print sum+0 }}'; }}
say sent-to-wrong; sent 7444
say sent-to-right; sent 7443
say authority; AT=10.9.1.2:7444; held oncall /run/p/oncall/.local/state/meshctl/mesh/10.9.1.2:7443/member.pem; P oncall vantages
wait_for 'grep -q "another mesh" /run/other.err'
say log; cat /run/other.err
"#
    ));
    one_message(
        &part("pin"),
        "10.9.1.2:7444",
        "it is not the coordinator that the join token was made for",
        "A new token",
    );
    assert!(part("control").contains("logged in"), "the token was not spent: {}", part("control"));
    let bytes = |name: &str| part(name).parse::<u32>().expect("a number");
    // A token has 116 characters.
    assert!(bytes("sent-to-right") > 300, "control: the capture sees a token go: {}", bytes("sent-to-right"));
    assert!((1..116).contains(&bytes("sent-to-wrong")), "an alert and no token: {}", bytes("sent-to-wrong"));
    one_message(&part("authority"), "10.9.1.2:7444", "not signed by the authority of this mesh", "new token");
    assert!(part("log").contains("it belongs to another mesh"), "{}", part("log"));
}

#[test]
fn a_certificate_that_is_wrong_in_one_way_is_refused_on_both_sides() {
    let (_, part) = mesh(&format!(
        r#"{PEOPLE}
start
own=URI:probemesh://lab/viewer/oncall
forged right "subjectAltName=$own"
say right; P right vantages
forged two "subjectAltName=$own,URI:probemesh://lab/operator/eve"; say two; P two vantages
forged mesh "subjectAltName=URI:probemesh://prod/viewer/oncall"; say mesh; P mesh vantages
forged bare ""; say bare; P bare vantages
forged expired "subjectAltName=$own" at_clock -10d; say expired; P expired vantages
forged early "subjectAltName=$own" at_clock +10d; say early; P early vantages
mkdir -p /run/theirs; at hub $COORDINATOR serve --listen 10.9.1.2:7444 --state /run/theirs --mesh lab >/run/theirs.out 2>/dev/null &
wait_for 'grep -q pm1 /run/theirs.out'
AT=10.9.1.2:7444 P other login --token $(grep -o 'pm1[^ ]*' /run/theirs.out) >/dev/null
# Its key, under our authority's certificate: what somebody has who knows our authority and is not of it.
awk '/BEGIN CERT/ {{ n++ }} n<2' /run/p/other/.local/state/meshctl/mesh/10.9.1.2:7444/member.pem >/run/other.pem; cat /run/hub/ca.pem >>/run/other.pem
held other /run/other.pem; say other; P other vantages
say again; P right vantages
wait_for 'grep -q "another authority" /run/hub.err'
say log; log
"#
    ));
    let works = part("right");
    assert!(!works.contains("x coordinator"), "control: {works}");
    let login = "meshctl login --coordinator 10.9.1.2:7443 --token TOKEN";
    one_message(&part("two"), AT, "has 2 alternative names, and a member's has exactly one URI", login);
    one_message(&part("mesh"), AT, "the peer is of mesh \"lab\", this is mesh \"prod\"", "A new token");
    one_message(&part("bare"), AT, "has 0 alternative names", login);
    let agrees = "and the coordinator's clock agrees";
    one_message(&part("expired"), AT, agrees, "new token");
    assert!(part("expired").contains("expired 8 d"), "{}", part("expired"));
    one_message(&part("early"), AT, agrees, "");
    one_message(&part("other"), AT, "it is of another mesh", "new token");
    assert_eq!(part("again"), works, "control, afterwards");
    let log = part("log");
    for reason in [
        "has 2 alternative names",
        "the peer is of mesh \"prod\", this is mesh \"lab\"",
        "has 0 alternative names",
        "certificate expired",
        "certificate not valid yet",
        "signed by another authority",
    ] {
        assert!(log.lines().any(|line| line.contains("refused 10.9.4.2:") && line.contains(reason)), "{reason}: {log}");
    }
}

#[test]
fn a_role_that_may_not_and_a_member_that_was_revoked_are_told_so_and_written_down() {
    let (_, part) = mesh(&format!(
        r"{PEOPLE}
start
P oncall login --token $(M -q token create --role viewer --name oncall) >/dev/null
say reads; P oncall members | grep -c oncall
say role; P oncall token create --role viewer --name eve
M revoke oncall >/dev/null
say revoked; P oncall vantages
say log; log
say audit; $COORDINATOR audit --state /run/hub -o jsonl
"
    ));
    assert_eq!(part("reads"), "1", "control");
    let role = part("role");
    assert!(role.contains("viewer oncall may not call /mesh.v1.Mesh/CreateToken: only an operator may"), "{role}");
    one_message(&part("revoked"), AT, "it refuses this member: it was revoked", "new token");
    assert!(part("log").contains("this member was revoked") && part("log").contains("viewer oncall may not call"));
    let audit = part("audit");
    for row in
        [r#""act":"role-refused","by":"viewer oncall","from":"10.9.4.2:"#, r#""act":"revoked","by":"operator admin""#]
    {
        assert!(audit.contains(row), "{row}: {audit}");
    }
}

#[test]
fn clocks_a_day_apart_are_named_with_the_size_and_cost_no_token() {
    let (_, part) = mesh(&format!(
        r#"{PEOPLE}
start
S() {{ local offset=$1; shift; at desk env HOME=/run/desk faketime -f "$offset" $CTL --coordinator $AT "$@" 2>&1 || echo "exit $?"; }}
say ahead; S +25h members
say behind; S -1d members
say a-little-ahead; S +50s members | grep -c admin
say a-little-behind; S -50s members | grep -c admin
T=$(token host/near)
join_at() {{ at near env faketime -f "$1" $PROBER join --coordinator $AT --state /run/near$1 --name host/near --allow 10.9.0.0/16 --token $T 2>/run/near$1.err & }}
join_at +25h; join_at -1d
wait_for 'grep -q CLOCK_SKEW /run/near+25h.err && grep -q CLOCK_SKEW /run/near-1d.err'
say prober-ahead; head -1 /run/near+25h.err
say prober-behind; head -1 /run/near-1d.err
kill %?+25h %?-1d || true
join near --token $T; wait_for 'offered near'
say control; M members | grep -c host/near
say log; log
"#
    ));
    let ahead = part("ahead");
    one_message(
        &ahead,
        AT,
        "CLOCK_SKEW: this machine's clock is 1 d 1 h ahead of the coordinator's",
        "set whichever clock",
    );
    one_message(
        &part("behind"),
        AT,
        "CLOCK_SKEW: this machine's clock is 1 d 0 h behind the coordinator's",
        "timedatectl",
    );
    assert_eq!(
        (part("a-little-ahead"), part("a-little-behind")),
        ("1".to_owned(), "1".to_owned()),
        "60 s are tolerated"
    );
    for (name, side) in [("prober-ahead", "1 d 1 h ahead of"), ("prober-behind", "1 d 0 h behind")] {
        let said = part(name);
        let start =
            format!("prober: coordinator at {AT}: CLOCK_SKEW: this machine's clock is {side} the coordinator's");
        assert!(said.starts_with(&start) && said.contains("set whichever clock is wrong"), "{said}");
    }
    assert_eq!(part("control"), "1", "the token is good still");
    let log = part("log");
    for side in
        ["CLOCK_SKEW: its clock is 90000 s ahead of this one's", "CLOCK_SKEW: its clock is 86400 s behind this one's"]
    {
        assert!(log.contains(side), "{log}");
    }
}

#[test]
fn a_prober_without_a_key_or_with_anothers_says_what_to_do_and_ends() {
    let (_, part) = mesh(&format!(
        r#"{PEOPLE}
start
J() {{ at far timeout 20 $PROBER join --coordinator $AT --allow 10.9.0.0/16 "$@" 2>&1 || echo "exit $?"; }}
say none; J --state /run/none --name host/far
join near --token $(token host/near); wait_for 'offered near'
say other; J --state /run/near --name host/far
P oncall login --token $(M -q token create --role viewer --name oncall) >/dev/null
say role; J --state /run/p/oncall/.local/state/meshctl/mesh/$AT --name host/far
mkdir -p /run/broken; echo nonsense >/run/broken/member.pem
say broken; J --state /run/broken --name host/far
M revoke host/near >/dev/null; wait_for 'grep -q revoked /run/near.err'
say revoked; tail -1 /run/near.err
say listed; P oncall diagnose http://10.9.5.2/ -q
"#
    ));
    for (name, reason, next) in [
        (
            "none",
            "--state /run/none holds no certificate and no --token-file was given",
            "meshctl token create --role prober --name host/far",
        ),
        (
            "other",
            "--state /run/near holds the certificate of prober host/near, not of prober host/far",
            "use a folder per prober",
        ),
        ("role", "holds the certificate of viewer oncall, not of prober host/far", "use a folder per prober"),
        (
            "broken",
            "--state /run/broken: /run/broken/member.pem does not hold a key and two certificates",
            "meshctl token create",
        ),
    ] {
        let said = part(name);
        assert!(said.contains(reason) && said.contains(next) && said.ends_with("exit 4"), "{name}: {said}");
        assert_eq!(said.lines().filter(|line| line.starts_with("prober: ")).count(), 1, "{name}: {said}");
    }
    assert!(part("revoked").contains("coordinator at 10.9.1.2:7443: it refuses this member: it was revoked"));
    assert!(part("listed").contains("only an operator may"), "{}", part("listed"));
}
