//! `meshctl probe`: one measurement from many places, without a verdict.

use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use mesh_diagnosis::report::Outcome;
use mesh_proto::v1::{
    DiagnoseEvent, DnsSpec, HttpSpec, IcmpSpec, MeasureRequest, MssSpec, Observation, PmtuSpec, ProbeSpec, Purpose,
    ResolveSpec, TcpSpec, TlsSpec, TraceSpec, coordinator_client::CoordinatorClient, diagnose_event::Event, probe_spec,
};
use prost::Message as _;
use serde_json::json;
use tonic::transport::Channel;

use super::{Context, diagnose::millis, drive::Stop};
use crate::{
    args::{Format, Hello, Kind, Probe},
    connect::{self, Peers},
    exit::{Code, Problem},
    render::{live, style::long_time, table},
    target,
};

mod fact;

/// MSS values of a ladder when none is named: Ethernet's, a tunnel's, the smallest that IPv4 must carry.
const MSS_LADDER: [u32; 3] = [1460, 1360, 536];
/// Bound of the look-up before a measurement.
const RESOLVE: Duration = Duration::from_secs(6);
/// MTU is a sixteen-bit number.
const PACKET_BYTES: u64 = 65_535;

/// What was typed, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
struct What {
    host: String,
    port: u32,
    tls: bool,
    path: String,
}

pub(crate) async fn run(args: &Probe, cx: &Context) -> Result<Code, Problem> {
    let what = what(args)?;
    let peers = Peers { named: args.asked.vantages.clone(), ..Peers::default() };
    let mut client = connect::reach(peers, cx).await?;
    let address = match (args.kind, what.host.parse::<IpAddr>()) {
        (Kind::Resolve | Kind::Dns, _) => String::new(),
        (_, Ok(address)) => address.to_string(),
        (_, Err(_)) => resolved(&mut client, args, &what, cx).await?,
    };
    let server = match (args.kind, args.server) {
        (Kind::Dns, None) => {
            return Err(Problem::usage("probe dns needs a server to ask").hint(format!(
                "meshctl probe dns {} --server 10.96.0.10; the system's own way is: meshctl probe resolve {}",
                what.host, what.host
            )));
        }
        (_, server) => server,
    };
    let probe = spec(args, &what, &address, server)?;
    let request = MeasureRequest {
        probe: Some(ProbeSpec {
            task: "measure".to_owned(),
            purpose: Purpose::Question.into(),
            timeout_ms: millis(args.timeout),
            connect_ms: 0,
            probe: Some(probe),
            ..Default::default()
        }),
        from: args.asked.selectors(),
        count: args.count,
        every_ms: millis(args.every),
    };
    let (rows, interrupted) = measure(&mut client, request, cx).await?;
    show(args, &rows, cx);
    let failed = rows.values().flatten().any(|obs| live::outcome(obs) == Outcome::Fail);
    let asked = rows.values().flatten().any(|obs| live::outcome(obs) != Outcome::CouldNotLook);
    Ok(match (interrupted, cx.global.fail_on) {
        (true, _) => Code::Interrupted,
        (_, crate::args::FailOn::Never) => Code::Good,
        _ if failed => Code::Failing,
        _ if asked => Code::Good,
        _ => Code::Unknown,
    })
}

fn what(args: &Probe) -> Result<What, Problem> {
    let typed = &args.target;
    let url = |target: mesh_proto::v1::Target| What {
        tls: target.scheme == "https",
        host: target.host,
        port: target.port,
        path: target.path,
    };
    match args.kind {
        Kind::Http => {
            let target = target::parse(typed)?;
            if target.bare_name || matches!(target.scheme.as_str(), "http" | "https") {
                return Ok(url(target));
            }
            Err(Problem::usage(format!("probe http {typed:?}: not an http or https URL")))
        }
        Kind::Tcp | Kind::Mss | Kind::Trace => {
            let target = target::parse(typed)?;
            if target.bare_name {
                return Err(Problem::usage(format!("target {typed:?}: has no port")).hint(format!("write {typed}:443")));
            }
            Ok(url(target))
        }
        Kind::Tls | Kind::Icmp | Kind::Pmtu => target::parse(typed).map(url),
        Kind::Resolve | Kind::Dns => {
            let target = target::parse(typed)?;
            if !target.bare_name {
                return Err(Problem::usage(format!("target {typed:?}: a name is asked, without scheme and port")));
            }
            Ok(url(target))
        }
    }
}

fn spec(
    args: &Probe,
    what: &What,
    address: &str,
    server: Option<std::net::SocketAddr>,
) -> Result<probe_spec::Probe, Problem> {
    let (name, address, port) = (what.host.clone(), address.to_owned(), what.port);
    let own = if name.parse::<IpAddr>().is_ok() { String::new() } else { name.clone() };
    let sni = args.sni.clone().unwrap_or(own);
    let packet = match args.size {
        Some(bytes) if bytes > PACKET_BYTES && args.kind != Kind::Http => {
            return Err(Problem::usage(format!("--size {bytes}: a packet has at most {PACKET_BYTES} bytes")));
        }
        size => u32::try_from(size.unwrap_or(0)).unwrap_or(0),
    };
    Ok(match args.kind {
        Kind::Resolve => probe_spec::Probe::Resolve(ResolveSpec { name, family: String::new() }),
        Kind::Dns => probe_spec::Probe::Dns(DnsSpec {
            server: server.map(|server| server.ip().to_string()).unwrap_or_default(),
            port: server.map_or(0, |server| server.port().into()),
            name,
            r#type: args.record.to_ascii_uppercase(),
            transport: if args.tcp { "tcp" } else { "udp" }.to_owned(),
            edns_bytes: args.edns,
            ..Default::default()
        }),
        Kind::Tcp => probe_spec::Probe::Tcp(TcpSpec {
            name,
            address,
            port,
            single_syn: false,
            greet_ms: 0,
            ..Default::default()
        }),
        Kind::Tls => probe_spec::Probe::Tls(TlsSpec {
            name,
            address,
            port,
            sni,
            alpn: args.alpn.clone(),
            version: args.tls_version.clone().unwrap_or_default(),
            large_hello: args.hello == Hello::Large,
            wide: args.hello == Hello::Wide,
            ..TlsSpec::default()
        }),
        Kind::Http => {
            let body_bytes = args.size.unwrap_or(0);
            probe_spec::Probe::Http(HttpSpec {
                name,
                address,
                port,
                tls: what.tls,
                sni,
                method: if body_bytes > 0 { "POST" } else { "GET" }.to_owned(),
                path: if what.path.is_empty() { "/".to_owned() } else { what.path.clone() },
                body_bytes,
                version: if args.http2 { "2" } else { "" }.to_owned(),
                idle_ms: args.idle.map_or(0, millis),
                large_hello: args.hello == Hello::Large,
                ..HttpSpec::default()
            })
        }
        Kind::Icmp => probe_spec::Probe::Icmp(IcmpSpec { address, packet_bytes: packet, count: 1 }),
        Kind::Pmtu => probe_spec::Probe::Pmtu(PmtuSpec { name, address, port, max_bytes: packet, hops: true }),
        Kind::Mss => {
            let mss = if packet > 0 { vec![packet] } else { MSS_LADDER.to_vec() };
            probe_spec::Probe::Mss(MssSpec { name, address, port, mss })
        }
        Kind::Trace => {
            let protocol = if args.udp { "udp" } else { "tcp" }.to_owned();
            // By UDP the ports that nobody serves are asked, as traceroute(8) does.
            let port = if args.udp { 0 } else { port };
            probe_spec::Probe::Trace(TraceSpec { name, address, port, protocol, max_hops: 0 })
        }
    })
}

/// The name's address, asked the way the vantages' applications ask; the first is taken for all of them.
async fn resolved(
    client: &mut CoordinatorClient<Channel>,
    args: &Probe,
    what: &What,
    cx: &Context,
) -> Result<String, Problem> {
    let resolve = ResolveSpec { name: what.host.clone(), family: String::new() };
    let request = MeasureRequest {
        probe: Some(ProbeSpec {
            task: "resolve".to_owned(),
            purpose: Purpose::Question.into(),
            timeout_ms: millis(RESOLVE),
            connect_ms: 0,
            probe: Some(probe_spec::Probe::Resolve(resolve)),
            ..Default::default()
        }),
        from: args.asked.selectors(),
        count: 1,
        every_ms: 0,
    };
    let (rows, interrupted) = collect(client, request, |_| {}).await?;
    if interrupted {
        return Err(Problem::interrupted(format!("interrupted while {} was resolved", what.host)));
    }
    let mut addresses: Vec<String> = Vec::new();
    for address in rows.values().flatten().filter_map(|obs| obs.resolve.as_ref()).flat_map(|r| &r.addresses) {
        if !addresses.contains(address) {
            addresses.push(address.clone());
        }
    }
    let Some(first) = addresses.first().cloned() else {
        let why = rows.values().flatten().map(fact::of).next().unwrap_or_else(|| "nothing was seen".to_owned());
        return Err(Problem { code: Code::Failing, ..Problem::could_not_run(format!("{}: {why}", what.host)) }
            .hint(format!("meshctl diagnose {}", args.target)));
    };
    if addresses.len() > 1 {
        cx.out.note(&format!("asking {first}, one of {} addresses of {}", addresses.len(), what.host));
    }
    Ok(first)
}

type Rows = BTreeMap<String, Vec<Observation>>;

async fn measure(
    client: &mut CoordinatorClient<Channel>,
    request: MeasureRequest,
    cx: &Context,
) -> Result<(Rows, bool), Problem> {
    collect(client, request, |obs| {
        if cx.out.format == Format::Jsonl
            && let Ok(fields) = serde_json::to_value(obs)
        {
            cx.out.document("ProbeResult", json!({ "observation": fields }));
        }
    })
    .await
}

/// Everything a measurement brings, until it ends or is stopped.
async fn collect(
    client: &mut CoordinatorClient<Channel>,
    request: MeasureRequest,
    mut each: impl FnMut(&Observation),
) -> Result<(Rows, bool), Problem> {
    let mut stop = Stop::listen()?;
    let mut rows = Rows::new();
    let mut stream = tokio::select! {
        stream = client.measure(request) => stream?.into_inner(),
        () = stop.asked() => return Ok((rows, true)),
    };
    loop {
        let message = tokio::select! {
            message = stream.message() => message?,
            () = stop.asked() => return Ok((rows, true)),
        };
        match message {
            None | Some(DiagnoseEvent { event: Some(Event::Finished(_)) }) => return Ok((rows, false)),
            Some(DiagnoseEvent { event: Some(Event::Started(started)) }) => {
                for vantage in started.vantages {
                    rows.entry(vantage.id).or_default();
                }
            }
            Some(DiagnoseEvent { event: Some(Event::Item(item)) }) => {
                if let Ok(observation) = Observation::decode(item.observation.as_slice()) {
                    each(&observation);
                    rows.entry(observation.vantage.clone()).or_default().push(observation);
                }
            }
            Some(_) => {}
        }
    }
}

/// One vantage's measurements, counted.
struct Summary {
    asked: usize,
    passed: usize,
    /// Of those that passed, microseconds: p50, p90, p99.
    times: Option<[u64; 3]>,
    last: String,
    outcome: Outcome,
}

fn summary(observations: &[Observation]) -> Summary {
    let passed: Vec<&Observation> = observations.iter().filter(|obs| live::outcome(obs) == Outcome::Pass).collect();
    let mut times: Vec<u64> =
        passed.iter().filter_map(|obs| obs.timing.as_ref()).map(|timing| timing.duration_us).collect();
    times.sort_unstable();
    // Nearest rank: of few measurements the p99 is the slowest.
    let rank = |percent: usize| times.get((times.len() * percent).div_ceil(100).saturating_sub(1)).copied();
    let worst = observations.iter().find(|obs| live::outcome(obs) == Outcome::Fail).or(observations.last());
    Summary {
        asked: observations.len(),
        passed: passed.len(),
        times: rank(50).zip(rank(90)).zip(rank(99)).map(|((p50, p90), p99)| [p50, p90, p99]),
        last: worst.map_or_else(|| "nothing came back".to_owned(), fact::of),
        outcome: worst.map_or(Outcome::CouldNotLook, live::outcome),
    }
}

fn show(args: &Probe, rows: &Rows, cx: &Context) {
    if cx.out.format == Format::Jsonl {
        return;
    }
    if cx.out.format == Format::Json {
        let vantages: Vec<_> = rows
            .iter()
            .map(|(vantage, observations)| {
                let summary = summary(observations);
                let [p50, p90, p99] = summary.times.map_or([None; 3], |times| times.map(Some));
                json!({ "vantage": vantage, "asked": summary.asked, "passed": summary.passed, "p50_us": p50,
                        "p90_us": p90, "p99_us": p99, "observations": observations })
            })
            .collect();
        cx.out.document("Measurement", json!({ "target": args.target, "vantages": vantages }));
        return;
    }
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|(vantage, observations)| {
            let summary = summary(observations);
            let times = summary.times.map_or(["-".to_owned(), "-".to_owned(), "-".to_owned()], |t| t.map(long_time));
            let [p50, p90, p99] = times;
            let glyph = cx.out.style.glyph(summary.outcome).to_owned();
            let passed = format!("{}/{}", summary.passed, summary.asked);
            if args.count == 1 {
                vec![glyph, cx.out.clean(vantage), p50, cx.out.clean(&summary.last)]
            } else {
                vec![glyph, cx.out.clean(vantage), passed, p50, p90, p99, cx.out.clean(&summary.last)]
            }
        })
        .collect();
    let head: &[&str] = if args.count == 1 {
        &["", "VANTAGE", "TIME", "SEEN"]
    } else {
        &["", "VANTAGE", "PASS", "P50", "P90", "P99", "SEEN"]
    };
    cx.out.stdout(&table::text(head, &lines));
}

#[cfg(test)]
mod tests {
    use mesh_proto::v1 as pb;

    use super::*;

    #[test]
    fn percentiles_are_of_what_passed() {
        let observation = |us: u64, outcome: pb::Outcome| Observation {
            outcome: outcome.into(),
            timing: Some(pb::Timing { duration_us: us, ..Default::default() }),
            ..Default::default()
        };
        let mut all: Vec<Observation> = (1..=100).map(|n| observation(n * 1_000, pb::Outcome::Pass)).collect();
        all.push(observation(9_000_000, pb::Outcome::Fail));
        let summary = summary(&all);
        assert_eq!((summary.asked, summary.passed), (101, 100));
        assert_eq!(summary.times, Some([50_000, 90_000, 99_000]));
        assert_eq!(summary.outcome, Outcome::Fail);
    }

    #[test]
    fn nothing_that_passed_has_no_percentiles() {
        let summary = summary(&[]);
        assert_eq!((summary.times, summary.outcome), (None, Outcome::CouldNotLook));
    }
}
