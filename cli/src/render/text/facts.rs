//! Lines about the run itself: who was asked, who fails, what was left out.

use mesh_diagnosis::report::{Continues, Report, RunStatus};

use super::{COUNTED, LINES, Shown, hanging};
use crate::render::style::{Style, columns, count, long_time};

/// What has no room, in a line.
pub(super) fn counted(report: &Report, shown: Shown<'_>) -> Vec<String> {
    let style = shown.style;
    let parts = [
        (COUNTED, report.ruled_out.len(), "cause", " ruled out"),
        (COUNTED, report.verdict.noticed.len(), "thing", " noticed"),
        (1, report.could_not_look.len(), "kind", " of evidence that could not be had"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(from, number, ..)| *number > 0 && shown.squeeze >= *from)
        .map(|(_, number, thing, what)| format!("{}{what}", count(*number, thing)))
        .collect();
    if parts.is_empty() {
        return Vec::new();
    }
    let lines = hanging("  and ", &format!("{}: --verbose", parts.join(", ")), style.width);
    std::iter::once(String::new()).chain(lines).collect()
}

/// Who fails, of how many.
pub(super) fn scope(report: &Report, style: &Style) -> Vec<String> {
    scope_words(report).map(|words| hanging("  fails from  ", &words, style.width)).unwrap_or_default()
}

/// "the 3 Pods of node/w17, which itself passes (3 of 800 vantages)".
pub(crate) fn scope_words(report: &Report) -> Option<String> {
    let scope = report.verdict.scope.as_ref()?;
    let all = scope.failing + scope.passing + scope.unknown;
    let unknown = if scope.unknown > 0 { format!("; of {} nothing is known", scope.unknown) } else { String::new() };
    Some(format!("{} ({} of {all} vantages{unknown})", scope.summary, scope.failing))
}

pub(super) fn run_line(report: &Report, shown: Shown<'_>) -> Vec<String> {
    let (run, style) = (&report.run, shown.style);
    let askers = report.vantages.iter().filter(|vantage| !vantage.observer).count();
    let observers = report.vantages.len() - askers;
    let looked = if observers > 0 { format!(" and {}", count(observers, "observer")) } else { String::new() };
    let head = format!("  {}   run {}", style.instant(&run.started_at), run.id);
    let probes = count(usize::try_from(run.probes).unwrap_or(usize::MAX), "probe");
    let took = long_time(run.duration_ms.saturating_mul(1_000));
    let sizes = format!("{}{looked}, {probes}, {took}", count(askers, "vantage"));
    let mut out = if columns(&head) + 3 + columns(&sizes) <= style.width {
        vec![format!("{head}   {sizes}")]
    } else {
        vec![head, format!("  {sizes}")]
    };
    match run.status {
        RunStatus::Complete => {}
        RunStatus::Interrupted => out.push("  interrupted: this is what was known by then".to_owned()),
        RunStatus::TimedOut => out.push("  out of time: this is what was known by the deadline".to_owned()),
    }
    let limit = shown.limit(LINES);
    if let Some(continues) = &run.continues {
        out.extend(hanging("  continues  ", &continued(continues), style.width));
    }
    for note in run.notes.iter().take(limit) {
        out.extend(hanging("  note  ", note, style.width));
    }
    for reason in run.unreachable.iter().take(limit) {
        out.extend(hanging("  not reached  ", reason, style.width));
    }
    if run.unreachable.len() > limit {
        out.push(format!("  and {} more not reached: --verbose", run.unreachable.len() - limit));
    }
    out
}

/// "run 7kq2m5fh, evidence from 12 min before; not asked again, judged as it was then: host/far".
pub(crate) fn continued(continues: &Continues) -> String {
    let age = continues.evidence_age_ms.map_or_else(
        || "without evidence".to_owned(),
        |age| format!("evidence from {} before", long_time(age.saturating_mul(1_000))),
    );
    let gone = match continues.not_asked_again.as_slice() {
        [] => "; everybody was asked again".to_owned(),
        gone => format!("; not asked again, judged as it was then: {}", gone.join(", ")),
    };
    format!("run {}, {age}{gone}", continues.run)
}

/// How far apart the starts were; who is left out for it is among what was noticed.
pub(super) fn synchrony(report: &Report, shown: Shown<'_>) -> Option<String> {
    let starts = report.run.synchrony.as_ref().filter(|starts| shown.verbose && starts.vantages > 1)?;
    let (within, bound) = (long_time(starts.within_us), long_time(starts.bound_us));
    let sign = if shown.style.ascii { "+-" } else { "±" };
    Some(format!("  starts of round {} within {within} of each other, each known to {sign} {bound}", starts.round))
}
