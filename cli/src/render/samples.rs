//! Reports as they come from the diagnosis, for the tests of what is shown.

use mesh_diagnosis::report::{
    API_VERSION, Certainty, CouldNotLook, Decider, Evidence, Finding, Location, Next, NextKind, Noticed, OpenQuestion,
    Outcome, PathNode, Report, RuledOut, Run, RunStatus, Scope, Separator, Stage, StageResult, Status, TargetInfo,
    VantageInfo, Verdict,
};

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn vantage(id: &str, observer: bool) -> VantageInfo {
    VantageInfo {
        id: id.to_owned(),
        kind: id.split('/').next().unwrap_or_default().to_owned(),
        witness: id.to_owned(),
        capabilities: strings(&["net_raw"]),
        clock_offset_us: 0,
        clock_bound_us: 180,
        observer,
        alike: Vec::new(),
    }
}

fn cell(
    vantage: &str,
    address: Option<&str>,
    stage: Stage,
    outcome: Outcome,
    label: &str,
    us: Option<u64>,
) -> StageResult {
    StageResult {
        vantage: vantage.to_owned(),
        address: address.map(str::to_owned),
        via: None,
        stage,
        outcome,
        label: label.to_owned(),
        reason: None,
        error_type: None,
        duration_us: us,
        evidence: strings(&["e01"]),
    }
}

fn item(id: &str, source: &str, task: &str, asked: &str, seen: &str, error: Option<&str>) -> Evidence {
    Evidence {
        id: id.to_owned(),
        at: "2026-06-06T17:24:34.902Z".to_owned(),
        source: source.to_owned(),
        round: 1,
        task: task.to_owned(),
        asked: asked.to_owned(),
        outcome: if error.is_some() { Outcome::Fail } else { Outcome::Pass },
        seen: seen.to_owned(),
        name: None,
        address: Some("10.77.4.2".to_owned()),
        port: Some(8080),
        protocol: Some("tcp".to_owned()),
        error: error.map(str::to_owned),
        errno: error.map(|_| 110),
        errno_name: error.map(|_| "ETIMEDOUT".to_owned()),
        duration_us: 600,
        cited: true,
        caveats: Vec::new(),
    }
}

fn node(id: &str, address: Option<&str>, mtu: Option<u32>) -> PathNode {
    PathNode { id: id.to_owned(), address: address.map(str::to_owned), mtu, broken_after: false, note: None }
}

/// A healthy target, asked from one host.
pub(crate) fn healthy() -> Report {
    let here = "local";
    Report {
        api_version: API_VERSION.to_owned(),
        kind: "Report".to_owned(),
        run: Run {
            id: "5fh8c2d1".to_owned(),
            started_at: "2026-06-06T17:24:33.418Z".to_owned(),
            duration_ms: 183,
            command: strings(&["diagnose", "http://api.lab:8080/"]),
            tool_version: "0.1.0".to_owned(),
            rules_version: 1,
            status: RunStatus::Complete,
            rounds: 2,
            probes: 11,
            unreachable: Vec::new(),
            synchrony: None,
            notes: Vec::new(),
            continues: None,
        },
        target: TargetInfo {
            input: "http://api.lab:8080/".to_owned(),
            scheme: "http".to_owned(),
            host: "api.lab".to_owned(),
            port: 8080,
            path: "/".to_owned(),
            addresses: strings(&["10.77.4.2"]),
        },
        verdict: Verdict {
            status: Status::Healthy,
            location: None,
            summary: "http://api.lab:8080/ answers a fresh connection from here".to_owned(),
            boundaries: Vec::new(),
            open: Vec::new(),
            noticed: Vec::new(),
            scope: None,
            separated_by: Vec::new(),
            rate: None,
        },
        path: Vec::new(),
        vantages: vec![vantage(here, false)],
        results: vec![
            cell(here, None, Stage::Dns, Outcome::Pass, "", Some(1_100)),
            cell(here, Some("10.77.4.2"), Stage::Route, Outcome::Pass, "", None),
            cell(here, Some("10.77.4.2"), Stage::Tcp, Outcome::Pass, "", Some(640)),
            cell(here, Some("10.77.4.2"), Stage::Http, Outcome::Pass, "200", Some(2_000)),
            cell(here, Some("10.77.4.2"), Stage::Icmp, Outcome::CouldNotLook, "", None),
        ],
        evidence: vec![item(
            "e05",
            here,
            "ask:10.77.4.2",
            "http GET 10.77.4.2:8080",
            "connected in 0.6 ms, 200 OK after 1.2 ms, server \"nginx\"",
            None,
        )],
        ruled_out: Vec::new(),
        could_not_look: vec![CouldNotLook {
            what: "ICMP echo".to_owned(),
            missing: "net.ipv4.ping_group_range is \"1 0\"".to_owned(),
            vantages: strings(&[here]),
        }],
        next: Vec::new(),
    }
}

/// Large packets vanish between two routers; two vantages fail, many pass.
pub(crate) fn failing() -> Report {
    let mut report = healthy();
    let address = "10.77.4.2";
    let at = Some(address);
    let mut vantages: Vec<VantageInfo> = ["host/client", "pod/shop/cart-1"].map(|id| vantage(id, false)).to_vec();
    vantages.extend((1..=500).map(|n| vantage(&format!("node/worker-{n}"), false)));
    vantages.push(vantage("host/r1", true));
    let mut results = Vec::new();
    for bad in ["host/client", "pod/shop/cart-1"] {
        results.extend([
            cell(bad, None, Stage::Dns, Outcome::Pass, "", Some(1_100)),
            cell(bad, at, Stage::Route, Outcome::Pass, "", None),
            cell(bad, at, Stage::Tcp, Outcome::Pass, "", Some(640)),
            cell(bad, at, Stage::Http, Outcome::Fail, "stalled at 0 B", Some(5_000_000)),
            cell(bad, at, Stage::Icmp, Outcome::Pass, "", Some(700)),
            cell(bad, at, Stage::Pmtu, Outcome::Fail, "1400", None),
        ]);
    }
    for n in 1..=500 {
        let good = format!("node/worker-{n}");
        results.extend([
            cell(&good, None, Stage::Dns, Outcome::Pass, "", Some(900)),
            cell(&good, at, Stage::Route, Outcome::Pass, "", None),
            cell(&good, at, Stage::Tcp, Outcome::Pass, "", Some(n)),
            cell(&good, at, Stage::Http, Outcome::Pass, "200", Some(12_000)),
            cell(&good, at, Stage::Icmp, Outcome::Degraded, "", Some(700)),
            cell(&good, at, Stage::Pmtu, Outcome::Pass, "1500", None),
        ]);
    }
    report.vantages = vantages;
    report.results = results;
    report.run.command = strings(&["diagnose", "http://upload.lab:8080/", "--body", "64KiB"]);
    report.run.duration_ms = 4_118;
    report.verdict = Verdict {
        status: Status::Failing,
        location: Some(Location::Proved),
        summary: "packets over 1400 bytes vanish between r1 and r2, and nobody says \"too big\"".to_owned(),
        boundaries: vec![Finding {
            boundary: "path-mtu".to_owned(),
            cause: Some("blackhole".to_owned()),
            segment: Some("host/r1 → host/r2".to_owned()),
            between: strings(&["host/r1", "host/r2"]),
            certainty: Certainty::Proved,
            because: strings(&["e14", "e16"]),
            reason: "small passes, large stalls and the ladder ends at 1400 in silence".to_owned(),
        }],
        open: Vec::new(),
        noticed: vec![Noticed { text: "the certificate ends in 10 days".to_owned(), because: strings(&["e09"]) }],
        separated_by: vec![Separator {
            attribute: "size".to_owned(),
            failing: strings(&["65536"]),
            passing: strings(&["0"]),
            confirmed: true,
        }],
        scope: None,
        rate: None,
    };
    shown_below(&mut report);
    report
}

/// What stands below the matrix.
fn shown_below(report: &mut Report) {
    report.path = vec![
        node("host/client", Some("10.77.1.2"), Some(1500)),
        PathNode { broken_after: true, ..node("host/r1", Some("10.77.1.1"), Some(1500)) },
        node("host/r2", Some("10.77.2.2"), None),
        node("host/server", Some("10.77.4.2:8080"), None),
    ];
    report.evidence = vec![
        item(
            "e14",
            "host/client",
            "ask:10.77.4.2",
            "http POST 10.77.4.2:8080",
            "connected in 0.6 ms; TCP_INFO: mss 1448, retrans 6, unacked 10, rto 3.2 s, 0 bytes acked",
            Some("timed out: no answer within 5.0 s"),
        ),
        item(
            "e16",
            "host/client",
            "pmtu:10.77.4.2",
            "path MTU 10.77.4.2",
            "1400 passes, 1401 does not, nobody says \"too big\", hops: 10.77.1.1 1500; 10.77.2.2 1400",
            None,
        ),
    ];
    report.ruled_out = vec![RuledOut {
        boundary: "application".to_owned(),
        cause: Some("never-reads".to_owned()),
        why: "its receive window is open (64240 bytes)".to_owned(),
        because: strings(&["e01", "e02", "e03", "e14"]),
    }];
    report.next = vec![
        Next {
            kind: NextKind::Look,
            text: "by hand from the failing side: this passes, one byte more does not".to_owned(),
            command: Some("ping -M do -s 1372 -c 3 10.77.4.2".to_owned()),
        },
        Next {
            kind: NextKind::Change,
            text: "raise the MTU there, or let ICMP \"fragmentation needed\" pass".to_owned(),
            command: None,
        },
        Next {
            kind: NextKind::Read,
            text: "what this cause looks like".to_owned(),
            command: Some("meshctl explain path-mtu/blackhole".to_owned()),
        },
    ];
}

/// Nothing answers and one vantage can not say where.
pub(crate) fn narrowed() -> Report {
    let mut report = healthy();
    let open = |boundary: &str, cause: &str, meaning: &str, what: &str, command: Option<&str>| OpenQuestion {
        boundary: boundary.to_owned(),
        cause: Some(cause.to_owned()),
        meaning: meaning.to_owned(),
        decided_by: vec![Decider { what: what.to_owned(), command: command.map(str::to_owned) }],
    };
    let finding = |boundary: &str, cause: &str| Finding {
        boundary: boundary.to_owned(),
        cause: Some(cause.to_owned()),
        segment: None,
        between: Vec::new(),
        certainty: Certainty::Possible,
        because: strings(&["e05"]),
        reason: String::new(),
    };
    report.verdict.status = Status::Failing;
    report.verdict.location = Some(Location::Narrowed);
    report.verdict.summary = "nothing answers at 10.77.4.2:8080 from here".to_owned();
    report.verdict.boundaries =
        vec![finding("firewall", "drop"), finding("route", "blackhole"), finding("source-address", "acl-drop")];
    report.verdict.open = vec![
        open(
            "firewall",
            "drop",
            "a packet filter between the ends drops the packets",
            "a vantage elsewhere",
            Some("meshctl diagnose … --from ext/fra1"),
        ),
        open("route", "blackhole", "a router on the way discards without a word", "a vantage elsewhere", None),
        open("source-address", "acl-drop", "the target's side drops packets from this source", "another source", None),
    ];
    report.path = vec![
        node("local", Some("10.77.1.2"), None),
        PathNode { note: Some("last to answer".to_owned()), ..node("10.77.1.1", Some("10.77.1.1"), None) },
        node("10.77.4.2", Some("10.77.4.2:8080"), None),
    ];
    for cell in &mut report.results {
        match cell.stage {
            Stage::Tcp => (cell.outcome, cell.label) = (Outcome::Fail, "timeout".to_owned()),
            Stage::Http => (cell.outcome, cell.label) = (Outcome::NotReached, String::new()),
            _ => {}
        }
    }
    report.evidence = vec![item(
        "e05",
        "local",
        "ask:10.77.4.2",
        "http GET 10.77.4.2:8080",
        "3 SYN, 0 SYN-ACK, no ICMP",
        Some("Connection timed out (os error 110)"),
    )];
    report.run.status = RunStatus::TimedOut;
    report.run.unreachable = strings(&["ext/fra1 at 10.0.0.9:7443: Connection refused (os error 111)"]);
    report
}

/// 200 nodes with three Pods each; what worker-17 forwards is lost. Every section is as long as a fleet can make it.
pub(crate) fn fleet() -> Report {
    let mut report = failing();
    let at = Some("10.77.4.2");
    report.vantages.clear();
    report.results.clear();
    let nodes = (1..=200).map(|n| (n, format!("node/worker-{n}")));
    let pods = (1..=200).flat_map(|n| (1..=3).map(move |p| (n, format!("pod/shop/cart-{n}-{p}"))));
    for (n, id) in nodes.chain(pods) {
        let fails = n == 17 && id.starts_with("pod");
        let (outcome, label) = if fails { (Outcome::Fail, "timeout") } else { (Outcome::Pass, "") };
        let http = if fails { (Outcome::NotReached, "") } else { (Outcome::Pass, "200") };
        report.results.extend([
            cell(&id, None, Stage::Dns, Outcome::Pass, "", Some(900)),
            cell(&id, at, Stage::Route, Outcome::Pass, "", None),
            cell(&id, at, Stage::Tcp, outcome, label, Some(600 + n)),
            cell(&id, at, Stage::Http, http.0, http.1, Some(12_000)),
            cell(&id, at, Stage::Icmp, Outcome::Pass, "", Some(700)),
        ]);
        report.vantages.push(vantage(&id, false));
    }
    let many = |count: usize, of: &dyn Fn(usize) -> String| -> Vec<String> { (0..count).map(of).collect() };
    let long = "the same that hundreds of others of its kind saw, said at the length of a real sentence";
    let verdict = &mut report.verdict;
    verdict.summary = "node/worker-17 drops packets to 10.77.4.2:8080 (rule: tcp dport 8080 drop)".to_owned();
    verdict.boundaries = vec![Finding {
        boundary: "firewall".to_owned(),
        cause: Some("drop".to_owned()),
        segment: Some("node/worker-17".to_owned()),
        between: strings(&["node/worker-17"]),
        certainty: Certainty::Proved,
        because: many(8, &|n| format!("e{n}")),
        reason: "node/worker-17: tcp dport 8080 drop (inet wall forward)".to_owned(),
    }];
    verdict.scope = Some(Scope {
        failing: 3,
        passing: 797,
        unknown: 0,
        machines: 1,
        summary: "the 3 Pods of node/worker-17, which itself passes".to_owned(),
    });
    verdict.separated_by = vec![Separator {
        attribute: "gateway".to_owned(),
        failing: many(3, &|n| format!("10.60.17.{n}")),
        passing: many(597, &|n| format!("10.60.{}.{}", n / 3, n % 3)),
        confirmed: false,
    }];
    verdict.noticed = (0..12).map(|n| Noticed { text: format!("{n}: {long}"), because: Vec::new() }).collect();
    let ask = |n: usize| format!("ask:10.77.4.{n}");
    report.evidence = (0..40)
        .map(|n| {
            item(&format!("e{n}"), "pod/shop/cart-17-1", &ask(n), "http GET 10.77.4.2:8080", long, Some("timed out"))
        })
        .collect();
    report.ruled_out = (0..16)
        .map(|n| RuledOut {
            boundary: "application".to_owned(),
            cause: Some(format!("cause-{n}")),
            why: long.to_owned(),
            because: many(8, &|n| format!("e{n}")),
        })
        .collect();
    report.could_not_look = (0..12)
        .map(|n| CouldNotLook {
            what: format!("look {n}"),
            missing: long.to_owned(),
            vantages: many(800, &|n| format!("pod/{n}")),
        })
        .collect();
    report.run.unreachable = many(30, &|n| format!("node/away-{n} is connected and did not answer within 3 s"));
    report
}
