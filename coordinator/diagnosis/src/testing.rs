//! Observations by hand, for the tests under the rules.

use std::{collections::BTreeSet, time::Duration};

use mesh_proto::v1 as pb;

use crate::{Case, Ended, evidence::View, report::Report};

/// A run that is put together observation by observation.
#[derive(Debug, Clone)]
pub(crate) struct World {
    request: pb::DiagnoseRequest,
    vantages: Vec<pb::Vantage>,
    observations: Vec<pb::Observation>,
}

impl World {
    /// A run against `scheme://host:port/`.
    pub(crate) fn new(scheme: &str, host: &str, port: u16) -> Self {
        let target = pb::Target {
            input: format!("{scheme}://{host}:{port}/"),
            scheme: scheme.to_owned(),
            host: host.to_owned(),
            port: port.into(),
            path: "/".to_owned(),
            bare_name: false,
        };
        let request = pb::DiagnoseRequest {
            target: Some(target),
            want: Some(pb::Want::default()),
            deadline_ms: 20_000,
            ..Default::default()
        };
        Self { request, vantages: Vec::new(), observations: Vec::new() }
    }

    pub(crate) fn want(mut self, want: pb::Want) -> Self {
        self.request.want = Some(want);
        self
    }

    /// A vantage on a machine of its own.
    pub(crate) fn vantage(mut self, id: &str, addresses: &[&str]) -> Self {
        self.vantages.push(pb::Vantage {
            id: id.to_owned(),
            kind: id.split('/').next().unwrap_or_default().to_owned(),
            witness: id.to_owned(),
            addresses: addresses.iter().map(|&text| text.to_owned()).collect(),
            ..Default::default()
        });
        self
    }

    /// The last vantage only looks.
    pub(crate) fn observing(mut self) -> Self {
        self.vantages.last_mut().unwrap().observer = true;
        self
    }

    /// The last vantage shares its kernel with another.
    pub(crate) fn on(mut self, witness: &str) -> Self {
        let last = self.vantages.last_mut().unwrap();
        witness.clone_into(&mut last.witness);
        witness.trim_start_matches("node/").clone_into(&mut last.node);
        self
    }

    /// An observation of `vantage` as it would arrive, changed by `with`.
    pub(crate) fn seen(mut self, vantage: &str, task: &str, with: impl FnOnce(&mut pb::Observation)) -> Self {
        let own = self.vantages.iter().find(|known| known.id == vantage).expect("a known vantage");
        let mut obs = pb::Observation {
            run: "test".to_owned(),
            round: 1,
            vantage: vantage.to_owned(),
            task: task.to_owned(),
            asked: task.to_owned(),
            purpose: pb::Purpose::Question.into(),
            outcome: pb::Outcome::Pass.into(),
            local_address: own.addresses.first().cloned().unwrap_or_default(),
            timing: Some(pb::Timing { duration_us: 1_000, ..Default::default() }),
            ..Default::default()
        };
        with(&mut obs);
        self.observations.push(obs);
        self
    }

    /// Everything until here was seen by another run.
    pub(crate) fn of_run(mut self, run: &str) -> Self {
        self.observations.iter_mut().for_each(|observation| run.clone_into(&mut observation.run));
        self
    }

    /// This run continues another; `gone` can't be asked any more.
    pub(crate) fn continuing(mut self, run: &str, gone: &[&str]) -> Self {
        run.clone_into(&mut self.request.resume);
        self.vantages.iter_mut().for_each(|vantage| vantage.earlier = gone.contains(&vantage.id.as_str()));
        self
    }

    /// Vantages that the following rounds ask.
    pub(crate) fn asked_vantages(&self) -> Vec<String> {
        let mut case = Case::new("test", 0, self.request.clone(), self.vantages.clone());
        for observation in self.observations.clone() {
            case.absorb(observation);
        }
        let rounds = std::iter::from_fn(move || case.next_round(Duration::ZERO));
        rounds.flat_map(|round| round.tasks).map(|tasks| tasks.vantage).collect()
    }

    fn ask(self, vantage: &str, role: &str, address: &str, with: impl FnOnce(&mut pb::Observation)) -> Self {
        let port = self.request.target.as_ref().unwrap().port;
        self.seen(vantage, &format!("{role}:{address}"), |obs| {
            address.clone_into(&mut obs.address);
            obs.port = port;
            obs.protocol = "tcp".to_owned();
            obs.tcp = Some(pb::TcpDetail { queue_read: true, ..Default::default() });
            with(obs);
        })
    }

    pub(crate) fn answers(self, vantage: &str, role: &str, address: &str, status: u32, after_us: u64) -> Self {
        self.ask(vantage, role, address, |obs| {
            obs.tcp.as_mut().unwrap().connected = true;
            obs.timing.as_mut().unwrap().duration_us = after_us;
            obs.http =
                Some(pb::HttpDetail { status, first_byte_us: Some(after_us), complete: true, ..Default::default() });
        })
    }

    pub(crate) fn refused(self, vantage: &str, address: &str, icmp: Option<&str>) -> Self {
        self.ask(vantage, "ask", address, |obs| {
            obs.outcome = pb::Outcome::Fail.into();
            obs.failure = Some(failure("connect", "ECONNREFUSED", 111, "Connection refused (os error 111)", "errno"));
            obs.tcp.as_mut().unwrap().icmp = icmp.map(|offender| pb::IcmpError {
                r#type: 3,
                code: 3,
                offender: offender.to_owned(),
                mtu: None,
                origin: 2,
            });
        })
    }

    pub(crate) fn silent(self, vantage: &str, role: &str, address: &str) -> Self {
        self.ask(vantage, role, address, |obs| {
            obs.outcome = pb::Outcome::Fail.into();
            obs.failure = Some(failure("connect", "", 0, "no answer after 3300 ms", "timeout"));
        })
    }

    /// The request was taken and nothing came back; with a body, only `acked` bytes of it were taken.
    pub(crate) fn hangs(self, vantage: &str, role: &str, address: &str, body: u64, acked: u64) -> Self {
        self.ask(vantage, role, address, |obs| {
            obs.outcome = pb::Outcome::Fail.into();
            obs.failure = Some(failure("response", "", 0, "no answer after 5000 ms", "timeout"));
            obs.payload_bytes = body;
            let tcp = obs.tcp.as_mut().unwrap();
            tcp.connected = true;
            tcp.info = Some(pb::TcpInfo {
                total_retrans: u32::from(body > acked) * 6,
                unacked: u32::from(body > acked) * 10,
                snd_wnd: Some(64_000),
                ..Default::default()
            });
            obs.http = Some(pb::HttpDetail { body_bytes_sent: acked, ..Default::default() });
        })
    }

    pub(crate) fn sockets(self, vantage: &str, listeners: &[(&str, u32)]) -> Self {
        let rows = listeners.iter().map(|(address, port)| pb::SocketRow {
            state: "LISTEN".to_owned(),
            protocol: "tcp".to_owned(),
            local_address: (*address).to_owned(),
            local_port: *port,
            send_queue: 128,
            ..Default::default()
        });
        let listeners = rows.collect();
        self.seen(vantage, "listeners", |obs| {
            obs.sockets = Some(pb::SocketDetail { listeners, peers: Vec::new(), complete: true });
        })
    }

    pub(crate) fn rule(self, vantage: &str, rule: pb::FirewallRule) -> Self {
        self.seen(vantage, "firewall", |obs| {
            obs.firewall = Some(pb::FirewallDetail { rules: vec![rule], rules_seen: 1, ..Default::default() });
        })
    }

    /// A ladder: largest passed, smallest lost, and per hop its address and whether large packets reached it.
    pub(crate) fn ladder(
        self,
        vantage: &str,
        address: &str,
        passed: u32,
        lost: Option<u32>,
        hops: &[(&str, bool)],
    ) -> Self {
        let distance = hops.len();
        let hops = hops.iter().zip(1..).map(|((hop, large), ttl)| pb::PmtuHop {
            ttl,
            address: (*hop).to_owned(),
            small_answered: true,
            largest_answered: Some(if *large { lost.unwrap_or(passed) } else { passed }),
            is_target: usize::try_from(ttl).unwrap() == distance,
        });
        let hops = hops.collect();
        self.seen(vantage, &format!("pmtu:{address}"), |obs| {
            address.clone_into(&mut obs.address);
            obs.pmtu =
                Some(pb::PmtuDetail { passed_bytes: Some(passed), lost_bytes: lost, hops, ..Default::default() });
        })
    }

    /// A trace by TCP: the routers that answered, then silence, or what the target said.
    pub(crate) fn trace(self, vantage: &str, address: &str, port: u32, routers: &[&str], end: &str) -> Self {
        let answer = |ttl: u32, who: &str, answer: &str| pb::TraceHop {
            ttl,
            address: who.to_owned(),
            answer: answer.to_owned(),
            ..Default::default()
        };
        let mut hops: Vec<pb::TraceHop> =
            (1..).zip(routers).map(|(ttl, router)| answer(ttl, router, "time-exceeded")).collect();
        let last = u32::try_from(hops.len()).unwrap() + 1;
        hops.push(if end.is_empty() { answer(last, "", "") } else { answer(last, address, end) });
        self.seen(vantage, &format!("trace:{address}/{port}"), |obs| {
            address.clone_into(&mut obs.address);
            obs.port = port;
            let protocol = "tcp".to_owned();
            obs.trace = Some(pb::TraceDetail { protocol, port, hops, reached: !end.is_empty() });
        })
    }

    /// The control that must fail does: a port nobody serves answers with a reset.
    pub(crate) fn control(self, vantage: &str, address: &str, port: u32) -> Self {
        self.seen(vantage, &format!("control-port:{address}"), |obs| {
            address.clone_into(&mut obs.address);
            obs.port = port;
            obs.outcome = pb::Outcome::Fail.into();
            obs.tcp = Some(pb::TcpDetail { queue_read: true, ..Default::default() });
            obs.failure = Some(failure("connect", "ECONNREFUSED", 111, "Connection refused (os error 111)", "errno"));
        })
    }

    /// The exchange is reset: by a segment of this TTL and form, in a flow whose SYN-ACK had another or the same.
    pub(crate) fn reset(self, vantage: &str, address: &str, syn_ack_ttl: u32, ttl: u32, live: bool) -> Self {
        let packet = |sent: bool, flags: u32, ttl: u32, window: u32| pb::WatchedPacket {
            sent,
            flags,
            ttl,
            window,
            options: if window > 0 { 8 } else { 0 },
            ..Default::default()
        };
        self.ask(vantage, "ask", address, |obs| {
            obs.outcome = pb::Outcome::Fail.into();
            obs.tcp.as_mut().unwrap().connected = true;
            obs.http = Some(pb::HttpDetail::default());
            obs.failure =
                Some(failure("response", "ECONNRESET", 104, "Connection reset by peer (os error 104)", "errno"));
            let packets = vec![
                packet(true, 2, 64, 64_240),
                packet(false, 18, syn_ack_ttl, 65_160),
                packet(false, 4, ttl, if live { 510 } else { 0 }),
            ];
            obs.watch = Some(pb::WatchDetail { packets, works: true, ..Default::default() });
        })
    }

    /// The first request is answered; after a pause the same connection meets `reuse`.
    pub(crate) fn reused(self, vantage: &str, address: &str, reuse: pb::ReuseDetail) -> Self {
        self.ask(vantage, "ask", address, |obs| {
            obs.outcome = pb::Outcome::Fail.into();
            obs.tcp.as_mut().unwrap().connected = true;
            obs.failure = Some(failure("reuse", &reuse.errno_name, 0, &reuse.text, &reuse.how));
            obs.http = Some(pb::HttpDetail { status: 200, complete: true, reuse: Some(reuse), ..Default::default() });
        })
    }

    /// Tasks of the round that follows once the question was asked.
    pub(crate) fn next_tasks(&self) -> Vec<String> {
        let mut case = Case::new("test", 0, self.request.clone(), self.vantages.clone());
        let mut tasks = Vec::new();
        // The names; what is known by hand takes the place of the question.
        drop(case.next_round(Duration::ZERO));
        for observation in self.observations.clone() {
            case.absorb(observation);
        }
        while let Some(round) = case.next_round(Duration::ZERO) {
            tasks.extend(round.tasks.into_iter().flat_map(|tasks| tasks.probes).map(|probe| probe.task));
        }
        tasks
    }

    /// Everything seen, to be changed by hand.
    pub(crate) fn observations(&mut self) -> &mut [pb::Observation] {
        &mut self.observations
    }

    /// What is lifted from it.
    pub(crate) fn view<T>(&self, of: impl FnOnce(&View<'_>) -> T) -> T {
        of(&View::lift(&self.request, &self.vantages, &self.observations))
    }

    /// Vantages that the rounds after the observed ones would ask.
    pub(crate) fn later_askers(&self) -> BTreeSet<String> {
        let mut case = Case::new("test", 0, self.request.clone(), self.vantages.clone());
        drop(case.next_round(Duration::ZERO));
        for observation in self.observations.clone() {
            case.absorb(observation);
        }
        case.next_round(Duration::ZERO).into_iter().flat_map(|round| round.tasks).map(|tasks| tasks.vantage).collect()
    }

    pub(crate) fn report(&self) -> Report {
        let mut case = Case::new("test", 0, self.request.clone(), self.vantages.clone());
        for observation in self.observations.clone() {
            case.absorb(observation);
        }
        case.report(&Ended { duration: Duration::from_secs(1), status: "complete".to_owned(), ..Default::default() })
    }

    /// What is said when it is cut short here.
    pub(crate) fn interrupted(&self) -> Report {
        let mut case = Case::new("test", 0, self.request.clone(), self.vantages.clone());
        for observation in self.observations.clone() {
            case.absorb(observation);
        }
        case.report(&Ended { status: "interrupted".to_owned(), ..Default::default() })
    }

    /// The same run with its observations in another order.
    pub(crate) fn reversed(mut self) -> Self {
        self.observations.reverse();
        self
    }
}

pub(crate) fn failure(stage: &str, errno_name: &str, errno: i32, text: &str, how: &str) -> pb::Failure {
    pb::Failure {
        stage: stage.to_owned(),
        errno_name: errno_name.to_owned(),
        errno,
        text: text.to_owned(),
        how: how.to_owned(),
        ..Default::default()
    }
}

/// A rule that drops or rejects everything its fields allow.
pub(crate) fn rule(hook: &str, verdict: &str) -> pb::FirewallRule {
    pb::FirewallRule {
        family: "inet".to_owned(),
        table: "fault".to_owned(),
        chain: hook.to_owned(),
        hook: hook.to_owned(),
        verdict: verdict.to_owned(),
        text: verdict.to_owned(),
        understood: true,
        ..Default::default()
    }
}

/// "failing proved path-mtu/blackhole" or "failing narrowed a/b c/d", sorted.
pub(crate) fn said(report: &Report) -> String {
    let word = |value: serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    let status = word(serde_json::to_value(report.verdict.status).unwrap());
    let location = word(serde_json::to_value(report.verdict.location).unwrap());
    let mut causes: Vec<String> = report
        .verdict
        .boundaries
        .iter()
        .map(|finding| format!("{}/{}", finding.boundary, finding.cause.clone().unwrap_or_default()))
        .collect();
    causes.sort();
    format!("{status} {location} {}", causes.join(" ")).trim().to_owned()
}
