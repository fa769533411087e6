//! Exchanges that end before their time: what the other end did, as far as its packets and counters tell.

use super::{Claim, Opinion, Trouble, View, endpoint, look, wire};
use crate::evidence::Symptom;

/// Counters of a kernel that tell the two apart (`tcp_close`, `__tcp_close` in net/ipv4/tcp.c): data left unread, and an
/// abort by choice.
const ABORTS: [&str; 2] = ["TcpExt.TCPAbortOnData", "TcpExt.TCPAbortOnClose"];

/// The application's own reset: by choice, or (`unread`) by closing with bytes unread. The wire shows the same.
pub(super) fn abort(view: &View<'_>, trouble: &Trouble, unread: bool) -> Option<Opinion> {
    let attempt = view.attempt_at(trouble.sample())?;
    let target = endpoint(&view.at(trouble.sample()).obs);
    if attempt.symptom == Symptom::HttpEof && !unread {
        return Some(
            Opinion::likely("a FIN instead of an answer", trouble.failing.clone())
                .at([target.clone()])
                .says(format!("{target} closes the connection without an answer")),
        );
    }
    if attempt.symptom != Symptom::HttpReset {
        return None;
    }
    let says = format!("the connection to {target} is cut by the other end in the middle of the exchange");
    let Some(reset) = wire::reset(view, trouble.sample()) else {
        return Some(
            Opinion::possible("who cut the connection was not seen", trouble.failing.clone())
                .at([target])
                .says(says)
                .decided_by("the packets of the flow (CAP_NET_RAW)", None),
        );
    };
    let text = wire::reset_text(&reset);
    if reset.is_targets() == Some(false) {
        return Some(Opinion::excluded(text, vec![trouble.sample()]));
    }
    if !reset.live {
        return Some(Opinion::possible(text, trouble.failing.clone()).at([target]).says(says));
    }
    let holder = view.holder(attempt.address, attempt.vantage);
    let rose = |name: &str| holder.and_then(|holder| look::moved(view, holder, name));
    let [by_choice, by_close] = ABORTS.map(rose);
    let (own, other) = if unread { (by_close, by_choice) } else { (by_choice, by_close) };
    Some(match (own, other) {
        (Some((ix, count)), None) => {
            let why = format!("{text}; its kernel counted {count} such ends while it was asked again");
            let because = trouble.failing.iter().copied().chain([ix]).collect();
            // The target's own kernel says so, apart from what the wire shows.
            let apart =
                holder.is_some_and(|holder| view.vantage(holder).witness != view.vantage(attempt.vantage).witness);
            // Each failing vantage asked again, so as many must have been counted; fewer may be somebody else's.
            let enough = usize::try_from(count).is_ok_and(|count| count >= trouble.failing.len());
            let sure = apart && enough && reset.is_targets() == Some(true);
            let claim = if sure { Claim::Proved } else { Claim::Likely };
            Opinion::new(claim, why, because).at([target]).says(says)
        }
        (None, Some((ix, _))) => Opinion::excluded("its kernel counted ends of the other kind", vec![ix]),
        _ => Opinion::likely(text, trouble.failing.clone())
            .at([target])
            .says(says)
            .decided_by("a vantage on the target: TcpExt.TCPAbortOnData, TcpExt.TCPAbortOnClose", None),
    })
}

pub(super) fn truncated(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    if view.attempt_at(trouble.sample())?.symptom != Symptom::Truncated {
        return None;
    }
    let sample = view.at(trouble.sample());
    let http = sample.obs.http.as_ref()?;
    let declared = http.headers.iter().find(|h| h.name.eq_ignore_ascii_case("content-length")).map(|h| h.value.clone());
    let target = endpoint(&sample.obs);
    let length = declared.unwrap_or_else(|| "more".to_owned());
    let why = format!("{} bytes came of a body declared as {length}, then a FIN", http.body_bytes_received);
    Some(
        Opinion::likely(why, trouble.failing.clone())
            .at([target.clone()])
            .says(format!("{target} ends its answer after {} of {length} bytes", http.body_bytes_received)),
    )
}

pub(super) fn garbage(view: &View<'_>, trouble: &Trouble) -> Option<Opinion> {
    if view.attempt_at(trouble.sample())?.symptom != Symptom::Garbage {
        return None;
    }
    let sample = view.at(trouble.sample());
    let target = endpoint(&sample.obs);
    let text = sample.obs.failure.as_ref().map(|failure| failure.text.clone()).unwrap_or_default();
    let alike = trouble.failing.iter().all(|row| view.attempt_at(*row).is_some_and(|a| a.symptom == Symptom::Garbage));
    let several = alike && trouble.passing.is_empty() && look::independent(view, &trouble.failing, &trouble.failing);
    let claim = if several { Claim::Proved } else { Claim::Likely };
    let text = if several { format!("{text}, as several machines see it") } else { text };
    Some(
        Opinion::new(claim, text, trouble.failing.clone())
            .at([target.clone()])
            .says(format!("what {target} answers is no HTTP")),
    )
}
