//! The choice of endpoints behind a Service.

use mesh_proto::v1 as pb;

use super::{
    Ask, Class, Opinion, Rule, Trouble, View, flaky, if_service,
    look::{self, Listener},
};
use crate::evidence::{Attempt, RefusedBy, Role, SeenIx, Symptom};

pub(crate) const RULES: &[Rule] = &[
    Rule {
        slug: "endpoints/stale-ip-unrouted",
        meaning: "the Service sends to an address that no Pod has any more",
        classes: &[Class::Timeout, Class::Unreachable],
        asks: &[],
        judge: stale,
    },
    Rule {
        slug: "endpoints/target-port-mismatch",
        meaning: "the Service sends to a port on which its Pods do not listen",
        classes: &[Class::Refused],
        asks: &[Ask::Endpoints, Ask::Listeners],
        judge: target_port,
    },
    Rule {
        slug: "endpoints/one-of-n-bad",
        meaning: "some endpoints of the Service answer and some do not",
        classes: &[Class::Intermittent],
        asks: &[Ask::Endpoints, Ask::Listeners],
        judge: flaky::by_endpoint,
    },
];

fn stale(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let attempt = view.attempt_at(trouble.sample())?;
    let Some((api, service, port)) = view.service_at(attempt.address) else { return if_service(view, trouble) };
    let (_, cluster) = view.cluster()?;
    let pods: Vec<&str> = cluster.pods.iter().map(|pod| pod.address.as_str()).collect();
    let gone = port?.endpoints.iter().find(|e| e.ready && !pods.is_empty() && !pods.contains(&e.address.as_str()))?;
    let name = format!("{}/{}", service.namespace, service.name);
    Some(
        Opinion::likely(format!("endpoint {} belongs to no Pod", gone.address), vec![api, trouble.sample()])
            .at([format!("service/{name}")])
            .says(format!("Service {name} sends to {}, which no Pod has", gone.address)),
    )
}

fn target_port(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let attempt = view.attempt_at(trouble.sample())?;
    if !matches!(attempt.symptom, Symptom::Refused(RefusedBy::Rst | RefusedBy::Unknown)) {
        return None;
    }
    let Some((api, service, port)) = view.service_at(attempt.address) else { return if_service(view, trouble) };
    let ready: Vec<&pb::EndpointAddress> = port?.endpoints.iter().filter(|e| e.ready).collect();
    let first = ready.first()?;
    let name = format!("{}/{}", service.namespace, service.name);
    let direct: Vec<&Attempt> = view.attempts.iter().filter(|a| a.role == Role::Endpoint).collect();
    if direct.is_empty() {
        return Some(
            Opinion::possible(
                format!("{name} has ready endpoints and its address answers with a reset"),
                vec![api, trouble.sample()],
            )
            .decided_by("an endpoint asked directly on its target port", None),
        );
    }
    let because: Vec<SeenIx> = [api, trouble.sample()].into_iter().chain(direct.iter().map(|a| a.seen)).collect();
    if !direct.iter().all(|a| matches!(a.symptom, Symptom::Refused(_))) {
        return Some(Opinion::excluded("not every endpoint refuses when asked directly", because));
    }
    let says = format!("Service {name} sends to port {} of its Pods, on which they refuse", first.port);
    let shut: Option<Vec<SeenIx>> = direct
        .iter()
        .map(|a| match look::listener(view, view.holder(a.address, a.vantage)?, "tcp", a.address, a.port) {
            Listener::Absent(ix) => Some(ix),
            _ => None,
        })
        .collect();
    if let Some(shut) = shut {
        let why = format!("asked directly they refuse; no listener on port {} there", first.port);
        let because = because.into_iter().chain(shut).collect();
        return Some(Opinion::proved(why, because).at([format!("service/{name}")]).says(says));
    }
    let declared = view.cluster().and_then(|(_, cluster)| {
        let pod = cluster.pods.iter().find(|pod| pod.address == first.address && !pod.ports.is_empty())?;
        (!pod.ports.contains(&first.port))
            .then(|| pod.ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
    });
    Some(match declared {
        Some(ports) => {
            let why = format!("asked directly they refuse port {}; their containers declare {ports}", first.port);
            Opinion::likely(why, because).at([format!("service/{name}")]).says(says)
        }
        None => Opinion::possible(format!("asked directly they refuse port {}", first.port), because)
            .says(says)
            .decided_by("the listeners inside a Pod", None),
    })
}
