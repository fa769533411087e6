//! All parts work, but an outer timer is shorter than the work inside it.

use super::{Ask, Class, Opinion, Rule, Trouble, View, application::seconds, edge, endpoint, idle};
use crate::{
    evidence::{Role, SeenIx, Symptom},
    plan,
};

pub(crate) const RULES: &[Rule] = &[
    Rule {
        slug: "timeout-budget/proxy-shorter",
        meaning: "the application finishes, later than the proxy waits",
        classes: &[Class::Status],
        asks: &[Ask::Upstream, Ask::Repeat],
        judge: proxy_shorter,
    },
    Rule {
        slug: "timeout-budget/client-shorter",
        meaning: "the application finishes, later than the caller waits",
        classes: &[Class::NoAnswer],
        asks: &[Ask::Patient],
        judge: client_shorter,
    },
    Rule {
        slug: "timeout-budget/keepalive-mismatch",
        meaning: "the server closes idle connections sooner than the caller uses them again",
        classes: &[Class::Idle],
        asks: &[],
        judge: idle::closed,
    },
];

/// The same question from the same place with more time than the caller has.
fn client_shorter(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let budget = u64::from(view.want().max_time_ms) * 1_000;
    if budget == 0 {
        return None;
    }
    let sample = view.at(trouble.sample());
    let target = endpoint(&sample.obs);
    let Some(patient) = plan::of_role(view, trouble.sample(), &[Role::Patient]) else {
        return Some(
            Opinion::possible("the caller's time ended first", trouble.failing.clone())
                .at([target])
                .decided_by("the same with more time", Some("meshctl diagnose … --max-time 10s".to_owned())),
        );
    };
    let took = view.at(patient.seen).obs.http.as_ref().and_then(|http| http.total_us).unwrap_or_default();
    match &patient.symptom {
        Symptom::Works | Symptom::Status(_) if took > budget => {
            let why = format!("asked from the same place with more time, it answers after {}", seconds(took));
            let because = trouble.failing.iter().copied().chain([patient.seen]).collect();
            Some(Opinion::proved(why, because).at([view.vantage(sample.vantage).id.clone()]).says(format!(
                "the caller gives up after {}; {target} needs {} and finishes",
                seconds(budget),
                seconds(took)
            )))
        }
        Symptom::Works | Symptom::Status(_) => {
            Some(Opinion::possible("the second time it answered within the caller's time", vec![patient.seen]))
        }
        _ => Some(Opinion::excluded("with more time it does not finish either", vec![patient.seen])),
    }
}

/// ", twice" when the same question failed again after as long: a timer, and not chance.
pub(crate) fn twice(view: &View<'_>, waited: u64) -> &'static str {
    let again = view.attempts.iter().filter(|attempt| attempt.role == Role::Again);
    let alike = again
        .filter_map(|attempt| view.at(attempt.seen).obs.http.as_ref()?.first_byte_us)
        // Two waits on one timer differ by what two requests differ by.
        .any(|first| first.abs_diff(waited) <= waited / 20);
    if alike { ", twice" } else { "" }
}

fn proxy_shorter(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let (status, waited, _) = edge::answer(view, trouble.sample())?;
    if status != 504 {
        return None;
    }
    let asked = edge::direct(view);
    if asked.is_empty() {
        return Some(
            Opinion::possible("nothing behind the proxy was asked directly", trouble.failing.clone())
                .decided_by("the upstream, asked directly", Some("meshctl diagnose … --upstream HOST:PORT".to_owned())),
        );
    }
    // Longer than the proxy waited, by more than the jitter of two requests.
    let late: Vec<(SeenIx, u64)> = asked
        .iter()
        .filter(|attempt| attempt.symptom == Symptom::Works)
        .filter_map(|attempt| {
            let first = view.at(attempt.seen).obs.http.as_ref()?.first_byte_us?;
            (first > waited + waited / 10).then_some((attempt.seen, first))
        })
        .collect();
    let Some((done, took)) = late.first().copied() else {
        if asked.iter().any(|attempt| attempt.symptom == Symptom::Works) {
            return Some(Opinion::excluded(
                "asked directly it finishes sooner than the proxy waited",
                asked.iter().map(|attempt| attempt.seen).collect(),
            ));
        }
        return Some(Opinion::excluded(
            "asked directly it does not finish either",
            asked.iter().map(|attempt| attempt.seen).collect(),
        ));
    };
    let upstream = endpoint(&view.at(done).obs);
    let summary = format!(
        "the proxy gives up after {}{}; the application on {upstream} needs {} and finishes",
        seconds(waited),
        twice(view, waited),
        seconds(took),
    );
    let because: Vec<SeenIx> = trouble.failing.iter().copied().chain(late.iter().map(|(ix, _)| *ix)).collect();
    let edge_asked = edge::from_edge(view, trouble.sample());
    let proxy =
        view.at(trouble.sample()).obs.address.parse().map_or_else(|_| String::new(), |address| view.name_of(address));
    let opinion = if edge_asked.iter().any(|attempt| attempt.symptom == Symptom::Works) {
        Opinion::proved("asked from the proxy's own host it finishes, later than the proxy waits", because)
    } else {
        Opinion::likely("asked directly it finishes, later than the proxy waits", because)
            .decided_by("a vantage on the proxy's host", None)
    };
    Some(opinion.at([proxy]).says(summary))
}
