//! The matrix: one cell per vantage, address and stage.

use std::collections::BTreeMap;

use mesh_proto::v1 as pb;

use crate::{
    evidence::{Role, SeenIx, Symptom, VantageIx, View},
    report::{Outcome, Stage, StageResult},
    rules::endpoint,
    words,
};

/// Every cell, by vantage in the given order, then by address, then by stage.
pub(crate) fn results(view: &View<'_>) -> Vec<StageResult> {
    let mut cells = Vec::new();
    for vantage in view.askers() {
        name(view, vantage, &mut cells);
        if let Some((bad, good)) = view.mixed(vantage)
            && let Some(first) = bad.first()
        {
            let of = bad.len() + good.len();
            let via = format!("{of} fresh connections");
            let cell = Cell {
                label: format!("{} of {of} fail", bad.len()),
                ..failure_cell(&view.at(*first).obs, Stage::Tcp, Some(&via))
            };
            push(view, *first, cell, &mut cells);
        }
        let intercepted = view.intercepted(vantage).is_some();
        for (ix, obs) in view.of(vantage) {
            match view.attempt_at(ix) {
                Some(attempt) => {
                    let via = match attempt.role {
                        Role::Question => None,
                        Role::Small => Some("small body".to_owned()),
                        Role::Port80 => Some("port 80".to_owned()),
                        Role::Upstream => Some(format!("upstream {}", endpoint(obs))),
                        Role::Again => Some("asked again".to_owned()),
                        Role::Patient => Some("with more time".to_owned()),
                        Role::Sized => Some(format!("body of {:>3} KiB", obs.payload_bytes >> 10)),
                        Role::SmallHello => Some("small ClientHello".to_owned()),
                        Role::Proxied => Some(format!("proxy {}", view.want().proxy)),
                        Role::Endpoint => Some(format!("endpoint {}", endpoint(obs))),
                        // Controls say whether an answer counts; of many alike the headline gives the rate.
                        Role::More
                        | Role::Same
                        | Role::ControlPort
                        | Role::ControlNet
                        | Role::Positive
                        | Role::ControlHttp => continue,
                    };
                    attempt_cells(view, ix, obs, via.as_deref(), intercepted, &mut cells);
                }
                None => other(view, ix, obs, &mut cells),
            }
        }
    }
    let order: BTreeMap<&str, VantageIx> =
        view.vantages.iter().enumerate().map(|(ix, vantage)| (vantage.id.as_str(), ix)).collect();
    let place = |id: &str| order.get(id);
    cells.sort_by(|a, b| {
        (place(&a.vantage), &a.via, &a.address, a.stage).cmp(&(place(&b.vantage), &b.via, &b.address, b.stage))
    });
    cells
}

struct Cell<'c> {
    stage: Stage,
    outcome: Outcome,
    label: String,
    reason: Option<String>,
    error_type: Option<String>,
    duration_us: Option<u64>,
    via: Option<&'c str>,
}

fn push(view: &View<'_>, ix: SeenIx, cell: Cell<'_>, cells: &mut Vec<StageResult>) {
    let seen = view.at(ix);
    cells.push(StageResult {
        vantage: view.vantage(seen.vantage).id.clone(),
        address: (!seen.obs.address.is_empty()).then(|| seen.obs.address.clone()),
        via: cell.via.map(str::to_owned),
        stage: cell.stage,
        outcome: cell.outcome,
        label: cell.label,
        reason: cell.reason,
        error_type: cell.error_type,
        duration_us: cell.duration_us,
        evidence: vec![seen.id.clone()],
    });
}

fn failure_cell<'c>(obs: &pb::Observation, stage: Stage, via: Option<&'c str>) -> Cell<'c> {
    let failure = obs.failure.clone().unwrap_or_default();
    let kind = [failure.errno_name.as_str(), failure.how.as_str()].into_iter().find(|text| !text.is_empty());
    Cell {
        stage,
        outcome: Outcome::Fail,
        label: words::failed_label(&failure),
        reason: Some(failure.text.clone()).filter(|text| !text.is_empty()),
        error_type: kind.map(str::to_owned),
        duration_us: obs.timing.as_ref().map(|timing| timing.duration_us),
        via,
    }
}

fn name(view: &View<'_>, vantage: VantageIx, cells: &mut Vec<StageResult>) {
    let Some((ix, obs)) = view.resolution(vantage) else { return };
    let took = obs.timing.as_ref().map(|timing| timing.duration_us);
    let cell = match words::outcome(obs) {
        Outcome::Fail => {
            let gai = obs.resolve.as_ref().map(|detail| detail.gai_error.clone()).unwrap_or_default();
            let mut cell = failure_cell(obs, Stage::Dns, None);
            if !gai.is_empty() {
                cell.label.clone_from(&gai);
                cell.error_type = Some(gai);
            }
            cell
        }
        outcome => Cell {
            stage: Stage::Dns,
            outcome,
            label: String::new(),
            reason: Some(obs.missing.clone()).filter(|text| !text.is_empty()),
            error_type: error_name(obs),
            duration_us: took,
            via: None,
        },
    };
    push(view, ix, cell, cells);
}

/// Of what could not be looked at: an errno's name, or that the prober's policy refuses it.
fn error_name(obs: &pb::Observation) -> Option<String> {
    obs.failure.as_ref().map(|failure| failure.errno_name.clone()).filter(|name| !name.is_empty())
}

fn attempt_cells(
    view: &View<'_>,
    ix: SeenIx,
    obs: &pb::Observation,
    via: Option<&str>,
    intercepted: bool,
    cells: &mut Vec<StageResult>,
) {
    if words::outcome(obs) == Outcome::CouldNotLook {
        let cell = Cell {
            stage: Stage::Tcp,
            outcome: Outcome::CouldNotLook,
            label: String::new(),
            reason: Some(obs.missing.clone()),
            error_type: error_name(obs),
            duration_us: None,
            via,
        };
        return push(view, ix, cell, cells);
    }
    let tcp = obs.tcp.clone().unwrap_or_default();
    let wants_tls = obs.tls.is_some() || obs.asked.starts_with("https ") || obs.asked.starts_with("tls ");
    let wants_http = obs.http.is_some() || obs.asked.starts_with("http");
    let not_reached = |stage| Cell {
        stage,
        outcome: Outcome::NotReached,
        label: String::new(),
        reason: None,
        error_type: None,
        duration_us: None,
        via,
    };
    if tcp.connected {
        let outcome = if intercepted { Outcome::Intercepted } else { Outcome::Pass };
        let cell = Cell {
            stage: Stage::Tcp,
            outcome,
            label: String::new(),
            reason: intercepted.then(|| "a port that must be closed accepts connections there too".to_owned()),
            error_type: None,
            duration_us: tcp.connect_us,
            via,
        };
        push(view, ix, cell, cells);
    } else {
        push(view, ix, failure_cell(obs, Stage::Tcp, via), cells);
    }
    let stage = obs.failure.as_ref().map_or("", |failure| failure.stage.as_str());
    let failed = words::outcome(obs) == Outcome::Fail;
    let tls_failed = failed && stage == "tls";
    if wants_tls {
        let cell = match (&obs.tls, tcp.connected, tls_failed) {
            (_, false, _) => not_reached(Stage::Tls),
            (_, true, true) => tls_cell(obs, via),
            (tls, true, false) => Cell {
                outcome: Outcome::Pass,
                duration_us: tls.as_ref().and_then(|tls| tls.handshake_us),
                ..not_reached(Stage::Tls)
            },
        };
        push(view, ix, cell, cells);
    }
    if wants_http {
        let cell = if tcp.connected && !tls_failed { http_cell(view, ix, obs, via) } else { not_reached(Stage::Http) };
        push(view, ix, cell, cells);
    }
}

fn tls_cell<'c>(obs: &pb::Observation, via: Option<&'c str>) -> Cell<'c> {
    let mut cell = failure_cell(obs, Stage::Tls, via);
    if let Some(tls) = &obs.tls {
        if !tls.verify_error.is_empty() {
            cell.label = tls.verify_error.replace('_', " ");
            cell.error_type = Some(tls.verify_error.clone());
        } else if !tls.alert_name.is_empty() {
            cell.label.clone_from(&tls.alert_name);
            cell.error_type = Some(tls.alert_name.clone());
        }
    }
    cell
}

fn http_cell<'c>(view: &View<'_>, ix: SeenIx, obs: &pb::Observation, via: Option<&'c str>) -> Cell<'c> {
    let http = obs.http.clone().unwrap_or_default();
    let symptom = view.attempt_at(ix).map(|attempt| attempt.symptom.clone());
    let status = |outcome| Cell {
        stage: Stage::Http,
        outcome,
        label: http.status.to_string(),
        reason: None,
        error_type: None,
        duration_us: http.total_us.or(http.first_byte_us),
        via,
    };
    match symptom {
        Some(Symptom::Works) if http.status > 0 => status(Outcome::Pass),
        Some(Symptom::Status(code)) => {
            let reason = Some(format!("{code} {}", http.reason).trim().to_owned());
            Cell { reason, error_type: Some(code.to_string()), ..status(Outcome::Fail) }
        }
        Some(Symptom::Stalled) => {
            Cell { label: format!("stalled at {} B", http.body_bytes_sent), ..failure_cell(obs, Stage::Http, via) }
        }
        _ => failure_cell(obs, Stage::Http, via),
    }
}

fn other(view: &View<'_>, ix: SeenIx, obs: &pb::Observation, cells: &mut Vec<StageResult>) {
    let outcome = words::outcome(obs);
    let took = obs.timing.as_ref().map(|timing| timing.duration_us);
    let (stage, label, duration_us) = match &obs.task {
        task if task.starts_with("echo:") => {
            (Stage::Icmp, String::new(), obs.icmp.as_ref().and_then(|icmp| icmp.rtt_us))
        }
        task if task.starts_with("pmtu:") => {
            let passed = obs.pmtu.as_ref().and_then(|pmtu| pmtu.passed_bytes);
            (Stage::Pmtu, passed.map_or(String::new(), |bytes| bytes.to_string()), None)
        }
        task if task.starts_with("mss:") => {
            let rung = obs.mss.as_ref().and_then(|mss| mss.rungs.first());
            let label = rung.map_or(String::new(), |rung| {
                rung.arrived_mss.map_or_else(|| rung.answer.clone(), |arrived| arrived.to_string())
            });
            (Stage::Mss, label, None)
        }
        task if task == "routes" => return routes(view, ix, obs, cells),
        _ => return,
    };
    let failure = obs.failure.clone().unwrap_or_default();
    let reason = [obs.missing.clone(), failure.text].into_iter().find(|text| !text.is_empty());
    let cell = Cell {
        stage,
        outcome,
        label,
        reason,
        error_type: Some(failure.errno_name).filter(|name| !name.is_empty()),
        duration_us: duration_us.or(took.filter(|_| outcome == Outcome::Fail)),
        via: None,
    };
    push(view, ix, cell, cells);
}

fn routes(view: &View<'_>, ix: SeenIx, obs: &pb::Observation, cells: &mut Vec<StageResult>) {
    let Some(detail) = &obs.routes else { return };
    for route in &detail.routes {
        let bad = !route.error.is_empty();
        let cell = Cell {
            stage: Stage::Route,
            outcome: if bad { Outcome::Fail } else { Outcome::Pass },
            label: String::new(),
            reason: bad.then(|| route.error.clone()),
            error_type: None,
            duration_us: None,
            via: None,
        };
        push(view, ix, cell, cells);
        if let Some(last) = cells.last_mut() {
            last.address = Some(route.destination.clone());
        }
    }
}
