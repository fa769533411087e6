//! A mesh whose network is cut, whose probers hang, whose clocks are set. The real binaries; needs root.

#![expect(clippy::print_stdout, reason = "what was measured is what the test is for")]
#![expect(clippy::indexing_slicing, reason = "a missing part of a report is a failure")]

use serde_json::Value;

#[path = "part/script.rs"]
mod script;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("no JSON ({e}): {text}"))
}

fn milliseconds(text: &str) -> u64 {
    text.parse().unwrap_or_else(|e| panic!("milliseconds ({e}): {text:?}"))
}

/// Cells of one vantage that passed.
fn passes(report: &Value, vantage: &str) -> usize {
    let cells = report["results"].as_array().expect("cells").iter();
    cells.filter(|cell| cell["vantage"] == vantage && cell["stage"] == "tcp" && cell["outcome"] == "pass").count()
}

/// Somebody missing is named, with the reason.
fn missing(report: &Value) -> Vec<&str> {
    report["run"]["unreachable"].as_array().expect("unreachable").iter().filter_map(Value::as_str).collect()
}

/// Hosts `a` to `d` and what a test does to them. `took` runs a command and prints its milliseconds below its output.
const FOUR: &str = r#"
n=10; for name in a b c d; do host $name; wire mid $name 10.9.$n; n=$((n + 1)); done
start; serve_web
for name in a b c d; do join $name; done
wait_for 'offered_all 4'
D() { M diagnose http://10.9.3.2:8080/ -o json -q --deadline 8s "$@" || true; }
sever() { ip -n mid link set dev $1 down; }
mend() { ip -n mid link set dev $1 up; }
since() { echo $((($(now) - $1) / 1000)); }
"#;

#[test]
fn a_diagnosis_names_who_is_cut_off_and_they_come_back_by_themselves_after_5_30_and_300_seconds() {
    let part = script::run(&format!(
        "{FOUR}{}",
        r"
say before; D
sever b; sever c; sever d; at=$(now)
sleep 1
say during; asked=$(now); D
say during-ms; since $asked
sleep $((5 - ($(now) - at) / 1000000)); mend b; mended=$(now)
wait_for 'offered b' 130
say back-5-ms; since $mended
# Whoever is silent is not offered for longer than two pings take.
wait_for '! offered c && ! offered d' 30
say noticed-ms; since $at
say known; M vantages -o json
say without-ms; asked=$(now); D >/run/without; since $asked
say without; cat /run/without
sleep $((30 - ($(now) - at) / 1000000)); mend c; mended=$(now)
wait_for 'offered c' 130
say back-30-ms; since $mended
sleep $((300 - ($(now) - at) / 1000000)); mend d; mended=$(now)
wait_for 'offered d' 130
say back-300-ms; since $mended
say after; D
say told; cat /run/d.err
"
    ));
    let before = json(&part("before"));
    assert_eq!(before["verdict"]["status"], "healthy", "control: {before:#}");
    assert!(
        missing(&before).is_empty()
            && ["a", "b", "c", "d"].iter().all(|name| passes(&before, &format!("host/{name}")) > 0)
    );
    let during = json(&part("during"));
    assert!(milliseconds(&part("during-ms")) < 9_000, "a deadline of 8 s, and a second: {}", part("during-ms"));
    assert!(passes(&during, "host/a") > 0, "what is left is asked: {during:#}");
    for name in ["host/b", "host/c", "host/d"] {
        assert!(missing(&during).iter().any(|line| line.contains(name)), "{name} is named: {:?}", missing(&during));
        assert_eq!(passes(&during, name), 0);
    }
    // Two pings are noticed to be unanswered after ten seconds; the rest is a busy machine's.
    assert!(milliseconds(&part("noticed-ms")) < 20_000, "{}", part("noticed-ms"));
    let known = part("known");
    let known = known.split("\"vantages\": [").nth(1).expect("those that are offered");
    assert!(known.contains("host/a") && known.contains("host/b") && !known.contains("host/c"), "{known}");
    assert!(milliseconds(&part("without-ms")) < 5_000, "nobody waits for who is gone: {}", part("without-ms"));
    assert!(passes(&json(&part("without")), "host/b") > 0, "{}", part("without"));
    for cut in ["5", "30", "300"] {
        let back = milliseconds(&part(&format!("back-{cut}-ms")));
        println!("cut for {cut} s: back after {back} ms");
        assert!(back < 130_000, "two minutes are the longest wait between two tries: {back} ms after a cut of {cut} s");
    }
    println!(
        "a diagnosis during the cut took {} ms; silence was noticed after {} ms",
        part("during-ms"),
        part("noticed-ms")
    );
    let after = json(&part("after"));
    assert_eq!(after["verdict"]["status"], "healthy", "{after:#}");
    assert!(missing(&after).is_empty(), "{:?}", missing(&after));
    assert!(["a", "b", "c", "d"].iter().all(|name| passes(&after, &format!("host/{name}")) > 0), "{after:#}");
    assert!(part("told").contains("the connection to 10.9.1.2:7443 is lost"), "{}", part("told"));
}

#[test]
fn a_hung_prober_holds_up_nobody_is_named_and_works_again() {
    let part = script::run(&format!(
        "{FOUR}{}",
        r#"
kill -STOP $(pid_of b)
say hung; asked=$(now); D
say hung-ms; since $asked
kill -CONT $(pid_of b)
wait_for 'offered b' 60
# It hangs in the middle of a round: the question is under way, its answer takes two seconds.
cat >/run/slow.py <<'END'
import socket, threading, time
listener = socket.create_server(("10.9.3.2", 8081), backlog=64)
def answer(peer):
    time.sleep(2); peer.recv(4096); peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"); peer.close()
while True:
    threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()
END
at web python3 /run/slow.py &
wait_for 'at web ss -Hltn | grep -q 8081'
(sleep 1; kill -STOP $(pid_of c)) &
say middle; asked=$(now); M diagnose http://10.9.3.2:8081/ -o json -q --deadline 8s || true
say middle-ms; since $asked
kill -CONT $(pid_of c)
wait_for 'offered_all 4' 60
say after; D
"#
    ));
    let hung = json(&part("hung"));
    assert!(milliseconds(&part("hung-ms")) < 9_000, "{}", part("hung-ms"));
    assert!(missing(&hung).iter().any(|line| line.contains("host/b")), "{:?}", missing(&hung));
    assert!(["a", "c", "d"].iter().all(|name| passes(&hung, &format!("host/{name}")) > 0), "{hung:#}");
    let middle = json(&part("middle"));
    assert!(milliseconds(&part("middle-ms")) < 10_000, "{}", part("middle-ms"));
    assert!(missing(&middle).iter().any(|line| line.starts_with("host/c")), "{:?}", missing(&middle));
    assert!(["a", "b", "d"].iter().all(|name| passes(&middle, &format!("host/{name}")) > 0), "{middle:#}");
    println!("with a hung prober: {} ms; hung in the middle: {} ms", part("hung-ms"), part("middle-ms"));
    let after = json(&part("after"));
    assert!(missing(&after).is_empty() && passes(&after, "host/b") > 0 && passes(&after, "host/c") > 0, "{after:#}");
}

#[test]
fn a_clock_that_is_an_hour_off_or_set_in_mid_life_moves_no_start() {
    let part = script::run(
        r#"
n=10; for name in a b c; do host $name; wire mid $name 10.9.$n; n=$((n + 1)); done
start; serve_web
fake() { echo env LD_PRELOAD=$FAKETIME FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1 FAKETIME_NO_CACHE=1 "$@"; }
FAKETIME=$(ls /usr/lib/*/faketime/libfaketime.so.1)
echo +0 >/run/b.time
join a; join b $(fake FAKETIME_TIMESTAMP_FILE=/run/b.time); join c $(fake FAKETIME=+1h)
wait_for 'offered_all 3'
D() { M diagnose http://10.9.3.2:8080/ -o jsonl -q --deadline 8s; }
say vantages; M vantages -o json
say before; D
echo +1h >/run/b.time
say forward; D
sleep 6
say measured; M vantages
echo -1h >/run/b.time
say back; D
"#,
    );
    let hour = 3_600_000_000_i64;
    let number = |value: &Value| value.as_i64().or_else(|| value.as_str()?.parse().ok()).unwrap_or(0);
    for (name, expected) in [("before", 0), ("forward", hour), ("back", -hour)] {
        let lines: Vec<Value> = part(name).lines().map(json).collect();
        let report =
            lines.iter().find(|line| line["kind"] == "Report").unwrap_or_else(|| panic!("a report: {lines:#?}"));
        assert_eq!(report["verdict"]["status"], "healthy", "{:#}", report["verdict"]);
        let synchrony = &report["run"]["synchrony"];
        assert_eq!(synchrony["vantages"], 3, "all of one moment: {synchrony:#}");
        let asked = |vantage: &str| {
            let mut of = lines.iter().map(|line| &line["observation"]).filter(|obs| {
                obs["vantage"] == vantage && obs["task"].as_str().is_some_and(|task| task.starts_with("ask:"))
            });
            of.next().unwrap_or_else(|| panic!("{vantage} asked")).clone()
        };
        for (vantage, expected) in [("host/a", 0), ("host/b", expected), ("host/c", hour)] {
            let observation = asked(vantage);
            let timing = |field: &str| number(&observation["timing"][field]);
            assert!((timing("clock_offset_us") - expected).abs() < 500_000, "{name}: {observation:#}");
            assert!(timing("lateness_us") < 5_000_000, "no burst and no hour: {observation:#}");
            assert!(timing("duration_us") < 8_000_000, "durations know nothing of it: {observation:#}");
            let started = timing("actual_start_us") - timing("clock_offset_us");
            let other = number(&asked("host/a")["timing"]["actual_start_us"])
                - number(&asked("host/a")["timing"]["clock_offset_us"]);
            assert!((started - other).abs() < 5_000_000, "{name}: one moment by one clock: {observation:#}");
        }
    }
    let set = part("forward");
    assert!(set.contains("this host's clock was set forward by 3600.0 s since it was measured"), "{set}");
    assert!(part("measured").contains("+3600.0 s"), "the clock as it is now: {}", part("measured"));
    let offset = |name: &str| {
        let vantages = json(&part("vantages"));
        let list = vantages["vantages"].as_array().expect("vantages").clone();
        let own = list.iter().find(|one| one["id"] == name).unwrap_or_else(|| panic!("{name} in {list:#?}"));
        (number(&own["clock_offset_us"]), number(&own["clock_bound_us"]))
    };
    assert!((offset("host/c").0 - hour).abs() < 100_000 && offset("host/c").1 < 500_000, "{:?}", offset("host/c"));
    assert!(offset("host/b").0.abs() < 100_000, "control: {:?}", offset("host/b"));
}
