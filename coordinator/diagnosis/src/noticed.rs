//! Things worth knowing that are not the fault: they never carry a boundary.

use std::{collections::BTreeSet, net::IpAddr};

use mesh_proto::v1 as pb;

use crate::{
    evidence::{Role, SeenIx, Standing, Symptom, VantageIx, View},
    plan, rate,
    report::Noticed,
    rules::{self, Trouble, endpoint, path_mtu, places},
    synchrony, words,
};

/// A certificate that ends sooner is worth a word.
const CERTIFICATE_DAYS: i64 = 21;
/// An answer that takes more of the caller's budget than this is worth a word, per cent.
const THIN: u64 = 80;

/// One remark, and whether "healthy" would say too much beside it.
#[derive(Debug, Clone)]
pub(crate) struct Remark {
    pub(crate) noticed: Noticed,
    pub(crate) degrades: bool,
}

fn remark(view: &View<'_>, text: String, because: Vec<SeenIx>, degrades: bool) -> Remark {
    Remark { noticed: Noticed { text, because: view.ids(because) }, degrades }
}

/// Everything noticed, most important first.
pub(crate) fn remarks(view: &View<'_>, trouble: Option<&Trouble>) -> Vec<Remark> {
    let mut found = Vec::new();
    if trouble.is_some() {
        other_moments(view, &mut found);
    }
    own_sockets(view, &mut found);
    dead_addresses(view, &mut found);
    other_failures(view, trouble, &mut found);
    interceptions(view, trouble, &mut found);
    narrow_paths(view, &mut found);
    silent_echo(view, &mut found);
    lost_syn(view, &mut found);
    certificates(view, &mut found);
    thin_margin(view, &mut found);
    log_in(view, &mut found);
    kernel_said(view, &mut found);
    left_out(view, &mut found);
    found
}

/// The other host that an answer sends to.
pub(crate) fn redirected(view: &View<'_>, seen: SeenIx) -> Option<String> {
    let http = view.at(seen).obs.http.as_ref().filter(|http| (300..400).contains(&http.status))?;
    let location = http.headers.iter().find(|header| header.name.eq_ignore_ascii_case("location"))?;
    let (_, rest) = location.value.split_once("://")?;
    let host = rest.split(['/', ':', '?']).next().unwrap_or_default();
    let (asked, sent) = (view.target().host.to_ascii_lowercase(), host.to_ascii_lowercase());
    // From example.com to www.example.com, or back, is the usual business of a site and of no portal.
    let kin = |a: &str, b: &str| a == b || a.strip_suffix(b).is_some_and(|rest| rest.ends_with('.'));
    let related = kin(&asked, &sent) || kin(&sent, &asked);
    (!host.is_empty() && !related).then(|| host.to_owned())
}

/// Applications of the same host that hang towards the target while a fresh connection works.
fn own_sockets(view: &View<'_>, found: &mut Vec<Remark>) {
    for vantage in view.askers() {
        let ours: BTreeSet<u32> = view.of(vantage).map(|(_, obs)| obs.local_port).filter(|port| *port > 0).collect();
        for (ix, obs) in view.of(vantage).filter(|(_, obs)| obs.task == "sockets") {
            let Some(table) = &obs.sockets else { continue };
            let stuck: Vec<&pb::SocketRow> = table
                .peers
                .iter()
                .filter(|row| !ours.contains(&row.local_port) && row.remote_port == u32::from(view.port()))
                .filter(|row| row.state == "SYN-SENT" || row.info.as_ref().is_some_and(|info| info.retransmits > 0))
                .collect();
            if let Some(first) = stuck.first() {
                let name = &view.vantage(vantage).id;
                let text = format!(
                    "{name}: {} of this host's own sockets to {}:{} hang ({}); a fresh connection is another thing",
                    stuck.len(),
                    first.remote_address,
                    first.remote_port,
                    first.state
                );
                found.push(remark(view, text, vec![ix], true));
            }
        }
    }
}

/// Addresses of the name that fail where another one works.
fn dead_addresses(view: &View<'_>, found: &mut Vec<Remark>) {
    let mut said = BTreeSet::new();
    for vantage in view.askers() {
        let Standing::Works(_) = view.standing(vantage) else { continue };
        for attempt in view.tries(vantage, &[Role::Question]) {
            let target = endpoint(&view.at(attempt.seen).obs);
            let (text, degrades) = match &attempt.symptom {
                Symptom::Works | Symptom::NotLooked => continue,
                Symptom::Unreachable { offender: None } | Symptom::LocalError if attempt.address.is_ipv6() => {
                    ("no IPv6 route here: IPv4 only".to_owned(), false)
                }
                // Clients without a race between addresses wait for this one in a share of their connections.
                Symptom::ConnectTimeout => {
                    (format!("{target} is one of several addresses and is silent; others answer"), true)
                }
                Symptom::Refused(_) => {
                    (format!("{target} is one of several addresses and refuses; others answer"), false)
                }
                _ => (format!("{target} is one of several addresses and fails; others answer"), true),
            };
            if said.insert(text.clone()) {
                found.push(remark(view, text, vec![attempt.seen], degrades));
            }
        }
    }
}

/// Failures of another class than the one explained.
fn other_failures(view: &View<'_>, trouble: Option<&Trouble>, found: &mut Vec<Remark>) {
    let Some(trouble) = trouble else { return };
    for vantage in view.askers() {
        let (Standing::Fails(seen) | Standing::NameFails(seen)) = view.standing(vantage) else { continue };
        if !trouble.failing.contains(&seen) {
            let failure = view.at(seen).obs.failure.clone().unwrap_or_default();
            let text = format!("{} fails otherwise: {} \"{}\"", view.vantage(vantage).id, failure.stage, failure.text);
            found.push(remark(view, text, vec![seen], true));
        }
    }
}

fn interceptions(view: &View<'_>, trouble: Option<&Trouble>, found: &mut Vec<Remark>) {
    let hit: Vec<(VantageIx, Vec<SeenIx>)> =
        view.askers().filter_map(|vantage| view.intercepted(vantage).map(|known| (vantage, known.because))).collect();
    let Some((first, because)) = hit.first() else { return };
    if trouble.is_some() {
        return;
    }
    let name = &view.vantage(*first).id;
    let text = format!("something answers every connect at {name}: a TCP connect proves nothing there");
    found.push(remark(view, text, because.clone(), false));
}

/// Path MTU below the link's, told by a router as it should be.
fn narrow_paths(view: &View<'_>, found: &mut Vec<Remark>) {
    let mut said = BTreeSet::new();
    for (ix, vantage, obs) in view.all() {
        let Some(detail) = &obs.pmtu else { continue };
        if let Some(claim) = &detail.claim {
            let who = claim.offender.parse::<IpAddr>().map_or_else(|_| claim.offender.clone(), |ip| view.name_of(ip));
            let size = detail.passed_bytes.or(claim.mtu).map_or(String::new(), |bytes| format!(" is {bytes}"));
            let text = format!("path MTU to {}{size}: {who} says so", obs.address);
            if said.insert(text.clone()) {
                found.push(remark(view, text, vec![ix], false));
            }
        } else if let (Some(passed), Some(_), Standing::Works(_)) =
            (detail.passed_bytes, detail.lost_bytes, view.standing(vantage))
        {
            let text = format!(
                "packets over {passed} bytes to {} get no answer; the request passes all the same",
                obs.address
            );
            if said.insert(text.clone()) {
                found.push(remark(view, text, vec![ix], false));
            }
        }
    }
}

fn silent_echo(view: &View<'_>, found: &mut Vec<Remark>) {
    let mut said = BTreeSet::new();
    for (ix, vantage, obs) in view.all() {
        let Some(icmp) = &obs.icmp else { continue };
        if icmp.received > 0 || icmp.sent == 0 {
            continue;
        }
        let connected = view
            .tries(vantage, &[Role::Question])
            .any(|attempt| attempt.address.to_string() == obs.address && attempt.symptom.depth() > 4);
        if connected && said.insert(obs.address.clone()) {
            let text = format!("ICMP filtered: {} answers TCP and no echo", obs.address);
            found.push(remark(view, text, vec![ix], false));
        }
    }
}

fn lost_syn(view: &View<'_>, found: &mut Vec<Remark>) {
    for attempt in view.attempts.iter().filter(|attempt| attempt.role == Role::Question) {
        let obs = &view.at(attempt.seen).obs;
        let Some(tcp) = &obs.tcp else { continue };
        let resent = tcp.syn_retransmits.unwrap_or(0);
        if tcp.connected && resent > 0 {
            let name = &view.vantage(attempt.vantage).id;
            let text = format!("{name}: {} accepted only SYN number {}", endpoint(obs), resent + 1);
            found.push(remark(view, text, vec![attempt.seen], true));
        }
    }
}

fn certificates(view: &View<'_>, found: &mut Vec<Remark>) {
    let mut said = BTreeSet::new();
    for (ix, _, obs) in view.all() {
        let Some(tls) = obs.tls.as_ref().filter(|tls| tls.verify_error.is_empty()) else { continue };
        let Some(leaf) = tls.chain.first() else { continue };
        let days = (leaf.not_after - tls.judged_at) / 86_400;
        if days < CERTIFICATE_DAYS && said.insert(leaf.sha256.clone()) {
            let text = format!("the certificate of {} ({}) expires in {days} days", endpoint(obs), leaf.subject);
            found.push(remark(view, text, vec![ix], false));
        }
    }
}

/// An answer that came late in the time the caller has.
fn thin_margin(view: &View<'_>, found: &mut Vec<Remark>) {
    let budget = u64::from(view.want().max_time_ms) * 1_000;
    let late = view.attempts.iter().filter(|a| a.role == Role::Question && a.symptom == Symptom::Works).find_map(|a| {
        let took = view.at(a.seen).obs.http.as_ref()?.total_us?;
        (budget > 0 && took > budget / 100 * THIN).then_some((a.seen, took))
    });
    if let Some((ix, took)) = late {
        let text = format!("the answer took {} of the {} the caller has", words::time(took), words::time(budget));
        found.push(remark(view, text, vec![ix], false));
    }
}

fn log_in(view: &View<'_>, found: &mut Vec<Remark>) {
    if !view.want().expect_status.is_empty() {
        return;
    }
    let asks: Vec<SeenIx> = view
        .attempts
        .iter()
        .filter(|attempt| attempt.role == Role::Question && attempt.symptom == Symptom::Works)
        .map(|attempt| attempt.seen)
        .filter(|ix| view.at(*ix).obs.http.as_ref().is_some_and(|http| matches!(http.status, 401 | 403)))
        .collect();
    if let Some(first) = asks.first() {
        let status = view.at(*first).obs.http.as_ref().map_or(0, |http| http.status);
        found.push(remark(
            view,
            format!("it answers {status}: it wants to know who asks ({})", places(view, &asks)),
            asks,
            false,
        ));
    }
}

/// Words of the kernel (netfilter, net/ipv4) that name a limit or a check that drops packets.
const ALARMS: [&str; 4] = ["table full, dropping packet", "SYN flooding", "martian source", "neighbour table overflow"];
/// A line from before is history and not about this run, microseconds.
const LATELY_US: i64 = 60_000_000;

/// Who was left out where answers of several places are held against each other.
fn other_moments(view: &View<'_>, found: &mut Vec<Remark>) {
    for (vantage, reason) in synchrony::apart(view) {
        let text = format!("{} is not compared with the others: {reason}", view.vantage(vantage).id);
        found.push(remark(view, text, Vec::new(), false));
    }
}

/// A line that may be about this run: floods are told with their port.
fn alarms(text: &str, port: u16) -> bool {
    let own = |alarm: &str| alarm != "SYN flooding" || [" ", ":"].iter().any(|c| text.contains(&format!("{c}{port}.")));
    ALARMS.iter().any(|alarm| text.contains(alarm) && own(alarm))
}

/// What a kernel on the way said in this very minute.
fn kernel_said(view: &View<'_>, found: &mut Vec<Remark>) {
    let mut said = BTreeSet::new();
    for (ix, vantage, obs) in view.all() {
        let Some(log) = &obs.kernel_log else { continue };
        let now = obs.timing.as_ref().map_or(0, |timing| timing.actual_start_us);
        let lately = |line: &&pb::KernelLine| line.at_us >= now - LATELY_US;
        let hit = log.lines.iter().filter(lately).rfind(|line| alarms(&line.text, view.port()));
        if let Some(line) = hit
            && said.insert(line.text.clone())
        {
            let text = format!("the kernel that {} runs on says: {}", view.vantage(vantage).id, line.text);
            found.push(remark(view, text, vec![ix], false));
        }
    }
}

fn left_out(view: &View<'_>, found: &mut Vec<Remark>) {
    for vantage in view.askers() {
        let Some((ix, obs)) = view.resolution(vantage) else { continue };
        let all = obs.resolve.as_ref().map_or(0, |detail| detail.addresses.len());
        if all > plan::ADDRESSES && view.want().family.is_empty() {
            let text = format!("{} of {all} addresses were asked", plan::ADDRESSES);
            found.push(remark(view, text, vec![ix], false));
            return;
        }
    }
}

/// Limit that a failing vantage's ladder met, for advice.
pub(crate) fn limit(view: &View<'_>, trouble: &Trouble) -> Option<u32> {
    let seen = view.at(trouble.sample());
    path_mtu::ladder(view, seen.vantage, &seen.obs.address).and_then(|(_, detail)| detail.passed_bytes)
}

/// A sentence for what fails, when no cause says it better.
pub(crate) fn symptom_sentence(view: &View<'_>, trouble: &Trouble) -> String {
    use rules::Class;
    let obs = &view.at(trouble.sample()).obs;
    let (target, from) = (endpoint(obs), places(view, &trouble.failing));
    let from = if from == "here" { "from here".to_owned() } else { format!("from {from}") };
    let failure = obs.failure.clone().unwrap_or_default();
    let what = match trouble.class {
        Class::Name => format!("{} does not resolve {from}", view.target().host),
        Class::Timeout => format!("nothing answers at {target} {from}"),
        Class::Refused => format!("{target} refuses connections {from}"),
        Class::Unreachable | Class::Local => format!("{target} cannot be reached {from}: {}", failure.text),
        Class::Handshake => format!("the TLS handshake with {target} fails {from}: {}", failure.text),
        Class::Certificate => format!("the certificate of {target} is not accepted {from}: {}", failure.text),
        Class::Large => format!(
            "a request with a body of {} bytes to {target} stalls {from}; a small one passes",
            view.want().body_bytes
        ),
        Class::Intermittent => {
            let (failed, of) = rate::counted(view, trouble);
            format!("{failed} of {of} fresh connections to {target} fail {from}: {}", failure.text)
        }
        Class::Idle => {
            let idle = obs.http.as_ref().and_then(|http| http.reuse.as_ref()).map_or(0, |reuse| reuse.idle_us);
            format!("a connection to {target} does not survive {} of rest {from}", words::time(idle))
        }
        Class::SlowName => {
            let took = obs.timing.as_ref().map_or(0, |timing| timing.duration_us);
            format!(
                "looking up {} takes {} {from}, longer than the caller waits",
                view.target().host,
                words::time(took)
            )
        }
        Class::NoAnswer => format!("{target} accepts the connection and does not answer {from}"),
        Class::Reset => format!("the exchange with {target} breaks off {from}: {}", failure.text),
        Class::Status => {
            let http = obs.http.clone().unwrap_or_default();
            format!("{target} answers {} {}", http.status, http.reason).trim().to_owned() + " " + &from
        }
    };
    match trouble.passing.as_slice() {
        [] => what,
        some => format!("{what}; {}", rules::passing(view, some)),
    }
}
