//! Follows one run from the request to the report: events, Ctrl-C, deadlines.

use std::{future::pending, time::Duration};

use mesh_diagnosis::report::Report;
use mesh_proto::v1::{
    DiagnoseEvent, DiagnoseRequest, Finished, InterruptRequest, Observation, coordinator_client::CoordinatorClient,
    diagnose_event::Event,
};
use prost::Message as _;
use serde_json::json;
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    time::{Instant, interval, sleep_until},
};
use tonic::{Streaming, transport::Channel};

use super::Context;
use crate::{
    args::Format,
    exit::{self, Code, Problem},
    render::{Saved, live::Live},
};

/// Redraws of the live view in a second: eight.
const REDRAW: Duration = Duration::from_millis(125);
/// From Ctrl-C until the report must be there.
const GRACE: Duration = Duration::from_secs(1);
/// A coordinator that is later than its deadline by this much is asked to stop.
const OVERDUE: Duration = Duration::from_millis(400);

/// Ctrl-C and a polite kill, for as long as a command runs.
pub(crate) struct Stop {
    interrupt: Signal,
    terminate: Signal,
}

impl Stop {
    pub(crate) fn listen() -> Result<Self, Problem> {
        let failed = |e: std::io::Error| Problem::could_not_run(format!("signals can't be received: {e}"));
        Ok(Self {
            interrupt: signal(SignalKind::interrupt()).map_err(failed)?,
            terminate: signal(SignalKind::terminate()).map_err(failed)?,
        })
    }

    /// Completes at the next of either.
    pub(crate) async fn asked(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// What goes on while events are awaited.
struct Going {
    client: CoordinatorClient<Channel>,
    run: String,
    /// The user asked to stop.
    interrupted: bool,
    /// When waiting ends whatever happens.
    give_up: Option<Instant>,
    overdue: Option<Instant>,
}

/// Asks, follows and prints; the code is the report's.
pub(crate) async fn run(
    client: CoordinatorClient<Channel>,
    request: DiagnoseRequest,
    live: &mut Live<'_>,
    cx: &Context,
) -> Result<Code, Problem> {
    let mut stop = Stop::listen()?;
    let finished = finished(client, request, &mut stop, live, cx).await;
    live.end();
    show(&finished?, cx)
}

/// Asks and follows until the report is there.
pub(crate) async fn finished(
    mut client: CoordinatorClient<Channel>,
    request: DiagnoseRequest,
    stop: &mut Stop,
    live: &mut Live<'_>,
    cx: &Context,
) -> Result<Finished, Problem> {
    let deadline = Duration::from_millis(request.deadline_ms.into());
    let mut going = Going {
        client: client.clone(),
        run: String::new(),
        interrupted: false,
        give_up: None,
        overdue: Some(Instant::now() + deadline + OVERDUE),
    };
    let asked = client.diagnose(request);
    tokio::pin!(asked);
    let mut ticks = interval(REDRAW);
    let stream = loop {
        tokio::select! {
            stream = &mut asked => break stream,
            () = stop.asked() => break Err(tonic::Status::cancelled("")),
            _ = ticks.tick() => live.redraw(),
        }
    };
    match stream {
        Ok(stream) => follow(stream.into_inner(), &mut going, stop, live, cx).await,
        Err(status) if status.code() == tonic::Code::Cancelled && status.message().is_empty() => {
            Err(Problem::interrupted("interrupted before anything was asked"))
        }
        Err(status) => Err(status.into()),
    }
}

async fn follow(
    mut stream: Streaming<DiagnoseEvent>,
    going: &mut Going,
    stop: &mut Stop,
    live: &mut Live<'_>,
    cx: &Context,
) -> Result<Finished, Problem> {
    let mut ticks = interval(REDRAW);
    loop {
        tokio::select! {
            message = stream.message() => match message.map_err(|status| going.broken(status, cx))? {
                None => {
                    let ended = Problem::could_not_run("the coordinator ended the run without a report");
                    return Err(going.told(ended, cx));
                }
                Some(DiagnoseEvent { event: Some(Event::Finished(finished)) }) => return Ok(finished),
                Some(event) => take(event, going, live, cx),
            },
            () = stop.asked() => {
                if going.interrupted {
                    return Err(Problem::interrupted("interrupted twice: no report"));
                }
                going.interrupted = true;
                live.interrupted();
                going.end();
            }
            () = at(going.overdue) => going.end(),
            () = at(going.give_up) => {
                return Err(if going.interrupted {
                    Problem::interrupted("interrupted; no report came within a second")
                } else {
                    Problem::could_not_run("no report came by the deadline")
                });
            }
            _ = ticks.tick() => live.redraw(),
        }
    }
}

async fn at(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => pending().await,
    }
}

impl Going {
    /// The run may go on, or be kept, where its events came from.
    fn told(&self, problem: Problem, cx: &Context) -> Problem {
        let Some(address) = cx.global.coordinator.as_ref().filter(|_| !self.run.is_empty()) else { return problem };
        let run = &self.run;
        problem
            .hint(format!("what was kept of it: meshctl runs show {run} --coordinator {address}"))
            .hint(format!("ask again from there on: meshctl diagnose --resume {run} --coordinator {address}"))
    }

    fn broken(&self, status: tonic::Status, cx: &Context) -> Problem {
        let problem = Problem::from(status);
        if self.run.is_empty() {
            return problem;
        }
        let message = format!("the events of run {} broke off: {}", self.run, problem.message);
        self.told(Problem { message, ..problem }, cx)
    }

    /// Asks the coordinator to report now.
    fn end(&mut self) {
        self.overdue = None;
        self.give_up = Some(Instant::now() + GRACE);
        let (mut client, run) = (self.client.clone(), self.run.clone());
        // Whether it was found shows by the report that follows or does not.
        tokio::spawn(async move { client.interrupt(InterruptRequest { run }).await });
    }
}

fn take(event: DiagnoseEvent, going: &mut Going, live: &mut Live<'_>, cx: &Context) {
    let lines = cx.out.format == Format::Jsonl;
    match event.event {
        Some(Event::Started(started)) => {
            going.run.clone_from(&started.run);
            live.started(&started);
        }
        Some(Event::Round(round)) => {
            if lines {
                let fields = json!({ "round": round.round, "why": round.why, "probes": round.probes });
                cx.out.document("Question", fields);
            }
            live.round(&round);
        }
        Some(Event::Item(item)) => {
            // What can't be decoded is kept by the coordinator and named in the report.
            if let Ok(observation) = Observation::decode(item.observation.as_slice()) {
                if lines && let Ok(fields) = serde_json::to_value(&observation) {
                    cx.out.document("Evidence", json!({ "observation": fields }));
                }
                live.item(&observation);
            }
        }
        Some(Event::VantageDone(done)) => live.vantage_done(&done),
        Some(Event::Finished(_)) | None => {}
    }
}

/// The report that a run ended with.
pub(crate) fn report(finished: &Finished) -> Result<Report, Problem> {
    if finished.report.is_empty() {
        return Err(Problem::could_not_run(format!("no report: {}", finished.save_error)));
    }
    serde_json::from_slice(&finished.report)
        .map_err(|e| Problem::could_not_run(format!("the report can't be read: {e}")))
}

/// Prints the report and decides the code.
fn show(finished: &Finished, cx: &Context) -> Result<Code, Problem> {
    let report = report(finished)?;
    let code = exit::of(&report, cx.global.fail_on);
    let saved = if finished.saved.is_empty() {
        let why = if finished.save_error.is_empty() { "no reason was given" } else { finished.save_error.as_str() };
        Saved::No(cx.short(why))
    } else if let Some(address) = &cx.global.coordinator {
        if !finished.save_error.is_empty() {
            cx.out.note(&format!("kept, but {}", finished.save_error));
        }
        Saved::There(format!("meshctl runs show {} --coordinator {address}", report.run.id))
    } else {
        if !finished.save_error.is_empty() {
            cx.out.note(&format!("kept, but {}", finished.save_error));
        }
        Saved::At(cx.short(&finished.saved))
    };
    if let (Saved::No(why), true) = (&saved, cx.out.format != Format::Text) {
        cx.out.note(&format!("not saved: {why}"));
    }
    cx.out.report(&report, &finished.report, Some(code.number()), &saved)?;
    Ok(code)
}
