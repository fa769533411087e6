//! Nothing that was acknowledged is lost at the coordinator: killed in mid-run, frames repeated and out of order, a full
//! disk, a restored backup. The real daemons; a prober of the test's own where it must be known what it gave away. Needs
//! root.

use std::{collections::BTreeMap, process::Command, time::Duration};

use mesh_coordinator::durable::{Durable, INTERRUPTED, RUNNING, Row};
use mesh_proto::{
    bundle::{self, Bundle},
    v1 as pb,
};
use prost::Message as _;
use serde_json::Value;

#[path = "survive/tester.rs"]
mod tester;

use tester::{Ways, World, binary};

/// Everything that is kept: rows, and the bundles that there are.
fn kept(world: &World) -> Vec<(Row, Option<Bundle>)> {
    let store = Durable::open(&world.state().join("runs.db")).expect("the store, after the coordinator has ended");
    let rows = store.list(1_000).expect("rows");
    rows.into_iter()
        .map(|row| {
            let bundle = store.get(&row.id).expect("read").map(|bytes| bundle::read(&bytes).expect("whole"));
            (row, bundle)
        })
        .collect()
}

/// How often each observation is kept.
fn counted(kept: &[(Row, Option<Bundle>)]) -> BTreeMap<Vec<u8>, usize> {
    let mut counted = BTreeMap::new();
    for (row, bundle) in kept {
        for item in bundle.iter().flat_map(|bundle| &bundle.items) {
            let observation = pb::Observation::decode(item.observation.as_slice()).expect("an observation");
            assert_eq!((observation.run.as_str(), item.spooled), (row.id.as_str(), 0));
            *counted.entry(item.observation.clone()).or_default() += 1;
        }
    }
    counted
}

/// The report of a bundle is what its items say.
fn replayed(bundle: &Bundle) {
    let judged = mesh_diagnosis::replay(bundle).expect("a report");
    assert_eq!(serde_json::to_vec_pretty(&judged).expect("JSON"), bundle.report, "{}", bundle.record.run);
}

#[test]
fn nothing_acknowledged_is_lost_or_doubled_when_the_coordinator_is_killed_in_mid_run() {
    let mut world = World::new("kill", Ways { pause: Duration::from_millis(3), ..Ways::default() });
    let mut cut = 0;
    for at in [1, 2, 3, 5, 8, 10, 12, 9, 4, 6, 11, 7, 1, 6] {
        let before = world.tester.made();
        let mut asking = world.meshctl(&["diagnose", "tcp://127.0.0.1:9", "-q"]).spawn().expect("meshctl");
        // At so many items, and at no particular point of the next one's way to the disk.
        world.until("items are made", |world| world.tester.made() >= before + at);
        std::thread::sleep(Duration::from_micros((at * 2_731 + cut * 977) % 20_000));
        world.coordinator.kill();
        asking.wait().expect("meshctl ends");
        cut += u64::from(world.tester.made() > before);
        world.start();
        world.until("everything held is acknowledged", |world| world.tester.held() == 0);
    }
    assert_eq!(cut, 14);
    world.coordinator.kill();
    let kept = kept(&world);
    let counted = counted(&kept);
    let (made, acknowledged) = world.tester.everything();
    assert_eq!(acknowledged.len(), made.len(), "all of it was drained");
    for number in &acknowledged {
        assert_eq!(counted.get(&made[number]), Some(&1), "item {number} was acknowledged");
    }
    assert_eq!(counted.len(), made.len(), "nothing is kept that was never made");
    assert!(kept.iter().all(|(row, _)| row.status != RUNNING));
    let interrupted: Vec<_> = kept.iter().filter(|(row, _)| row.status == INTERRUPTED).collect();
    assert_eq!(kept.len(), 14);
    // The others had ended, and their reader had not heard of it.
    assert!(interrupted.len() >= 7, "{}", interrupted.len());
    for (row, bundle) in interrupted {
        let bundle = bundle.as_ref().unwrap_or_else(|| panic!("{row:?} has no bundle"));
        assert_eq!(row.target, "tcp://127.0.0.1:9");
        replayed(bundle);
        let report: Value = serde_json::from_slice(&bundle.report).expect("JSON");
        assert_eq!(report["run"]["status"], "interrupted");
        assert_ne!(report["verdict"]["status"], "healthy", "{report:#}");
        assert!(report["run"]["notes"].to_string().contains("ended in mid-run"), "{report:#}");
    }
    let late = kept.iter().filter_map(|(_, bundle)| bundle.as_ref()).filter(|bundle| bundle.record.late > 0);
    assert!(late.count() > 0, "some came late, and are judged with");
}

#[test]
fn frames_that_come_several_times_and_in_any_order_count_once() {
    let mut world = World::new("shuffle", Ways { repeat: true, ..Ways::default() });
    let shown = world.ask(&["diagnose", "tcp://127.0.0.1:9", "-q", "-o", "json"]);
    world.until("everything is acknowledged", |world| world.tester.held() == 0);
    let report: Value = serde_json::from_slice(&shown.stdout).unwrap_or_else(|e| panic!("{e}: {shown:?}"));
    assert_eq!(report["run"]["notes"], Value::Null, "a repetition is no alarm: {report:#}");
    world.tester.ways(Ways { repeat: true, differ: true, ..Ways::default() });
    let differing = world.ask(&["diagnose", "tcp://127.0.0.1:9", "-q", "-o", "json"]);
    world.until("everything is acknowledged", |world| world.tester.held() == 0);
    let report: Value = serde_json::from_slice(&differing.stdout).unwrap_or_else(|e| panic!("{e}: {differing:?}"));
    let notes = report["run"]["notes"].to_string();
    assert!(notes.contains("integrity: host/tester answered") && notes.contains("the first counts"), "{report:#}");
    world.coordinator.kill();
    assert!(world.coordinator.said().contains("integrity: host/tester answered"), "{}", world.coordinator.said());
    let kept = kept(&world);
    let counted = counted(&kept);
    assert!(counted.values().all(|times| *times == 1), "{counted:?}");
    let (made, acknowledged) = world.tester.everything();
    assert_eq!(acknowledged.len(), made.len());
    let absent: Vec<u64> = made.iter().filter(|(_, item)| !counted.contains_key(*item)).map(|(n, _)| *n).collect();
    assert_eq!(absent.len(), 1, "the one that contradicts an earlier one does not count: {absent:?}");
    for (_, bundle) in &kept {
        replayed(bundle.as_ref().expect("a bundle"));
    }
}

#[test]
fn a_connection_that_breaks_in_mid_run_loses_nothing() {
    let mut world = World::new("broken", Ways { pause: Duration::from_millis(60), ..Ways::default() });
    for after in [1, 4] {
        let before = world.tester.handed_in();
        let mut asking = world.meshctl(&["diagnose", "tcp://127.0.0.1:9", "-q"]).spawn().expect("meshctl");
        world.until("items are handed in", |world| world.tester.handed_in() >= before + after);
        world.stand(None);
        asking.wait().expect("meshctl ends");
        world.until("everything held is acknowledged", |world| world.tester.held() == 0);
    }
    world.coordinator.kill();
    let kept = kept(&world);
    let (made, acknowledged) = world.tester.everything();
    assert_eq!((kept.len(), acknowledged.len()), (2, made.len()));
    let counted = counted(&kept);
    assert!(made.values().all(|item| counted.get(item) == Some(&1)), "{}", world.coordinator.said());
    for (_, bundle) in &kept {
        replayed(bundle.as_ref().expect("a bundle"));
    }
}

#[test]
fn on_a_full_disk_nothing_is_acknowledged_and_everything_is_kept_once_there_is_room() {
    let world = World::on_small_disk("full", Ways::default());
    let control = world.ask(&["diagnose", "tcp://127.0.0.1:9", "-q"]);
    assert!(String::from_utf8_lossy(&control.stdout).contains("  saved: meshctl runs show"), "control: {control:?}");
    world.until("acknowledged", |world| world.tester.held() == 0);
    world.fill();
    let (before, _) = world.tester.everything();
    let told = world.ask(&["diagnose", "tcp://127.0.0.1:9", "-q"]);
    let shown = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(shown.contains("not saved: not persisted: ") && shown.contains("disk is full"), "{shown}");
    assert!(shown.contains("FAILING"), "the diagnosis goes on: {shown}");
    let (made, acknowledged) = world.tester.everything();
    assert!(made.len() > before.len());
    assert_eq!(acknowledged.len(), before.len(), "nothing of it was acknowledged");
    assert_eq!(world.tester.held(), made.len() - before.len());
    assert!(
        world.coordinator.said().contains("not persisted, and so not acknowledged"),
        "{}",
        world.coordinator.said()
    );
    world.make_room();
    let again = world.ask(&["diagnose", "tcp://127.0.0.1:9", "-q"]);
    assert!(String::from_utf8_lossy(&again.stdout).contains("  saved: meshctl runs show"), "{again:?}");
    world.until("what was held is acknowledged", |world| world.tester.held() == 0);
    let (made, _) = world.tester.everything();
    let list = world.ask(&["runs", "-o", "json"]);
    let list: Value = serde_json::from_slice(&list.stdout).expect("JSON");
    let mut items = 0;
    for run in list["runs"].as_array().expect("runs") {
        let run = run["run"].as_str().expect("an id");
        let exported = world.ask(&["runs", "export", run, "--json"]);
        let document: Value = serde_json::from_slice(&exported.stdout).unwrap_or_else(|e| panic!("{e}: {exported:?}"));
        items += document["observations"].as_array().expect("observations").len();
    }
    assert_eq!(items, made.len(), "all three runs, each item once: {list:#}");
}

/// Loopback alone, with a coordinator, a real prober and a server on it.
const LOOPBACK: &str = r#"
mount -t tmpfs tmpfs /run; mkdir -p /run/desk /run/www; ip link set lo up
wait_for() { for i in $(seq 400); do if eval "$1"; then return 0; fi; sleep 0.05; done; echo "waited in vain: $1" >&2; return 1; }
M() { env HOME=/run/desk $CTL --coordinator 127.0.0.1:7443 "$@"; }
say() { echo "== $1"; }
serve() { $COORDINATOR serve --listen 127.0.0.1:7443 --state $1 >>/run/hub.out 2>>/run/hub.err & HUB=$!; }
join() { $PROBER join --coordinator 127.0.0.1:7443 --state /run/$1 --name host/$1 --witness $1 --allow 127.0.0.0/8 $2 2>>/run/$1.err & eval "P_$1=\$!"; }
offered() { M vantages -o json 2>/dev/null | sed '1,/"vantages": \[/d' | grep -q "\"host/$1\""; }
serve /run/hub; wait_for 'grep -q pm1 /run/hub.out'
M login --token $(grep -o 'pm1[^ ]*' /run/hub.out) >/dev/null
for p in one two; do join $p "--token $(M -q token create --role prober --name host/$p)"; done
wait_for 'offered one && offered two'
cd /run/www; echo hi >index.html; python3 -m http.server 8080 --bind 127.0.0.1 >/dev/null 2>&1 & cd /
wait_for 'curl -s http://127.0.0.1:8080/ >/dev/null'
"#;

fn loopback(script: &str) -> impl Fn(&str) -> String + use<> {
    let output = Command::new("unshare")
        .args(["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-ec"])
        .arg(format!("{LOOPBACK}\n{script}"))
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

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("no JSON ({e}): {text}"))
}

#[test]
fn a_run_is_read_over_the_mesh_and_one_that_broke_off_is_read_and_continued() {
    let part = loopback(
        r#"
say healthy; M diagnose http://127.0.0.1:8080/ -q
RUN=$(M runs -o json | grep -o '"run": "[^"]*"' | head -1 | cut -d'"' -f4)
say list; M runs list
say shown; M runs show $RUN -o json >/run/shown.json; cat /run/shown.json
say replay; M runs replay $(echo $RUN | cut -c1-6) 2>&1
say diff; M runs diff $RUN $RUN && echo same
say export; M runs export $RUN --json | head -c 300
say unknown; M runs show zzzzzzzz 2>&1 || echo "exit $?"
say pruned; M runs prune --older-than 1d 2>&1 || echo "exit $?"
T=$(M -q token create --role viewer --name reader)
V() { env HOME=/run/reader $CTL --coordinator 127.0.0.1:7443 "$@"; }
V login --token $T >/dev/null
say viewer; V runs show $RUN -o json | cmp - /run/shown.json && echo reads
# Listens and never answers.
python3 -c 'import socket,time
s=socket.socket(); s.bind(("127.0.0.1",8081)); s.listen(9); time.sleep(999)' &
wait_for 'ss -Hltn | grep -q 8081'
M diagnose http://127.0.0.1:8081/ -q --max-time 4s >/run/broken 2>&1 & ASK=$!
wait_for 'ss -Htn state established dport = :8081 | grep -q 8081'; sleep 0.3
kill -9 $HUB; wait $ASK || echo "exit $?" >>/run/broken
say broken; cat /run/broken
CUT=$(grep -o 'runs show [a-z0-9]*' /run/broken | cut -d' ' -f3)
sleep 4; serve /run/hub
wait_for 'offered one && offered two'
wait_for 'M runs show $CUT -o json 2>/dev/null | grep -q "judged again with"'
say cut; M runs show $CUT -o json
say cut-replay; M runs replay $CUT -q -o json >/dev/null 2>/run/err && cat /run/err || echo "exit $?"
say resumed; M diagnose --resume $CUT --max-time 1s -q -o json || echo "exit $?" >&2
say other; M diagnose --resume $CUT http://127.0.0.1:8080/ -q 2>&1 || echo "exit $?"
# Its connection goes with it; `vantages` would still name it, as absent.
kill -9 $P_two; sleep 2
say gone; M diagnose --resume $CUT --max-time 1s -q || echo "exit $?"
LAST=$(M runs -o json | grep -o '"run": "[^"]*"' | head -1 | cut -d'"' -f4)
say gone-replay; M runs replay $LAST 2>&1 || echo "exit $?"
"#,
    );
    let healthy = part("healthy");
    assert!(
        healthy.contains("saved: meshctl runs show") && healthy.contains("--coordinator 127.0.0.1:7443"),
        "{healthy}"
    );
    assert!(part("list").contains("healthy") && part("list").contains("http://127.0.0.1:8080/"), "{}", part("list"));
    let shown = json(&part("shown"));
    assert_eq!((&shown["verdict"]["status"], &shown["run"]["notes"]), (&"healthy".into(), &Value::Null), "{shown:#}");
    assert!(part("replay").contains("the report is equal to the byte"), "{}", part("replay"));
    assert!(part("diff").ends_with("same"), "{}", part("diff"));
    assert!(part("export").contains("Observations"), "{}", part("export"));
    assert!(part("unknown").contains("is not kept here") && part("unknown").contains("exit 4"), "{}", part("unknown"));
    assert!(part("pruned").contains("removes old runs by itself"), "{}", part("pruned"));
    assert_eq!(part("viewer"), "reads");
    let broken = part("broken");
    assert!(broken.contains("broke off") && broken.contains("meshctl diagnose --resume"), "{broken}");
    let cut = json(&part("cut"));
    assert_eq!(cut["run"]["status"], "interrupted", "{cut:#}");
    assert!(cut["run"]["notes"].to_string().contains("judged again with"), "{cut:#}");
    assert_ne!(cut["verdict"]["status"], "healthy", "{cut:#}");
    let resumed = json(&part("resumed"));
    assert_eq!(resumed["run"]["continues"]["run"], cut["run"]["id"], "{resumed:#}");
    assert_eq!(resumed["run"]["continues"]["not_asked_again"].as_array().map(Vec::len), Some(0));
    assert!(resumed["run"]["continues"]["evidence_age_ms"].as_u64() > Some(3_000), "{resumed:#}");
    assert_eq!((&resumed["verdict"]["status"], &resumed["run"]["status"]), (&"failing".into(), &"complete".into()));
    assert!(part("other").contains("leave the target out") && part("other").contains("exit 2"), "{}", part("other"));
    // Lines are broken where they are full.
    let gone = part("gone").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(gone.contains("not asked again, judged as it was then: host/two"), "{gone}");
    assert!(gone.contains("(host/two as of"), "{gone}");
    assert!(part("gone-replay").contains("the report is equal to the byte"), "{}", part("gone-replay"));
}

#[test]
fn a_backup_made_while_runs_are_written_brings_back_runs_and_members() {
    let part = loopback(
        r#"
M diagnose http://127.0.0.1:8080/ -q >/dev/null
RUN=$(M runs -o json | grep -o '"run": "[^"]*"' | head -1 | cut -d'"' -f4)
M runs show $RUN -o json >/run/before.json
OLD=$(M -q token create --role viewer --name gone)
env HOME=/run/gone $CTL --coordinator 127.0.0.1:7443 login --token $OLD >/dev/null
M revoke gone >/dev/null
(for i in 1 2 3 4 5 6; do M diagnose http://127.0.0.1:8080/ -q --quick >/dev/null; done) & RUNS=$!
sleep 0.5
mkdir -p /run/hub/audit; echo '{"kept":"as it was"}' >/run/hub/audit/0000000000.jsonl
say backup; $COORDINATOR backup --state /run/hub --to /run/copy.db
say mode; stat -c %a /run/copy.db
say twice; $COORDINATOR backup --state /run/hub --to /run/copy.db 2>&1 || echo "exit $?"
wait $RUNS
say taken; $COORDINATOR restore --state /run/hub --from /run/copy.db 2>&1 || echo "exit $?"
kill -9 $HUB; mv /run/hub /run/lost
head -c $(($(stat -c %s /run/copy.db) / 2)) /run/copy.db >/run/cut.db
say damaged; $COORDINATOR restore --state /run/hub --from /run/cut.db 2>&1 || echo "exit $?"; ls -d /run/hub* 
say restored; $COORDINATOR restore --state /run/hub --from /run/copy.db
say audit; cat /run/hub/audit/0000000000.jsonl
say key; strings -n 8 /run/hub/runs.db | grep -c 'PRIVATE KEY' || true
serve /run/hub; wait_for 'offered one && offered two'
say same; M runs show $RUN -o json | cmp - /run/before.json && echo equal
say asked; M diagnose http://127.0.0.1:8080/ -q -o json
say revoked; env HOME=/run/gone $CTL --coordinator 127.0.0.1:7443 vantages 2>&1 || echo "exit $?"
say statuses; M runs -o json
"#,
    );
    assert!(part("backup").contains("members 4, revoked 1"), "{}", part("backup"));
    assert_eq!(part("mode"), "600");
    assert!(part("twice").contains("is there already") && part("twice").contains("exit 4"), "{}", part("twice"));
    assert!(part("taken").contains("is there already"), "{}", part("taken"));
    assert!(part("damaged").contains("exit 4"), "{}", part("damaged"));
    assert!(!part("damaged").contains("restoring"), "nothing half-made stays: {}", part("damaged"));
    assert!(part("restored").contains("revoke it again"), "{}", part("restored"));
    assert_eq!((part("key"), part("audit")), ("0".to_owned(), r#"{"kept":"as it was"}"#.to_owned()));
    assert_eq!(part("same"), "equal");
    let asked = json(&part("asked"));
    assert_eq!(asked["vantages"].as_array().map(Vec::len), Some(2), "without a new token: {asked:#}");
    assert!(part("revoked").contains("exit 4"), "{}", part("revoked"));
    let statuses = json(&part("statuses"));
    let runs = statuses["runs"].as_array().expect("runs");
    assert!(runs.len() >= 2 && runs.iter().all(|run| run["status"] != "running"), "{statuses:#}");
}
