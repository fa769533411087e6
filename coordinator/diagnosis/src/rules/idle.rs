//! Connections that do not survive a pause: rules of two boundaries share what is seen of them.

use mesh_proto::v1 as pb;

use super::{
    Claim, Opinion, Trouble, View, endpoint,
    look::{self},
    wire,
};
use crate::{
    evidence::{Reused, SeenIx, Symptom, VantageIx},
    flow, words,
};

/// A forgetful box: who, what it says of itself, and the evidence.
struct Forgetful {
    vantage: VantageIx,
    because: Vec<SeenIx>,
    /// Its timeout of an established connection, seconds.
    timeout_s: Option<u64>,
}

fn met(view: &View<'_>, trouble: &Trouble) -> Option<(Reused, u64)> {
    let Symptom::Reuse(reused) = view.attempt_at(trouble.sample())?.symptom else { return None };
    let idle = view.at(trouble.sample()).obs.http.as_ref()?.reuse.as_ref()?.idle_us;
    Some((reused, idle))
}

fn setting(detail: &pb::ConntrackDetail, name: &str) -> Option<u64> {
    detail.settings.iter().find(|setting| setting.name.ends_with(name)).map(|setting| setting.value)
}

/// A host on the way that tracks connections and drops what belongs to none.
fn forgetful(view: &View<'_>, trouble: &Trouble) -> Option<Forgetful> {
    let address = view.attempt_at(trouble.sample())?.address;
    let asker = view.at(trouble.sample()).vantage;
    let packet = flow::Flow { begun: true, ..look::flow_of(view, trouble.sample())? };
    view.all().find_map(|(rules, vantage, obs)| {
        let table = obs.firewall.as_ref()?;
        let drops = table.rules.iter().any(|rule| {
            let invalid = rule.ct_state.split(',').any(|state| state.trim() == "invalid");
            // Which state the packet is in is what is asked; everything else of the rule must hold for it.
            let any_state = pb::FirewallRule { ct_state: String::new(), ..rule.clone() };
            rule.verdict == "drop" && invalid && flow::takes(&any_state, packet)
        });
        if !drops || !look::carries(view, asker, address, vantage) {
            return None;
        }
        let tracked = view.of(vantage).filter_map(|(ix, obs)| obs.conntrack.as_ref().map(|detail| (ix, detail))).last();
        let (ix, detail) = tracked?;
        // With this setting on, a packet in the middle of a flow begins a new entry and is not invalid.
        (setting(detail, "tcp_loose") == Some(0)).then(|| Forgetful {
            vantage,
            because: vec![rules, ix],
            timeout_s: setting(detail, "tcp_timeout_established"),
        })
    })
}

/// The peer closed during the pause.
pub(crate) fn closed(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let (reused, _) = met(view, trouble)?;
    let sample = view.at(trouble.sample());
    let target = endpoint(&sample.obs);
    let reuse = sample.obs.http.as_ref()?.reuse.as_ref()?;
    if reused != Reused::Closed {
        return Some(Opinion::excluded("no FIN arrived during the pause", vec![trouble.sample()]));
    }
    let after = words::time(reuse.closed_at_us.unwrap_or_default());
    let why = match wire::fin_from_target(view, trouble.sample()) {
        Some(true) => format!("a FIN after {after} of rest, with the TTL of the SYN-ACK"),
        Some(false) => {
            format!("a FIN after {after} of rest, with another TTL than the SYN-ACK: a box on the way closes")
        }
        None => format!("a FIN after {after} of rest"),
    };
    let says = format!(
        "{target} closes a connection that rests for {after}; it is used again after {}",
        words::time(reuse.idle_us)
    );
    let ages: Option<Vec<u64>> =
        trouble.failing.iter().map(|row| view.at(*row).obs.http.as_ref()?.reuse.as_ref()?.closed_at_us).collect();
    // One timer, seen from several machines: theirs are not the ones that close.
    let alike = ages.is_some_and(|ages| {
        let (least, most) = (ages.iter().min().copied().unwrap_or(0), ages.iter().max().copied().unwrap_or(u64::MAX));
        most.saturating_sub(least) <= most / ALIKE
    });
    let several = alike && look::independent(view, &trouble.failing, &trouble.failing);
    let claim = if several { Claim::Proved } else { Claim::Likely };
    let why = if several { format!("{why}, from several machines alike") } else { why };
    Some(Opinion::new(claim, why, trouble.failing.clone()).at([target]).says(says))
}

/// Ages of two closes that differ by less than this part of them come from one timer.
const ALIKE: u64 = 5;

/// A reset answered although nothing had closed.
pub(crate) fn reset(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    let (reused, idle) = met(view, trouble)?;
    if reused != Reused::Reset {
        return Some(Opinion::excluded("no reset answers the next request", vec![trouble.sample()]));
    }
    let target = endpoint(&view.at(trouble.sample()).obs);
    let says = format!(
        "{target} no longer knows a connection that rested for {}: a translation on the way was lost",
        words::time(idle)
    );
    let Some(reset) = wire::reset(view, trouble.sample()) else {
        return Some(
            Opinion::possible("a reset without a FIN before it; who sent it was not seen", trouble.failing.clone())
                .says(says)
                .decided_by("the packets of the flow (CAP_NET_RAW)", None),
        );
    };
    match (reset.is_targets(), reset.live) {
        (Some(true), false) => {
            Some(Opinion::likely(wire::reset_text(&reset), trouble.failing.clone()).at([target]).says(says))
        }
        _ => Some(Opinion::excluded(wire::reset_text(&reset), vec![trouble.sample()])),
    }
}

/// Nothing answers, and a fresh connection works. `by_age`: a timer of the box did it, and not a loss of its table.
pub(crate) fn silent(view: &View<'_>, trouble: &Trouble, by_age: bool) -> Option<Opinion> {
    let (reused, idle) = met(view, trouble)?;
    let forgets = forgetful(view, trouble);
    let other_box = wire::reset(view, trouble.sample()).is_some_and(|reset| reset.is_targets() == Some(false));
    match reused {
        Reused::Silent | Reused::Other => {}
        // Some boxes answer what they have forgotten with a reset of their own.
        Reused::Reset if by_age && other_box => {}
        Reused::Reset | Reused::Closed => {
            return Some(Opinion::excluded("something answers: a FIN or a reset", vec![trouble.sample()]));
        }
    }
    let target = endpoint(&view.at(trouble.sample()).obs);
    let rested = words::time(idle);
    let plain = "the connection is silent after the pause; no FIN and no reset came, and a fresh one works";
    let Some(known) = forgets else {
        return Some(
            Opinion::possible(plain, trouble.failing.clone())
                .at([target])
                .decided_by("a vantage on the stateful box: its timeouts and its table", None)
                .decided_by("the same question with a shorter pause", Some("meshctl diagnose … --idle 1s".to_owned())),
        );
    };
    let name = view.vantage(known.vantage).id.clone();
    let because: Vec<SeenIx> = known.because.into_iter().chain(trouble.failing.iter().copied()).collect();
    let expires = known.timeout_s.is_some_and(|timeout| timeout.saturating_mul(1_000_000) <= idle);
    if expires != by_age {
        let text = match known.timeout_s {
            Some(timeout) => format!("{name} keeps established connections for {timeout} s"),
            None => format!("the timeouts of {name} were not read"),
        };
        return Some(Opinion::excluded(text, because));
    }
    if by_age {
        let timeout = known.timeout_s.unwrap_or_default();
        let why = format!("{name} forgets an established connection after {timeout} s and drops what belongs to none");
        return Some(Opinion::proved(why, because).at([name.clone()]).says(format!(
            "{name} has forgotten the connection to {target} after {rested} of rest and drops its packets"
        )));
    }
    let why = format!("{name} drops what belongs to no connection, and its timeout is longer than the pause");
    Some(
        Opinion::likely(why, because)
            .at([name.clone()])
            .says(format!("{name} has lost the state of the connection to {target} and drops its packets"))
            .decided_by(format!("when the table of {name} was flushed or replaced"), None),
    )
}
