//! All parts work, but an outer timer is shorter than the work inside it.

use super::{Ask, Class, Opinion, Rule, Trouble, View, application::seconds, edge, endpoint};
use crate::evidence::{SeenIx, Symptom};

pub(crate) const RULES: &[Rule] = &[Rule {
    slug: "timeout-budget/proxy-shorter",
    meaning: "the application finishes, later than the proxy waits",
    classes: &[Class::Status],
    asks: &[Ask::Upstream],
    judge: proxy_shorter,
}];

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
        "the proxy gives up after {}; the application on {upstream} needs {} and finishes",
        seconds(waited),
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
