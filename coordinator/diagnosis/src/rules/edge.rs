//! The proxy's route and its leg to the upstream.

use mesh_proto::v1 as pb;

use super::{Ask, Claim, Class, Opinion, Rule, Trouble, View, endpoint};
use crate::{
    evidence::{Attempt, RefusedBy, Role, SeenIx, Symptom},
    words,
};

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
        asks: &[Ask::Sizes],
        judge: body_limit,
    },
    Rule {
        slug: "edge/no-server-up",
        meaning: "the proxy has no server that it would send to",
        classes: &[Class::Status],
        asks: &[Ask::Upstream, Ask::ProxyState],
        judge: no_server_up,
    },
    Rule {
        slug: "edge/queue-full",
        meaning: "the proxy's upstream takes no more at once, and the request waited its turn in vain",
        classes: &[Class::Status],
        asks: &[Ask::Upstream, Ask::ProxyState],
        judge: queue_full,
    },
];

/// An answer of the proxy's own comes faster than any wait in it would.
const AT_ONCE_US: u64 = 100_000;

/// What the proxy at the failing address says of the servers behind it.
fn servers<'v>(view: &'v View<'_>, row: SeenIx) -> Option<(SeenIx, Vec<&'v pb::ProxyServer>)> {
    let seen = view.at(row);
    let holder = view.holder(seen.obs.address.parse().ok()?, seen.vantage)?;
    let (ix, detail) = view.of(holder).filter_map(|(ix, obs)| obs.proxies.as_ref().map(|d| (ix, d))).last()?;
    let wanted = view.want().upstreams;
    let all = detail.proxies.iter().flat_map(|proxy| &proxy.servers);
    Some((ix, all.filter(|server| wanted.is_empty() || wanted.contains(&server.address)).collect()))
}

/// 503 although the server behind it answers when it is asked directly.
fn refused_itself(view: &View<'_>, row: SeenIx) -> Option<(u64, Vec<SeenIx>)> {
    let (status, waited, _) = answer(view, row)?;
    if status != 503 {
        return None;
    }
    let asked = direct(view);
    if asked.iter().any(|attempt| attempt.symptom == Symptom::Status(503)) {
        return None;
    }
    let good = asked.iter().filter(|attempt| attempt.symptom == Symptom::Works).map(|attempt| attempt.seen);
    Some((waited, good.collect()))
}

fn no_server_up(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let (waited, good) = refused_itself(view, trouble.sample())?;
    if waited > AT_ONCE_US {
        return Some(Opinion::excluded("the answer came after a wait", vec![trouble.sample()]));
    }
    let target = endpoint(&view.at(trouble.sample()).obs);
    let place = view.at(trouble.sample()).obs.address.parse().map_or_else(|_| target.clone(), |ip| view.name_of(ip));
    let because: Vec<SeenIx> = trouble.failing.iter().copied().chain(good.iter().copied()).collect();
    if let Some((ix, servers)) = servers(view, trouble.sample()) {
        let down: Vec<&&pb::ProxyServer> = servers
            .iter()
            .filter(|s| ["DOWN", "MAINT", "DRAIN"].iter().any(|word| s.state.starts_with(word)))
            .collect();
        let because = because.into_iter().chain([ix]).collect();
        return Some(match down.first() {
            Some(server) => Opinion::likely(
                format!(
                    "the proxy says that {}/{} ({}) is {}",
                    server.group, server.name, server.address, server.state
                ),
                because,
            )
            .at([place])
            .says(format!(
                "the proxy at {target} has no server to send to: {}/{} is {}",
                server.group, server.name, server.state
            )),
            None => Opinion::excluded("the proxy says that its servers are up", because),
        });
    }
    Some(
        Opinion::possible("the proxy answers 503 at once, in less time than an upstream would take", because)
            .at([place])
            .says(format!("the proxy at {target} answers 503 by itself"))
            .decided_by("what the proxy says of its servers (prober run --proxy haproxy=SOCKET there)", None),
    )
}

fn queue_full(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let (waited, good) = refused_itself(view, trouble.sample())?;
    if waited <= AT_ONCE_US {
        return Some(Opinion::excluded("the answer came at once: nothing was waited for", vec![trouble.sample()]));
    }
    let target = endpoint(&view.at(trouble.sample()).obs);
    let place = view.at(trouble.sample()).obs.address.parse().map_or_else(|_| target.clone(), |ip| view.name_of(ip));
    let because: Vec<SeenIx> = trouble.failing.iter().copied().chain(good.iter().copied()).collect();
    let reaches = from_edge(view, trouble.sample()).iter().any(|attempt| attempt.symptom == Symptom::Works);
    let why = format!("503 after {}; asked directly the upstream answers", words::time(waited));
    let full = servers(view, trouble.sample()).and_then(|(ix, servers)| {
        let server = servers.into_iter().find(|s| s.queued.is_some_and(|queued| queued > 0))?;
        Some((ix, format!("{}/{} has {} waiting", server.group, server.name, server.queued.unwrap_or_default())))
    });
    let says =
        format!("the proxy at {target} lets the request wait for its turn and gives up after {}", words::time(waited));
    Some(match full {
        Some((ix, text)) => {
            Opinion::likely(format!("{why}; {text}"), because.into_iter().chain([ix]).collect()).at([place]).says(says)
        }
        None if reaches => {
            Opinion::likely(format!("{why}, from the proxy's own host too"), because).at([place]).says(says)
        }
        None => Opinion::possible(why, because)
            .at([place])
            .says(says)
            .decided_by("a vantage on the proxy's host, and what the proxy says of its queue", None),
    })
}

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
            let own = from_edge(view, trouble.sample()).iter().any(|attempt| attempt.symptom == Symptom::Works);
            let (claim, why) = if own {
                (Claim::Proved, "the upstream answers the same path when asked from the proxy's own host")
            } else {
                (Claim::Likely, "the upstream answers the same path when asked directly")
            };
            Opinion::new(claim, why, vec![trouble.sample(), good.seen])
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

/// Between which sizes of the ladder the answer changes.
fn limit(view: &View<'_>) -> String {
    let sized = || view.attempts.iter().filter(|attempt| attempt.role == Role::Sized);
    let bytes = |attempt: &Attempt| view.at(attempt.seen).obs.payload_bytes;
    let passed = sized().filter(|attempt| attempt.symptom == Symptom::Works).map(bytes).max();
    let refused = sized().filter(|attempt| attempt.symptom == Symptom::Status(413)).map(bytes).min();
    match (passed, refused) {
        (Some(passed), Some(refused)) => format!("; {passed} bytes pass, {refused} do not"),
        (Some(passed), None) => format!("; {passed} bytes pass"),
        (None, Some(refused)) => format!("; {refused} bytes do not pass either"),
        (None, None) => String::new(),
    }
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
            format!("413 after {} bytes of body; server {server:?}{}", http.body_bytes_sent, limit(view)),
            trouble.failing.clone(),
        )
        .at([target.clone()])
        .says(format!("{target} accepts no body of this size: 413")),
    )
}
