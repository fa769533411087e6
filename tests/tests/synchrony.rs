//! How well starts are synchronised, seen by a capture at the target and not by the probers alone. The real binaries; needs
//! root.

#![expect(clippy::print_stdout, reason = "what was measured is what the test is for")]
#![expect(clippy::indexing_slicing, reason = "a missing part of a report is a failure")]

use std::collections::BTreeMap;

use serde_json::Value;

#[path = "part/script.rs"]
mod script;

/// Probers; three of them stand behind one NAT.
const PROBERS: usize = 50;

/// A SYN as the target's interface saw it.
#[derive(Debug)]
struct Syn {
    /// Unix microseconds by the kernel of the target, which is that of everybody here.
    at_us: i64,
    source: String,
    port: u64,
}

fn captured(text: &str) -> Vec<Syn> {
    text.lines()
        .map(|line| {
            let mut fields = line.split('\t');
            let mut next = || fields.next().unwrap_or_else(|| panic!("a field of {line:?}"));
            let at: f64 = next().parse().expect("epoch time");
            #[expect(clippy::cast_possible_truncation, reason = "microseconds of this century")]
            let at_us = (at * 1_000_000.0).round() as i64;
            Syn { at_us, source: next().to_owned(), port: next().parse().expect("port") }
        })
        .collect()
}

/// What one prober says of its own question in the first round.
#[derive(Debug)]
struct Said {
    vantage: String,
    local: String,
    port: u64,
    planned_us: i64,
    actual_us: i64,
    offset_us: i64,
    bound_us: i64,
    late_us: i64,
    span_us: i64,
}

/// Lines of `meshctl diagnose -o jsonl`, each after the microsecond at which it was read.
fn lines(text: &str) -> Vec<(i64, Value)> {
    let parse = |line: &str| {
        let (at, json) = line.split_once(' ').expect("a stamped line");
        (at.parse().expect("a stamp"), serde_json::from_str(json).expect("JSON"))
    };
    text.lines().map(parse).collect()
}

/// proto3 JSON writes 64-bit integers as strings, and nothing at all for zero.
fn number(value: &Value) -> i64 {
    value.as_i64().or_else(|| value.as_str()?.parse().ok()).unwrap_or(0)
}

fn said(lines: &[(i64, Value)]) -> Vec<Said> {
    let asked = lines
        .iter()
        .map(|(_, line)| &line["observation"])
        .filter(|obs| obs["round"] == 1 && obs["task"].as_str().is_some_and(|task| task.starts_with("ask:")));
    asked
        .map(|obs| {
            let timing = |field: &str| number(&obs["timing"][field]);
            Said {
                vantage: obs["vantage"].as_str().unwrap_or_default().to_owned(),
                local: obs["local_address"].as_str().unwrap_or_default().to_owned(),
                port: number(&obs["local_port"]).unsigned_abs(),
                planned_us: timing("planned_start_us"),
                actual_us: timing("actual_start_us"),
                offset_us: timing("clock_offset_us"),
                bound_us: timing("clock_bound_us"),
                late_us: timing("lateness_us"),
                span_us: timing("start_span_us"),
            }
        })
        .collect()
}

/// The value that 99 % of the sorted ones do not exceed.
fn p99(sorted: &[i64]) -> i64 {
    sorted[(sorted.len() * 99).div_ceil(100) - 1]
}

/// Middle, p99 and largest.
fn shown(mut values: Vec<i64>) -> String {
    values.sort_unstable();
    format!("p50 {} p99 {} max {}", values[values.len() / 2], p99(&values), values[values.len() - 1])
}

const FIFTY: &str = r#"
host home; wire mid home 10.9.4; nat home
for n in $(seq 47); do host p$n; wire mid p$n 10.9.$((10 + n)); done
for n in 48 49 50; do host p$n; wire home p$n 192.168.$n; done
start; serve_web
for n in $(seq 50); do join p$n; done
wait_for 'offered_all 50' 120
(exec ip netns exec web dumpcap -q -P -i wan -f 'dst port 8080 and tcp[13] & 18 == 2' -w /run/syn.pcap 2>/run/dumpcap.err) &
capture=$!
wait_for 'grep -q "^File:" /run/dumpcap.err'
STAMP='
import sys, time
for line in sys.stdin.buffer:
    sys.stdout.write("%d %s" % (time.time() * 1e6, line.decode()))
'
sleep 1
say began; now
say lines; M diagnose http://10.9.3.2:8080/ -o jsonl --from hosts | python3 -c "$STAMP"
sleep 1; kill -TERM $capture; wait $capture || true
say syns; tshark -r /run/syn.pcap -T fields -e frame.time_epoch -e ip.src -e tcp.srcport 2>/dev/null
say report; M diagnose http://10.9.3.2:8080/ -o json -q --from hosts
"#;

#[test]
fn fifty_probers_start_together_and_a_capture_at_the_target_agrees_with_what_they_say() {
    let part = script::run(FIFTY);
    let (began, lines) = (part("began").parse::<i64>().expect("microseconds"), lines(&part("lines")));
    let first_us = lines.iter().find(|(_, line)| line["kind"] == "Evidence").expect("a row").0 - began;
    let said = said(&lines);
    let vantages: BTreeMap<&str, &Said> = said.iter().map(|one| (one.vantage.as_str(), one)).collect();
    assert_eq!(vantages.len(), PROBERS, "every prober asked: {:?}", vantages.keys());
    let syns = captured(&part("syns"));
    let natted = said.iter().filter(|one| one.local.starts_with("192.168.")).count();
    assert_eq!(natted, 3, "three stand behind the NAT");
    let mut outside = Vec::new();
    let mut starts = Vec::new();
    for one in &said {
        let source = if one.local.starts_with("192.168.") { "10.9.4.2" } else { &one.local };
        let syn = syns.iter().find(|syn| syn.source == source && syn.port == one.port);
        let syn = syn.unwrap_or_else(|| panic!("the SYN of {one:?} was captured"));
        // What is promised: it left no earlier than the start and no later than the span after it, give or take the bound.
        let after = syn.at_us - (one.actual_us - one.offset_us);
        if after < -one.bound_us || after > one.span_us + one.bound_us {
            outside.push(format!("{after} us after the start: {one:?}"));
        }
        // One kernel, one clock: whatever offset was measured is the error, and its bound must hold.
        if one.offset_us.abs() > one.bound_us {
            outside.push(format!("the offset is none: {one:?}"));
        }
        starts.push(syn.at_us);
    }
    starts.sort_unstable();
    let apart: Vec<i64> = starts.iter().map(|at| at - starts[0]).collect();
    let late = said.iter().filter(|one| one.late_us > 100_000).count();
    println!("first row after {first_us} us");
    println!("SYNs at the target, us after the first: {}", shown(apart));
    println!("lateness by the probers, us: {}", shown(said.iter().map(|one| one.late_us).collect()));
    println!("bound, us: {}", shown(said.iter().map(|one| one.bound_us).collect()));
    println!("span of the connect, us: {}", shown(said.iter().map(|one| one.span_us).collect()));
    println!("offset, us: {}", shown(said.iter().map(|one| one.offset_us.abs()).collect()));
    println!("late by more than 100 ms: {late}; outside of what is stated: {}", outside.len());
    assert!(outside.is_empty(), "{outside:#?}");
    let planned: Vec<i64> = said.iter().map(|one| one.planned_us - one.offset_us).collect();
    assert!(
        planned.iter().max().zip(planned.iter().min()).is_some_and(|(last, first)| last - first < 1_000),
        "one plan"
    );
    let report: Value = serde_json::from_str(&part("report")).expect("a report");
    assert_eq!(report["verdict"]["status"], "healthy", "{:#}", report["verdict"]);
    let synchrony = &report["run"]["synchrony"];
    println!("the report: {synchrony:#}");
    // How close they come is a matter of the machine; that hardly anybody misses the moment is one of the lead.
    assert!(synchrony["vantages"].as_u64().is_some_and(|together| together >= 45), "{synchrony:#}");
}
