//! The proxy's route and its leg to the upstream.

use mesh_proto::v1 as pb;

use super::{Ask, Class, Opinion, Rule, Trouble, View, endpoint};
use crate::evidence::{Attempt, RefusedBy, Role, SeenIx, Symptom};

pub(crate) const RULES: &[Rule] = &[
    Rule {
        slug: "edge/route-not-matched",
        meaning: "the proxy has no route for this host and path",
        classes: &[Class::Status],
        asks: &[Ask::Upstream],
        judge: route_not_matched,
    },
    Rule {
        slug: "edge/upstream-refused",
        meaning: "the proxy's upstream refuses its connection",
        classes: &[Class::Status],
        asks: &[Ask::Upstream],
        judge: upstream_refused,
    },
    Rule {
        slug: "edge/upstream-dropped",
        meaning: "the proxy's upstream does not answer its connection",
        classes: &[Class::Status],
        asks: &[Ask::Upstream],
        judge: upstream_dropped,
    },
    Rule {
        slug: "edge/body-limit",
        meaning: "the proxy accepts no body of this size",
        classes: &[Class::Status],
        asks: &[],
        judge: body_limit,
    },
];

/// Status and time of the failing answer.
pub(crate) fn answer<'v>(view: &'v View<'_>, row: SeenIx) -> Option<(u32, u64, &'v pb::HttpDetail)> {
    let http = view.at(row).obs.http.as_ref()?;
    Some((http.status, http.first_byte_us?, http))
}

/// Direct questions to the upstreams, from anywhere.
pub(crate) fn direct<'v>(view: &'v View<'_>) -> Vec<&'v Attempt> {
    view.attempts.iter().filter(|attempt| attempt.role == Role::Upstream).collect()
}

/// The direct questions asked from the host that answered for the target: the proxy's own way to its upstream.
pub(crate) fn from_edge<'v>(view: &'v View<'_>, row: SeenIx) -> Vec<&'v Attempt> {
    let seen = view.at(row);
    let holder = seen.obs.address.parse().ok().and_then(|address| view.holder(address, seen.vantage));
    direct(view).into_iter().filter(|attempt| Some(attempt.vantage) == holder).collect()
}

fn route_not_matched(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let (status, _, _) = answer(view, trouble.sample())?;
    if status != 404 {
        return None;
    }
    let works = direct(view).into_iter().find(|attempt| attempt.symptom == Symptom::Works);
    let target = view.at(trouble.sample()).obs.address.clone();
    Some(match works {
        Some(good) => {
            Opinion::likely("the upstream answers the same path when asked directly", vec![trouble.sample(), good.seen])
                .at([view.name_of(good.address)])
                .says(format!("{target} answers 404 for a path that its upstream serves"))
        }
        None => Opinion::possible("404 may come from the proxy or from the application", trouble.failing.clone())
            .decided_by("the upstream, asked directly", Some("meshctl diagnose … --upstream HOST:PORT".to_owned())),
    })
}

fn leg(view: &View<'_>, trouble: &Trouble, statuses: &[u32], hit: fn(&Symptom) -> bool, says: &str) -> Option<Opinion> {
    let (status, _, _) = answer(view, trouble.sample())?;
    if !statuses.contains(&status) {
        return None;
    }
    let edge = from_edge(view, trouble.sample());
    let asked = direct(view);
    if let Some(bad) = edge.iter().find(|attempt| hit(&attempt.symptom)) {
        let upstream = endpoint(&view.at(bad.seen).obs);
        let name = view.vantage(bad.vantage).id.clone();
        return Some(
            Opinion::proved(format!("asked from {name} itself, the upstream {says}"), vec![bad.seen, trouble.sample()])
                .at([name.clone(), view.name_of(bad.address)])
                .says(format!("{name} answers {status} because its upstream {upstream} {says}")),
        );
    }
    if let Some(good) = edge.first() {
        return Some(Opinion::excluded("the upstream accepts connections from the proxy's own host", vec![good.seen]));
    }
    if let Some(bad) = asked.iter().find(|attempt| hit(&attempt.symptom)) {
        let upstream = endpoint(&view.at(bad.seen).obs);
        return Some(
            Opinion::likely(format!("asked directly, the upstream {says}"), vec![bad.seen, trouble.sample()])
                .at([view.name_of(bad.address)])
                .says(format!("the proxy answers {status}; its upstream {upstream} {says} when asked directly")),
        );
    }
    if let Some(good) = asked.first() {
        return (status != 504).then(|| {
            Opinion::possible("the upstream accepts connections, from elsewhere than the proxy", vec![good.seen])
                .decided_by("a vantage on the proxy's host", None)
        });
    }
    (status != 504).then(|| {
        Opinion::possible("the upstream was not asked", trouble.failing.clone())
            .decided_by("the upstream, asked directly", Some("meshctl diagnose … --upstream HOST:PORT".to_owned()))
    })
}

fn upstream_refused(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    leg(
        view,
        trouble,
        &[502, 503, 504],
        |symptom| matches!(symptom, Symptom::Refused(RefusedBy::Rst | RefusedBy::Icmp { .. } | RefusedBy::Unknown)),
        "refuses",
    )
}

fn upstream_dropped(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    leg(
        view,
        trouble,
        &[502, 503, 504],
        |symptom| matches!(symptom, Symptom::ConnectTimeout),
        "does not answer a connect",
    )
}

fn body_limit(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let (status, _, http) = answer(view, trouble.sample())?;
    if status != 413 {
        return None;
    }
    let target = endpoint(&view.at(trouble.sample()).obs);
    let server = http.headers.iter().find(|h| h.name.eq_ignore_ascii_case("server")).map_or("", |h| h.value.as_str());
    Some(
        Opinion::likely(
            format!("413 after {} bytes of body; server {server:?}", http.body_bytes_sent),
            trouble.failing.clone(),
        )
        .at([target.clone()])
        .says(format!("{target} accepts no body of this size: 413")),
    )
}
