//! The choice of endpoints behind a Service.

use super::{Class, Opinion, Rule, Trouble, View};
use crate::evidence::{RefusedBy, Symptom};

pub(crate) const RULES: &[Rule] = &[
    Rule {
        slug: "endpoints/stale-ip-unrouted",
        meaning: "the Service sends to an address that no Pod has any more",
        classes: &[Class::Timeout],
        asks: &[],
        judge: stale,
    },
    Rule {
        slug: "endpoints/target-port-mismatch",
        meaning: "the Service sends to a port on which its Pods do not listen",
        classes: &[Class::Refused],
        asks: &[],
        judge: target_port,
    },
];

fn stale(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let attempt = view.attempt_at(trouble.sample())?;
    let (api, service, port) = view.service_at(attempt.address)?;
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
    if !matches!(attempt.symptom, Symptom::Refused(RefusedBy::Rst)) {
        return None;
    }
    let (api, service, port) = view.service_at(attempt.address)?;
    let ready = port?.endpoints.iter().any(|e| e.ready);
    let name = format!("{}/{}", service.namespace, service.name);
    ready.then(|| {
        Opinion::possible(
            format!("{name} has ready endpoints and its address answers with a reset"),
            vec![api, trouble.sample()],
        )
        .decided_by("an endpoint asked directly on its target port", None)
    })
}
