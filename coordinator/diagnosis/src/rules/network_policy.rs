//! What the cluster's policies say about the failing question, beside what was seen of it.

use std::net::IpAddr;

use mesh_proto::v1 as pb;

use super::{Ask, Class, Opinion, Rule, Trouble, View, client_host::evidence, endpoint, look, passing, places};
use crate::{
    evidence::{Role, SeenIx, VantageIx},
    policy::{self, Asked, End, Said},
    rules::look::Place,
};

pub(crate) const RULES: &[Rule] = &[Rule {
    slug: "firewall/network-policy",
    meaning: "a NetworkPolicy drops what this Pod sends or receives",
    classes: &[Class::Timeout, Class::Refused, Class::Unreachable, Class::Name],
    asks: &[Ask::Firewall],
    judge,
}];

const POLICIES: &str = "networkpolicies";
const DNS_PORT: u32 = 53;

/// Policies that close every failing question.
#[derive(Debug, Clone)]
pub(crate) struct Denial {
    /// The cluster state that holds them.
    api: SeenIx,
    /// "`NetworkPolicy` shop/api closes the ingress of shop/api-7d9f: none of its rules allows 10.42.1.7 → 10.42.2.8:8080".
    text: String,
    /// Namespace and name of the Pod that is closed.
    pod: String,
}

impl Denial {
    /// The opinion on a cause that the policies explain.
    pub(crate) fn explains(&self, what: &str, seen: SeenIx) -> Opinion {
        Opinion::excluded(format!("{what} does what {}", self.text), vec![self.api, seen])
    }
}

/// Who asked what, as the policies see it: a Service's address is translated before they are applied.
fn asked<'v>(view: &View<'v>, cluster: &'v pb::ClusterDetail, row: SeenIx) -> Vec<Asked<'v>> {
    let seen = view.at(row);
    let vantage = view.vantage(seen.vantage);
    // The vantage's own address: a Pod has one per family, and what a question left with may be translated by now.
    let own = |address: &IpAddr| vantage.addresses.contains(&address.to_string());
    let Some(source) = view.source_of(row).filter(own) else { return Vec::new() };
    let (protocol, port) = if seen.obs.dns.is_some() {
        (if seen.obs.protocol == "tcp" { "TCP" } else { "UDP" }, DNS_PORT)
    } else {
        ("TCP", seen.obs.port)
    };
    let Ok(address) = seen.obs.address.parse::<IpAddr>() else { return Vec::new() };
    let node = if vantage.kind == "node" { vantage.id.trim_start_matches("node/") } else { "" };
    let from = End { address: source, pod: pod_at(cluster, source), node };
    behind(cluster, address, port, protocol)
        .into_iter()
        .map(|(address, port)| Asked {
            from,
            to: End { address, pod: pod_at(cluster, address), node: "" },
            protocol,
            port,
        })
        .collect()
}

fn pod_at(cluster: &pb::ClusterDetail, address: IpAddr) -> Option<&pb::ClusterPod> {
    let text = address.to_string();
    // Pods in their node's network all have its address.
    cluster.pods.iter().find(|pod| pod.address == text && !pod.host_network)
}

/// The endpoints that a Service's address stands for, else the address itself.
fn behind(cluster: &pb::ClusterDetail, address: IpAddr, port: u32, protocol: &str) -> Vec<(IpAddr, u32)> {
    let text = address.to_string();
    let Some(service) = cluster.services.iter().find(|service| service.addresses.contains(&text)) else {
        return vec![(address, port)];
    };
    let meant = service.ports.iter().filter(|known| known.port == port && known.protocol == protocol);
    let ready = meant.flat_map(|port| &port.endpoints).filter(|endpoint| endpoint.ready);
    ready.filter_map(|endpoint| Some((endpoint.address.parse().ok()?, endpoint.port))).collect()
}

/// What the policies say of one row: the same of every endpoint behind a Service, or nothing that is sure.
fn said(view: &View<'_>, cluster: &pb::ClusterDetail, row: SeenIx) -> Option<Said> {
    let asked = asked(view, cluster, row);
    let mut all = asked.iter().map(|one| policy::said(cluster, one));
    let first = all.next()?;
    let open = |said: &Said| matches!(said, Said::Nothing | Said::Allowed);
    all.all(|other| other == first || (open(&other) && open(&first))).then_some(first)
}

/// Rows to judge: of a name that did not resolve, the questions that no nameserver answered.
fn rows(view: &View<'_>, trouble: &Trouble, rows: &[SeenIx]) -> Vec<SeenIx> {
    if trouble.class != Class::Name {
        return rows.to_vec();
    }
    let asked = |row: &SeenIx| -> Vec<SeenIx> {
        let vantage: VantageIx = view.at(*row).vantage;
        let unanswered = |obs: &pb::Observation| obs.dns.is_some() && obs.outcome() == pb::Outcome::Fail;
        view.of(vantage).filter(|(_, obs)| unanswered(obs)).map(|(ix, _)| ix).collect()
    };
    rows.iter().flat_map(asked).collect()
}

/// The policies close everything that fails, and nothing that passes.
pub(crate) fn denies(view: &View<'_>, trouble: &Trouble) -> Option<Denial> {
    let (api, cluster) = view.cluster()?;
    let failing = rows(view, trouble, &trouble.failing);
    let mut denied = failing.iter().map(|row| said(view, cluster, *row));
    let Some(Some(Said::Denied { direction, pod, policies })) = denied.next() else { return None };
    if !denied.all(|said| matches!(said, Some(Said::Denied { .. }))) || against(view, cluster, trouble).is_some() {
        return None;
    }
    let sample = failing.first().map(|row| view.at(*row))?;
    let source = &view.vantage(sample.vantage).id;
    let (noun, verb, none) = match policies.as_slice() {
        [_] => ("NetworkPolicy", "closes", "none of its rules allows"),
        _ => ("NetworkPolicies", "close", "none of their rules allows"),
    };
    let what = if sample.obs.dns.is_some() {
        format!("{} port {DNS_PORT}", sample.obs.protocol.to_uppercase())
    } else {
        String::new()
    };
    let to = if what.is_empty() { endpoint(&sample.obs) } else { format!("{} {what}", sample.obs.address) };
    let policies = policies.join(", ");
    let text = format!("{noun} {policies} {verb} the {} of {pod}: {none} {source} to {to}", direction.word());
    Some(Denial { api, text, pod })
}

/// A question that passes although the policies close it.
fn against(view: &View<'_>, cluster: &pb::ClusterDetail, trouble: &Trouble) -> Option<SeenIx> {
    let passed = view.attempts.iter().filter(|attempt| {
        matches!(attempt.role, Role::Question | Role::Again) && attempt.symptom == crate::evidence::Symptom::Works
    });
    let passed = trouble.passing.iter().copied().chain(passed.map(|attempt| attempt.seen));
    passed.into_iter().find(|row| matches!(said(view, cluster, *row), Some(Said::Denied { .. })))
}

fn judge(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let Some((api, cluster)) = view.cluster().filter(|(_, state)| state.read.iter().any(|kind| kind == POLICIES))
    else {
        return unread(view, trouble);
    };
    let failing = rows(view, trouble, &trouble.failing);
    let verdicts: Vec<Option<Said>> = failing.iter().map(|row| said(view, cluster, *row)).collect();
    if let Some(Denial { text, pod, .. }) = denies(view, trouble) {
        let because: Vec<SeenIx> = [api].into_iter().chain(failing.iter().copied()).collect();
        let says = format!("{text} (seen: {})", failure(view, &failing));
        let blocks = match trouble.class {
            Class::Name => look::dns_blocks(view, trouble, &["drop", "reject"], "udp"),
            _ => look::blocks(view, trouble, &["drop", "reject"]),
        };
        let enforced = blocks.into_iter().find(|block| block.place == Place::Between && !block.answer);
        return Some(match enforced {
            Some(block) => {
                let node = view.vantage(block.vantage).id.clone();
                let why = format!("{text}; {}", look::rule_text(view, &block));
                Opinion::proved(why, evidence(&because, block.seen)).at([node]).says(says)
            }
            None => Opinion::likely(text, because.into_iter().chain(trouble.passing.iter().copied()).collect())
                .at([format!("pod/{pod}")])
                .says(says)
                .decided_by("the rules of the Pod's node; an engine in eBPF leaves none to read", None),
        });
    }
    if let Some(row) = against(view, cluster, trouble) {
        let who = passing(view, &[row]);
        let why = format!("the policies are not enforced as they are written: {who} what they close");
        return Some(Opinion::excluded(why, vec![api, row]));
    }
    let open = |said: &Option<Said>| matches!(said, Some(Said::Nothing | Said::Allowed));
    if let Some(ix) = verdicts.iter().position(open).and_then(|at| failing.get(at)).copied() {
        let why = format!("no NetworkPolicy closes what {} asks", places(view, &[ix]));
        return Some(Opinion::excluded(why, vec![api, ix]));
    }
    let why = verdicts.into_iter().find_map(|said| match said {
        Some(Said::Unclear(why)) => Some(format!("a policy is not understood: {why}")),
        _ => None,
    })?;
    Some(Opinion::possible(why, vec![api]).decided_by("the rules of the Pod's node", None))
}

fn failure(view: &View<'_>, rows: &[SeenIx]) -> String {
    let text = |row: &SeenIx| view.at(*row).obs.failure.as_ref().map(|failure| failure.text.clone());
    rows.iter().find_map(text).filter(|text| !text.is_empty()).unwrap_or_else(|| "no answer".to_owned())
}

/// Nobody read the policies.
fn unread(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    if !trouble.failing.iter().all(|row| look::is_pod(view, *row)) {
        return None;
    }
    let blocks = match trouble.class {
        Class::Timeout => look::blocks(view, trouble, &["drop"]),
        // What answers, whatever it says, is not closed.
        Class::Name if unanswered(view, trouble) => look::dns_blocks(view, trouble, &["drop"], "udp"),
        _ => return None,
    };
    match blocks.into_iter().find(|block| block.place != Place::Aside) {
        Some(block) => Some(Opinion::excluded(
            format!("a rule takes the flow: {}", look::rule_text(view, &block)),
            evidence(&block.rows, block.seen),
        )),
        None => Some(
            Opinion::possible(format!("only Pods fail: {}", places(view, &trouble.failing)), trouble.failing.clone())
                .decided_by("the policies that select these Pods, and the rules of their nodes", None),
        ),
    }
}

/// The nameservers of every failing vantage were asked, and none answered.
fn unanswered(view: &View<'_>, trouble: &Trouble) -> bool {
    let silent = |row: &SeenIx| {
        let vantage = view.at(*row).vantage;
        let mut asked = view.of(vantage).filter(|(_, obs)| obs.dns.is_some()).peekable();
        asked.peek().is_some()
            && asked.all(|(_, obs)| obs.failure.as_ref().is_some_and(|failure| failure.how == "timeout"))
    };
    trouble.failing.iter().all(silent)
}
