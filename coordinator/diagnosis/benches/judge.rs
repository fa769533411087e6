//! What judging a kept run costs beside its floor, which is unpacking and checking the bundle it comes in. One thread, so
//! that time is processor time: `cargo bench -p mesh-diagnosis`.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement reads the clock and the cases, and prints; the crate itself does neither"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use mesh_diagnosis::{Case, Ended};
use mesh_proto::{bundle, v1 as pb};

/// Rounds over all cases; the best of them has least of what else the machine does.
const ROUNDS: usize = 5;

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the cases folder exists") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "mesh") {
            found.push(path);
        }
    }
}

fn best(mut round: impl FnMut()) -> Duration {
    let once = |round: &mut dyn FnMut()| {
        let began = Instant::now();
        round();
        began.elapsed()
    };
    (0..ROUNDS).map(|_| once(&mut round)).min().unwrap_or_default()
}

/// What 200 nodes with some Pods each tell in the first round; those of one node get no answer.
fn fleet(pods: usize) -> (Vec<pb::Vantage>, Vec<pb::Observation>) {
    let mut vantages = Vec::new();
    let mut observations = Vec::new();
    for (node, pod) in (0..200).flat_map(|node| (0..=pods).map(move |pod| (node, pod))) {
        let (id, kind) =
            if pod == 0 { (format!("node/w{node}"), "node") } else { (format!("pod/shop/p{node}-{pod}"), "pod") };
        let own = format!("10.{pod}.{node}.2");
        let silent = node == 17 && pod > 0;
        let told = |task: &str, with: &dyn Fn(&mut pb::Observation)| {
            let mut obs = pb::Observation {
                round: 1,
                vantage: id.clone(),
                task: task.to_owned(),
                asked: task.to_owned(),
                address: "10.250.0.2".to_owned(),
                port: 8080,
                local_address: own.clone(),
                outcome: pb::Outcome::Pass.into(),
                timing: Some(pb::Timing { duration_us: 900, ..Default::default() }),
                ..Default::default()
            };
            with(&mut obs);
            obs
        };
        let fails = |obs: &mut pb::Observation| {
            obs.outcome = pb::Outcome::Fail.into();
            let how = "timeout".to_owned();
            obs.failure = Some(pb::Failure { stage: "connect".to_owned(), how, ..Default::default() });
            obs.tcp = Some(pb::TcpDetail { queue_read: true, ..Default::default() });
        };
        observations.push(told("ask:10.250.0.2", &|obs| {
            obs.tcp = Some(pb::TcpDetail { connected: true, ..Default::default() });
            obs.http = Some(pb::HttpDetail { status: 200, complete: true, ..Default::default() });
            if silent {
                obs.http = None;
                fails(obs);
            }
        }));
        observations.push(told("control-port:10.250.0.2", &fails));
        observations.push(told("control-net:192.0.2.1", &|obs| {
            fails(obs);
            "192.0.2.1".clone_into(&mut obs.address);
        }));
        observations.push(told("echo:10.250.0.2", &|obs| obs.icmp = Some(pb::IcmpDetail::default())));
        observations.push(told("routes", &|obs| obs.routes = Some(pb::RouteDetail::default())));
        observations.push(told("sockets", &|obs| {
            obs.sockets = Some(pb::SocketDetail { complete: true, ..Default::default() });
        }));
        vantages.push(pb::Vantage {
            node: if pod > 0 { format!("w{node}") } else { String::new() },
            witness: format!("w{node}"),
            addresses: vec![own.clone()],
            kind: kind.to_owned(),
            id,
            ..Default::default()
        });
    }
    (vantages, observations)
}

/// Planning the next round and reporting, as the vantages grow: each doubling is to cost about twice.
fn fleets() {
    for pods in [0, 1, 3, 7] {
        let (vantages, observations) = fleet(pods);
        let target = pb::Target {
            input: "http://10.250.0.2:8080/".to_owned(),
            scheme: "http".to_owned(),
            host: "10.250.0.2".to_owned(),
            port: 8080,
            path: "/".to_owned(),
            ..Default::default()
        };
        let request = pb::DiagnoseRequest { target: Some(target), deadline_ms: 20_000, ..Default::default() };
        let count = vantages.len();
        let mut case = Case::new("bench", 0, request, vantages);
        case.next_round(Duration::ZERO).expect("the question");
        for observation in observations {
            case.absorb(observation);
        }
        let planned = best(|| {
            std::hint::black_box(case.clone().next_round(Duration::from_secs(1)));
        });
        let reported = best(|| {
            std::hint::black_box(case.report(&Ended::default()));
        });
        println!("{count} vantages: planning a round {planned:.1?}, reporting {reported:.1?}");
    }
}

fn main() {
    fleets();
    let mut paths = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("cases"), &mut paths);
    let packed: Vec<Vec<u8>> = paths.iter().map(|path| fs::read(path).expect("read")).collect();
    let bundles: Vec<bundle::Bundle> = packed.iter().map(|bytes| bundle::read(bytes).expect("a bundle")).collect();
    let floor = best(|| {
        for bytes in &packed {
            std::hint::black_box(bundle::read(bytes).expect("a bundle"));
        }
    });
    let judged = best(|| {
        for kept in &bundles {
            std::hint::black_box(mesh_diagnosis::replay(kept).expect("replay"));
        }
    });
    let each = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(u32::try_from(paths.len()).unwrap_or(1));
    println!(
        "{} runs: unpacking {:.0} µs each, judging {:.0} µs each, {:.2} times the floor",
        paths.len(),
        each(floor),
        each(judged),
        judged.as_secs_f64() / floor.as_secs_f64()
    );
}
