//! Findings to report: certainty, alternatives, what was ruled out, what would decide, what to do next.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    advice,
    case::{Ended, RULES_VERSION},
    continued, contrast,
    evidence::{SeenIx, Standing, View},
    noticed::{self, Remark},
    rate,
    report::{
        API_VERSION, Certainty, CouldNotLook, Evidence, Finding, Location, Next, NextKind, Noticed, OpenQuestion,
        Outcome, PathNode, Report, RuledOut, Run, RunStatus, Status, TargetInfo, Verdict,
    },
    results,
    rules::{self, Claim, Class, Opinion, Rule, Trouble},
    scope, synchrony, unfinished, words,
};

mod alike;
mod cite;

/// Most lines that are kept of what was ruled out.
const RULED_OUT: usize = 16;

/// What a report needs beside the evidence.
pub(crate) struct Meta<'m> {
    pub(crate) run: &'m str,
    pub(crate) started_us: i64,
    pub(crate) rounds: u32,
    pub(crate) probes: u32,
    pub(crate) ended: &'m Ended,
    pub(crate) dropped: u32,
}

type Judged = (&'static Rule, Opinion);

/// Builds the report.
pub(crate) fn report(view: &View<'_>, meta: &Meta<'_>) -> Report {
    let trouble = rules::trouble(view);
    let judged = trouble.as_ref().map(|trouble| judge(view, trouble)).unwrap_or_default();
    let remarks = noticed::remarks(view, trouble.as_ref());
    let mut verdict = match &trouble {
        Some(trouble) => failing(view, trouble, &judged),
        None => not_failing(view, &remarks),
    };
    verdict = unfinished::held_back(view, meta.ended, verdict);
    verdict.summary = continued::said(view, verdict.summary);
    verdict.noticed.extend(remarks.into_iter().map(|remark| remark.noticed));
    if meta.dropped > 0 {
        let text = format!("{} observations beyond the bound of a run were left out", meta.dropped);
        verdict.noticed.push(Noticed { text, because: Vec::new() });
    }
    let ruled_out = trouble.as_ref().map(|trouble| ruled_out(view, trouble, &judged)).unwrap_or_default();
    let cited = cited(&verdict, &ruled_out);
    let results = results::results(view);
    Report {
        api_version: API_VERSION.to_owned(),
        kind: "Report".to_owned(),
        run: run(meta, view),
        target: target(view),
        path: trouble.as_ref().map(|trouble| path(view, trouble, &verdict)).unwrap_or_default(),
        vantages: alike::vantages(view, &results),
        results,
        evidence: evidence(view, &cited),
        ruled_out,
        could_not_look: could_not_look(view),
        next: next(view, trouble.as_ref(), &verdict),
        verdict,
    }
}

fn judge(view: &View<'_>, trouble: &Trouble) -> Vec<Judged> {
    let mut judged: Vec<Judged> = rules::all()
        .filter(|rule| rule.classes.contains(&trouble.class))
        .filter_map(|rule| (rule.judge)(view, trouble).map(|opinion| (rule, continued::capped(view, opinion))))
        .collect();
    // Sorting is stable: within a claim and a boundary the rules keep their order.
    judged.sort_by_key(|(rule, opinion)| (opinion.claim, rule.order()));
    judged
}

fn finding(view: &View<'_>, trouble: &Trouble, rule: &Rule, opinion: &Opinion) -> Finding {
    let segment = match opinion.between.as_slice() {
        [] => None,
        many => Some(many.join(" → ")),
    };
    Finding {
        boundary: rule.boundary().to_owned(),
        cause: Some(rule.cause().to_owned()),
        segment,
        between: opinion.between.clone(),
        certainty: match opinion.claim {
            Claim::Proved => Certainty::Proved,
            Claim::Likely => Certainty::Likely,
            Claim::Possible | Claim::Excluded => Certainty::Possible,
        },
        because: view.ids(cite::few(view, trouble, &opinion.because)),
        reason: opinion.why.clone(),
    }
}

fn open(rule: &Rule, opinion: &Opinion) -> OpenQuestion {
    OpenQuestion {
        boundary: rule.boundary().to_owned(),
        cause: Some(rule.cause().to_owned()),
        meaning: rule.meaning.to_owned(),
        decided_by: opinion.deciders.clone(),
    }
}

fn failing(view: &View<'_>, trouble: &Trouble, judged: &[Judged]) -> Verdict {
    let with = |claim: Claim| -> Vec<&Judged> { judged.iter().filter(|(_, opinion)| opinion.claim == claim).collect() };
    let (proved, likely, possible) = (with(Claim::Proved), with(Claim::Likely), with(Claim::Possible));
    let (location, chosen) = if proved.is_empty() {
        match (likely.as_slice(), possible.as_slice()) {
            ([], []) => (Location::Open, Vec::new()),
            ([_], _) => (Location::Likely, likely.clone()),
            _ => (Location::Narrowed, likely.iter().chain(&possible).copied().collect()),
        }
    } else {
        (Location::Proved, proved.clone())
    };
    let rest: Vec<&Judged> = match location {
        Location::Proved => Vec::new(),
        Location::Likely => likely.iter().chain(&possible).copied().collect(),
        Location::Narrowed | Location::Open => chosen.clone(),
    };
    let said = chosen.first().map(|(_, opinion)| opinion.summary.clone()).filter(|text| !text.is_empty());
    let summary = match location {
        Location::Proved | Location::Likely => {
            let said = said.unwrap_or_else(|| noticed::symptom_sentence(view, trouble));
            if trouble.class == Class::Intermittent {
                format!("{said} ({})", rate::sentence(view, trouble))
            } else {
                said
            }
        }
        Location::Narrowed => {
            let count = chosen.len();
            format!("{}; where: narrowed to {count} {}", noticed::symptom_sentence(view, trouble), causes(count))
        }
        Location::Open => format!("{}; where: open", noticed::symptom_sentence(view, trouble)),
    };
    Verdict {
        status: Status::Failing,
        location: Some(location),
        summary,
        boundaries: chosen.iter().map(|(rule, opinion)| finding(view, trouble, rule, opinion)).collect(),
        open: rest.iter().map(|(rule, opinion)| open(rule, opinion)).collect(),
        noticed: Vec::new(),
        scope: scope::scope(view),
        separated_by: contrast::separators(view, trouble),
        rate: (trouble.class == Class::Intermittent).then(|| rate::rate(view, trouble)),
    }
}

fn causes(count: usize) -> &'static str {
    if count == 1 { "cause" } else { "causes" }
}

fn not_failing(view: &View<'_>, remarks: &[Remark]) -> Verdict {
    let works: Vec<SeenIx> = view
        .askers()
        .filter_map(|vantage| match view.standing(vantage) {
            Standing::Works(seen) => Some(seen),
            _ => None,
        })
        .collect();
    let plain = |status, summary: String| Verdict {
        status,
        location: None,
        summary,
        boundaries: Vec::new(),
        open: Vec::new(),
        noticed: Vec::new(),
        scope: None,
        separated_by: Vec::new(),
        rate: None,
    };
    if works.is_empty() {
        let why: BTreeSet<String> = view
            .askers()
            .filter_map(|vantage| match view.standing(vantage) {
                Standing::Unknown(why) => Some(why),
                _ => None,
            })
            .collect();
        let why = why.into_iter().collect::<Vec<_>>().join("; ");
        return plain(Status::Unknown, format!("nothing could be asked of {}: {why}", view.target().input));
    }
    if let Some(verdict) = unproven(view, &works, &plain) {
        return verdict;
    }
    let target = view.target().input;
    let asked = view.askers().count();
    let summary = match (works.len(), asked) {
        (1, 1) => match rules::places(view, &works).as_str() {
            "here" => format!("{target} answers a fresh connection from here"),
            place => format!("{target} answers a fresh connection from {place}"),
        },
        (some, all) if some == all => format!("{target} answers fresh connections from every place asked ({all})"),
        (some, all) => format!("{target} answers from {some} of {all} places; the others could not ask"),
    };
    match remarks.iter().find(|remark| remark.degrades) {
        Some(remark) => plain(Status::Degraded, format!("{summary}, but {}", remark.noticed.text)),
        None => plain(Status::Healthy, summary),
    }
}

/// Every answer came through something that answers for others, and none of them is one only the target could give.
fn unproven(view: &View<'_>, works: &[SeenIx], plain: &dyn Fn(Status, String) -> Verdict) -> Option<Verdict> {
    let doubtful = |seen: &&SeenIx| {
        let obs = &view.at(**seen).obs;
        let verified = obs.tls.as_ref().is_some_and(|tls| tls.handshake_done && tls.verify_error.is_empty());
        view.intercepted(view.at(**seen).vantage).is_some() && !verified
    };
    let doubted: Vec<SeenIx> = works.iter().filter(doubtful).copied().collect();
    if doubted.len() < works.len() {
        return None;
    }
    let answered = doubted.iter().all(|seen| view.at(*seen).obs.http.as_ref().is_some_and(|http| http.status > 0));
    let because: Vec<SeenIx> = doubted
        .iter()
        .filter_map(|seen| view.intercepted(view.at(*seen).vantage))
        .flat_map(|known| known.because)
        .chain(doubted.iter().copied())
        .collect();
    let names: BTreeSet<String> = doubted.iter().map(|seen| view.vantage(view.at(*seen).vantage).id.clone()).collect();
    let names: Vec<String> = names.into_iter().collect();
    let target = view.target().input;
    let (status, certainty, summary) = if answered {
        let text = format!(
            "an answer came for {target}, but something answers every connect on the way: whose answer it is can't be told"
        );
        (Status::Degraded, Certainty::Likely, text)
    } else {
        let text = format!("a connect to {target} proves nothing: something answers every connect on the way");
        (Status::Unknown, Certainty::Proved, text)
    };
    let mut verdict = plain(status, summary);
    verdict.location = Some(if answered { Location::Likely } else { Location::Proved });
    verdict.boundaries = vec![Finding {
        boundary: "egress-proxy".to_owned(),
        cause: Some("intercepted".to_owned()),
        segment: Some(names.join(", ")),
        between: names,
        certainty,
        because: view.ids(because),
        reason: "connects that must fail succeed there".to_owned(),
    }];
    Some(verdict)
}

fn run(meta: &Meta<'_>, view: &View<'_>) -> Run {
    Run {
        id: meta.run.to_owned(),
        started_at: words::instant(meta.started_us),
        duration_ms: u64::try_from(meta.ended.duration.as_millis()).unwrap_or(u64::MAX),
        command: view.request.command.clone(),
        tool_version: meta.ended.tool_version.clone(),
        rules_version: RULES_VERSION,
        status: match meta.ended.status.as_str() {
            "interrupted" => RunStatus::Interrupted,
            "timed_out" => RunStatus::TimedOut,
            _ => RunStatus::Complete,
        },
        rounds: meta.rounds,
        probes: meta.probes,
        unreachable: meta.ended.unreachable.clone(),
        synchrony: synchrony::synchrony(view),
        notes: meta.ended.notes.clone(),
        continues: continued::continues(view, meta.started_us),
    }
}

fn target(view: &View<'_>) -> TargetInfo {
    let target = view.target();
    let mut addresses: Vec<String> = Vec::new();
    let resolved =
        view.all().filter_map(|(_, _, obs)| obs.resolve.as_ref()).flat_map(|detail| detail.addresses.clone());
    let asked =
        view.attempts.iter().filter(|a| a.role == crate::evidence::Role::Question).map(|a| a.address.to_string());
    for address in resolved.chain(asked) {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    TargetInfo {
        input: target.input.clone(),
        scheme: target.scheme.clone(),
        host: target.host.clone(),
        port: view.port(),
        path: target.path,
        addresses,
    }
}

fn cited(verdict: &Verdict, ruled_out: &[RuledOut]) -> BTreeSet<String> {
    let findings = verdict.boundaries.iter().flat_map(|finding| &finding.because);
    let noticed = verdict.noticed.iter().flat_map(|noticed| &noticed.because);
    findings.chain(noticed).chain(ruled_out.iter().flat_map(|line| &line.because)).cloned().collect()
}

fn evidence(view: &View<'_>, cited: &BTreeSet<String>) -> Vec<Evidence> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    view.seen
        .iter()
        .map(|seen| {
            let obs = &seen.obs;
            let failure = obs.failure.clone().unwrap_or_default();
            let timing = obs.timing.unwrap_or_default();
            Evidence {
                id: seen.id.clone(),
                at: words::instant(timing.actual_start_us),
                source: view.vantage(seen.vantage).id.clone(),
                round: obs.round,
                task: obs.task.clone(),
                asked: obs.asked.clone(),
                outcome: words::outcome(obs),
                seen: words::seen(obs),
                name: some(&obs.name),
                address: some(&obs.address),
                port: u16::try_from(obs.port).ok().filter(|port| *port > 0),
                protocol: some(&obs.protocol),
                error: some(&failure.text),
                errno: (failure.errno != 0).then_some(failure.errno),
                errno_name: some(&failure.errno_name),
                duration_us: timing.duration_us,
                cited: cited.contains(&seen.id),
                caveats: continued::caveats(view, seen),
            }
        })
        .collect()
}

fn ruled_out(view: &View<'_>, trouble: &Trouble, judged: &[Judged]) -> Vec<RuledOut> {
    judged
        .iter()
        .filter(|(_, opinion)| opinion.claim == Claim::Excluded)
        .take(RULED_OUT)
        .map(|(rule, opinion)| RuledOut {
            boundary: rule.boundary().to_owned(),
            cause: Some(rule.cause().to_owned()),
            why: opinion.why.clone(),
            because: view.ids(cite::few(view, trouble, &opinion.because)),
        })
        .collect()
}

fn could_not_look(view: &View<'_>) -> Vec<CouldNotLook> {
    let mut lines: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let mut known = BTreeSet::new();
    for (_, vantage, obs) in view.all() {
        if words::outcome(obs) != Outcome::CouldNotLook {
            continue;
        }
        let what = match obs.task.split_once(':').map_or(obs.task.as_str(), |(kind, _)| kind) {
            "echo" => "ICMP echo",
            "pmtu" => "path MTU",
            "mss" => "raw SYN",
            "firewall" | "firewall-again" => "firewall rules",
            "sockets" | "listeners" => "socket table",
            "routes" => "routes",
            "resolver" => "resolver configuration",
            _ => obs.asked.as_str(),
        };
        let key = (what.to_owned(), obs.missing.clone());
        if known.insert((key.clone(), vantage)) {
            lines.entry(key).or_default().push(view.vantage(vantage).id.clone());
        }
    }
    lines.into_iter().map(|((what, missing), vantages)| CouldNotLook { what, missing, vantages }).collect()
}

/// The way from a failing vantage to the target, as far as it was seen, with the break drawn where the verdict puts it.
fn path(view: &View<'_>, trouble: &Trouble, verdict: &Verdict) -> Vec<PathNode> {
    let sample = view.at(trouble.sample());
    let node =
        |id: String, address: Option<String>| PathNode { id, address, mtu: None, broken_after: false, note: None };
    let own = view.source_of(trouble.sample()).map(|address| address.to_string());
    let mut nodes = vec![node(view.vantage(sample.vantage).id.clone(), own)];
    if trouble.class == Class::Name {
        let servers = view.of(sample.vantage).filter_map(|(_, obs)| obs.resolver.as_ref()).flat_map(|r| &r.nameservers);
        nodes.extend(servers.take(1).map(|server| {
            let name = server.parse().map_or_else(|_| server.clone(), |address| view.name_of(address));
            node(name, Some(server.clone()))
        }));
        nodes.push(node(view.target().host, None));
    } else {
        let hops = view
            .of(sample.vantage)
            .filter(|(_, obs)| obs.address == sample.obs.address)
            .filter_map(|(_, obs)| obs.pmtu.as_ref())
            .last()
            .map(|detail| detail.hops.clone())
            .unwrap_or_default();
        for hop in hops.iter().filter(|hop| !hop.is_target && !hop.address.is_empty()) {
            let name = hop.address.parse().map_or_else(|_| hop.address.clone(), |address| view.name_of(address));
            if nodes.last().is_none_or(|last| last.id != name) {
                nodes.push(node(name, Some(hop.address.clone())));
            }
        }
        let name = sample.obs.address.parse().map_or_else(|_| view.target().host, |address| view.name_of(address));
        if nodes.last().is_none_or(|last| last.id != name) {
            nodes.push(node(name, Some(rules::endpoint(&sample.obs))));
        }
    }
    mark_break(&mut nodes, verdict);
    nodes
}

fn mark_break(nodes: &mut [PathNode], verdict: &Verdict) {
    if !matches!(verdict.location, Some(Location::Proved | Location::Likely)) {
        let last = nodes.len().saturating_sub(2);
        if let Some(node) = nodes.get_mut(last).filter(|_| last > 0) {
            node.note = Some("last to answer".to_owned());
        }
        return;
    }
    let Some(finding) = verdict.boundaries.first() else { return };
    let at = |name: &String| nodes.iter().position(|node| node.id == *name || node.address.as_ref() == Some(name));
    let place = match finding.between.as_slice() {
        [before, _] => at(before),
        // A fault at one place breaks the path on the way into it, except at the asker, where it breaks on the way out.
        [one] => at(one).map(|ix| ix.saturating_sub(1)),
        _ => None,
    };
    let place = place.unwrap_or_else(|| nodes.len().saturating_sub(2));
    if let Some(node) = nodes.get_mut(place) {
        node.broken_after = true;
    }
}

fn next(view: &View<'_>, trouble: Option<&Trouble>, verdict: &Verdict) -> Vec<Next> {
    let mut lines = Vec::new();
    let finding = verdict.boundaries.first();
    let slug = finding.and_then(|f| f.cause.as_ref().map(|cause| format!("{}/{cause}", f.boundary)));
    let settled = matches!(verdict.location, Some(Location::Proved | Location::Likely));
    if let (Some(slug), Some(trouble), true) = (&slug, trouble, settled) {
        let obs = &view.at(trouble.sample()).obs;
        let passed = noticed::limit(view, trouble).unwrap_or(0);
        let header = if obs.address.contains(':') { 48 } else { 28 };
        let fill = |text: &str| {
            text.replace("{address}", &obs.address)
                .replace("{port}", &obs.port.to_string())
                .replace("{host}", &view.target().host)
                .replace("{passed}", &passed.to_string())
                .replace("{payload}", &passed.saturating_sub(header).to_string())
        };
        for (kind, text, command) in advice::advice(slug) {
            lines.push(Next { kind: *kind, text: fill(text), command: command.map(fill) });
        }
    }
    let mut deciders: Vec<_> = verdict.open.iter().flat_map(|open| open.decided_by.clone()).collect();
    let mut known = BTreeSet::new();
    deciders.retain(|decider| known.insert(decider.clone()));
    lines.extend(deciders.into_iter().take(4).map(|d| Next { kind: NextKind::Ask, text: d.what, command: d.command }));
    if let (Some(slug), true) = (slug, settled) {
        lines.push(Next {
            kind: NextKind::Read,
            text: "what this cause looks like and what it is mistaken for".to_owned(),
            command: Some(format!("meshctl explain {slug}")),
        });
    }
    lines
}
